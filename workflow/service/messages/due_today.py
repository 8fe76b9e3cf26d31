"""What is due in a store on a day: asks only for cases with a day in the window, then the pure `due`."""

from dataclasses import dataclass
from datetime import date

from config.reminders import load_ladder
from workflow.reminders.due import Reminder, Watched, reminders_due, watched_of_body, windows
from workflow.reminders.moments import fires
from workflow.reminders.watched import WatchedDay
from workflow.rules.rulebook import Rulebook
from workflow.service import Office
from workflow.service.messages.watched import WatchedCases, as_watched


@dataclass(frozen=True)
class Found:
    """The reminders of a day and how many watched days were read to find them."""

    reminders: list[Reminder]
    rows_read: int


def find_reminders(office: Office, day: date) -> Found:
    """Every reminder that goes out on the day in all bodies, cases first. Nothing is written, except
    that an older store gets its watched days once (WatchedCases.complete).

    It says what goes out on the day as the cases stand now: the caller keeps the keys of what it has
    sent, so that asking twice sends once, and asks for the days it has missed.
    """
    cases = WatchedCases(office)
    cases.complete()
    rules = cases.rules_on(day)
    reminders: list[Reminder] = []
    rows = 0
    for codes in _alike(rules):
        seen = cases.in_windows(codes, windows(rules[codes[0]], day))
        rows += len(seen)
        by_case: dict[tuple[str, str], list[WatchedDay]] = {}
        for one in seen:
            by_case.setdefault((one.agency, one.number), []).append(WatchedDay(one.kind, one.day))
        for (agency, number), days in sorted(by_case.items()):
            watched = Watched(agency, number, tuple(sorted(days)))
            reminders += reminders_due(watched, rules[agency], day)
    reminders += _of_bodies(cases, rules, day)
    return Found(reminders, rows)


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
    for code, facts in bodies.items():
        body = as_watched(facts, bodies, rules.__getitem__, year, refused=code in refused)
        for one in watched_of_body(body, rules[code], day):
            reminders += reminders_due(one, rules[code], day)
    return reminders
