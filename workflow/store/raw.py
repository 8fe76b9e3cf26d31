"""Values as the driver gives them, understood one by one: to see that a row is what it was nothing has to be understood,
and one that is spoilt hides no other."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, Column, Dialect, type_coerce
from sqlalchemy.types import NULLTYPE

from workflow.store.dialect_read import Unread
from workflow.store.shaped import Shaped

SPOILT = (ValueError, TypeError, AttributeError, OverflowError)
"""What understanding raises where a value is none of its column."""


def raw(column: Column[Any]) -> Any:
    """The column, its values as they lie there."""
    return type_coerce(column, NULLTYPE).label(column.name)


def reads(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """From such a value to what it means. Raises one of SPOILT."""
    turn = column.type.dialect_impl(dialect).result_processor(dialect, None) or _as_it_is
    if not isinstance(column.type, JSON | Shaped):
        return turn

    def read(value: Any) -> Any:
        found = turn(value)
        if isinstance(found, Unread):
            raise ValueError
        return found

    return read


def _as_it_is(value: Any) -> Any:
    return value
