"""The cases behind a cell of the yearly tables, a page at a time, found by the words under which they are
counted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from workflow.report.tables.kept import kept_of
from workflow.store.counts import cases_by_year
from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.sight import ALL, Sight
from workflow.store.unit import Unit

SORTED_AT_ONCE = 1000
"""So many cases are sorted for a page of them without asking whether walking along the days is less work."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The cases of a body behind a cell. words, numbers: how often a case of the word, or the case of the
    number, stands in it. apart: numbers of cases that do not go by their word. times: how many cases have
    each word, without those apart."""

    agency_id: int
    words: Mapping[str, int]
    times: Mapping[str, int]
    numbers: Mapping[str, int]
    apart: Collection[str] = ()

    @property
    def total(self) -> int:
        """The number in the cell."""
        return sum(self.times[word] * often for word, often in self.words.items()) + sum(
            self.numbers.values()
        )

    def often(self, number: str, word: str | None) -> int:
        """How often a case stands in the cell."""
        return self.numbers.get(number) or self.words.get(word or "", 0)

    def __bool__(self) -> bool:
        return bool(self.words or self.numbers)


@dataclass(frozen=True, slots=True, order=True)
class CellPlace:
    """Where a case stands among those of a cell: by its day of receipt (of opening before that), its
    number."""

    on: date
    number: str


@dataclass(frozen=True, slots=True)
class CellCase:
    """A case of a cell. often: how often it stands in it; applicants: how many there are."""

    place: CellPlace
    title: str = ""
    state: str = ""
    first: str = ""
    applicants: int = 0
    held: bool = False
    often: int = 1

    @property
    def applicant(self) -> str:
        """The first applicant, and how many more there are."""
        return self.first + (f"等 {self.applicants} 人" if self.applicants > 1 else "")


def numbers_behind(unit: Unit, behind: Behind, sight: Sight = ALL) -> list[str]:
    """All numbers, a case as often as it stands in the cell, in the order in which they were opened."""
    if not behind:
        return []
    query = (
        select(CaseRow.number, CaseRow.counted_as)
        .where(
            CaseRow.agency_id == behind.agency_id,
            _in_cell(behind, CaseRow.__table__.c.counted_as),
            *sight.clauses(),
        )
        .order_by(CaseRow.opened_on, CaseRow.number)
    )
    return [
        number
        for number, word in unit.session.execute(query)
        for _ in range(behind.often(number, word))
    ]


def cases_behind(
    unit: Unit,
    behind: Behind,
    limit: int,
    beyond: CellPlace | None = None,
    *,
    back: bool = False,
    sight: Sight = ALL,
) -> list[CellCase]:
    """The next cases in the order of their days: all that a page shows of them in one query. beyond: the
    last one that was seen, with back the first one, to get those before it."""
    if not behind:
        return []
    walked = _walking(unit, behind, limit, beyond, back=back)
    # Without a function around it the word would be looked up, and all cases found sorted by their days.
    kept: ColumnElement[Any] = CaseRow.__table__.c.counted_as
    word = kept.concat("") if walked else kept
    on: ColumnElement[Any] = CaseRow.__table__.c.received_on if walked else _on()
    order = (on, CaseRow.number)
    query = select(CaseRow.id, on.label("on")).where(
        CaseRow.agency_id == behind.agency_id, _in_cell(behind, word), *sight.clauses()
    )
    if walked:
        years = [kept_of(one).case.received_on for one in behind.words]
        days = [day for day in years if day is not None]
        query = query.where(
            CaseRow.received_on.between(date(min(days).year, 1, 1), date(max(days).year, 12, 31))
        )
    if beyond is not None:
        query = query.where(_comes(on, beyond, back=back))
    directed = [one.desc() for one in order] if back else list(order)
    rows = unit.session.execute(_shown(query.order_by(*directed).limit(limit)))
    found = [
        CellCase(CellPlace(on, number), title, state, first or "", people, bool(held),
                 behind.often(number, counted_as))
        for on, number, title, state, held, counted_as, first, people in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.place)


def named(
    unit: Unit, agency_id: int, numbers: Collection[str], sight: Sight = ALL
) -> dict[str, CellCase]:
    """What is shown of the cases of these numbers."""
    query = select(CaseRow.id, _on().label("on")).where(
        CaseRow.agency_id == agency_id, CaseRow.number.in_(numbers), *sight.clauses()
    )
    return {
        number: CellCase(CellPlace(on, number), title, state, first or "", people, bool(held))
        for on, number, title, state, held, _, first, people in unit.session.execute(_shown(query))
    }


def _on() -> ColumnElement[date]:
    return func.coalesce(CaseRow.received_on, CaseRow.opened_on)


def _comes(on: ColumnElement[date], place: CellPlace, *, back: bool) -> ColumnElement[bool]:
    if back:
        return and_(on <= place.on, or_(on < place.on, CaseRow.number < place.number))
    return and_(on >= place.on, or_(on > place.on, CaseRow.number > place.number))


def _in_cell(behind: Behind, word: ColumnElement[Any]) -> ColumnElement[bool]:
    by_word: ColumnElement[bool] = word.in_(list(behind.words))
    if behind.apart:
        by_word = and_(by_word, CaseRow.number.not_in(list(behind.apart)))
    if not behind.numbers:
        return by_word
    by_number = CaseRow.number.in_(list(behind.numbers))
    return or_(by_word, by_number) if behind.words else by_number


def _shown(ids: Select[int, date]) -> Select[date, str, str, str, str | None, str | None, str, int]:
    """What is shown of each of these cases."""
    found = ids.subquery()
    applicants = select(ApplicantRow).where(ApplicantRow.case_id == CaseRow.id)
    first = applicants.where(ApplicantRow.position == 0).with_only_columns(ApplicantRow.name)
    people = applicants.with_only_columns(func.count())
    return select(
        found.c.on,
        CaseRow.number,
        CaseRow.request,
        CaseRow.state,
        CaseRow.held_by,
        CaseRow.counted_as,
        func.coalesce(CaseRow.applicant_now, first.scalar_subquery()),
        people.scalar_subquery(),
    ).join(found, found.c.id == CaseRow.id)


def _walking(
    unit: Unit, behind: Behind, limit: int, beyond: CellPlace | None, *, back: bool
) -> bool:
    """Whether walking through the body's cases along their days comes to a page of the cell sooner than all
    its cases are sorted: it does where many cases stand in the cell."""
    total = sum(behind.times[word] for word in behind.words)
    received = [kept_of(word).case.received_on for word in behind.words]
    if total <= SORTED_AT_ONCE or behind.numbers or None in received:
        return False
    here: dict[int, int] = {}
    for word in behind.words:
        day = kept_of(word).case.received_on
        assert day is not None
        here[day.year] = here.get(day.year, 0) + behind.times[word]
    everywhere = cases_by_year(unit.session.connection(), behind.agency_id)
    walked, wanted = 0.0, float(limit)
    for year in sorted(range(min(here), max(here) + 1), reverse=back):
        if beyond is not None and (year > beyond.on.year if back else year < beyond.on.year):
            continue
        part = min(1.0, wanted / here[year]) if year in here else 1.0
        walked += everywhere.get(year, 0) * part
        wanted -= here.get(year, 0) * part
        if wanted <= 0:
            break
    return walked < total
