"""Who asks: from a description to a column of table 3, and what paper may lack (applicants.toml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from config.rows import ROW, Flag, Text, Texts, Word, made_from, once


@dataclass(frozen=True, slots=True)
class ApplicantRule:
    """The column of who is described with one of the words at the end."""

    __pydantic_config__ = ROW
    column: Word
    words: Texts


@dataclass(frozen=True, slots=True)
class Gap:
    """What paper lacks. ground: the ground of 补正 that it is; defect: what to ask for; asked: usually."""

    __pydantic_config__ = ROW
    ground: Word
    label: Text
    defect: Text
    asked: Flag = True


def _endings(rules: tuple[ApplicantRule, ...]) -> dict[str, str]:
    once([word for rule in rules for word in rule.words])
    return {word: rule.column for rule in rules for word in rule.words}


@dataclass(frozen=True, slots=True)
class Applicants:
    """How a description of an applicant leads to a column of table 3 (workflow/rules/columns.py).

    endings: what a description ends with → its column; bodies: endings that tell no more than that it is no
    person. own_name, sole_trader: words that stand anywhere.
    """

    __pydantic_config__ = ROW
    own_name: Texts
    sole_trader: Texts
    bodies: Texts
    endings: Annotated[
        Mapping[str, str],
        Field(validation_alias="rule"),
        made_from(Annotated[tuple[ApplicantRule, ...], Field(min_length=1)], _endings),
    ]
    gaps: Annotated[dict[Word, Gap], Field(validation_alias="gap")]
