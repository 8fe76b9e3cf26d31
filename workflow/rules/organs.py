"""Who decides on review of a body and who takes complaints about it, where its settings do not say.

Rule: the organ of review follows from level, name and tree (config/law/remedies.toml; 行政复议法24 to 28).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from config.law import Law
from config.law.tables import ReviewOrgan

STATE_COUNCIL_OFFICE = "国务院办公厅"
_OFFICES = {"county": "办公室", "city": "办公室", "province": "办公厅"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a body stands: its name and level, and level and name of the bodies over it, the nearest
    first."""

    name: str
    level: str
    above: Sequence[tuple[str, str]] = ()


def derived_review_organ(law: Law, place: Place) -> str:
    """The organ of review of a body (行政复议法24 to 28). Empty where the tree does not know it."""
    row = _row(law, place)
    if row is None:
        return _government(law, place)
    if row.organ == "itself":
        return place.name
    superior = _superior(row, place)
    if row.organ == "superior":
        return superior
    government = _government(law, place)
    return f"{government}或者{superior or '上一级司法行政部门'}" if government else ""


def derived_complaint_body(law: Law, place: Place) -> str:
    """Who looks after the openness of a body and takes complaints: the office of the government above, of
    the department above where that leads it (条例5, 47, 51). Empty where the tree does not know it."""
    row = _row(law, place)
    if row is not None and row.organ == "superior":
        superior = _superior(row, place)
        return f"{superior}办公室" if superior else ""
    if row is not None and row.organ == "itself":
        return STATE_COUNCIL_OFFICE
    government = _government(law, place)
    return government + _OFFICES.get(law.above.get(place.level, ""), "办公室") if government else ""


def _row(law: Law, place: Place) -> ReviewOrgan | None:
    for row in law.organs:
        if place.level in row.levels or (row.name and re.search(row.name, place.name)):
            return row
    return None


def _government(law: Law, place: Place) -> str:
    wanted = law.above.get(place.level)
    return next((name for level, name in place.above if level == wanted), "")


def _superior(row: ReviewOrgan, place: Place) -> str:
    """The nearest body above of the same kind."""
    assert row.name is not None
    return next((name for _, name in place.above if re.search(row.name, name)), "")
