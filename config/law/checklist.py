"""The rows of checklist.toml: what is looked at before a reply is signed (practice.md §7)."""

from dataclasses import dataclass

from config.rows import ROW, SomeWords, Text, Word

EVERY, WHOLE = "every", "whole"
PLACES = ("files", "settings", "letter")
"""Where something is mended that is no event of the case."""


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """A line of the checklist: what the file must show, and where what is missing is done (an event, or one of
    PLACES). concerns: every outcome, the reply as a whole, or outcomes, their classes or needs."""

    __pydantic_config__ = ROW
    name: Word
    question: Text
    article: Text
    concerns: SomeWords
    mended: Word

    @property
    def whole(self) -> bool:
        """It is asked once, not item by item."""
        return self.concerns == (WHOLE,)
