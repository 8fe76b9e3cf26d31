"""Where papers stand in a volume: pages in a row, the closed ones apart, what is lacking told."""

from types import SimpleNamespace
from typing import Any

from workflow.bundle.volume import closed, drafted, in_groups, named, paged, span, told


def paper(key: str, *, sealed: bool = False, within: str = "") -> Any:
    return SimpleNamespace(key=key, name=key, title=f"{key}的题名", sealed=sealed, within=within)


class Press:
    """Gives each paper sheets of so many pages."""

    def __init__(self, **pages: tuple[int, ...]) -> None:
        self.pages = pages

    def sheets_of(self, one: Any) -> tuple[Any, ...]:
        made = self.pages.get(one.key, ())
        return tuple(SimpleNamespace(pages=n, origin=f"o{n}", content=b"%d" % n) for n in made)


PAPERS: list[Any] = [
    SimpleNamespace(n=number, paper=one)
    for number, one in (
        (1, paper("a")), (2, paper("b")), (4, paper("secret", sealed=True)), (5, paper("lost")),
        (6, paper("inner", within="b")), (7, paper("stray", within="lost")), (8, paper("c")),
    )
]  # fmt: skip
PRESS: Any = Press(a=(1,), b=(2, 3), secret=(4, 1), c=(2,))


def test_pages_follow_each_other_and_what_has_none_says_where_it_is() -> None:
    pieces = paged(PRESS, PAPERS)
    assert [one.page for one in pieces] == ["1", "2-6", "另册", "待附", "2-6", "待附", "7-8"]
    assert [one.number for one in pieces] == [1, 2, 4, 5, 6, 7, 8]
    assert [len(one.sheets) for one in pieces] == [1, 2, 0, 0, 0, 0, 1]


def test_closed_papers_are_a_volume_of_their_own_with_pages_of_its_own() -> None:
    (only,) = closed(PRESS, PAPERS)
    assert (only.number, only.page, len(only.sheets)) == (4, "1-5", 2)
    (empty,) = closed(Press(), PAPERS)  # type: ignore[arg-type]  # stands for the press
    assert empty.page == "待附", "it is apart already"


def test_a_paper_is_bound_and_named_by_its_mark() -> None:
    pieces = paged(PRESS, PAPERS)
    section = pieces[1].section("证据2")
    assert section.title == "证据2　b的题名" and section.mark == "证据2"
    assert section.documents == (b"2", b"3")
    assert named(pieces[:2], "第{}件") == ["第1件a的题名", "第2件b的题名"]
    assert told([("待附", ["甲", "乙"]), ("另册", [])]) == ["待附：甲、乙"]


def test_only_what_has_drafted_pages_is_no_original() -> None:
    pieces = paged(PRESS, PAPERS)
    pieces[0].sheets[0].origin = pieces[1].sheets[1].origin = "drafted"  # type: ignore[misc]
    assert [one.number for one in drafted(pieces)] == [1, 2]


def test_spans_and_hashes_are_written_short() -> None:
    assert (span(3, 3), span(3, 5)) == ("3", "3-5")
    assert in_groups("0123456789abcdef01") == "01234567 89abcdef 01"
