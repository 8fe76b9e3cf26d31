"""A case as it stands on the sheet and in the calendar."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SheetLine:
    """number of the case, name of its body, its state in words; due: its next day; left: working days
    to it, today not counted, negative once it is over; words: the same for reading.

    For calendars: code of the body that gave the number; revision: grows whenever the day may have moved; ended: nothing
    is due any more on the day."""

    number: str
    agency: str
    state: str
    due: date
    left: int
    words: str
    code: str = ""
    revision: int = 0
    ended: bool = False
