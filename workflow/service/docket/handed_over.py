"""Cases that another platform hands over one by one, each with its whole history: taken whole or refused whole."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from workflow import clock
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Header
from workflow.case.identity import proof_of
from workflow.case.number import number_kept, order_of
from workflow.case.taken_over import note_of
from workflow.dates import FIRST_DAY, in_words
from workflow.docket.translated import by_of, named_here, numbered_here, too_long, with_note
from workflow.docket.whole import Step, Whole, WrongHistory, WrongStep, wrong_step
from workflow.people import Staff
from workflow.refusal import BadInput, Refusal, Refused
from workflow.rules import permissions
from workflow.service.cases.new_case import applicant_in, private_in
from workflow.service.cases.origin import place_of
from workflow.service.docket.in_hand import CasesInHand
from workflow.service.docket.ledger import count_on_from
from workflow.service.docket.people import PlatformPeople
from workflow.service.docket.steps import Played, Steps
from workflow.service.docket.uncollected import uncollected
from workflow.service.office import Missing, Office
from workflow.store import ledger as ledger_queries
from workflow.store import staff as staff_queries
from workflow.store import taken_over as store
from workflow.store.audit import audited
from workflow.store.beside import redoes_of
from workflow.store.bulk import InHand, Secret
from workflow.store.counters import seal_counters
from workflow.store.ledger_models import LedgerImportRow, TakenOverRow
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.restored import case_of
from workflow.store.retried import retried
from workflow.store.unit import Unit

ACTION = "take_over_case"
AUDITED = "case_taken_over"
PICKUP = ("pickup",)
"""How it was wanted, where the platform does not tell (as of a docket)."""
BY_STATE = ("not_in_this_state", "already_done")
"""What an event is refused with that only comes where an earlier one was refused."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A case that was, or would be, taken over. number: None while the body has not given it. linked: numbers of
    the cases in which its reply was made anew. filled: steps that were filled in, by name. repeated: it had been taken
    over before; nothing was written."""

    agency: str
    number: str | None
    case: Case
    deadlines: clock.Deadlines
    linked: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    repeated: bool = False


class _Enough(Exception):
    """Ends a look, so that the whole of it is rolled back."""


class HandedOver:
    """Taking over cases from other platforms."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law

    def take(self, staff: Staff, agency: str, whole: Whole) -> TakenOver:
        """Write the case with its whole history, in one transaction. The same case again is answered as it stands, and
        nothing is written.

        Raises Missing, Denied; WrongHistory with every step that can be told to be refused; Refused for a case that was
        handed over otherwise, a number that another case has, a published year; BadInput for a body that was not there
        then. Then nothing is written.
        """
        return self._taken(staff, agency, whole, look_only=False)

    def look(self, staff: Staff, agency: str, whole: Whole) -> TakenOver:
        """What would come of it; nothing is written. Raises what `take` does."""
        return self._taken(staff, agency, whole, look_only=True)

    @retried
    def _taken(self, staff: Staff, agency: str, whole: Whole, *, look_only: bool) -> TakenOver:
        if agency not in staff.roles:
            raise Missing(f"没有代码为“{agency}”的机关，或者不属于您的机关")
        permissions.ask(self.law, ACTION, staff.roles[agency])
        found: list[TakenOver] = []
        with suppress(_Enough), self.office.store.write_rules() as unit:
            row = self.office.found_agency(unit, agency)
            known = store.handed_over(unit, row.id, whole.source.platform, whole.source.number)
            if known is not None:
                found.append(self._again(unit, whole, *known))
                raise _Enough
            with uncollected():
                found.append(_Taking(self.office, unit, row, whole, staff).taken(look_only))
            if look_only:
                raise _Enough
        return found[0]

    def _again(self, unit: Unit, whole: Whole, kept: TakenOverRow, row: CaseRow) -> TakenOver:
        """As the case stands, where the same was sent as before. Raises Refused."""
        told = self.office.keys.open(kept.told, place_of(kept.case_id)) if kept.told else {}
        if told.get("sent", whole.sent) != whole.sent:
            raise Refused(
                Refusal(
                    "already_done",
                    "条例45",
                    f"这件申请已经转入，编号 {row.number}，这次的内容与那次不同，没有再写入",
                    "转入之后的办理、更正在本系统里登记",
                )
            )
        unit.attach()
        case = case_of(row, self.office.rules(unit, row.agency, row.opened_on))
        redone = [row]
        for one in redone:
            redone += redoes_of(unit, one)
        return TakenOver(
            row.agency.code, row.number, case, case.all_deadlines(),
            tuple(one.number for one in redone[1:]), repeated=True,
        )  # fmt: skip


@dataclass(slots=True)
class _Taking:
    """One case on its way in, within a transaction."""

    office: Office
    unit: Unit
    row: AgencyRow
    whole: Whole
    staff: Staff

    def taken(self, look_only: bool) -> TakenOver:
        whole, row = self.whole, self.row
        _ask_whether_it_was_there(self.unit, row, whole.first_day)
        years = range(FIRST_DAY.year, self.office.today().year + 1)
        kept = number_kept(whole.source.number, years) if whole.keep_number else None
        number = kept or self.unit.next_number(row, whole.first_day.year, self.office.keys)
        if kept is not None and ledger_queries.numbers_there(self.unit, row.id, [kept]):
            raise Refused(
                Refusal(
                    "already_done", "条例45", f"编号 {kept} 已经是本机关另一件申请的编号",
                    "确为另一件的，不沿用原编号，由本系统另编号",
                    field="keep_number",
                )
            )  # fmt: skip
        cases = CasesInHand(self.office, self.unit, row)
        played = Played(number, {}, self._opened(cases, number), [])
        recorded = self._play(cases, played)
        self._ask_published(played.case)
        linked = _linked(played)
        result = TakenOver(
            row.code, kept if look_only else number, played.case, played.case.all_deadlines(),
            () if look_only else tuple(one.number for one in linked),
            tuple(
                line.event.name
                for one in (played, *linked)
                for line in one.case.written
                if "*" in line.filled
            ),
        )  # fmt: skip
        if not look_only:
            cases.finish()
            self._noted(played.hand.id, number, recorded)
            self._count_on(kept)
        return result

    def _opened(self, cases: CasesInHand, number: str) -> InHand:
        form, row = self.whole.form, self.row
        person, private = applicant_in(form), private_in(form)
        proof = proof_of(private, citizen=person.citizen)
        if proof is None and not form.applicant.name:
            # Two people who told no name are not one person, however alike they are described.
            proof = f"unnamed in {row.code} {number} 0"
        header = Header(
            number=number,
            agency=row.code,
            kind=form.kind,
            applicants=(person,),
            request=form.title(),
            items=form.wanted(),
            delivery=form.delivery or PICKUP,
            joint_letter=self.whole.joint_letter,
            body_name=row.name,
            body_level=row.level,
        )
        return cases.open(
            header, self.whole.first_day, [Secret(private, proof)],
            submitted_at=self.whole.steps[0].recorded_at, medium=tuple(form.medium),
        )  # fmt: skip

    def _play(self, cases: CasesInHand, played: Played) -> list[list[Any]]:
        """Every step through the machine; of each line that the platform told what it knows of its recording. Raises
        WrongHistory with every step that is refused for what it is itself."""
        people = PlatformPeople(self.office.law)
        steps = Steps(self.office, cases, people, days_to_come=False)
        known, given = self._numbers(), self._given()
        wrong, recorded = self._to_come(), list[list[Any]]()
        told = self.whole.steps
        for place, step in enumerate(told):
            event = named_here(given, numbered_here(known, step.event))
            if place == 0:
                source = self.whole.source
                event = with_note(event, note_of(source.platform, source.number), before=True)
            if step.event.on > self.office.today():
                continue
            if (long := too_long(step, event, self.office.law)) is not None:
                wrong.append(_wrong(step, long))
                continue
            following = told[place + 1].event.name if place + 1 < len(told) else None
            at, done = steps.step(played.at(event.name), event, by_of(step), following)
            if isinstance(done, Refusal):
                if not wrong or done.rule not in BY_STATE:
                    wrong.append(_wrong(step, _reason(at.case, event, done, steps.held)))
            elif at is played and (step.recorded_at or step.recorded_by):
                moment = step.recorded_at.isoformat() if step.recorded_at else None
                recorded.append([done.seq, moment, step.recorded_by])
        if wrong:
            raise WrongHistory(sorted(wrong, key=lambda one: one.index))
        return recorded

    def _to_come(self) -> list[WrongStep]:
        """What is known to be wrong before anything is played: events that cannot be read, or whose day has not come."""
        found = list(self.whole.wrong)
        for step in self.whole.steps:
            on, row = step.event.on, self.office.law.transitions[step.event.name]
            if on > self.office.today():
                said = f"{in_words(on)}还没有到"
                why = Refusal("too_early", row.basis, said, f"到 {in_words(on)}再登记", "on")
                found.append(_wrong(step, why))
        return found

    def _numbers(self) -> Mapping[str, str]:
        """Our numbers of other cases of the platform that this one names."""
        named = {
            text
            for step in self.whole.steps
            for part in (step.event, *(getattr(step.event, "items", None) or ()))
            for text in (getattr(part, "earlier_reply", None), getattr(part, "into", None))
            if text
        }
        if not named:
            return {}
        return store.our_numbers(self.unit, self.row.id, self.whole.source.platform, named)

    def _given(self) -> Mapping[str, str] | None:
        """By what a case may be given to somebody here: user names and units, and full names that only one bears; None
        where nobody was given it."""
        if not any(isinstance(step.event, ev.Assign) and step.event.to for step in self.whole.steps):  # fmt: skip
            return None
        staff = [user for user in self.unit.staff_of(self.row) if user.active]
        full = [user.display_name for user in staff]
        found = {
            user.display_name: user.name for user in staff if full.count(user.display_name) == 1
        }
        found |= {unit.name: unit.name for unit in staff_queries.units_of(self.unit, self.row.id)}
        return found | {user.name: user.name for user in staff}

    def _ask_published(self, case: Case) -> None:
        """Raises Refused for a case that would change the tables of a published year, as a ledger is refused."""
        published = self.office.published(self.unit, self.row.id)
        if not published:
            return
        last = max(line.event.on.year for line in case.log)
        open_ = case.rules.law.stage(case.state) not in ("done", "void")
        years = range(self.whole.first_day.year, (max(last, *published) if open_ else last) + 1)
        year = next((year for year in years if year in published), None)
        if year is not None:
            raise Refused(
                Refusal(
                    "frozen_year", "条例49、50", f"会改变已经公布的 {year} 年年度报告，不能再转入",
                    f"在 {year} 年的年度报告公布之前转入",
                )
            )  # fmt: skip

    def _noted(self, case_id: int, number: str, recorded: Sequence[Sequence[Any]]) -> None:
        whole, now = self.whole, self.office.now()
        told = {"sent": whole.sent, "recorded": recorded}
        self.unit.session.add(
            TakenOverRow(
                case_id=case_id, agency_id=self.row.id, platform=whole.source.platform,
                number=whole.source.number, actor=self.staff.name, at=now,
                told=self.office.keys.seal(told, place_of(case_id)),
            )
        )  # fmt: skip
        audited(
            self.unit, now, self.staff.name, self.row.id, AUDITED, number,
            platform=whole.source.platform, there=whole.source.number,
        )  # fmt: skip

    def _count_on(self, kept: str | None) -> None:
        """The body's own numbers go on after one that was kept. Those that stand on no case yet are told as a ledger tells
        them, in one entry for each platform, which counts its cases."""
        new = count_on_from(self.office, self.unit, self.row, [kept] if kept else [])
        entry = ledger_queries.of_platform(self.unit, self.row.id, self.whole.source.platform)
        now = self.office.now()
        if entry is None:
            name = f"{self.whole.source.platform}（接口转入）"
            entry = LedgerImportRow(
                agency_id=self.row.id, actor=self.staff.name, mapping={}, state="done",
                heads=ledger_queries.platform_key(self.whole.source.platform),
                total=0, done_rows=0, created=0, gaps=[], begun_at=now, changed_at=now,
                told=self.office.keys.seal({"file": name}, "ledger"),
            )  # fmt: skip
            self.unit.session.add(entry)
        entry.total = entry.done_rows = entry.created = entry.created + 1
        gaps = [*(_without(entry.gaps, kept) if kept else entry.gaps), *new]
        first = kept is not None and order_of(kept)[1] == 1
        changed, entry.changed_at, entry.gaps = gaps != entry.gaps, now, gaps
        self.unit.session.flush()
        if changed or first:
            seal_counters(self.unit.connection, self.office.keys)


def _reason(
    case: Case, event: ev.Event, refusal: Refusal, held: tuple[str, Refusal] | None
) -> Refusal:
    """Why a step is refused: where one that had to be filled in before it could not be, that one's reason."""
    if refusal.rule not in BY_STATE:
        return refusal
    if held is None:
        way = case.machine.route(case.state, event.name)
        first = way[0] if way else event.name
        why = case.machine.refusal(case, first, None, None, event.on)
        held = (first, why) if why is not None and first != event.name else None
    if held is None:
        return refusal
    label = case.rules.law.transitions[held[0]].label
    return replace(held[1], message=f"要先补上“{label}”：{held[1].message}", field=None)


def _wrong(step: Step, why: Refusal) -> WrongStep:
    return wrong_step(step.index, step.event.name, step.event.on.isoformat(), why)


def _linked(played: Played) -> list[Played]:
    """The cases in which its reply was made anew, in order."""
    found, one = [], played.redo
    while one is not None:
        found.append(one)
        one = one.redo
    return found


def _ask_whether_it_was_there(unit: Unit, row: AgencyRow, day: date) -> None:
    """Raises BadInput for a body that was not there on the day."""
    if row.since is not None and day < row.since:
        raise BadInput.of("events", f"{in_words(day)}时机关还没有设立（{in_words(row.since)}起）")
    if row.until is not None and row.ended_by(day):
        others = "、".join(f"{one.name}（{one.code}）" for one in unit.successors_of(row))
        goes = f"，之后的申请转入{others}" if others else ""
        raise BadInput.of("events", f"{in_words(row.until)}起机关不再受理{goes}")


def _without(gaps: Sequence[Sequence[int]], number: str) -> list[list[int]]:
    """Spans of numbers that stand on no case ([year, first, last]), without one that now does."""
    year, count = order_of(number)
    found = []
    for of, first, last in gaps:
        parts = [[first, last]]
        if of == year and first <= count <= last:
            parts = [[first, count - 1], [count + 1, last]]
        found += [[of, begin, end] for begin, end in parts if begin <= end]
    return found
