"""Whole numbers of an address or a form: none is larger than what the store can hold."""

from flask import Flask
from werkzeug.routing import IntegerConverter

MOST = 2**31 - 1
"""The largest number of any column that an address or a form names."""
DIGITS_MOST = len(str(MOST))


def whole(text: str) -> int:
    """The number, for `type=` of a query string or a form. Raises ValueError, which leaves the default."""
    number = int(text)
    if abs(number) > MOST:
        raise ValueError(text)
    return number


def figures(text: str) -> int | None:
    """The number that a text is in plain figures; None for anything else, and for one that is too large."""
    plain = text.isascii() and text.isdecimal() and len(text) <= DIGITS_MOST
    return int(text) if plain and int(text) <= MOST else None


class Whole(IntegerConverter):
    """`<int:...>` of an address: a larger number is the largest one, which names nothing."""

    def to_python(self, value: str) -> int:
        # Python reads no number of thousands of digits.
        return min(int(value), MOST) if len(value) <= DIGITS_MOST else MOST


def bound_numbers(app: Flask) -> None:
    """Before any route is added."""
    app.url_map.converters["int"] = Whole
