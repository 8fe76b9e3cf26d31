"""A name that was wrong and was put right (个人信息保护法46): what is kept of it beside what is private of the applicant.

Rule: the log stays chained to the name with which the case began; everything that is shown from then on has the right one.
"""

from collections.abc import Mapping
from typing import Any

from workflow.case.facts import Applicant

EARLIER_NAMES = "earlier_names"
"""Among what is private of an applicant: each correction, the first one first."""


def corrected(private: Mapping[str, Any], before: str, now: str, **told: str) -> dict[str, Any]:
    """What is private of an applicant whose name is put right once more. told: since when, by whom, on what ground."""
    return {**private, EARLIER_NAMES: [*_all(private), {"name": before, "now": now, **told}]}


def earlier_names(private: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that the applicant was called by mistake."""
    return tuple(str(one["name"]) for one in _all(private))


def corrections(private: Mapping[str, Any]) -> int:
    """How often the name was put right."""
    return len(_all(private))


def fits(person: Applicant, private: Mapping[str, Any]) -> bool:
    """Whether the corrections lead from the name that was filed to the one of today, one after the other."""
    said = _all(private)
    if not said:
        return person.filed_as is None
    names = [said[0]["name"], *(one["now"] for one in said)]
    follow = all(one["name"] == name for one, name in zip(said, names, strict=False))
    return follow and (names[0], names[-1]) == (person.filed_as, person.name)


def _all(private: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(private.get(EARLIER_NAMES, ()))
