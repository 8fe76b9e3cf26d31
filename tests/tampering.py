"""Changing a store past the program, as somebody does who may do anything with the database."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, text

from workflow.service import Office
from workflow.store.dialect_kept import APPEND_ONLY, released
from workflow.store.store import Store


@contextmanager
def tampering(store: Store) -> Iterator[Connection]:
    """A transaction in which lines of logs can be changed and deleted; behind it the database refuses it as before."""
    with store.engine.begin() as connection, released(connection, APPEND_ONLY):
        yield connection


def journal_anew(office: Office) -> None:
    """Let the journal say what the store holds now, as if it had always been so."""
    assert office.store.journal is not None
    with tampering(office.store) as connection:
        connection.execute(text("DELETE FROM journal"))
        connection.execute(text("DELETE FROM journal_head"))
        office.store.journal.take_over(connection)


def some(ways: Iterable[str]) -> list[Any]:
    """Every third of these ways in every run, the others where there is time."""
    long = pytest.mark.long(reason="a third of the ways to tamper is tried in every run")
    return [pytest.param(way, marks=[] if n % 3 == 0 else long) for n, way in enumerate(ways)]
