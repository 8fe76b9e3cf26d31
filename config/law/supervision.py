"""The rows of supervision.toml: whom a supervising body hastens, and in which units it scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from pydantic import Field

from config.rows import ROW, Labels, SomeWords, Text, Whole, Word


@dataclass(frozen=True, slots=True)
class Hasten:
    """Roles that are told, those that are told besides once a reply is late, channels, and the words by what
    is the matter (due, late, returned)."""

    __pydantic_config__ = ROW
    to: SomeWords
    late: SomeWords
    channels: SomeWords
    words: Labels


@dataclass(frozen=True, slots=True)
class Point:
    """What costs a body points. points: below zero."""

    __pydantic_config__ = ROW
    name: Word
    label: Text
    points: Annotated[float, Field(strict=True, ge=-10, lt=0)]
    why: Text
    basis: Text


@dataclass(frozen=True)
class Supervision:
    """All of it. answer_workdays: to answer when hastened."""

    __pydantic_config__ = ROW
    answer_workdays: Annotated[Whole, Field(ge=1, le=20)]
    hasten: Hasten
    point: Annotated[tuple[Point, ...], Field(min_length=1)]

    @cached_property
    def points(self) -> Mapping[str, Point]:
        return {one.name: one for one in self.point}
