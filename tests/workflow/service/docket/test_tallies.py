"""Every example of acceptance/tallies.json, with each of its alternatives, played and counted."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from config.law import Law
from tests.examples import ACCEPTANCE, examples, read, variants
from tests.workflow.service.docket.tally_dockets import (
    AGENCIES,
    BACKGROUND,
    DOCKETS,
    NO_CASE,
    SETTINGS,
    TOWNSHIP,
    Cell,
)
from workflow.service import Office
from workflow.service.docket.player import Player
from workflow.service.report.tables import Reports

VARIANTS = [variant for variant in variants("tallies") if variant[0][:3] not in NO_CASE]


def base_settings() -> dict[str, str]:
    """The settings that the file says it was written under."""
    (line,) = (
        line
        for line in read(ACCEPTANCE / "tallies.json")["meta"]["conventions"]
        if line.startswith("base settings used here: ")
    )
    pairs = line.removeprefix("base settings used here: ").split(", ")
    return dict(pair.split("=") for pair in pairs)


def cells(expected: Iterable[dict[str, Any]]) -> list[Cell]:
    return [
        (
            entry["year"],
            entry["table"],
            entry["row"] if entry["table"] == 3 else entry["block"],
            entry["col"] if entry["table"] == 3 else entry["cell"],
            entry["n"],
        )
        for entry in expected
    ]


def sheets(law: Law, year: int, named: list[Cell]) -> tuple[Any, Any]:
    """Tables 3 and 4 of a year in which only the named cells count, with the totals that follow."""
    n: Counter[tuple[int, str, str]] = Counter()
    for y, table, row, column, count in named:
        if y == year and column != "total" and row != "total":
            n[(table, row, column)] += count
    formats = law.formats
    fmt = formats.format_of(year)
    six, four = formats.applicant_columns(), [c for c in formats.cells if c != "total"]
    table3 = {row: {column: n[(3, row, column)] for column in six} for row in formats.rows[fmt]}
    for column in six:
        table3["total"][column] = sum(table3[row][column] for row in formats.result_rows(fmt))
    table4 = {block: {cell: n[(4, block, cell)] for cell in four} for block in formats.blocks}
    for sheet in (table3, table4):
        for line in sheet.values():
            line["total"] = sum(line.values())
    return table3, table4


def test_every_example_is_played_or_is_no_case() -> None:
    ids = {example["id"] for example in examples("tallies")}
    assert set(DOCKETS) | set(NO_CASE) == ids
    assert not set(DOCKETS) & set(NO_CASE)


@pytest.mark.parametrize(
    ("identity", "settings", "expected"),
    [(v[0], v[2], v[3]) for v in VARIANTS],
    ids=[v[0] for v in VARIANTS],
)
def test_example_counts_as_expected(
    identity: str, settings: dict[str, Any], expected: list[dict[str, Any]], office: Office
) -> None:
    name = identity[:3]
    agency = AGENCIES.get(name, TOWNSHIP)
    cases = [{"ref": f"{number}", **case} for number, case in enumerate(DOCKETS[name])]
    docket = {
        "agency": agency,
        "settings": {**base_settings(), **SETTINGS.get(name, {}), **settings},
        "cases": cases,
    }
    result = Player(office).play(docket)
    assert [case["refused"] for case in result["cases"]] == [[]] * len(cases)

    wanted = cells(expected)
    named = wanted + BACKGROUND.get(name, [])
    years = {int(year) for year in result["tables"]} | {year for year, *_ in named}
    assert years or not cases
    for year in sorted(years):
        found = Reports(office).tables(agency["code"], year)
        table3, table4 = sheets(office.law, year, named)
        assert found.tables.table3 == table3
        assert found.tables.table4 == table4
        assert found.findings == []
    for year, table, row, column, count in wanted:
        if "total" in (row, column):
            sheet = Reports(office).tables(agency["code"], year).tables
            assert (sheet.table3 if table == 3 else sheet.table4)[row][column] == count


@pytest.mark.parametrize("entry", [v for v in VARIANTS if v[3]], ids=lambda v: v[0])
def test_example_names_the_engines_format_and_labels(entry: Any, law: Law) -> None:
    for cell in entry[3]:
        fmt = law.formats.format_of(cell["year"])
        assert cell["format"] == fmt
        if cell["table"] == 3:
            assert law.formats.rows[fmt][cell["row"]] == cell["row_label"]
