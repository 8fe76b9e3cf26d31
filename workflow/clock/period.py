"""The reply period of a case: where it starts, what it leaves out, when it ends.

Rule: a reply is due 20 working days from the day after receipt (条例33(2)); correction starts it anew (条例30),
an extension lengthens it by at most 20 working days (条例33(2)), consultations do not count (条例33(3)).
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from workflow.clock.deadlines import Deadlines, Step, Terms
from workflow.dates import in_words, weekday
from workflow.rules.calendar import Interval, merge
from workflow.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension as the clock judges it; void ones change nothing."""

    on: date
    workdays: int
    valid: bool
    why: str = ""


@dataclass(slots=True)
class Consultation:
    """A consultation whose waiting time does not count."""

    number: int
    kind: str
    sent_on: date
    reached_on: date
    deadline: date | None
    answered_on: date | None = None


class Period:
    """The reply period of one case as it stands: its start, what is not counted, its last day."""

    def __init__(self, rules: Rulebook, as_of: date | None, terms: Terms) -> None:
        self.rules = rules
        self.terms = terms
        self.calendar = rules.calendar
        self.as_of = as_of
        self.steps: list[Step] = []
        self.submitted_on: date | None = None
        self.start: date | None = None
        self.base = 0
        self.extension: Extension | None = None
        self.extended_before = False
        self.last_extension: Extension | None = None
        self.until: date | None = None
        self.consultations: dict[int, Consultation] = {}
        self.pauses: list[tuple[date, date | None]] = []
        self.notice_from: date | None = None
        self.notice_sent = False
        self.stopped = False
        self.stopped_on: date | None = None
        self.ended = False
        self.found = Deadlines()

    def intervals(self) -> list[Interval]:
        """The stretches that do not count (条例33(3)), by the setting suspension_model."""
        model = self.rules["suspension_model"]
        found: list[Interval] = []
        for consultation in self.consultations.values():
            end = self._end_of(consultation)
            if end is None:
                continue
            after, through = consultation.sent_on, end
            if model != "after_sent_through_reply":
                after -= timedelta(1)
            if model == "from_sent_before_reply":
                through -= timedelta(1)
            found.append((after, through))
        for paused_on, resumed_on in self.pauses:
            end = resumed_on or self.as_of
            if end is not None:
                found.append((paused_on, end))
        if self.start is not None:
            found = [(max(a, self.start), b) for a, b in found]
        return merge(found)

    def _end_of(self, consultation: Consultation) -> date | None:
        answered, deadline = consultation.answered_on, consultation.deadline
        if answered is None:
            return deadline or self.as_of
        if deadline is None or self.rules["late_opinion"] == "until_reply":
            return answered
        return min(answered, deadline)

    def due(self) -> date | None:
        """The last day for the reply; None before receipt and where no reply is owed."""
        if self.until is not None:
            return self.until
        if self.start is None or self.terms.reply_workdays == 0:
            return None
        extra = self.extension.workdays if self.extension else 0
        return self.calendar.add_excluding(self.start, self.base + extra, self.intervals())

    def begin(self, day: date) -> None:
        """A new reply period with the day as day 0; extensions and pauses of the old one lapse."""
        if self.rules["receipt_on_rest_day"] == "next_workday":
            day = self.calendar.on_or_after(day)
        self.start = day
        own = self.terms.reply_workdays
        self.base = self.rules.reply_workdays(day) if own is None else own
        self.extended_before = self.extended_before or self.extension is not None
        self.extension = None
        self.until = self.terms.ordered_due
        self.pauses = []
        self.stopped = False

    def note(self, on: date, text: str, article: str) -> None:
        """A step of the explanation."""
        self.steps.append(Step(on, text, article))

    def change(self, **values: Any) -> None:
        """What has been found so far besides the due day."""
        self.found = replace(self.found, **values)

    def result(self) -> Deadlines:
        """Everything about the period, with its steps."""
        due = self.due()
        intervals = self.intervals()
        if due is not None and self.start is not None:
            extra = self.extension.workdays if self.extension else 0
            if self.until is None:
                total = self.base + extra
                skipped = sum(self.calendar.count(a, min(b, due)) for a, b in intervals)
                text = f"从 {in_words(self.start)}的次日起数，第 {total} 个工作日是 {in_words(due)}（{weekday(due)}）"
                if skipped:
                    text += f"；其间 {skipped} 个工作日不计入"
                if self.stopped:
                    text += "。现已停止计时，此日期仅供参考"
                self.note(due, text, "旧条例24" if self.rules.old_law(self.start) else "条例33(2)")
            self.change(
                base_workdays=self.base,
                extra_workdays=extra,
                excluded=tuple((a, min(b, due)) for a, b in intervals if a < due),
                excluded_workdays=sum(self.calendar.count(a, min(b, due)) for a, b in intervals),
                counted_from=self.start,
                reply_due=due,
            )
        days = [due, self.found.correction_due, self.found.fee_due, self.found.review_last_day]
        provisional = [day for day in days if day and self.calendar.is_provisional(day)]
        if provisional:
            self.note(
                provisional[0],
                f"{provisional[0].year} 年放假安排尚未公布或者没有装齐，日期为暂定，可能提前也可能推后："
                "逢周六、周日的法定节日在工作日补休，补休和调休上班的日子都还不知道，装入后重新计算",
                "国务院办公厅节假日安排通知",
            )
        return replace(
            self.found,
            clock=self._clock_state(),
            party_deadlines=tuple(c.deadline for c in self.consultations.values() if c.deadline),
            provisional=bool(provisional),
            steps=tuple(self.steps),
        )

    def _clock_state(self) -> str:
        if self.ended:
            return "ended"
        if self.start is None:
            return "not_started"
        if self.stopped:
            return "stopped"
        if self.until is not None:
            return "overridden"
        waiting = any(
            c.answered_on is None
            and (self.as_of is None or c.deadline is None or self.as_of <= c.deadline)
            for c in self.consultations.values()
        )
        ruling = bool(self.pauses) and self.pauses[-1][1] is None
        return "excluding" if waiting or ruling else "running"
