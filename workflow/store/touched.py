"""Which protected rows a transaction wrote, changed or deleted: the session tells by itself; who says statements on the
connection notes it (`Touched.note`)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Delete, Update, event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, object_session

from workflow.store.models import Base
from workflow.store.protected import PROTECTED, Key, Protected

TOUCHED = "touched"
"""Where a session that writes keeps it."""


class Touched:
    """The keys of rows, by their table."""

    def __init__(self) -> None:
        self._keys: dict[str, set[Key]] = {}

    def note(self, table: str, keys: Iterable[Key]) -> None:
        """Rows of a protected table were or will be written, changed or deleted in this transaction."""
        if new := set(keys):
            self._keys.setdefault(table, set()).update(new)

    def taken(self) -> list[tuple[Protected, set[Key]]]:
        """What was touched since this was last asked, always in the same order of the tables."""
        found, self._keys = self._keys, {}
        return [(PROTECTED[name], found[name]) for name in sorted(found)]


class WritingSession(Session):
    """A session that notes what it touches."""


@event.listens_for(WritingSession, "after_flush")
def _flushed(session: Session, context: object) -> None:
    touched: Touched = session.info[TOUCHED]
    for row in session.new:
        _note(touched, row, whole=True)
    for row in session.dirty:
        _note(touched, row, whole=False)


@event.listens_for(Base, "after_delete", propagate=True)
def _deleted(mapper: object, connection: object, row: Any) -> None:
    """Also what goes because nothing has it any more, which is not among the deleted of a session."""
    session = object_session(row)
    if isinstance(session, WritingSession):
        _note(session.info[TOUCHED], row, whole=True)


def _note(touched: Touched, row: Any, *, whole: bool) -> None:
    protected = PROTECTED.get(row.__tablename__)
    if protected is None or not protected.covers(row):
        return
    state = inspect(row)
    if whole or protected.says(state.committed_state):
        touched.note(row.__tablename__, [tuple(state.mapper.primary_key_from_instance(row))])


@event.listens_for(WritingSession, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    """Rows that a statement changes or deletes are looked up before: afterwards they may not be found so."""
    statement = state.statement
    if not isinstance(statement, Update | Delete):
        return
    protected = PROTECTED.get(getattr(statement.table, "name", ""))
    if protected is None or not _changes(protected, statement):
        return
    query = select(*protected.keys).where(*protected.clauses())
    if statement.whereclause is not None:
        query = query.where(statement.whereclause)
    found = state.session.connection().execute(query, state.parameters or {})
    state.session.info[TOUCHED].note(protected.table.name, map(tuple, found))


def _changes(protected: Protected, statement: Update | Delete) -> bool:
    if isinstance(statement, Delete):
        return True
    return protected.says([str(getattr(name, "key", name)) for name in statement._values or ()])
