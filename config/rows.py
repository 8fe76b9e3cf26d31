"""How every TOML table is read: the file becomes its model, or one error names file, row and field."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

from pydantic import AfterValidator, ConfigDict, Field, GetPydanticSchema
from pydantic_core import ValidationError as Slip
from pydantic_core import core_schema

from config.errors import TableError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2099, 12, 31)
ROW: ConfigDict = {"extra": "forbid"}
"""The rule of every row: unknown keys are refused."""

Model = TypeVar("Model")
Given = TypeVar("Given")
Many = TypeVar("Many", tuple[Any, ...], list[Any])
Key = TypeVar("Key", bound=Hashable)


def _line(text: str) -> str:
    if not text or text != text.strip() or not text.isprintable():
        raise ValueError("one line of text is needed, without blanks around it")
    return text


def _pattern(text: str) -> str:
    try:
        matches_nothing = re.compile(text).search("") is None
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    if not matches_nothing or text != text.strip():
        raise ValueError("the expression matches the empty text or has blanks around it")
    return text


def once(many: Many) -> Many:
    """The same, if nothing stands twice. Raises ValueError."""
    for one, times in Counter(many).items():
        if times > 1:
            raise ValueError(f"{one} stands twice")
    return many


def made_from(source: Any, make: Callable[[Any], Any] = lambda value: value) -> GetPydanticSchema:
    """For a field that a row writes in another shape: read as `source`, kept as what `make` returns."""
    return GetPydanticSchema(
        lambda _kind, handler: core_schema.no_info_after_validator_function(
            make, handler.generate_schema(source)
        )
    )


Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$")]
"""A machine word."""
Text = Annotated[str, Field(max_length=300), AfterValidator(_line)]
"""A text for people: one line, not empty."""
Pattern = Annotated[str, AfterValidator(_pattern)]
Whole = Annotated[int, Field(strict=True)]
"""A whole number: 2.5, "20" and true are none."""
Flag = Annotated[bool, Field(strict=True)]
LawDay = Annotated[date, Field(strict=True, ge=FIRST_DAY, le=LAST_DAY)]
"""A day from which something holds."""
Words = Annotated[tuple[Word, ...], AfterValidator(once)]
SomeWords = Annotated[tuple[Word, ...], Field(min_length=1), AfterValidator(once)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1), AfterValidator(once)]
Labels = Annotated[dict[Word, Text], Field(min_length=1)]
"""Machine words with their names for people."""


@cache
def _adapter(model: Any) -> "TypeAdapter[Any]":
    # Tables that are kept (config/kept.py) need none, and it is dear to load.
    from pydantic import TypeAdapter

    return TypeAdapter(model)


def toml(path: Path, error: type[TableError]) -> dict[str, Any]:
    """What a file says. Raises the error for a file that is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as slip:
        raise error(f"{path.name}: {slip}") from slip


def read(path: Path, model: type[Model], error: type[TableError]) -> Model:
    """The file as its model. Raises the error with file, row and field for the first slip."""
    return checked(toml(path, error), model, path.name, error)


def checked(data: Any, model: type[Model], name: str, error: type[TableError]) -> Model:
    """The data as their model; `name` is the file, and the row where it is known."""
    try:
        made: Model = _adapter(cast(Any, model)).validate_python(data)
    except Slip as slip:
        first = slip.errors(include_url=False, include_context=False)[0]
        place = ": ".join((name, *_place(data, first["loc"])))
        raise error(f"{place}: {first['msg']}, not {first['input']!r:.120}") from slip
    return made


def by_name(
    rows: Iterable[Given], name: Callable[[Given], Key], file: str, error: type[TableError]
) -> dict[Key, Given]:
    """The rows under their names, in order. Raises the error for a name that stands twice."""
    found: dict[Key, Given] = {}
    for row in rows:
        key = name(row)
        if key in found:
            shown = "/".join(key) if isinstance(key, tuple) else key
            raise error(f"{file}: {shown} stands twice")
        found[key] = row
    return found


def required(
    file: str, what: str, wanted: Iterable[str], there: Iterable[str], error: type[TableError]
) -> None:
    """Raises the error where a name is missing that the program asks for."""
    missing = set(wanted) - set(there)
    if missing:
        raise error(f"{file}: no {what} named {', '.join(sorted(missing))}")


_NAMES = (("proceeding", "code"), ("format", "title"), ("name",), ("event",), ("code",), ("id",), ("mode",),
          ("key",), ("column",), ("from",))  # fmt: skip


def _place(data: Any, path: tuple[int | str, ...]) -> list[str]:
    """The way to a slip in words: a row of a list by its name instead of its number."""
    place: list[str] = []
    for step in path:
        here = data
        data = _under(data, step)
        if isinstance(step, int) and isinstance(here, list) and isinstance(data, Mapping):
            if len(place) == 1 and _row_name(data):
                place.pop()
            place.append(_row_name(data) or f"row {step + 1}")
        else:
            place.append(str(step))
    return place


def _under(data: Any, step: int | str) -> Any:
    if isinstance(data, list) and isinstance(step, int):
        return data[step] if step < len(data) else None
    return data.get(step) if isinstance(data, Mapping) else None


def _row_name(row: Mapping[str, Any]) -> str:
    for keys in _NAMES:
        if all(isinstance(row.get(key), (str, date)) and row[key] != "" for key in keys):
            return "/".join(str(row[key]) for key in keys)
    return ""
