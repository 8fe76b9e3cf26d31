"""The sums of tables 3 and 4 hold for any mixture of cases, by construction (law.md §5.5, §6)."""

from collections import Counter
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from config.law import load_law
from workflow.case.counted import CountedCase
from workflow.case.facts import Proceeding
from workflow.report import checks
from workflow.report.tables.tally import entries, rows_of, tally
from workflow.rules.rulebook import merged_settings

LAW = load_law()
YEARS = range(2018, 2027)
COLUMNS = LAW.formats.applicant_columns()
ROWS = LAW.formats.result_rows("2021")

SETTINGS = st.fixed_dictionaries(
    {
        "count_unit": st.sampled_from(list(LAW.settings["count_unit"].values)),
        "joint_applicants": st.sampled_from(list(LAW.settings["joint_applicants"].values)),
        "redo_counting": st.sampled_from(list(LAW.settings["redo_counting"].values)),
        "count_record_correction": st.booleans(),
        "count_withdrawn_before_acceptance": st.booleans(),
        "t4_year_basis": st.sampled_from(list(LAW.settings["t4_year_basis"].values)),
        "t4_instance_unit": st.sampled_from(list(LAW.settings["t4_instance_unit"].values)),
        "review_claim_rejected": st.sampled_from(
            list(LAW.settings["review_claim_rejected"].values)
        ),
        "count_not_accepted": st.booleans(),
        "count_as_review_codefendant": st.booleans(),
    }
).map(lambda chosen: merged_settings(LAW, chosen))
FORMATS = st.sampled_from(["2019", "2021"])
DEFAULTS = LAW.defaults()


@st.composite
def proceedings(draw: st.DrawFn, after: date) -> Proceeding:
    kind = draw(st.sampled_from(["review", "suit"]))
    filed = draw(st.dates(after, date(2026, 12, 31)))
    concluded = draw(st.none() | st.dates(filed, date(2026, 12, 31)))
    results = [code for proceeding, code in LAW.results if proceeding == kind]
    return Proceeding(
        number=draw(st.integers(1, 9)),
        kind=kind,
        filed_on=filed,
        case_number=draw(st.none() | st.sampled_from(["甲", "乙"])) if kind == "review" else None,
        via=draw(st.sampled_from(["direct", "after_review"])) if kind == "suit" else None,
        instance=draw(st.sampled_from(["first", "appeal"])),
        role=draw(st.sampled_from(["respondent", "co_defendant"])),
        concluded_on=concluded,
        result=draw(st.sampled_from(results)) if concluded else None,
    )


@st.composite
def cases(draw: st.DrawFn, number: int) -> CountedCase:
    received = draw(st.none() | st.dates(date(2018, 1, 1), date(2026, 12, 31)))
    closed = draw(st.none() | st.dates(received, date(2026, 12, 31))) if received else None
    items = draw(st.lists(st.sampled_from(ROWS), max_size=4)) if closed else []
    return CountedCase(
        number=f"{number}",
        kind=draw(st.sampled_from(["application"] * 6 + ["record_correction", "enquiry", "test"])),
        columns=tuple(draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=3))),
        received_on=received,
        closed_on=closed,
        row=draw(st.sampled_from([*ROWS, None])) if closed else None,
        void=draw(st.sampled_from([False] * 5 + [True])),
        item_rows=tuple(items),
        joint_letter=draw(st.none() | st.sampled_from(["一", "二"])),
        withdrawn_unaccepted=draw(st.booleans()),
        redo_of=draw(st.none() | st.integers(0, number).map(str)) if number else None,
        proceedings=tuple(draw(st.lists(proceedings(received), max_size=3))) if received else (),
    )


@st.composite
def mixtures(draw: st.DrawFn) -> list[CountedCase]:
    return [draw(cases(number)) for number in range(draw(st.integers(0, 12)))]


@given(mixtures(), SETTINGS, FORMATS)
def test_every_sum_of_both_tables_holds(
    mixture: list[CountedCase], settings: dict[str, Any], fmt: str
) -> None:
    for year in YEARS:
        found = tally(mixture, year, LAW, settings, fmt)
        table = found.table3
        for column in LAW.formats.columns:
            asked = table["new_received"][column] + table["carried_in"][column]
            assert asked == table["total"][column] + table["carried_out"][column]
            results = (table[row][column] for row in LAW.formats.result_rows(fmt))
            assert table["total"][column] == sum(results)
        for cells in table.values():
            assert cells["total"] == sum(cells[column] for column in COLUMNS)
        for cells in found.table4.values():
            assert cells["total"] == sum(n for cell, n in cells.items() if cell != "total")
        assert checks.sums(table, found.table4, fmt, LAW.formats) == []


@given(mixtures(), SETTINGS, FORMATS)
def test_what_one_year_carries_out_the_next_carries_in(
    mixture: list[CountedCase], settings: dict[str, Any], fmt: str
) -> None:
    before = tally(mixture, YEARS[0], LAW, settings, fmt)
    for year in YEARS[1:]:
        after = tally(mixture, year, LAW, settings, fmt)
        assert after.table3["carried_in"] == before.table3["carried_out"]
        before = after


@given(mixtures(), SETTINGS, FORMATS)
def test_behind_every_cell_stand_as_many_cases_as_it_says(
    mixture: list[CountedCase], settings: dict[str, Any], fmt: str
) -> None:
    known = {case.number for case in mixture}
    for year in YEARS:
        found = tally(mixture, year, LAW, settings, fmt)
        for table, behind in (
            (found.table3, found.behind3),
            (found.table4, found.behind4),
        ):
            for row, cells in table.items():
                for column, number in cells.items():
                    assert len(behind.get((row, column), [])) == number
            assert {(row, column) for row, column in behind} <= {
                (row, column) for row, cells in table.items() for column in cells
            }
            assert {number for numbers in behind.values() for number in numbers} <= known


@given(mixtures(), FORMATS)
def test_one_case_is_new_once_and_ends_in_one_row_of_one_column_of_one_year(
    mixture: list[CountedCase], fmt: str
) -> None:
    found = entries([case for case in mixture if not case.void], DEFAULTS)
    assert max(Counter(entry.number for entry in found).values(), default=1) == 1
    results = set(LAW.formats.result_rows(fmt))
    for entry in found:
        rows = [row for year in YEARS for row in rows_of(entry, year, LAW.formats, fmt)]
        assert rows.count("new_received") == 1
        assert sum(row in results for row in rows) == (entry.closed_on is not None)
        assert rows.count("total") == (entry.closed_on is not None)
        assert rows.count("carried_in") <= rows.count("carried_out")


@given(mixtures())
def test_by_default_every_received_application_counts_once_in_its_year(
    mixture: list[CountedCase],
) -> None:
    for year in YEARS:
        table = tally(mixture, year, LAW, DEFAULTS).table3
        counted = [
            case
            for case in mixture
            if case.received_on
            and case.kind == "application"
            and not case.void
            and not case.redo_of
            and (case.row or not case.closed_on or case.closed_on.year > case.received_on.year)
        ]
        new = Counter(c.columns[0] for c in counted if c.received_on and c.received_on.year == year)
        done = Counter(c.columns[0] for c in counted if c.closed_on and c.closed_on.year == year)
        assert {c: table["new_received"][c] for c in COLUMNS} == {c: new[c] for c in COLUMNS}
        assert {c: table["total"][c] for c in COLUMNS} == {c: done[c] for c in COLUMNS}


@given(mixtures(), SETTINGS)
def test_both_formats_count_the_same_cases(
    mixture: list[CountedCase], settings: dict[str, Any]
) -> None:
    for year in YEARS:
        old = tally(mixture, year, LAW, settings, "2019").table3
        new = tally(mixture, year, LAW, settings, "2021").table3
        split = [row for row in new if row.startswith("other_")]
        assert len(split) == 3
        for column in LAW.formats.columns:
            assert old["other"][column] == sum(new[row][column] for row in split)
        assert {r: c for r, c in old.items() if r != "other"} == {
            r: c for r, c in new.items() if r not in split
        }


@given(mixtures(), SETTINGS)
def test_what_is_void_or_never_received_counts_nowhere(
    mixture: list[CountedCase], settings: dict[str, Any]
) -> None:
    gone = [case for case in mixture if case.void or case.received_on is None]
    for year in YEARS:
        found = tally(gone, year, LAW, settings)
        assert not any(n for cells in found.table3.values() for n in cells.values())


@given(st.lists(proceedings(date(2018, 1, 1)), max_size=4))
def test_a_concluded_dispute_counts_in_one_year_only(found: list[Proceeding]) -> None:
    answered = date(2018, 1, 1)
    for proceeding in found:
        case = CountedCase(
            "1", "application", ("business",), answered, answered, ROWS[0],
            proceedings=(proceeding,),
        )  # fmt: skip
        settings = {**DEFAULTS, "count_as_review_codefendant": True, "count_not_accepted": True}
        tables = [tally([case], year, LAW, settings).table4 for year in YEARS]
        block = "review" if proceeding.kind == "review" else f"suit_{proceeding.via}"
        ended = sum(table[block]["total"] - table[block]["pending"] for table in tables)
        assert ended == (proceeding.concluded_on is not None)
        everywhere = sum(cells["total"] for table in tables for cells in table.values())
        assert everywhere == sum(table[block]["total"] for table in tables)


def test_dispute_is_pending_in_the_year_before_the_one_that_concludes_it() -> None:
    answered = date(2023, 5, 8)
    review = Proceeding(1, "review", date(2023, 12, 1), None, None, "first", "respondent",
                        date(2024, 2, 1), "upheld")  # fmt: skip
    case = CountedCase(
        "1", "application", ("business",), answered, answered, ROWS[0], proceedings=(review,)
    )
    cells = {year: tally([case], year, LAW, DEFAULTS).table4["review"] for year in YEARS}
    assert (cells[2023]["pending"], cells[2023]["total"]) == (1, 1)
    assert (cells[2024]["upheld"], cells[2024]["total"]) == (1, 1)
    assert cells[2022]["total"] == cells[2025]["total"] == 0
