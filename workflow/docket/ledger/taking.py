"""A row that was read becomes a case, event by event through the one door, without papers: they lie elsewhere.

What the row does not tell is filled in as `gongkai replay` does it, by nobody who works here. A step of the
procedure that the rules refuse (an extension told too late) has no effect in law either: it goes into the
remark, and the row goes on; an answer that they refuse is an error of the row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import LEDGER, Actor, Header
from workflow.clock.days import ON_THE_NET
from workflow.docket.evidence import with_evidence
from workflow.docket.ledger.reading import WAITING, Finding, Read, Step
from workflow.docket.ledger.written import MARK, is_late, workdays_used
from workflow.docket.routine import ALL, BY_APPLICANT, Routine
from workflow.refusal import BadInput, Refusal
from workflow.rules.calendar import CalendarGap
from workflow.rules.rulebook import Rulebook

LENIENT = {
    "fee_policy": "choose", "max_correction_rounds": 9, "late_correction": "accept",
    "third_party_wait_days": 0,
}  # fmt: skip
"""Settings that only guards ask, and which a body may have chosen otherwise when the cases ran. No day
depends on them."""
FOLLOWING = ("correct", "record_opinion", "pay_fee", "override_third_party")
"""Events that fall with the one before them: nothing more is said of them."""


@dataclass(frozen=True, slots=True)
class Body:
    """The body whose ledger it is. file: how the file is called, in the note of every case."""

    code: str
    name: str
    level: str
    file: str
    today: date
    now: datetime


@dataclass(slots=True)
class Taken:
    """What became of a row: the case, or why not."""

    read: Read
    case: Case | None = None
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


class RefusedStep(Exception):
    """A step that the rules refuse."""

    def __init__(self, place: int, step: Step, message: str) -> None:
        super().__init__(message)
        self.place, self.step, self.message = place, step, message


class Taking:
    """Takes rows over for one body."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self._lenient: dict[int, tuple[Rulebook, Rulebook]] = {}

    def rules(self, rules: Rulebook) -> Rulebook:
        """The rules under which a row is played: those of the body, as far as they count days."""
        known = self._lenient.get(id(rules))
        if known is None:
            lenient = Rulebook(rules.law, {**rules.settings, **LENIENT}, rules.calendar)
            known = self._lenient[id(rules)] = rules, lenient
        return known[1]

    def take(self, read: Read, rules: Rulebook) -> Taken:
        """The case of a row. rules: of the body for what began on the day of the receipt."""
        taken = Taken(read, errors=list(read.errors), warnings=list(read.warnings))
        if read.errors or read.received_on is None:
            return taken
        told, dropped = dict(read.told), set[int]()
        while True:
            try:
                played = _Playing(self.body, read, self.rules(rules), told, dropped)
                played.play()
            except RefusedStep as refused:
                if not refused.step.optional:
                    taken.errors.append(Finding(refused.step.column, refused.message))
                    return taken
                dropped.add(refused.place)
                self._leave_out(taken, refused, told, rules)
                continue
            except CalendarGap as problem:
                taken.errors.append(Finding("received_on", str(problem)))
                return taken
            break
        played.case.rules = rules
        taken.case = played.case
        taken.warnings += _differences(read, played.case) + _open(played.case, self.body.today)
        return taken

    @staticmethod
    def _leave_out(
        taken: Taken, refused: RefusedStep, told: dict[str, str], rules: Rulebook
    ) -> None:
        step = refused.step
        label = rules.law.transitions[step.event].label
        if step.event not in FOLLOWING:
            message = f"{refused.message}。没有作为“{label}”登记，日期记入备注"
            taken.warnings.append(Finding(step.column, message))
        if step.filled != ALL:
            told[f"{label}（未计入期限）"] = step.on.isoformat()


class _Playing:
    """One try to play a row. dropped: places of the steps that are left out."""

    def __init__(
        self, body: Body, read: Read, rules: Rulebook, told: Mapping[str, str], dropped: set[int]
    ) -> None:
        self.body, self.read, self.told, self.dropped = body, read, told, dropped
        self.law = rules.law
        self.rules = rules
        self._begin()

    def _begin(self) -> None:
        self.case = Case(self.header, self.rules)
        self.case.papers_taken_as_there = True
        self.routine = Routine(self.case, self._fill)

    @cached_property
    def header(self) -> Header:
        read, body = self.read, self.body
        return Header(
            number=str(read.number),
            agency=body.code,
            applicants=read.applicants,
            request=read.request,
            items=read.items,
            delivery=read.delivery,
            joint_letter=read.joint_letter,
            redo_of=read.redo_of,
            redo_due=read.redo_due,
            redo_mode=read.redo_mode,
            body_name=body.name,
            body_level=body.level,
        )

    def play(self) -> None:
        self._receive()
        for place, step in enumerate(self.read.steps):
            if place not in self.dropped:
                self._step(place, step)

    # -- receipt ----------------------------------------------------------------------------------------

    def _receive(self) -> None:
        """The way in that gives the day of the sheet under the rules of the body."""
        read, receipt = self.read, Step("receive", self.read.received_on or date.min, "received_on")
        if read.outcome in ("rerouted", WAITING):
            on = read.submitted_on or receipt.on
            self._apply(
                -1,
                Step("submit", on, "submitted_on", {"channel": read.channel or "portal"}),
                note=True,
            )
            return
        ways = list(self._ways())
        for way in ways:
            self._begin()
            for step in way:
                self._apply(-1, step, note=step.event == "receive")
            if self.case.received_on == read.received_on:
                break
        proposal = next((s for s in read.steps if s.event == "propose_outcome"), None)
        asked = any(s.event == "require_correction" for s in read.steps)
        if proposal is not None and not asked and self.case.received_on:
            event = self._parsed(-1, proposal)
            assert isinstance(event, ev.ProposeOutcome)
            self.routine.procedure_before(event, self.case.received_on)

    def _ways(self) -> list[list[Step]]:
        read = self.read
        received, submitted, channel = read.received_on, read.submitted_on, read.channel
        assert received is not None
        filled = () if channel else ("channel",)
        channel = channel or "in_person"

        def receive(on: date, **fields: object) -> Step:
            return Step("receive", on, "received_on", {"channel": channel, **fields}, filled=filled)

        ways = []
        if submitted and channel in ON_THE_NET:
            submit = Step("submit", submitted, "submitted_on", {"channel": channel})
            ways.append([submit, receive(received)])
        elif submitted and channel == "ordinary_mail":
            ways.append([receive(submitted, confirmed_on=received)])
        return [*ways, [receive(received)]]

    # -- steps ------------------------------------------------------------------------------------------

    def _step(self, place: int, step: Step) -> None:
        event = self._parsed(place, step)
        self.routine.lead_up(event)
        filled = step.filled
        if filled != ALL:
            event, more = with_evidence(self.case, event)
            filled = (*filled, *more)
        self._say(place, step, self._applied(event, filled))

    def _parsed(self, place: int, step: Step) -> ev.Event:
        if step.on > self.body.today:
            raise RefusedStep(place, step, f"{step.on} 还没有到")
        try:
            return ev.parse(step.event, {"on": step.on, **step.fields})
        except BadInput as problem:
            first = problem.errors[0]
            raise RefusedStep(place, step, f"{ev.field_title(step.event, first.field.split('.')[0])}：{first.message}") from problem  # fmt: skip

    def _apply(self, place: int, step: Step, *, note: bool = False) -> None:
        event = self._parsed(place, step)
        if note:
            event = event.model_copy(update={"note": self._note()})
        self._say(place, step, self._applied(event, step.filled))

    def _fill(self, event: ev.Event) -> Refusal | None:
        return self._applied(event, ALL)

    def _applied(self, event: ev.Event, filled: tuple[str, ...]) -> Refusal | None:
        body = self.body
        done = self.case.apply(
            event, self._actor(event), today=body.today, recorded_at=body.now, filled=filled
        )
        return done if isinstance(done, Refusal) else None

    def _actor(self, event: ev.Event) -> Actor:
        """Nobody who works here: the ledger, in the role of the step; so drafter and signer are two."""
        roles = self.law.transitions[event.name].by
        if event.name in BY_APPLICANT and (event.name != "withdraw" or self.read.unaccepted):
            role = "applicant"
        elif self.read.unaccepted and "system" in roles:
            role = "system"
        else:
            role = next(one for one in roles if one not in ("applicant", "system"))
        if role in ("applicant", "system"):
            return Actor(role, frozenset((role,)))
        return Actor(f"{LEDGER}{self.law.words.roles[role]}", frozenset((role,)))

    def _say(self, place: int, step: Step, refusal: Refusal | None) -> None:
        if refusal is not None:
            raise RefusedStep(place, step, refusal.message)

    def _note(self) -> str:
        line, body = self.read.line, self.body
        sheet = f"“{line.sheet}”" if line.sheet else ""
        lines = [f"{MARK}{body.file}{sheet}第 {line.number} 行"]
        lines += [f"{head}：{' '.join(text.split())}" for head, text in self.told.items()]
        return "\n".join(lines)[: ev.LONGEST_TEXT]


def _differences(read: Read, case: Case) -> list[Finding]:
    """Where the sheet says another 用时 or 是否超期 than follows from its days."""
    found = []
    said = read.said.get("late")
    late = is_late(case)
    if said is not None and late is not None:
        told = _said_late(said)
        if told is not None and told != late:
            due = case.deadlines.reply_due
            found.append(
                Finding("late", f"写的是“{said[:10]}”，按收到和送达的日期计算{'已经超期' if late else '没有超期'}（期限 {due}）")
            )  # fmt: skip
    return found + _used(read, case)


def _open(case: Case, today: date) -> list[Finding]:
    """Nobody wrote down how it ended: it waits on the worklist."""
    due = case.deadlines.reply_due
    if case.ended or case.rules.law.stage(case.state) == "void" or due is None or due >= today:
        return []
    return [Finding("outcome", f"没有写怎样答复的，按正在办理登记；期限 {due} 已经过了")]


def _used(read: Read, case: Case) -> list[Finding]:
    said, used = read.said.get("used_days"), workdays_used(case)
    if said is None or used is None:
        return []
    digits = "".join(char for char in said if char.isdecimal() or char == ".")
    if digits and digits.replace(".", "", 1).isdecimal() and float(digits) != used:
        return [
            Finding("used_days", f"写的是 {said[:10]}，按收到和送达的日期计算为 {used} 个工作日")
        ]
    return []


def _said_late(said: str) -> bool | None:
    """否, 未超期, 按时: in time; 是, 超期: late. 是 in a column 是否按时 was turned before."""
    if any(word in said for word in ("否", "未", "没", "按时", "按期", "正常", "无")):
        return False
    return True if any(word in said for word in ("是", "超", "逾", "延误")) else None
