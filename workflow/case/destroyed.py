"""What is left of a case whose file was destroyed (档案销毁): number, days, kinds and outcome, and who of the staff did
what; no words that anybody wrote, no name of who asked.

Rule: destruction takes words and names, never what the tables count.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workflow.rules.retention import years_kept

if TYPE_CHECKING:
    from workflow.case.case import Case

GONE = "（已销毁）"
_CODES = re.compile(r"[A-Za-z0-9_./:+-]*")
"""Kinds, hashes, days, numbers of cases and grounds: words of the program."""
_LONG_NUMBER = re.compile(r"\d{7,}")
"""Of identity, of a telephone or of a parcel."""
_OF_THE_OFFICE = frozenset(("approved_by", "second_person", "searched_by", "case_number", "into"))
"""Fields that name staff, a court's number or a case."""
_TO_THE_OFFICE = frozenset(("assign", "transfer", "reroute"))
"""Events whose `to` is a body, a unit or a person of the staff."""


def years_of(case: "Case") -> int:
    """Whole years for which the file of a case is kept, 0 for ever."""
    return years_kept(case.rules.settings, case.row, bool(case.facts.proceedings))


def without_words(event: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a line of the log without what people wrote into them."""
    kept = _OF_THE_OFFICE | ({"to"} if event in _TO_THE_OFFICE else set())
    return {name: one if name in kept else _without(one) for name, one in fields.items()}


def _without(value: Any) -> Any:
    if isinstance(value, str):
        told = _CODES.fullmatch(value) and not _LONG_NUMBER.search(value)
        return value if told or _is_hash(value) else GONE
    if isinstance(value, Mapping):
        return {name: _without(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without(one) for one in value]
    return value


def _is_hash(value: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{64}", value) is not None
