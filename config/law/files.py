"""Whole files of the law's tables: which tables a file holds. A new table is a field here."""

from dataclasses import asdict, dataclass
from typing import Annotated, TypeVar

from pydantic import Field

from config.law.checklist import ChecklistLine
from config.law.setting import SettingRule
from config.law.tables import (
    CitedDocument,
    Ladder,
    Outcome,
    OutdatedPhrase,
    Period,
    ProceedingResult,
    ReportCheck,
    ReviewOrgan,
    State,
    Table2Block,
    TableFormats,
    Transition,
    Way,
)
from config.rows import ROW, Labels, SomeWords, Text, Whole, Word, made_from

Row = TypeVar("Row")
Rows = Annotated[tuple[Row, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class StatesFile:
    __pydantic_config__ = ROW
    state: Rows[State]


@dataclass(frozen=True, slots=True)
class TransitionsFile:
    """groups: names for states that are written often. usual: what usually comes next from a state.
    fields: the titles of the fields that events have."""

    __pydantic_config__ = ROW
    groups: dict[Word, SomeWords]
    usual: dict[Word, SomeWords]
    fields: Labels
    transition: Rows[Transition]


@dataclass(frozen=True, slots=True)
class OutcomesFile:
    __pydantic_config__ = ROW
    outcome: Rows[Outcome]
    result: Rows[ProceedingResult]


@dataclass(frozen=True, slots=True)
class RemediesFile:
    """above: the level of government that decides on review of a body of a level."""

    __pydantic_config__ = ROW
    remedy: Rows[Way]
    above: Labels
    organ: Rows[ReviewOrgan]


@dataclass(frozen=True, slots=True)
class PeriodsFile:
    __pydantic_config__ = ROW
    period: Rows[Period]


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """groups: the parts of the page 设置."""

    __pydantic_config__ = ROW
    groups: Labels
    setting: Rows[SettingRule]


@dataclass(frozen=True, slots=True)
class FeesFile:
    __pydantic_config__ = ROW
    ladder: Rows[Ladder]


@dataclass(frozen=True, slots=True)
class OutdatedFile:
    __pydantic_config__ = ROW
    outdated: Rows[OutdatedPhrase]


@dataclass(frozen=True, slots=True)
class ChecksFile:
    __pydantic_config__ = ROW
    check: Rows[ReportCheck]


@dataclass(frozen=True, slots=True)
class DocumentsFile:
    __pydantic_config__ = ROW
    document: Rows[CitedDocument]


@dataclass(frozen=True, slots=True)
class ChecklistFile:
    __pydantic_config__ = ROW
    line: Rows[ChecklistLine]


@dataclass(frozen=True, slots=True)
class YearsOfFormat:
    """The report years of a format, and the document that lays it down."""

    __pydantic_config__ = ROW
    first: Annotated[Whole, Field(validation_alias="from", ge=2000, le=2100)]
    last: Annotated[Whole, Field(validation_alias="to", ge=2000, le=9999)]
    source: Text


@dataclass(frozen=True, slots=True)
class Table3:
    __pydantic_config__ = ROW
    columns: Labels
    rows: dict[Word, Labels]
    groups: Labels


@dataclass(frozen=True, slots=True)
class Table4:
    __pydantic_config__ = ROW
    blocks: Labels
    cells: Labels


@dataclass(frozen=True, slots=True)
class Labelled:
    """A row or column of table 二."""

    __pydantic_config__ = ROW
    key: Word
    label: Text


def _labels(many: tuple[Labelled, ...]) -> dict[str, str]:
    keys = [one.key for one in many]
    if len(set(keys)) < len(keys):
        raise ValueError("a key stands twice")
    return {one.key: one.label for one in many}


@dataclass(frozen=True, slots=True)
class Block:
    """A block of table 二 in one format."""

    __pydantic_config__ = ROW
    format: Word
    title: Text
    fields: Annotated[dict[str, str], made_from(Rows[Labelled], _labels)]
    items: Annotated[dict[str, str], made_from(Rows[Labelled], _labels)]


@dataclass(frozen=True, slots=True)
class Meanings:
    """What rows and columns of the tables mean, in sentences for anybody."""

    __pydantic_config__ = ROW
    rows: Labels
    columns: Labels
    blocks: Labels
    cells: Labels
    items: Labels
    fields: Labels


@dataclass(frozen=True, slots=True)
class TablesFile:
    """Tables 2, 3 and 4 as the file lays them out; `formats` is how the program asks for them."""

    __pydantic_config__ = ROW
    format_of_year: dict[Word, YearsOfFormat]
    table3: Table3
    table4: Table4
    table2: Rows[Block]
    sections: Labels
    meanings: Meanings

    def formats(self) -> TableFormats:
        """The same by format."""
        return TableFormats(
            columns=self.table3.columns,
            rows=self.table3.rows,
            groups=self.table3.groups,
            blocks=self.table4.blocks,
            cells=self.table4.cells,
            years={name: (row.first, row.last) for name, row in self.format_of_year.items()},
            sources={name: row.source for name, row in self.format_of_year.items()},
            table2={
                name: tuple(
                    Table2Block(block.title, block.fields, block.items)
                    for block in self.table2
                    if block.format == name
                )
                for name in self.format_of_year
            },
            sections=self.sections,
            meanings=asdict(self.meanings),
        )
