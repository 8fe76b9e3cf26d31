"""Which cases of a list are wanted: what an address or a person asks for, as conditions over their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, and_, false, literal_column, not_, or_

from workflow.case.waiting import ROLE
from workflow.dates import EVER, Days
from workflow.store.models import OTHER_REGISTERS, CaseRow
from workflow.store.sight import ALL, Sight

APPLICANT = f"{ROLE}applicant"
"""Of a case in which nobody here is to act."""


@dataclass(frozen=True, slots=True)
class Own:
    """What waits for a person: by id of a body the words of `waits_for` that mean them there. overdue: bodies in
    which it also waits for them when an applicant has let a day pass, before this day."""

    words: tuple[tuple[int, tuple[str, ...]], ...]
    overdue: tuple[int, ...]
    today: date

    def clause(self) -> ColumnElement[bool]:
        alike: dict[tuple[str, ...], list[int]] = {}
        for body, words in self.words:
            alike.setdefault(words, []).append(body)
        found = [
            and_(one_of(CaseRow.agency_id, bodies), one_of(CaseRow.waits_for, words))
            for words, bodies in alike.items()
            if words
        ]
        if self.overdue:
            found.append(
                and_(
                    one_of(CaseRow.agency_id, self.overdue),
                    CaseRow.waits_for == APPLICANT,
                    CaseRow.next_due.is_not(
                        None
                    ),  # what is neither true nor false is not the others' either
                    CaseRow.next_due < self.today,
                )
            )
        return or_(false(), *found)


@dataclass(frozen=True, slots=True)
class Since:
    """What came after a moment and was done by somebody else than the person of that user name."""

    moment: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: of these states and kinds, due before a day, of these numbers, among those of a query for
    ids. sight: what the person sees of these bodies.

    own: what waits for the person; others: what does not. given: whom it was given, "" for nobody. year: of the
    number. since: only what is new. waiting: only what waits for somebody, as all does that is open.
    on_the_way: columns that are to lead to no index: other ones do, and they are looked at on the way.
    """

    states: tuple[str, ...] = ()
    due_before: date | None = None
    kinds: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    sight: Sight = ALL
    among: Select[int] | None = None
    own: Own | None = None
    others: Own | None = None
    given: str | None = None
    year: int | None = None
    outcomes: tuple[str, ...] = ()
    received: Days = EVER
    due: Days = EVER
    answered: Days = EVER
    since: Since | None = None
    waiting: bool = False
    on_the_way: tuple[str, ...] = ()

    def clauses(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.own is not None:
            found.append(self.own.clause())
        if self.others is not None:
            found.append(or_(CaseRow.waits_for.is_(None), not_(self.others.clause())))
        if self.given is not None:
            here = CaseRow.assigned_to
            found.append(here == self.given if self.given else here.is_(None))
        if self.year is not None:
            number = self._led(CaseRow.number)
            found += [number >= f"{self.year}-", number < f"{self.year}."]
        if self.outcomes:
            found.append(one_of(CaseRow.outcome, self.outcomes))
        found += _within(CaseRow.received_on, self.received)
        found += _within(CaseRow.next_due, self.due)
        found += _within(CaseRow.closed_on, self.answered)
        if self.since is not None:
            by_others = and_(
                CaseRow.news_at > self.since.moment, CaseRow.news_by != self.since.name
            )
            found.append(or_(by_others, CaseRow.uploaded_at > self.since.moment))
        found += self.sight.clauses()
        if self.waiting:
            found.append(CaseRow.waits_for.is_not(None))
        if self.states:
            found.append(one_of(self._led(CaseRow.state), self.states))
        if self.kinds:
            found.append(one_of(CaseRow.kind, self.kinds))
            if "application" not in self.kinds:
                found.append(literal_column(f"({OTHER_REGISTERS})", Boolean))
        if self.numbers:
            found.append(one_of(CaseRow.number, self.numbers))
        if self.among is not None:
            found.append(CaseRow.id.in_(self.among))
        if self.due_before:
            found.append(CaseRow.next_due < self.due_before)
        return found

    def _led(self, column: Any) -> Any:
        return column.concat("") if column.key in self.on_the_way else column


def _within(column: Any, days: Days) -> list[ColumnElement[bool]]:
    if days.first is not None and days.first == days.last:
        return [column == days.first]
    found = [] if days.first is None else [column >= days.first]
    return found if days.last is None else [*found, column <= days.last]


def one_of(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """Whether a column has one of these values."""
    found: ColumnElement[bool] = column == values[0] if len(values) == 1 else column.in_(values)
    return found
