"""The reminders of a docket, day by day, as its cases stood on each day (`gongkai replay --reminders`).

A reminder of the morning knows what had happened through the day before; one with an hour of its own,
in the afternoon, also knows what happened on the day. A docket says nothing of annual reports: they are
taken to be published on their last day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from config.reminders import load_ladder
from workflow.case.case import Case
from workflow.reminders.due import Reminder, reminders_on
from workflow.reminders.watched import (
    WatchedBody,
    WatchedDay,
    days_of_body,
    report_due,
    watched_days,
)
from workflow.rules.rulebook import Rulebook


@dataclass(frozen=True)
class WholeDocket:
    """A docket that was played: its body, the rules in force at its end, every case with its ref, and
    the days from the first event through the last event or closing."""

    agency: str
    level: str
    rules: Rulebook
    cases: tuple[tuple[str, Case], ...]
    first: date
    last: date


def reminders_of(docket: WholeDocket) -> list[dict[str, Any]]:
    """Every reminder that would have gone out, in the order of days, hours, cases and the ladder."""
    told = [(docket.agency, reminder) for reminder in _of_body(docket)]
    for ref, case in docket.cases:
        told += [(ref, reminder) for reminder in _of_case(case, docket.rules, docket.last)]
    place = {name: number for number, name in enumerate(load_ladder().moments)}
    order = {ref: number for number, (ref, _) in enumerate(docket.cases)}
    told.sort(key=lambda one: (one[1].at, order.get(one[0], -1), place[one[1].moment.name]))
    return [
        {
            "on": reminder.on.isoformat(),
            "at": reminder.at.time().isoformat("minutes"),
            "ref": ref,
            "moment": reminder.moment.name,
            "to": list(reminder.moment.to),
            "days_left": reminder.days_left,
        }
        for ref, reminder in told
    ]


def _of_case(case: Case, rules: Rulebook, last: date) -> Iterator[Reminder]:
    if not case.log:
        return
    follower = Case(case.header, case.rules)
    stood: list[tuple[WatchedDay, ...]] = [()]
    for line in case.log:
        follower.follow(line)
        stood.append(watched_days(follower))
    days = list(accumulate((event.on for event in case.events), max))
    for day in _days(days[0], last):
        before, after = stood[bisect_left(days, day)], stood[bisect_right(days, day)]
        for reminder in reminders_on(day, before, rules) if before else ():
            if reminder.moment.same_day is None:
                yield reminder
        for reminder in reminders_on(day, after, rules) if after else ():
            if reminder.moment.same_day is not None:
                yield reminder


def _of_body(docket: WholeDocket) -> Iterator[Reminder]:
    refused_from = min(
        (
            case.facts.closed_on
            for _, case in docket.cases
            if case.facts.closed_on
            and case.facts.outcome
            and case.rules.law.outcomes[case.facts.outcome].cls in ("refuse", "partial")
        ),
        default=date.max,
    )
    for day in _days(docket.first, docket.last):
        published = {
            year
            for year in range(docket.first.year, day.year)
            if report_due(docket.level, year, docket.rules) < day
        }
        body = WatchedBody(
            docket.agency,
            docket.level,
            docket.first.year,
            frozenset(published),
            refused=refused_from < day,
        )
        yield from reminders_on(day, days_of_body(body, docket.rules, day), docket.rules)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(n) for n in range((last - first).days + 1))
