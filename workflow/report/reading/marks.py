"""Strokes and units in the cells of a report: one remark for a table, however many cells have them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from workflow.report.annual import MONEY, Oddity
from workflow.report.reading.labels import official_title, wording
from workflow.report.reading.numbers import Read, digits_of, number, shown

Place = tuple[str, str, str]
_NUMERAL = re.compile(
    r"(?P<digit>\d)\.|(?P<bracket>\()(?=[一二三四五六七]\))|(?P<sections>[一二三四])、"
)
"""Kinds of numerals in front of the labels of table 三."""


@dataclass
class Marks:
    """What was noted while the cells of a report were read.

    units: table, row, column → the unit that was printed. heads: column → the unit in its head.
    """

    units: dict[Place, str] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    strokes: dict[str, dict[str, str]] = field(default_factory=dict)
    behind: dict[tuple[str, str], dict[str, tuple[str, str]]] = field(default_factory=dict)
    notes: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    lost: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    numbered: set[str] = field(default_factory=set)
    bare: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)

    def read(self, place: Place, where: str, text: str, label: str = "") -> Read:
        """The number of a cell; wrong only where it is to be told of this cell alone.

        where: the cell in words, the name of its table in front. label: the unit that its row prints.
        """
        column = place[2]
        base = MONEY.get(column, "") if place[0] == "table2" else ""
        head = label or self.heads.get(column, "") if base else ""
        read = number(text, base, head)
        table = where[:2]
        if read.stroke:
            self.strokes.setdefault(table, {})[where] = shown(text)
            return Read(read.value, stroke=True)
        if read.unit or (head and read.value is not None):
            self.units[place] = read.unit or head
        if read.note:
            quoted = f"写的是“{shown(text)}”，注号不算数字，按 {digits_of(read.value)} 读入"
            self.notes.setdefault(table, {})[where] = (read.note, quoted)
        # The format of 2019 prints no unit for money: whoever writes it does right.
        if read.unit and base != "元":
            right = digits_of(read.value) if read.turned and read.value is not None else ""
            said = f"写的是“{shown(text)}”，按 {right} {base}读入" if right else ""
            self.behind.setdefault((table, read.unit), {})[where] = (said, right)
        return read

    def label(self, where: str, printed: str, official: str) -> bool:
        """Whether a label lacks nothing but its numeral, which Word may set by itself."""
        kind = _NUMERAL.match(official)
        if kind is None:
            return False
        if printed == official or wording(printed) != official_title(official):
            self.numbered.add(str(kind.lastgroup))
            return False
        self.bare.setdefault(str(kind.lastgroup), []).append((where, printed, official))
        return True

    def unread(self, where: str, why: str) -> None:
        """A cell that cannot be read, and why: 这一格是公式，……；请……."""
        self.lost.setdefault((where[:2], why), []).append(where)

    def oddities(self) -> Iterator[Oddity]:
        """A remark on what cannot be read of each table, on its strokes and its marks of notes, and one on each unit;
        on a label without its numeral where others of its kind have theirs."""
        for kind in self.numbered & set(self.bare):
            for where, printed, official in dict.fromkeys(self.bare[kind]):
                yield Oddity("label", where, f"印的是“{shown(printed)}”，应为“{official}”")
        for (table, why), places in self.lost.items():
            said, _, ought = why.partition("；")
            first = said if len(places) == 1 else said.removeprefix("这一格")
            yield _remark("cell", table, tuple(places), first, ought, "；")
        for table, cells in self.strokes.items():
            marks = "、".join(f"“{mark}”" for mark in dict.fromkeys(cells.values()))
            yield _remark("stroke", table, tuple(cells), f"用{marks}代替了数字", "没有的应填 0")
        for table, noted in self.notes.items():
            marks = "、".join(
                f"“{mark}”" for mark in dict.fromkeys(mark for mark, _ in noted.values())
            )
            said = next(iter(noted.values()))[1] if len(noted) == 1 else f"数字后写了注号{marks}"
            yield _remark("note", table, tuple(noted), said, "只填数字即可")
        for (table, unit), found in self.behind.items():
            said, right = next(iter(found.values()))
            # Whoever only strikes the unit out would leave a number of another unit.
            ought = f"请填 {right}" if right else "只填数字即可"
            if len(found) > 1:
                said, ought = "", f"请按本列的单位填，第一处填 {right}" if right else ought
            yield _remark("unit", table, tuple(found), said or f"数字后写了“{unit}”", ought)


def _remark(
    kind: str, table: str, places: tuple[str, ...], said: str, ought: str, mark: str = "，"
) -> Oddity:
    if len(places) == 1:
        return Oddity(kind, places[0], f"{said}{mark}{ought}", places)
    first = places[0].removeprefix(table)
    return Oddity(kind, table, f"{len(places)} 格{said}，第一处是{first}；{ought}", places)
