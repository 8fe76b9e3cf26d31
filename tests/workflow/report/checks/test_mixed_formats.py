"""Tables 二 and 三 in different formats: judged, added up and written by the columns that each of them has."""

from dataclasses import replace
from itertools import product

import pytest

from tests.workflow.report.checks.reports import FORMATS, LAW, report, told
from tests.workflow.report.report_files import as_docx, as_html, as_json, as_text
from tests.workflow.report.report_files import grid2 as _grid2
from workflow.report.annual import AnnualReport
from workflow.report.checks import findings
from workflow.report.reading import read_report
from workflow.report.sums.aggregate import add_up
from workflow.report.sums.difference import compare
from workflow.report.sums.words import as_data, sum_text
from workflow.report.writing import WRITERS

OLD, NEW = report(2020), report(2021)


def mixed(fmt2: str, fmt3: str, year: int = 2021) -> AnnualReport:
    """A township's report with a number in every cell of table 二."""
    base = {"2019": OLD, "2021": NEW}
    table2 = {item: dict.fromkeys(cells, 3) for item, cells in (base[fmt2].table2 or {}).items()}
    return replace(base[fmt3], year=year, title="", period=None, table2=table2)


BOTH = [mixed(*pair) for pair in product(("2019", "2021"), repeat=2)]


@pytest.mark.parametrize(("fmt2", "fmt3"), list(product(("2019", "2021"), repeat=2)))
def test_every_check_names_the_columns_that_are_there(fmt2, fmt3):
    said = {finding.where for finding in findings(mixed(fmt2, fmt3), LAW) if finding.rule == "V16"}
    heads = FORMATS.table2[fmt2][0].fields.values()
    assert said == {f"表二“规章”行“{head}”" for head in heads}


def test_the_format_of_table_two_is_that_of_its_columns():
    assert FORMATS.format_of_table2(OLD.table2, "2021") == "2019"
    assert FORMATS.format_of_table2(NEW.table2, "2019") == "2021"
    assert FORMATS.format_of_table2({}, "2021") == FORMATS.format_of_table2(None, "2021") == "2021"
    assert FORMATS.format_of_table2({"permits": {"decisions": 3}}, "2019") == "2019"


@pytest.mark.parametrize(("child", "total"), list(product(BOTH, BOTH)))
def test_reports_of_any_formats_are_added_and_compared(child, total):
    whole = add_up([replace(child, agency="甲乡", code="a")], 2021, FORMATS)
    compared = compare(whole, total)
    assert sum_text(whole, compared) and as_data(whole, compared)
    new2 = "made" in child.table2["regulations"] and "in_force" in child.table2["regulations"]
    assert whole.has_table2 == new2
    assert any("表二用的是 2019 年格式" in one.message for one in whole.warnings) != new2


@pytest.mark.parametrize("one", BOTH)
@pytest.mark.parametrize("kind", WRITERS)
def test_a_report_of_two_formats_is_written_with_all_its_numbers(one, kind):
    data = WRITERS[kind].write(one)
    if kind in ("json", "html"):
        text = data.decode()
        heads = FORMATS.table2[FORMATS.format_of_table2(one.table2, one.format)][0].fields
        assert all((name if kind == "json" else label) in text for name, label in heads.items())


@pytest.mark.parametrize("write", [as_text, as_html, as_docx, as_json])
def test_the_old_table_in_a_new_report_is_asked_for_nothing_but_its_layout(write, monkeypatch):
    one = mixed("2019", "2021")
    file = {as_text: "a.txt", as_html: "a.html", as_docx: "a.docx", as_json: "a.json"}[write]
    monkeypatch.setattr(
        "tests.workflow.report.report_files.grid2",
        lambda table, fmt, old=_grid2: old(table, "2019"),
    )
    found = read_report(file, write(one), FORMATS)
    assert found.table2 == one.table2 and found.format == "2021"
    assert [(f.where, f.message) for f in told(found, "V10")] == [
        ("表二", "用的是 2019 年格式，表三用的是 2021 年格式")
    ]
    assert [f for f in told(found, "V11") if "表二" in f.where] == []
    assert told(found, "V06") == []


def test_the_new_word_for_a_row_is_no_slip_in_the_old_table(monkeypatch):
    text = as_text(replace(OLD, year=2020)).decode().replace("规范性文件", "行政规范性文件")
    assert told(read_report("a.txt", text.encode(), FORMATS), "V11") == []
    slip = text.replace("行政规范性文件", "行政规范性文")
    assert len(told(read_report("a.txt", slip.encode(), FORMATS), "V11")) == 1


def test_a_row_of_the_old_table_is_asked_for_in_its_years_only():
    lines = as_text(OLD).decode().splitlines()
    without = "\n".join(line for line in lines if "政府集中采购" not in line)
    found = read_report("a.txt", without.encode(), FORMATS)
    assert [one.where for one in told(found, "V11")] == ["表二“政府集中采购”行"]
