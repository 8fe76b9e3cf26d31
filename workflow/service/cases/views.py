"""What the use cases give to pages and API: cases, worklists and receipts as values to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from config.law import Gap
from workflow.case.alarms import Alarm
from workflow.case.case import Case
from workflow.case.checklist import Checked
from workflow.case.facts import Applicant, Consultation, Finding, Proceeding
from workflow.case.machine import Possibility
from workflow.case.told import Told
from workflow.clock import CountedDays, Deadlines, Step
from workflow.dates import SHANGHAI
from workflow.files import Checked as FileChecked
from workflow.rules.remedy import Remedy


@dataclass(frozen=True)
class Filed:
    """What the applicant gets at once: number, query code, and where it stands. repeated: it had been
    filed before under the same key. gaps: what the paper lacks, for the clerk. missing: the papers that are still
    to be sent, as the applicant knows them."""

    number: str
    agency: str
    query_code: str
    state: str
    submitted_at: datetime
    receipt_date: date | None
    reply_due: date | None
    provisional: bool = False
    repeated: bool = False
    gaps: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseAddress:
    """What names a case: the code of its body and its number; agency_name: the body for reading."""

    agency: str
    number: str
    agency_name: str


@dataclass(frozen=True)
class LoggedLine:
    """A line of the log for reading, with the values that hold. typed_on, typed: the day and the values as
    they were typed, where they were corrected since. taken_back: the entry does not hold any more.
    stands_for: user name of who was away and for whom the actor did it."""

    seq: int
    on: date
    event: str
    label: str
    actor: str
    role: str
    recorded_at: datetime
    fields: dict[str, Any]
    filled: tuple[str, ...]
    typed_on: date | None = None
    typed: dict[str, Any] | None = None
    taken_back: bool = False
    stands_for: str | None = None


@dataclass(frozen=True)
class AskedBefore:
    """How much else the applicant has asked the body for: cases, the items in them, and the day of the first;
    None where there is no other."""

    cases: int = 0
    items: int = 0
    first: date | None = None


@dataclass(frozen=True)
class Beside:
    """Another case of the same applicant, for looking at side by side. alike: it asks for the same."""

    number: str
    title: str
    opened_on: date
    state_label: str
    outcome_label: str
    alike: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a case is after an event. agency: code of its body; length: of its log."""

    agency: str
    number: str
    state: str
    state_label: str
    length: int


@dataclass(frozen=True)
class Attached:
    """A file that comes with an event, already looked at: it is kept in the transaction of the event."""

    kind: str
    checked: FileChecked
    content: bytes


@dataclass(frozen=True)
class HandedOverFrom:
    """Where a case was handed over from: the platform, its number there, whose token it was and when. recorded: by
    line of the log, when it was recorded there and by whom, as far as that was told."""

    platform: str
    number: str
    by: str
    at: datetime
    recorded: Mapping[int, tuple[datetime | None, str | None]]


@dataclass(frozen=True)
class CaseFile:
    """A case as its page and the API show it. last_step: the line that led it to where it stands.

    gaps: what the paper lacked when it was registered, by name; asked_for: a correction was asked since.
    not_for_the_reply: lines of the log with evidence that came after the copy of a review or suit.
    id: of its row, for asking what stands beside it. case: what all else follows from. workdays_left:
    working days until the next due day, negative when it has passed; None without one. unnamed: nothing in it
    tells who the applicant is; `case` alone still knows. submitted_at: the moment at which it was filed or typed in;
    asked_on: the day of the application itself, which for a paper may be an earlier one.
    """

    id: int
    case: Case
    number: str
    agency: str
    agency_name: str
    kind: str
    title: str
    items: tuple[str, ...]
    applicants: tuple[Applicant, ...]
    delivery: tuple[str, ...]
    medium: tuple[str, ...]
    submitted_at: datetime
    asked_on: date
    state: str
    state_label: str
    channel: str | None
    outcome: str | None
    row: str | None
    column: str
    closed_on: date | None
    drafter: str | None
    answer: dict[int, str]
    next_due: date | None
    next_due_kind: str
    workdays_left: int | None
    deadlines: Deadlines
    days: list[CountedDays]
    used_workdays: int
    log: list[LoggedLine]
    possible: list[Possibility]
    missing: list[tuple[int | None, str]]
    remedy: str | None
    length: int
    remedy_text: Remedy | None = None
    third_party_remedy: Remedy | None = None
    findings: list[Finding] = field(default_factory=list)
    minor: bool = False
    alarms: list[Alarm] = field(default_factory=list)
    checklist: list[Checked] = field(default_factory=list)
    consultations: list[Consultation] = field(default_factory=list)
    proceedings: list[Proceeding] = field(default_factory=list)
    others: list[Beside] = field(default_factory=list)
    asked: AskedBefore = AskedBefore()
    linked: list[str] = field(default_factory=list)
    fee_yuan: Decimal | None = None
    excluding: bool = False
    contact: dict[str, Any] = field(default_factory=dict)
    gaps: dict[str, Gap] = field(default_factory=dict)
    not_for_the_reply: frozenset[int] = frozenset()
    archived_on: date | None = None
    kept_until: date | None = None
    last_step: LoggedLine | None = None
    handed_over: HandedOverFrom | None = None
    unnamed: bool = False

    @property
    def asked_for(self) -> bool:
        return any(line.event == "require_correction" for line in self.log)

    @property
    def holding(self) -> list[LoggedLine]:
        """The log without the lines that were taken back."""
        return [line for line in self.log if not line.taken_back]

    @property
    def allowed(self) -> list[Possibility]:
        return [p for p in self.possible if p.allowed]

    @property
    def blocked(self) -> list[Possibility]:
        """What the person may not do now, without what is long done and what cannot come any more."""
        return [p for p in self.possible if p.refusal and p.refusal.rule != "already_done"]


@dataclass(frozen=True)
class Fresh:
    """What is new in a case. event: as the worklist says it, "" for a paper that its applicant sent; by: user name,
    or a word of the log for who is no member of staff."""

    event: str
    at: datetime
    by: str


class WorkItem(NamedTuple):
    """A line of the worklist, quickly made: a page has a hundred. last_step: the event that led the case to where it
    stands. given: user name or unit that was given the case; waits: who is to act (workflow.case.waiting), None where
    it is over. fresh: the last that is news."""

    number: str
    agency: str
    kind: str
    title: str
    applicant: str
    state: str
    due: date | None
    due_kind: str
    workdays_left: int | None
    next_actors: tuple[str, ...]
    provisional: bool
    reply_left: int | None = None
    """Working days to the last day to reply itself, as `workdays_left`: `due` may be an earlier one."""
    excluding: bool = False
    last_step: str | None = None
    given: str | None = None
    waits: str | None = None
    received_on: date | None = None
    closed_on: date | None = None
    outcome: str | None = None
    fresh: Fresh | None = None


@dataclass(frozen=True)
class Place:
    """Where a line stands in the worklist's order; new cases do not move it. own: among a person's own ones."""

    due: date | None
    number: str
    agency: str
    own: bool = False


@dataclass(frozen=True)
class RedoView:
    """A case in which a request is answered anew, as its applicant sees it beside the first."""

    number: str
    state: str
    state_label: str
    reply_due: date | None
    told: Told
    served_on: date | None = None
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A message as a page shows it. ours: of the office; who: the name in full of who answered. item: the number of the
    item that is withdrawn."""

    ours: bool
    who: str
    at: datetime
    about: str
    item: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    """All that was said beside a case, the first one first. waiting: how many messages wait for an answer;
    why_not: in Chinese, why an applicant cannot write more now."""

    said: tuple[Said, ...] = ()
    waiting: int = 0
    why_not: str = ""

    @property
    def withdrawn(self) -> dict[int, date]:
        """The items that the applicant withdrew, with the day on which they wrote so."""
        found: dict[int, date] = {}
        for one in self.said:
            if one.item is not None:
                found.setdefault(one.item, one.at.astimezone(SHANGHAI).date())
        return found


@dataclass(frozen=True)
class ApplicantView:
    """What an applicant sees with number and code.

    told: the answers, the remedy, what is asked of them. due_steps: how the day of reply was counted.
    redoes: where it is answered anew; redo_of: the number of the request that this one answers anew.
    requests: how many requests of theirs the body has, and since when (条例35). days: the same, day by day.
    length: of the log, so that a form says which state of things its page showed. clock:
    how it runs (workflow/clock); items: what was asked, by number;
    items_left: those that can still be withdrawn alone. talk: what was said beside the case. fee: how the fee was
    counted, in words. opinion: how satisfied they said they were. may_confirm: number of the case, this one or where
    it is answered anew, of which the arrival of the reply is not known yet. defects: everything that was ever asked to be mended, as the
    office wrote it. submitted_at, asked_on: as in CaseFile.
    """

    number: str
    agency: str
    agency_name: str
    title: str
    state: str
    state_label: str
    submitted_at: datetime
    asked_on: date
    receipt_date: date | None
    reply_due: date | None
    correction_due: date | None
    steps: list[dict[str, str]]
    may_correct: bool
    may_withdraw: bool
    told: Told = field(default_factory=Told)
    due_steps: tuple[Step, ...] = ()
    provisional: bool = False
    redoes: tuple[RedoView, ...] = ()
    redo_of: str | None = None
    requests: tuple[int, date] | None = None
    served_on: date | None = None
    closed_on: date | None = None
    days: tuple[CountedDays, ...] = ()
    counted_from: date | None = None
    clock: str = ""
    length: int = 0
    items: tuple[str, ...] = ()
    items_left: dict[int, str] = field(default_factory=dict)
    talk: Talk = field(default_factory=Talk)
    fee: str = ""
    may_reason: bool = False
    may_confirm: str | None = None
    opinion: tuple[int, str] | None = None
    answered: bool = False
    defects: tuple[str, ...] = ()
