"""The cases of a docket while they are played: in memory, and in the store when others ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Header
from workflow.dates import SHANGHAI
from workflow.service.cases.new_case import Redo, redo_header
from workflow.service.cases.others import asks_others, prepared, worked_out
from workflow.service.office import Office
from workflow.store.bulk import InHand, Secret, next_id, open_cases, table, write_on
from workflow.store.dialect import count_on
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.unit import Unit


@dataclass(slots=True)
class CasesInHand:
    """The cases of one body in one transaction."""

    office: Office
    unit: Unit
    agency: AgencyRow
    touched: dict[int, InHand] = field(default_factory=dict)
    proofs: dict[int, tuple[Secret, ...]] = field(default_factory=dict)
    next_place: int = 0

    def open(self, cases: Sequence[tuple[Header, date, Sequence[str | None]]]) -> list[InHand]:
        """New cases without events, each opened on a day. proofs: of identity of their applicants."""
        connection = self.unit.session.connection()
        self.next_place = self.next_place or next_id(connection, table("case"))
        opened = []
        for header, day, proofs in cases:
            hand = InHand(self.next_place, self.agency.id, self._case(header, day), day)
            known = tuple(Secret(proof=proof) for proof in proofs)
            self.proofs[hand.id] = known
            moment = datetime.combine(day, time(9), SHANGHAI)
            opened.append((hand, moment, known))
            self.next_place += 1
        open_cases(connection, self.office.keys, opened, medium=["paper"])
        return [hand for hand, _, _ in opened]

    def _case(self, header: Header, day: date) -> Case:
        case = Case(header, self.office.rules(self.unit, self.agency, day))
        case.papers_taken_as_there = True
        return case

    def open_redo(self, first: InHand, event: Redo) -> InHand:
        """The linked case without events in which the reply of the first one is made anew."""
        number = self.unit.next_number(self.agency, event.on.year)
        case, moved = first.case, first.case.facts.moved_to
        header = redo_header(case.header, event, number, case.facts.redo_due)
        body = self.unit.agency(moved) if moved else None
        if body is not None:
            header = replace(header, body_name=body.name, body_level=body.level)
        proofs = [known.proof for known in self.proofs[first.id]]
        return self.open([(header, event.on, proofs)])[0]

    def mended_by(self, hand: InHand, mode: str) -> None:
        """A case without events learns how it mends the reply of another one."""
        hand.case = self._case(replace(hand.case.header, redo_mode=mode), hand.opened_on)
        row = self._row(hand)
        row.redo_mode = mode
        self.unit.session.flush()

    def prepared(self, hand: InHand, event: ev.Event) -> ev.Event:
        """The event with what the system works out for it; the case learns what its guards will ask about
        others. Only where they do the store is asked, which then has to have everything."""
        if not asks_others(event):
            return worked_out(hand.case, event)
        self.write()
        return prepared(self.office, self.unit, self._row(hand), hand.case, event)

    def _row(self, hand: InHand) -> CaseRow:
        row = self.unit.session.get(CaseRow, hand.id)
        assert row is not None
        return row

    def moved(self, hand: InHand) -> None:
        """Something happened to the case."""
        self.touched[hand.id] = hand

    def write(self) -> None:
        """Bring the store to where the cases are."""
        if not self.touched:
            return
        connection = self.unit.session.connection()
        write_on(connection, self.touched.values())
        self.touched.clear()
        for known in list(self.unit.session.identity_map.values()):
            if isinstance(known, CaseRow):
                self.unit.session.expire(known)

    def finish(self) -> None:
        """Everything is in the store, and the next case gets the next place."""
        self.write()
        count_on(self.unit.session.connection(), table("case"))
