"""Table 二 from the year's register: what counts, what is carried over, in which unit (law.md §5.2)."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from config.law import load_law, year_rules
from tests.examples import examples
from workflow.report.annual import AnnualReport
from workflow.report.tables.table2 import Entry, in_ten_thousands, table2

FORMATS = load_law().formats


def entry(item: str, kind: str, number: int = 1, yuan: str | None = None, id_: int = 1) -> Entry:
    amount = Decimal(yuan) if yuan else None
    return Entry(id_, item, kind, date(2024, 6, 1), "某件", number, amount)


def expected(example: str) -> dict[tuple[str, str], Decimal]:
    """The cells of table 2 that an example of tallies.json names, by their labels."""
    found = next(one for one in examples("tallies") if one["id"] == example)
    return {
        (cell["item"], cell["field"]): Decimal(str(cell["n"]))
        for cell in found["expected"]
        if cell["table"] == 2
    }


def by_label(fmt: str, cells: dict[str, dict[str, object]]) -> dict[tuple[str, str], Decimal]:
    return {
        (label, title): Decimal(str(cells[item][field] or 0))
        for block in FORMATS.table2[fmt]
        for item, label in block.items.items()
        for field, title in block.fields.items()
    }


def said(example: str, fmt: str, entries: list[Entry], before: AnnualReport | None = None) -> None:
    cells = by_label(fmt, table2(entries, fmt, FORMATS, before).cells)
    wanted = expected(example)
    assert wanted
    assert {place: cells[place] for place in wanted} == wanted


def last_year(fmt: str, **cells: dict[str, int]) -> AnnualReport:
    return AnnualReport("某机关", 2023, fmt, table2=cells)


def test_a_township_makes_no_rules() -> None:
    said("T81", "2021", [])
    assert "township" not in year_rules().items["regulations"].levels
    assert year_rules().items["regulations"].levels


def test_in_force_is_last_year_and_what_was_made_less_what_was_repealed() -> None:
    before = last_year("2021", normative_documents={"in_force": 10})
    made, gone = entry("normative_documents", "made", 3), entry("normative_documents", "repealed")
    said("T82", "2021", [made, gone], before)


def test_without_last_years_report_the_year_begins_with_its_entry() -> None:
    start = entry("normative_documents", "before", 10)
    made, gone = entry("normative_documents", "made", 3), entry("normative_documents", "repealed")
    said("T82", "2021", [start, made, gone])


def test_items_of_the_old_format_begin_with_last_years_number() -> None:
    said("T83", "2019", [entry("permits", "before", 10)])
    before = last_year("2019", permits={"items_before": 8, "change": 2})
    said("T83", "2019", [], before)


def test_decisions_that_are_not_published_count_too() -> None:
    said("T84", "2021", [entry("penalties", "decisions", 21)])


def test_charges_are_told_in_ten_thousand_yuan() -> None:
    said(
        "T85",
        "2021",
        [entry("charges", "charged", yuan="15000"), entry("charges", "charged", yuan="600")],
    )
    assert in_ten_thousands(Decimal("50")) == Decimal("0.01"), "half up"
    assert in_ten_thousands(Decimal("49.99")) == Decimal("0.00")


def test_purchases_of_the_old_format_are_counted_and_added_up() -> None:
    bought = [
        entry("procurement", "purchased", 1, "20000"),
        entry("procurement", "purchased", 2, "35760"),
    ]
    cells = table2(bought, "2019", FORMATS).cells["procurement"]
    assert cells == {"projects": 3, "amount": Decimal("55760")}


def test_behind_every_cell_stand_the_entries_that_it_counts() -> None:
    entries = [
        entry("permits", "decisions", 2, id_=1),
        entry("penalties", "decisions", 5, id_=2),
        entry("penalties", "decisions", 1, id_=3),
    ]
    found = table2(entries, "2021", FORMATS)
    assert found.behind[("penalties", "decisions")] == [2, 3]
    assert found.cells["penalties"]["decisions"] == 6
    assert found.behind[("compulsory_measures", "decisions")] == []


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=6))
def test_what_is_in_force_rolls_forward_over_the_years(years: list[tuple[int, int]]) -> None:
    before, total = None, 0
    for made, gone in years:
        entries = [
            entry("normative_documents", "made", made), entry("normative_documents", "repealed", gone)
        ]  # fmt: skip
        cells = table2(entries, "2021", FORMATS, before).cells
        total += made - gone
        assert cells["normative_documents"]["in_force"] == total
        before = AnnualReport("某机关", 2023, "2021", table2=cells)


def test_the_register_has_exactly_the_rows_of_both_formats() -> None:
    rows = {item for fmt in FORMATS.table2 for block in FORMATS.table2[fmt] for item in block.items}
    assert set(year_rules().items) == rows
    sections = {topic.section for topic in year_rules().topics.values()}
    assert sections <= set(FORMATS.sections)
