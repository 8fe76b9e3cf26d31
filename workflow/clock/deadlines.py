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
class Terms:
    """What a case brings along besides its events.

    reply_workdays: working days to reply where the law's own number does not hold; 0 for no period.
    ordered_due: the day that a review decision or a judgment fixed for the new reply.
    redo_inside: an order to reply anew opens a new period here (a timeline on its own) and not in a
    linked case.
    """

    reply_workdays: int | None = None
    ordered_due: date | None = None
    redo_inside: bool = False


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Deadlines:
    """All due days that follow from the events so far. None: not known, or not reached.

    clock: not_started, running, stopped, excluding, overridden or ended.
    counted_from: day 0 of the running reply period (first counted day is the next working day).
    """

    clock: str = "not_started"
    receipt_date: date | None = None
    counted_from: date | None = None
    base_workdays: int = 0
    extra_workdays: int = 0
    reply_due: date | None = None
    reply_due_national: date | None = None
    correction_notice_due: date | None = None
    correction_notice_late: bool | None = None
    correction_due: date | None = None
    clock_restarted_on: date | None = None
    extension_valid: bool | None = None
    party_deadlines: tuple[date, ...] = ()
    excluded: tuple[Interval, ...] = ()
    excluded_workdays: int = 0
    fee_notice_in_time: bool | None = None
    fee_due: date | None = None
    service_effective_date: date | None = None
    on_time: bool | None = None
    review_last_day: date | None = None
    suit_last_day: date | None = None
    provisional: bool = False
    steps: tuple[Step, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The keys of acceptance/deadlines.json; what has no value is left out."""
        keys = (
            "receipt_date", "counted_from", "reply_due", "reply_due_national",
            "correction_notice_due", "correction_notice_late", "correction_due",
            "clock_restarted_on", "extension_valid", "fee_notice_in_time", "fee_due",
            "service_effective_date", "on_time", "review_last_day", "suit_last_day",
        )  # fmt: skip
        found: dict[str, Any] = {}
        for key in keys:
            value = getattr(self, key)
            if value is not None:
                found[key] = value.isoformat() if isinstance(value, date) else value
        if self.party_deadlines:
            found["party_deadlines"] = [day.isoformat() for day in self.party_deadlines]
        if self.receipt_date:
            found["excluded_workdays"] = self.excluded_workdays
        found["clock"] = self.clock
        found["provisional"] = self.provisional
        found["steps"] = [
            {"on": s.on.isoformat(), "text": s.text, "article": s.article} for s in self.steps
        ]
        return found
