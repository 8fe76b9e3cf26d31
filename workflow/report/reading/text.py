"""Plain text: lines, and tables printed with strokes (|), tabs or wide gaps between their cells."""

import re
from collections.abc import Iterator

from workflow.report.reading.paper import TEXT_MOST, Block, Grid, Unreadable, placed

_VALUE = r"(?:\d[\d,.]*|[/—-])"
_GAPS = re.compile(r" {2,}|\u3000+")
_LABEL_AND_NUMBERS = re.compile(rf"^(\S.*?)\s+((?:{_VALUE}\s+)+{_VALUE})$")
_NUMBERS = re.compile(rf"^(?:{_VALUE}\s+){{4,}}{_VALUE}$")
_RULE = re.compile(r":?-{3,}:?")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(data: bytes, declared: str = "") -> str:
    """The text of a file: by its mark, by what it declares, as UTF-8, else as GB18030.

    Raises Unreadable for bytes that are no text.
    """
    tried = [encoding for mark, encoding in _BOMS if data.startswith(mark)]
    if declared:
        tried.append("gb18030" if declared.lower() in ("gbk", "gb2312", "x-gbk") else declared)
    for encoding in (*tried, "utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        if "\0" in text:
            break
        if len(text) > TEXT_MOST:
            raise Unreadable("文字太多，不像年度报告")
        return text
    raise Unreadable("不是年度报告的文件：只读 JSON、XLSX、DOCX、HTML 和纯文本")


def blocks_of_text(text: str) -> Iterator[Block]:
    """Paragraphs and tables of a plain text, in order."""
    rows: list[list[str]] = []
    for line in text.splitlines():
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


def _cells(line: str) -> list[str] | None:
    """The cells of a line of a table; None for a line of prose."""
    line = line.replace("｜", "|").replace("│", "|")
    if "|" in line:
        inner = line.strip()
        if inner.startswith("|") and inner.endswith("|") and len(inner) > 1:
            inner = inner[1:-1]
        return [cell.strip() for cell in inner.split("|")]
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    plain = line.strip()
    parts = [part for part in _GAPS.split(plain) if part]
    if len(parts) >= 3:
        return parts
    if _NUMBERS.match(plain):
        return plain.split()
    found = _LABEL_AND_NUMBERS.match(plain) if len(plain) < 200 else None
    return [found[1], *found[2].split()] if found else None
