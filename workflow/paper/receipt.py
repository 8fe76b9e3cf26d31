"""The receipt of an application as a paper: number, query code and due day, to be kept. One page for each application."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from workflow.paper.pdf import ask_for_glyphs, set_in_type

TEMPLATE = Path(__file__).with_name("receipt.typ")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What stands on one page. rows: a label and what is said; steps: what happens next; picture: SVG that leads to the page
    of queries with the number and never the code; where: the address in letters."""

    body: str
    number: str
    code: str
    rows: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    picture: str
    where: str


def receipts_pdf(receipts: Sequence[Receipt], on: date) -> bytes:
    """The receipts as one PDF; the same receipts give the same bytes. Raises BadInput for a character that no shipped font
    can print."""
    ask_for_glyphs(
        (one.number, "".join((one.body, *(text for row in one.rows for text in row), *one.steps)))
        for one in receipts
    )
    return set_in_type(TEMPLATE, "receipts", [asdict(one) for one in receipts], on)
