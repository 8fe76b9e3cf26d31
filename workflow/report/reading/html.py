"""Web pages: tables with merged cells, also inside the tables that pages are laid out with."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from lxml import etree

from workflow.report.reading.numbers import raised
from workflow.report.reading.paper import Block, Grid, Unreadable, placed

_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNSEEN = frozenset(
    (
        "script", "style", "noscript", "template", "head", "select", "iframe", "svg", "del", "datalist",
    )
)  # fmt: skip
_INLINE = frozenset(
    (
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "input", "ins", "kbd", "label", "mark",
        "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    )
)  # fmt: skip
_HIDING = re.compile(r"display:none|visibility:hidden|visibility:collapse|mso-hide:all")
_RAISED = "vertical-align:super"
_TYPED = frozenset(("text", "number", "tel", "search", ""))
"""Kinds of fields that show what they hold."""
_FILE = re.compile(
    r"([^/?#=&'\"()\\]{1,200}\.(?:pdf|docx?|xlsx?|wps|et|ofd|odt|ods|rtf|zip|rar|7z|mht))(?=[?#&'\")]|$)",
    re.IGNORECASE,
)
"""The name of a file in an address: at its end, or where a script or the page of a reader is told of it."""
_LINKS = (
    ("a", "href"), ("iframe", "src"), ("embed", "src"), ("object", "data"), ("a", "onclick"),
)  # fmt: skip
DEEPEST = 200
BROKEN = "网页已经损坏，打不开"
LINKS_SHOWN, LINK_LONGEST = 3, 60


class Marks(NamedTuple):
    """What the attributes of elements say. hiding: of some, that they may not be seen; raising: that they may stand
    above the line."""

    hiding: bool
    raising: bool


def blocks_of_page(root: Any) -> Iterator[Block]:
    """Paragraphs and tables of a page, in the order of its source. Raises Unreadable."""
    yield from _walk(root, _marks_of(root))


def tree_of_page(text: str) -> Any:
    """The elements of a page. Raises Unreadable."""
    try:
        # Elements of lxml.html ask for their class one by one.
        root = etree.fromstring(_PROLOGUE.sub("", text), etree.HTMLParser(no_network=True))
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable(BROKEN) from error
    if root is None:
        raise Unreadable(BROKEN)
    return root


def day_told(root: Any) -> str:
    """What the head of a page says of its publication (PubDate, as the guide for websites of government has it)
    in the words that stand on pages; "" where it says nothing."""
    told = (
        one.get("content") or ""
        for one in root.iter("meta")
        if (one.get("name") or "").strip().lower() == "pubdate"
    )
    return next((f"发布日期:{day}" for day in told), "")


def attached(root: Any) -> list[str]:
    """The files to which a page leads, as they are named there with the names of the files."""
    found: dict[str, None] = {}
    for tag, attribute in _LINKS:
        for element in root.iter(tag):
            address = unquote((element.get(attribute) or "").strip())
            named = _FILE.search(address)
            if named is None:
                continue
            file = _plain(named[1])
            said = _plain("".join(element.itertext())) if tag == "a" else ""
            found[f"“{said}”（{file}）" if said and said != file else f"“{file}”"] = None
    return list(found)[:LINKS_SHOWN]


def _plain(text: str) -> str:
    one_line = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return one_line if len(one_line) <= LINK_LONGEST else one_line[: LINK_LONGEST - 1] + "…"


def _walk(root: Any, marks: Marks) -> Iterator[Block]:
    """marks: those of the page that its tables are asked for."""
    line: list[str] = []
    hiding = marks.hiding
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
            if ends_line and line:
                yield from _flushed(line)
            if tag in _UNSEEN or (hiding and _hidden(element)):
                walk.skip_subtree()
            elif tag == "table" and not _holds_table(element):
                yield _grid(element, marks)
                walk.skip_subtree()
            elif text := _typed(element) if tag == "input" else element.text:
                line.append(text)
        else:
            depth -= 1
            if ends_line and line:
                yield from _flushed(line)
            if tail := element.tail:
                line.append(tail)
    yield from _flushed(line)


def _flushed(line: list[str]) -> Iterator[str]:
    text = " ".join("".join(line).split())
    line.clear()
    if text:
        yield text


def _hidden(element: Any) -> bool:
    """Whether its own attributes keep it from being seen; what a style sheet does is not looked at."""
    style = element.get("style")
    if style and _HIDING.search("".join(style.lower().split())):
        return True
    return element.get("hidden") is not None


def _holds_table(table: Any) -> bool:
    return next((True for one in table.iter("table") if one is not table), False)


def _grid(table: Any, marks: Marks) -> Grid:
    """marks: those of the page, of which the table may have some."""
    own = _marks_of(table) if any(marks) else marks
    plain = not own.hiding and next(table.iter(*_PARTLY_SEEN), None) is None
    rows = [
        [cell for cell in _cells(row) if plain or not _hidden(cell)]
        for row in table.iter("tr")
        if plain or not (_hidden(row) or _hidden(row.getparent()))
    ]
    flat = plain and not own.raising and next(table.iter("sup"), None) is None
    in_one_line = flat and sum(1 for _ in table.iter("p", "div")) <= sum(map(len, rows))
    text = _line_text if in_one_line else _text
    return placed(
        [
            [
                (text(cell), _number(cell.get("colspan")), _number(cell.get("rowspan")))
                for cell in row
            ]
            for row in rows
        ]
    )


_CELLS = frozenset(("td", "th"))


def _cells(row: Any) -> Iterator[Any]:
    """The cells of a row, those that a form holds together too."""
    for piece in row:
        if piece.tag in _CELLS:
            yield piece
        elif piece.tag == "form":
            yield from _cells(piece)


_PARTLY_SEEN = (
    "input", "select", "del", "script", "style", "noscript", "template", "svg", "iframe", "datalist", "br",
    etree.Comment, etree.ProcessingInstruction,
)  # fmt: skip

_STYLES = etree.XPath("descendant-or-self::*/@style", smart_strings=False)
_HIDDEN = etree.XPath("boolean(descendant-or-self::*/@hidden)")


def _marks_of(root: Any) -> Marks:
    """What is asked of every element where any has it."""
    styles = "\n".join(set(_STYLES(root))).lower()
    hiding = "display" in styles or "visibility" in styles or "hid" in styles
    return Marks(hiding or _HIDDEN(root), "super" in styles)


def _line_text(cell: Any) -> str:
    """What a cell says of which every letter is seen, in one line."""
    text = _said(cell) if len(cell) else cell.text or ""
    return text if text.isalnum() else " ".join(text.split())


def _said(element: Any) -> str:
    return str(etree.tostring(element, encoding="unicode", method="text", with_tail=False))


def _text(cell: Any) -> str:
    if not len(cell):
        return " ".join((cell.text or "").split())
    found: list[str] = []
    _pieces(cell, found, 0)
    lines = (" ".join(line.split()) for line in "".join(found).splitlines())
    return "\n".join(line for line in lines if line)


def _pieces(element: Any, found: list[str], depth: int) -> None:
    """What is seen of an element within a cell."""
    if depth > DEEPEST:
        raise Unreadable("网页的结构太深，打不开")
    if element.text:
        found.append(element.text)
    for piece in element:
        tag = piece.tag
        if tag in ("br", "p", "div") and found:
            found.append("\n")
        if tag == "select":
            found.append(_chosen(piece))
        elif tag == "input":
            found.append(_typed(piece))
        elif tag == "sup" or _RAISED in "".join((piece.get("style") or "").lower().split()):
            above: list[str] = []
            if not _hidden(piece):
                _pieces(piece, above, depth + 1)
            found.extend(raised(one) for one in above)
        elif isinstance(tag, str) and tag not in _UNSEEN and not _hidden(piece):
            _pieces(piece, found, depth + 1)
        if piece.tail:
            found.append(piece.tail)


def _typed(field: Any) -> str:
    """What a field of a form holds."""
    shows = (field.get("type") or "").strip().lower() in _TYPED and not _hidden(field)
    return field.get("value") or "" if shows else ""


def _chosen(field: Any) -> str:
    options = list(field.iter("option"))
    chosen = [one for one in options if one.get("selected") is not None] or options[:1]
    return "".join(one.text or "" for one in chosen[-1:])


def _number(text: str | None) -> int:
    if text is None:
        return 1
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else 1
