"""A log says what kind of fault it was and where in the program, never what was handled."""

import logging
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from workflow.service.logs import in_places, kind_of, without_values

NAME = "欧阳小燕"


@pytest.fixture(autouse=True)
def kept_out() -> None:
    without_values()


def stumbles(how: str) -> BaseException:
    """A fault of one kind, with the name in its text."""
    try:
        if how == "value":
            int(NAME)
        if how == "key":
            {}[NAME]
        if how == "cause":
            try:
                raise ValueError(NAME)
            except ValueError as error:
                raise RuntimeError(f"of {NAME}") from error
        if how == "context":
            try:
                raise ValueError(NAME)
            except ValueError:
                raise KeyError(NAME) from None
        if how == "file":
            Path(f"/nowhere/{NAME}").read_bytes()
        if how == "part":
            import_module("nowhere_to_be_found")
    except Exception as error:
        return error
    raise AssertionError(how)


@pytest.mark.parametrize(
    ("how", "kinds"),
    [
        ("value", ["builtins.ValueError"]),
        ("key", ["builtins.KeyError"]),
        ("cause", ["builtins.ValueError", "builtins.RuntimeError"]),
        ("context", ["builtins.KeyError"]),
        ("file", ["builtins.FileNotFoundError: [Errno 2] No such file or directory"]),
        ("part", ["builtins.ModuleNotFoundError: No module named 'nowhere_to_be_found'"]),
    ],
)
def test_kinds_and_places_are_told_and_no_values(how: str, kinds: list[str]) -> None:
    said = in_places(stumbles(how))
    assert NAME not in said
    told = [line for line in said.splitlines() if not line.startswith(" ")]
    assert [line.replace("[2]", "[Errno 2]") for line in told] == kinds
    assert "test_logs.py" in said and "in stumbles" in said


def test_a_fault_of_the_database_is_told_without_its_values() -> None:
    engine: Engine = create_engine("sqlite://")
    with engine.begin() as connection, pytest.raises(SQLAlchemyError) as broken:
        connection.execute(text("CREATE TABLE person (name TEXT NOT NULL UNIQUE)"))
        for _ in range(2):
            connection.execute(text("INSERT INTO person VALUES (:name)"), {"name": NAME})
    assert kind_of(broken.value) == (
        "sqlalchemy.exc.IntegrityError: IntegrityError SQLITE_CONSTRAINT_UNIQUE"
    )
    assert NAME not in in_places(broken.value)


def test_whoever_logs_is_held_to_it(caplog: pytest.LogCaptureFixture) -> None:
    log, error = logging.getLogger("some.package"), stumbles("value")
    log.error("it failed", exc_info=error)
    log.warning("cannot: %s (%s)", error, "places")
    log.warning(error)
    assert NAME not in caplog.text
    assert caplog.text.count("builtins.ValueError") == 3 and "(places)" in caplog.text
    assert "in stumbles" in caplog.text


def test_a_program_that_a_fault_ends_tells_no_values() -> None:
    program = "from workflow.service.logs import end_without_values; end_without_values(); int('欧阳' + '小燕')"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.returncode == 1
    assert "builtins.ValueError" in ended.stderr and NAME not in ended.stderr
