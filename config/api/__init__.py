"""What the calls and fields of the API mean, and what changed in it, for its document: the tables of this folder, read and
checked once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.errors import TableError
from config.kept import kept
from config.rows import ROW, Labels, LawDay, Text, Word, Words, made_from, once, read

FOLDER = Path(__file__).parent
FIELDS, CALLS, CHANGES = "fields.toml", "calls.toml", "changes.toml"


class ApiError(TableError):
    """A row of these tables that cannot be. Names file and row."""


@dataclass(frozen=True, slots=True)
class FieldWords:
    """meaning: of a field, for people; example: a value, where its type makes none."""

    meaning: str
    example: str | None = None


@dataclass(frozen=True, slots=True)
class CallWords:
    """summary: what a call or model is, in a line; more: what else there is to say."""

    summary: str
    more: str = ""


Row = Annotated[tuple[Text, ...], Field(min_length=1, max_length=2), AfterValidator(once)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]{0,59}$")]
Version = Annotated[str, Field(pattern=r"^\d+\.\d+$")]
Said = Annotated[CallWords, made_from(Row, lambda row: CallWords(*row))]


@dataclass(frozen=True, slots=True)
class _Fields:
    __pydantic_config__ = ROW
    fields: Annotated[
        dict[str, Annotated[FieldWords, made_from(Row, lambda row: FieldWords(*row))]],
        Field(min_length=1),
    ]


@dataclass(frozen=True, slots=True)
class _Calls:
    __pydantic_config__ = ROW
    calls: Annotated[dict[Name, Said], Field(min_length=1)]
    models: Annotated[dict[Name, Said], Field(min_length=1)]
    choices: Annotated[dict[Word, Labels], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed in the API. on: the day from which it is so; calls: which, none: all. Of what is deprecated:
    names, the arguments, and until, the version with which they may go. gone: lines of docs/api-promised.txt that hold no
    more (`heading: line`), or headings of which nothing does."""

    __pydantic_config__ = ROW
    version: Version
    on: LawDay
    kind: Literal["added", "changed", "deprecated", "removed"]
    what: Text
    calls: Annotated[tuple[Name, ...], AfterValidator(once)] = ()
    names: Words = ()
    until: Version | None = None
    gone: Annotated[tuple[Text, ...], AfterValidator(once)] = ()


@dataclass(frozen=True, slots=True)
class _Changes:
    __pydantic_config__ = ROW
    change: Annotated[tuple[Change, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class ApiWords:
    """fields: by name, or `Model.field`. calls: by operationId. models: by name. choices: labels of what can be chosen,
    where no table of the law has them. changes: in the order of their days."""

    fields: Mapping[str, FieldWords]
    calls: Mapping[str, CallWords]
    models: Mapping[str, CallWords]
    choices: Mapping[str, Mapping[str, str]]
    changes: tuple[Change, ...]

    def deprecated(self, name: str, call: str = "") -> Change | None:
        """The change by which an argument of a call, or of any, is deprecated."""
        return next(
            (one for one in self.changes if name in one.names and (not call or call in one.calls)),
            None,
        )


@cache
def load_api(folder: Path = FOLDER) -> ApiWords:
    """What the tables say. Raises ApiError."""
    return kept("api", lambda: _api(folder)) if folder == FOLDER else _api(folder)


def _api(folder: Path) -> ApiWords:
    said = read(folder / CALLS, _Calls, ApiError)
    changes = read(folder / CHANGES, _Changes, ApiError).change
    for before, one in pairwise(changes):
        if one.on < before.on:
            raise ApiError(f"{CHANGES}: {one.what}: stands after what came later")
    for one in changes:
        if (one.kind == "deprecated") != bool(one.until and one.names and one.calls):
            raise ApiError(
                f"{CHANGES}: {one.what}: what is deprecated, and nothing else, has calls, names and until"
            )
        if one.gone and one.kind not in ("changed", "removed"):
            raise ApiError(f"{CHANGES}: {one.what}: only what is changed or removed has gone")
        if one.until is not None and _number(one.until) <= _number(one.version):
            raise ApiError(f"{CHANGES}: {one.what}: what is deprecated stays for this version")
        if unknown := set(one.calls) - set(said.calls):
            raise ApiError(f"{CHANGES}: {one.what}: no call {', '.join(sorted(unknown))}")
    fields = read(folder / FIELDS, _Fields, ApiError).fields
    return ApiWords(fields, said.calls, said.models, said.choices, changes)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
