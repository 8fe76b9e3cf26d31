"""Playing the events of whole cases that are told from outside: a docket, or what another platform hands over. What
the machine demands between two of them is filled in, and a reply that is made anew goes on in its linked case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Protocol

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Actor, Logged
from workflow.dates import SHANGHAI
from workflow.docket.evidence import with_evidence
from workflow.docket.routine import ALL, NEUTRAL_DEFECTS, Routine
from workflow.people import SYSTEM
from workflow.refusal import Refusal
from workflow.service.cases.new_case import Redo
from workflow.service.docket.in_hand import CasesInHand
from workflow.service.office import Office
from workflow.store.bulk import InHand

AT_ONCE = ("in_person", "oral", "ems")
# What still happens to a case after its answer; all else after an order to redo is the redo's.
AFTERWARDS = (
    "archive", "void", "file_review", "conclude_review", "file_suit", "conclude_suit", "order_redo",
    "revise_reply", "correct_entry",
)  # fmt: skip


class People(Protocol):
    """Who does what."""

    def for_event(self, event: str, by: Any) -> Actor:
        """Who did it, of whom `by` tells something; by None: whoever usually does."""


@dataclass(slots=True)
class Played:
    """One case while it is played."""

    ref: str
    data: dict[str, Any]
    hand: InHand
    events: list[dict[str, Any]]
    refused: list[dict[str, Any]] = field(default_factory=list)
    redo: "Played | None" = None

    @property
    def case(self) -> Case:
        return self.hand.case

    @property
    def number(self) -> str:
        return self.hand.case.header.number

    def at(self, event: str | None) -> "Played":
        """Where an event goes on: the order to reply anew opened a linked case, whose handling the rest is."""
        one = self
        while one.redo and event not in AFTERWARDS:
            one = one.redo
        return one


@dataclass(slots=True)
class Steps:
    """Plays events, one after the other. strict: nothing is filled in. recorded_on_the_day: as if each had been typed in
    at once. days_to_come: they may lie after today. redone: the cases in which replies are made anew, by the number of the
    first one, as far as they are told as cases of their own.
    held: the last step that could not be filled in before the event, and why."""

    office: Office
    cases: CasesInHand
    people: People
    strict: bool = False
    recorded_on_the_day: bool = False
    days_to_come: bool = True
    redone: Mapping[str, Played] = field(default_factory=dict)
    held: tuple[str, Refusal] | None = None

    def step(
        self, one: Played, event: ev.Event, by: Any, following: str | None
    ) -> tuple[Played, Logged | Refusal]:
        """Apply an event, with what is filled in before and follows of itself. The case in which it happened, and its line
        of the log or why not. following: the name of the next event that is told."""
        filled: tuple[str, ...] = ()
        self.held = None
        if not self.strict:
            one = self._revised(one, event)
            self._routine(one).lead_up(event)
            event, filled = with_evidence(one.case, event)
        if isinstance(event, ev.RequireCorrection) and not event.defects:
            event, filled = event.model_copy(update={"defects": NEUTRAL_DEFECTS}), ("defects",)
        done = self._apply(one, event, self.people.for_event(event.name, by), filled)
        if isinstance(done, Refusal):
            return one, done
        if isinstance(event, ev.Submit) and following != "receive":
            self._receive_at_once(one, event)
        if isinstance(event, ev.ReviseReply) or (
            isinstance(event, ev.OrderRedo) and one.case.ended
        ):
            self._begin_redo(one, event)
        return one, done

    def _revised(self, one: Played, event: ev.Event) -> Played:
        """A draft after the reply was served is a reply that the body gives anew of itself."""
        if not isinstance(event, ev.ProposeOutcome) or one.case.state not in ("served", "archived"):
            return one
        revision = ev.ReviseReply(on=event.on, mode="replace", reason="送达之后重新拟稿")
        actor = self.people.for_event(revision.name, None)
        if isinstance(self._apply(one, revision, actor, ALL), Refusal):
            return one
        self._begin_redo(one, revision)
        return one.redo or one

    def _receive_at_once(self, one: Played, event: ev.Submit) -> None:
        """On the net the submission is the receipt where the setting says so; what is handed in or
        signed for is received that day."""
        if one.case.received_on or event.channel in AT_ONCE:
            self._apply(one, ev.Receive(on=event.on, channel=event.channel), SYSTEM, ())

    def _begin_redo(self, one: Played, event: Redo) -> None:
        """The linked case of a redo that is not told as a case of its own. One that is learns how the
        reply is mended."""
        spelled_out = self.redone.get(one.number)
        if spelled_out is not None:
            if isinstance(event, ev.ReviseReply) and not spelled_out.case.written:
                self.cases.mended_by(spelled_out.hand, event.mode)
            return
        redo = Played(f"{one.ref}/redo", one.data, self.cases.open_redo(one.hand, event), [])
        last = one
        while last.redo:
            last = last.redo
        last.redo = redo
        channel = one.case.facts.channel or "in_person"
        actor = self.people.for_event("receive", None)
        self._apply(redo, ev.Receive(on=event.on, channel=channel), actor, ALL)

    def _apply(
        self, one: Played, event: ev.Event, actor: Actor, filled: tuple[str, ...]
    ) -> Logged | Refusal:
        today = self.office.today()
        if self.days_to_come:
            today = max(today, *(day for _, day in ev.days_of(event)))
        event = self.cases.prepared(one.hand, event)
        moment = self.office.now()
        if self.recorded_on_the_day:
            moment = datetime.combine(event.on, time(9, 30), SHANGHAI)
        done = one.case.apply(event, actor, today=today, recorded_at=moment, filled=filled)
        if not isinstance(done, Refusal):
            self.cases.moved(one.hand)
        return done

    def _routine(self, one: Played) -> Routine:
        """What fills in the steps that are left out, each by a person of the right role."""

        def apply(event: ev.Event) -> Refusal | None:
            done = self._apply(one, event, self.people.for_event(event.name, None), ALL)
            if not isinstance(done, Refusal):
                return None
            self.held = event.name, done
            return done

        return Routine(one.case, apply)
