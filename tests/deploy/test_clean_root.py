"""The archive in a clean root without any network: installed, used over HTTP, upgraded, rolled back, cut off."""

from collections.abc import Iterator
from pathlib import Path
from subprocess import CalledProcessError, CompletedProcess

import pytest

from deploy.build import ROOT, build, moment
from tests.deploy.roots import CleanRoot, lacking, machine

WHEN = moment("2026-12-01")
BEFORE, AFTER = "0.0.1", "0.0.2"
"""Two versions of the same program: what is tried is how one takes the other's place."""
pytestmark = [
    pytest.mark.long(reason="makes a root with a Debian in it and installs the archive there, twice and more"),
    pytest.mark.skipif(bool(lacking()), reason=lacking() or "everything is there"),
]  # fmt: skip


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    """One archive of each version."""
    folder = tmp_path_factory.mktemp("archives")
    yield [
        file
        for version in (BEFORE, AFTER)
        for file in build(folder, ROOT / "build" / "wheels", WHEN, version, [f"linux-{machine()}"])
    ]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> CleanRoot:
    try:
        return CleanRoot.made(tmp_path_factory.mktemp("clean") / "root")
    except CalledProcessError as error:
        pytest.fail(f"no clean root: {error.stderr}")


@pytest.fixture(scope="module")
def unpacked(root: CleanRoot, archives: list[Path]) -> list[str]:
    """Both archives, unpacked inside."""
    return [root.unpack(one) for one in archives]


def good(done: CompletedProcess[str]) -> None:
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "no network: " in done.stdout


def test_two_builds_are_the_same_byte_by_byte(archives: list[Path], tmp_path: Path) -> None:
    (again,) = build(tmp_path, ROOT / "build" / "wheels", WHEN, BEFORE, [f"linux-{machine()}"])
    assert again.read_bytes() == archives[0].read_bytes()


def test_what_is_not_right_is_said_before_anything_is_installed(
    root: CleanRoot, unpacked: list[str]
) -> None:
    good(root.run("installed.py", "refused", unpacked[0]))


def test_installed_upgraded_and_rolled_back_with_the_cases_still_there(
    root: CleanRoot, unpacked: list[str]
) -> None:
    good(root.run("installed.py", "upgrade", *unpacked, timeout=1800))


def test_cut_off_the_same_command_finishes(root: CleanRoot, unpacked: list[str]) -> None:
    good(root.run("installed.py", "cut_off", unpacked[0], "20190515"))


def test_the_start_of_windows_does_the_same_here(root: CleanRoot, unpacked: list[str]) -> None:
    """What start.cmd calls, on Linux: no Windows is at hand."""
    for one in unpacked:
        inside = root.folder / one.lstrip("/")
        (inside / "start.py").write_bytes((ROOT / "deploy" / "start.py").read_bytes())
    good(root.run("installed.py", "started", *unpacked))
