"""What the reports ask of the cases of a year, answered from the kept counts; cases are read one by one only
where somebody asks which they are, through the index of the words."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Row, and_, func, or_, select, text, union
from sqlalchemy.orm import joinedload, selectinload

from workflow.case.counted import CountedCase
from workflow.report.tables.kept import Kept, group_of, kept_of, with_marks
from workflow.store.counts import (
    received_until,
    spans_of,
    words_marked,
    words_of_bodies,
    words_of_shared_reviews,
)
from workflow.store.dialect import among
from workflow.store.models import TIED, CaseRow
from workflow.store.restored import counted_row
from workflow.store.unit import Unit

_COUNTED = (
    CaseRow.id, CaseRow.opened_on, CaseRow.counted_as, CaseRow.agency_id, CaseRow.number, CaseRow.kind,
    CaseRow.columns, CaseRow.received_on, CaseRow.closed_on, CaseRow.result_row, CaseRow.state,
    CaseRow.item_rows, CaseRow.joint_letter, CaseRow.merged_into, CaseRow.withdrawn_unaccepted,
    CaseRow.redo_of, CaseRow.redo_mode, CaseRow.proceedings, CaseRow.moved_on,
)  # fmt: skip


def _in_table3(year: int) -> ColumnElement[bool]:
    return and_(
        CaseRow.received_on <= date(year, 12, 31),
        or_(CaseRow.closed_on.is_(None), CaseRow.closed_on >= date(year, 1, 1)),
    )


LINKS = {
    "redo_of": (CaseRow.redo_of,),
    "joint_letter": (CaseRow.joint_letter, CaseRow.merged_into),
}
"""By what a case counts together with others (workflow/report/tables/tally.py, `links`): the columns."""


def _tied(agency_ids: Collection[int], links: Collection[str]) -> CompoundSelect[tuple[int]]:
    """The cases of any year that name another by one of the links, and those that they name."""
    columns = [column for link in sorted(links) for column in LINKS[link]]
    naming = (
        select(CaseRow.id, CaseRow.agency_id, *columns)
        .where(
            among(CaseRow.agency_id, agency_ids),
            text(f"({TIED})"),
            or_(*(column.is_not(None) for column in columns)),
        )
        .cte("naming")
    )
    known = and_(
        naming.c.agency_id == CaseRow.agency_id,
        CaseRow.number.in_([naming.c[column.key] for column in columns]),
    )
    return union(select(naming.c.id), select(CaseRow.id).join(naming, known))


def cases_for_tables(
    unit: Unit, agency_id: int, year: int, void_states: tuple[str, ...]
) -> list[CountedCase]:
    """Every case that can stand in a table of the year or decides how another one counts, one by one."""
    of_body = select(CaseRow.id).where(CaseRow.agency_id == agency_id)
    decide = (
        _tied([agency_id], LINKS),
        of_body.where(text(f"({TIED})")),
        of_body.where(CaseRow.held_by.is_not(None)),
    )
    query = (
        select(*_COUNTED)
        .where(
            CaseRow.agency_id == agency_id,
            or_(_in_table3(year), *(CaseRow.id.in_(one) for one in decide)),
        )
        .order_by(CaseRow.opened_on, CaseRow.number)
    )
    return [counted_row(row, row.state in void_states) for row in unit.session.execute(query)]


def groups_for_tables(
    unit: Unit,
    links: Mapping[int, frozenset[str]],
    year: int,
    void_states: tuple[str, ...],
    also: Collection[str] = (),
) -> dict[int, list[CountedCase]]:
    """The same for many bodies from the kept counts, by the id of the body: alike cases in groups, and one by
    one those that count together with others. links: by what they do, for each body, under its settings.
    also: numbers of cases that are to be given one by one as well.

    They are all that the tables of the year and 结转下年度 of the year before see.
    """
    words = unit.words(links, year)
    apart = _words_apart(unit, words)
    singles = _singles(unit, apart, links, void_states, also)
    found: dict[int, list[CountedCase]] = {}
    for body, known in words.items():
        left = Counter({word: n for word, n in known.items() if word not in apart.get(body, ())})
        for word, _ in singles.get(body, ()):
            if word is not None and word in left:
                left[word] -= 1
        found[body] = [one for _, one in singles.get(body, ())]
        found[body].extend(group_of(word, number) for word, number in left.items() if number)
    return found


def _words_apart(unit: Unit, words: Mapping[int, Mapping[str, int]]) -> dict[int, set[str]]:
    """By id of the body: the words whose cases have to be read one by one."""
    told = [(body, kept_of(word)) for body, known in words.items() for word in known]
    found: dict[int, set[str]] = {}
    bodies = {body for body, kept in told if kept.disputed}
    if bodies:
        found = words_of_shared_reviews(unit.session.connection(), bodies)
    for body, kept in told:
        if kept.alone:
            found.setdefault(body, set()).add(kept.word)
    return found


def _singles(
    unit: Unit,
    apart: Mapping[int, Collection[str]],
    links: Mapping[int, frozenset[str]],
    void_states: tuple[str, ...],
    also: Collection[str],
) -> dict[int, list[tuple[str | None, CountedCase]]]:
    """By id of the body: the cases that are read one by one, each with its word, in the order in which they
    were opened."""
    rows: dict[int, Row[Any]] = {}
    if apart:
        asked = select(*_COUNTED).where(
            among(CaseRow.agency_id, apart),
            CaseRow.counted_as.in_({word for some in apart.values() for word in some}),
        )
        rows = {
            row.id: row
            for row in unit.session.execute(asked)
            if row.counted_as in apart[row.agency_id]
        }
    for linked in {*links.values()} - {frozenset()}:
        bodies = [body for body, by in links.items() if by == linked]
        asked = select(*_COUNTED).where(CaseRow.id.in_(_tied(bodies, linked)))
        rows |= {row.id: row for row in unit.session.execute(asked)}
    if also:
        asked = select(*_COUNTED).where(
            CaseRow.agency_id.in_(list(links)), CaseRow.number.in_(also)
        )
        rows |= {row.id: row for row in unit.session.execute(asked)}
    found: dict[int, list[tuple[str | None, CountedCase]]] = {}
    for row in sorted(rows.values(), key=lambda row: (row.opened_on, row.number)):
        one = with_marks(counted_row(row, row.state in void_states))
        found.setdefault(row.agency_id, []).append((row.counted_as, one))
    return found


# -- which cases, and how many ------------------------------------------------------------------------


def in_words(agency_id: int, words: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """The cases of a body that are counted under these words: a range of an index for each."""
    return CaseRow.agency_id == agency_id, CaseRow.counted_as.in_(words)


def days_of(
    unit: Unit, agency_id: int, words: Collection[str], apart: Collection[str]
) -> list[tuple[date, date | None, int]]:
    """Days of receipt and closing of the cases of these words, without those of some numbers, and how many
    have both; one look through the index of the words."""
    query = (
        select(CaseRow.received_on, CaseRow.closed_on, func.count())
        .where(*in_words(agency_id, words), CaseRow.received_on.is_not(None))
        .group_by(CaseRow.received_on, CaseRow.closed_on)
    )
    if apart:
        query = query.where(CaseRow.number.not_in(apart))
    return [(on, ended, n) for on, ended, n in unit.session.execute(query) if on is not None]


def words_with(unit: Unit, agency_id: int, year: int, name: str) -> list[Kept]:
    """The words of a body that the year's reports see and that say something under the name (late, fees,
    look)."""
    unit.settle()
    found = words_marked(unit.session.connection(), [agency_id], year, name)
    return [kept_of(word) for word, _ in found]


def disputed(unit: Unit, agency_id: int, words: Collection[str]) -> list[CaseRow]:
    """The applications of these words, with their logs, by number."""
    query = (
        select(CaseRow)
        .where(*in_words(agency_id, words), CaseRow.kind == "application")
        .options(
            selectinload(CaseRow.applicants),
            selectinload(CaseRow.log),
            joinedload(CaseRow.agency),
        )
        .order_by(CaseRow.number)
    )
    return list(unit.session.scalars(query))


def served_in_year(unit: Unit, agency_id: int, year: int, *, online: bool) -> tuple[str, int]:
    """The first number and how many replies were served in the year, or on the net alone; "" for none."""
    words = {
        word: times
        for word, times in unit.words([agency_id], year)[agency_id].items()
        if (kept := kept_of(word)).case.closed_on
        and kept.case.closed_on.year == year
        and kept.marks.served in (("online",) if online else ("online", "offline"))
    }
    if not words:
        return "", 0
    first = unit.session.scalar(select(func.min(CaseRow.number)).where(*in_words(agency_id, words)))
    return first or "", sum(words.values())


def channels_of_year(unit: Unit, agency_ids: Collection[int], year: int) -> dict[str, int]:
    """How many applications of the year came in to the bodies by each channel."""
    unit.settle()
    found: Counter[str] = Counter()
    for word, times in words_of_bodies(unit.session.connection(), agency_ids, year):
        kept = kept_of(word)
        one = kept.case
        came = one.received_on is not None and one.received_on.year == year
        counts = one.kind == "application" and not one.redo_of and not one.void
        if came and counts and kept.marks.channel:
            found[kept.marks.channel] += times
    return dict(found)


def overdue_of_year(
    unit: Unit, agency_ids: Collection[int], year: int, running: tuple[str, ...], today: date
) -> tuple[int, int]:
    """How many applications were answered after their due day in the year; and how many were past it and
    not closed at its end, in a running year today."""
    unit.settle()
    late = words_marked(unit.session.connection(), agency_ids, year, "late")
    seen = [(kept_of(word), times) for word, times in late]
    answered = sum(
        times for kept, times in seen if _was_late(kept, year) and not _later(kept, year)
    )
    since = sum(times for kept, times in seen if _was_late(kept, year) and _later(kept, year))
    query = select(func.count()).where(
        among(CaseRow.agency_id, agency_ids), *_late_and_open(year, running, today)
    )
    return answered, since + (unit.session.scalar(query) or 0)


def overdue_at_the_end(
    unit: Unit, agency_id: int, year: int, running: tuple[str, ...], today: date
) -> list[str]:
    """The numbers of applications that were past their due day on 31 December and not closed, in a running
    year today."""
    words = [
        kept.word
        for kept in words_with(unit, agency_id, year, "late")
        if _was_late(kept, year) and _later(kept, year)
    ]
    open_ = select(CaseRow.reply_due, CaseRow.number).where(
        CaseRow.agency_id == agency_id, *_late_and_open(year, running, today)
    )
    found = list(unit.session.execute(open_).all())
    if words:
        closed = select(CaseRow.reply_due, CaseRow.number).where(*in_words(agency_id, words))
        found += unit.session.execute(closed).all()
    return [number for _, number in sorted((due, number) for due, number in found)]


def _was_late(kept: Kept, year: int) -> bool:
    """Closed after its due day in the year, or in a later one when it was late at the end of this one."""
    late, closed = kept.marks.late, kept.case.closed_on
    return late is not None and closed is not None and late <= year <= closed.year


def _later(kept: Kept, year: int) -> bool:
    """Closed in a later year."""
    return kept.case.closed_on is not None and kept.case.closed_on.year > year


def _late_and_open(
    year: int, running: tuple[str, ...], today: date
) -> tuple[ColumnElement[bool], ...]:
    """An application for which a reply was due before the end of the year and before today."""
    return (
        CaseRow.closed_on.is_(None),
        CaseRow.reply_due <= min(date(year, 12, 31), today - timedelta(1)),
        CaseRow.kind == "application",
        CaseRow.state.in_(running),
    )


def years_with_cases(unit: Unit, agency_ids: Collection[int]) -> dict[int, list[int]]:
    """By id of the body: the years from the first receipt to the last receipt or closing. Bodies without
    cases are left out."""
    unit.settle()
    found: dict[int, list[int]] = {}
    for body, first, last in spans_of(unit.session.connection(), agency_ids):
        found[body] = list(range(first, last + 1))
    return found


def has_cases_until(unit: Unit, agency_ids: Collection[int], year: int) -> bool:
    """True when one of the bodies received a case until the end of the year."""
    unit.settle()
    return received_until(unit.session.connection(), agency_ids, year)
