"""Rows of a ledger for tests: cells by name of the column, read, and taken over by a township."""

from datetime import date, datetime
from typing import Any

from config.law import load_law
from config.ledger import load_ledger
from workflow.case.case import Case
from workflow.dates import SHANGHAI
from workflow.docket.ledger.heads import Line
from workflow.docket.ledger.reading import Read
from workflow.docket.ledger.row import Reader
from workflow.docket.ledger.taking import Body, Taken, Taking
from workflow.rules.rulebook import Rulebook, merged_settings

TODAY = date(2026, 11, 30)
BODY = Body(
    "panlong", "盘龙彝族乡人民政府", "township", "2024年台账.xlsx", TODAY,
    datetime(2026, 11, 30, 10, tzinfo=SHANGHAI),
)  # fmt: skip
ANSWERED = {
    "number": "2024-0001", "received_on": "2024-03-05", "applicant": "张三", "request": "低保名单",
    "answered_on": "2024-03-20", "outcome": "予以公开", "served_on": "2024-03-21",
}  # fmt: skip
"""A request that was answered in time, as most rows tell it."""


def rules_with(**settings: Any) -> Rulebook:
    law = load_law()
    return Rulebook(law, merged_settings(law, settings))


def read(cells: dict[str, Any], unused: dict[str, Any] | None = None, **settings: Any) -> Read:
    """A row that was read. Cells that are None are left out."""
    told = {name: value for name, value in cells.items() if value is not None}
    line = Line(7, told, unused or {}, "2024年")
    rules = rules_with(**settings)
    return Reader(rules.law, load_ledger(), rules.settings).read(line)


def taken(cells: dict[str, Any], unused: dict[str, Any] | None = None, **settings: Any) -> Taken:
    return Taking(BODY).take(read(cells, unused, **settings), rules_with(**settings))


def answered(**cells: Any) -> dict[str, Any]:
    return {**ANSWERED, **cells}


def open_row(**cells: Any) -> dict[str, Any]:
    rest = {name: None for name in ("answered_on", "outcome", "served_on")}
    return {**ANSWERED, **rest, **cells}


def case(cells: dict[str, Any], **settings: Any) -> Case:
    """The case of a row without errors."""
    done = taken(cells, **settings)
    assert done.case is not None, done.errors
    return done.case


def errors(cells: dict[str, Any], **settings: Any) -> list[tuple[str | None, str]]:
    done = taken(cells, **settings)
    assert (done.case is None) == bool(done.errors)
    return [(one.column, one.message) for one in done.errors]


def warnings(cells: dict[str, Any], **settings: Any) -> list[tuple[str | None, str]]:
    return [(one.column, one.message) for one in taken(cells, **settings).warnings]
