"""How the cases of many bodies stand at this moment, filled from rows of the store: body, number and days."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from workflow.rules import supervision
from workflow.rules.calendar import Calendar
from workflow.rules.supervision import DONE_LATE, DUE, LATE, RETURNED, Standing
from workflow.service.rules.calendars import Calendars
from workflow.service.supervision.views import Hastened
from workflow.store import supervision as queries
from workflow.store.bodies import Body


@dataclass(frozen=True, slots=True)
class Matter:
    """A case as a supervising body sees it. agency: code of the body of its number; body: code of the one
    that handles it. hastened: the last time; answered_on: of DONE_LATE."""

    agency: str
    body: str
    name: str
    number: str
    standing: Standing
    case_id: int = 0
    answered_on: date | None = None
    hastened: Hastened | None = None


@dataclass(slots=True)
class BodyNow:
    """A body at this moment: how many applications are open, and of them due soon, late, returned; the most
    working days by which one is late. points: of the year, below zero."""

    code: str
    name: str
    open: int = 0
    due: int = 0
    late: int = 0
    returned: int = 0
    longest: int = 0
    points: float = 0.0
    phone: str = ""
    hastened: Hastened | None = None

    @property
    def rest(self) -> int:
        """Open, and neither late nor due soon."""
        return max(0, self.open - self.due - self.late)


class Now:
    """The bodies below a body as their cases stand today, filled row by row. ids: of all whose cases count."""

    calendars: Calendars
    ids: set[int]

    def __init__(
        self, by_id: Mapping[int, Body], by_code: Mapping[str, Body], area: list[Body], today: date
    ) -> None:
        self._by_id, self._by_code, self.area, self.today = by_id, by_code, area, today
        self.bodies = {body.code: BodyNow(body.code, body.name) for body in area}
        self.matters: list[Matter] = []
        self._late: dict[str, list[Matter]] = {}

    def looked_at(self, predecessors: Callable[[str], list[Body]]) -> set[int]:
        """The bodies below and those outside whose duties went to one of them, by id."""
        heirs = {body.successor for body in self._by_id.values() if body.successor}
        found = {body.id for body in self.area}
        for code in heirs & self.bodies.keys():
            found |= {body.id for body in predecessors(code)}
        return found

    def handler(self, agency_id: int, held_by: str | None) -> Body | None:
        """The body that handles a case: the one to which it was transferred, or that goes on with a body
        that has ended. None: it is not below."""
        body = self._by_id[agency_id]
        if held_by is not None:
            body = self._by_code.get(held_by, body)
        while body.until is not None and body.until < self.today:
            heir = self._by_code.get(body.successor or "")
            if heir is None:
                break
            body = heir
        return body if body.code in self.bodies else None

    def take(self, row: queries.Watched) -> None:
        body = self.handler(row.agency_id, row.held_by)
        if body is None:
            return
        calendar = self.calendars.of(row.agency_id, row.opened_on)
        standing = self._standing(row, calendar)
        if standing is None:
            return
        one, agency = self.bodies[body.code], self._by_id[row.agency_id].code
        self.matters.append(Matter(agency, body.code, body.name, row.number, standing, row.case_id))
        if standing.matter == LATE:
            one.late += 1
            one.longest = max(one.longest, standing.days)
            self._late.setdefault(body.code, []).append(self.matters[-1])
        elif standing.matter == DUE:
            one.due += 1
        else:
            one.returned += 1

    def _standing(self, row: queries.Watched, calendar: Calendar) -> Standing | None:
        if row.kind != queries.REPLY:
            return supervision.standing_of_return(row.day, self.today, calendar)
        return supervision.standing_of_reply(
            row.day, row.reply_due, row.waiting_until, self.today, calendar
        )

    def late_of(self, code: str) -> list[Matter]:
        """What is late in a body, the longest first."""
        return in_order(self._late.get(code, ()))

    def with_hastenings(self, last: Mapping[int, Hastened]) -> None:
        for code, matters in self._late.items():
            self._late[code] = [
                replace(one, hastened=last[one.case_id]) if one.case_id in last else one
                for one in matters
            ]


def in_order(matters: Iterable[Matter]) -> list[Matter]:
    """Late, the longest first; then what came back, the oldest first; due, the nearest first; answered late, the last
    answered first."""
    order = {name: place for place, name in enumerate((LATE, RETURNED, DUE, DONE_LATE))}

    def key(one: Matter) -> tuple[int, int, str, str]:
        days = one.standing.days if one.standing.matter == DUE else -one.standing.days
        if one.answered_on is not None:
            days = -one.answered_on.toordinal()
        return order[one.standing.matter], days, one.name, one.number

    return sorted(matters, key=key)


def summed(bodies: Iterable[BodyNow]) -> BodyNow:
    """All of them together."""
    total = BodyNow("", "")
    for one in bodies:
        total.open += one.open
        total.due += one.due
        total.late += one.late
        total.returned += one.returned
        total.longest = max(total.longest, one.longest)
    return total
