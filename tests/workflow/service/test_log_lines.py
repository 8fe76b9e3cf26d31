"""Lines of the log: whole, numbered, and in a file that several processes share and others move away."""

import json
import logging
import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import load
from workflow.service.log_lines import (
    ACCESS,
    FIELDS,
    PLAIN,
    REQUEST,
    InJson,
    Plain,
    SharedFile,
    write_logs,
)
from workflow.service.logs import without_values

NAME = "欧阳小燕"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root, level = logging.getLogger(), logging.getLogger(ACCESS).level
    handlers, before = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(before)
    logging.getLogger(ACCESS).setLevel(level)


def writer(path: Path, **given: Any) -> logging.Logger:
    """A logger that writes into the file alone."""
    log = logging.Logger(f"of {os.getpid()}")
    handler = SharedFile(path, **given)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    return log


def written(tmp_path: Path, **settings: str) -> str:
    """What goes into the file of these settings: a line within a request, and one of a fault outside of any."""
    without_values()
    path = tmp_path / "gongkai.log"
    env = {f"GONGKAI_{name.upper()}": value for name, value in settings.items()}
    logging.getLogger().handlers[:] = []
    write_logs(load({"GONGKAI_LOG_FILE": str(path), **env}))
    token = REQUEST.set("abc123")
    logging.getLogger("gongkai.tried").warning("a line of %d", 7, extra={FIELDS: {"ms": 3}})
    REQUEST.reset(token)
    try:
        int(NAME)
    except ValueError:
        logging.getLogger("gongkai.tried").exception("it failed")
    logging.getLogger().handlers[0].close()
    return path.read_text(encoding="utf-8")


def test_a_plain_line_says_when_in_china_how_grave_who_which_request_and_what(tmp_path):
    first, second, *places = written(tmp_path).splitlines()
    at, level, who, request, said = first.split(" ", 4)
    assert at[10] == "T" and at.endswith("+08:00")
    assert (level, who, request, said) == ("WARNING", "gongkai.tried", "[abc123]", "a line of 7")
    assert second.endswith("ERROR gongkai.tried it failed")
    assert places[-1] == "builtins.ValueError" and NAME not in "".join(places)


def test_a_line_for_programs_is_an_object_with_the_same(tmp_path):
    one, other = map(json.loads, written(tmp_path, log_format="json").splitlines())
    assert one.pop("at").endswith("+08:00")
    assert one == {
        "level": "warning", "logger": "gongkai.tried", "message": "a line of 7", "process": os.getpid(),
        "request": "abc123", "ms": 3,
    }  # fmt: skip
    assert "request" not in other and other["message"] == "it failed"
    assert other["fault"].endswith("builtins.ValueError") and NAME not in str(other)


def test_a_new_line_within_a_sentence_tears_no_line_for_programs():
    record = logging.makeLogRecord({"msg": 'two\nlines "of" one', "levelname": "INFO"})
    assert json.loads(InJson().format(record))["message"] == 'two\nlines "of" one'
    assert "\n" not in InJson().format(record)


def test_lines_of_requests_are_written_as_the_setting_says(tmp_path):
    for said, level in {"on": logging.INFO, "addresses": logging.INFO, "off": 30}.items():
        write_logs(load({"GONGKAI_ACCESS_LOG": said}))
        assert logging.getLogger(ACCESS).level == level


def test_the_file_is_for_its_owner_alone_and_a_folder_that_is_missing_is_told(tmp_path):
    SharedFile(tmp_path / "a.log").close()
    assert (tmp_path / "a.log").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileNotFoundError):
        SharedFile(tmp_path / "nowhere" / "a.log")


def test_where_another_program_moves_the_file_away_the_next_line_goes_into_a_new_one(tmp_path):
    path = tmp_path / "a.log"
    log = writer(path)
    log.error("one")
    path.rename(tmp_path / "a.log-2026")
    log.error("two")
    path.unlink()
    log.error("three")
    assert (tmp_path / "a.log-2026").read_text() == "one\n"
    assert path.read_text() == "three\n"


def test_a_full_file_is_moved_away_and_so_many_stay(tmp_path):
    path = tmp_path / "a.log"
    log = writer(path, most=20, keep=2)
    for number in range(7):
        log.error("line %04d", number)  # ten bytes
    assert path.read_text() == "line 0006\n"
    assert (tmp_path / "a.log.1").read_text() == "line 0004\nline 0005\n"
    assert (tmp_path / "a.log.2").read_text() == "line 0002\nline 0003\n"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.log", "a.log.1", "a.log.2"]


def test_without_a_size_the_file_is_left_to_others(tmp_path):
    log = writer(tmp_path / "a.log")
    for _ in range(50):
        log.error("x" * 100)
    assert [one.name for one in tmp_path.iterdir()] == ["a.log"]


def _write(path: Path, who: int, lines: int) -> None:
    log = writer(path, most=4000, keep=1000)
    for number in range(lines):
        log.error("%d %d %s", who, number, "x" * (number % 90))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="one process alone where there is no fork")
def test_processes_that_share_a_file_lose_and_tear_no_line_while_it_is_moved_away(tmp_path):
    path, lines = tmp_path / "a.log", 400
    fork = multiprocessing.get_context("fork")
    made = [fork.Process(target=_write, args=(path, who, lines)) for who in range(3)]
    for one in made:
        one.start()
    for one in made:
        one.join(60)
        assert one.exitcode == 0
    files = list(tmp_path.iterdir())
    assert len(files) > 10
    found = sorted(
        (int(who), int(number), more)
        for file in files
        for who, number, more in (line.split(" ") for line in file.read_text().splitlines())
    )
    assert found == [
        (who, number, "x" * (number % 90)) for who in range(3) for number in range(lines)
    ]


def test_a_child_goes_on_in_the_file_that_its_parent_had_open(tmp_path):
    """A lock belongs to what was opened, which a child shares: it must not take its parent's for its own."""
    path = tmp_path / "a.log"
    log = writer(path, most=100, keep=100)
    log.error("of the parent")
    child = multiprocessing.get_context("fork").Process(
        target=lambda: [log.error("of the child %d", n) for n in range(30)]
    )
    child.start()
    for number in range(30):
        log.error("of the parent %d", number)
    child.join(60)
    lines = [line for file in tmp_path.iterdir() for line in file.read_text().splitlines()]
    assert len(lines) == 61 and all(line.startswith("of the ") for line in lines)


def test_a_file_that_cannot_be_written_is_told_once_and_stops_nothing(
    tmp_path, capsys, monkeypatch
):
    log = writer(tmp_path / "a.log")

    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    log.error("one")
    log.error("two")
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and "无法写入" in said[0] and "磁盘已满" in said[0]


def test_the_forms_name_what_they_need():
    assert "request_in_words" in PLAIN
    record = logging.makeLogRecord({"msg": "a", "levelname": "INFO", "name": "root"})
    record.request_in_words = ""
    assert Plain(PLAIN).format(record).endswith(" INFO root a")
