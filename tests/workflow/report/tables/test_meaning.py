"""What a number of a published report means: every cell of both formats, and no case."""

from dataclasses import replace
from decimal import Decimal

import pytest

from config.law import load_law
from tests.workflow.report.annual import published
from workflow.report.tables import layout
from workflow.report.tables.meaning import meaning_of, over_the_years

LAW = load_law()


def of(table: str, row: str, column: str, slug: str = "huaian_2024"):
    return meaning_of(published(slug), (table, row, column), LAW)


@pytest.mark.parametrize("slug", ["huaian_2024", "pingtan_qu_2019"])
def test_every_cell_of_the_tables_means_something(slug):
    report = published(slug)
    for table in layout.TABLES:
        for cell in layout.grid_of(table, report.format, LAW.formats).numbers():
            found = of(table, *cell.key, slug)
            assert found is not None and found.place == (table, *cell.key)
            assert len(found.says) == 2 and all(found.says) and found.row and found.column
            assert found.number == layout.value_of(report, table, cell)


def test_a_sum_is_told_with_what_is_added_up_to_it():
    for row, column in (("total", "total"), ("total", "business"), ("disclosed", "total")):
        found = of("table3", row, column)
        assert sum(part.value for part in found.parts) == found.number and found.parts
        assert all(part.value for part in found.parts)
    assert {part.place[2] for part in of("table3", "disclosed", "total").parts} <= {
        *LAW.formats.applicant_columns()
    }
    assert of("table3", "disclosed", "business").parts == ()
    review = of("table4", "review", "total")
    assert sum(part.value for part in review.parts) == review.number
    assert of("table4", "review", "upheld").parts == ()


def test_the_replies_that_stand_in_a_row_are_named():
    assert of("table3", "unable_not_held", "total").replies == ("信息不存在", "非本机关负责公开")
    old = of("table3", "other", "total", "pingtan_qu_2019").replies
    assert "逾期不补正" in old and "申请人撤回" in old
    assert of("table3", "new_received", "total").replies == ()


def test_the_unit_is_that_of_the_column():
    assert of("table2", "charges", "amount_10k").unit == "万元"
    assert of("table2", "permits", "decisions").unit == "件"
    assert of("table2", "permits", "change", "pingtan_qu_2019").unit == "项"
    assert of("table3", "disclosed", "total").unit == of("table4", "review", "total").unit == "件"


@pytest.mark.parametrize(
    "place",
    [
        ("table2", "permits", "made"), ("table2", "procurement", "amount"), ("table3", "other", "total"),
        ("table3", "disclosed", "made"), ("table4", "disclosed", "total"), ("table4", "review", "made"),
        ("sections", "overview", "total"), ("no_such", "review", "total"),
    ],
)  # fmt: skip
def test_what_the_format_has_not_means_nothing(place):
    assert meaning_of(published(), place, LAW) is None


def test_a_table_that_is_not_there_means_nothing():
    assert meaning_of(replace(published(), table4=None), ("table4", "review", "total"), LAW) is None


def test_the_same_number_of_other_years_the_oldest_first():
    report = published()
    before = replace(report, year=2023, table2={"charges": {"amount_10k": Decimal("1.50")}})
    blank = replace(report, year=2021, table2=None)
    found = over_the_years([report, before, blank], ("table2", "charges", "amount_10k"))
    assert [(one.year, number) for one, number in found] == [
        (2023, Decimal("1.50")), (2024, Decimal("98765.43")),
    ]  # fmt: skip
    old = published("pingtan_qu_2019")
    assert over_the_years([report, old], ("table3", "other", "total"))[0][0] is old
