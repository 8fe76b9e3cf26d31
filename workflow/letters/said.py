"""Values as a letter says them: each with its words, and with what it is for who reads the facts."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from workflow.letters.letter import day_words
from workflow.rules.grounds import is_later

Row = dict[str, Any]
"""Values of one row of a list, by the names of its columns: as the case has them."""

_TRAILING = "。．.；;，,、 \u3000"


def clean(text: str) -> str:
    """A text that can be printed: one line, without characters that no paper has."""
    seen = (char for char in text if char in "\t\n\r" or not _unprintable(char))
    return re.sub(r"\s*[\t\n\r]+\s*", " ", "".join(seen)).strip()


def _unprintable(char: str) -> bool:
    code = ord(char)
    return (
        unicodedata.category(char) in ("Cc", "Cs")
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
    )


def words_of(value: Any) -> str | None:
    """A value as it stands within a sentence; None for one that nobody knows, and for words that a replayed
    docket was filled with."""
    if value is None or value == "" or value == ():
        return None
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        text = clean(value).rstrip(_TRAILING)
        return None if not text or is_later(value.strip()) else text
    if isinstance(value, tuple | list):
        found = [said for one in value if (said := words_of(one))]
        return "、".join(found) or None
    return str(value)


def plain(value: Any) -> Any:
    """A value as JSON has it; the words of a text are the same in both."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, str):
        return words_of(value)
    return value


class Values:
    """What a template may ask: values by name, lists of rows by name. None: nobody knows it."""

    def __init__(self, values: Mapping[str, Any], lists: Mapping[str, Iterable[Row]]) -> None:
        self.values = dict(values)
        self.lists = {name: list(rows) for name, rows in lists.items()}

    def without(self, names: Iterable[str]) -> "Values":
        """The same without names of people, which stand for the applicant in words that others typed."""
        hidden = [name for name in names if len(name) > 1]

        def veiled(value: Any) -> Any:
            if isinstance(value, str):
                for name in hidden:
                    value = value.replace(name, "申请人")
            elif isinstance(value, tuple | list):
                value = tuple(map(veiled, value))
            return value

        kept = {"body", "party", "contact_unit", "contact_address", "contact_person"}
        return Values(
            {name: value if name in kept else veiled(value) for name, value in self.values.items()},
            {
                name: [{key: veiled(value) for key, value in row.items()} for row in rows]
                for name, rows in self.lists.items()
            },
        )
