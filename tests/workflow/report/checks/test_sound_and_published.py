"""Published tables: every real error is found. No sound report is accused, and no changed cell missed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import ACCEPTANCE, TABLES, read
from tests.workflow.report.checks.reports import FORMATS, LAW, published, saying, told
from tests.workflow.report.sound_reports import sound_reports
from workflow.report.checks import Known, findings
from workflow.report.procedure.narrative import Beside, other_matters, overview

OUTSIDE = ("new_received", "carried_in", "total", "carried_out")


def broken(data: dict[str, Any]) -> set[tuple[str, str]]:
    """Where the printed sums do not hold, computed from the bare file."""
    three, four = data["table3"], data["table4"]
    n: Callable[[Any], int] = lambda value: value or 0  # noqa: E731
    found = set()
    results = [row for row in three if row not in OUTSIDE]
    for column in FORMATS.columns:
        new, had, done, left = (n(three[row][column]) for row in OUTSIDE)
        parts = sum(n(three[row][column]) for row in results)
        if new + had != done + left:
            found.add(("sides", column))
        if parts != done:
            found.add(("results", column))
        if parts and not new + had:
            found.add(("nothing asked", column))
    for row, cells in three.items():
        if n(cells["total"]) != sum(n(value) for key, value in cells.items() if key != "total"):
            found.add(("row", row))
    for block, cells in four.items():
        if n(cells["total"]) != sum(n(value) for key, value in cells.items() if key != "total"):
            found.add(("block", block))
    return found


SUMS = {"V01": "sides", "V02": "results", "V07": "results", "V08": "nothing asked",
        "V03": "row", "V04": "block"}  # fmt: skip


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_exactly_the_real_errors_of_a_published_table_are_found(path):
    data = read(path)
    errors = [one for one in findings(published(path.stem), LAW) if one.level == "error"]
    places = {f"表三“{label}”列": key for key, label in FORMATS.columns.items()}
    places |= {f"表三“{label}”行": key for key, label in FORMATS.rows[data["format"]].items()}
    places |= {f"表四“{label}”": key for key, label in FORMATS.blocks.items()}
    assert {(SUMS[one.rule], places[one.where]) for one in errors} == broken(data)
    assert bool(errors) == data["published_data_has_errors"]


SERIES = [(one.stem, f"{one.stem[:-4]}{int(one.stem[-4:]) - 1}") for one in TABLES]


@pytest.mark.parametrize(
    ("this", "last"),
    [pair for pair in SERIES if (ACCEPTANCE / "tables" / f"{pair[1]}.json").exists()],
)
def test_no_published_pair_of_years_breaks_the_carrying_over(this, last):
    assert told(published(this), "V05", Known(before=published(last))) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sound_reports())
def test_a_sound_report_has_no_errors(sound):
    assert [one for one in findings(sound, LAW) if one.level == "error"] == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sound_reports(), st.data())
def test_one_changed_cell_of_a_sound_report_is_always_found(sound, data):
    name = data.draw(st.sampled_from(("table3", "table4")))
    table = {row: dict(cells) for row, cells in getattr(sound, name).items()}
    row = data.draw(st.sampled_from(sorted(table)))
    cell = data.draw(st.sampled_from(sorted(table[row])))
    table[row][cell] = data.draw(st.integers(0, 3000).filter(lambda one: one != table[row][cell]))
    changed = replace(sound, **{name: table})
    assert [one for one in findings(changed, LAW) if one.level == "error"]


TEXTS = ("V12", "V13", "V34", "V35", "V38", "V39", "V41")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sound_reports(), st.integers(0, 3000))
def test_what_is_drafted_from_the_tables_is_not_held_against_them(sound, last):
    before = replace(sound, year=sound.year - 1)
    beside = Beside(channels={"网上": last, "信函": 2}, answered_late=1, open_late=1)
    drafted = overview(sound, before, beside, FORMATS)
    told_late = saying(sound, overview=drafted, other_matters=other_matters(sound, beside))
    assert findings(told_late, LAW, Known(before=before), only=TEXTS) == []
