"""The rows of grounds.toml: what proves a ground and what only names it (law.md §6.5A to §6.5C, §8.1A)."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from config.rows import ROW, Flag, Pattern, Text, Texts, Word


@dataclass(frozen=True, slots=True)
class Named:
    """Words that the program looks for under a name."""

    __pydantic_config__ = ROW
    name: Word
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class NoConsultation:
    """A lawful reason not to ask a third party. also: what its words must name besides."""

    __pydantic_config__ = ROW
    name: Word
    label: Text
    pattern: Pattern
    also: Word | None = None


@dataclass(frozen=True, slots=True)
class Classifier:
    """Who may classify (保密法17): read off the name of the body, or the level of our own.

    top_secret: 绝密 too. others: 机密 and 秘密 by its own power, or only with an authority.
    """

    __pydantic_config__ = ROW
    name: Word
    label: Text
    pattern: Pattern
    top_secret: Flag
    others: Literal["own", "authority"]
    levels: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank of norms: whether it counts for 条例14 and 36(7), and how it is known.

    titles: known titles without 中华人民共和国. article: they are of this rank only where it is named.
    shape: other titles that are of this rank. ending: titles that are, unless another rank is told.
    told: words of a clerk that tell the rank of an unknown title. says: why it does not count.
    """

    __pydantic_config__ = ROW
    name: Word
    label: Text
    counts: Flag
    titles: Texts | None = None
    article: Pattern | None = None
    shape: Pattern | None = None
    ending: Pattern | None = None
    told: Pattern | None = None
    says: Text | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """All rows of grounds.toml."""

    __pydantic_config__ = ROW
    bare: Annotated[tuple[Named, ...], Field(min_length=1)]
    named: Annotated[tuple[Named, ...], Field(min_length=1)]
    no_consultation: Annotated[tuple[NoConsultation, ...], Field(min_length=1)]
    classifier: Annotated[tuple[Classifier, ...], Field(min_length=1)]
    rank: Annotated[tuple[Rank, ...], Field(min_length=1)]

    def pattern(self, name: str) -> str:
        """The expression of a thing that a text must name."""
        return next(row.pattern for row in self.named if row.name == name)
