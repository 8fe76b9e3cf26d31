"""The rows of checklist.toml: what is looked at before a reply is signed (practice.md §7)."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from config.rows import ROW, Flag, Text, Whole, Word, Words

PLACES = ("files", "settings", "letter")
"""Where something is mended that is no event of the case."""


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """A line of the checklist: what the file must show, and where what is missing is done (an event, or one of
    PLACES). concerns: outcomes, their classes or needs; none: every outcome. whole: once for the whole reply."""

    __pydantic_config__ = ROW
    name: Word
    question: Text
    article: Text
    mended: Word
    concerns: Words = ()
    whole: Flag = False
    lost: tuple[Annotated[Whole, Field(ge=1, le=40)], ...] = ()
