"""A case without who asks: what a reader is shown who has to judge the information and not the applicant
(practice.md §3.3; 个人信息保护法6).

Names, numbers and addresses that the case knows of its applicant, its agent and its contact are taken out
wherever they stand, the request included. Other people who stand in a request stay: whether they may be
named is what the reviewer is asked.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from workflow.case.facts import Applicant
from workflow.case.identity import (
    masked_address,
    masked_email,
    masked_id,
    masked_person,
    masked_phone,
)
from workflow.case.right_name import earlier_names

APPLICANT = "（申请人）"
SHORTEST = 2
"""A name of one character is no mark of anybody: it stands in half of all words."""
_NUMBERS = re.compile(r"(?<!\d)(?:\d{11,}[Xx]?|0\d{2,3}-?\d{7,8})(?!\d)")
_TELLING = (
    "contact", "legal_representative", "id_number", "credit_code", "phone", "fax", "email", "address",
)  # fmt: skip


_MASKS = {
    "contact": masked_person, "legal_representative": masked_person, "id_number": masked_id,
    "credit_code": masked_id, "phone": masked_phone, "fax": masked_phone, "email": masked_email,
    "address": masked_address,
}  # fmt: skip


def masks_of(applicants: Iterable[Applicant], private: Mapping[str, Any]) -> dict[str, str]:
    """Everything by which the applicant could be told → the same masked, for who may know it and need not have
    it in sight. What an organisation is called stays. private: their unsealed data."""
    agent = private.get("agent") or {}
    found = {one.name: masked_person(one.name) for one in applicants if one.citizen}
    found |= {one: masked_person(one) for one in earlier_names(private)}
    found |= {str(agent["name"]): masked_person(str(agent["name"]))} if agent.get("name") else {}
    for kept in (private, agent):
        found |= {str(kept[name]): mask(str(kept[name])) for name, mask in _MASKS.items() if kept.get(name)}  # fmt: skip
    return {mark: found[mark] for mark in sorted(found, key=len, reverse=True) if len(mark) >= SHORTEST}  # fmt: skip


def masked(value: Any, masks: Mapping[str, str]) -> Any:
    """The value with every mark in its texts replaced by its mask; lists and tables are gone through."""
    if isinstance(value, str):
        return _pattern(tuple(masks)).sub(lambda hit: masks[hit[0]], value) if masks else value
    if isinstance(value, Mapping):
        return {key: masked(one, masks) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(masked(one, masks) for one in value)
    return value


def marks_of(names: Iterable[str], private: Mapping[str, Any]) -> tuple[str, ...]:
    """Everything by which the applicant could be told, the longest first. private: their unsealed data."""
    agent = private.get("agent") or {}
    said = [
        *names,
        *earlier_names(private),
        *(private.get(name) for name in _TELLING),
        *(agent.get(name) for name in ("name", *_TELLING)),
    ]
    found = {str(one).strip() for one in said if one}
    return tuple(sorted((one for one in found if len(one) >= SHORTEST), key=len, reverse=True))


def unnamed(value: Any, marks: tuple[str, ...]) -> Any:
    """The value with every mark in its texts replaced by APPLICANT; lists and tables are gone through."""
    if isinstance(value, str):
        return _pattern(marks).sub(APPLICANT, value) if marks else value
    if isinstance(value, Mapping):
        return {key: unnamed(one, marks) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(unnamed(one, marks) for one in value)
    return value


def without_numbers(text: str) -> str:
    """The text without what looks like a telephone or an identity number, whoever it belongs to."""
    return _NUMBERS.sub(APPLICANT, text)


def _pattern(marks: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, marks)))
