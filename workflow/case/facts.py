"""What is known of a case: its header, the lines of its log, and the facts that they add up to.

`CaseView` is a case as the guards, the machine and the alarms look at it; `workflow.case.case.Case` is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from workflow import clock
from workflow import events as ev
from workflow.case.others import Others
from workflow.refusal import Refusal
from workflow.rules import outcomes
from workflow.rules.rulebook import Rulebook

LEDGER = "台账·"
"""How the actors of what was taken over from a ledger begin: no user name has such a sign in it. Their
papers lie elsewhere."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who applies an event: a user name, which is one person's for ever, and the roles held in the
    case's body. stands_for: role → user name of who is away, for roles that are held in their place
    alone. Who drafted, reviewed or signed is always the person who did it."""

    name: str
    roles: frozenset[str]
    stands_for: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks. category: the column of table 3 if somebody set it; description leads to one. filed_as: the name with
    which the case began, where it was put right since: the chain of the log begins with that one."""

    name: str
    category: str | None = None
    description: str | None = None
    citizen: bool = True
    filed_as: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """What a case is besides its events: it does not change. redo_mode: how a body that mends its own
    reply does it (supplement, correct, replace); None for an ordered redo."""

    number: str
    agency: str
    kind: str = "application"
    applicants: tuple[Applicant, ...] = ()
    request: str = ""
    items: tuple[str, ...] = ()
    delivery: tuple[str, ...] = ("pickup",)
    joint_letter: str | None = None
    redo_of: str | None = None
    redo_due: date | None = None
    redo_mode: str | None = None
    body_name: str = ""
    body_level: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log: the event, who applied it in which role, and when it was recorded.

    filled: fields that were filled in by replay; ("*",) when the whole step was. typed: what was typed
    where the line has been corrected since (`event` is what is right); None where it stands as typed.
    stands_for: user name of who was away and for whom the actor did it; None: in a role of their own.
    """

    seq: int
    event: ev.Event
    actor: str
    role: str
    recorded_at: datetime
    filled: tuple[str, ...] = ()
    typed: ev.Event | None = None
    stands_for: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """An entry that was allowed while another one was wrong and would not be now. seq: its line."""

    seq: int
    event: str
    on: date
    message: str
    article: str


@dataclass(slots=True)
class Consultation:
    """A consultation within the case; opinion None while it is open.

    reached_on: the day on which the letter reached the addressee; None while that is not known: the
    deadline is then the earliest there can be. returned_on: the letter came back, no period runs.
    notice_reached_on: the day on which the third party got the notice that its information is released.
    """

    number: int
    kind: str
    sent_on: date
    deadline: date | None = None
    answered_on: date | None = None
    opinion: str | None = None
    overridden_on: date | None = None
    reached_on: date | None = None
    returned_on: date | None = None
    notice_reached_on: date | None = None

    def is_open(self, on: date) -> bool:
        """Still waiting on the day: no answer, and the addressee's own deadline has not passed. Nobody is
        waited for whose letter came back."""
        if self.answered_on is not None or self.returned_on is not None:
            return False
        return self.reached_on is None or self.deadline is None or on <= self.deadline

    def stance(self, on: date) -> str | None:
        """What the addressee stands for: agrees, objects or none; None while it is awaited.

        The silence of a co-maker is consent (条例34); that of a third party is not, nor a refusal:
        the body then decides for itself (条例32).
        """
        if self.is_open(on):
            return None
        said = self.opinion or ("none" if self.answered_on is None else None)
        if said == "none" and self.kind == "consult_joint_agency":
            return "agrees"
        return said


@dataclass(slots=True)
class Proceeding:
    """A review or one instance of a suit (table 4).

    copy_received_on: when its copy reached the body; None: not told, and `answer_due` is counted from the
    filing, provisionally. decided_on: when the decision or judgment was received. appeal_due: the last
    day of an appeal. report_due: of the report on a 行政复议意见书.
    """

    number: int
    kind: str
    filed_on: date
    case_number: str | None = None
    via: str | None = None
    instance: str = "first"
    role: str = "respondent"
    concluded_on: date | None = None
    result: str | None = None
    answer_due: date | None = None
    by: str = "applicant"
    copy_received_on: date | None = None
    summary: bool = False
    decided_on: date | None = None
    appeal_due: date | None = None
    report_due: date | None = None

    @property
    def provisional(self) -> bool:
        """The day to answer is counted from the filing, as nobody told when the copy came."""
        return self.copy_received_on is None

    @property
    def copy_on(self) -> date:
        """The day from which the body's days run, as far as it is known."""
        return self.copy_received_on or self.filed_on


@dataclass(slots=True)
class Facts:
    """What the log says so far, besides the state and the clock. returned: the return of the draft that
    nobody has answered yet, by a change or by a word; failed: what says that the service failed, until
    the next one; steps: the lines that led the case on."""

    channel: str | None = None
    answer: outcomes.Answer | None = None
    drafter: str | None = None
    outcome: str | None = None
    returned: ev.Event | None = None
    secrecy_passed: bool = False
    ruling_open: bool = False
    approved_on: date | None = None
    served: ev.Serve | None = None
    failed: ev.Event | None = None
    steps: list[Logged] = field(default_factory=list)
    closed_on: date | None = None
    corrections: int = 0
    extensions: int = 0
    reasons_asked: bool = False
    reasons_deadline: date | None = None
    reasons_given: bool = False
    reasons_accepted: bool | None = None
    charged: bool = False
    fee_yuan: Decimal | None = None
    fee_by_page: bool = False
    fee_paid: bool = False
    searches: list[ev.RecordSearch] = field(default_factory=list)
    consultations: dict[int, Consultation] = field(default_factory=dict)
    proceedings: dict[tuple[str, int], Proceeding] = field(default_factory=dict)
    redo_due: date | None = None
    assigned_to: str | None = None
    unclear_items: tuple[int, ...] = ()
    merged_into: str | None = None
    result: str | None = None
    revised: ev.ReviseReply | None = None
    successor: str | None = None
    moved_to: str | None = None
    moved_on: date | None = None

    def add(self, proceeding: Proceeding) -> None:
        self.proceedings[(proceeding.kind, proceeding.number)] = proceeding

    def proceeding_number(self, kind: str, given: int | None) -> int:
        """The number that a new proceeding gets: the given one, or the next of its kind."""
        if given is not None:
            return given
        return 1 + max((n for k, n in self.proceedings if k == kind), default=0)

    def open_proceeding(self, kind: str, given: int | None) -> Proceeding | None:
        """The open proceeding of that number, or the only open one of its kind."""
        waiting = [
            p for (k, n), p in self.proceedings.items()
            if k == kind and p.concluded_on is None and given in (None, n)
        ]  # fmt: skip
        return waiting[0] if len(waiting) == 1 else None


class CaseView(Protocol):
    """A case to be looked at: what it is, where it stands, and what it must know of others.

    log: the entries that hold, corrected ones with their right values. written: every line of the log as
    it was written.
    papers_taken_as_there: it comes out of a docket, which tells no papers and no settings of letters.
    """

    header: Header
    rules: Rulebook
    state: str
    log: list[Logged]
    written: list[Logged]
    facts: Facts
    terms: clock.Terms
    others: Others
    papers_taken_as_there: bool

    @property
    def deadlines(self) -> clock.Deadlines: ...

    @property
    def events(self) -> list[ev.Event]: ...

    @property
    def received_on(self) -> date | None: ...

    def contradiction(self, correction: ev.CorrectEntry) -> Refusal | None: ...

    def findings(self) -> list[Finding]: ...
    @property
    def ended(self) -> bool: ...
