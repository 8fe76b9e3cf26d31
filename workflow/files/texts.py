"""What the readers of the several formats give: texts, and the word that a file cannot be taken."""

from dataclasses import dataclass


class BadContent(ValueError):
    """A file that cannot be taken; the message tells the user why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of a file. face: it stands where a document shows its level (first page, header).

    page: the number of the page where the format tells (1 = the first). about: it says something of the file
    (who made it, how it looks), and nobody reads it.
    """

    text: str
    face: bool = False
    page: int | None = None
    about: bool = False
