"""Whole numbers of an address or a form: as large as the store can hold, or not there at all."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, ValidationError

MOST = 2**31 - 1
"""The largest number of any column that an address or a form names."""


def whole(text: str) -> int:
    """The number, for `type=` of a query string or a form. Raises ValueError, which leaves the default."""
    number = int(text)
    if abs(number) > MOST:
        raise ValueError(text)
    return number


class Whole(IntegerConverter):
    """`<int:...>` of an address: a larger number is an address that is not there."""

    def to_python(self, value: str) -> Any:
        try:
            return whole(value)
        except ValueError:
            raise ValidationError from None


def bound_numbers(app: Flask) -> None:
    """Before any route is added."""
    app.url_map.converters["int"] = Whole
