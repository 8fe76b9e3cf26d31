"""No day, year or period of the law stands in code or templates: they come from the tables."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.examples import DOCS

ROOT = DOCS.parent
IN_TEXT = re.compile(
    r"20\d\d-\d\d-\d\d|\b20\d\d ?年|\d+ ?个?工作日|\d+ ?(日|个月)内"
    r"|[一二三四五六七八九十]+(个工作日|日内|个月内)"
)
REASONS = {
    ("workflow/dates.py", "date(2000"): "the first day that the program takes",
    ("workflow/dates.py", "date(2050"): "the last day that the program takes",
    ("workflow/dates.py", "2026-01-31"): "how a day is written",
    ("workflow/dates.py", "2050 年"): "the last day that the program takes",
    ("workflow/docket/timeline.py", "一个工作日"): "a working day before, no period",
    ("workflow/service/messages/inbox.py", "一个工作日"): "when a message comes again",
    ("workflow/report/reading/tables.py", "2019 年"): "the name of a format",
    ("workflow/report/reading/tables.py", "2021 年"): "the name of a format",
    ("workflow/service/docket/sample.py", "2022年"): "titles of sample requests",
    ("workflow/service/docket/sample.py", "2023年"): "titles of sample requests",
    ("workflow/service/docket/sample.py", "2024年"): "titles of sample requests",
    ("workflow/service/docket/sample.py", "2017 年"): "an older reply of the sample",
    ("workflow/service/docket/sample.py", "2024 年"): "days of what the sample published",
    ("workflow/dates.py", "2000 年"): "the first day that the program takes",
    (
        "workflow/docket/calculator.py",
        "date(2019",
    ): "the first day of the Regulations that are counted by",
    ("workflow/docket/calculator.py", "2019 年"): "the same in words",
    ("workflow/docket/calculator.py", "一个工作日"): "the next working day, no period",
    ("workflow/docket/ledger/book.py", "date(1899"): "the day from which Excel counts",
    ("workflow/docket/ledger/book.py", "date(1904"): "the other day from which Excel counts",
    ("workflow/docket/ledger/values.py", "2024-03-05"): "how a day is written",
    ("workflow/paper/blank_form.py", "date(2019"): "a fixed moment for files",
    ("webui/api/hooks.py", "2024-05-06"): "how a day is written",
    ("webui/templates/desk/release.html", "2025 年"): "an example of a title",
    (
        "webui/templates/desk/supervision.html",
        "一个工作日",
    ): "the last working day before, no period",
    ("webui/templates/macros/supervision.html", "6 个工作日"): "what the marks look like",
    ("webui/templates/macros/supervision.html", "3 个工作日"): "what the marks look like",
    ("webui/templates/macros/supervision.html", "2 个工作日"): "what the marks look like",
    ("webui/templates/manual/clerk.html", "一个工作日"): "the next working day, no period",
    ("workflow/docket/timeline.py", "2026-01-31"): "how a moment is written",
    ("workflow/events/reading.py", "2026-01-31"): "how a moment is written",
    ("workflow/docket/whole.py", "2024-05-06"): "stands for an event that was found wrong",
    ("workflow/docket/from_report.py", "date(2019"): "a day in the year of a report that is played",
    ("workflow/docket/file.py", "date(2000"): "before every case",
    ("workflow/rules/calendar.py", "date(2000"): "the calendar's first day",
    ("workflow/rules/calendar.py", "date(2053"): "the calendar's last day",
    ("workflow/report/writing/manuscript.py", "date(2000"): "a fixed moment for files",
    (
        "workflow/service/docket/player.py",
        "date(2000",
    ): "settings of a docket hold from the first day",
    (
        "workflow/service/messages/inbox.py",
        "3 个工作日",
    ): "when a message comes again: a person's choice",
    ("webui/templates/macros/application.html", "2023 年"): "an example of a title",
    ("webui/templates/macros/events.html", "2024-03-05"): "how a day is written",
}
"""What may stand there, and why."""


def numbers() -> Iterator[tuple[str, str]]:
    """File and number, of every one that stands in code or in a template."""
    for folder in ("workflow", "webui", "notifications"):
        for path in sorted((ROOT / folder).rglob("*")):
            if "migrations" in path.parts or path.suffix not in (".py", ".html", ".js"):
                continue
            text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
            found = _of_code(text) if path.suffix == ".py" else _of_text(text)
            yield from ((name, number) for number in found)


def _of_text(text: str) -> Iterator[str]:
    yield from (found[0] for found in IN_TEXT.finditer(text))


def _of_code(text: str) -> Iterator[str]:
    tree = ast.parse(text)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield from _of_text(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "date" and node.args:
            year = node.args[0]
            if isinstance(year, ast.Constant):
                yield f"date({year.value}"


def _finds(text: str) -> list[str]:
    return [*_of_code(text)]


def test_the_search_finds_what_it_is_for() -> None:
    assert _finds("FROM = date(2024, 1, 1)") == ["date(2024"]
    assert _finds("f'超过 7 个工作日'") == ["7 个工作日"]
    assert _finds("f'超过 {days} 个工作日'") == []
    assert [*_of_text("<b>20 个工作日内</b>，十五日内")] == ["20 个工作日", "十五日内"]


def test_no_day_or_number_of_the_law_stands_outside_the_tables() -> None:
    assert [*dict.fromkeys(one for one in numbers() if one not in REASONS)] == []


def test_every_reason_is_still_needed() -> None:
    assert set(REASONS) - set(numbers()) == set()


def test_paths_are_there() -> None:
    assert all(Path(ROOT / name).is_file() for name, _ in REASONS)
