"""The cases of a docket while they are played: in memory, and in the store when others ask for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Header
from workflow.dates import SHANGHAI
from workflow.service.cases.new_case import Redo, redo_header
from workflow.service.cases.others import asks_others, prepared, words_for_others, worked_out
from workflow.service.office import Office
from workflow.store.bulk import InHand, Opening, Rows, Secret, next_id, table
from workflow.store.dialect import count_on
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.unit import Unit


@dataclass(slots=True)
class CasesInHand:
    """The cases of one body in one transaction. Those of which nobody can ask yet have no row."""

    office: Office
    unit: Unit
    agency: AgencyRow
    touched: dict[int, InHand] = field(default_factory=dict)
    without_row: dict[int, InHand] = field(default_factory=dict)
    openings: dict[int, Opening] = field(default_factory=dict)
    next_place: int = 0

    def open(
        self,
        header: Header,
        day: date,
        known: Sequence[Secret],
        *,
        submitted_at: datetime | None = None,
        medium: Sequence[str] = ("paper",),
    ) -> InHand:
        """A new case without events, opened on a day. known: what is kept of its applicants, in order. submitted_at:
        the moment at which it came, if that is known."""
        connection = self.unit.connection
        self.next_place = self.next_place or next_id(connection, table("case"))
        hand = InHand(self.next_place, self.agency.id, self._case(header, day), day)
        moment = submitted_at or datetime.combine(day, time(9), SHANGHAI)
        self.openings[hand.id] = Opening(moment, tuple(known), medium)
        self.without_row[hand.id] = hand
        self.next_place += 1
        return hand

    def _case(self, header: Header, day: date) -> Case:
        case = Case(header, self.office.rules(self.unit, self.agency, day))
        case.papers_taken_as_there = True
        return case

    def open_redo(self, first: InHand, event: Redo) -> InHand:
        """The linked case without events in which the reply of the first one is made anew."""
        number = self.unit.next_number(self.agency, event.on.year, self.office.keys)
        case, moved = first.case, first.case.facts.moved_to
        header = redo_header(case.header, event, number, case.facts.redo_due)
        body = self.unit.agency(moved) if moved else None
        if body is not None:
            header = replace(header, body_name=body.name, body_level=body.level)
        opening = self.openings[first.id]
        return self.open(header, event.on, opening.known, medium=opening.medium)

    def mended_by(self, hand: InHand, mode: str) -> None:
        """A case without events learns how it mends the reply of another one."""
        hand.case = self._case(replace(hand.case.header, redo_mode=mode), hand.opened_on)
        if hand.id not in self.without_row:
            row = self._row(hand)
            row.redo_mode = mode
            self.unit.seal_record(row, self.office.keys)
            self.unit.session.flush()

    def prepared(self, hand: InHand, event: ev.Event) -> ev.Event:
        """The event with what the system works out for it; the case learns what its guards will ask about
        others. Only where they do the store is asked, and then has all that they can ask about."""
        if not asks_others(event):
            return worked_out(hand.case, event)
        named = words_for_others(event)
        asked = [one for one in self.without_row.values() if _is_asked(one.case, named)]
        self.touched[hand.id] = hand
        self.write(asked)
        return prepared(self.office, self.unit, self._row(hand), hand.case, event)

    def _row(self, hand: InHand) -> CaseRow:
        row = self.unit.session.get(CaseRow, hand.id)
        assert row is not None
        return row

    def moved(self, hand: InHand) -> None:
        """Something happened to the case."""
        self.touched[hand.id] = hand

    def write(self, also: Iterable[InHand] = ()) -> None:
        """Bring the store to where the cases are that something happened to. also: further ones."""
        rows = Rows()
        cases = {one.id: one for one in (*self.touched.values(), *also)}
        for place in sorted(cases):
            hand = cases[place]
            new = self.without_row.pop(place, None) is not None
            rows.add(hand, self.openings[place] if new else None)
        rows.seal(self.office.keys)
        rows.write(self.unit)
        self.touched.clear()
        for known in list(self.unit.session.identity_map.values()):
            if isinstance(known, CaseRow):
                self.unit.session.expire(known)

    def finish(self) -> None:
        """Everything is in the store, and the next case gets the next place."""
        self.write(list(self.without_row.values()))
        count_on(self.unit.connection, table("case"))


def _is_asked(case: Case, named: Iterable[str]) -> bool:
    """A case to which nothing has happened is found by its number, or by whose reply it makes anew."""
    return case.header.redo_of is not None or any(case.header.number in text for text in named)
