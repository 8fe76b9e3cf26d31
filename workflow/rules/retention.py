"""How long the file of a case is kept (the setting `retention_years`)."""

from datetime import date


def kept_until(archived_on: date, years: int) -> date | None:
    """The last day of keeping; None for ever (0 years).

    Whole calendar years from the 1st of January after the day on which the file was archived.
    """
    return date(archived_on.year + years, 12, 31) if years else None
