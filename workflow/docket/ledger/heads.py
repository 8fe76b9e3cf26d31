"""Which column of a sheet is which of ours: heads in one row or several, titles above, notes below."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from config.ledger import Ledger
from workflow.docket.ledger.book import SINCE_1900, Sheet, Value, letters_of

HEAD_ROWS, HEADS_WITHIN = 3, 30
"""Rows that a head takes at most, and how far down it begins."""
FEWEST_KNOWN = 2
"""Columns that must be recognised, or the rows are no head."""
ALIKE = 0.75
"""From this likeness on two heads are the same."""
_BRACKETS = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*(?:年|年度)?(?!\d)")
_TOTAL = re.compile(r"^(总计|合计|小计|共计|本页小计|累计|总数)")
_NOTE = re.compile(
    r"^(注|备注|说明|填表说明|填表人|制表人|制表|填报人|审核人|统计时间|填报单位|单位盖章)\s*[:：;；]?"
)

LONGEST_HEAD = 24
_FILLER = re.compile(r"(情况|信息|基本情况|内容|环节|意见|过程|有关情况|及)+$")
Texts = tuple[str, ...]
"""A head by its rows, the upper one first."""
Mapped = Mapping[int, str]
"""Column of the sheet (0 = A) → name of our column."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column. letters: of the column in the file."""

    column: int
    letters: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A sheet whose head was found. first: place of the first row below the head; mapping: what was
    recognised; year: of its title or name, None where they tell none or several."""

    sheet: Sheet
    heads: tuple[Head, ...]
    first: int
    mapping: Mapped
    year: int | None

    def key(self) -> str:
        """The same for two sheets with the same heads, for which one mapping holds."""
        return "\n".join(plain(head.text) for head in self.heads)


def plain(text: str) -> str:
    """A head without what differs from office to office: blanks, line breaks, signs, full-width forms."""
    return re.sub(r"[^\w/]|_", "", unicodedata.normalize("NFKC", text)).casefold()


def found_in(sheets: Sequence[Sheet], table: Ledger) -> list[Found]:
    """The sheets that are one ledger, by their heads: the sheet with most recognised columns (of several the
    longest), and every other one with the same heads (a sheet for each year). Empty where none has a head."""
    known = [one for sheet in sheets if (one := found(sheet, table)) is not None]
    best = max(known, key=lambda one: (len(one.mapping), len(one.sheet.rows)), default=None)
    return [one for one in known if best is not None and one.key() == best.key()]


def found(sheet: Sheet, table: Ledger) -> Found | None:
    """The head of a sheet and what its columns are; None where nothing looks like a head."""
    best: tuple[tuple[int, int, int], int, list[Texts]] | None = None
    for top in range(min(HEADS_WITHIN, len(sheet.rows))):
        for depth in range(_least(sheet, top), HEAD_ROWS + 1):
            if top + depth > len(sheet.rows):
                break
            if depth > 1 and not _belongs(sheet, top, depth):
                break
            texts = _texts(sheet, top, depth)
            score = (len(recognised(texts, table)), -depth, -top)
            if score[0] >= FEWEST_KNOWN and (best is None or score > best[0]):
                best = score, top + depth, texts
    if best is None:
        return None
    _, first, texts = best
    mapping = recognised(texts, table)
    heads = tuple(
        Head(column, letters_of(column), " ".join(parts))
        for column, parts in enumerate(texts)
        if parts or any(row[column] is not None for row in sheet.rows[first : first + 200])
    )
    return Found(sheet, heads, first, mapping, _year(sheet, first))


def _least(sheet: Sheet, top: int) -> int:
    """Rows that a head takes at least which begins here: a cell merged down belongs to all of them."""
    spans = [last - first + 1 for first, _, last, _ in sheet.merged if first == top]
    return min(max(spans, default=1), HEAD_ROWS)


def _texts(sheet: Sheet, top: int, depth: int) -> list[Texts]:
    """The head of each column: what stands in its rows, a merged or group cell over all that it spans."""
    width = len(sheet.rows[top])
    grid = [
        ["" if value is None else _said(value) for value in sheet.rows[row]]
        for row in range(top, top + depth)
    ]
    for first, left, last, right in sheet.merged:
        if first < top or first >= top + depth:
            continue
        for row in range(first, min(last, top + depth - 1) + 1):
            for column in range(left, right + 1):
                grid[row - top][column] = grid[first - top][left]
    for row in range(depth - 1):
        _spread(grid, row, width)
    return [_parts([line[column] for line in grid]) for column in range(width)]


def _spread(grid: list[list[str]], row: int, width: int) -> None:
    """A group's head over the columns to its right that have a head of their own only below (as in CSV)."""
    for column in range(1, width):
        below, before = grid[row + 1], grid[row]
        same_group = below[column] and below[column - 1] and before[column - 1]
        if not before[column] and same_group and below[column - 1] != before[column - 1]:
            before[column] = before[column - 1]


def _parts(texts: Sequence[str]) -> Texts:
    told = [text for text in texts if text]
    return tuple(text for place, text in enumerate(told) if place == 0 or text != told[place - 1])


def _said(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return re.sub(r"\s+", "", str(value))


def _belongs(sheet: Sheet, top: int, depth: int) -> bool:
    """Whether the last of the rows still is head: no numbers and no days, mostly short texts."""
    values = [value for value in sheet.rows[top + depth - 1] if value is not None]
    return bool(values) and all(
        isinstance(value, str) and len(value.strip()) <= 30 for value in values
    )


def recognised(texts: Sequence[Texts], table: Ledger) -> dict[int, str]:
    """Column → our column, each of ours once: the same words first, then the most alike."""
    exact, alike = _known(table)
    given: dict[int, str] = {}
    scores: list[tuple[float, int, str]] = []
    for column, parts in enumerate(texts):
        for score, name in _candidates(parts, table, exact, alike):
            scores.append((score, -column, name))
    for _, column, name in sorted(scores, reverse=True):
        if -column not in given and name not in given.values():
            given[-column] = name
    return dict(sorted(given.items()))


def _candidates(
    parts: Texts, table: Ledger, exact: Mapping[str, str], alike: Sequence[tuple[str, str]]
) -> list[tuple[float, str]]:
    """What a head may be, with how sure that is: the whole of it; of a head below a group the group without its
    last words (补正情况 / 发出 → 补正发出), or the lower head alone."""
    ways = list(_ways(parts))
    for place, way in enumerate(ways):
        for score, text in ((4.0, plain(way)), (3.0, plain(_without_brackets(way)))):
            if text in exact:
                own = text == plain(table.columns[exact[text]].head)
                return [(score - place / 10 + own / 20, exact[text])]
    found: dict[str, float] = {}
    for way in ways:
        text = plain(_without_brackets(way)) or plain(way)
        for other, name in alike if 1 < len(text) <= LONGEST_HEAD else ():
            score = likeness(text, other)
            if score >= ALIKE:
                found[name] = max(score, found.get(name, 0.0))
    return [(score, name) for name, score in found.items()]


def _ways(parts: Texts) -> Iterator[str]:
    yield "".join(parts)
    if len(parts) > 1:
        yield "".join((*(_FILLER.sub("", plain(part)) for part in parts[:-1]), parts[-1]))
        yield parts[-1]


def _without_brackets(text: str) -> str:
    return _BRACKETS.sub("", unicodedata.normalize("NFKC", text))


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1: pairs of neighbouring characters that both have (Dice)."""
    if one == other:
        return 1.0
    mine, theirs = _pairs(one), _pairs(other)
    if not mine or not theirs:
        return 0.0
    left = list(theirs)
    shared = 0
    for pair in mine:
        if pair in left:
            left.remove(pair)
            shared += 1
    return 2 * shared / (len(mine) + len(theirs))


@lru_cache(maxsize=4096)
def _pairs(text: str) -> tuple[str, ...]:
    return tuple(text[place : place + 2] for place in range(len(text) - 1))


@cache
def _words(
    heads: tuple[tuple[str, str], ...],
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    exact: dict[str, str] = {}
    for head, name in heads:
        exact.setdefault(plain(head), name)
    return exact, tuple(exact.items())


def _known(table: Ledger) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    own = [(column.head, column.name) for column in table.columns.values()]
    others = [(head, column.name) for column in table.columns.values() for head in column.also]
    return _words((*own, *others))


# -- the year, and the rows below ---------------------------------------------------------------------


def _year(sheet: Sheet, first: int) -> int | None:
    """The one year that title and name of the sheet tell."""
    told = [sheet.name]
    for row in sheet.rows[: max(0, first - 1)]:
        texts = {value for value in row if isinstance(value, str)}
        if len(texts) <= 3:
            told += sorted(texts)
    years = {
        int(year) for text in told for year in _YEAR.findall(unicodedata.normalize("NFKC", text))
    }
    return years.pop() if len(years) == 1 else None


@dataclass(frozen=True, slots=True)
class Line:
    """A row below the head: its sheet and its number in the file, the values of our columns, and what stands in columns
    that are none of ours. year: of the sheet; days_from: what a bare number that is a day is counted from."""

    number: int
    values: Mapping[str, Value]
    unused: Mapping[str, Value]
    sheet: str = ""
    year: int | None = None
    days_from: date = SINCE_1900


def lines_of(found: Found, mapping: Mapped) -> list[Line]:
    """The rows that are requests: without empty ones, repeated heads, totals and notes. A cell merged down
    over several rows holds for each of them."""
    rows = [list(row) for row in found.sheet.rows]
    for first, left, last, right in found.sheet.merged:
        if first < found.first or left != right:
            continue
        for below in range(first + 1, last + 1):
            rows[below][left] = rows[first][left]
    heads = {head.column: head.text for head in found.heads}
    lines = []
    for place in range(found.first, len(rows)):
        row = rows[place]
        own = found.sheet.rows[place]
        if _is_no_request(row, own, heads, mapping):
            continue
        lines.append(
            Line(
                found.sheet.numbers[place],
                {name: row[column] for column, name in mapping.items() if column < len(row)},
                {
                    text: own[column]
                    for column, text in heads.items()
                    if column not in mapping and text and own[column] is not None
                },
                found.sheet.name,
                found.year,
                found.sheet.days_from,
            )
        )
    return lines


def _is_no_request(
    row: Sequence[Value], own: Sequence[Value], heads: Mapping[int, str], mapping: Mapped
) -> bool:
    told = {column: value for column, value in enumerate(own) if value is not None}
    if not told:
        return True
    texts = [str(value).strip() for value in told.values() if isinstance(value, str)]
    first = texts[0] if texts else ""
    if _TOTAL.match(first) or (_NOTE.match(first) and len(told) <= 2):
        return True
    mapped = {mapping[column] for column in told if column in mapping}
    if mapped <= {"place"} or (len(told) == 1 and not mapped & {"number", "request"}):
        return True  # numbered ahead, or a line of words across the sheet
    same = sum(plain(str(value)) == plain(heads.get(column, "")) for column, value in told.items())
    return same >= max(2, len(told) // 2)
