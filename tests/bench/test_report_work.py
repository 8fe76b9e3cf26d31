"""The report pages as counts of statements: at 3 and at 200 bodies, beside 100 and 2,000 cases.

Counts do not depend on the machine: they are asserted. A page may not send more statements because more
bodies or cases are there.
"""

from collections.abc import Callable

import pytest

from tests.bench.readers import ABOVE, COPIES, Page, Readers
from tests.bench.test_page_work import PAGES
from tests.counting import work

MOST = {
    "reports.index": 7,
    "reports.tables": 20,
    "reports.cell": 12,
    "reports.download": 16,
    "reports.plots": 17,
    "reports.register": 7,
    "reports.report": 42,
    "reports.download_report": 22,
    "reports.below": 20,
    "reports.below_of": 3,
    "reports.below_cell": 19,
    "reports.check_form": 4,
    "api.get_tables": 20,
    "api.get_cell": 13,
    "reports.index of a county": 7,
    "reports.tables of a county": 20,
    "reports.report of a county": 36,
}
"""Statements that a page may send, signing in and all."""
COUNTY = {
    "reports.index of a county": Page("/desk/reports/", ABOVE, 1),
    "reports.tables of a county": Page("/desk/reports/yanshan/{year}", ABOVE, 1),
    "reports.report of a county": Page("/desk/reports/yanshan/{year}/report", ABOVE, 1),
}
REPORTS = {name: {**PAGES, **COUNTY}[name] for name in MOST}


def statements(readers: Readers) -> dict[str, int]:
    """Of each page, asked for the second time: what is kept of the office is there."""
    found = {}
    for name, page in REPORTS.items():
        readers.open(page)
        with work() as done:
            assert readers.open(page).status_code < 400, name
        assert not done.folds, name
        found[name] = done.statements
    return found


@pytest.mark.long(
    reason="many bodies and cases are copied first; every page has its line in test_page_work.py"
)
@pytest.mark.tampering(reason=COPIES)
def test_a_report_page_sends_as_many_statements_beside_many_bodies_and_cases(
    readers: Readers,
    tell: Callable[[str], None],
) -> None:
    readers.widen(3, 100, 40)
    few = statements(readers)
    readers.widen(200, 2_000, 800, year=2022)
    many = statements(readers)
    for name, count in many.items():
        tell(f"{name:28} {few[name]:3} statements at 3 bodies, {count:3} at 200")
    assert {name: count for name, count in many.items() if count > few[name]} == {}
    assert {name: count for name, count in many.items() if count > MOST[name]} == {}
