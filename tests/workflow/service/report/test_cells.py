"""What stands behind a cell, page by page: the cases of the tally, each once, in the order of their days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import insert

from config.law import load_law
from tests.bench.test_million_speed import YEAR, cases
from tests.counting import work
from workflow.dates import SHANGHAI
from workflow.people import Staff
from workflow.report.tables import figures
from workflow.report.tables.tally import entries, tally
from workflow.service import Office
from workflow.service.report.cells import PAGE, CellPage, Cells
from workflow.service.report.tables import Reports
from workflow.store import cells as cell_queries
from workflow.store import kept as kept_queries
from workflow.store.counts import rebuild_counts
from workflow.store.migrate import migrate
from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.sealed import Secrets
from workflow.store.store import Store

LAW = load_law()
NOW = datetime(2025, 3, 1, 9, 0, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Known:
    """A body with many cases, and the numbers behind each cell as the tally has them one by one."""

    office: Office
    cells: Cells
    staff: Staff
    behind: dict[tuple[str, str], list[str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('cells') / 'store.db'}")
    migrate(store.engine)
    office = Office(store, Secrets.throwaway(), now=lambda: NOW)
    with store.write() as unit:
        row = office.add_agency(unit, code="body", name="某市人民政府", level="city")
        rows = list(cases(row.id, 900))
        unit.session.execute(insert(CaseRow), rows)
        rebuild_counts(unit.session.connection())
        unit.session.add_all(
            ApplicantRow(case_id=n, position=0, name=f"某人{n}", citizen=True)
            for n in range(1, 900)
        )
    with store.read() as unit:
        one_by_one = kept_queries.cases_for_tables(unit, 1, YEAR, ("voided",))
        found = tally(one_by_one, YEAR, LAW, LAW.defaults())
    assert found.behind3 is not None and found.behind4 is not None
    staff = Staff(1, "li", "李某", {"body": frozenset({"clerk"})})
    yield Known(office, Cells(Reports(office)), staff, {**found.behind3, **found.behind4})
    store.close()


def pages(made: Known, row: str, column: str) -> list[CellPage]:
    """All pages of a cell, each after the one before."""
    found = [made.cells.page(made.staff, "body", YEAR, row, column)]
    while found[-1].after:
        beyond = found[-1].cases[-1].place
        found.append(made.cells.page(made.staff, "body", YEAR, row, column, beyond=beyond))
    return found


@pytest.mark.tampering(reason="rows without logs: many cases are made at once, only reading counts")
@pytest.mark.parametrize("at_once", [0, 10_000])
def test_every_case_behind_a_cell_stands_on_one_of_its_pages(made: Known, at_once: int) -> None:
    """Whether the cases are sorted, or met on a walk along their days."""
    places = [
        *((row, column) for row in LAW.formats.rows["2021"] for column in LAW.formats.columns),
        *((block, cell) for block in LAW.formats.blocks for cell in LAW.formats.cells),
    ]
    walked = 0
    with patch.object(cell_queries, "SORTED_AT_ONCE", at_once):
        for row, column in [*Random(at_once).sample(places, 60), ("total", "total")]:
            with work() as done:
                found = pages(made, row, column)
            walked += any("||" in said for said in done.said)
            numbers = [one.place.number for page in found for one in page.cases]
            assert sorted(numbers) == sorted(made.behind.get((row, column), []))
            assert {page.total for page in found} == {len(numbers)}
            assert all(len(page.cases) == PAGE for page in found[:-1])
            shown = [one.place for page in found for one in page.cases]
            assert shown == sorted(shown)
    assert (walked > 0) == (at_once == 0)


@pytest.mark.tampering(reason="rows without logs: many cases are made at once, only reading counts")
def test_the_page_before_is_the_one_that_was_seen(made: Known) -> None:
    first, second, third = pages(made, "new_received", "total")[:3]
    assert (first.before, second.before) == (False, True)
    again = made.cells.page(
        made.staff, "body", YEAR, "new_received", "total", beyond=third.cases[0].place, back=True
    )
    assert again == second
    start = made.cells.page(
        made.staff, "body", YEAR, "new_received", "total", beyond=second.cases[0].place, back=True
    )
    assert (start.cases, start.before, start.after) == (first.cases, False, True)


@pytest.mark.tampering(reason="rows without logs: many cases are made at once, only reading counts")
def test_numbers_are_told_in_the_order_in_which_they_came(made: Known) -> None:
    place = ("carried_out", "total")
    assert made.cells.numbers(made.staff, "body", YEAR, *place) == made.behind[place]


@pytest.mark.tampering(reason="rows without logs: many cases are made at once, only reading counts")
def test_what_a_case_asks_for_is_told_to_those_who_may_read_it(made: Known) -> None:
    page = made.cells.page(made.staff, "body", YEAR, "new_received", "total")
    assert all(one.title and one.state for one in page.cases)
    assert all(one.applicant.startswith("某人") for one in page.cases)
    other = Staff(2, "wang", "王某", {"county": frozenset({"supervisor"})})
    blind = made.cells.page(other, "body", YEAR, "new_received", "total")
    assert [one.place for one in blind.cases] == [one.place for one in page.cases]
    assert not any(one.title or one.applicant or one.state for one in blind.cases)


@pytest.mark.tampering(reason="rows without logs: many cases are made at once, only reading counts")
def test_a_page_of_a_cell_is_few_statements(made: Known) -> None:
    def statements(row: str, **given: Any) -> int:
        with work() as done:
            made.cells.page(made.staff, "body", YEAR, row, "total", **given)
        return done.statements

    assert statements("new_received") == statements("carried_in") <= 12


@pytest.mark.tampering(reason="rows without logs: many cases are made at once, only reading counts")
def test_the_figures_of_a_year_are_those_of_its_cases(made: Known) -> None:
    """Months and durations count every case by its days, of whichever cases they are alike."""
    with made.office.store.read() as unit:
        body = made.office.found_agency(unit, "body")
        one_by_one = kept_queries.cases_for_tables(unit, body.id, YEAR, ("voided",))
        calendar = made.office.rules(unit, body, date(YEAR, 12, 31)).calendar
    units = entries([case for case in one_by_one if not case.void], LAW.defaults())
    months, _, durations, _ = Reports(made.office).figures("body", YEAR)
    assert months == figures.per_month(units, YEAR)
    assert durations == figures.durations(units, YEAR, calendar.count, 20)
    assert months.largest() > 50 and durations.largest() > 50
