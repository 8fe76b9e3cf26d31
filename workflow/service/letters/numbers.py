"""Numbers of letters (发文字号): the next one of a body's book, and one that is void.

Rule: each body numbers its letters by year and series from 1, without gaps and doubles; what is void stays in
the book with its reason (practice.md §1.3).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from config.letters.template import Head
from workflow.letters.letter import NUMBERING
from workflow.service.letters.views import CODE_GAP, By
from workflow.service.office import Office
from workflow.store import letters as store
from workflow.store.letters import Numbered, Place, Version
from workflow.store.models import CaseRow
from workflow.store.unit import Unit


def filled_by(settings: Mapping[str, Any]) -> frozenset[str]:
    """The open places of a letter that its number fills: not the short name of a body that has not said it."""
    said = settings["letter_code"] or "代字" not in str(settings["letter_number"])
    return frozenset(NUMBERING if said else NUMBERING[1:])


def number_of(
    office: Office, unit: Unit, row: CaseRow, head: Head, day: date, about: str, by: By
) -> Numbered:
    """The next number for a letter of the case that is dated on the day."""
    gives = "transfer" in (*head.made_by, *head.follows)
    body = row.agency if gives else row.body
    settings = office.rules(unit, body, office.today()).settings
    pattern = str(settings["letter_number"])
    shared = settings["letter_series"] == "shared"
    said = (
        pattern.replace("{代字}", str(settings["letter_code"]) or CODE_GAP)
        .replace("{类}", head.number)
        .replace("{year}", str(day.year))
    )
    before, _, after = said.partition("{n}")
    place = Place(body.id, "" if shared else head.number, day.year, before, after)
    return store.take_number(unit, place, row.id, head.kind, about, by.actor, by.at, by.stands_for)


def void_all(
    office: Office, unit: Unit, versions: Iterable[Version], actor: str, reason: str
) -> None:
    """The numbers of these versions are void from now on."""
    for number in {one.number_id for one in versions if one.voided_at is None} - {None}:
        assert number is not None
        store.void_number(unit, number, actor, office.now(), reason)
