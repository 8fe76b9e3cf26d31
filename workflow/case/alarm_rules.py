"""The list of alarms: each a small look at a case under its own name.

Nothing here refuses: the guards do. Each alarm answers a case that a body lost (practice.md §7) or a
check of the annual report (law.md §10), and says which.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from workflow.case.facts import CaseView

Look = Callable[[CaseView, date], str | None]


@dataclass(frozen=True, slots=True)
class Alarm:
    """name: what it is about. level: late (a period is in danger or past) or check (look again)."""

    name: str
    level: str
    text: str
    article: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One alarm: what it looks at; lost: the number of the lost case in practice.md §7, if any."""

    name: str
    level: str
    article: str
    lost: int | None
    look: Look


RULES: dict[str, Rule] = {}


def alarm(level: str, article: str, lost: int | None = None) -> Callable[[Look], Look]:
    """Register a look under its function's name."""

    def register(look: Look) -> Look:
        RULES[look.__name__] = Rule(look.__name__, level, article, lost, look)
        return look

    return register


def alarms(case: CaseView, today: date) -> list[Alarm]:
    """Everything that should worry the office about a case today, what is late first."""
    found = [
        Alarm(rule.name, rule.level, text, rule.article)
        for rule in RULES.values()
        if (text := rule.look(case, today))
    ]
    return sorted(found, key=lambda one: one.level != "late")
