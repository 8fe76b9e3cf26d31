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


def official_title(agency: str, year: int) -> str:
    """The title of a body's report on a year, as the format has it (国办公开办函〔2021〕30号)."""
    return f"{agency}{year}年政府信息公开工作年度报告"


@dataclass(frozen=True)
class AnnualReport:
    """One version of a body's report on a year.

    table2: item → field → number (keys of config/law/tables.toml, charges in 万元 in format 2021, yuan
    for procurement in format 2019). table3: row → column → n. table4: block → cell → n.
    sections: key of the section → its text. oddities: what was strange about a file that was read, in
    words with the place (a misspelt label, text in a number cell, a table that could not be read).
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
    published_on: date | None = None
    period: tuple[date, date] | None = None
    oddities: tuple["Oddity", ...] = ()

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

    kind: label (not the official wording), cell (no number), table (a row or table that could not be
    read), missing (one that is not there), layout (both formats mixed), section (its title), period (a
    day or year that does not exist) or year (none was found).
    """

    kind: str
    where: str
    message: str
