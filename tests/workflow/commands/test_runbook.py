"""The runbook as an operator follows it: every command that it names, in its order, over an installation of its own."""

import re
import shlex
import tomllib
from datetime import date
from pathlib import Path

import certifi
import pytest

from tests.examples import DOCS
from tests.workflow.commands.calling import INIT, Run

RUNBOOK = (DOCS / "runbook.zh.md").read_text(encoding="utf-8")
BLOCKS = re.compile(r"^ {4}(?:.*/bin/)?gongkai (.+)$", re.M)
INLINE = re.compile(r"`(?:/srv/gongkai/bin/)?gongkai ([a-z][^`]*)`")
NOTICE = '{{"year": {year}, "notice": "国办发明电〔{before}〕7号", "holidays": ["{year}-01-01"], "workdays": []}}'
SAYS = {
    "restore": "全部相符", "verify": "全部相符", "upgrade": "已是最新", "doctor": "", "backup": "密钥", "key": "密钥",
}  # fmt: skip
"""What is said by commands of which the runbook says what will be seen."""


def named() -> list[str]:
    """Each command of the runbook once, in the order of the text."""
    places = sorted((one.start(), one[1]) for kind in (BLOCKS, INLINE) for one in kind.finditer(RUNBOOK))  # fmt: skip
    return list(dict.fromkeys(said.strip() for _, said in places))


def toml() -> str:
    """Every setting of the runbook, in one file; none is told twice with another value."""
    return "\n".join(re.findall(r"```toml\n(.+?)```", RUNBOOK, re.S))


def test_the_runbook_names_its_commands() -> None:
    found = {one.split()[0] for one in named()}
    assert found >= {"backup", "restore", "upgrade", "doctor", "verify", "head", "key", "clock", "copy", "config"}  # fmt: skip
    assert len(named()) > 25


@pytest.mark.sqlite(reason="moves its file, and copies it")
def test_every_command_of_the_runbook_does_what_it_says(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow.service.doctor.not_on_disk", lambda _: [])
    backups, elsewhere = tmp_path / "backup", tmp_path / "elsewhere"
    backups.mkdir()
    elsewhere.mkdir()
    assert tomllib.loads(toml())["backup_folder"] == "/srv/backup"
    settings = tmp_path / "gongkai.toml"
    authority = tmp_path / "单位CA.pem"
    authority.write_text(Path(certifi.where()).read_text(encoding="utf-8"), encoding="utf-8")
    there = (
        toml()
        .replace("/srv/backup", str(backups))
        .replace("/srv/gongkai/单位CA.pem", str(authority))
    )
    settings.write_text(there, encoding="utf-8")
    settings.chmod(0o600)
    monkeypatch.setenv("GONGKAI_CONFIG", str(settings))
    year = date.today().year + 1
    (tmp_path / "notice.json").write_text(NOTICE.format(year=year, before=year - 1))
    assert run(*INIT).exit_code == 0
    meant = {
        "/srv/backup/upgrade-$(date +%Y%m%d-%H%M).backup": f"{backups}/upgrade.backup",
        "--from … --to …": f"--from sqlite:///{tmp_path}/data/gongkai.db --to sqlite:///{tmp_path}/copied/gongkai.db",
        "链头.json": f"{tmp_path}/head.json", "备份文件": f"{backups}/a.backup", "另存的密钥": f"{elsewhere}",
        "密钥": f"{elsewhere}", "用户名": "admin", "年份": str(year), "文件": f"{tmp_path}/notice.json",
    }  # fmt: skip
    done = []
    for said in named():
        words = said
        for word, value in meant.items():
            words = words.replace(word, value)
        command, *given = shlex.split(words)
        if command == "init":
            continue  # the runbook says not to
        monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "data"))
        if command == "restore" and not given:
            given = [f"{backups}/a.backup", "--keys", f"{elsewhere}"]
        if command == "restore" and "--drill" not in given:
            monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / f"new{len(done)}"))
        if command == "backup" and not given:
            given = [f"{backups}/other.backup"]
        if command == "clock" and not given:
            assert "时间相符" in run("clock").output
        told = run(command, *given)
        assert told.exit_code == 0, (said, told.output)
        assert SAYS.get(command, "") in told.output, (said, told.output)
        if command == "backup":
            for keys in backups.glob("*.keys"):
                keys.rename(elsewhere / keys.name)  # as it is told: kept elsewhere
        done.append(said)
    assert len(done) > 20
    found = run("doctor")
    assert f"每天的备份放在 {backups}" in found.stdout and "密钥放" not in found.stdout
