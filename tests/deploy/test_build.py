"""The archives that are installed without internet: what lies in them, and the same bytes each time."""

import hashlib
import re
import shutil
import subprocess
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy import build
from deploy.build import ANY, HERE, ROOT, Files
from tests.test_package import pins

WHEN = datetime(2026, 12, 1, tzinfo=UTC)
PLACES = (*build.LINUX, *build.WINDOWS)


def wheel(folder: Path, name: str, **inside: str) -> Path:
    """A wheel of somebody else's, with these files."""
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as package:
        for path, text in inside.items():
            package.writestr(path, text)
    return folder / name


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """What lies in the archive for Linux, with three small wheels."""
    tmp_path = tmp_path_factory.mktemp("wheels")
    everywhere = wheel(
        tmp_path / "x",
        "one-1.0-py3-none-any.whl",
        **{"one-1.0.dist-info/licenses/LICENSE.txt": "free"},
    )
    places = {
        "linux-x86_64": [everywhere, wheel(tmp_path / "x", "two-2.0-cp311-cp311-manylinux_2_28_x86_64.whl")],
        "linux-aarch64": [everywhere, wheel(tmp_path / "a", "two-2.0-cp311-cp311-manylinux_2_28_aarch64.whl")],
    }  # fmt: skip
    own = wheel(tmp_path / "own", "gongkai-9.9-py3-none-any.whl")
    return build.contents(places, own, "9.9", WHEN)


@pytest.fixture
def files(gathered: Files) -> Files:
    """The same for each test."""
    return dict(gathered)


def test_the_archive_has_wheels_scripts_lists_docs_bill_and_licences(files: Files) -> None:
    wheels = {name for name in files if name.startswith("wheels/")}
    assert wheels == {
        f"wheels/{ANY}/one-1.0-py3-none-any.whl",
        f"wheels/{ANY}/gongkai-9.9-py3-none-any.whl",
        "wheels/linux-x86_64/two-2.0-cp311-cp311-manylinux_2_28_x86_64.whl",
        "wheels/linux-aarch64/two-2.0-cp311-cp311-manylinux_2_28_aarch64.whl",
    }
    assert {*build.FOR_LINUX, *build.FOR_BOTH, *build.LISTS, "docs/offline.md"} <= files.keys()
    assert files["VERSION"] == b"9.9\n2026-12-01\n"
    assert files["licences/one-1.0/LICENSE.txt"] == b"free"
    assert b'"2026-12-01T00:00:00+00:00"' in files["sbom.json"]
    assert not {*build.FOR_WINDOWS} & files.keys()


def test_windows_gets_its_own_scripts(tmp_path: Path) -> None:
    own = wheel(tmp_path / "own", "gongkai-9.9-py3-none-any.whl")
    inside = build.contents({"windows-x86_64": []}, own, "9.9", WHEN).keys()
    assert {*build.FOR_WINDOWS, *build.FOR_BOTH} <= inside and "install.sh" not in inside


def test_the_sums_are_those_of_every_file(files: Files, tmp_path: Path) -> None:
    lines = build.summed(files).decode().splitlines()
    told = dict(line.split("  ", 1)[::-1] for line in lines)
    assert told == {name: hashlib.sha256(said).hexdigest() for name, said in files.items()}


def test_the_same_files_and_day_give_the_same_bytes_whoever_packs_them(
    files: Files, tmp_path: Path
) -> None:
    turned = dict(reversed(files.items()))
    for write, name in ((build.write_tar, "a.tar.gz"), (build.write_zip, "a.zip")):
        write(tmp_path / name, "top", files, WHEN)
        write(tmp_path / f"again-{name}", "top", turned, WHEN)
        assert (tmp_path / name).read_bytes() == (tmp_path / f"again-{name}").read_bytes()
        write(tmp_path / f"later-{name}", "top", files, datetime(2027, 1, 1, tzinfo=UTC))
        assert (tmp_path / name).read_bytes() != (tmp_path / f"later-{name}").read_bytes()
    with tarfile.open(tmp_path / "a.tar.gz") as archive:
        found = archive.getmembers()
    assert {one.name for one in found} == {f"top/{name}" for name in files}
    assert {(one.uid, one.gid, one.uname, one.mtime) for one in found} == {(0, 0, "root", WHEN.timestamp())}  # fmt: skip
    assert {one.name for one in found if one.mode == 0o755} == {"top/install.sh"}
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert packed.read("top/VERSION") == files["VERSION"] and packed.testzip() is None


def test_the_moment_is_named_or_comes_from_the_environment() -> None:
    assert build.moment("2026-12-01", {"SOURCE_DATE_EPOCH": "1"}) == WHEN
    assert build.moment(None, {"SOURCE_DATE_EPOCH": "1796083200"}) == WHEN
    today = build.moment(None, {})
    assert (today.hour, today.minute, today.second, today.microsecond) == (0, 0, 0, 0)
    with pytest.raises(ValueError, match="does not match format"):
        build.moment("1.12.2026")


def test_no_wheel_is_taken_that_asks_for_a_newer_glibc_than_the_oldest_system_has() -> None:
    for place in build.LINUX:
        tags = build.tags_of(place)
        newest = max(
            int(found[1]) for tag in tags if (found := re.match(r"manylinux_2_(\d+)_", tag))
        )
        assert newest == 28 and f"manylinux2014_{place.removeprefix('linux-')}" in tags
    assert build.tags_of("windows-x86_64") == ["win_amd64"]


def test_pip_is_locked_as_everything_is() -> None:
    (line,) = pins("requirements-offline.txt")
    assert re.fullmatch(r"pip==[\d.]+", line)


@pytest.mark.long(reason="builds a wheel; test_package.py looks into one each time")
def test_the_own_wheel_has_the_version_and_the_day_that_are_asked_for(tmp_path: Path) -> None:
    made = build.own_wheel(tmp_path, version="9.9", epoch=int(WHEN.timestamp()))
    assert made.name == "gongkai-9.9-py3-none-any.whl"
    with zipfile.ZipFile(made) as package:
        assert {one.date_time for one in package.infolist()} == {(2026, 12, 1, 0, 0, 0)}
        assert {one.external_attr >> 16 & 0o777 for one in package.infolist()} <= {0o644, 0o664}
        assert b"\nVersion: 9.9\n" in package.read("gongkai-9.9.dist-info/METADATA")
        assert any(name.endswith("NotoSerifSC-Regular.ttf") for name in package.namelist())


# -- what is not Python ------------------------------------------------------------------------------


def text(name: str) -> str:
    return (HERE / name).read_bytes().decode("utf-8")


def test_cmd_reads_its_script_in_every_code_page() -> None:
    said = (HERE / "start.cmd").read_bytes()
    assert said.isascii() and said.startswith(b"@echo off\r\n") and said.endswith(b"\r\n")
    assert said.count(b"\n") == said.count(b"\r\n") == said.count(b"\r")
    told = (HERE / "need-python.txt").read_bytes()
    assert told.startswith(b"\xef\xbb\xbf") and told.count(b"\n") == told.count(b"\r\n")
    for name in re.findall(r"[\w-]+\.(?:py|txt)", said.decode()):
        assert (HERE / name).is_file() and name in build.FOR_WINDOWS


def test_scripts_of_linux_have_its_ends_of_lines() -> None:
    for name in (*build.FOR_LINUX, *build.FOR_BOTH):
        assert b"\r" not in (HERE / name).read_bytes(), name


def test_everything_is_packed_that_lies_here() -> None:
    packed = {*build.FOR_LINUX, *build.FOR_WINDOWS, *build.FOR_BOTH}
    here = {path.name for path in HERE.iterdir() if path.is_file()}
    assert here == packed | {"__init__.py", "build.py"}


def test_the_installer_asks_for_what_the_wheels_and_the_store_need() -> None:
    from workflow.store.dialect import LEAST_SQLITE

    said = text("install.sh")
    assert f"\nPYTHON_SERIES={build.PYTHON}\n" in said
    assert f"\nGLIBC={'.'.join(map(str, build.GLIBC))}\n" in said
    assert f"\nSQLITE={'.'.join(map(str, LEAST_SQLITE))}\n" in said


def test_the_container_runs_as_nobody_special_and_asks_itself_whether_it_lives() -> None:
    said = text("Containerfile")
    last = said.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", last, re.M)
    assert last.index("\nRUN ") < last.index("\nUSER ") < last.index("\nENTRYPOINT ")
    assert "HEALTHCHECK" in last and "/healthz" in last and "sha256sum --check" in said
    assert "--no-index" in said and not re.search(r"https?://(?!127\.0\.0\.1)", said)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_the_unit_is_understood_and_its_exposure_stays_low(tmp_path: Path) -> None:
    unit = tmp_path / "gongkai.service"
    said = text("gongkai.service")
    unit.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", said), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager", unit],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert judged.returncode == 0, judged.stdout[-200:]
    assert "KillMode=mixed\n" in said and "TimeoutStopSec=40\n" in said
    forbidden = " ".join(re.findall(r"(?m)^SystemCallFilter=~(.*)$", said))
    assert forbidden == "@privileged", "the processes of the desk call nice, which is of @resources"


# -- the installer, before it installs anything ---------------------------------------------------------


@pytest.fixture
def unpacked(files: Files, tmp_path: Path) -> Path:
    """The archive, unpacked; without the documents, which it does not need."""
    few = {
        name: said for name, said in files.items() if not name.startswith(("docs/", "licences/"))
    }
    few[build.SUMS] = build.summed(few)
    for name, said in few.items():
        place = tmp_path / "here" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(said)
    return tmp_path / "here"


def install(unpacked: Path, *words: str | Path) -> tuple[int, str]:
    """Exit code, and what it says."""
    done = subprocess.run(
        ["sh", unpacked / "install.sh", "--prefix", unpacked.parent / "installed", *words],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert not (unpacked.parent / "installed").exists()
    return done.returncode, done.stdout + done.stderr


BODY = ("--agency", "panlong", "--name", "盘龙乡", "--level", "township")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "第一次安装要写明本机关"),
        (("--what",), "没有这个选项：--what"),
        (("--agency",), "--agency 后面缺少内容"),
        (("--port", "80a"), "--port 须为数字"),
        (("--restore",), "--restore 只能和 --rollback 一起用"),
        (("--rollback",), "没有可以退回的版本"),
        (("--prefix", "/srv/公开"), "安装位置只能用字母、数字"),
    ],
)
def test_the_installer_says_what_is_missing(
    unpacked: Path, words: tuple[str, ...], said: str
) -> None:
    code, answer = install(unpacked, *words)
    assert code == 1 and said in answer


def test_the_installer_takes_no_file_that_is_not_as_it_was_packed(unpacked: Path) -> None:
    with (unpacked / "requirements.txt").open("a", encoding="utf-8") as lists:
        lists.write("other==1.0\n")
    code, answer = install(unpacked, *BODY)
    assert code == 1 and "被改动过" in answer and "requirements.txt" in answer


def test_the_installer_names_every_python_that_does_not_fit_and_why(
    unpacked: Path, tmp_path: Path
) -> None:
    old = tmp_path / "python"
    old.write_text(
        '#!/bin/sh\necho "所用的 SQLite 是 3.27.2，须不低于 $4"\nexit 1\n', encoding="utf-8"
    )
    old.chmod(0o755)
    code, answer = install(unpacked, *BODY, "--python", old)
    assert code == 1 and "没有找到能用的 Python 3.11" in answer
    assert f"{old}：所用的 SQLite 是 3.27.2，须不低于 3.35" in answer


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed here")
def test_shellcheck_finds_nothing() -> None:
    done = subprocess.run(["shellcheck", HERE / "install.sh"], capture_output=True, text=True, check=False)  # fmt: skip
    assert done.stdout == ""


def test_every_list_is_of_locked_versions_and_names_no_index() -> None:
    for name in build.LISTS:
        assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", line) for line in pins(name))
    for path in (*HERE.iterdir(), ROOT / "Makefile"):
        if path.is_file():
            assert "index-url" not in path.read_text(encoding="utf-8"), path
