"""The reply period of a case: where it starts, what it leaves out, when it ends.

Rule: a reply is due 20 working days from the day after receipt (条例33(2)); correction starts it anew (条例30),
an extension lengthens it by at most 20 working days (条例33(2)), consultations do not count (条例33(3)).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from workflow import events as ev
from workflow.clock.deadlines import Deadlines, Ignored, Step, Terms
from workflow.clock.notices import Delivery
from workflow.dates import in_words, weekday
from workflow.effects import Effects
from workflow.rules.calendar import Interval, merge
from workflow.rules.rulebook import Rulebook

STRICTER = {
    "late_confirmation": "条例31；国办公开办函〔2015〕207号",
    "late_correction_notice": "条例30",
    "extension_arrival": "条例33(2)",
    "late_delay": "条例35",
    "fixed_day": "民法典203；行诉解释48",
}
"""The causes for which a stricter reading gives an earlier day, with their articles (law.md §3.1(8))."""

OWN_LATENESS = frozenset(("late_confirmation", "late_correction_notice"))
"""Stricter readings whose cause is the body's own lateness: pages and reminders follow them."""


@dataclass(slots=True)
class Consultation:
    """A consultation whose waiting time does not count; excludes is False for one that began after the
    period was over. deadline: the addressee's own last day, provisional while arrived is False."""

    number: int
    kind: str
    sent_on: date
    deadline: date | None
    arrived: bool = True
    returned_on: date | None = None
    excludes: bool = True
    answered_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.answered_on is None and self.returned_on is None


class Period:
    """The reply period of one case as it stands: its start, what is not counted, its last day.

    strays: what is told of papers and disputes that there were not, by its place, and why it counts for
    nothing.
    strictly: the causes that are read in the stricter way; causes: those that were met, with the words
    that explain them.
    """

    def __init__(
        self,
        rules: Rulebook,
        as_of: date | None,
        terms: Terms,
        papers: Mapping[int, Delivery],
        strictly: frozenset[str] = frozenset(),
        strays: Mapping[int, str] | None = None,
    ) -> None:
        self.rules = rules
        self.terms = terms
        self.calendar = rules.calendar
        self.as_of = as_of
        self.papers = papers
        self.strays = strays or {}
        self.strictly = strictly
        self.causes: dict[str, str] = {}
        self.place = 0
        self.steps: list[Step] = []
        self.ignored: list[tuple[int, str]] = []
        self.submitted_on: date | None = None
        self.received = False
        self.start: date | None = None
        self.base = 0
        self.extra = 0
        self.extended = False
        self.extended_before = False
        self.until: date | None = None
        self.ordered = terms.ordered_due
        self.delayed = False
        self.consultations: list[Consultation] = []
        self.pauses: list[tuple[date, date | None]] = []
        self.notice_from: date | None = None
        self.correcting = False
        self.reasons = ""
        self.charged = False
        self.stopped = False
        self.stopped_on: date | None = None
        self.ended = False
        self.served: ev.Serve | None = None
        self.decided_on: date | None = None
        self.found: dict[str, Any] = {}

    # -- what an event says of itself ---------------------------------------------------------------

    def ignore(self, why: str) -> None:
        """The event at hand moves no day, for this reason."""
        self.ignored.append((self.place, why))

    def paper(self) -> Delivery:
        """The days of the paper that goes out with the event at hand."""
        return self.papers[self.place]

    def note(self, on: date, text: str, article: str) -> None:
        """A step of the explanation."""
        self.steps.append(Step(on, text, article))

    def change(self, **values: Any) -> None:
        """What has been found so far besides the due day, by the names of `Deadlines`."""
        self.found.update(values)

    def reads_strictly(self, cause: str, text: str) -> bool:
        """Note that a stricter reading is possible here; True where it is to be followed."""
        self.causes.setdefault(cause, text)
        return cause in self.strictly

    def rolled(self, day: date) -> date:
        """A calendar period or fixed day that ends on a rest day ends on the first working day after it
        (民法典203; 行诉解释48)."""
        return self.calendar.on_or_after(day)

    # -- the period ---------------------------------------------------------------------------------

    def intervals(self) -> list[Interval]:
        """The stretches that do not count (条例33(3)), by the setting suspension_model."""
        model = self.rules["suspension_model"]
        found: list[Interval] = []
        for consultation in self.consultations:
            end = self.end_of(consultation)
            if end is None or not consultation.excludes:
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

    def end_of(self, consultation: Consultation) -> date | None:
        """The day through which the waiting does not count; None where nothing ends it."""
        deadline = consultation.deadline
        ended = consultation.answered_on or consultation.returned_on
        if ended is None:
            return deadline or self.as_of
        if deadline is None or self.rules["late_opinion"] == "until_reply":
            return ended
        return min(ended, deadline)

    def due(self) -> date | None:
        """The last day for the reply; None before receipt and where no reply is owed."""
        if self.until is not None:
            last = self.rolled(self.until)
            if last != self.until and self.reads_strictly(
                "fixed_day", f"{in_words(self.until)}为休息日，在这一天之前的工作日答复最稳妥"
            ):
                return self.calendar.on_or_before(self.until)
            return last
        if self.start is None or self.terms.reply_workdays == 0:
            return None
        return self.calendar.add_excluding(self.start, self.base + self.extra, self.intervals())

    def begin(self, day: date, workdays: int | None = None) -> None:
        """A new reply period with the day as day 0; extensions and pauses of the old one lapse. A day that a review
        decision or a judgment fixed stays.

        workdays: its length, where it is not that of the law.
        """
        if self.rules["receipt_on_rest_day"] == "next_workday":
            day = self.calendar.on_or_after(day)
        self.start = day
        own = self.terms.reply_workdays if workdays is None else workdays
        self.base = self.rules.reply_workdays(day) if own is None else own
        self.extended_before = self.extended_before or self.extended
        self.extra, self.extended = 0, False
        self.until = self.ordered
        self.delayed = False
        self.pauses = []
        self.stopped = False

    # -- what came of it ----------------------------------------------------------------------------

    def result(self, names: list[ev.Event], places: list[int]) -> Deadlines:
        """Everything about the period, with its steps.

        names: the events in the order in which they were taken; places: where each stood in what was given.
        """
        due = self.due()
        intervals = self.intervals()
        if due is not None and self.start is not None:
            if self.until is None:
                self._explain_count(due, intervals)
            elif due != self.until:
                self.note(
                    due,
                    f"{in_words(self.until)}为休息日，顺延到 {in_words(due)}（{weekday(due)}）",
                    "民法典203；行诉解释48",
                )
            self.change(
                base_workdays=self.base,
                extra_workdays=self.extra,
                excluded=tuple((a, min(b, due)) for a, b in intervals if a < due),
                excluded_workdays=sum(self.calendar.count(a, min(b, due)) for a, b in intervals),
                counted_from=self.start,
                reply_due=due,
                act_by=due,
            )
        days = [due, *map(self.found.get, ("correction_due", "fee_due", "review_last_day"))]
        provisional = [day for day in days if day and self.calendar.is_provisional(day)]
        if provisional:
            self.note(
                provisional[0],
                f"{provisional[0].year} 年放假安排尚未公布或者没有装齐，日期为暂定，可能提前也可能推后："
                "逢周六、周日的法定节日在工作日补休，补休和调休上班的日子都还不知道，装入后重新计算",
                "国务院办公厅节假日安排通知",
            )
        waited = [c for c in self.consultations if c.deadline]
        return Deadlines(
            **self.found,
            clock=self._clock_state(),
            party_deadlines=tuple(c.deadline for c in waited if c.deadline),
            awaited_arrivals=tuple(c.number for c in waited if not c.arrived and c.is_open),
            ignored=tuple(
                Ignored(places[place], names[place].name, names[place].on, why)
                for place, why in self.ignored
            ),
            provisional=bool(provisional),
            steps=tuple(self.steps),
        )

    def _explain_count(self, due: date, intervals: list[Interval]) -> None:
        assert self.start is not None
        skipped = sum(self.calendar.count(a, min(b, due)) for a, b in intervals)
        text = (
            f"从 {in_words(self.start)}的次日起数，第 {self.base + self.extra} 个工作日是 "
            f"{in_words(due)}（{weekday(due)}）"
        )
        if skipped:
            text += f"；其间 {skipped} 个工作日不计入"
        if self.stopped:
            text += "。现已停止计时，此日期仅供参考"
        self.note(due, text, "旧条例24" if self.rules.old_law(self.start) else "条例33(2)")

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
            c.is_open
            and c.excludes
            and (self.as_of is None or c.deadline is None or self.as_of <= c.deadline)
            for c in self.consultations
        )
        ruling = bool(self.pauses) and self.pauses[-1][1] is None
        return "excluding" if waiting or ruling else "running"


PERIOD: "Effects[Period]" = Effects("the reply period")
"""What each event does to the reply period; the rows stand in receiving, waiting and ending."""
