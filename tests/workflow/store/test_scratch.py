"""A folder to work in goes away, also where its work was cut off."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import ROOT
from workflow.store import scratch as folders
from workflow.store.scratch import remove_left, scratch

HELD = """
import sys, time
from pathlib import Path
from workflow.store.scratch import scratch
with scratch(Path(sys.argv[1])) as (folder, _):
    (folder / "half.db").write_text("x")
    print("held", flush=True)
    sys.stdin.read()
"""


def test_it_is_its_owners_alone_and_goes(tmp_path: Path) -> None:
    with scratch(tmp_path / "new") as (folder, left):
        assert folder.parent == tmp_path / "new" and left == 0
        assert [oct(one.stat().st_mode & 0o777) for one in (folder, folder.parent)] == ["0o700"] * 2
        (folder / "a").write_text("x")
    assert list((tmp_path / "new").iterdir()) == []


def test_it_goes_with_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), scratch(tmp_path):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_what_somebody_works_in_stays_and_what_a_killed_one_left_goes(tmp_path: Path) -> None:
    held = subprocess.Popen(
        [sys.executable, "-c", HELD, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert held.stdout is not None and held.stdout.readline() == b"held\n"
        with scratch(tmp_path) as (folder, left):
            assert left == 0
            assert {one.name for one in tmp_path.iterdir()} > {folder.name}
        (theirs,) = tmp_path.iterdir()
        assert (theirs / "half.db").exists()
    finally:
        os.kill(held.pid, signal.SIGKILL)
        held.communicate()
    with scratch(tmp_path) as (_, left):
        assert left == 1 and not theirs.exists()


def test_one_that_has_just_been_made_is_not_taken_for_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = tmp_path / ".gongkai-work-1"
    fresh.mkdir()
    assert remove_left(tmp_path) == 0
    monkeypatch.setattr(folders, "_BEGINNING", 0)
    assert remove_left(tmp_path) == 1 and not fresh.exists()
