"""The worklist: cases of a person's bodies, what is due first on top; and the search among them."""

from datetime import date

from workflow import events as ev
from workflow.case.reopening import OPEN_AGAIN
from workflow.people import Staff
from workflow.rules import permissions
from workflow.service.cases.views import Place, WorkItem
from workflow.service.office import Office
from workflow.store import cases as case_queries
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.unit import Unit


class Worklist:
    """Lists of cases, for staff."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def cases(
        self,
        staff: Staff,
        *,
        states: tuple[str, ...] = (),
        due_before: date | None = None,
        text: str | None = None,
        kinds: tuple[str, ...] = (),
        numbers: tuple[str, ...] = (),
        after: int = 0,
        limit: int = case_queries.PAGE,
        beyond: Place | None = None,
    ) -> tuple[list[WorkItem], int]:
        """Cases of the person's bodies, what is due first on top, and how many there are in all.

        after: how many to pass over; or beyond: the place of the last one that was seen.
        """
        today = self.office.today()
        with self.office.store.read() as unit:
            readable = permissions.bodies_for(self.office.law, "read_cases", staff)
            own = [body.id for body in self.office.tree(unit).of_codes(readable)]
            agencies = {row.id: row for row in unit.agencies(own)}
            lent = tuple(row.id for row in agencies.values() if row.code in staff.lent)
            wanted = case_queries.Wanted(states, due_before, text, kinds, numbers, lent)
            place = None
            if beyond is not None:
                ids = {row.code: row.id for row in agencies.values()}
                place = (beyond.due, beyond.number, ids.get(beyond.agency, 0))
            rows = case_queries.cases_by_urgency(
                unit, list(agencies), wanted, after=after, limit=limit, beyond=place
            )
            total = case_queries.count_cases(unit, list(agencies), wanted)
            last = self._last_steps(unit, rows)
            items = [
                self._work_item(unit, row, agencies[row.agency_id], today, last.get(row.id))
                for row in rows
            ]
        return items, total

    def _last_steps(self, unit: Unit, rows: list[CaseRow]) -> dict[int, str]:
        """The event that led each case to where it stands. A reply that came back leads as a service that
        failed does."""
        steps = self.office.law.steps
        states = {row.id: row.state for row in rows}
        found: dict[int, str] = {}
        names = {*steps, ev.RecordDelivery.name}
        for case_id, event, fields in case_queries.lines_of(unit, list(states), names):
            came_back = fields.get("of") == ev.Serve.name and fields.get("returned_on")
            if event in steps:
                found[case_id] = event
            elif came_back and states[case_id] == OPEN_AGAIN:
                found[case_id] = ev.ServiceFailed.name
        return found

    def _work_item(
        self, unit: Unit, row: CaseRow, agency: AgencyRow, today: date, last: str | None
    ) -> WorkItem:
        calendar = self.office.rules(unit, agency, row.opened_on).calendar
        first = row.applicant_now or (row.applicants[0].name if row.applicants else "")
        more = f"等 {len(row.applicants)} 人" if len(row.applicants) > 1 else ""
        return WorkItem(
            number=row.number,
            agency=agency.code,
            kind=row.kind,
            title=row.request,
            applicant=first + more,
            state=row.state,
            due=row.next_due,
            due_kind=row.next_due_kind,
            workdays_left=calendar.left(today, row.next_due) if row.next_due else None,
            next_actors=self._usual_actors(row.state, last),
            provisional=bool(row.next_due and calendar.is_provisional(row.next_due)),
            excluding=row.waiting_until is not None and today <= row.waiting_until,
            last_step=last,
        )

    def _usual_actors(self, state: str, last: str | None) -> tuple[str, ...]:
        """Who usually takes a case on from a state after its last step: the actors of the usual one."""
        event = next(iter(self.office.law.usual_after(state, last)), None)
        return self.office.law.transitions[event].by[:1] if event else ()

    def open_states(self) -> tuple[str, ...]:
        """States that still need somebody: everything before the answer, and the answer to be filed."""
        return tuple(
            name
            for name, s in self.office.law.states.items()
            if s.stage in ("before_receipt", "running", "waiting")
        )
