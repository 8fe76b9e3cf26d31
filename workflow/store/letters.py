"""Letters of cases in the store: their versions, and the numbers of the book."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Insert,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    cast,
    func,
    insert,
    select,
    update,
)

from workflow.store.letter_models import LetterNumberRow, LetterRow
from workflow.store.models import AgencyRow, Base, CaseRow, Moment
from workflow.store.prepared import Prepared
from workflow.store.sealed import Secrets
from workflow.store.sight import ALL, Sight
from workflow.store.unit import Unit

_LETTER: Table = Base.metadata.tables["letter"]
_NUMBER: Table = Base.metadata.tables["letter_number"]
_L, _N = _LETTER.c, _NUMBER.c
KEPT = "kept letters"
"""Of a transaction: the versions that were read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands: the book of a body and year, and the series in it. before, after: what stands
    around the number on paper."""

    agency_id: int
    series: str
    year: int
    before: str
    after: str


class Numbered(NamedTuple):
    """A number that was taken. text: as it stands on paper."""

    id: int
    n: int
    text: str


class Version(NamedTuple):
    """A version of a paper with its number, as LetterRow and LetterNumberRow have them."""

    id: int
    kind: str
    about: str
    version: int
    source: str
    hash: str
    length: int
    number_id: int | None
    seq: int | None
    file_id: int | None
    actor: str
    role: str
    made_at: datetime
    sealed: bytes
    number: str | None
    voided_at: datetime | None
    stands_for: str | None


# -- numbers ------------------------------------------------------------------------------------------


def _next() -> Insert:
    """The next number of a series, written in the same step in which it is found: of two transactions that
    take one, the second waits for the first or begins again."""
    last = (
        select((func.coalesce(func.max(_N.n), 0) + 1).label("n"))
        .where(
            _N.agency_id == bindparam("in_agency"),
            _N.series == bindparam("in_series"),
            _N.year == bindparam("in_year"),
        )
        .subquery()
    )
    given: dict[str, Any] = {
        "agency_id": bindparam("in_agency", type_=Integer),
        "series": bindparam("in_series", type_=String),
        "year": bindparam("in_year", type_=Integer),
        "n": last.c.n,
        "text": bindparam("before", type_=String) + cast(last.c.n, String) + bindparam("after", type_=String),
        "case_id": bindparam("of_case", type_=Integer),
        "kind": bindparam("of_kind", type_=String),
        "about": bindparam("of_about", type_=String),
        "actor": bindparam("by", type_=String),
        "taken_at": bindparam("at", type_=Moment()),
        "stands_for": bindparam("away", type_=String),
    }  # fmt: skip
    return (
        insert(_NUMBER)
        .from_select(list(given), select(*given.values()))
        .returning(_N.id, _N.n, _N.text)
    )


_NEXT = Prepared(_next())


def take_number(
    unit: Unit, place: Place, case_id: int, kind: str, about: str, actor: str, at: datetime,
    stands_for: str | None = None,
) -> Numbered:  # fmt: skip
    """The next number of the place, for a paper of a case. stands_for: in whose place the actor takes it."""
    values = {
        "in_agency": place.agency_id, "in_series": place.series, "in_year": place.year,
        "before": place.before, "after": place.after,
        "of_case": case_id, "of_kind": kind, "of_about": about, "by": actor, "at": at, "away": stands_for,
    }  # fmt: skip
    taken: Any = _NEXT.run(unit.connection, values).one()
    numbered = Numbered(*taken)
    unit.touched.note(LetterNumberRow.__tablename__, [(numbered.id,)])
    return numbered


def void_number(unit: Unit, number_id: int, actor: str, at: datetime, reason: str) -> None:
    """The number stays in the book, and says that it is void."""
    unit.connection.execute(
        update(_NUMBER)
        .where(_N.id == number_id)
        .values(voided_at=at, voided_by=actor, void_reason=reason)
    )
    unit.touched.note(LetterNumberRow.__tablename__, [(number_id,)])
    unit.info.pop(KEPT, None)


def number_for(unit: Unit, case_id: int, number_id: int) -> LetterNumberRow | None:
    query = select(LetterNumberRow).where(
        LetterNumberRow.case_id == case_id, LetterNumberRow.id == number_id
    )
    return unit.session.scalar(query)


def book_of(
    unit: Unit, agency_id: int, year: int, series: str | None = None, sight: Sight = ALL
) -> list[tuple[LetterNumberRow, str, str]]:
    """The numbers of a body and year, each with the code of the body and the number of its case; of one
    series or all, in the order of the book. sight: of the cases."""
    query = (
        select(LetterNumberRow, AgencyRow.code, CaseRow.number)
        .join(CaseRow, CaseRow.id == LetterNumberRow.case_id)
        .join(AgencyRow, AgencyRow.id == CaseRow.agency_id)
        .where(
            LetterNumberRow.agency_id == agency_id, LetterNumberRow.year == year, *sight.clauses()
        )
        .order_by(LetterNumberRow.series, LetterNumberRow.n)
    )
    if series is not None:
        query = query.where(LetterNumberRow.series == series)
    return [(row, code, number) for row, code, number in unit.session.execute(query)]


def years_of_book(unit: Unit, agency_id: int) -> list[int]:
    """The years of which a body has numbers, the latest first."""
    query = select(_N.year).where(_N.agency_id == agency_id).distinct()
    return sorted(unit.connection.scalars(query), reverse=True)


# -- versions -----------------------------------------------------------------------------------------


_VALUES = (
    "case_id", "kind", "about", "source", "hash", "length", "number_id", "seq", "file_id", "actor",
    "role", "made_at", "sealed", "stands_for",
)  # fmt: skip


def _keep() -> Insert:
    before = select(func.coalesce(func.max(_L.version), 0) + 1).where(
        _L.case_id == bindparam("of_case"),
        _L.kind == bindparam("of_kind"),
        _L.about == bindparam("of_about"),
    )
    return insert(_LETTER).values(version=before.scalar_subquery()).returning(_L.id)


_KEEP = Prepared(_keep(), *_VALUES)


def keep_version(unit: Unit, values: dict[str, Any]) -> None:
    """Write a version of a paper; it is one more than the last one of the same paper. values: all columns of
    LetterRow but id and version."""
    of = {f"of_{name.partition('_')[0]}": values[name] for name in ("case_id", "kind", "about")}
    kept = _KEEP.run(unit.connection, {**values, **of}).scalar_one()
    unit.touched.note(LetterRow.__tablename__, [(kept,)])
    unit.info.pop(KEPT, None)


_VERSIONS = Prepared(
    select(
        _L.id, _L.kind, _L.about, _L.version, _L.source, _L.hash, _L.length, _L.number_id, _L.seq,
        _L.file_id, _L.actor, _L.role, _L.made_at, _L.sealed, _N.text, _N.voided_at, _L.stands_for,
    )
    .join_from(_LETTER, _NUMBER, _N.id == _L.number_id, isouter=True)
    .where(_L.case_id == bindparam("of_case"))
    .order_by(_L.id)
)  # fmt: skip


def versions_of(unit: Unit, case_id: int) -> list[Version]:
    """All versions of all papers of a case, the oldest first. Asked of the store once, until one is written."""
    known: dict[int, list[Version]] = unit.info.setdefault(KEPT, {})
    if case_id not in known:
        rows = _VERSIONS.rows(unit.connection, {"of_case": case_id})
        known[case_id] = [Version(*row) for row in rows]
    return known[case_id]


_COUNT = Prepared(select(func.count()).where(_L.case_id == bindparam("of_case")))


def number_of_versions(unit: Unit, case_id: int) -> int:
    """How many versions there are of all papers of a case."""
    known: dict[int, list[Version]] = unit.info.get(KEPT, {})
    if case_id in known:
        return len(known[case_id])
    return int(_COUNT.rows(unit.connection, {"of_case": case_id})[0][0])


def sign_version(unit: Unit, version_id: int, number_id: int | None, seq: int) -> None:
    """A version that was brought back is the one that was signed: with its number, by the line of the log."""
    unit.connection.execute(
        update(_LETTER).where(_L.id == version_id).values(number_id=number_id, seq=seq)
    )
    unit.touched.note(LetterRow.__tablename__, [(version_id,)])
    unit.info.pop(KEPT, None)


def seal(keys: Secrets, salt: str, content: dict[str, Any]) -> bytes:
    """The content of a version; it opens only with the salt of its case, as what is private of who applies."""
    return keys.seal_private(content, salt)


def content_of(keys: Secrets, salt: str, case_id: int, sealed: bytes) -> dict[str, Any]:
    """What `seal` sealed. Raises InvalidTag if it was tampered with or moved to another case."""
    return keys.open_private(sealed, salt, case_id)


# -- verify -------------------------------------------------------------------------------------------


class Gap(NamedTuple):
    """A series in which numbers are missing: how many it has, and the highest."""

    agency: str
    series: str
    year: int
    there: int
    highest: int


def gaps_in_books(unit: Unit) -> list[Gap]:
    """Series that do not count from 1 without a gap; a number cannot be there twice."""
    count, highest, lowest = func.count(), func.max(_N.n), func.min(_N.n)
    query = (
        select(AgencyRow.code, _N.series, _N.year, count, highest)
        .join(AgencyRow, AgencyRow.id == _N.agency_id)
        .group_by(AgencyRow.code, _N.series, _N.year)
        .having((count != highest) | (lowest != 1))
        .order_by(AgencyRow.code, _N.year, _N.series)
    )
    return [Gap(*row) for row in unit.connection.execute(query)]


class Held(NamedTuple):
    """A version with what it is held to: the salt and the length of its case, the hash of its file, the case and
    the paper of its number."""

    id: int
    agency: str
    number: str
    kind: str
    about: str
    version: int
    source: str
    hash: str
    seq: int | None
    sealed: bytes
    case_id: int
    salt: str
    length: int
    file_hash: str | None
    file_case: int | None
    number_id: int | None
    number_of: int | None
    number_kind: str | None


_CASE, _AGENCY = Base.metadata.tables["case"].c, Base.metadata.tables["agency"].c
_FILE = Base.metadata.tables["file"].c
_HELD: Select[Any] = (
    select(
        _L.id, _AGENCY.code, _CASE.number, _L.kind, _L.about, _L.version, _L.source, _L.hash, _L.seq,
        _L.sealed, _L.case_id, _CASE.code_salt, _CASE.length, _FILE.sha256,
        _FILE.case_id.label("file_case"), _L.number_id, _N.case_id.label("number_of"), _N.kind.label("number_kind"),
    )
    .join_from(_LETTER, Base.metadata.tables["case"], _CASE.id == _L.case_id)
    .join(Base.metadata.tables["agency"], _AGENCY.id == _CASE.agency_id)
    .join(Base.metadata.tables["file"], _FILE.id == _L.file_id, isouter=True)
    .join(_NUMBER, _N.id == _L.number_id, isouter=True)
    .where(_L.id > bindparam("after"), _CASE.code_salt != "")
    .order_by(_L.id)
    .limit(bindparam("most"))
)  # fmt: skip


def held_versions(unit: Unit, after: int, most: int) -> list[Held]:
    """So many versions of all cases whose file is there, by their ids, beginning after one of them."""
    found = unit.connection.execute(_HELD, {"after": after, "most": most})
    return [Held(*row) for row in found]


def numbers_of_no_letter(unit: Unit) -> list[tuple[str, str, str]]:
    """Numbers that no version of a letter bears: code of the body of the case, number of the case, the number."""
    query = (
        select(_AGENCY.code, _CASE.number, _N.text)
        .join_from(_NUMBER, Base.metadata.tables["case"], _CASE.id == _N.case_id)
        .join(Base.metadata.tables["agency"], _AGENCY.id == _CASE.agency_id)
        .where(~select(_L.id).where(_L.number_id == _N.id).exists())
        .order_by(_N.id)
    )
    return [(code, number, text) for code, number, text in unit.connection.execute(query)]
