"""Tables 二, 三 and 四 found in grids of cells by their labels, wherever and however they stand."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from config.law import Table2Block, TableFormats
from workflow.report.annual import Number, Oddity
from workflow.report.reading.labels import (
    CONTENT,
    GROUP,
    HEADING,
    NEAR,
    LabelBook,
    Match,
    alike,
    item_of_article20,
    official_wording,
    wording,
)
from workflow.report.reading.marks import Marks
from workflow.report.reading.numbers import (
    is_plain,
    looks_like_value,
    number,
    shown,
    unit_in,
    without_unit,
)
from workflow.report.reading.paper import Block, Cell, Grid
from workflow.report.reading.placing import (
    Row,
    block_headed,
    columns_of4,
    filled_cells,
    places_of,
    plain_number,
    pressed4,
)

Sheet = dict[str, dict[str, Number]]
_OF_CONTENT = frozenset(CONTENT)
LOST = "这一行的空格丢失了，无法确定数字属于哪一列，没有读入"


@dataclass
class Found:
    """What the grids of a file held. lines: everything else, in order, for the texts."""

    format: str | None = None
    table2_format: str | None = None
    table2: Sheet | None = None
    table3: Sheet | None = None
    table4: Sheet | None = None
    lines: list[str] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    units: dict[tuple[str, str, str], str] = field(default_factory=dict)


def find_tables(blocks: Iterable[Block], formats: TableFormats) -> Found:
    """The tables of a file and the lines outside them."""
    finder = _Finder(formats)
    for block in blocks:
        if isinstance(block, Grid):
            for row in block.rows:
                finder.take(row)
        elif isinstance(block, Oddity):
            finder.found.oddities.append(block)
        else:
            for line in block.splitlines():
                # The title of a block may stand above its table as a paragraph.
                title = Cell(line, 0)
                if not (line.strip() and finder.title2((title,), [title])):
                    finder.found.lines.append(line)
    return finder.finish()


class _Finder:
    def __init__(self, formats: TableFormats) -> None:
        self.formats = formats
        self.book = LabelBook.of(formats)
        self.found = Found()
        self.within = ""
        self.columns3: dict[int, str] = {}
        self.rows3: dict[str, dict[str, Number]] = {}
        self.order3: list[tuple[str | None, Cell | None, Row]] = []
        self.heads4: list[tuple[Cell, str]] = []
        self.data4: Row | None = None
        self.whole4 = len(formats.cells) * len(formats.blocks)
        self.article = ""
        self.block: tuple[str, Table2Block, dict[int, str]] | None = None
        self.sheets2: dict[str, Sheet] = {}
        self.told: set[tuple[str, str]] = set()
        self.marks = Marks()

    # -- a row ------------------------------------------------------------------------------------

    def take(self, row: Row) -> None:
        """Read a row into the table to which it belongs, or keep its text."""
        filled = filled_cells(row)
        if not filled:
            if self._awaits_data4() and len(row) >= len(self.formats.cells):
                self.data4 = row
            return
        # What ends in numbers is no head of a table.
        in_table3 = self.within == "table3" and len(filled) > 2 and is_plain(filled[-2].text)
        if in_table3 and self._row3(row, filled):
            return
        if not (
            self.title2(row, filled)
            or self._head2(row, filled)
            or self._head4(row, filled)
            or self._head3(row, filled)
            or self._row3(row, filled)
            or self._item2(row, filled)
            or self._numbers4(row, filled)
            or self._unknown3(row, filled)
        ):
            self.found.lines.extend(" ".join(cell.text for cell in filled).splitlines())

    def odd(self, kind: str, where: str, message: str) -> None:
        if (where, message) not in self.told:
            self.told.add((where, message))
            self.found.oddities.append(Oddity(kind, where, message))

    def _label(self, where: str, cell: Cell, match: Match | None, official: str = "") -> None:
        """Note a label that is not as it should be."""
        official = official or (match.official if match else "")
        if self.marks.label(where, cell.text, official) or cell.text == official:
            return
        if match is not None and match.exact and official == match.official:
            return
        said = official_wording(official)
        if said != wording(cell.text) and said != wording(without_unit(cell.text)):
            self.odd("label", where, f"印的是“{shown(cell.text)}”，应为“{official}”")

    def _number(
        self, place: tuple[str, str, str], where: str, cell: Cell, label: str = ""
    ) -> Number:
        if cell.wrong:
            self.marks.unread(where, cell.wrong)
            return None
        read = self.marks.read(place, where, cell.text, label)
        if read.wrong:
            self.odd("cell", where, read.wrong)
        return read.value

    # -- table 二 ----------------------------------------------------------------------------------

    def title2(self, row: Row, filled: list[Cell]) -> bool:
        article = item_of_article20(filled[0].text)
        if article is None or len(filled) > 2:
            return False
        self.within, self.article, self.block = "table2", article, None
        return True

    def _head2(self, row: Row, filled: list[Cell]) -> bool:
        first = filled[0].text
        if len(filled) < 2 or _OF_CONTENT.isdisjoint(first):
            return False
        if first != CONTENT and alike(wording(first), CONTENT) < NEAR:
            return False
        self.within = "table2"
        self._label("表二表头", filled[0], None, CONTENT)
        heads = [wording(cell.text) for cell in filled[1:]]
        best = block_headed(heads, self.formats, self.article)
        if best is None or best[0] < 0.6:
            self.odd("table", f"表二第二十条第({self.article or '?'})项", "表头无法识别，没有读入")
            self.block = None
            return True
        _, fmt, block = best
        for cell, (key, label) in zip(filled[1:], block.fields.items(), strict=True):
            self._label(f"表二“{block.title}”表头", cell, None, label)
            self.marks.heads[key] = unit_in(cell.text)
        columns = {c.column: key for c, key in zip(filled[1:], block.fields, strict=True)}
        self.block = (fmt, block, columns)
        return True

    def _item2(self, row: Row, filled: list[Cell]) -> bool:
        if self.within != "table2":
            return False
        match = self.book.items.match(filled[0].text)
        if match is None or not (len(filled) == 1 or looks_like_value(filled[1].text)
                                 or len(row) > 1):  # fmt: skip
            return False
        self._block_with(match.key)
        if self.block is None or match.key not in self.block[1].items:
            self.odd("table", f"表二“{match.official}”", "找不到这一行的表头，没有读入")
            return True
        fmt, block, columns = self.block
        official = block.items[match.key]
        if not match.exact or fmt == max(self.formats.table2):
            # In the old layout the new word is no slip that anybody should change back.
            self._label(f"表二“{official}”行", filled[0], match, official)
        values = row[row.index(filled[0]) + 1 :]
        places = places_of(values, columns, tuple(block.fields))
        if places is None and len(filled_cells(values)) <= len(block.fields):
            places = dict(zip(block.fields, values, strict=False))
        if places is None:
            self.odd("table", f"表二“{official}”行", "数字比表头多，没有读入")
            return True
        sheet = self.sheets2.setdefault(fmt, {})
        if match.key in sheet:
            return True
        unit = unit_in(filled[0].text)
        sheet[match.key] = {
            key: self._number(
                ("table2", match.key, key), f"表二“{official}”行“{label}”", places[key], unit
            )
            if key in places
            else None
            for key, label in block.fields.items()
        }
        return True

    def _block_with(self, item: str) -> None:
        """Where the block's own title was lost, the one with the same heads that has the item."""
        if self.block is None or item in self.block[1].items:
            return
        fmt, block, columns = self.block
        for other in self.formats.table2[fmt]:
            if item in other.items and other.fields == block.fields:
                self.block = (fmt, other, columns)

    # -- table 三 ----------------------------------------------------------------------------------

    def _head3(self, row: Row, filled: list[Cell]) -> bool:
        if any(cell.text.isdigit() for cell in filled):
            return False
        matches = [(cell, self.book.above.match(cell.text)) for cell in filled]
        known = [(cell, match) for cell, match in matches if match]
        labels = [one for one in known if not one[1].key.startswith(HEADING)]
        headings = len(known) - len(labels)
        if any(looks_like_value(cell.text) for cell in filled):
            return False
        if len(labels) < 2 and not (headings and len(known) == len(filled)):
            return False
        if self.within != "table3":
            self.within, self.columns3 = "table3", {}
        for cell, head in known:
            self._label("表三表头", cell, head)
        for cell, match in matches:
            if match is None and len(labels) >= 2:
                self.odd("label", "表三表头", f"无法识别“{shown(cell.text)}”")
        for cell, head in labels:
            if self.columns3.get(cell.column, head.key) != head.key:
                # Two labels in one column: the spans of this table are lost.
                self.columns3 = {-1: ""}
            elif -1 not in self.columns3:
                self.columns3[cell.column] = head.key
        return True

    def _row3(self, row: Row, filled: list[Cell]) -> bool:
        label: tuple[Cell, Match] | None = None
        start = 0
        for place, cell in enumerate(row):
            if not cell.text.strip():
                continue
            match = self.book.side.match(cell.text)
            if match is None or (len(filled) == 1 and cell.text.endswith("。")):
                break
            start = place + 1
            if match.key.startswith((GROUP, HEADING)):
                self._label("表三左侧标题", cell, match)
            else:
                label = (cell, match)
        if label is None:
            # A heading alone in its row, its numbers in the rows below.
            return start > 0 and start >= len(row) - row[::-1].index(filled[-1])
        cell, known = label
        values = row[start:]
        if not values and self.within != "table3":
            return False
        self.within = "table3"
        if known.key == "other" and not values:
            return True
        self._label(f"表三“{known.official}”行", cell, known)
        self.order3.append((known.key, cell, values))
        self._read3(known.key, known.official, values)
        return True

    def _read3(self, key: str, official: str, values: Row) -> None:
        where = f"表三“{official}”行"
        keys = tuple(self.formats.columns)
        places = places_of(values, self.columns3, keys)
        if places is None:
            places = self._pressed3(values)
        if places is None:
            few = len(filled_cells(values)) <= len(keys)
            self.odd("table", where, LOST if few else "数字比列多，没有读入")
            places = {}
        cells: dict[str, Number] = {}
        for column, label in self.formats.columns.items():
            cell = places.get(column)
            cells[column] = plain_number(cell)
            if cells[column] is None and cell is not None:
                cells[column] = self._number(("table3", key, column), f"{where}“{label}”列", cell)
        if key not in self.rows3:
            self.rows3[key] = cells
        elif self.rows3[key] != cells:
            self.odd("table", where, "出现了两次，数字不同；只读了前一次")

    def _pressed3(self, values: Row) -> dict[str, Cell] | None:
        """Numbers whose blanks were pressed out, where it is certain what they are: all of them 0, or
        one applicant's column (natural persons) and the same 总计."""
        filled = filled_cells(values)
        read = [number(cell.text).value for cell in filled]
        if len(filled) == 2 and read[0] == read[1]:
            return {"natural_person": filled[0], "total": filled[1]}
        if len(filled) < len(self.formats.columns) and not any(read):
            return dict(zip(self.formats.columns, filled, strict=False))
        return None

    def _unknown3(self, row: Row, filled: list[Cell]) -> bool:
        """A row of table 三 whose label says nothing known: read by its place, if that is certain."""
        values = [cell for cell in filled if looks_like_value(cell.text)]
        if self.within != "table3" or len(values) < 3 or len(values) == len(filled):
            return False
        cell = next(one for one in reversed(filled) if not looks_like_value(one.text))
        self.order3.append((None, cell, row[row.index(cell) + 1 :]))
        return True

    # -- table 四 ----------------------------------------------------------------------------------

    def _head4(self, row: Row, filled: list[Cell]) -> bool:
        worded = [cell for cell in filled if not cell.text.isdigit()]
        if len(worded) < min(2, len(filled)):
            return False
        blocks = [(cell, self.book.blocks.match(cell.text)) for cell in worded]
        cells = [(cell, self.book.cells.match(cell.text)) for cell in worded]
        heads = [(cell, match) for cell, match in blocks if match]
        labels = [(cell, match) for cell, match in cells if match]
        own = [match for _, match in labels if match.key != "total"]
        if len(own) < 2 and not (
            len(heads) == len(filled) and (len(heads) >= 2 or self.within == "table4")
        ):
            return False
        if self.within != "table4":
            self.within = "table4"
            if self.data4 is None:
                self.heads4 = []
        if self.data4 is not None:
            return True
        for cell, match in (*heads, *labels):
            self._label("表四表头", cell, match)
        self.heads4.extend((cell, match.key) for cell, match in labels)
        return True

    def _awaits_data4(self) -> bool:
        return self.within == "table4" and self.data4 is None and len(self.heads4) == self.whole4

    def _numbers4(self, row: Row, filled: list[Cell]) -> bool:
        waits = self.within == "table4" and self.data4 is None and self.heads4
        if not (waits and any(looks_like_value(cell.text) for cell in filled)):
            return False
        whole = len(row) == self.whole4 or looks_like_value(filled[0].text)
        first = 0 if whole else row.index(filled[0]) + 1
        self.data4 = row[first:]
        return True

    def _table4(self) -> Sheet | None:
        if self.data4 is None:
            return None
        keys = [(block, cell) for block in self.formats.blocks for cell in self.formats.cells]
        names = tuple("/".join(pair) for pair in keys)
        places = places_of(self.data4, columns_of4(self.heads4, self.formats), names)
        if places is None:
            places = pressed4(self.data4, names)
        if places is None:
            many = len(filled_cells(self.data4)) > len(names)
            self.odd("table", "表四", "数字比列多，没有读入" if many else LOST)
            places = {}
        sheet: Sheet = {}
        for block, title in self.formats.blocks.items():
            sheet[block] = {}
            for cell, label in self.formats.cells.items():
                place = places.get(f"{block}/{cell}")
                sheet[block][cell] = plain_number(place)
                if sheet[block][cell] is None and place is not None:
                    at = ("table4", block, cell)
                    sheet[block][cell] = self._number(at, f"表四“{title}”“{label}”", place)
        return sheet

    # -- the whole --------------------------------------------------------------------------------

    def finish(self) -> Found:
        found = self.found
        self._rows_by_place()
        if self.rows3:
            found.format = (
                "2021" if self._split_other() else ("2019" if "other" in self.rows3 else None)
            )
            found.format = found.format or "2021"
            rows = self.formats.rows[found.format]
            for key in self.rows3:
                if key not in rows:
                    self.odd(
                        "table", "表三“(六)其他处理”行", "新旧两种写法同时出现，只读了分开的三行"
                    )
            for key, label in rows.items():
                if key not in self.rows3:
                    self.odd("missing", f"表三“{label}”行", "没有这一行，或者没有读到")
            blank: dict[str, Number] = dict.fromkeys(self.formats.columns)
            found.table3 = {key: self.rows3.get(key, dict(blank)) for key in rows}
        found.table4 = self._table4()
        if self.sheets2:
            fmt = max(self.sheets2, key=lambda name: len(self.sheets2[name]))
            found.table2_format = fmt
            given = self.sheets2[fmt]
            elsewhere = {key for sheet in self.sheets2.values() for key in sheet}
            asked = {
                key for block in self.formats.table2[found.format or fmt] for key in block.items
            }
            found.table2 = {}
            for block in self.formats.table2[fmt]:
                for key, label in block.items.items():
                    if key in asked and key not in elsewhere:
                        self.odd("missing", f"表二“{label}”行", "没有这一行，或者没有读到")
                        found.table2[key] = dict.fromkeys(block.fields)
                    elif key in given:
                        found.table2[key] = given[key]
            if len(self.sheets2) > 1:
                self.odd("layout", "表二", "一部分是 2019 年格式，一部分是 2021 年格式")
        for table, name in ((found.table2, "表二"), (found.table3, "表三"), (found.table4, "表四")):
            if table is None:
                self.odd("missing", name, "文件里没有这张表，或者没有读到")
        found.oddities.extend(self.marks.oddities())
        found.units = self.marks.units
        return found

    def _split_other(self) -> bool:
        return any(key.startswith("other_") for key in self.rows3)

    def _rows_by_place(self) -> None:
        """Rows with an unknown label between two known ones with just one row missing between them."""
        order = list(self.formats.rows["2021" if self._split_other() else "2019"])
        for place, (key, cell, values) in enumerate(self.order3):
            if key is not None or cell is None:
                continue
            before = self.order3[place - 1][0] if place else None
            after = self.order3[place + 1][0] if place + 1 < len(self.order3) else None
            if before in order and after in order and order.index(after) - order.index(before) == 2:
                missing = order[order.index(before) + 1]
                if missing not in self.rows3:
                    label = self.formats.rows[
                        "2021" if missing in self.formats.rows["2021"] else "2019"
                    ][missing]
                    self._label(f"表三“{label}”行", cell, None, label)
                    self._read3(missing, label, values)
                    continue
            self.odd("table", f"表三“{shown(cell.text)}”行", "不是规定的行，没有读入")
