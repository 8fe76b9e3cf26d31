"""The machine: the transition table run by `transitions`, and what may happen next, for whom, why not.

One shared Machine without models serves all cases; the answers come from the same table.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel
from transitions import Machine

from config.law import Law, LawTableError, Transition
from workflow import events as ev
from workflow.case import guards
from workflow.case.facts import Actor, CaseView
from workflow.case.guards import order
from workflow.case.public import FROM_CASE, named_in
from workflow.clock import CLOCK_EVENTS
from workflow.dates import in_words
from workflow.refusal import Refusal
from workflow.rules import permissions
from workflow.rules.secrecy import bears_secret_mark, secret_refusal

START = "start"


@dataclass(frozen=True, slots=True)
class Possibility:
    """An event that the table knows: allowed now for this person, or why not."""

    event: str
    label: str
    by: tuple[str, ...]
    refusal: Refusal | None

    @property
    def allowed(self) -> bool:
        return self.refusal is None


class CaseMachine:
    """The table of config/law/transitions.toml, checked against models, guards and clock, and run."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._ways: dict[
            tuple[str, str, frozenset[str] | None, tuple[str, ...]], list[str] | None
        ] = {}
        self._not_here: dict[tuple[str, str, bool], Refusal] = {}
        self._check()
        self._machine = Machine(
            model=None,
            states=[START, *law.states],
            initial=START,
            auto_transitions=False,
            transitions=[
                {
                    "trigger": row.event,
                    "source": source,
                    "dest": row.leads(source),
                }
                for row in law.transitions.values()
                for source in row.sources
            ],
        )
        # Without conditions and callbacks a trigger is the look at its way: so it is looked at once.
        self._leads_to = {
            (name, source): ways[0].dest
            for name, event in self._machine.events.items()
            for source, ways in event.transitions.items()
        }

    def _check(self) -> None:
        for event, row in self.law.transitions.items():
            if event not in ev.MODELS:
                raise LawTableError(
                    f"transitions.toml: {event}: no model in workflow/events/models.py"
                )
            for guard in row.guards:
                if guard not in guards.GUARDS:
                    raise LawTableError(f"transitions.toml: {event}: no guard named {guard}")
            if row.clock != "none" and event not in CLOCK_EVENTS:
                raise LawTableError(
                    f"transitions.toml: {event}: clock is {row.clock}, "
                    "but workflow/clock says that it leaves the period alone"
                )
            self._check_words(row)
        known = {field for event in ev.MODELS for field in ev.fields_of(event)}
        for field in sorted(set(self.law.titles) - known):
            raise LawTableError(f"transitions.toml: fields: {field}: no event has such a field")
        missing = set(ev.MODELS) - set(self.law.transitions)
        if missing:
            raise LawTableError(f"transitions.toml: no row for {', '.join(sorted(missing))}")
        for state, events in self.law.usual.items():
            for event in events:
                if event not in self.law.transitions:
                    raise LawTableError(f"transitions.toml: usual: {state}: no event named {event}")

    def _check_words(self, row: Transition) -> None:
        """Every field of the event has its title; titles, hints and public texts name what it has."""
        where, there = f"transitions.toml: {row.event}", ev.fields_of(row.event)
        for field in there:
            if field not in row.fields and field not in self.law.titles:
                raise LawTableError(f"{where}: no title for its field {field}")
        for field in (*row.fields, *row.hints):
            if field not in there:
                raise LawTableError(f"{where}: it has no field {field}")
        for name in named_in(row.public):
            if name not in there and name not in FROM_CASE:
                raise LawTableError(f"{where}: public: nothing is known of {name}")

    def fire(self, case: CaseView, event: str) -> None:
        """Move the case's state along the table. Raises MachineError where the table has no way."""
        after = self._leads_to.get((event, case.state))
        if after is None:
            self._machine.events[event].trigger(case)
        else:
            case.state = after

    def role_of(self, event: str, actor: Actor) -> str:
        """The role in which the actor does it: the first of the row's that the actor holds, one of their
        own before one that is held for somebody who is away."""
        able = [role for role in self.law.transitions[event].by if role in actor.roles]
        return next((role for role in able if role not in actor.stands_for), able[0])

    def refusal(
        self, case: CaseView, name: str, event: ev.Event | None, actor: Actor | None, today: date
    ) -> Refusal | None:
        """Why the event is not allowed now, None if it is.

        event None asks before its fields are known; actor None asks for anybody of the right role.
        """
        row = self.law.transitions.get(name)
        if row is None:
            return Refusal("unknown_event", "-", f"没有名为“{name}”的事项", "请使用规定的事项名称")
        refusal = self._by_state(case, row) or self.denied(name, actor)
        if refusal is None and event is not None:
            refusal = self.dated(case, event, today)
        if refusal is not None:
            return refusal
        question = guards.Question(case, name, event, actor, event.on if event else today)
        for guard in row.guards:
            refusal = guards.GUARDS[guard].ask(question)
            if refusal is not None:
                return refusal
        return None

    def dated(self, case: CaseView, event: ev.Event, today: date) -> Refusal | None:
        """Why the event cannot have happened on its days where the case stands; None if it can."""
        row = self.law.transitions[event.name]
        return self._by_dates(case, row, event, today) or self._by_secrecy(event)

    def possibilities(self, case: CaseView, actor: Actor | None, today: date) -> list[Possibility]:
        """Every event of the table with its answer for this case, this person and this day."""
        return [
            Possibility(name, row.label, row.by, self.refusal(case, name, None, actor, today))
            for name, row in self.law.transitions.items()
            if name != "submit"
        ]

    def route(
        self,
        state: str,
        event: str,
        first_steps: frozenset[str] | None = None,
        also: tuple[str, ...] = (),
    ) -> list[str] | None:
        """The shortest way of routine steps from a state to one in which the event is possible. No
        routine step takes a draft back.

        first_steps: the steps that may come first (those whose guards allow it).
        also: further events that may stand on the way. None: there is no way.
        """
        asked = state, event, first_steps, also
        if asked not in self._ways:
            self._ways[asked] = self._way(*asked)
        way = self._ways[asked]
        return None if way is None else list(way)

    def _way(
        self, state: str, event: str, first_steps: frozenset[str] | None, also: tuple[str, ...]
    ) -> list[str] | None:
        row = self.law.transitions[event]
        queue: deque[tuple[str, list[str]]] = deque([(state, [])])
        seen = {state}
        while queue:
            here, way = queue.popleft()
            if here in row.sources:
                return way
            for step in self.law.transitions.values():
                if not (step.routine or step.event in also) or here not in step.sources:
                    continue
                after = step.leads(here)
                if after in seen or self.law.takes_back(here, after):
                    continue
                if not way and first_steps is not None and step.event not in first_steps:
                    continue
                seen.add(after)
                queue.append((after, [*way, step.event]))
        return None

    # -- refusals that every row shares ---------------------------------------------------------

    def _by_state(self, case: CaseView, row: Transition) -> Refusal | None:
        if case.state in row.sources:
            return None
        key = case.state, row.event, any(line.event.name == row.event for line in case.log)
        if key not in self._not_here:
            self._not_here[key] = self._elsewhere(*key, row)
        return self._not_here[key]

    def _elsewhere(self, state: str, event: str, done: bool, row: Transition) -> Refusal:
        """Why the event of the row cannot happen in a state; done: it has happened before."""
        states = self.law.states
        now = states[state].label if state in states else "尚未登记"
        if done and row.to not in ("same", "processing", "drafted"):
            return Refusal(
                "already_done",
                row.basis,
                f"“{row.label}”已经办过，不必再办",
                f"现在是“{now}”，请看下一步",
            )
        wanted = "、".join(f"“{states[s].label}”" for s in row.sources if s in states)
        way = self.route(state, event, also=("propose_outcome",))
        if way and state != START:
            steps = "、".join(f"“{self.law.transitions[step].label}”" for step in way)
            when = f"须先办理：{steps}"
        else:
            when = f"须在{wanted}时" if wanted else "只能在登记之初"
        return Refusal(
            "not_in_this_state", row.basis, f"现在是“{now}”，还不能办理“{row.label}”", when
        )

    def denied(self, name: str, actor: Actor | None) -> Refusal | None:
        """Why the event is never for the actor in the roles that they hold; None if it may be, for
        anybody (actor None), and for an unknown event."""
        row = self.law.transitions.get(name)
        if actor is None or row is None:
            return None
        labels = self.law.words.roles
        return permissions.refusal_by_roles(labels, row.label, row.basis, row.by, actor.roles)

    def _by_dates(
        self, case: CaseView, row: Transition, event: ev.Event, today: date
    ) -> Refusal | None:
        for field, day in ev.days_of(event):
            if day > today and field in _PAST_DAYS:
                return Refusal(
                    "too_early",
                    row.basis,
                    f"{ev.field_title(row.event, field)} {in_words(day)}还没有到",
                    f"到 {in_words(day)}再登记",
                    field,
                )
        if event.on < row.holds_from:
            return Refusal(
                "too_early",
                row.basis,
                f"“{row.label}”自 {in_words(row.holds_from)}起施行",
                f"{in_words(row.holds_from)}以后发生的事项",
                "on",
            )
        return order.contradiction(case, event)

    def _by_secrecy(self, event: ev.Event) -> Refusal | None:
        for field, text in _texts(event):
            if bears_secret_mark(text):
                return secret_refusal(field)
        return None


_PAST_DAYS = frozenset(
    (
        "on", "reached_on", "confirmed_on", "posted_on", "signed_on", "sent_on", "document_date",
        "copy_received_on", "judgment_received_on", "opinion_received_on", "returned_on",
    )
)  # fmt: skip


def _texts(event: ev.Event) -> list[tuple[str, str]]:
    """Every text of an event with its field, however deep it stands."""
    return [(field, text) for field, value in vars(event).items() for text in _texts_in(value)]


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, ev.Classification):
        # The level is the fact that may be kept: 机密★10年.
        yield from _texts_in(value.body)
        yield from _texts_in(value.authority)
        yield from _texts_in(value.derived_from)
    elif isinstance(value, BaseModel):
        for part in vars(value).values():
            yield from _texts_in(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _texts_in(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _texts_in(name)
            yield from _texts_in(part)


_MACHINES: dict[int, CaseMachine] = {}


def machine_of(law: Law) -> CaseMachine:
    """The one shared machine of a law's tables."""
    machine = _MACHINES.get(id(law))
    if machine is None or machine.law is not law:
        machine = _MACHINES[id(law)] = CaseMachine(law)
    return machine
