"""`gongkai files`, and what the other commands say of contents outside."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests import samples
from tests.workflow.commands.calling import INIT, office_of_the_store
from tests.workflow.service.files.papers import FORM
from workflow.case.application import read_form
from workflow.service.cases.intake import Intake
from workflow.service.files import Files

LONG = pytest.mark.long(
    reason="starts an installation each; every run brings contents out, and has the rest in tests/workflow/service/files"
)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    return tmp_path / "outside"


@pytest.fixture
def begun(run):
    """A body, and a case with two files in the database."""
    assert run(*INIT).exit_code == 0
    office = office_of_the_store()
    found = Intake(office).file(read_form(FORM, today=office.today()))
    files = Files(office, most_megabytes=10, most_files=5)
    for name in ("一", "二"):
        files.upload_as_applicant(
            found.number, found.query_code, "supplement", f"{name}.pdf", samples.pdf(name)
        )
    office.store.close()
    return run


def test_contents_are_brought_out_and_told(begun, outside, monkeypatch):
    assert begun("files", "status").stdout.startswith("database：2 份，0.0 MB，新的文件放在这里")
    monkeypatch.setenv("GONGKAI_FILE_STORAGE", str(outside))
    done = begun("files", "move")
    assert done.exit_code == 0 and "已搬 2 份" in done.stdout and "2 / 2 份" in done.stderr
    told = json.loads(begun("files", "status", "--json").stdout)
    assert [(one["address"], one["files"], one["in_force"]) for one in told] == [
        ("database", 0, False),
        (str(outside), 2, True),
    ]
    assert json.loads(begun("files", "move", "--json").stdout) == {
        "files": 0,
        "size": 0,
        "spoilt": [],
    }
    assert begun("verify").exit_code == 0
    assert f"正常：文件内容存放在 {outside}，能写、能读、能删" in begun("doctor").stdout
    config = begun("config", "--json").stdout
    assert str(outside) in config


@LONG
@pytest.mark.tampering(reason="a content outside is taken away")
def test_a_content_that_is_gone_is_named_by_verify_and_stays_by_move(begun, outside, monkeypatch):
    monkeypatch.setenv("GONGKAI_FILE_STORAGE", str(outside))
    begun("files", "move")
    first, _ = sorted(path for path in outside.glob("*/*"))
    first.unlink()
    told = begun("verify")
    assert told.exit_code == 1 and "存放在数据库以外的内容缺失" in told.stdout
    monkeypatch.setenv("GONGKAI_FILE_STORAGE", "database")
    monkeypatch.setenv("GONGKAI_FILE_STORAGE_BEFORE", str(outside))
    done = begun("files", "move")
    assert (
        done.exit_code == 1
        and "已搬 1 份" in done.stdout
        and "1 份已经损坏或者缺失，没有动" in done.stderr
    )


@LONG
def test_what_belongs_to_nothing_is_counted_then_deleted(begun, outside, monkeypatch):
    monkeypatch.setenv("GONGKAI_FILE_STORAGE", str(outside))
    begun("files", "move")
    left = outside / "ab" / ("ab" * 16)
    left.parent.mkdir(exist_ok=True, mode=0o700)
    left.write_bytes(b"left")
    os.utime(left, (0, 0))
    assert (
        "不属于任何材料的内容 1 份，0.0 MB，没有删除" in begun("files", "sweep").stdout
        and left.exists()
    )
    assert json.loads(begun("files", "sweep", "--delete", "--json").stdout)["found"] == 1
    assert not left.exists() and "内容 0 份，0.0 MB\n" in begun("files", "sweep").stdout
    assert begun("verify").exit_code == 0


@LONG
@pytest.mark.tampering(reason="what lies outside is taken away")
def test_a_place_that_is_not_set_any_more_or_open_to_others_is_told(begun, outside, monkeypatch):
    monkeypatch.setenv("GONGKAI_FILE_STORAGE", str(outside))
    begun("files", "move")
    monkeypatch.setenv("GONGKAI_FILE_STORAGE", "database")
    told = begun("doctor")
    assert told.exit_code == 1 and "请设置 file_storage_before" in told.stdout
    assert "设置里没有的地方" in begun("files", "status").stdout
    monkeypatch.setenv("GONGKAI_FILE_STORAGE", str(outside))
    outside.chmod(0o755)
    told = begun("files", "status")
    assert told.exit_code == 2 and f"chmod 700 '{outside}'" in told.stderr
    outside.chmod(0o700)
    shutil.rmtree(outside)
    told = begun("doctor")
    assert told.exit_code == 1 and "不对：文件内容存放的地方不能用" in told.stdout


def test_keys_of_a_bucket_are_printed_by_nothing(begun, monkeypatch):
    for name, said in (
        ("FILE_STORAGE", "s3://kept"), ("S3_ENDPOINT", "http://127.0.0.1:9"), ("S3_ACCESS_KEY", "whowhowho"),
        ("S3_SECRET_KEY", "howhowhow"),
    ):  # fmt: skip
        monkeypatch.setenv(f"GONGKAI_{name}", said)
    for command in (
        ("config",),
        ("config", "--json"),
        ("doctor",),
        ("files", "status"),
        ("files", "move"),
        ("files", "sweep"),
    ):
        told = begun(*command)
        assert "howhowhow" not in told.output and "whowhowho" not in told.output, command
    assert told.exit_code == 1 and "连接不上" in told.stderr


@LONG
def test_a_copy_of_the_installation_reads_the_same_place(begun, outside, monkeypatch, tmp_path):
    monkeypatch.setenv("GONGKAI_FILE_STORAGE", str(outside))
    begun("files", "move")
    source, target = tmp_path / "data" / "gongkai.db", tmp_path / "other" / "gongkai.db"
    done = begun("copy", "--from", f"sqlite:///{source}", "--to", f"sqlite:///{target}")
    assert done.exit_code == 0, done.output
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(target.parent))
    assert begun("verify").exit_code == 0
    found = json.loads(begun("files", "status", "--json").stdout)
    assert [(one["address"], one["files"]) for one in found] == [("database", 0), (str(outside), 2)]
