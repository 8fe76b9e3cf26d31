"""Case: the fold of its log. `apply` is the one door through which a case changes."""

from datetime import date, datetime, timedelta

from workflow import clock
from workflow import events as ev
from workflow.case.facts import Actor, Around, Consultation, Facts, Header, Logged, Proceeding
from workflow.case.machine import CaseMachine, machine_of
from workflow.dates import LAST_DAY
from workflow.refusal import Refusal
from workflow.rules import outcomes
from workflow.rules.rulebook import Rulebook


class Case:
    """One application. Its state, facts and due days follow from its log and nothing else."""

    def __init__(self, header: Header, rules: Rulebook) -> None:
        self.header: Header = header
        self.rules = rules
        self.state = "start"
        self.log: list[Logged] = []
        self.facts: Facts = Facts()
        self.deadlines = clock.Deadlines()
        self.machine: CaseMachine = machine_of(rules.law)
        self.around = Around()
        self.terms = _terms_of(header, rules)

    @classmethod
    def replayed(cls, header: Header, rules: Rulebook, log: list[Logged]) -> "Case":
        """The case as its log says, without asking the guards again."""
        case = cls(header, rules)
        for line in log:
            case.follow(line)
        return case

    def follow(self, line: Logged) -> None:
        """Take in the next line of a log that was applied before, without asking the guards again."""
        self.machine.fire(self, line.event.name)
        self.log.append(line)
        self._take_in(line)

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
        refusal = self.machine.refusal(self, event.name, event, actor, today)
        if refusal is not None:
            return refusal
        role = self.machine.role_of(event.name, actor)
        line = Logged(len(self.log) + 1, event, actor.name, role, recorded_at, filled)
        self.machine.fire(self, event.name)
        self.log.append(line)
        self._take_in(line)
        return line

    def all_deadlines(self) -> clock.Deadlines:
        """The due days with the stricter national ones beside them, for showing."""
        return clock.compute(self.events, self.rules, with_national=True, terms=self.terms)

    @property
    def events(self) -> list[ev.Event]:
        return [line.event for line in self.log]

    @property
    def received_on(self) -> date | None:
        """The day of receipt (收到申请之日); None before receipt and for what is never counted."""
        return self.deadlines.receipt_date

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

    def columns(self) -> tuple[str, ...]:
        """The column of each applicant, the first-named first."""
        return tuple(
            outcomes.column_of(
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
        if self.state == "awaiting_correction":
            return self.deadlines.correction_due, "correction"
        if self.state == "awaiting_payment":
            return self.deadlines.fee_due, "fee"
        if stage == "running":
            return self.deadlines.reply_due, "reply"
        return None, ""

    @property
    def waiting_until(self) -> date | None:
        """The last day on which some opinion can still be awaited, the clock excluding days; None when
        none is. An addressee without a deadline of its own may be awaited for ever."""
        if self.facts.ruling_open and self.rules["ruling_stops_clock"]:
            return LAST_DAY
        waiting = [c for c in self.facts.consultations.values() if c.answered_on is None]
        return max((c.deadline or LAST_DAY for c in waiting), default=None)

    def item_rows(self) -> tuple[str | None, ...]:
        """The row of each item's own outcome, for bodies that count by item."""
        answer = self.facts.answer
        if answer is None or not answer.items or self.facts.served is None:
            return ()
        law, settings = self.rules.law, self.rules.settings
        return tuple(outcomes.row_of(item.outcome, law, settings) for item in answer.items)

    # -- folding ------------------------------------------------------------------------------

    def _take_in(self, line: Logged) -> None:
        before = self.deadlines
        if line.event.name in clock.CLOCK_EVENTS:
            self.deadlines = clock.compute(self.events, self.rules, terms=self.terms)
        handler = getattr(self, f"_on_{line.event.name}", None)
        if handler is not None:
            handler(line, before)

    def _on_submit(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.Submit)
        self.facts.channel = line.event.channel

    def _on_receive(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.Receive)
        self.facts.channel = self.facts.channel or line.event.channel

    def _on_require_correction(self, line: Logged, before: clock.Deadlines) -> None:
        self.facts.corrections += 1

    def _on_assign(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.Assign)
        self.facts.assigned_to = line.event.to or self.facts.assigned_to
        if line.event.unclear_items is not None:
            self.facts.unclear_items = line.event.unclear_items

    def _on_extend(self, line: Logged, before: clock.Deadlines) -> None:
        self.facts.extensions += 1

    def _on_ask_reasons(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.AskReasons)
        self.facts.reasons_asked = True
        self.facts.reasons_deadline = line.event.deadline_on

    def _on_give_reasons(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.GiveReasons)
        self.facts.reasons_accepted = line.event.accepted

    def _consulted(self, line: Logged, before: clock.Deadlines) -> None:
        event = line.event
        assert isinstance(event, ev.Consultation)
        self.facts.consultations[event.consultation] = Consultation(
            event.consultation, event.name, event.on, clock.party_deadline(event, self.rules)
        )

    _on_consult_third_party = _consulted
    _on_consult_joint_agency = _consulted
    _on_consult_other_agency = _consulted

    def _on_record_opinion(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.RecordOpinion)
        consultation = self.facts.consultations[line.event.consultation]
        consultation.answered_on = line.event.on
        consultation.opinion = line.event.opinion

    def _on_override_third_party(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.OverrideThirdParty)
        self.facts.consultations[line.event.consultation].overridden_on = line.event.on

    def _on_ask_ruling(self, line: Logged, before: clock.Deadlines) -> None:
        self.facts.ruling_open = True

    def _on_record_ruling(self, line: Logged, before: clock.Deadlines) -> None:
        self.facts.ruling_open = False

    def _on_charge_fee(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.ChargeFee)
        self.facts.charged = True
        self.facts.fee_yuan = line.event.amount

    def _on_record_search(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.RecordSearch)
        self.facts.searches.append(line.event)

    def _on_propose_outcome(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.ProposeOutcome)
        self.facts.answer, self.facts.outcome = None, None
        self.facts.result = line.event.result
        if line.event.outcome or line.event.items:
            self.facts.answer = outcomes.answer_of(line.event, self.rules.law, self.rules.settings)
            self.facts.outcome = self.facts.answer.outcome
        self.facts.drafter = line.actor
        self.facts.secrecy_passed = False

    def _on_pass_secrecy_review(self, line: Logged, before: clock.Deadlines) -> None:
        self.facts.secrecy_passed = True

    def _sent_back(self, line: Logged, before: clock.Deadlines) -> None:
        self.facts.secrecy_passed = False
        self.facts.approved_on = None

    _on_return_from_secrecy_review = _sent_back
    _on_return_draft = _sent_back

    def _on_approve(self, line: Logged, before: clock.Deadlines) -> None:
        self.facts.approved_on = line.event.on

    def _on_serve(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.Serve)
        self.facts.served = line.event
        self.facts.closed_on = closing_day(line.event, str(self.rules["closing_date_basis"]))

    def _on_lapse_correction(self, line: Logged, before: clock.Deadlines) -> None:
        assert before.correction_due is not None
        self.facts.outcome = "correction_lapsed"
        self.facts.closed_on = before.correction_due + timedelta(1)

    def _on_lapse_fee(self, line: Logged, before: clock.Deadlines) -> None:
        assert before.fee_due is not None
        self.facts.outcome = "fee_unpaid"
        self.facts.closed_on = before.fee_due + timedelta(1)

    def _on_withdraw(self, line: Logged, before: clock.Deadlines) -> None:
        self.facts.outcome = "withdrawn"
        self.facts.closed_on = line.event.on

    def _on_file_review(self, line: Logged, before: clock.Deadlines) -> None:
        event = line.event
        assert isinstance(event, ev.FileReview)
        period = "review_answer_summary" if event.summary else "review_answer"
        number = self.rules.period(period, event.on)
        self._file(
            Proceeding(
                self.proceeding_number("review", event.proceeding),
                "review",
                event.on,
                event.case_number,
                answer_due=self.rules.calendar.add(event.on, number),
            )
        )

    def _on_file_suit(self, line: Logged, before: clock.Deadlines) -> None:
        event = line.event
        assert isinstance(event, ev.FileSuit)
        self._file(
            Proceeding(
                self.proceeding_number("suit", event.proceeding),
                "suit",
                event.on,
                via=event.via,
                instance=event.instance or "first",
                role=event.role or "respondent",
                answer_due=self.rules.calendar.on_or_after(
                    event.on + timedelta(self.rules.period("suit_answer", event.on))
                ),
            )
        )

    def _on_conclude_review(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.ConcludeReview)
        self._conclude("review", line.event)

    def _on_conclude_suit(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.ConcludeSuit)
        self._conclude("suit", line.event)

    def _on_merge_duplicate(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.MergeDuplicate)
        self.facts.merged_into = line.event.into

    def _on_order_redo(self, line: Logged, before: clock.Deadlines) -> None:
        assert isinstance(line.event, ev.OrderRedo)
        self.facts.redo_due = line.event.due

    def _file(self, proceeding: Proceeding) -> None:
        self.facts.proceedings[(proceeding.kind, proceeding.number)] = proceeding

    def _conclude(self, kind: str, event: ev.ConcludeReview | ev.ConcludeSuit) -> None:
        proceeding = self.open_proceeding(kind, event.proceeding)
        assert proceeding is not None
        proceeding.concluded_on, proceeding.result = event.on, event.result

    def proceeding_number(self, kind: str, given: int | None) -> int:
        """The number that a new proceeding gets: the given one, or the next of its kind."""
        if given is not None:
            return given
        return 1 + max((n for k, n in self.facts.proceedings if k == kind), default=0)

    def open_proceeding(self, kind: str, given: int | None) -> Proceeding | None:
        """The open proceeding of that number, or the only open one of its kind."""
        waiting = [
            p for (k, n), p in self.facts.proceedings.items()
            if k == kind and p.concluded_on is None and given in (None, n)
        ]  # fmt: skip
        return waiting[0] if len(waiting) == 1 else None


def _terms_of(header: Header, rules: Rulebook) -> clock.Terms:
    """An application has the law's period; the correction of a record (条例41) has the setting's, a
    suggestion to publish (条例44) and an enquiry have none; a redo has the ordered day."""
    if header.kind == "record_correction":
        return clock.Terms(reply_workdays=int(rules["record_correction_period_days"]))
    if header.kind != "application":
        return clock.Terms(reply_workdays=0)
    return clock.Terms(ordered_due=header.redo_due)


def closing_day(event: ev.Serve, basis: str) -> date:
    """The day whose year the result counts in: service (default), dispatch or document date."""
    if basis == "document_date":
        return event.document_date or event.on
    if basis == "dispatch":
        return event.posted_on or event.sent_on or event.on
    return clock.effective_service(event)
