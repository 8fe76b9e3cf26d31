"""Case: the fold of its log. `apply` is the one door through which a case changes."""

from dataclasses import replace
from datetime import date, datetime

from workflow import clock
from workflow import events as ev
from workflow.case import correcting
from workflow.case.facts import Actor, Applicant, Facts, Finding, Header, Logged
from workflow.case.fold import FACTS_AFTER, draft_falls
from workflow.case.given import given
from workflow.case.machine import CaseMachine, machine_of
from workflow.case.others import Others
from workflow.case.reopening import reply_failed, service_falls
from workflow.case.returned import state_after
from workflow.dates import LAST_DAY
from workflow.refusal import Refusal
from workflow.rules import columns, outcomes
from workflow.rules.rulebook import Rulebook


class Case:
    """One application. Its state, facts and due days follow from its log and nothing else."""

    state: str
    log: list[Logged]
    facts: Facts
    terms: clock.Terms
    _deadlines: clock.Deadlines | None
    _before: clock.Deadlines | None

    def __init__(self, header: Header, rules: Rulebook) -> None:
        self.header: Header = header
        self.rules = rules
        self.written: list[Logged] = []
        self._begin()
        self.machine: CaseMachine = machine_of(rules.law)
        self.others = Others()
        self.papers_taken_as_there = False
        self._columns: tuple[str, ...] = ()

    @classmethod
    def replayed(cls, header: Header, rules: Rulebook, log: list[Logged]) -> "Case":
        """The case as its log says, without asking the guards again."""
        case = cls(header, rules)
        for line in log:
            case.follow(line)
        return case

    def follow(self, line: Logged) -> None:
        """Take in the next line of a log that was applied before, without asking the guards again."""
        self.written.append(line)
        if not isinstance(line.event, ev.CorrectEntry):
            self.take(line)
            return
        self._begin()
        for one in correcting.holding(self.written):
            self.take(one)

    def take(self, line: Logged) -> None:
        """What a line of the log does to state, facts and due days."""
        before, failed = self.state, reply_failed(self, line.event)
        step = self.rules.law.transitions[line.event.name].steps_from(before)
        self.machine.fire(self, line.event.name)
        if isinstance(line.event, ev.ServiceFailed):
            self.state, step = before, False
        elif isinstance(line.event, ev.ProposeOutcome) and line.event.stands:
            self.state = state_after(line.event, self.state)
        self.log.append(line)
        if failed:
            service_falls(self, line.event)
        elif self.rules.law.takes_back(before, self.state):
            draft_falls(self)
        if step or failed:
            self.facts.steps.append(line)
        self._fold(line)

    def apply(
        self,
        event: ev.Event,
        actor: Actor,
        *,
        today: date,
        recorded_at: datetime,
        filled: tuple[str, ...] = (),
    ) -> Logged | Refusal:
        """Apply an event, or refuse it whole: then nothing of the case has changed.

        today: the day up to which something can have happened.
        """
        event = given(self, event)
        refusal = self.machine.refusal(self, event.name, event, actor, today)
        if refusal is not None:
            return refusal
        role = self.machine.role_of(event.name, actor)
        line = Logged(
            len(self.written) + 1, event, actor.name, role, recorded_at, filled,
            stands_for=actor.stands_for.get(role),
        )  # fmt: skip
        self.follow(line)
        return line

    @property
    def deadlines(self) -> clock.Deadlines:
        """The due days that follow from the log, counted when they are asked for."""
        if self._deadlines is None:
            self._deadlines = clock.compute(self.events, self.rules, terms=self.terms)
        return self._deadlines

    @property
    def deadlines_before(self) -> clock.Deadlines:
        """The due days as they stood before the last line of the log."""
        if self.log and self.log[-1].event.name not in clock.CLOCK_EVENTS:
            return self.deadlines
        if self._before is None:
            self._before = clock.compute(self.events[:-1], self.rules, terms=self.terms)
        return self._before

    def all_deadlines(self) -> clock.Deadlines:
        """The due days with the stricter national ones and those in review and court beside them, for showing."""
        found = clock.compute(self.events, self.rules, with_national=True, terms=self.terms)
        return clock.with_disputes(found, self.events, self.rules)

    @property
    def events(self) -> list[ev.Event]:
        return [line.event for line in self.log]

    @property
    def received_on(self) -> date | None:
        """The day of receipt (收到申请之日); None before receipt and for what is never counted."""
        return self.deadlines.receipt_date

    @property
    def ended(self) -> bool:
        """Answered or closed: what is ordered or revised afterwards is done in a linked case."""
        return self.rules.law.stage(self.state) == "done"

    @property
    def accepted_by_staff(self) -> bool:
        """True once a member of staff has taken the application in hand."""
        return any(
            line.role not in ("applicant", "system")
            and line.event.name not in ("submit", "withdraw")
            for line in self.log
        )

    @property
    def row(self) -> str | None:
        """The result row of table 3 (format 2021); None while open or when not counted."""
        if self.facts.closed_on is None or self.facts.outcome is None:
            return None
        return outcomes.row_of(self.facts.outcome, self.rules.law, self.rules.settings)

    @property
    def applicants(self) -> tuple[Applicant, ...]:
        """Who asks now: whoever took the first applicant's place stands in it. The columns of table 3
        stay those of the first applicants (law.md §6.7)."""
        first = self.header.applicants
        if self.facts.successor is None or not first:
            return first
        return (replace(first[0], name=self.facts.successor), *first[1:])

    def columns(self) -> tuple[str, ...]:
        """The column of each applicant, the first-named first. No event changes it."""
        if not self._columns:
            self._columns = self._columns_of_all()
        return self._columns

    def _columns_of_all(self) -> tuple[str, ...]:
        return tuple(
            columns.column_of(
                self.rules.law,
                self.rules.settings,
                person.category,
                person.description or (None if person.citizen else person.name),
                citizen=person.citizen,
            )
            for person in self.header.applicants
        ) or ("natural_person",)

    def next_due(self) -> tuple[date | None, str]:
        """The day that the worklist sorts by, and what it is the deadline of."""
        stage = self.rules.law.stage(self.state)
        if self.state == "awaiting_correction" and self.deadlines.clock == "stopped":
            return self.deadlines.correction_due, "correction"
        if self.state == "awaiting_payment":
            return self.deadlines.fee_due, "fee"
        if stage == "running" or self.state == "awaiting_correction":
            return self.deadlines.act_by, "reply"
        return None, ""

    @property
    def waiting_until(self) -> date | None:
        """The last day on which some opinion can still be awaited, the clock excluding days; None when
        none is. An addressee without a deadline of its own may be awaited for ever."""
        if self.facts.ruling_open and self.rules["ruling_stops_clock"]:
            return LAST_DAY
        waiting = [
            c
            for c in self.facts.consultations.values()
            if c.answered_on is None and c.returned_on is None
        ]
        return max((c.deadline or LAST_DAY for c in waiting), default=None)

    def item_rows(self) -> tuple[str | None, ...]:
        """The row of each item's own outcome, for bodies that count by item."""
        answer = self.facts.answer
        if answer is None or not answer.items or self.facts.served is None:
            return ()
        law, settings = self.rules.law, self.rules.settings
        return tuple(outcomes.row_of(item.outcome, law, settings) for item in answer.items)

    def contradiction(self, correction: ev.CorrectEntry) -> Refusal | None:
        """Why the log would not hold together with the correction; None if it does."""
        return correcting.contradiction(self, correction)

    def findings(self) -> list[Finding]:
        """The entries that a wrong one had allowed and that would not be allowed now."""
        return correcting.findings(self)

    # -- folding ------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.state = "start"
        self.log = []
        self.facts = Facts()
        self._deadlines, self._before = clock.Deadlines(), None
        self.terms = _terms_of(self.header, self.rules)

    def _fold(self, line: Logged) -> None:
        event = line.event
        if event.name in clock.CLOCK_EVENTS:
            self._deadlines, self._before = None, self._deadlines
        change = FACTS_AFTER.get(event.name)
        if change is not None:
            change(self, event)


def _terms_of(header: Header, rules: Rulebook) -> clock.Terms:
    """An application has the law's period; the correction of a record (条例41) has the setting's, a
    suggestion to publish (条例44) and an enquiry have none; a redo has the ordered day."""
    if header.kind == "record_correction":
        return clock.Terms(reply_workdays=int(rules["record_correction_period_days"]))
    if header.kind != "application":
        return clock.Terms(reply_workdays=0)
    return clock.Terms(ordered_due=header.redo_due)
