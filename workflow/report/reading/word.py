"""Word: paragraphs and tables of a document, what is seen of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from workflow.report.reading.numbers import raised
from workflow.report.reading.paper import CELLS_MOST, Block, Cell, Grid, Unreadable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def blocks_of_document(root: Any, hiding: frozenset[str]) -> Iterator[Block]:
    """Paragraphs and tables of word/document.xml. hiding: the styles whose text is hidden. Raises Unreadable."""
    tags = (f"{W}p", f"{W}tbl", *_AWAY)
    plain = not hiding and next(root.iter(*_PARTLY_SEEN), None) is None
    walk = etree.iterwalk(root, events=("start",), tag=tags)
    for _, element in walk:
        if element.tag in _AWAY:
            walk.skip_subtree()
        elif element.tag == f"{W}p":
            yield _paragraph(element, hiding)
        elif next((one for one in element.iterdescendants(f"{W}tbl")), None) is None:
            yield _plain_table(element) if plain else _table(element, hiding)
            walk.skip_subtree()


_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_AWAY = (
    f"{W}moveFrom", f"{W}del", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)  # fmt: skip
"""What was moved away or deleted, and the second writing of a drawing for older programs."""
_APART = frozenset((f"{W}rt", f"{W}txbxContent", f"{W}pPr", f"{W}rPr", *_AWAY))
"""What stands within a paragraph and not in its line: readings above its words (ruby), boxes."""
_PARTLY_SEEN = (
    f"{W}vanish",
    f"{W}vertAlign",
    f"{W}noBreakHyphen",
    f"{W}rt",
    f"{W}txbxContent",
    f"{W}tcPrChange",
    f"{W}trPrChange",
    *_AWAY,
)
"""Elements of a file that has letters which are not seen, or not in their line, or cells and rows with what they were
before a change."""


def hiding_styles(root: Any) -> frozenset[str]:
    """The styles of word/styles.xml whose text is hidden, by themselves or by the one on which they are based."""
    styles = list(root.iter(f"{W}style"))
    hiding = {
        _said(one, "styleId") for one in styles if _vanishes(one.find(f"{W}rPr"), frozenset())
    }
    for _ in range(_STYLES_DEEP):
        hiding |= {
            _said(one, "styleId") for one in styles if _said(one.find(f"{W}basedOn"), "val") in hiding
        }  # fmt: skip
    return frozenset(hiding - {""})


_STYLES_DEEP = 4


def _said(element: Any, name: str) -> str:
    return "" if element is None else str(element.get(f"{W}{name}", ""))


def _vanishes(properties: Any, hiding: frozenset[str]) -> bool:
    """Whether a run with these properties is hidden; its own word is above its style's."""
    if properties is None:
        return False
    own = properties.find(f"{W}vanish")
    if own is not None:
        return own.get(f"{W}val", "true") not in ("0", "false", "off")
    return bool(hiding) and _said(properties.find(f"{W}rStyle"), "val") in hiding


def _paragraph(element: Any, hiding: frozenset[str]) -> str:
    """What is seen of it now: without the readings above its words and what was moved away or hidden."""
    properties = element.find(f"{W}pPr") if hiding else None
    if properties is not None and _said(properties.find(f"{W}pStyle"), "val") in hiding:
        return ""
    found: list[str] = []
    _runs(element, hiding, found)
    return "".join(found)


def _runs(element: Any, hiding: frozenset[str], found: list[str]) -> None:
    for piece in element:
        tag = piece.tag
        if tag == _T:
            found.append(piece.text or "")
        elif tag == _RUN:
            if not _vanishes(piece.find(_RPR), hiding):
                run: list[str] = []
                _runs(piece, hiding, run)
                found.extend(raised(one) for one in run) if _above(piece) else found.extend(run)
        elif tag in _SIGNS and element.tag == _RUN:
            found.append(_SIGNS[tag])
        elif tag not in _APART and len(piece):
            _runs(piece, hiding, found)


def _above(run: Any) -> bool:
    """Whether a run stands above the line, as marks of notes do."""
    return _said(run.find(_ALIGN), "val") == "superscript"


_P, _T, _TC, _TR, _TCPR, _TRPR = (f"{W}{name}" for name in ("p", "t", "tc", "tr", "tcPr", "trPr"))
_RUN, _RPR, _ALIGN = f"{W}r", f"{W}rPr", f"{W}rPr/{W}vertAlign"
_SPAN, _MERGE, _VAL = f"{W}gridSpan", f"{W}vMerge", f"{W}val"
_HIDDEN, _BEFORE = f"{W}hidden", f"{W}gridBefore"
_ROWS_AWAY = (f"{W}del", _HIDDEN)


@dataclass(slots=True)
class _Read:
    """A cell as it stands in its row: its lines, over how many columns it goes, its word for merging (restart,
    continue or none)."""

    lines: list[str]
    span: int = 1
    merge: str = ""


@dataclass(slots=True)
class _Row:
    """A row as it stands. before: columns that are free before its first cell."""

    before: int = 0
    cells: list[_Read] = field(default_factory=list)
    hidden: bool = False


def _plain_table(table: Any) -> Grid:
    """A table of a file of which every letter is seen: one look at each element is enough."""
    rows: list[_Row] = []
    row, cell, count = _Row(), _Read([]), 0
    for element in table.iter(_TR, _TC, _P, _T, _SPAN, _MERGE, _HIDDEN, _BEFORE):
        tag = element.tag
        if tag == _T:
            cell.lines[-1:] = [(cell.lines[-1] if cell.lines else "") + (element.text or "")]
        elif tag == _P:
            cell.lines.append("")
        elif tag == _TC:
            count = _few(count + 1)
            cell = _Read([])
            row.cells.append(cell)
        elif tag == _SPAN:
            cell.span = max(1, _value(element))
        elif tag == _MERGE:
            cell.merge = _merging(element)
        elif tag == _TR:
            row = _Row()
            rows.append(row)
        elif tag == _BEFORE:
            row.before = _value(element)
        else:
            row.hidden = True
    return _merged_down(rows)


def _table(table: Any, hiding: frozenset[str]) -> Grid:
    rows: list[_Row] = []
    count = 0
    for element in table.iter(_TR):
        of_row = element.find(_TRPR)
        if of_row is not None and any(of_row.find(name) is not None for name in _ROWS_AWAY):
            continue
        row = _Row(0 if of_row is None else _value(of_row.find(_BEFORE)))
        rows.append(row)
        for cell in element.iter(_TC):
            count = _few(count + 1)
            lines = [_paragraph(one, hiding) for one in cell.iter(_P)]
            row.cells.append(_Read(lines, *_spans(cell)))
    return _merged_down(rows)


def _few(count: int) -> int:
    if count > CELLS_MOST:
        raise Unreadable("表格太大，不像年度报告")
    return count


def _merged_down(rows: list[_Row]) -> Grid:
    """Vertical merges are marked cell by cell in Word; a cell that goes on is not there again."""
    placed_rows: list[list[_Placed]] = []
    open_cells: dict[int, _Placed] = {}
    count = 0
    for row in rows:
        if row.hidden:
            continue
        column, begun = row.before, list[_Placed]()
        for cell in row.cells:
            if cell.merge == "continue" and column in open_cells:
                open_cells[column].rows += 1
            else:
                made = _Placed("\n".join(cell.lines).strip(), column, cell.span)
                begun.append(made)
                open_cells.pop(column, None)
                if cell.merge:
                    open_cells[column] = made
            column += cell.span
            count = _few(count + cell.span)
        placed_rows.append(begun)
    return Grid(
        tuple(
            tuple(Cell(one.text, one.column, one.columns, one.rows) for one in row)
            for row in placed_rows
        )
    )


@dataclass(slots=True)
class _Placed:
    text: str
    column: int
    columns: int
    rows: int = 1


def _spans(cell: Any) -> tuple[int, str]:
    """Over how many columns a cell goes, and its word for merging: restart, continue or none."""
    span, merge = 1, ""
    properties = cell.find(_TCPR)
    if properties is not None:
        for one in properties:
            if one.tag == _SPAN:
                span = max(1, _value(one))
            elif one.tag == _MERGE:
                merge = _merging(one)
    return span, merge


def _merging(element: Any) -> str:
    return "restart" if element.get(_VAL) == "restart" else "continue"


def _value(element: Any) -> int:
    text = "" if element is None else element.get(f"{W}val", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0
