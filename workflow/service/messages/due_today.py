"""The reminders of a day in a store: asks only for watched days in reach of the ladder, then the pure
`reminders_on`."""

from dataclasses import replace
from datetime import date

from config.reminders import load_ladder
from workflow.reminders.due import Reminder, reminders_on, windows
from workflow.reminders.moments import fires
from workflow.reminders.watched import WatchedDay, days_of_body, with_those_below
from workflow.rules.rulebook import Rulebook
from workflow.service import Office
from workflow.service.messages.watched import WatchedCases


def find_reminders(office: Office, day: date) -> list[Reminder]:
    """Every reminder that goes out on the day in all bodies, cases first. Nothing is written, except
    that an older store gets its watched days once (WatchedCases.complete).

    It says what goes out on the day as the cases stand now: the caller keeps the keys of what it has
    sent, so that asking twice sends once, and asks for the days it has missed.
    """
    cases = WatchedCases(office)
    cases.complete()
    rules = cases.rules_on(day)
    by_body: dict[str, list[WatchedDay]] = {}
    for one in days_in_reach(cases, rules, day):
        by_body.setdefault(one.agency, []).append(one)
    of_cases = [
        reminder
        for code, days in by_body.items()
        for reminder in reminders_on(day, days, rules[code])
    ]
    return of_cases + _of_bodies(cases, rules, day) + _to_applicants(cases, rules, day)


def _to_applicants(cases: WatchedCases, rules: dict[str, Rulebook], day: date) -> list[Reminder]:
    """What applicants are reminded of who have an account and want to be."""
    ladder, by_body = load_ladder().for_applicants(), dict[str, list[WatchedDay]]()
    for codes in _alike(rules):
        for one in sorted(cases.own_in_windows(codes, windows(rules[codes[0]], day, ladder))):
            by_body.setdefault(one.agency, []).append(one)
    return [
        reminder
        for code, days in by_body.items()
        for reminder in reminders_on(day, days, rules[code], ladder)
    ]


def days_in_reach(cases: WatchedCases, rules: dict[str, Rulebook], day: date) -> list[WatchedDay]:
    """The watched days of cases of which a reminder may speak on the day, body by body: these and no
    others are read. rules: of every body on the day, by its code."""
    found: list[WatchedDay] = []
    for codes in _alike(rules):
        found += sorted(cases.in_windows(codes, windows(rules[codes[0]], day)))
    return found


def _alike(rules: dict[str, Rulebook]) -> list[list[str]]:
    """The bodies in groups with the same days of work and the same moments: one window for each."""
    groups: dict[tuple[int, tuple[str, ...]], list[str]] = {}
    for code, book in rules.items():
        groups.setdefault((id(book.calendar), tuple(book["reminders_off"])), []).append(code)
    return list(groups.values())


def _of_bodies(cases: WatchedCases, rules: dict[str, Rulebook], day: date) -> list[Reminder]:
    evaluated = any(
        fires(moment, day, day, book.calendar)
        for book in rules.values()
        for moment in load_ladder().by_kind["re_evaluation"]
    )
    refused = cases.have_refused() if evaluated else set()
    reminders: list[Reminder] = []
    bodies, year = cases.bodies(), day.year - 1
    for code, body in bodies.items():
        body = with_those_below(body, bodies, rules.__getitem__, year)
        body = replace(body, refused=code in refused)
        reminders += reminders_on(day, days_of_body(body, rules[code], day), rules[code])
    return reminders
