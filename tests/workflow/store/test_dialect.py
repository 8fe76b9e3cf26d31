"""What differs between SQLite and PostgreSQL stands in one module."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import OperationalError

from workflow.store.dialect import (
    engine_options,
    gather_statistics,
    is_sqlite,
    prepare,
)
from workflow.store.engine import reading_engine, writing_engine
from workflow.store.message_models import MessageRow

ROOT = Path(__file__).parents[3]
POSTGRES = "postgresql+psycopg://gongkai@localhost/gongkai"


def test_the_address_of_a_store_says_which_database_it_is() -> None:
    assert is_sqlite("sqlite:////srv/gongkai.db") and not is_sqlite(POSTGRES)


def test_on_postgresql_a_transaction_sees_one_state_and_what_reads_cannot_write() -> None:
    for writing in (True, False):
        assert engine_options(POSTGRES, writing=writing)["isolation_level"] == "REPEATABLE READ"
    assert "execution_options" not in engine_options(POSTGRES, writing=True)
    reading = engine_options(POSTGRES, writing=False)["execution_options"]
    assert reading == {"postgresql_readonly": True}
    assert "isolation_level" not in engine_options("sqlite://", writing=True)


@pytest.mark.sqlite(reason="about its lock")
def test_on_sqlite_what_writes_takes_the_lock_at_once_and_readers_go_on(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    writing, reading = writing_engine(url), reading_engine(url)
    with writing.begin() as connection:
        connection.execute(text("CREATE TABLE note (word TEXT)"))
    impatient = create_engine(url)
    prepare(impatient, writing=True)
    with writing.begin() as first:  # it has the lock before it writes anything
        first.execute(text("SELECT 1"))
        with reading.connect() as reader:
            assert list(reader.execute(text("SELECT word FROM note"))) == []
        with impatient.connect() as second:
            second.connection.cursor().execute("PRAGMA busy_timeout = 0")
            with pytest.raises(OperationalError, match="locked"):
                second.execute(text("SELECT 1"))
    for engine in (writing, reading, impatient):
        engine.dispose()


def said_in(file: Path) -> list[str]:
    """The strings and keywords of a module, without its docstrings."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return [
        node.value.lower()
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
    ] + [node.arg or "" for node in nodes if isinstance(node, ast.keyword)]


def test_no_other_module_names_a_database() -> None:
    """But those that look at a file before anything opens it, and those that make, put back or try a copy of it."""
    named = {
        file.relative_to(ROOT).as_posix()
        for room in ("workflow/store", "workflow/service")
        for file in (ROOT / room).rglob("*.py")
        if "migrations" not in file.parts
        and any("sqlite" in word or "postgresql" in word for word in said_in(file))
    }
    assert named == {
        "workflow/store/dialect.py",
        "workflow/store/dialect_index.py",
        "workflow/store/dialect_kept.py",
        "workflow/store/dialect_read.py",
        "workflow/store/dialect_snapshot.py",
        "workflow/store/notices.py",
        "workflow/store/standing.py",
        "workflow/store/standing_file.py",
        "workflow/store/trouble.py",
        "workflow/service/installation.py",
        "workflow/service/upgrading.py",
        "workflow/service/backups/making.py",
        "workflow/service/backups/restoring.py",
    }


@pytest.mark.sqlite(reason="about its statistics")
def test_sqlite_learns_how_full_its_tables_are(tmp_path: Path) -> None:
    writing = writing_engine(f"sqlite:///{tmp_path / 'store.db'}")
    with writing.begin() as connection:
        connection.execute(text("CREATE TABLE note (word TEXT)"))
        connection.execute(text("CREATE INDEX ix_note ON note (word)"))
        for n in range(40):
            connection.execute(text("INSERT INTO note VALUES (:word)"), {"word": f"w{n % 4}"})
    gather_statistics(writing)
    with writing.connect() as connection:
        found = connection.execute(text("SELECT idx, stat FROM sqlite_stat1")).all()
    assert [tuple(row) for row in found] == [("ix_note", "40 10")]
    writing.dispose()


def test_what_is_only_told_is_cut_to_its_column_on_every_database(office) -> None:
    """A mail server may say anything, and a message that went must be marked all the same."""
    now = office.now()
    with office.store.write() as unit:
        unit.session.add(
            MessageRow(
                key="k", kind="test", channel="mail", moment="test", text="长" * 1500, why="因" * 300,
                problem="5" * 400, day=now.date(), created_at=now, not_before=now,
            )
        )  # fmt: skip
    with office.store.read() as unit:
        row = unit.session.scalars(select(MessageRow)).one()
        assert (len(row.text), len(row.why), len(row.problem)) == (1000, 200, 200)
