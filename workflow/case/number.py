"""The number of a case: the year and how many the body had in it, 2026-0012 (decision 4)."""

import re
import unicodedata


def number_of(year: int, count: int) -> str:
    """The count-th number of the year."""
    return f"{year}-{count:04d}"


def order_of(number: str) -> tuple[int, ...]:
    """What numbers of one body are sorted by: 2026-10000 comes after 2026-9999."""
    return tuple(int(part) for part in number.split("-") if part.isdigit())


def numbers_in(text: str) -> list[str]:
    """What looks like numbers of cases in a text."""
    return re.findall(r"(?<!\d)(?:19|20)\d{2}-\d{4,}(?!\d)", text)


_WRITTEN = re.compile(r"[〔\[(]?((?:19|20)\d{2})[〕\])]?\s?年?\s?[-–—‐−_/ ]?\s?第?(\d{1,7})号?")


def number_written(text: str) -> str | None:
    """The one number that a text is, however it is written: 2026-12, ２０２６－００１２, 〔2026〕12 号, 2026 年第
    12 号, 20260012. None for anything else."""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().replace(" 号", "号")
    found = _WRITTEN.fullmatch(plain)
    if found is None or int(found[2]) == 0:
        return None
    apart = plain != found[1] + found[2]
    return number_of(int(found[1]), int(found[2])) if apart or len(found[2]) >= 4 else None


def year_of(number: str) -> int:
    """The year of a number."""
    return order_of(number)[0]
