"""Web pages: tables with merged cells, also inside the tables that pages are laid out with."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from workflow.report.reading.paper import Block, Grid, Unreadable, placed
from workflow.report.reading.text import decoded

_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNSEEN = frozenset(("script", "style", "noscript", "template", "head", "select", "iframe", "svg"))
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
DEEPEST = 200


def blocks_of_html(data: bytes) -> Iterator[Block]:
    """Paragraphs and tables of a page, in the order of its source. Raises Unreadable."""
    declared = _DECLARED.search(data[:4096])
    text = _PROLOGUE.sub("", decoded(data, declared[1].decode("ascii") if declared else ""))
    try:
        root = lxml_html.document_fromstring(text, parser=lxml_html.HTMLParser(no_network=True))
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable("网页已经损坏，打不开") from error
    yield from _walk(root)


def _walk(root: Any) -> Iterator[Block]:
    line: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    depth = 0
    for event, element in walk:
        if event in ("comment", "pi"):
            line.append(element.tail or "")
            continue
        tag = element.tag
        ends_line = tag not in _INLINE
        if event == "start":
            depth += 1
            if depth > DEEPEST:
                raise Unreadable("网页的结构太深，打不开")
            if ends_line:
                yield from _flushed(line)
            if tag in _UNSEEN or _hidden(element):
                walk.skip_subtree()
            elif tag == "table" and not _holds_table(element):
                yield _grid(element)
                walk.skip_subtree()
            else:
                line.append(element.text or "")
        else:
            depth -= 1
            if ends_line:
                yield from _flushed(line)
            line.append(element.tail or "")
    yield from _flushed(line)


def _flushed(line: list[str]) -> Iterator[str]:
    text = " ".join("".join(line).split())
    line.clear()
    if text:
        yield text


def _hidden(element: Any) -> bool:
    return "display:none" in "".join((element.get("style") or "").lower().split())


def _holds_table(table: Any) -> bool:
    return next((True for one in table.iter("table") if one is not table), False)


def _grid(table: Any) -> Grid:
    return placed(
        [
            [
                (_text(cell), _number(cell.get("colspan")), _number(cell.get("rowspan")))
                for cell in row
                if cell.tag in ("td", "th")
            ]
            for row in table.iter("tr")
        ]
    )


def _text(cell: Any) -> str:
    found: list[str] = []
    for piece in cell.iter():
        if piece.tag in ("br", "p", "div") and found:
            found.append("\n")
        if isinstance(piece.tag, str) and piece.tag not in _UNSEEN and piece.text:
            found.append(piece.text)
        if piece is not cell and piece.tail:
            found.append(piece.tail)
    lines = (" ".join(line.split()) for line in "".join(found).splitlines())
    return "\n".join(line for line in lines if line)


def _number(text: str | None) -> int:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else 1
