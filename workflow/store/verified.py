"""What `verify` reads: cases as they lie in the store, and the marks of those that were in order.

Values are raw, as the driver gives them: to see that a case is what it was nothing has to be understood.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Dialect,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.types import NULLTYPE

from workflow.case.facts import Applicant
from workflow.store.count_models import VerifiedCaseRow
from workflow.store.dialect import insert_or
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit
from workflow.store.writing import APPLICANT, CASE, EVENT, WATCHED

VERIFIED = VerifiedCaseRow.metadata.tables["verified_case"]
CHANGE = VerifiedCaseRow.metadata.tables["due_change"]
_NOT_READ = ("submit_key",)
"""Of a case: what neither the log nor the law says anything of."""
_CASE = [column for column in CASE.c if column.name not in _NOT_READ]
_LINE = [EVENT.c[name] for name in ("case_id", "seq", "event", "on", "fields", "actor", "role",
                                   "recorded_at", "filled", "stands_for", "hash", "once")]  # fmt: skip
_PERSON = [APPLICANT.c[name] for name in ("case_id", "name", "category", "description", "citizen",
                                          "sealed", "identity")]  # fmt: skip
_MOVED = [CHANGE.c[name] for name in ("case_id", "recorded_at", "cause", "kind", "old_next_due",
                                      "new_next_due", "old_reply_due", "new_reply_due")]  # fmt: skip
_WATCHED = [WATCHED.c[name] for name in ("case_id", "kind", "day")]

_NAMES = [column.name for column in _CASE]
_AGENCY, _HELD_BY, _OPENED = map(_NAMES.index, ("agency_id", "held_by", "opened_on"))

Raw = tuple[Any, ...]


def _raw(columns: Iterable[Column[Any]]) -> list[Any]:
    return [type_coerce(column, NULLTYPE).label(column.name) for column in columns]


_WITHIN: tuple[Any, Any] = bindparam("first"), bindparam("last")
_CASES = (
    select(VERIFIED.c.mark.label("kept"), *_raw(_CASE))
    .select_from(CASE.outerjoin(VERIFIED, VERIFIED.c.case_id == CASE.c.id))
    .where(CASE.c.id.between(*_WITHIN))
    .order_by(CASE.c.id)
)


def _of_cases(columns: list[Column[Any]], *order: Column[Any]) -> Select[Any]:
    case = columns[0]
    return select(*_raw(columns)).where(case.between(*_WITHIN)).order_by(case, *order)


_LINES = _of_cases(_LINE, EVENT.c.seq)
_PERSONS = _of_cases(_PERSON, APPLICANT.c.position)
_DAYS = _of_cases(_WATCHED, WATCHED.c.kind, WATCHED.c.day)
_CHANGES = _of_cases(_MOVED, CHANGE.c.id)


@dataclass(slots=True)
class RawCase:
    """A case with its applicants, its log, its watched days and its days that moved as they lie in the store. kept: the mark
    of the last time that it was in order."""

    id: int
    kept: str | None
    row: Raw
    number: str
    persons: list[Raw] = field(default_factory=list)
    log: list[Raw] = field(default_factory=list)
    watched: list[Raw] = field(default_factory=list)
    moved: list[Raw] = field(default_factory=list)

    def said(self) -> str:
        """Everything that the case says, in one text: of two cases that differ anywhere it differs."""
        return repr((self.row, self.persons, self.log, self.watched, self.moved))


def spans(unit: Unit, most: int) -> list[tuple[int, int]]:
    """The ids of all cases in spans of so many cases at most: first through last."""
    place = func.row_number().over(order_by=CASE.c.id).label("place")
    every = select(CASE.c.id, place).subquery()
    begins = select(every.c.id).where((every.c.place - 1) % most == 0).order_by(every.c.id)
    found = list(unit.session.scalars(begins))
    if not found:
        return []
    last = unit.session.scalar(select(func.max(CASE.c.id))) or 0
    return list(zip(found, [*(begin - 1 for begin in found[1:]), last], strict=True))


def raw_cases(unit: Unit, first: int, last: int) -> list[RawCase]:
    """The cases of these ids, in order."""
    execute, within = unit.session.connection().execute, {"first": first, "last": last}
    found = {
        row[1]: RawCase(row.id, row.kept, tuple(row[1:]), row.number)
        for row in execute(_CASES, within)
    }
    for query, name in (
        (_PERSONS, "persons"), (_LINES, "log"), (_DAYS, "watched"), (_CHANGES, "moved"),
    ):  # fmt: skip
        case_id, there = None, list[Raw]()
        for row in execute(query, within).all():
            if row[0] != case_id:
                case_id = row[0]
                there = getattr(found[case_id], name) if case_id in found else []
            there.append(tuple(row))
    return list(found.values())


def keep_marks(unit: Unit, marks: Sequence[tuple[int, str]]) -> None:
    """Note of each of these cases that it was in order with this mark."""
    connection = unit.session.connection()
    statement = insert_or(
        connection, VERIFIED, ("case_id",), {"mark": literal_column("excluded.mark")}
    )
    connection.execute(statement, [{"case_id": case, "mark": mark} for case, mark in marks])


@dataclass(slots=True)
class Line:
    """A line of a log, understood: the values of an EventRow."""

    seq: int
    event: str
    on: date
    fields: dict[str, Any]
    actor: str
    role: str
    recorded_at: datetime
    filled: list[str]
    stands_for: str | None
    hash: str
    once: str | None


@dataclass(slots=True)
class Moved:
    """A change of due days, understood: the values of a DueChangeRow."""

    recorded_at: datetime
    cause: str
    kind: str
    old_next_due: date | None
    new_next_due: date | None
    old_reply_due: date | None
    new_reply_due: date | None


class StoredCase:
    """A case, understood: the values of its CaseRow, with its bodies, its applicants and its log."""

    def __init__(self, row: dict[str, Any], agency: AgencyRow, body: AgencyRow) -> None:
        self.row, self.agency, self.body = row, agency, body
        self.number: str = row["number"]
        self.kind: str = row["kind"]
        self.request: str = row["request"]
        self.items: list[str] = row["items"]
        self.delivery: list[str] = row["delivery"]
        self.joint_letter: str | None = row["joint_letter"]
        self.redo_of: str | None = row["redo_of"]
        self.redo_due: date | None = row["redo_due"]
        self.redo_mode: str | None = row["redo_mode"]
        self.opened_on: date = row["opened_on"]
        self.applicants: list[Applicant] = []
        self.log: list[Line] = []
        self.private: list[tuple[bytes | None, str | None]] = []
        """Of each applicant: what is sealed, and the keyed hash of the proof of identity."""
        self.watched: set[tuple[str, date]] = set()
        self.moved: list[Moved] = []


@dataclass(frozen=True, slots=True)
class Bodies:
    by_id: dict[int, AgencyRow]
    by_code: dict[str, AgencyRow]

    @classmethod
    def of(cls, unit: Unit) -> "Bodies":
        """All bodies, as they are called now."""
        rows = unit.agencies()
        return cls({row.id: row for row in rows}, {row.code: row for row in rows})


class Understanding:
    """From raw values to what they mean, by the types of the columns on this database."""

    def __init__(self, dialect: Dialect) -> None:
        self._case, self._line, self._person, self._watched, self._moved = (
            [_reads(column, dialect) for column in columns]
            for columns in (_CASE, _LINE[1:], _PERSON[1:], _WATCHED[1:], _MOVED[1:])
        )

    def place(self, raw: RawCase, bodies: Bodies) -> tuple[AgencyRow, AgencyRow, date]:
        """The body of a case's number, the one that handles it, and the day on which it was opened."""
        agency = bodies.by_id[raw.row[_AGENCY]]
        read = self._case[_OPENED]
        opened = raw.row[_OPENED] if read is None else read(raw.row[_OPENED])
        return agency, bodies.by_code.get(raw.row[_HELD_BY], agency), opened

    def case(self, raw: RawCase, bodies: Bodies) -> StoredCase:
        """Raises ValueError where a value cannot be one of its column."""
        agency, body, _ = self.place(raw, bodies)
        row = dict(zip(_NAMES, _read(self._case, raw.row), strict=True))
        found = StoredCase(row, agency, body)
        for person in raw.persons:
            *told, sealed, identity = _read(self._person, person[1:])
            found.applicants.append(Applicant(*told))
            found.private.append((sealed, identity))
        found.log = [Line(*_read(self._line, row[1:])) for row in raw.log]
        found.watched = {(kind, day) for kind, day in
                         (_read(self._watched, row[1:]) for row in raw.watched)}  # fmt: skip
        found.moved = [Moved(*_read(self._moved, row[1:])) for row in raw.moved]
        return found


def _reads(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    return column.type.dialect_impl(dialect).result_processor(dialect, None)


def _read(reads: list[Callable[[Any], Any] | None], row: Raw) -> list[Any]:
    return [value if read is None else read(value) for read, value in zip(reads, row, strict=True)]
