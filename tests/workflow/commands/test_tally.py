"""`tally` and `report`: the tables of a year, as numbers and as a file."""

import json
from pathlib import Path

import pytest

from tests.examples import ACCEPTANCE
from tests.workflow.commands.calling import INIT, Run, office_of_the_store
from tests.workflow.report import reading_back
from workflow.report.writing import WRITERS

# -- tally --------------------------------------------------------------------------------------------


def test_seed_township_2019_has_zeros_in_all_rows_and_columns(run: Run) -> None:
    run(*INIT)
    result = run("tally", "--agency", "panlong", "--year", "2019")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert set(told) == {"agency", "year", "format", "table2", "table3", "table4", "checks"}
    assert (told["agency"], told["year"], told["format"]) == ("panlong", 2019, "2019")
    assert len(told["table3"]) == 23
    assert all(list(cells.values()) == [0] * 7 for cells in told["table3"].values())
    assert all(list(cells.values()) == [0] * 5 for cells in told["table4"].values())
    assert told["checks"] == []


def test_tally_in_another_format_than_the_years_own(run: Run) -> None:
    run(*INIT)
    told = json.loads(
        run("tally", "--agency", "panlong", "--year", "2019", "--format", "2021").stdout
    )
    assert (told["format"], len(told["table3"])) == ("2021", 25)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--agency", "nowhere", "--year", "2024"), 1),
        (("--agency", "panlong", "--year", "1999"), 2),
        (("--agency", "panlong", "--year", "soon"), 2),
        (("--agency", "panlong", "--year", "2024", "--format", "2020"), 2),
        (("--year", "2024"), 2),
    ],
)
def test_tally_that_cannot_be_made(arguments: tuple[str, ...], code: int, run: Run) -> None:
    run(*INIT)
    result = run("tally", *arguments)
    assert result.exit_code == code
    assert result.stdout == ""


# -- the report as a file -----------------------------------------------------------------------------


@pytest.mark.parametrize("ending", list(WRITERS))
def test_report_writes_the_tables_of_the_store(run: Run, tmp_path: Path, ending: str) -> None:
    report = ACCEPTANCE / "tables" / "pingtan_jtj_2023.json"
    assert run("demo", "--from-report", str(report), "--keep").exit_code == 0
    data = json.loads(report.read_text(encoding="utf-8"))
    agency = office_of_the_store().agencies()[0].code
    path = tmp_path / f"report.{ending}"
    made = run("report", "--agency", agency, "--year", "2023", "--format", ending, "-o", str(path))
    assert made.exit_code == 0
    found = reading_back.numbers(ending, path.read_bytes(), "2021")["table3"]
    assert found == [n or 0 for row in data["table3"].values() for n in row.values()]


def test_report_says_what_it_cannot_do(run: Run, tmp_path: Path) -> None:
    run(*INIT)
    asked = ("report", "--agency", "panlong", "--format", "json")
    unknown = run("report", "--agency", "nowhere", "--year", "2024", "--format", "pdf", "-o", "-")
    assert unknown.exit_code == 1 and "没有代码为“nowhere”的机关" in unknown.stderr
    assert run(*asked, "--year", "1800", "-o", "-").exit_code == 2
    nowhere = run(*asked, "--year", "2024", "-o", str(tmp_path / "no" / "file.json"))
    assert nowhere.exit_code == 2 and "无法写入" in nowhere.stderr
    assert json.loads(run(*asked, "--year", "2024", "-o", "-").stdout)["year"] == 2024


def test_report_holds_the_texts_and_the_other_format_only_the_tables(run: Run) -> None:
    run(*INIT)
    asked = ("report", "--agency", "panlong", "--year", "2024", "--format", "json", "-o", "-")
    whole = json.loads(run(*asked).stdout)
    assert "2024 年没有收到政府信息公开申请" in whole["sections"]["overview"]
    old = json.loads(run(*asked, "--tables", "2019").stdout)
    assert old["format"] == "2019" and not old["sections"].get("overview")
