"""What a column of JSON holds: a list of texts, an object with these keys. JSON of another kind is no value of its column, on
whatever database, and is read as nothing (workflow/store/dialect_read.py), so that one bad row takes no list away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

from workflow.store.dialect_read import Unread, note_unread


@dataclass(frozen=True, eq=False)
class Shape:
    """One kind of JSON. empty: the least of its kind."""

    holds: Callable[[Any], bool]
    empty: Any


def _list_of(*kinds: type) -> Shape:
    return Shape(
        lambda value: isinstance(value, list) and all(isinstance(one, kinds) for one in value), []
    )


def objects_with(*keys: str) -> Shape:
    """A list of objects, each with these keys at least."""
    return Shape(
        lambda value: (
            isinstance(value, list)
            and all(isinstance(one, dict) and all(key in one for key in keys) for one in value)
        ),
        [],
    )


def object_with(*keys: str) -> Shape:
    """An object with these keys at least."""
    return Shape(
        lambda value: isinstance(value, dict) and all(key in value for key in keys),
        dict.fromkeys(keys),
    )


TEXTS = _list_of(str)
TEXTS_OR_NONE = _list_of(str, type(None))
OBJECT = object_with()
TEXT_BY_NAME = Shape(
    lambda value: isinstance(value, dict) and all(isinstance(one, str) for one in value.values()),
    {},
)
RANGES = Shape(
    lambda value: (
        isinstance(value, list)
        and all(
            isinstance(one, list) and all(isinstance(number, int) for number in one)
            for one in value
        )
    ),
    [],
)
"""A list of lists of whole numbers."""


class Shaped(TypeDecorator[Any]):
    """JSON of one shape. optional: or nothing, as SQL's NULL or as JSON's null."""

    impl = JSON
    cache_ok = True

    def __init__(self, shape: Shape, *, optional: bool = False, none_as_null: bool = False) -> None:
        super().__init__(none_as_null=none_as_null)
        self.shape, self.optional, self.none_as_null = shape, optional or none_as_null, none_as_null
        # As plain JSON is asked: what nobody gave is NULL, what was given as nothing is JSON's null.
        self.should_evaluate_none = not none_as_null

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        turn = self.impl_instance.result_processor(dialect, coltype)

        def read(value: Any) -> Any:
            found = turn(value) if turn is not None else value
            if found is None and (self.optional or (value is None and turn is not None)):
                return None  # nothing is there, or no row at all
            found = self.opened(found)
            if isinstance(found, Unread) or self.shape.holds(found):
                return found
            if value is not None:  # of what a driver reads itself NULL and null are one
                note_unread()
            return Unread()

        return read

    def opened(self, value: Any) -> Any:
        """What stands in a value that was read; where values lie sealed, what they open to."""
        return value
