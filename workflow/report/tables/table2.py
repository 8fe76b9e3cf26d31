"""Table 二: from the entries of the year's register to its cells, and the entries behind each.

law.md §5.2: all decisions of the year count, published or lawfully not; 现行有效 = 上年 + 制发 − 废止;
charges are in 万元 from the 2021 format on, with two decimals, half up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from config.law import TableFormats
from workflow.report.annual import AnnualReport, Number

SOURCES = {
    "made": "made",
    "repealed": "repealed",
    "opened": "opened",
    "decisions": "decisions",
    "change": "changed",
    "projects": "purchased",
}
"""Field of table 二 → the kind of entries that it counts."""
CARRIED = {
    "in_force": ("in_force", ("made",), ("repealed",)),
    "open_total": ("open_total", ("opened",), ()),
}
"""Field → what it carries over from last year, what adds to it and what takes from it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the register that still stands. number in 件, amount_yuan for charges and purchases.

    id: of the entry, or the number of the case whose paid 信息处理费 it is (fees are 行政事业性收费).
    """

    id: int | str
    item: str
    kind: str
    on: date
    title: str
    number: int = 1
    amount_yuan: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Table2:
    """The cells (item → field → number) and the ids of the entries behind each."""

    cells: dict[str, dict[str, Number]]
    behind: dict[tuple[str, str], list[int | str]]


def table2(
    entries: Iterable[Entry], fmt: str, formats: TableFormats, before: AnnualReport | None = None
) -> Table2:
    """Table 二 of a year. before: last year's report, from which numbers are carried over; without it
    an entry of kind `before` gives the number at the beginning of the year."""
    listed = list(entries)
    cells: dict[str, dict[str, Number]] = {}
    behind: dict[tuple[str, str], list[int | str]] = {}
    for block in formats.table2[fmt]:
        for item in block.items:
            own = [entry for entry in listed if entry.item == item]
            cells[item] = {}
            for field in block.fields:
                value, used = _cell(field, item, own, before)
                cells[item][field] = value
                behind[(item, field)] = [entry.id for entry in used]
    return Table2(cells, behind)


def _cell(
    field: str, item: str, own: list[Entry], before: AnnualReport | None
) -> tuple[Number, list[Entry]]:
    if field in ("amount", "amount_10k"):
        used = _of(own, "purchased" if field == "amount" else "charged")
        yuan = sum((entry.amount_yuan or Decimal(0) for entry in used), Decimal(0))
        return (yuan if field == "amount" else in_ten_thousands(yuan)), used
    if field == "items_before":
        return _items_before(item, own, before)
    if field in CARRIED:
        last, adds, takes = CARRIED[field]
        start, used = _start(last, item, own, before)
        more, less = _of(own, *adds), _of(own, *takes)
        total = start + sum(e.number for e in more) - sum(e.number for e in less)
        return total, [*used, *more, *less]
    used = _of(own, SOURCES[field])
    return sum(entry.number for entry in used), used


def carried_over(field: str, value: Number, used: Iterable[Entry]) -> int:
    """How much of a number was there at the beginning of the year and stands in no entry of it."""
    if field == "items_before":
        return int(value or 0) - sum(entry.number for entry in used)
    if field not in CARRIED:
        return 0
    _, _, takes = CARRIED[field]
    own = sum(-entry.number if entry.kind in takes else entry.number for entry in used)
    return int(value or 0) - own


def _items_before(
    item: str, own: list[Entry], before: AnnualReport | None
) -> tuple[int, list[Entry]]:
    """上一年项目数量: last year's number with last year's change."""
    if before is not None and before.cell2(item, "items_before") is not None:
        return int(before.cell2(item, "items_before") or 0) + int(
            before.cell2(item, "change") or 0
        ), []
    used = _of(own, "before")
    return sum(entry.number for entry in used), used


def _start(
    field: str, item: str, own: list[Entry], before: AnnualReport | None
) -> tuple[int, list[Entry]]:
    if before is not None and before.cell2(item, field) is not None:
        return int(before.cell2(item, field) or 0), []
    used = _of(own, "before")
    return sum(entry.number for entry in used), used


def _of(entries: list[Entry], *kinds: str) -> list[Entry]:
    return [entry for entry in entries if entry.kind in kinds]


def in_ten_thousands(yuan: Decimal) -> Decimal:
    """万元 with two decimals, half up."""
    return (yuan / 10_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
