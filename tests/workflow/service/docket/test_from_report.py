"""Tables that real bodies published: sound ones come back from cases cell for cell, unsound ones are
refused with every broken sum named (law.md §5.5)."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from config.law import Law
from tests.examples import TABLES, read
from workflow.commands.cases import demo
from workflow.service import Office
from workflow.service.docket.from_report import UnsoundTable, play_report
from workflow.service.docket.player import Player
from workflow.service.report.tables import Reports

Sheet = dict[str, dict[str, int | None]]
OUTSIDE = ("new_received", "carried_in", "total", "carried_out")


def n(value: int | None) -> int:
    return value or 0


def broken_sums(data: dict[str, Any], law: Law) -> set[tuple[str, str]]:
    """Every printed relation that does not hold, as (kind, label), computed here anew. A blank is 0,
    and a 总计 left blank is not held against the figures beside it."""
    table3, table4, labels = data["table3"], data["table4"], law.formats
    broken = set()
    results = [row for row in table3 if row not in OUTSIDE]
    for column, label in labels.columns.items():
        if column == "total" and all(cells["total"] is None for cells in table3.values()):
            continue
        done = sum(n(table3[row][column]) for row in results)
        blank = all(value is None for value in table3["total"].values())
        total = done if blank else n(table3["total"][column])
        asked = n(table3["new_received"][column]) + n(table3["carried_in"][column])
        if asked != total + n(table3["carried_out"][column]):
            broken.add(("balance", f"表三“{label}”列"))
        if total != done:
            broken.add(("total of column", f"表三“{label}”列"))
        if done and not asked:
            broken.add(("results of nothing", f"表三“{label}”列"))
    for row, cells in table3.items():
        six = sum(n(value) for column, value in cells.items() if column != "total")
        no_total = all(other["total"] is None for other in table3.values())
        if not no_total and n(cells["total"]) != six:
            broken.add(("total of row", f"表三“{labels.rows[data['format']][row]}”行"))
    for block, cells in table4.items():
        four = sum(n(value) for cell, value in cells.items() if cell != "total")
        if n(cells["total"]) != four:
            broken.add(("total of block", f"表四“{labels.blocks[block]}”"))
    return broken


KINDS = {
    "V01": "balance",
    "V02": "total of column",
    "V07": "total of column",
    "V08": "results of nothing",
    "V03": "total of row",
    "V04": "total of block",
}


def with_zeros(sheet: Sheet) -> dict[str, dict[str, int]]:
    return {row: {key: n(value) for key, value in cells.items()} for row, cells in sheet.items()}


def with_totals(sheet: Sheet) -> dict[str, dict[str, int]]:
    """A sheet whose blank 总计 column and row are added up."""
    full = with_zeros(sheet)
    if all(value is None for value in sheet["total"].values()):
        for column in full["total"]:
            full["total"][column] = sum(full[row][column] for row in full if row not in OUTSIDE)
    if all(cells["total"] is None for cells in sheet.values()):
        for cells in full.values():
            cells["total"] = sum(value for key, value in cells.items() if key != "total")
    return full


LARGEST = pytest.mark.long(
    reason="3551 cases are played; the other tables have up to some hundreds"
)
PLAYED = [
    pytest.param(path, id=path.stem, marks=[LARGEST] if path.stem == "huaian_2024" else [])
    for path in TABLES
]


@pytest.mark.parametrize("path", PLAYED)
def test_published_table_comes_back_or_is_refused(path: Path, office: Office) -> None:
    data = read(path)
    broken = broken_sums(data, office.law)
    if broken:
        with pytest.raises(UnsoundTable) as refused:
            play_report(office, data)
        found = {(KINDS[finding.rule], finding.where) for finding in refused.value.findings}
        assert found == broken
        assert not office.agencies()
        return
    played = play_report(office, data)
    assert played.differences == []
    assert played.table3 == with_totals(data["table3"])
    assert played.table4 == with_zeros(data["table4"])
    assert played.cases >= sum(n(data["table3"][row]["total"]) for row in OUTSIDE[:2])


def test_files_say_themselves_which_tables_have_errors(law: Law) -> None:
    for path in TABLES:
        data = read(path)
        assert bool(broken_sums(data, law)) == data["published_data_has_errors"], path.stem


def test_command_plays_a_table_and_prints_it() -> None:
    (path,) = (path for path in TABLES if path.stem == "pingtan_qu_2023")
    result = CliRunner().invoke(demo, ["--from-report", str(path), "--json"])
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert printed["table3"] == with_totals(read(path)["table3"])
    assert printed["differences"] == []


def test_command_names_every_broken_sum(law: Law) -> None:
    path = next(p for p in TABLES if len(broken_sums(read(p), law)) > 1)
    result = CliRunner().invoke(demo, ["--from-report", str(path)])
    assert result.exit_code == 1
    for _, where in broken_sums(read(path), law):
        assert where in result.stderr


@pytest.mark.parametrize("value", [-1, 1.5, "/", "-", True])
def test_cell_that_is_no_count_cannot_be_played(value: Any, tmp_path: Path) -> None:
    data = read(TABLES[0])
    data["table3"]["disclosed"]["business"] = value
    file = tmp_path / "report.json"
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    result = CliRunner().invoke(demo, ["--from-report", str(file)])
    assert result.exit_code == 2
    assert "table3.disclosed.business" in result.stderr


def test_township_that_received_nothing_reports_zeros(office: Office) -> None:
    """The seed: 盘龙彝族乡 2019, an empty docket."""
    docket = {
        "agency": {"code": "panlong", "name": "盘龙彝族乡人民政府", "level": "township"},
        "cases": [],
    }
    result = Player(office).play(docket, until=2019)
    table = result["tables"]["2019"]
    assert table["format"] == "2019"
    assert len(table["table3"]) == 23
    assert all(len(cells) == 7 for cells in table["table3"].values())
    assert {value for cells in table["table3"].values() for value in cells.values()} == {0}
    assert {value for cells in table["table4"].values() for value in cells.values()} == {0}
    assert table["checks"] == []
    assert Reports(office).tables("panlong", 2019).as_dict() == table
