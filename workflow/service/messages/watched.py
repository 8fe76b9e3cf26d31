"""Which cases have a watched day in a window, and what a body must be reminded of itself."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from config.errors import Damaged
from workflow.reminders.watched import WatchedBody, WatchedDay
from workflow.rules.rulebook import Rulebook
from workflow.service.office import Office
from workflow.store import cases as case_queries
from workflow.store import files, own_accounts
from workflow.store import report as report_queries
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.parcels import open_everywhere
from workflow.store.restored import case_of
from workflow.store.retried import retried
from workflow.store.unit import Unit
from workflow.store.writing import watched_values

COMPLETE = "watched"
"""The stamp of a store whose cases all have their watched days."""
BATCH = 500
PROOF = "scan"
"""The day to bring a proof of service: what lies in the file meets it, and stands in no log."""

Windows = Mapping[str, Iterable[tuple[date, date]]]
"""Spans of days, first through last, for each kind of workflow.reminders.watched.KINDS."""


class WatchedCases:
    """The use cases around watched days."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @retried
    def complete(self) -> int:
        """Give the cases of an older store their watched days; done once, then nothing. Returns how
        many cases were gone through."""
        with self.office.store.read() as unit:
            if unit.stamp(COMPLETE) is not None:
                return 0
        with self.office.store.write_rules() as unit:
            number, last = 0, 0
            while batch := self._after(unit, last):
                for row in batch:
                    known = {(one.kind, one.day) for one in row.watched}
                    with suppress(Damaged):  # `verify` names it
                        rules = self.office.rules(unit, row.agency, row.opened_on)
                        unit.watch(row, known, watched_values(case_of(row, rules)))
                unit.session.flush()
                number, last = number + len(batch), batch[-1].id
            unit.set_stamp(COMPLETE, "1")
        return number

    @staticmethod
    def _after(unit: Unit, last: int) -> list[CaseRow]:
        query = (
            select(CaseRow)
            .where(CaseRow.id > last)
            .options(
                selectinload(CaseRow.applicants),
                selectinload(CaseRow.log),
                selectinload(CaseRow.watched),
                joinedload(CaseRow.agency),
            )
            .order_by(CaseRow.id)
            .limit(BATCH)
        )
        return list(unit.session.scalars(query))

    def rules_on(self, day: date) -> dict[str, Rulebook]:
        """The rules of every body on the day, by its code."""
        with self.office.store.read() as unit:
            return {row.code: self.office.rules(unit, row, day) for row in unit.agencies()}

    def in_windows(self, agencies: Iterable[str], windows: Windows) -> list[WatchedDay]:
        """The watched days of the bodies' cases that lie in the windows: ranges of an index."""
        with self.office.store.read() as unit:
            codes = set(agencies)
            bodies = {row.id: row.code for row in unit.agencies() if row.code in codes}
            found = [
                WatchedDay(bodies[body], number, kind, day)
                for kind, spans in windows.items()
                for first, last in spans
                for body, number, day in case_queries.watched_in_window(
                    unit, list(bodies), kind, first, last
                )
            ]
            asked = {one.number for one in found if one.kind == PROOF}
            proved = files.proved_since(unit, bodies, asked) if asked else set()
            return [one for one in found if one.kind != PROOF or one[:2] not in proved]

    def own_in_windows(self, agencies: Iterable[str], windows: Windows) -> list[WatchedDay]:
        """The days in the windows of which applicants who have an account want to be reminded; nothing is asked where
        nobody does."""
        with self.office.store.read() as unit:
            if not own_accounts.somebody_wants(unit):
                return []
            codes = set(agencies)
            bodies = {row.id: row.code for row in unit.agencies() if row.code in codes}
            return [
                WatchedDay(bodies[body], number, kind, day)
                for kind, spans in windows.items()
                for first, last in spans
                for body, number, day in own_accounts.watched_in_window(
                    unit, list(bodies), kind, first, last
                )
            ]

    def bodies(self) -> dict[str, WatchedBody]:
        """Every body by its code, in the order in which they were added."""
        with self.office.store.read() as unit:
            return watched_bodies(unit)

    def have_refused(self) -> set[str]:
        """The bodies that have refused information, wholly or in part (条例18). Reads through closed
        cases: to be asked on the days on which it matters."""
        law = self.office.law
        refusing = [code for code, row in law.outcomes.items() if row.cls in ("refuse", "partial")]
        query = (
            select(AgencyRow.code)
            .join(CaseRow, CaseRow.agency_id == AgencyRow.id)
            .where(CaseRow.outcome.in_(refusing), CaseRow.closed_on.is_not(None))
            .distinct()
        )
        with self.office.store.read() as unit:
            return set(unit.session.scalars(query))


def watched_bodies(unit: Unit) -> dict[str, WatchedBody]:
    """Every body by its code, in the order in which they were added; what is owed by those below and
    whether it has refused are not yet said."""
    rows = unit.agencies()
    published: dict[int, set[int]] = {row.id: set() for row in rows}
    for year in unit.published_years(published):
        published[year.agency_id].add(year.year)
    first = {
        row.id: unit.session.scalar(
            select(func.min(CaseRow.received_on)).where(CaseRow.agency_id == row.id)
        )
        for row in rows
    }
    documents, parcels = report_queries.unpublished_documents(unit), open_everywhere(unit)
    return {
        row.code: WatchedBody(
            row.code,
            row.level,
            day.year if (day := first[row.id]) else None,
            frozenset(published[row.id]),
            tuple(under.code for under in rows if under.parent_id == row.id),
            unpublished=tuple(documents.get(row.id, ())),
            parcels=tuple(parcels.get(row.id, ())),
        )
        for row in rows
    }
