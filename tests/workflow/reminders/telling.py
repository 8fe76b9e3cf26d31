"""A case folded from a few events, and the reminders of its days."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from workflow import events as ev
from workflow.case.case import Case, Header, Logged
from workflow.dates import SHANGHAI
from workflow.reminders.due import Reminder, reminders_on
from workflow.reminders.watched import WatchedDay, watched_days
from workflow.rules.rulebook import Rulebook, merged_settings


def rules(**settings: Any) -> Rulebook:
    law = Rulebook().law
    return Rulebook(law, merged_settings(law, settings))


def day(text: str) -> date:
    return date.fromisoformat(text)


def case(*events: tuple[str, str, dict[str, Any]], **about: Any) -> Case:
    """A case as its log says: (event, day, fields); settings= are those of its body."""
    header = Header("2024-0001", "panlong", kind=about.pop("kind", "application"), **about)
    log = [
        Logged(
            seq,
            ev.parse(name, {"on": on, **fields}),
            "somebody",
            "clerk",
            datetime.combine(date.fromisoformat(on), time(9), SHANGHAI),
        )
        for seq, (name, on, fields) in enumerate(events, 1)
    ]
    return Case.replayed(header, rules(), log)


def received(on: str) -> tuple[str, str, dict[str, Any]]:
    return "receive", on, {"channel": "in_person"}


def watched(kind: str, on: date) -> WatchedDay:
    return WatchedDay("panlong", "2024-0001", kind, on)


def of(kind: str, on: str) -> list[WatchedDay]:
    """One watched day, of something of which no other is."""
    return [watched(kind, day(on))]


def told(one: Sequence[WatchedDay] | Case, on: str, **settings: Any) -> dict[str, Reminder]:
    """The reminders of a day by their moments."""
    days = watched_days(one) if isinstance(one, Case) else one
    return {r.moment.name: r for r in reminders_on(day(on), days, rules(**settings))}


def between(one: Sequence[WatchedDay] | Case, first: date, last: date) -> list[Reminder]:
    """The reminders from the first through the last day, if nothing happens in between."""
    seen = watched_days(one) if isinstance(one, Case) else one
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return [reminder for on in days for reminder in reminders_on(on, seen, rules())]
