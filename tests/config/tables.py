"""The tables under config/, and how each is loaded from a folder of copies."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config import (
    api,
    calendars,
    channels,
    commands,
    law,
    ledger,
    letters,
    portal,
    reminders,
    rows,
    script,
)
from config import help as pages
from config.law import load as law_load
from workflow.case.machine import CaseMachine

ROOT = Path(law.__file__).parent.parent


def _law(folder: Path) -> None:
    CaseMachine(law.load_law.__wrapped__(folder / "law"))


def _calendars(folder: Path) -> None:
    calendars.notices.__wrapped__(folder / "calendars")
    calendars.statutory_days.__wrapped__(folder / "calendars")


LOADERS: dict[str, Callable[[Path], Any]] = {
    "api": lambda folder: api.load_api.__wrapped__(folder / "api"),
    "law": _law,
    "calendars": _calendars,
    "channels": lambda folder: (
        channels.load_channels.__wrapped__(folder / "channels"),
        channels.load_told.__wrapped__(folder / "channels"),
    ),
    "commands": lambda folder: commands.chinese.__wrapped__(folder / "commands"),
    "help": lambda folder: (
        pages.load_help.__wrapped__(folder / "help"),
        pages.load_tour.__wrapped__(folder / "help"),
    ),
    "ledger": lambda folder: ledger.load_ledger.__wrapped__(folder / "ledger"),
    "letters": lambda folder: letters.load_letters.__wrapped__(folder / "letters"),
    "script": lambda folder: script.load_terms.__wrapped__(folder / "script"),
    "portal": lambda folder: (
        portal.load_hints.__wrapped__(folder / "portal"),
        portal.load_pages.__wrapped__(folder / "portal"),
        portal.load_questions.__wrapped__(folder / "portal"),
    ),
    "reminders": lambda folder: reminders.load_ladder.__wrapped__(folder / "reminders"),
}
"""By folder of config/."""


def files() -> list[Path]:
    """Every TOML file under config/, relative to it."""
    return sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.toml"))


SOUND = {path: tomllib.loads((ROOT / path).read_text(encoding="utf-8")) for path in files()}


_SOUND = {id(data) for data in SOUND.values()}
_MADE: dict[tuple[int, Any], Any] = {}


def _checked(data: Any, model: Any, *named: Any, check: Callable[..., Any] = rows.checked) -> Any:
    """The model of a sound table is made once: only the one with the slip is read anew."""
    if id(data) not in _SOUND:
        return check(data, model, *named)
    if (id(data), model) not in _MADE:
        _MADE[id(data), model] = check(data, model, *named)
    return _MADE[id(data), model]


def told(file: Path, spoilt: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    """What the load says when the file says this and the others are sound; empty if it loads."""

    def toml(path: Path, _error: type[Exception]) -> dict[str, Any]:
        return spoilt if path == ROOT / file else SOUND[path.relative_to(ROOT)]

    monkeypatch.setattr(rows, "checked", _checked)
    for module in (rows, channels, commands, pages):
        monkeypatch.setattr(module, "toml", toml)
    for module in (
        law_load,
        channels,
        pages,
        script,
        portal,
    ):  # what is kept of the sound tables says nothing of these
        monkeypatch.setattr(module, "kept", lambda _, make: make())
    try:
        LOADERS[file.parts[0]](ROOT)
    except rows.TableError as slip:
        return str(slip)
    return ""


Way = tuple[int | str, ...]


def kinds(data: Any) -> Iterator[tuple[str, Way]]:
    """Each kind of place in a file once, with the way to the first such place: the rows of a list are
    of one kind, and so are the names of a table of names."""
    found: dict[str, Way] = {}
    _collect(data, (), (), found)
    yield from found.items()


def _collect(data: Any, way: Way, kind: tuple[str, ...], found: dict[str, Way]) -> None:
    if way:
        found.setdefault(".".join(kind), way)
    if isinstance(data, dict):
        alike = _names_of(data, way)
        for key, value in data.items():
            _collect(value, (*way, key), (*kind, "*" if alike else key), found)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            _collect(value, (*way, index), (*kind, "*"), found)


def _names_of(data: Any, way: Way) -> bool:
    return bool(way) and isinstance(way[-1], str) and _of_one_shape(list(data.values()))


def _of_one_shape(values: list[Any]) -> bool:
    """A table whose keys are names: all values are texts, or rows with the same columns."""
    shapes = {tuple(value) if isinstance(value, dict) else type(value) for value in values}
    return len(values) > 1 and len(shapes) == 1 and isinstance(values[0], (str, dict))


def names(data: Any, way: Way = ()) -> Iterator[Way]:
    """The way to each name of each table of names, and to each row of each list of rows."""
    if isinstance(data, dict):
        rows, inside = _names_of(data, way), list(data.items())
    elif isinstance(data, list):
        rows, inside = bool(data) and isinstance(data[0], dict), list(enumerate(data))
    else:
        return
    for key, value in inside:
        if rows:
            yield (*way, key)
        yield from names(value, (*way, key))


def at(data: Any, path: Way) -> Any:
    for step in path:
        data = data[step]
    return data
