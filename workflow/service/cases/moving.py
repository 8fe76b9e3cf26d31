"""Moving a case on: the one caller of Case.apply for staff and applicants."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Actor, Header, Logged
from workflow.case.waiting import working_roles
from workflow.people import APPLICANT, SYSTEM, Staff
from workflow.refusal import Refusal, Refused
from workflow.service.cases.attached import check_named_files
from workflow.service.cases.concerned import tell_concerned
from workflow.service.cases.finding import actor_of, at_hand, by_code, redo_of
from workflow.service.cases.frozen import asks_about_years, check_published, figures_of
from workflow.service.cases.new_case import Redo, open_redo
from workflow.service.cases.others import prepared
from workflow.service.cases.people import with_people
from workflow.service.cases.reading import case_file
from workflow.service.cases.signing import asked_papers, keep_attached
from workflow.service.cases.views import Attached, CaseFile, Moved
from workflow.service.hooks.happened import holder, tell_systems
from workflow.service.letters.keeping import Keeping
from workflow.service.messages.taking_back import take_back_after
from workflow.service.messages.to_applicant import tell_applicant
from workflow.service.messages.to_staff import tell_at_once
from workflow.service.office import Office, Stale
from workflow.store import desk
from workflow.store.folds import Fold
from workflow.store.models import CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

ALL = ("*",)
"""Of a step that the system filled in as a whole."""


class _Enough(Exception):
    """Ends a rehearsal, so that the whole of it is rolled back."""


Fields = dict[str, Any] | Callable[[Header], dict[str, Any]]


class Moving:
    """Applying events to cases."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.keeping = Keeping(office)

    @retried
    def apply(
        self,
        staff: Staff,
        number: str,
        name: Any,
        fields: Fields,
        once: str | None = None,
        seen: Collection[int] | None = None,
        role: str | None = None,
        attached: Sequence[Attached] = (),
        paper: str | None = None,
    ) -> Moved:
        """Apply an event to a case of the person's bodies, in one transaction; where the case is then.

        fields: what is said of the event, or how to read it off a form once the case is known.
        once: a key under which a repeated call does nothing.
        seen: lengths of the log that the person has seen; None if that does not matter.
        role: the one of the person's roles in which it is done; None: the usual one.
        attached: files that come with it, kept in the same transaction.
        paper: the hash of the letter that the person has seen; an approval may name it itself.
        Raises Missing, Stale, Refused (with the rule) or BadInput; then nothing is written.
        """
        with self.office.store.write_cases([one.content for one in attached]) as unit:
            row, fold = self._applied(
                unit, staff, number, name, fields, once, seen, role, attached, paper
            )
            label = self.office.law.states[row.state].label
            moved = Moved(row.agency.code, number, row.state, label, row.length)
        self.office.folds.keep(unit, row, fold)
        return moved

    @retried
    def rehearse(
        self,
        staff: Staff,
        number: str,
        name: Any,
        fields: Fields,
        seen: Collection[int] | None = None,
    ) -> None:
        """Apply an event and take all of it back: nothing is written, nobody is told. Raises what `apply`
        would, files that come with it left aside."""
        with suppress(_Enough), self.office.store.write_cases() as unit:
            self._applied(unit, staff, number, name, fields, None, seen, None, (), None)
            raise _Enough

    @retried
    def apply_and_read(
        self,
        staff: Staff,
        number: str,
        name: Any,
        fields: Fields,
        once: str | None = None,
        seen: Collection[int] | None = None,
        role: str | None = None,
        attached: Sequence[Attached] = (),
        paper: str | None = None,
    ) -> CaseFile:
        """The same; the whole case as it is then."""
        with self.office.store.write_cases([one.content for one in attached]) as unit:
            row, fold = self._applied(
                unit, staff, number, name, fields, once, seen, role, attached, paper
            )
            unit.attach()
            return case_file(self.office, unit, row, fold.case, staff)

    def _applied(
        self,
        unit: Unit,
        staff: Staff,
        number: str,
        name: Any,
        fields: Fields,
        once: str | None,
        seen: Collection[int] | None,
        role: str | None,
        attached: Sequence[Attached],
        paper: str | None,
    ) -> tuple[CaseRow, Fold]:
        row, fold = at_hand(self.office, unit, staff, number)
        if once in fold.once:
            return row, fold
        case = fold.case
        if seen is not None and len(case.written) not in seen:
            raise Stale("这件申请在您查看之后又有了新的办理记录，请重新读取后再办理")
        said = fields(case.header) if callable(fields) else fields
        event, actor = parsed(name, said), actor_of(staff, row, role)
        denied = case.machine.denied(event.name, actor)
        if denied is not None:
            raise Refused(denied)
        check_named_files(unit, row.id, event)
        event = asked_papers(self.keeping, unit, row, case, event, actor, attached)
        done = move(self.office, unit, row, fold, with_people(unit, event, row.body), actor, once)
        keep_attached(self.office, unit, row, done, attached)
        paper = getattr(done.event, "paper", None) or paper
        self.keeping.after(unit, row, case, done, paper, staff.display_name)
        return row, fold

    @retried
    def apply_as_applicant(
        self,
        number: str,
        code: str,
        name: str,
        fields: dict[str, Any],
        once: str | None = None,
        seen: int | None = None,
        redo: str | None = None,
    ) -> None:
        """What an applicant may do with number and query code: correct, withdraw, give reasons, tell when the reply
        came.

        seen: length of the log that the page showed; None if that does not matter. redo: number of the case that
        answers this one anew, if it is done to that one.
        Raises Missing, Stale, Refused or BadInput; then nothing is written.
        """
        with self.office.store.write_cases() as unit:
            row = by_code(self.office, unit, number, code, lock=True)
            if redo not in (None, row.number):
                row = redo_of(unit, row, str(redo))
            rules = self.office.rules(unit, row.agency, row.opened_on)
            fold = self.office.folds.take_of(unit, row, rules)
            if once not in fold.once:
                if seen is not None and len(fold.case.written) != seen:
                    raise Stale("您打开这一页之后，这件申请又有了新的办理记录，刚才的没有办理")
                move(self.office, unit, row, fold, parsed(name, fields), APPLICANT, once)
        self.office.folds.keep(unit, row, fold)


def move(
    office: Office,
    unit: Unit,
    row: CaseRow,
    fold: Fold,
    event: ev.Event,
    actor: Actor,
    once: str | None = None,
    filled: tuple[str, ...] = (),
) -> Logged:
    """Apply an event with all that follows from it, in the caller's transaction: log and row, what
    waited to be said, what the applicant is told, the linked case of an ordered new reply; where one person
    works alone, what is received is given to them. filled: as the log has it.

    Raises Refused.
    """
    case, before, held_by = fold.case, row.state, holder(row)
    event = prepared(office, unit, row, case, event)
    figures = figures_of(case) if asks_about_years(event) else None
    done = case.apply(event, actor, today=office.today(), recorded_at=office.now(), filled=filled)
    if isinstance(done, Refusal):
        raise Refused(done)
    if figures is not None:
        check_published(office, unit, row, event, figures, figures_of(case))
    days = row.received_on, row.reply_due, row.closed_on
    unit.flush()
    fold.watched = unit.append(row, case, done, office.keys, once, fold.watched)
    fold.head_hash = row.head_hash
    fold.once |= {once} if once else set()
    tell_systems(office, unit, row, done, held_by)
    take_back_after(office, unit, row, case, before)
    if isinstance(event, ev.CorrectEntry):
        tell_concerned(office, unit, row, case, event, actor.name)
        if days == (row.received_on, row.reply_due, row.closed_on):
            return done  # nothing that the applicant was told has changed
    tell_applicant(office, unit, row, case, event)
    _tell_staff(office, unit, row, case, event, actor)
    if isinstance(event, ev.ReviseReply) or (isinstance(event, ev.OrderRedo) and case.ended):
        _begin_redo(office, unit, row, event, case.facts.redo_due, actor)
    if isinstance(event, ev.Receive | ev.Correct):
        _give_to_who_works_alone(office, unit, row, fold, event.on)
    return done


def _tell_staff(
    office: Office, unit: Unit, row: CaseRow, case: Case, event: ev.Event, actor: Actor
) -> None:
    came_back = isinstance(event, ev.RecordDelivery) and event.returned_on is not None
    tell_at_once(
        office, unit, row, "returned" if came_back else event.name, actor=actor.name,
        assigned=case.facts.assigned_to, due=case.deadlines.reply_due, mark=str(row.length),
    )  # fmt: skip


def _give_to_who_works_alone(
    office: Office, unit: Unit, row: CaseRow, fold: Fold, on: date
) -> None:
    """Rule: whoever works alone in a body has what comes in; there is nobody to give it to (条例45). The log says that
    the step was filled in."""
    law = office.law
    unit.flush()
    crew = desk.crews(unit, [row.agency_id], office.today())[row.agency_id]
    working = [one for one in crew.people if one.roles & working_roles(law)]
    role = law.transitions[ev.Assign.name].by[0]
    if len(working) == 1 and role in working[0].roles:
        actor = Actor(working[0].name, frozenset((role,)))
        move(office, unit, row, fold, ev.Assign(on=on, to=actor.name), actor, filled=ALL)


def _begin_redo(
    office: Office, unit: Unit, row: CaseRow, event: Redo, due: date | None, actor: Actor
) -> None:
    """The linked case in which an ordered new reply is made (行政复议法64，行政诉讼法70), or the body mends
    its own (行政诉讼法62). It is not a new application; its due day is the ordered one, or that of the
    body's own setting."""
    unit.attach()
    redo, case = open_redo(office, unit, row, event, due, office.now())
    channel = row.channel or "in_person"
    receivers = office.law.transitions[ev.Receive.name].by
    who = actor if actor.roles & set(receivers) else SYSTEM
    move(office, unit, redo, Fold(case), ev.Receive(on=event.on, channel=channel), who)


def parsed(name: Any, fields: dict[str, Any]) -> ev.Event:
    """The event, or its refusal as unknown. Raises BadInput for wrong fields."""
    try:
        return ev.parse(name, fields)
    except ev.UnknownEvent as error:
        raise Refused(Refusal("unknown_event", "-", str(error), "请使用规定的事项名称")) from error
