"""Help beside the pages of the desk: `load_help()` reads and checks pages.toml once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from config.errors import TableError
from config.kept import kept
from config.rows import ROW, Text, checked, toml

FOLDER = Path(__file__).parent
FILE = "pages.toml"
Answers = Annotated[dict[Text, Text], Field(min_length=1)]


class HelpError(TableError):
    """A row of pages.toml that cannot be. Names file and row."""


@dataclass(frozen=True, slots=True)
class PageHelp:
    """What stands in the help of a page. about: what the page is for; why: question → answer."""

    __pydantic_config__ = ROW
    about: Text
    why: Answers


@cache
def load_help() -> Mapping[str, PageHelp]:
    """The help of each page by the name of its template, without its ending. Raises HelpError."""
    return kept("help", _read)


def _read() -> dict[str, PageHelp]:
    return {
        name: checked(row, PageHelp, f"{FILE}: {name}", HelpError)
        for name, row in toml(FOLDER / FILE, HelpError).items()
    }
