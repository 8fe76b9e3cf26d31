"""The worklist: cases of a person's bodies, what is due first on top; and the search among them."""

from dataclasses import dataclass, replace
from datetime import date

from workflow import events as ev
from workflow.case.number import number_written
from workflow.case.reopening import OPEN_AGAIN
from workflow.case.terms import words_of
from workflow.people import OUTSIDE, Staff
from workflow.rules import permissions
from workflow.rules.calendar import Calendar
from workflow.service.cases.finding import none_of
from workflow.service.cases.search import matches, reach_of
from workflow.service.cases.unnamed import ask_to_know, item_without_applicant, may_know
from workflow.service.cases.views import Fresh, Place, WorkItem
from workflow.service.office import Office
from workflow.store import worklist
from workflow.store.beside import cases_of
from workflow.store.sight import Sight, seen, sight_of
from workflow.store.unit import Unit


@dataclass(frozen=True)
class Found:
    """What a search found: lines of one page, and how many there are in all. partly: for somebody who need not know
    who applies only the latest were looked through."""

    items: list[WorkItem]
    total: int
    partly: bool = False


@dataclass(frozen=True)
class Bodies:
    """The bodies whose cases a person may read, codes by id. sight: what they see of these.
    unnamed: codes of those in which they need not know who applies."""

    codes: dict[int, str]
    sight: Sight
    unnamed: frozenset[str] = frozenset()

    @property
    def ids(self) -> list[int]:
        return list(self.codes)

    def key(self, place: Place | None) -> worklist.Key | None:
        if place is None:
            return None
        ids = {code: id_ for id_, code in self.codes.items()}
        return worklist.Key(place.due, place.number, ids.get(place.agency, 0), place.own)


def _comes(key: worklist.Key, place: worklist.Key, back: bool) -> bool:
    """Whether a line comes after the place, or with back before it."""

    def order(one: worklist.Key) -> tuple[bool, date, str, int]:
        return one.due is None, one.due or date.min, one.number, one.agency

    return order(key) < order(place) if back else order(key) > order(place)


def _fresh(line: worklist.Line) -> Fresh | None:
    """The later one of what the log says is news and what the applicant sent."""
    sent, told = line.uploaded_at, line.news_at
    if sent is not None and (told is None or sent > told):
        return Fresh("", sent, OUTSIDE[0])
    return Fresh(line.news or "", told, line.news_by or "") if told is not None else None


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
        limit: int = worklist.PAGE,
        beyond: Place | None = None,
        back: bool = False,
    ) -> tuple[list[WorkItem], int]:
        """Cases of the person's bodies, what is due first on top, and how many there are in all.

        after: how many to pass over; or beyond: the place of the last one that was seen, with back of the
        first one, to get those before it.
        """
        with self.office.store.read() as unit:
            bodies = self.bodies_of(unit, staff)
            wanted = worklist.Wanted(states, due_before, kinds, numbers, bodies.sight)
            key = bodies.key(beyond)
            if text is not None:
                found = self._searched(unit, staff, bodies, wanted, text, limit, after, key, back)
                return found.items, found.total
            ids = worklist.in_order(
                unit, bodies.ids, wanted, limit=limit, after=after, beyond=key, back=back
            )
            return self.items_of(unit, bodies, ids), worklist.count_cases(unit, bodies.ids, wanted)

    def search(
        self,
        staff: Staff,
        text: str,
        *,
        states: tuple[str, ...] = (),
        kinds: tuple[str, ...] = (),
        after: int = 0,
        limit: int = worklist.PAGE,
    ) -> Found:
        """The cases of the person's bodies that have the text as their number, however it is written; where
        none has, those that have its words (workflow/service/cases/search.py)."""
        with self.office.store.read() as unit:
            bodies = self.bodies_of(unit, staff)
            wanted = worklist.Wanted(states, None, kinds, (), bodies.sight)
            return self._searched(unit, staff, bodies, wanted, text, limit, after, None, False)

    def of_applicant(
        self, staff: Staff, number: str, *, after: int = 0, limit: int = worklist.PAGE
    ) -> Found:
        """All cases of the first applicant of a case in its body, the case itself among them. The person is
        given in that body (`Staff.within`). Raises Missing; Denied to who need not know the applicant."""
        with self.office.store.read() as unit:
            bodies = self.bodies_of(unit, staff)
            row = unit.case_row(bodies.ids, number)
            if row is None or not seen(unit, bodies.sight, [row.id]):
                raise none_of(number)
            ask_to_know(self.office.law, staff.roles[row.agency.code])
            here = replace(bodies, codes={row.agency_id: row.agency.code})
            wanted = worklist.Wanted(
                sight=bodies.sight, among=cases_of(unit, self.office.keys, row)
            )
            ids = worklist.in_order(unit, here.ids, wanted, limit=limit, after=after)
            total = worklist.count_cases(unit, here.ids, wanted)
            return Found(self.items_of(unit, here, ids), total)

    def count(
        self, staff: Staff, states: tuple[str, ...] = (), due_before: date | None = None
    ) -> int:
        """How many cases of the person's bodies are in these states and due before the day."""
        with self.office.store.read() as unit:
            bodies = self.bodies_of(unit, staff)
            wanted = worklist.Wanted(states, due_before, (), (), bodies.sight)
            return worklist.count_cases(unit, bodies.ids, wanted)

    def bodies_of(self, unit: Unit, staff: Staff) -> Bodies:
        """The bodies whose cases the person may read."""
        readable = permissions.bodies_for(self.office.law, "read_cases", staff)
        found = self.office.tree(unit).of_codes(readable)
        law = self.office.law
        unnamed = frozenset(code for code in readable if not may_know(law, staff.roles[code]))
        codes = {body.id: body.code for body in found}
        return Bodies(codes, sight_of(codes, staff.name, staff.lent, staff.of_units), unnamed)

    def _searched(
        self,
        unit: Unit,
        staff: Staff,
        bodies: Bodies,
        wanted: worklist.Wanted,
        text: str,
        limit: int,
        after: int,
        beyond: worklist.Key | None,
        back: bool,
    ) -> Found:
        written = number_written(text)
        if written or any(char.isdigit() for char in text):
            named = replace(wanted, numbers=tuple({text, written or text}))
            total = worklist.count_cases(unit, bodies.ids, named)
            if total:
                ids = worklist.in_order(
                    unit, bodies.ids, named, limit=limit, after=after, beyond=beyond, back=back
                )
                return Found(self.items_of(unit, bodies, ids), total)
        found, partly = matches(
            self.office, unit, reach_of(self.office, unit, staff), words_of(text)
        )
        matching = worklist.of_these(unit, bodies.ids, wanted, found.ids)
        shown = [id_ for id_, key in matching if beyond is None or _comes(key, beyond, back)]
        ids = shown[max(0, len(shown) - limit) :] if back else shown[after : after + limit]
        return Found(self.items_of(unit, bodies, ids), len(matching), partly)

    def items_of(self, unit: Unit, bodies: Bodies, ids: list[int]) -> list[WorkItem]:
        """The lines of these cases, as the person may see them."""
        lines = worklist.lines(unit, ids)
        last, today = self._last_steps(unit, lines), self.office.today()
        calendars = {
            (body, day): self.office.rules_of(unit, body, day).calendar
            for body, day in {(line.agency_id, line.opened_on or today) for line in lines}
        }
        found = [
            self._work_item(
                line,
                bodies.codes[line.agency_id],
                today,
                calendars[line.agency_id, line.opened_on or today],
                last.get(line.id),
            )
            for line in lines
        ]
        return [
            item_without_applicant(item, [line.applicant])
            if item.agency in bodies.unnamed
            else item
            for item, line in zip(found, lines, strict=True)
        ]

    def _last_steps(self, unit: Unit, lines: list[worklist.Line]) -> dict[int, str]:
        """The event that led each case to where it stands. A reply that came back leads as a service that
        failed does."""
        steps = self.office.law.steps
        again = [line.id for line in lines if line.state == OPEN_AGAIN]
        found = worklist.last_of(
            unit, [line.id for line in lines if line.state != OPEN_AGAIN], steps
        )
        for case_id, event, fields in worklist.lines_of(
            unit, again, {*steps, ev.RecordDelivery.name}
        ):
            if event in steps:
                found[case_id] = event
            elif fields.get("of") == ev.Serve.name and fields.get("returned_on"):
                found[case_id] = ev.ServiceFailed.name
        return found

    def _work_item(
        self, line: worklist.Line, agency: str, today: date, calendar: Calendar, last: str | None
    ) -> WorkItem:
        due = line.next_due
        return WorkItem(
            number=line.number,
            agency=agency,
            kind=line.kind,
            title=line.request,
            applicant=line.applicant + (f"等 {line.applicants} 人" if line.applicants > 1 else ""),
            state=line.state,
            due=due,
            due_kind=line.next_due_kind,
            workdays_left=calendar.left(today, due) if due else None,
            next_actors=self._usual_actors(line.state, last),
            provisional=bool(due and calendar.is_provisional(due)),
            reply_left=calendar.left(today, line.reply_due) if line.reply_due else None,
            excluding=line.waiting_until is not None and today <= line.waiting_until,
            last_step=last,
            given=line.assigned_to,
            waits=line.waits_for,
            received_on=line.received_on,
            closed_on=line.closed_on,
            outcome=line.outcome,
            fresh=_fresh(line),
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
