"""The annual report (政府信息公开工作年度报告) as a value: what a body says of a year.

The same value is made from our cases and registers, read from a file that somebody else made, checked,
added up, and written out in every format. Everything here is pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Number = int | Decimal | None
"""A cell: None is a blank, which is read as 0 in sums and told as a blank (V06)."""
Cells = Mapping[str, Mapping[str, Number]]


MONEY = {"amount": "元", "amount_10k": "万元"}
"""Columns of table 二 that hold money, with the unit in which their numbers are kept."""


def official_title(agency: str, year: int) -> str:
    """The title of a body's report on a year, as the format has it (国办公开办函〔2021〕30号)."""
    return f"{agency}{year}年政府信息公开工作年度报告"


def mixed_layout(of_table2: str, of_report: str) -> str:
    """What is said where table 二 came in another format than table 三."""
    return f"用的是 {of_table2} 年格式，表三用的是 {of_report} 年格式"


@dataclass(frozen=True)
class AnnualReport:
    """One version of a body's report on a year.

    table2: item → field → number (keys of config/law/tables.toml, charges in 万元 in format 2021, yuan
    for procurement in format 2019). table3: row → column → n. table4: block → cell → n.
    page_day: the day of publication that its page prints, which may be that of a later printing.
    sections: key of the section → its text; own_sections: title → text of those that the body put between
    them; preface: what stands above the first. signed_on: the day below the report. oddities: what was
    strange about a file that was read, in words with the place (a misspelt label, text in a number cell, a
    table that could not be read).
    units: table, row, column → the unit that was printed in the cell, else in its head or label (元, 万元,
    件); the number itself is in the unit of its column all the same. marks: the texts of the sections with the places
    of the numbers that they tell (`procedure.marked`), where they are known.
    """

    agency: str
    year: int
    format: str
    table2: Cells | None = None
    table3: Cells | None = None
    table4: Cells | None = None
    code: str | None = None
    level: str | None = None
    title: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    version: int = 1
    correction_note: str = ""
    signed_by: str = ""
    signed_on: date | None = None
    published_on: date | None = None
    page_day: date | None = None
    period: tuple[date, date] | None = None
    oddities: tuple["Oddity", ...] = ()
    own_sections: Mapping[str, str] = field(default_factory=dict)
    preface: str = ""
    units: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that it says outside its tables."""
        return (self.preface, *self.sections.values(), *self.own_sections.values())

    def cell3(self, row: str, column: str = "total") -> int:
        """A number of table 3, blanks as 0."""
        value = (self.table3 or {}).get(row, {}).get(column)
        return int(value or 0)

    def cell4(self, block: str, cell: str = "total") -> int:
        """A number of table 4, blanks as 0."""
        value = (self.table4 or {}).get(block, {}).get(cell)
        return int(value or 0)

    def cell2(self, item: str, name: str) -> Number:
        """A number of table 2; None for a blank or a cell that the format does not have."""
        return (self.table2 or {}).get(item, {}).get(name)


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something strange in a file, where in words.

    kind: label (not the official wording), cell (no number), stroke (marks instead of numbers), unit (units
    behind numbers), note (marks of notes behind numbers), table (a row or table that could not be read), missing (one that is not there), unread (a part
    of the file that was left out: hidden, or a picture), layout (both formats mixed), section (its title), period (a day or year that does not exist), year (none was
    found) or text (no section was found). places: of a remark on many cells, each of them in words.
    """

    kind: str
    where: str
    message: str
    places: tuple[str, ...] = ()
