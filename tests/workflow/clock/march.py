"""A request received on Monday, 4 March 2024: its events, and what the clock says of them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from workflow import events as ev
from workflow.clock import (
    Deadlines,
    Terms,
    compute,
)
from workflow.rules.rulebook import Rulebook, merged_settings

RULES = Rulebook()
MONDAY = date(2024, 3, 4)
DUE = date(2024, 4, 1)
DAY = timedelta(1)


def rules(**chosen: Any) -> Rulebook:
    return replace(RULES, settings=merged_settings(RULES.law, chosen))


def on(name: str, day: str, **fields: Any) -> ev.Event:
    """An event on a day of 2024, both written 03-04."""
    return ev.parse(
        name,
        {
            "on": f"2024-{day}",
            **{k: f"2024-{v}" if k in _DAYS else v for k, v in fields.items()},
        },
    )


_DAYS = (
    "reached_on", "confirmed_on", "deadline_on", "until", "due", "posted_on", "signed_on", "sent_on", "returned_on",
    "document_date",
)  # fmt: skip
RECEIVED = on("receive", "03-04", channel="in_person")


def found(*events: ev.Event, terms: Terms | None = None, **chosen: Any) -> Deadlines:
    return compute([RECEIVED, *events], rules(**chosen), terms=terms or Terms())


def said(deadlines: Deadlines, day: date) -> str:
    """What the steps of a day say."""
    return "；".join(step.text for step in deadlines.steps if step.on == day)


def consulted(kind: str, **fields: Any) -> ev.Consultation:
    event = on(f"consult_{kind}", "03-05", consultation=1, **fields)
    assert isinstance(event, ev.Consultation)
    return event
