"""What the clock finds: all due days of a case, with the steps that led to them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.rules.calendar import Interval


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a calculation: the day, what it does to the clock, and the article."""

    on: date
    text: str
    article: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that moves no day because what it needs is missing (law.md §3.1(9)). place: where it
    stands in what was given, from 0."""

    place: int
    event: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a case brings along besides its events.

    reply_workdays: working days to reply where the law's own number does not hold; 0 for no period.
    ordered_due: the day that a review decision or a judgment fixed for the new reply.
    redo_inside: an order to reply anew opens a new period here (a timeline on its own) and not in a
    linked case.
    unchecked: nobody has let the events pass yet (a timeline): silence, lapse and payment are held to
    their periods here. Those of a case were when they were entered.
    """

    reply_workdays: int | None = None
    ordered_due: date | None = None
    redo_inside: bool = False
    unchecked: bool = False


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Deadlines:
    """All due days that follow from the events so far. None: not known, or not reached.

    clock: not_started, running, stopped, excluding, overridden or ended.
    counted_from: day 0 of the running reply period (first counted day is the next working day).
    safe_due: the earlier day by a stricter reading, where there is one (law.md §3.1(8)).
    act_by: the day that pages and reminders follow: reply_due, or the earlier day where the body itself
    was late with a confirmation or a correction notice.
    review_not_before, suit_not_before: the reply was posted and its arrival is not known; the applicant's
    periods end on this day at the earliest.
    review_answer_due, suit_answer_due, appeal_due: the body's own last days in review and court, where they
    were asked for (`with_disputes`), dispute_steps what led to them.
    awaited_arrivals: consultations whose letter is not known to have arrived; their deadline is provisional.
    """

    clock: str = "not_started"
    receipt_date: date | None = None
    counted_from: date | None = None
    base_workdays: int = 0
    extra_workdays: int = 0
    reply_due: date | None = None
    reply_due_national: date | None = None
    safe_due: date | None = None
    act_by: date | None = None
    late_confirmation: bool | None = None
    correction_notice_due: date | None = None
    correction_notice_late: bool | None = None
    correction_due: date | None = None
    reasons_due: date | None = None
    clock_restarted_on: date | None = None
    extension_valid: bool | None = None
    party_deadlines: tuple[date, ...] = ()
    awaited_arrivals: tuple[int, ...] = ()
    excluded: tuple[Interval, ...] = ()
    excluded_workdays: int = 0
    fee_notice_in_time: bool | None = None
    fee_due: date | None = None
    service_effective_date: date | None = None
    on_time: bool | None = None
    review_last_day: date | None = None
    suit_last_day: date | None = None
    review_not_before: date | None = None
    suit_not_before: date | None = None
    review_answer_due: date | None = None
    suit_answer_due: date | None = None
    appeal_due: date | None = None
    ignored: tuple[Ignored, ...] = ()
    provisional: bool = False
    steps: tuple[Step, ...] = ()
    dispute_steps: tuple[Step, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The keys of acceptance/deadlines.json; what has no value is left out."""
        keys = (
            "receipt_date", "counted_from", "reply_due", "reply_due_national", "safe_due",
            "late_confirmation", "correction_notice_due", "correction_notice_late", "correction_due",
            "reasons_due", "clock_restarted_on", "extension_valid", "fee_notice_in_time", "fee_due",
            "service_effective_date", "on_time", "review_last_day", "suit_last_day",
            "review_not_before", "suit_not_before", "review_answer_due", "suit_answer_due", "appeal_due",
        )  # fmt: skip
        found: dict[str, Any] = {}
        for key in keys:
            value = getattr(self, key)
            if value is not None:
                found[key] = value.isoformat() if isinstance(value, date) else value
        if self.party_deadlines:
            found["party_deadlines"] = [day.isoformat() for day in self.party_deadlines]
        if self.awaited_arrivals:
            found["arrival_unknown"] = list(self.awaited_arrivals)
        if self.receipt_date:
            found["excluded_workdays"] = self.excluded_workdays
        if self.ignored:
            found["ignored"] = [
                {
                    "place": f"events.{i.place}",
                    "event": i.event,
                    "on": i.on.isoformat(),
                    "reason": i.reason,
                }
                for i in self.ignored
            ]
        found["clock"] = self.clock
        found["provisional"] = self.provisional
        found["steps"] = [
            {"on": s.on.isoformat(), "text": s.text, "article": s.article}
            for s in (*self.steps, *self.dispute_steps)
        ]
        return found
