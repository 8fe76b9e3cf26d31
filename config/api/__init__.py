"""What the fields of the API mean, for its document: fields.toml, read and checked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from config.errors import TableError
from config.kept import kept
from config.rows import ROW, Text, made_from, once, read

FOLDER = Path(__file__).parent
FILE = "fields.toml"


class ApiError(TableError):
    """A row of fields.toml that cannot be. Names file and row."""


@dataclass(frozen=True, slots=True)
class FieldWords:
    """meaning: of a field, for people; example: a value, where its type makes none."""

    meaning: str
    example: str | None = None


Row = Annotated[tuple[Text, ...], Field(min_length=1, max_length=2), AfterValidator(once)]


@dataclass(frozen=True, slots=True)
class _Fields:
    __pydantic_config__ = ROW
    fields: Annotated[
        dict[str, Annotated[FieldWords, made_from(Row, lambda row: FieldWords(*row))]],
        Field(min_length=1),
    ]


@cache
def load_fields(folder: Path = FOLDER) -> Mapping[str, FieldWords]:
    """By name of the field, or `Model.field`. Raises ApiError."""
    return kept("api", lambda: _fields(folder)) if folder == FOLDER else _fields(folder)


def _fields(folder: Path) -> Mapping[str, FieldWords]:
    return read(folder / FILE, _Fields, ApiError).fields
