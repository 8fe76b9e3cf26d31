"""The run in two processes: one that fails fails the whole, nothing is left out, Ctrl-C ends both."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.run import NOTHING_TO_TEST, PAGES, ROOT, Part, files_in_memory, parts, run, together

PASSES = "def test_passes():\n    pass\n"
FAILS = "def test_fails():\n    assert 1 == 2, 'the reason'\n"


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """The small runs need none of the installed plugins, which take longer to load than they run."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def part(folder: Path, name: str, text: str) -> Part:
    file = folder / f"test_{name}.py"
    file.write_text(text, encoding="utf-8")
    return Part(name, (str(file), "-p", "no:cacheprovider", "--rootdir", str(folder)))


def test_one_that_fails_fails_the_whole_and_says_why(tmp_path, capfd):
    two = [part(tmp_path, "good", PASSES), part(tmp_path, "bad", FAILS)]
    assert run(two, ()) == 1
    said = capfd.readouterr().out
    assert "the reason" in said and "1 passed" in said and "1 failed" in said
    assert re.search(r"^took 0 min \d\d s \(good .+, bad .+\)$", said, re.M)


def test_two_that_pass_tell_the_slowest_of_both_once(tmp_path, capfd):
    slow = "import time\n\ndef test_{}():\n    time.sleep({})\n"
    two = [
        part(tmp_path, "one", slow.format("one", 0.02)),
        part(tmp_path, "two", slow.format("two", 0.3)),
    ]
    assert run(two, ()) == 0
    said = capfd.readouterr().out
    assert said.count(" the slowest ") == 1 and "slowest 10 durations" not in said
    lines = re.findall(r"^\d+\.\d\ds call .*::(\w+)$", said, re.M)
    assert lines == ["test_two", "test_one"]


@pytest.mark.parametrize(
    ("codes", "whole"),
    [((0, 0), 0), ((0, 1), 1), ((2, 0), 2), ((0, -9), 1), ((-9, 3), 3),
     ((0, NOTHING_TO_TEST), 0), ((NOTHING_TO_TEST, NOTHING_TO_TEST), NOTHING_TO_TEST),
     ((NOTHING_TO_TEST, 1), 1)],
)  # fmt: skip
def test_exit_codes_together(codes, whole):
    assert together(codes) == whole


def test_a_part_that_cannot_be_read_in_fails_the_whole(tmp_path, capfd):
    assert run([part(tmp_path, "good", PASSES), part(tmp_path, "bad", "import nowhere\n")], ()) == 2
    assert "nowhere" in capfd.readouterr().out


def test_what_one_part_leaves_the_other_takes():
    pages, house, *others = parts()
    assert pages.where == PAGES and all((ROOT / folder).is_dir() for folder in PAGES)
    assert house.where == ("tests", *(f"--ignore={folder}" for folder in PAGES))
    assert not (pages.store or house.store or (os.environ.get("TESTS_STORE") and others))


def test_a_third_part_asks_the_database_once_more_on_postgresql(monkeypatch):
    monkeypatch.delenv("TESTS_STORE", raising=False)
    *_, there = parts()
    assert there.store == "postgres" and all((ROOT / place).exists() for place in there.where)
    monkeypatch.setenv("TESTS_STORE", there.store)
    assert len(parts()) == 2


WAITING = """
import pathlib
import time

def test_waits():
    pathlib.Path({mark!r}).touch()
    time.sleep(60)
"""
RUNNER = """
import signal, sys
from tests.run import Part, run
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(run([Part(name, (file, "-p", "no:cacheprovider")) for name, file in zip(("a", "b"), sys.argv[1:])], ()))
"""


def test_ctrl_c_ends_both_and_tells_what_was_found(tmp_path):
    marks, files = [tmp_path / "a", tmp_path / "b"], []
    for mark in marks:
        files.append(tmp_path / f"test_{mark.name}.py")
        files[-1].write_text(WAITING.format(mark=str(mark)), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNER, *map(str, files)], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    while not all(mark.exists() for mark in marks):
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate()
    assert process.returncode == 130
    assert said.count("KeyboardInterrupt") >= 2 and "took" in said


def test_temporary_files_lie_in_memory_and_are_gone_afterwards(tmp_path, capfd):
    with files_in_memory(tmp_path, room=1) as told:
        folder = Path(told["TMPDIR"])
        assert told["TESTS_DISK"] == tempfile.gettempdir()
        assert folder.parent == tmp_path and folder.is_dir()
        wrote = f"def test_it(tmp_path):\n    assert str(tmp_path).startswith({str(folder)!r})\n"
        only = part(tmp_path, "writes", wrote)
        only.start((), told)
        only.read()
        assert only.code == 0, only.told
    assert not folder.exists()


@pytest.mark.parametrize("room", [1 << 62, 1])
def test_where_memory_has_no_room_or_is_not_there_files_lie_where_they_always_do(tmp_path, room):
    with files_in_memory(tmp_path if room > 1 else tmp_path / "nowhere", room) as told:
        assert told == {}
