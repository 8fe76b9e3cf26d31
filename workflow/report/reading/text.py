"""Plain text: lines, and tables printed with strokes (|), tabs or wide gaps between their cells."""

import re
from collections.abc import Iterator

from workflow.report.reading.labels import CONTENT
from workflow.report.reading.paper import TEXT_MOST, Block, Grid, TooLong, Unreadable, placed

_VALUE = r"(?:\d[\d,.]*|[/—-])"
_GAPS = re.compile(r" {2,}|\u3000+")
_LABEL_AND_NUMBERS = re.compile(rf"^(\S.*?)\s+((?:{_VALUE}\s+)+{_VALUE})$")
_NUMBERS = re.compile(rf"^(?:{_VALUE}\s+){{4,}}{_VALUE}$")
_VALUE_ALONE = re.compile(_VALUE)
_LABEL_LONGEST = 40
_STROKES = str.maketrans(dict.fromkeys("｜│┃║┆┊╎¦", "|"))
_RULE = re.compile(r":?-{3,}:?")
_DRAWN = re.compile(
    r"(?=.*[+|\u2500-\u257f｜-])[\s+|=_:\u2500-\u257f｜-]{3,}|[|\u2502\u2503\u2551｜]"
)
"""Strokes on a line of their own: the rule between two rows, or between two cells that stand on lines."""
_ONE_CELL = re.compile(r"^\s*(?:[|\u2502｜]\s*([^|\u2502｜]+)|([^|\u2502｜]+)[|\u2502｜])\s*$")
"""A cell that stands alone on its line, with a stroke on one side."""
_LINE_LONGEST = 1000
"""Characters; a longer line is no row of numbers, nor a rule."""
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WESTERN = ("iso-8859-1", "latin1", "latin-1", "windows-1252", "us-ascii", "ascii")
"""Letters that no report is written in; programs declare them all the same."""
_SNIFFED = 4096
_USUAL = re.compile("[\t\n\r -~\u2010-\u203b\u2500-\u257f\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)


def decoded(data: bytes, declared: str = "") -> str:
    """The text of a file: by its mark, by what it declares, as UTF-8, else as GB18030.

    Raises Unreadable for bytes that are no text.
    """
    tried = [encoding for mark, encoding in _BOMS if data.startswith(mark)] or _unmarked(data)
    if declared and declared.lower() not in _WESTERN:
        tried.append("gb18030" if declared.lower() in ("gbk", "gb2312", "x-gbk") else declared)
    for encoding in (*tried, "utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        if "\0" in text:
            break
        if len(text) > TEXT_MOST:
            raise TooLong
        return text
    raise Unreadable("不是年度报告的文件")


def text_of_page(data: bytes, charset: str = "") -> str:
    """The source of a page by what it declares, else by what was said about it. Raises Unreadable."""
    declared = _DECLARED.search(data[:_SNIFFED])
    return decoded(data, declared[1].decode("ascii") if declared else charset)


def _unmarked(data: bytes) -> list[str]:
    """UTF-16 without its mark: bytes with zeros among them that say something in it."""
    sample = data[: _SNIFFED // 2 * 2]
    if b"\0" not in sample:
        return []
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, "replace")
        if len(_USUAL.findall(text)) > 0.9 * len(text):
            return [encoding]
    return []


def blocks_of_text(text: str) -> Iterator[Block]:
    """Paragraphs and tables of a plain text, in order."""
    rows: list[list[str]] = []
    for line in text.splitlines():
        if len(line) <= _LINE_LONGEST:
            line = line.rstrip()
            if _DRAWN.fullmatch(line.strip()):
                continue
            line = _ONE_CELL.sub(r"\1\2", line)
        cells = _cells(line)
        if cells is None:
            if rows:
                yield _grid(rows)
                rows = []
            yield line
        elif not all(_RULE.fullmatch(cell) for cell in cells if cell):
            rows.append(cells)
    if rows:
        yield _grid(rows)


def _grid(rows: list[list[str]]) -> Grid:
    return placed([[(cell, 1, 1) for cell in cells] for cells in rows])


def _row_of_two(label: str, value: str) -> bool:
    """An item of table 二 with its only number, or the heads above them."""
    if not _VALUE_ALONE.fullmatch(value):
        return label == CONTENT
    return len(label) <= _LABEL_LONGEST and "。" not in label


def _cells(line: str) -> list[str] | None:
    """The cells of a line of a table; None for a line of prose."""
    line = line.translate(_STROKES)
    if "|" in line:
        inner = line.strip()
        if inner.startswith("|") and inner.endswith("|") and len(inner) > 1:
            inner = inner[1:-1]
        return [cell.strip() for cell in inner.split("|")]
    if "\t" in line.strip():
        return [cell.strip() for cell in line.split("\t")]
    plain = line.strip()
    parts = [part for part in _GAPS.split(plain) if part]
    if len(parts) >= 3 or (len(parts) == 2 and _row_of_two(*parts)):
        return parts
    if len(plain) <= _LINE_LONGEST and _NUMBERS.match(plain):
        return plain.split()
    found = _LABEL_AND_NUMBERS.match(plain) if len(plain) < 200 else None
    return [found[1], *found[2].split()] if found else None
