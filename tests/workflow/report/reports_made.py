"""Annual reports for tests: from the published tables, and drawn at random."""

import json
from dataclasses import replace

from hypothesis import strategies as st

from config.law import load_law
from tests.examples import ACCEPTANCE
from workflow.report.annual import AnnualReport, Cells
from workflow.report.sums.aggregate import shape

TABLES = ACCEPTANCE / "tables"
FORMATS = load_law().formats


def published(slug: str) -> AnnualReport:
    """A report that a real body published."""
    data = json.loads((TABLES / f"{slug}.json").read_text(encoding="utf-8"))
    return AnnualReport(
        data["agency"], data["year"], data["format"], data.get("table2"), data["table3"],
        data["table4"], code=data["slug"],
    )  # fmt: skip


def units_of_pingtan(year: int = 2022) -> list[AnnualReport]:
    """The units of the Pingtan area whose reports on a year are known, all 17 for 2022."""
    slugs = sorted(path.stem for path in TABLES.glob(f"pingtan_*_{year}.json"))
    return [published(slug) for slug in slugs if slug != f"pingtan_qu_{year}"]


def filled(name: str, fmt: str, value: int = 0) -> Cells:
    """A table with the value in every cell."""
    return {
        row: dict.fromkeys(columns, value) for row, columns in shape(name, fmt, FORMATS).items()
    }


def zero(key: str, fmt: str = "2021", year: int = 2022) -> AnnualReport:
    return AnnualReport(
        f"机关{key}", year, fmt, filled("table2", fmt), filled("table3", fmt),
        filled("table4", fmt), code=key,
    )  # fmt: skip


def with_cells(report: AnnualReport, **tables: dict[tuple[str, str], int]) -> AnnualReport:
    """The report with some cells changed: table3={("disclosed", "total"): 3}."""
    found = {}
    for name, cells in tables.items():
        table = {row: dict(columns) for row, columns in (getattr(report, name) or {}).items()}
        for (row, column), value in cells.items():
            table[row][column] = value
        found[name] = table
    return replace(report, **found)


@st.composite
def sound(draw: st.DrawFn, key: str, fmt: str = "2021") -> AnnualReport:
    """A report whose own sums hold: applications drawn one by one, disputes cell by cell."""
    report = zero(key, fmt)
    table3: dict[tuple[str, str], int] = {}

    def count(row: str, column: str) -> None:
        for into in (column, "total"):
            table3[row, into] = table3.get((row, into), 0) + 1

    columns = st.sampled_from(FORMATS.applicant_columns())
    ends = st.sampled_from(["carried_out", *FORMATS.result_rows(fmt)])
    starts = st.sampled_from(["new_received", "carried_in"])
    for column, start, end in draw(st.lists(st.tuples(columns, starts, ends), max_size=6)):
        count(start, column)
        count(end, column)
        if end != "carried_out":
            count("total", column)
    table4: dict[tuple[str, str], int] = {}
    cells = [cell for cell in FORMATS.cells if cell != "total"]
    pairs = st.tuples(st.sampled_from(list(FORMATS.blocks)), st.sampled_from(cells))
    for block, cell in draw(st.lists(pairs, max_size=3)):
        for into in (cell, "total"):
            table4[block, into] = table4.get((block, into), 0) + 1
    made = draw(st.integers(0, 3))
    table2 = {("normative_documents", "made"): made}
    return with_cells(report, table2=table2, table3=table3, table4=table4)


@st.composite
def families(draw: st.DrawFn, least: int = 0, most: int = 5) -> list[AnnualReport]:
    """Some bodies with sound reports, in both formats."""
    count = draw(st.integers(least, most))
    formats = draw(
        st.lists(st.sampled_from(["2021", "2021", "2019"]), min_size=count, max_size=count)
    )
    return [draw(sound(f"body{index}", fmt)) for index, fmt in enumerate(formats)]
