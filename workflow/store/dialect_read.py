"""What lies in a database and is no value of its column (SQLite keeps whatever it is given): it is read as nothing, and
noted, so that one bad row takes no list away from everybody. `verify` names it (workflow/store/verified.py)."""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Engine, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Unread(dict[str, Any]):
    """What was read of JSON that is none: nothing, whether a list or an object was wanted."""


class _Noted(threading.local):
    times = 0


_NOTED = _Noted()


def note_unread() -> None:
    """This thread has read what is no value of its column."""
    _NOTED.times += 1


def times_unread() -> int:
    """How often this thread has read what is no value of its column: who compares it with what it was before knows
    whether something is left out of what was read meanwhile."""
    return _NOTED.times


def read_what_is_none(engine: Engine) -> None:
    """Let statements of the engine read what is no value of its column as nothing. PostgreSQL takes no such value."""
    dialect = engine.dialect
    if dialect.name == "sqlite":
        vars(dialect)["colspecs"] = {**dialect.colspecs, **_kinds(dialect.colspecs)}


def _kinds(colspecs: Any) -> dict[type, type]:
    made: dict[type, type] = {}
    for kind, nothing in ((Date, _none), (DateTime, _none), (Boolean, _none), (JSON, Unread)):
        base = colspecs.get(kind, kind)
        if not hasattr(base, "reads_what_is_none"):
            made[kind] = type(base.__name__, (_Reading, base), {"nothing": staticmethod(nothing)})
    return made


def _none() -> None:
    return None


class _Reading:
    """Before a type of a database: what its way from a value cannot read is nothing."""

    reads_what_is_none = True
    cache_ok = True
    nothing: Callable[[], Any]

    def result_processor(self, dialect: Any, coltype: Any) -> Callable[[Any], Any] | None:
        turn: Callable[[Any], Any] | None = super().result_processor(dialect, coltype)  # type: ignore[misc]
        if turn is None:
            return None

        def read(value: Any) -> Any:
            try:
                return turn(value)
            except (ValueError, TypeError, RecursionError):
                note_unread()
                return self.nothing()

        return read


class LengthOfList(FunctionElement[int]):
    """How many a list of JSON has; of what is none 0, where asking would take the whole answer away."""

    name = "length_of_list"
    inherit_cache = True
    type = Integer()


@compiles(LengthOfList)
def _length(element: LengthOfList, compiler: Any, **how: Any) -> str:
    (column,) = (compiler.process(one, **how) for one in element.clauses)
    return f"CASE WHEN json_valid({column}) THEN json_array_length({column}) ELSE 0 END"  # of no list 0


@compiles(LengthOfList, "postgresql")
def _length_postgresql(element: LengthOfList, compiler: Any, **how: Any) -> str:
    (column,) = (compiler.process(one, **how) for one in element.clauses)
    return f"CASE WHEN json_typeof({column}) = 'array' THEN json_array_length({column}) ELSE 0 END"
