"""How a case stands in the index of terms: the terms of each text of it, when it is written (decision 30).

Texts that lie readable in the store are found by their terms in order. What lies sealed (letters, files, what is
private of applicants) is found by keyed hashes of its terms, without their order.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from workflow.case.terms import loose_terms, said_in, terms
from workflow.store.dialect_index import Indexed
from workflow.store.sealed import KEYED, Secrets

OPENING, APPLICANTS, NUMBER, LINE, LETTER, FILE, FILE_THAT_NAMES = range(7)
"""Kinds of texts, the ones that tell most of a case first: number, request and items; who asks; the number of a
letter; what was written into a line of the log; a letter; files."""
_OF_BODY, _OF_CASE, _OF_KIND = 45, 16, 13
_PLACES = 1 << _OF_KIND
LOOSE_MOST = 50_000
"""Terms of a file; of a longer one those that come last in their order are not found."""


class Place(NamedTuple):
    """A text of a case. place: of a line its number in the log, else how many of the kind came before it."""

    agency_id: int
    case_id: int
    kind: int
    place: int = 0

    @property
    def id(self) -> int:
        return (
            self.agency_id << _OF_BODY
            | self.case_id << _OF_CASE
            | self.kind << _OF_KIND
            | self.place
        )

    @classmethod
    def of(cls, text: int) -> "Place":
        return cls(
            text >> _OF_BODY,
            case_of_text(text),
            kind_of_text(text),
            text & (_PLACES - 1),
        )


def texts_of_body(agency_id: int) -> tuple[int, int]:
    """The ids of the first and last text that a body can have."""
    return agency_id << _OF_BODY, ((agency_id + 1) << _OF_BODY) - 1


def case_of_text(text: int) -> int:
    return text >> _OF_CASE & ((1 << _OF_BODY - _OF_CASE) - 1)


def kind_of_text(text: int) -> int:
    return text >> _OF_KIND & 7


def opening_terms(
    agency_id: int, case_id: int, number: str, request: str, items: Sequence[str]
) -> Indexed:
    return Indexed(Place(agency_id, case_id, OPENING).id, terms(number, request, *items))


def applicant_terms(
    keys: Secrets, agency_id: int, case_id: int, names: Iterable[str], numbers: Collection[str]
) -> Indexed:
    """numbers: of identity and telephones (workflow.case.identity.numbers_of)."""
    place = Place(agency_id, case_id, APPLICANTS).id
    return Indexed(place, terms(*names), {keyed_number(keys, number) for number in numbers})


def line_terms(agency_id: int, case_id: int, seq: int, fields: Mapping[str, Any]) -> list[Indexed]:
    """Nothing for a line into which nobody wrote words."""
    said = said_in(fields)
    if not said or seq >= _PLACES:
        return []
    return [Indexed(Place(agency_id, case_id, LINE, seq).id, terms(*said))]


def letter_terms(
    keys: Secrets, agency_id: int, case_id: int, place: int, texts: Iterable[str]
) -> list[Indexed]:
    return _sealed(keys, Place(agency_id, case_id, LETTER, place), texts)


def number_terms(agency_id: int, case_id: int, place: int, number: str) -> list[Indexed]:
    """place: that of the letter."""
    if place >= _PLACES:
        return []
    return [Indexed(Place(agency_id, case_id, NUMBER, place).id, terms(number))]


def file_terms(
    keys: Secrets, agency_id: int, case_id: int, kind: int, place: int, texts: Iterable[str]
) -> list[Indexed]:
    """texts: its name first."""
    return _sealed(keys, Place(agency_id, case_id, kind, place), texts)


def _sealed(keys: Secrets, at: Place, texts: Iterable[str]) -> list[Indexed]:
    if at.place >= _PLACES:
        return []
    loose: Collection[str] = loose_terms(texts)
    if len(loose) > LOOSE_MOST:
        loose = sorted(loose)[:LOOSE_MOST]
    return [Indexed(at.id, (), set(map(keys.term, loose)))]


def keyed_number(keys: Secrets, number: str) -> str:
    """The hash of a number of identity or a telephone, as a whole."""
    return f"{KEYED}{keys.digest('number', number)[:16]}"
