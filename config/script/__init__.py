"""Words that the traditional script writes by table: terms.toml, read and checked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from config.errors import TableError
from config.kept import kept
from config.rows import ROW, Text, read

FOLDER = Path(__file__).parent
FILE = "terms.toml"


class ScriptError(TableError):
    """A row of terms.toml that cannot be. Names file and row."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word in simplified script, how the traditional one writes it, and why it is not left to the library."""

    __pydantic_config__ = ROW
    word: Text
    to: Text
    why: Text


def _once(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    words = [one.word for one in terms]
    if len(set(words)) < len(words):
        raise ValueError("a word stands twice")
    if unlike := [one.word for one in terms if len(one.word) != len(one.to)]:
        raise ValueError(f"not of the same length: {', '.join(unlike)}")
    return terms


@dataclass(frozen=True, slots=True)
class _Terms:
    __pydantic_config__ = ROW
    term: Annotated[tuple[Term, ...], Field(min_length=1), AfterValidator(_once)]


@cache
def load_terms(folder: Path = FOLDER) -> Mapping[str, str]:
    """Each word with what it becomes. Raises ScriptError."""
    return kept("script", lambda: _read(folder)) if folder == FOLDER else _read(folder)


def _read(folder: Path) -> dict[str, str]:
    return {one.word: one.to for one in read(folder / FILE, _Terms, ScriptError).term}
