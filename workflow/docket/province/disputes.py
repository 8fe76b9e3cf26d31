"""Reviews and suits over a reply, and the new replies that they order (law.md §1.1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from workflow.docket.province import rates
from workflow.docket.province.people import chosen

if TYPE_CHECKING:
    from workflow.docket.province.course import Course


def review(course: Course, served: date) -> None:
    """A review against the reply, and what follows from its decision."""
    rng = course.rng
    course.disputed = True
    filed = served + timedelta(rng.randrange(3, 58))
    copied = course.after(filed, rng.randrange(3, 9))
    number = f"政复〔{filed.year}〕{rng.randrange(1, 900)}号"
    course.add("file_review", filed, copy_received_on=copied, case_number=number)
    decided = course.after(copied, rng.randrange(15, 42))
    result = chosen(rng, rates.REVIEWS)
    reached = course.after(decided, rng.randrange(1, 5))
    course.add("conclude_review", decided, result=result, reached_on=reached)
    if _redone(course, result, reached):
        return
    upheld = result in ("upheld", "claim_rejected")
    if upheld and course.chance(rates.SUED_AFTER_REVIEW):
        suit(course, reached + timedelta(rng.randrange(3, 15)), "after_review")


def suit(course: Course, filed: date, via: str) -> None:
    """A suit filed on the day, and its appeal. via: direct or after_review."""
    rng = course.rng
    course.disputed = True
    told = _heard(course, filed, via, "first", chosen(rng, rates.SUITS), (30, 115))
    result = course.steps[-1].fields["result"]
    if _redone(course, result, told):
        return
    lost = result in ("claim_dismissed", "dismissed_inadmissible")
    if lost and course.chance(rates.APPEALED):
        _heard(
            course,
            told + timedelta(rng.randrange(2, 10)),
            via,
            "appeal",
            "claim_dismissed",
            (25, 60),
        )


def _heard(
    course: Course, filed: date, via: str, instance: str, result: str, length: tuple[int, int]
) -> date:
    """One instance; the day on which its judgment reached the body."""
    rng = course.rng
    copied = course.after(filed, rng.randrange(3, 9))
    course.add("file_suit", filed, via=via, instance=instance, copy_received_on=copied)
    decided = course.after(copied, rng.randrange(*length))
    told = course.after(decided, rng.randrange(2, 10))
    course.add("conclude_suit", decided, result=result, judgment_received_on=told)
    return told


def _redone(course: Course, result: str, reached: date) -> bool:
    """Whether a new reply is ordered by a decision that reached the body on the day."""
    if not course.chance(rates.REDONE.get(result, 0.0)):
        return False
    on = course.calendar.on_or_after(reached)
    due = course.after(on, course.rng.choice((10, 15, 20)))
    course.add("order_redo", on, due=due)
    course.redo = course.steps[-1]
    return True
