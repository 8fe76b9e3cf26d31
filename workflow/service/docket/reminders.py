"""The reminders of a docket, day by day, as its cases stood on each day (`gongkai replay --reminders`).

A reminder of the morning knows what had happened through the day before; one with an hour of its own,
in the afternoon, also knows what happened on the day. A docket says nothing of annual reports: they are
taken to be published on their last day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from config.reminders import load_ladder
from workflow.case.case import Case
from workflow.reminders.due import Reminder, Watched, reminders_due, watched, watched_of_body
from workflow.reminders.watched import WatchedBody, report_due
from workflow.rules.rulebook import Rulebook
from workflow.service.docket.player import WholeDocket


def reminders_of(docket: WholeDocket) -> list[dict[str, Any]]:
    """Every reminder that would have gone out, in the order of days, hours, cases and the ladder."""
    told = list(_of_body(docket))
    for ref, case in docket.cases:
        told += _of_case(ref, case, docket.rules, docket.last)
    place = {name: number for number, name in enumerate(load_ladder().moments)}
    order = {ref: number for number, (ref, _) in enumerate(docket.cases)}
    told.sort(key=lambda r: (r.on, r.at, order.get(r.ref, -1), place[r.moment]))
    return [
        {
            "on": reminder.on.isoformat(),
            "at": reminder.at.isoformat("minutes"),
            "ref": reminder.ref,
            "moment": reminder.moment,
            "to": list(reminder.to),
            "days_left": reminder.days_left,
        }
        for reminder in told
    ]


def _of_case(ref: str, case: Case, rules: Rulebook, last: date) -> Iterator[Reminder]:
    if not case.log:
        return
    follower = Case(case.header, case.rules)
    stood: list[Watched] = [Watched(case.header.agency, case.header.number, (), ref)]
    for line in case.log:
        follower.follow(line)
        stood.append(watched(follower, ref))
    days = list(accumulate((event.on for event in case.events), max))
    moments = load_ladder().moments
    for day in _days(days[0], last):
        before, after = stood[bisect_left(days, day)], stood[bisect_right(days, day)]
        for reminder in reminders_due(before, rules, day) if before.days else ():
            if moments[reminder.moment].same_day is None:
                yield reminder
        for reminder in reminders_due(after, rules, day) if after.days else ():
            if moments[reminder.moment].same_day is not None:
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
        for one in watched_of_body(body, docket.rules, day):
            yield from reminders_due(one, docket.rules, day)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(n) for n in range((last - first).days + 1))
