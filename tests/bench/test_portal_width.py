"""The first pages of the portal beside few bodies and cases and beside many: the same statements, and no more
bytes than a page of fifty bodies has. Law 13 of the house, for who comes without a number and a code."""

import re

import pytest

from tests.bench.readers import COPIES, Page, Readers
from tests.counting import work

PAGES = {
    "start": "/",
    "guide": "/guide",
    "query": "/query",
    "directory": "/directory",
    "directory, sought": "/directory?q=乡",
    "reports": "/annual-reports",
    "start of a body": "/b/{code}",
    "guide of a body": "/b/{code}/guide",
}
ROOM = 600
"""Bytes by which a page may grow with the store: numbers, the way to the next page."""
LISTS = ("start", "directory", "directory, sought", "reports")
"""They name bodies: twelve at most, or fifty a page."""


def asked(readers: Readers) -> dict[str, tuple[int, int]]:
    """Statements and bytes of each page, asked for the second time."""
    found = {}
    for name, path in PAGES.items():
        page = Page(path, "visitor", 9)
        readers.open(page)
        with work() as done:
            answer = readers.open(page)
        assert answer.status_code == 200, name
        told = re.sub(rb'name="csrf_token" value="[^"]*"', b"", answer.data)
        found[name] = (done.statements, len(told))
    return found


@pytest.mark.tampering(reason=COPIES)
@pytest.mark.long(
    reason="makes a store wide twice; in `make bench` a hundred thousand cases of 2,000 bodies"
)
def test_the_first_pages_cost_the_same_beside_many_bodies_and_cases(
    readers: Readers, full: bool
) -> None:
    few, many = ((60, 1_000), (2_000, 100_000)) if full else ((60, 100), (200, 400))
    readers.widen(3, 50, 17)
    least = asked(readers)
    readers.widen(*few, few[1] // 3, 2022)
    before = asked(readers)
    readers.widen(*many, many[1] // 3, 2021)
    after = asked(readers)
    assert {name: one[0] for name, one in after.items()} == {
        name: one[0] for name, one in least.items()
    }
    grown = {name: after[name][1] - before[name][1] for name in PAGES}
    assert {name: more for name, more in grown.items() if more > ROOM} == {}
    own = {name: after[name][1] - least[name][1] for name in PAGES if name not in LISTS}
    assert {name: more for name, more in own.items() if more > ROOM} == {}
