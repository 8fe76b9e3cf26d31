"""What the tests of the guards share: the day on which a walked case is due, and what a step came to."""

from datetime import date, timedelta
from typing import Any

from tests.workflow.case.walk import ASSIGNED, MONDAY, Walk
from workflow.case.facts import Logged
from workflow.refusal import Refusal

DUE = (date(2024, 4, 1) - MONDAY).days
"""The twentieth working day after the receipt, in days after it."""


def refused(walk: Walk, name: str, day: int, /, **fields: Any) -> tuple[str, str | None]:
    """Rule and field of the refusal; the case is as it was."""
    known = walk.snapshot()
    done = walk.do(name, day, **fields)
    assert isinstance(done, Refusal), done
    assert walk.snapshot() == known
    return done.rule, done.field


def accepted(walk: Walk, name: str, day: int, /, **fields: Any) -> bool:
    return isinstance(walk.do(name, day, **fields), Logged)


def told(walk: Walk, name: str, day: int) -> str | None:
    """The rule by which the event is told to be impossible before its fields are known."""
    found = walk.case.machine.refusal(walk.case, name, None, None, MONDAY + timedelta(day))
    return found.rule if found else None


def two_items() -> Walk:
    return Walk(items=("2022 年养护合同", "2023 年养护合同")).must(*ASSIGNED)


def item(number: int, outcome: str = "supplied", **fields: Any) -> dict[str, Any]:
    return {"item": number, "outcome": outcome, **fields}
