"""The rules of a report's year: what the register takes, and the steps of the report (year.toml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from config.law.errors import LawTableError
from config.rows import ROW, Flag, SomeWords, Text, Word, Words, by_name

FILE = "year.toml"


@dataclass(frozen=True, slots=True)
class Kind:
    """What an entry can say. unit: 件 or 元."""

    name: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class Item:
    """A row of table 二 and the kinds of its entries; levels: the only bodies that can have it, () all."""

    __pydantic_config__ = ROW
    key: Word
    label: Text
    kinds: SomeWords
    basis: Text
    levels: Words = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of text kept during the year, and the section of the report it goes into."""

    name: str
    label: str
    section: str


@dataclass(frozen=True, slots=True)
class State:
    """Where a report stands."""

    name: str
    label: str
    editable: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What moves a report on. where: own, or parent for the supervising office."""

    __pydantic_config__ = ROW
    name: Word
    label: Text
    sources: Annotated[SomeWords, Field(validation_alias="from")]
    to: Word
    by: SomeWords
    where: Literal["own", "parent"]
    basis: Text


@dataclass(frozen=True)
class YearRules:
    """All of it, checked."""

    kinds: Mapping[str, Kind]
    items: Mapping[str, Item]
    topics: Mapping[str, Topic]
    states: Mapping[str, State]
    steps: Mapping[str, Step]


@dataclass(frozen=True, slots=True)
class KindRow:
    __pydantic_config__ = ROW
    label: Text
    unit: Literal["件", "元"]


@dataclass(frozen=True, slots=True)
class TopicRow:
    __pydantic_config__ = ROW
    label: Text
    section: Word


@dataclass(frozen=True, slots=True)
class StateRow:
    __pydantic_config__ = ROW
    label: Text
    editable: Flag


@dataclass(frozen=True, slots=True)
class YearFile:
    """year.toml as it is written; `rules` is how the program asks for it."""

    __pydantic_config__ = ROW
    kinds: dict[Word, KindRow]
    item: Annotated[tuple[Item, ...], Field(min_length=1)]
    topics: dict[Word, TopicRow]
    states: dict[Word, StateRow]
    step: Annotated[tuple[Step, ...], Field(min_length=1)]

    def rules(self) -> YearRules:
        """The same by name. Raises LawTableError for a row that stands twice."""
        return YearRules(
            kinds={name: Kind(name, row.label, row.unit) for name, row in self.kinds.items()},
            items=by_name(self.item, lambda row: row.key, FILE, LawTableError),
            topics={name: Topic(name, row.label, row.section) for name, row in self.topics.items()},
            states={
                name: State(name, row.label, row.editable) for name, row in self.states.items()
            },
            steps=by_name(self.step, lambda row: row.name, FILE, LawTableError),
        )
