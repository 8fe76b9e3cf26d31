"""What is done again when somebody was quicker, and what is not."""

import ast
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from workflow.service import Office, Unavailable
from workflow.store import retried as module
from workflow.store.models import StampRow
from workflow.store.retried import ATTEMPTS, Overtaken, retried, told_apart

ROOT = Path(__file__).parents[3]
DOORS = {"write", "write_cases", "write_rules"}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(module.time, "sleep", lambda _: None)


def tried(error, times):
    """A use case that is overtaken so many times; how often it was done, and what it gave."""
    done = []

    @retried
    def work():
        done.append(1)
        if len(done) <= times:
            raise error
        return "done"

    return done, work


def of_postgresql(kind):
    return kind("an error of the server")


def test_who_was_overtaken_begins_again():
    done, work = tried(Overtaken(), 3)
    assert work() == "done" and len(done) == 4


def test_it_is_not_tried_for_ever():
    done, work = tried(Overtaken(), 1000)
    with pytest.raises(Overtaken):
        work()
    assert len(done) == ATTEMPTS


def test_a_row_that_somebody_wrote_since_is_looked_at_again():
    orig = of_postgresql(psycopg.errors.UniqueViolation)
    done, work = tried(IntegrityError("INSERT", {}, orig), 1)
    assert work() == "done" and len(done) == 2


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("INSERT", {}, of_postgresql(psycopg.errors.ForeignKeyViolation)),
        IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed")),
        Unavailable(),
        ValueError(),
    ],
    ids=lambda error: str(type(getattr(error, "orig", error)).__name__),
)
def test_what_a_second_time_would_not_mend_is_done_once(error):
    done, work = tried(error, 1)
    with pytest.raises(type(error)):
        work()
    assert len(done) == 1


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (psycopg.errors.SerializationFailure, Overtaken),
        (psycopg.errors.DeadlockDetected, Overtaken),
        (psycopg.errors.LockNotAvailable, Unavailable),
        (psycopg.errors.AdminShutdown, Unavailable),
        (psycopg.errors.CannotConnectNow, Unavailable),
        (psycopg.errors.TooManyConnections, Unavailable),
        (psycopg.errors.ReadOnlySqlTransaction, Unavailable),
        (psycopg.errors.DiskFull, Unavailable),
        (psycopg.OperationalError, Unavailable),
        (psycopg.errors.UndefinedTable, OperationalError),
        (psycopg.errors.NumericValueOutOfRange, OperationalError),
    ],
)
def test_a_fault_is_told_from_what_may_be_tried_again(kind, told):
    with pytest.raises(told) as found, told_apart():
        raise OperationalError("SELECT", {}, of_postgresql(kind))
    assert type(found.value) is told


def test_nothing_of_the_first_attempt_stays(office: Office) -> None:
    first = []

    @retried
    def work():
        with office.store.write() as unit:
            unit.session.add(StampRow(name=f"attempt {len(first)}", value=""))
            unit.session.flush()
            if not first:
                first.append(1)
                raise Overtaken
        return "done"

    assert work() == "done"
    with office.store.read() as unit:
        assert unit.stamp("attempt 0") is None and unit.stamp("attempt 1") is not None


def test_a_store_that_is_locked_for_too_long_is_not_there_just_now(office: Office) -> None:
    with pytest.raises(Unavailable, match="另一个程序一直占用着数据库"), told_apart():
        raise OperationalError("BEGIN", {}, busy())


def busy():
    import sqlite3

    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorname = "SQLITE_BUSY"
    return error


def writing_without_retry(tree: ast.Module) -> list[str]:
    """The functions that open a transaction for writing and are not begun again."""
    return [
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        and any(opens_one(node) for node in ast.walk(function))
        and not any(
            isinstance(word, ast.Name) and word.id == "retried" for word in function.decorator_list
        )
    ]


def opens_one(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in DOORS
        and ast.unparse(node.func.value).endswith("store")
    )


@pytest.mark.parametrize("room", ["workflow", "notifications", "webui"])
def test_every_use_case_that_writes_may_be_begun_again(room):
    found = {
        (file.name, name)
        for file in (ROOT / room).rglob("*.py")
        for name in writing_without_retry(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert found == set()


def test_one_that_may_not_would_be_seen():
    text = "def file(self):\n    with self.office.store.write_cases() as unit:\n        pass\n"
    assert writing_without_retry(ast.parse(text)) == ["file"]
    assert writing_without_retry(ast.parse(f"@retried\n{text}")) == []
