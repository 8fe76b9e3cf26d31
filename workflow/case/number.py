"""The number of a case: the year and how many the body had in it, 2026-0012 (decision 4)."""

import re


def number_of(year: int, count: int) -> str:
    """The count-th number of the year."""
    return f"{year}-{count:04d}"


def order_of(number: str) -> tuple[int, ...]:
    """What numbers of one body are sorted by: 2026-10000 comes after 2026-9999."""
    return tuple(int(part) for part in number.split("-") if part.isdigit())


def numbers_in(text: str) -> list[str]:
    """What looks like numbers of cases in a text."""
    return re.findall(r"(?<!\d)(?:19|20)\d{2}-\d{4,}(?!\d)", text)


def year_of(number: str) -> int:
    """The year of a number."""
    return order_of(number)[0]
