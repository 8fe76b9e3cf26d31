"""A body that ended, and the one that goes on with its duties: in whose report a case stands (law.md §7A).

By the setting ended_body_report the successor's report adds both from the year of the end on, so that what
was transferred is neither 结转 nor new again; or the ended body reports once more and carries out what it
gave away, which the successor carries in within the same year. A body that goes on without some of its
duties reports the cases that it received, whoever answers them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from workflow.case.counted import CountedCase


@dataclass(frozen=True, slots=True)
class Succession:
    """code: of the body whose cases they are. ended: the year of its end. adds_both: the successor's report
    counts for both."""

    code: str
    ended: int
    adds_both: bool


def kept(cases: Iterable[CountedCase], year: int, given: Succession) -> list[CountedCase]:
    """The cases of a body as they stand in its own report of the year."""
    return [one for case in cases if (one := _kept(case, year, given)) is not None]


def taken_over(cases: Iterable[CountedCase], year: int, given: Succession) -> list[CountedCase]:
    """The cases of the other body as they stand in the successor's report of the year. Their numbers
    repeat those of the successor: they go by the code of their body."""
    found = (_taken_over(case, year, given) for case in cases)
    return [_named(case, given.code) for case in found if case is not None]


def _kept(case: CountedCase, year: int, given: Succession) -> CountedCase | None:
    if year < given.ended:
        return case
    if year > given.ended or given.adds_both:
        return None
    if case.moved_on is None:
        return case
    # It was given away: at the end of the year the body carries it out.
    return replace(case, closed_on=None, row=None, item_rows=(), proceedings=())


def _taken_over(case: CountedCase, year: int, given: Succession) -> CountedCase | None:
    if year < given.ended:
        return None
    if year > given.ended or given.adds_both:
        return case
    if case.moved_on is None or case.received_on is None:
        return None
    return replace(case, received_on=min(case.received_on, date(given.ended - 1, 12, 31)))


def _named(case: CountedCase, code: str) -> CountedCase:
    def of_body(number: str | None) -> str | None:
        return f"{code}/{number}" if number else number

    return replace(
        case,
        number=of_body(case.number) or "",
        redo_of=of_body(case.redo_of),
        joint_letter=of_body(case.joint_letter),
    )
