"""Names, requests and the words of logs, sealed, opened or sealed with a newer key where they lie, piece by piece, while
cases are handled (decision 46). The hashes of the chain are over the plain words and stay."""

from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import (
    Column,
    ColumnElement,
    Table,
    bindparam,
    func,
    not_,
    select,
    type_coerce,
    update,
)

from workflow.store.dialect_kept import released
from workflow.store.models import Base
from workflow.store.sealed import Secrets
from workflow.store.sealed_anew import After, Done
from workflow.store.unit import Unit
from workflow.store.words import (
    KINDS,
    MARK,
    is_sealed,
    kept_as,
    key_number,
    of_words,
    open_words,
    seal_words,
    text_of,
    words_by,
)

SEALED, PLAIN, AS_IT_LIES = "sealed", "plain", "as it lies"
"""How words shall lie; as it lies: what is sealed by the key in force, the rest stays."""
CASES_TOGETHER = 100
_tables = Base.metadata.tables
_CASE, _EVENT = _tables["case"], _tables["event"]


def _of_words(table: Table) -> list[Column[Any]]:
    return [one for one in table.c if isinstance(one.type, KINDS)]


_TABLES = [table for table in _tables.values() if _of_words(table)]


def lying_otherwise(unit: Unit, *, sealed: bool) -> int:
    """How many values lie plain where they shall be sealed, or the other way round."""
    count = 0
    for _, column in of_words():
        there = words_by(column, None)
        # An empty list says nothing, and nothing of it is sealed.
        said = text_of(column).not_in(("", "[]"))
        other = not_(there) if sealed else there
        query = select(func.count()).select_from(column.table)
        count += unit.connection.scalar(query.where(column.is_not(None), said, other)) or 0
    return count


def words_anew(way: str, unit: Unit, keys: Secrets, after: After) -> Done:
    """Let the words of the next cases lie that way. Nobody moves a case meanwhile."""
    of_next = select(_CASE.c.id).where(_CASE.c.id > (after or (0,))[0]).order_by(_CASE.c.id)
    ids = list(unit.connection.scalars(of_next.limit(CASES_TOGETHER).with_for_update()))
    rows = spoilt = 0
    for table in _TABLES if ids else ():
        changed, closed = _changed(unit, keys, way, table, (ids[0], ids[-1]))
        _write(unit, table, changed)
        rows, spoilt = rows + len(changed), spoilt + closed
    return Done((ids[-1],) if ids else None, rows, spoilt)


def _changed(
    unit: Unit, keys: Secrets, way: str, table: Table, span: tuple[int, int]
) -> tuple[list[dict[str, Any]], int]:
    """The rows that lie otherwise, each as it shall lie, and how many values open with no key."""
    of_words = _of_words(table)
    case = table.c.id if table is _CASE else table.c.case_id
    query = select(table.c.id, *(_as_kept(one) for one in of_words)).where(case.between(*span))
    found: list[dict[str, Any]] = []
    closed = 0
    for id_, *values in unit.connection.execute(query.order_by(table.c.id)):
        turned: dict[str, Any] = {}
        for column, value in zip(of_words, values, strict=True):
            kind: Any = column.type
            turn = _Turn(keys, way, kind.place)
            turned[column.name] = kind.turned(value, turn)
            closed += turn.closed
        if list(turned.values()) != values:
            found.append({"row": id_, **turned})
    return found, closed


class _Turn:
    """From a text as it lies to how it shall lie."""

    def __init__(self, keys: Secrets, way: str, place: str) -> None:
        self.keys, self.way, self.place = keys, way, place
        self.closed = 0

    def __call__(self, kept: str) -> str:
        keys, place = self.keys, self.place
        if not is_sealed(kept):
            return seal_words(keys, place, kept) if self.way == SEALED else kept
        if self.way != PLAIN and key_number(kept) == keys.now.number:
            return kept
        try:
            said = open_words(keys, place, kept)
        except (InvalidTag, ValueError):
            self.closed += 1
            return kept
        # What only looks as if it were sealed is sealed in any case.
        if self.way == PLAIN and not said.startswith(MARK):
            return said
        return seal_words(keys, place, said)


def _write(unit: Unit, table: Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    values = {one.name: bindparam(one.name, type_=kept_as(one)) for one in _of_words(table)}
    change = update(table).where(table.c.id == bindparam("row")).values(values)
    with released(unit.connection, [table.name] if table is _EVENT else []):
        unit.connection.execute(change, rows)


def _as_kept(column: Column[Any]) -> ColumnElement[Any]:
    return type_coerce(column, kept_as(column)).label(column.name)
