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
from workflow.store.dialect_read import Unread
from workflow.store.models import AgencyRow, Moment
from workflow.store.seals import MOVED_SAYS, Private
from workflow.store.shaped import Shaped
from workflow.store.unit import Unit
from workflow.store.words import UnreadText, WordsText
from workflow.store.writing import APPLICANT, CASE, EVENT, WATCHED

VERIFIED = VerifiedCaseRow.metadata.tables["verified_case"]
CHANGE = VerifiedCaseRow.metadata.tables["due_change"]
_CASE = list(CASE.c)
_LINE = [EVENT.c[name] for name in ("case_id", "seq", "event", "on", "fields", "actor", "role",
                                   "recorded_at", "filled", "stands_for", "hash", "once", "seal")]  # fmt: skip
_PERSON = [APPLICANT.c[name] for name in ("case_id", "name", "category", "description", "citizen",
                                          "filed_as", "sealed", "identity", "name_hash")]  # fmt: skip
_MOVED = [CHANGE.c[name] for name in ("case_id", *MOVED_SAYS, "seal")]
_WATCHED = [WATCHED.c[name] for name in ("case_id", "kind", "day", "agency_id")]

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


def ids_within(unit: Unit, first: int, last: int) -> list[int]:
    """The cases of these ids, in order."""
    query = select(CASE.c.id).where(CASE.c.id.between(first, last)).order_by(CASE.c.id)
    return list(unit.session.scalars(query))


ORPHANS = tuple(
    (
        table.name,
        select(func.count()).select_from(table).where(table.c.case_id.not_in(select(CASE.c.id))),
    )
    for table in (EVENT, APPLICANT, WATCHED, CHANGE)
)


def without_case(unit: Unit) -> list[tuple[str, int]]:
    """Tables with rows of cases that are not there, and how many rows."""
    connection = unit.session.connection()
    found = [(name, connection.execute(query).scalar_one()) for name, query in ORPHANS]
    return [(name, rows) for name, rows in found if rows]


def twice_there(unit: Unit) -> list[tuple[Any, Any]]:
    """Id of the body and number of the cases of which there are several."""
    query = (
        select(*_raw([CASE.c.agency_id, CASE.c.number]))
        .group_by(CASE.c.agency_id, CASE.c.number)
        .having(func.count() > 1)
    )
    return [(row[0], row[1]) for row in unit.session.connection().execute(query)]


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
    seal: str | None = None


@dataclass
class Moved:
    """A change of due days, understood: the values of a DueChangeRow."""

    recorded_at: datetime
    actor: str
    cause: str
    reason: str
    kind: str
    old_next_due: date | None
    new_next_due: date | None
    old_reply_due: date | None
    new_reply_due: date | None
    seal: str | None


class Unreadable(ValueError):
    """A value is none of its column. The message says in Chinese where it lies, never what it is."""


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
        self.private: list[Private] = []
        """Of each applicant: what is sealed, and the keyed hash of the proof of identity."""
        self.named: list[str | None] = []
        """Of each applicant the keyed hash of the name."""
        self.watched: set[tuple[str, date]] = set()
        self.watched_elsewhere = False
        """Whether a watched day stands with another body than the case."""
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
        """The body of a case's number, the one that handles it, and the day on which it was opened.

        Raises KeyError where that body is not in the store, Unreadable.
        """
        agency = bodies.by_id[raw.row[_AGENCY]]
        (opened,) = _read("案卷", self._case[_OPENED : _OPENED + 1], raw.row[_OPENED : _OPENED + 1])
        return agency, bodies.by_code.get(raw.row[_HELD_BY], agency), opened

    def case(self, raw: RawCase, bodies: Bodies) -> StoredCase:
        """Raises Unreadable where a value cannot be one of its column."""
        agency, body, _ = self.place(raw, bodies)
        row = dict(zip(_NAMES, _read("案卷", self._case, raw.row), strict=True))
        found = StoredCase(row, agency, body)
        for person in raw.persons:
            *told, sealed, identity, named = _read("申请人", self._person, person[1:])
            found.applicants.append(Applicant(*told))
            found.private.append((sealed, identity))
            found.named.append(named)
        found.log = [
            Line(*_read(f"日志第 {place} 条", self._line, line[1:]))
            for place, line in enumerate(raw.log, 1)
        ]
        for one in raw.watched:
            kind, day, agency_id = _read("提醒日期", self._watched, one[1:])
            found.watched.add((kind, day))
            found.watched_elsewhere |= agency_id != row["agency_id"]
        found.moved = [Moved(*_read("期限变动记录", self._moved, one[1:])) for one in raw.moved]
        return found


_Reads = Callable[[Any], Any]


def _reads(column: Column[Any], dialect: Dialect) -> _Reads:
    """From a raw value to that of the column. Raises ValueError or TypeError for one that is none of its kind: SQLite keeps
    whatever it is given."""
    turn = column.type.dialect_impl(dialect).result_processor(dialect, None)
    kind: type
    if isinstance(column.type, Shaped):
        kind = type(column.type.shape.empty)
    elif isinstance(column.type, WordsText):
        kind = str
    else:
        kind = datetime if isinstance(column.type, Moment) else column.type.python_type

    def read(value: Any) -> Any:
        if kind is bool and value not in (None, 0, 1):
            raise ValueError
        found = turn(value) if turn is not None else value
        if isinstance(found, kind) and not isinstance(found, Unread | UnreadText):
            return found
        if found is None and value is None and column.nullable:
            return found
        raise TypeError

    return read


def _read(where: str, reads: list[_Reads], row: Raw) -> list[Any]:
    try:
        return [read(value) for read, value in zip(reads, row, strict=True)]
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        raise Unreadable(f"{where}的内容无法读取") from None
