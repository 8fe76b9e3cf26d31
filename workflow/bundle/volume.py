"""A volume: papers with their sheets, and the pages on which they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workflow.bundle.binding import Section
from workflow.bundle.sheets import Press, Sheets
from workflow.letters.in_file import Exhibit, Numbered

APART, LACKING = "另册", "待附"
"""In the column of the pages: bound apart and closed; nothing of it is in the file."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A paper of the whole. sheets: its documents, none where it is closed or lacking; page: where it stands, as the
    list says it."""

    number: int
    paper: Exhibit
    sheets: tuple[Sheets, ...]
    page: str

    def section(self, mark: str) -> Section:
        """It, as it is bound: 证据3, 第3件."""
        return Section(
            f"{mark}　{self.paper.title}", mark, tuple(one.content for one in self.sheets)
        )


def paged(press: Press, papers: Sequence[Numbered]) -> tuple[Piece, ...]:
    """The papers with the sheets of those that are open, and where each stands among the pages."""
    sheets = {
        one.paper.key: () if one.paper.sealed else press.sheets_of(one.paper) for one in papers
    }
    return _in_order(papers, sheets)


def closed(press: Press, papers: Sequence[Numbered]) -> tuple[Piece, ...]:
    """The papers that are closed, as a volume of their own."""
    those = [one for one in papers if one.paper.sealed]
    return _in_order(
        those, {one.paper.key: press.sheets_of(one.paper) for one in those}, apart=False
    )


def _in_order(
    papers: Sequence[Numbered], sheets: Mapping[str, tuple[Sheets, ...]], *, apart: bool = True
) -> tuple[Piece, ...]:
    where: dict[str, str] = {}
    named: dict[str, str] = {}
    last = 0
    for one in papers:
        count = sum(sheet.pages for sheet in sheets[one.paper.key])
        if count:
            where[one.paper.key] = named[one.paper.name] = span(last + 1, last + count)
            last += count
    return tuple(
        Piece(one.n, one.paper, sheets[one.paper.key],
              where.get(one.paper.key) or _elsewhere(one.paper, named, apart))
        for one in papers
    )  # fmt: skip


def span(first: int, last: int) -> str:
    """3, or 3-5."""
    return str(first) if first == last else f"{first}-{last}"


def named(pieces: Iterable[Piece], mark: str) -> list[str]:
    """How a person is told of them: mark is 证据{} or 第{}件."""
    return [f"{mark.format(one.number)}{one.paper.title}" for one in pieces]


def drafted(pieces: Iterable[Piece]) -> list[Piece]:
    """Those with pages that are no originals."""
    return [one for one in pieces if any(sheet.origin == "drafted" for sheet in one.sheets)]


def told(said: Iterable[tuple[str, list[str]]]) -> list[str]:
    """What is said, and of which papers; nothing of none."""
    return [f"{what}：{'、'.join(which)}" for what, which in said if which]


def _elsewhere(paper: Exhibit, named: Mapping[str, str], apart: bool) -> str:
    if paper.sealed and apart:
        return APART
    return named.get(paper.within, LACKING) if paper.within else LACKING


def in_groups(digest: str) -> str:
    """A hash in groups of eight, so that a line can break between them."""
    return " ".join(digest[n : n + 8] for n in range(0, len(digest), 8))
