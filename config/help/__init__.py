"""Help beside the pages of the desk, and the walk over the page of a case: pages.toml and tour.toml, read and checked
once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.errors import TableError
from config.kept import kept
from config.rows import ROW, Text, checked, once, read, toml

FOLDER = Path(__file__).parent
FILE, TOUR = "pages.toml", "tour.toml"
Answers = Annotated[dict[Text, Text], Field(min_length=1)]


class HelpError(TableError):
    """A row of pages.toml or tour.toml that cannot be. Names file and row."""


@dataclass(frozen=True, slots=True)
class PageHelp:
    """What stands in the help of a page. about: what the page is for; why: question → answer."""

    __pydantic_config__ = ROW
    about: Text
    why: Answers


@dataclass(frozen=True, slots=True)
class TourStep:
    """A step of the walk: at which part of the page, what the part is, what to know of it."""

    __pydantic_config__ = ROW
    part: Literal["next", "blocked", "due", "who", "items", "supplied", "notes", "papers", "log"]
    title: Text
    says: Text


@dataclass(frozen=True, slots=True)
class _Tour:
    __pydantic_config__ = ROW
    step: Annotated[tuple[TourStep, ...], Field(min_length=1), AfterValidator(once)]


@cache
def load_tour(folder: Path = FOLDER) -> tuple[TourStep, ...]:
    """The steps of the walk over the page of a case, in order. Raises HelpError."""
    return kept("tour", lambda: _steps(folder)) if folder == FOLDER else _steps(folder)


def _steps(folder: Path) -> tuple[TourStep, ...]:
    return read(folder / TOUR, _Tour, HelpError).step


@cache
def load_help(folder: Path = FOLDER) -> Mapping[str, PageHelp]:
    """The help of each page by the name of its template, without its ending. Raises HelpError."""
    return kept("help", lambda: _read(folder)) if folder == FOLDER else _read(folder)


def _read(folder: Path) -> dict[str, PageHelp]:
    return {
        name: checked(row, PageHelp, f"{FILE}: {name}", HelpError)
        for name, row in toml(folder / FILE, HelpError).items()
    }
