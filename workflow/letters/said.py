"""Values as a letter says them: each with its words, and with what it is for who reads the facts."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from workflow.letters.letter import day_words
from workflow.rules.grounds import is_later

Row = dict[str, Any]
"""Values of one row of a list, by the names of its columns: as the case has them."""

_TRAILING = "。．.；;，,、 \u3000"


def clean(text: str) -> str:
    """A text that can be printed: one line, without characters that no paper has."""
    if _ODD.search(text) is None:
        return text.strip()
    return re.sub(r"\s*[\t\n\r]+\s*", " ", _UNPRINTABLE.sub("", text)).strip()


_LAST_TWO = "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
)
_NONE = f"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_LAST_TWO}"
_UNPRINTABLE = re.compile(f"[{_NONE}]")
_ODD = re.compile(f"[{_NONE}\t\n\r]")
"""Control characters, halves of characters, and what Unicode says is no character."""


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


class Asked(Mapping[str, Any]):
    """Values by name, of which each group is worked out when one of its names is asked for first: a letter
    asks for a few of them. places: the group of each name, learned when a name is not known yet."""

    def __init__(
        self, groups: Sequence[Callable[[], Mapping[str, Any]]], places: dict[str, int]
    ) -> None:
        self._groups, self._places = groups, places
        self._found: dict[int, Mapping[str, Any]] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._places:
            for place in range(len(self._groups)):
                self._places.update(dict.fromkeys(self._of(place), place))
        return self._of(self._places[name])[name]

    def __iter__(self) -> Iterator[str]:
        return (name for place in range(len(self._groups)) for name in self._of(place))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _of(self, place: int) -> Mapping[str, Any]:
        if place not in self._found:
            self._found[place] = self._groups[place]()
        return self._found[place]


class _Turned(Mapping[str, Any]):
    """Each value of a mapping as a function makes it, once it is asked for."""

    def __init__(self, of: Mapping[str, Any], turn: Callable[[str, Any], Any]) -> None:
        self._of, self._turn = of, turn
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._found:
            self._found[name] = self._turn(name, self._of[name])
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._of)

    def __len__(self) -> int:
        return len(self._of)


class Values:
    """What a template may ask: values by name, and what works out the rows of a list, by name. None: nobody
    knows it."""

    def __init__(
        self, values: Mapping[str, Any], lists: Mapping[str, Callable[[], Iterable[Row]]]
    ) -> None:
        self.values = values
        self.lists: Mapping[str, list[Row]] = _Turned(lists, lambda _, rows: list(rows()))

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

        def of_list(name: str) -> list[Row]:
            rows = self.lists[name]
            return [{key: veiled(value) for key, value in row.items()} for row in rows]

        kept = {"body", "party", "contact_unit", "contact_address", "contact_person"}
        return Values(
            _Turned(self.values, lambda name, value: value if name in kept else veiled(value)),
            {name: partial(of_list, name) for name in self.lists},
        )
