"""The lists of the desk in every way in which they can be asked for: statements are counted, CPU time is held beside a
wide store. What each page takes by itself stands in test_page_work.py; how rows are found is asked in test_plans.py."""

from collections.abc import Callable

import pytest

from tests.bench.readers import ABOVE, CLERK, COPIES, Page, Readers
from tests.counting import work
from workflow.service.cases.search import Search

WORKLIST, ALL, LATE, SEARCH = 21, 10, 15, 14
"""So many statements, however it is asked for."""
FILTERS = (
    "state=processing", "state=served", "to=zhaoming", "to=-", "year=2023", "kind=record_correction", "soon=1", "late=1",
    "new=1", "received_from=2023-01-01&received_until=2024-12-31", "due_from=2024-01-01&due_until=2024-12-31",
    "answered_from=2023-01-01", "outcome=supplied", "year=2023&state=processing&late=1",
)  # fmt: skip
WORDS = {"common": "合同", "rare": "养护 验收单", "numbered": "2024-0001", "nothing": "找不到的字"}
LISTS: dict[str, Page] = {
    **{f"worklist, {view}": Page(f"/desk/?view={view}", CLERK, WORKLIST) for view in ("mine", "office", "all")},
    **{
        f"worklist, {view}, {said}": Page(f"/desk/?view={view}&{said}", CLERK, WORKLIST)
        for view in ("office", "all")
        for said in FILTERS
    },
    **{
        f"worklist, {view}, page {page}": Page(f"/desk/?view={view}&year=2022&page={page}", CLERK, WORKLIST)
        for view in ("office", "all")
        for page in (2, 100)
    },
    "worklist, calendar": Page("/desk/worklist/calendar?view=office", CLERK, 12),
    "all cases, page 100": Page("/desk/cases?page=100", CLERK, ALL),
    "all cases, by state": Page("/desk/cases?state=processing", CLERK, ALL),
    "all cases, by a word": Page("/desk/cases?q=合同", CLERK, ALL),
    **{f"search, {what}": Page(f"{{{what}}}", CLERK, SEARCH) for what in WORDS},
    **{
        f"supervision, {which}": Page(f"/desk/supervision/lists/{which}", ABOVE, LATE)
        for which in ("late", "due", "done_late", "returned")
    },
    "supervision, page 2": Page("/desk/supervision?page=2", ABOVE, 20),
    "supervision, a word": Page("/desk/supervision?q=镇", ABOVE, 20),
    "answers, page 2": Page("/answers?page=2", "visitor", 4),
    "answers of a body": Page("/b/{code}/answers", "visitor", 4),
    "directory, page 2": Page("/directory?page=2", "visitor", 2),
}  # fmt: skip


def named(readers: Readers) -> Readers:
    """With the addresses of what is looked for."""
    office = readers.wide.office
    person = office.staff(CLERK)
    assert person is not None
    search = Search(office)
    for what, typed in WORDS.items():
        readers.wide.names[what] = f"/desk/search?s={search.address_of(person, typed)}"
    return readers


@pytest.mark.long(reason="opens every list in every way, twice")
@pytest.mark.tampering(reason=COPIES)
def test_a_list_takes_its_statements_however_it_is_asked_for(readers: Readers) -> None:
    """The same beside a hundred cases and beside six thousand, of which the hundredth page is full."""
    named(readers)
    for cases, in_large, year in ((100, 60, 2023), (6_000, 5_500, 2022)):
        readers.widen(3, cases, in_large, year)
        over = {}
        for name, page in LISTS.items():
            readers.open(page)
            with work() as done:
                answer = readers.open(page)
            assert answer.status_code == 200, name
            if done.statements > page.most:
                over[name] = done.statements
        assert over == {}, cases


@pytest.mark.long(reason="asks every list of two stores; small here, large in `make bench`")
@pytest.mark.tampering(reason=COPIES)
def test_a_list_beside_a_hundred_thousand_cases(
    readers: Readers, full: bool, tell: Callable[[str], None]
) -> None:
    """Aim: at most 1.5 times what it costs beside a thousand cases. The body has as many of its own in both stores; what
    a page says of all of them is counted in an index (test_plans.py): with a hundred times as many open most
    took 1.5 to 2.4 times as long, the rest is named in docs/performance.md."""
    small, wide = ((3, 1_000, 330), (30, 100_000, 330)) if full else ((3, 20, 10), (5, 40, 10))
    named(readers).widen(*small)
    rounds = 5 if full else 1
    before = {name: readers.cpu(page, rounds) for name, page in LISTS.items()}
    readers.widen(*wide, year=2022)
    for name, page in LISTS.items():
        after = readers.cpu(page, rounds)
        tell(f"{name:60} {after / before[name]:5.2f} x   [{1e3 * after:.1f} ms]")
