"""The official shape of tables 二, 三 and 四, in both formats: one description for every page and file.

A grid lists, row by row, the cells that begin in that row, each with the number of rows and columns it
covers; `placed` says where each stands. Labels are printed with full-width punctuation, as the format of
the General Office prints them. law.md §5.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from config.law import TableFormats
from workflow.report.annual import AnnualReport, Number

CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RESULTS = "三、本年度办理结果"
OUTSIDE = ("new_received", "carried_in", "carried_out")
TABLES = {"table2": "表二", "table3": "表三", "table4": "表四"}
SECTION_OF = {"table2": "proactive", "table3": "applications", "table4": "disputes"}

Kind = Literal["corner", "title", "head", "label", "number"]
Scope = Literal["", "col", "colgroup", "row", "rowgroup"]

_PRINTED = str.maketrans({"(": "（", ")": "）", ",": "，", ":": "："})


def subject(table: str, formats: TableFormats) -> str:
    """What a table is about, as the title of its section says it."""
    return formats.sections[SECTION_OF[table]].partition("、")[2]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid.

    kind: corner (the note on the sums), title (a block's name across the table), head (above numbers),
    label (beside numbers) or number. key: row and column (item and field, block and cell) of a number.
    name: what a number says when it is read alone. tall: a label over many rows in a narrow column.
    """

    kind: Kind
    text: str = ""
    columns: int = 1
    rows: int = 1
    scope: Scope = ""
    key: tuple[str, str] = ("", "")
    name: str = ""
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it is printed. widths: share of each column, in thousandths. heads: rows that are
    repeated on every page. sums: rows that are set off, by their place."""

    table: str
    caption: str
    widths: tuple[int, ...]
    heads: int
    rows: tuple[tuple[Cell, ...], ...]
    sums: frozenset[int] = frozenset()

    def blocks(self) -> list[range]:
        """The rows that should stay on one page: a block of table 二 with its heads; else all rows."""
        starts = [
            place for place, row in enumerate(self.rows) if place == 0 or row[0].kind == "title"
        ]
        ends = [*starts[1:], len(self.rows)]
        return [range(first, end) for first, end in zip(starts, ends, strict=True)]

    def heads_of(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """Of each number, by its key, the heads that it is read under: those above it in its block, then those beside
        it in its row. A head is named by its place among all cells that hold no number."""
        found: dict[tuple[str, str], tuple[int, ...]] = {}
        starts, n = {block.start for block in self.blocks()}, 0
        above, beside = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
        for one in placed(self):
            cell, columns = one.cell, range(one.column, one.column + one.cell.columns)
            if one.row in starts and one.column == 0:
                above.clear()
            if cell.kind == "number":
                over = {head for column in columns for head in above[column]}
                found[cell.key] = (*sorted(over), *beside[one.row])
                continue
            for column in columns if cell.kind in ("title", "head") else ():
                above[column].append(n)
            for row in range(one.row, one.row + cell.rows) if cell.kind == "label" else ():
                beside[row].append(n)
            n += 1
        return found

    def numbers(self) -> list[Cell]:
        """The cells of numbers, row by row."""
        return [cell for row in self.rows for cell in row if cell.kind == "number"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell with the row and column in which it begins, counted from 0."""

    row: int
    column: int
    cell: Cell


def grid_of(table: str, fmt: str, formats: TableFormats) -> Grid:
    """Table table2, table3 or table4 in the format of 2019 or 2021. Raises KeyError for another."""
    return {"table2": table2, "table3": table3, "table4": table4}[table](fmt, formats)


def format_in(report: AnnualReport, table: str, formats: TableFormats) -> str:
    """The format of one table of a report: table 二 may have come in another than table 三."""
    if table == "table2":
        return formats.format_of_table2(report.table2, report.format)
    return report.format


def placed(grid: Grid) -> Iterator[Placed]:
    """Every cell with its place: the first one that no cell above or before it covers."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(grid.rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            taken.update(
                (row + down, column + right)
                for down in range(cell.rows)
                for right in range(cell.columns)
            )
            yield Placed(row, column, cell)


def value_of(report: AnnualReport, table: str, cell: Cell) -> Number:
    """The number of a report that stands in a cell; None for a blank."""
    given = {"table2": report.table2, "table3": report.table3, "table4": report.table4}[table]
    row, column = cell.key
    return (given or {}).get(row, {}).get(column)


def printed(label: str) -> str:
    """A label with the punctuation of print."""
    return label.translate(_PRINTED)


def row_title(row: str, fmt: str, formats: TableFormats) -> str:
    """A row of table 3 with the heads above it, or a block of table 4, for a page of its own."""
    if row in formats.blocks:
        return formats.blocks[row].replace("/", "：")
    group = formats.group_of(row)
    label = printed(formats.rows[fmt][row])
    return f"{printed(formats.groups[group])} {label}" if group else label


def table2(fmt: str, formats: TableFormats) -> Grid:
    """Table 二: the blocks below each other, the last column of a short block as wide as the rest."""
    width = 1 + max(len(block.fields) for block in formats.table2[fmt])
    rows: list[tuple[Cell, ...]] = []
    for block in formats.table2[fmt]:
        last = len(block.fields) - 1
        rest = width - len(block.fields)
        rows.append((Cell("title", printed(block.title), columns=width, scope="colgroup"),))
        rows.append(
            (
                Cell("head", "信息内容", scope="col"),
                *(
                    Cell(
                        "head",
                        printed(label),
                        columns=rest if place == last else 1,
                        scope="colgroup" if place == last and rest > 1 else "col",
                    )
                    for place, label in enumerate(block.fields.values())
                ),
            )
        )
        for item, item_label in block.items.items():
            rows.append(
                (
                    Cell("label", printed(item_label), scope="row"),
                    *(
                        Cell(
                            "number",
                            columns=rest if place == last else 1,
                            key=(item, name),
                            name=printed(f"{item_label}，{label}"),
                        )
                        for place, (name, label) in enumerate(block.fields.items())
                    ),
                )
            )
    shares = (1000 - 250 * (width - 1), *[250] * (width - 1))
    return Grid("table2", "表二 主动公开政府信息情况", shares, 0, tuple(rows))


def table3(fmt: str, formats: TableFormats) -> Grid:
    """Table 三: three columns of heads, seven of numbers."""
    columns = formats.columns
    bodies = [key for key in columns if key not in ("natural_person", "total")]
    rows: list[tuple[Cell, ...]] = [
        (
            Cell("corner", CORNER, columns=3, rows=3),
            Cell("head", "申请人情况", columns=len(columns), scope="colgroup"),
        ),
        (
            Cell("head", columns["natural_person"], rows=2, scope="col"),
            Cell("head", "法人或其他组织", columns=len(bodies), scope="colgroup"),
            Cell("head", columns["total"], rows=2, scope="col"),
        ),
        tuple(Cell("head", columns[key], scope="col") for key in bodies),
    ]
    heads = len(rows)
    keys = list(formats.rows[fmt])
    for key, labels in zip(keys, _labels_of_table3(fmt, formats), strict=True):
        numbers = (
            Cell(
                "number",
                key=(key, column),
                name=f"{row_title(key, fmt, formats)}，{label}",
            )
            for column, label in columns.items()
        )
        rows.append((*labels, *numbers))
    return Grid(
        "table3",
        "表三 收到和处理政府信息公开申请情况",
        (66, 84, 255, *[85] * len(columns)),
        heads,
        tuple(rows),
        frozenset({heads + keys.index("total")}),
    )


def _labels_of_table3(fmt: str, formats: TableFormats) -> Iterator[tuple[Cell, ...]]:
    """The labels that begin in each row of table 3."""
    keys = list(formats.rows[fmt])
    inside = [key for key in keys if key not in OUTSIDE]
    groups = [formats.group_of(key) for key in keys]
    for place, key in enumerate(keys):
        label = printed(formats.rows[fmt][key])
        if key in OUTSIDE:
            yield (Cell("label", label, columns=3, scope="row"),)
            continue
        labels = []
        if key == inside[0]:
            labels.append(Cell("label", RESULTS, rows=len(inside), scope="rowgroup", tall=True))
        group = groups[place]
        if group is None:
            labels.append(Cell("label", label, columns=2, scope="row"))
        else:
            if groups[place - 1] != group:
                size = groups.count(group)
                title = printed(formats.groups[group])
                labels.append(Cell("label", title, rows=size, scope="rowgroup", tall=size > 3))
            labels.append(Cell("label", label, scope="row"))
        yield tuple(labels)


def table4(fmt: str, formats: TableFormats) -> Grid:
    """Table 四: three blocks of five numbers side by side, the same in both formats."""
    size, (review, *suits) = len(formats.cells), formats.blocks.items()
    rows = (
        (
            Cell("head", review[1], columns=size, rows=2, scope="colgroup"),
            Cell("head", "行政诉讼", columns=size * len(suits), scope="colgroup"),
        ),
        tuple(
            Cell("head", label.partition("/")[2], columns=size, scope="colgroup")
            for _, label in suits
        ),
        tuple(
            Cell("head", label, scope="col")
            for _ in formats.blocks
            for label in formats.cells.values()
        ),
        tuple(
            Cell("number", key=(block, cell), name=f"{title.replace('/', '：')}，{label}")
            for block, title in formats.blocks.items()
            for cell, label in formats.cells.items()
        ),
    )
    count = size * len(formats.blocks)
    return Grid(
        "table4", "表四 政府信息公开行政复议、行政诉讼情况", (1000 // count,) * count, 3, rows
    )
