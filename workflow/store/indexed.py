"""How a case stands in the index of terms: the terms of each text of it, when it is written (decision 30).

Texts that lie readable in the store are found by their terms in order. What lies sealed (letters, files, what is
private of applicants; names, requests and logs where the installation wants it, decision 46) is found by keyed hashes
of its terms, without their order: hashes of pairs in their order could be read by who counts them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from workflow.case.terms import is_single, loose_terms, said_in, terms
from workflow.store.dialect_index import Indexed
from workflow.store.sealed import Secrets

OPENING, APPLICANTS, NUMBER, LINE, LETTER, FILE, FILE_THAT_NAMES, BESIDE = range(8)
"""Kinds of texts, the ones that tell most of a case first: number, request and items; who asks; the number of a
letter; what was written into a line of the log; a letter; files; notes of staff beside it."""
_OF_BODY, _OF_CASE, _OF_KIND = 45, 16, 13
KIND_AT = _OF_KIND
"""So many digits of an id stand behind its kind."""
_FIRST_PARCEL = 1 << 28
"""Where cases end and the entries of the register of parcels begin, by their ids."""
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
    """The ids of the first and last text that the cases of a body can have."""
    first = agency_id << _OF_BODY
    return first, (first | _FIRST_PARCEL << _OF_CASE) - 1


def parcels_of_body(agency_id: int) -> tuple[int, int]:
    """The ids of the first and last entry of the register of parcels that a body can have."""
    first = agency_id << _OF_BODY
    return first | _FIRST_PARCEL << _OF_CASE, ((agency_id + 1) << _OF_BODY) - 1


def parcel_of_text(text: int) -> int:
    """The id of the entry."""
    return case_of_text(text) - _FIRST_PARCEL


def case_of_text(text: int) -> int:
    return text >> _OF_CASE & ((1 << _OF_BODY - _OF_CASE) - 1)


def kind_of_text(text: int) -> int:
    return text >> _OF_KIND & 7


def opening_terms(
    agency_id: int, case_id: int, number: str, request: str, items: Sequence[str]
) -> Indexed:
    """The number is never sealed."""
    numbered = terms(number)
    said = [*numbered, *terms(request, *items)]
    return Indexed(Place(agency_id, case_id, OPENING).id, said, (), len(numbered))


def applicant_terms(
    keys: Secrets, agency_id: int, case_id: int, names: Iterable[str], numbers: Collection[str]
) -> Indexed:
    """numbers: of identity and telephones (workflow.case.identity.numbers_of)."""
    place = Place(agency_id, case_id, APPLICANTS).id
    return Indexed(place, terms(*names), {keys.number_term(number) for number in numbers})


def line_terms(agency_id: int, case_id: int, seq: int, fields: Mapping[str, Any]) -> list[Indexed]:
    """Nothing for a line into which nobody wrote words."""
    said = said_in(fields)
    if not said or seq >= _PLACES:
        return []
    return [Indexed(Place(agency_id, case_id, LINE, seq).id, terms(*said))]


def as_kept(keys: Secrets, texts: Iterable[Indexed]) -> list[Indexed]:
    """Names, requests and lines of logs as they stand in the index: their terms in order, or keyed where these lie
    sealed."""
    return [_keyed(keys, one) for one in texts] if keys.seals_words else list(texts)


def in_any_way(keys: Secrets, texts: Iterable[Indexed]) -> Iterator[Indexed]:
    """The same in both ways in which a text may stand there, for taking it out."""
    for one in texts:
        yield one
        yield _keyed(keys, one)


def _keyed(keys: Secrets, one: Indexed) -> Indexed:
    plain = list(one.plain)
    said = {keys.term(term) for term in plain[one.open :] if not is_single(term)}
    return Indexed(one.id, plain[: one.open], said.union(one.loose), one.open)


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


def note_terms(keys: Secrets, agency_id: int, case_id: int, place: int, text: str) -> list[Indexed]:
    return _sealed(keys, Place(agency_id, case_id, BESIDE, place), [text])


def parcel_terms(
    keys: Secrets, agency_id: int, parcel_id: int, tracking: str, texts: Iterable[str]
) -> list[Indexed]:
    """tracking: the number on the label; texts: what lies sealed."""
    place = Place(agency_id, _FIRST_PARCEL + parcel_id, BESIDE)
    (found,) = _sealed(keys, place, texts)
    return [Indexed(found.id, terms(tracking) if tracking else (), found.loose)]


def _sealed(keys: Secrets, at: Place, texts: Iterable[str]) -> list[Indexed]:
    if at.place >= _PLACES:
        return []
    loose: Collection[str] = loose_terms(texts)
    if len(loose) > LOOSE_MOST:
        loose = sorted(loose)[:LOOSE_MOST]
    return [Indexed(at.id, (), set(map(keys.term, loose)))]


PUBLIC = "¶"
"""What a term of a released answer begins with, and no other term does: everybody may look for it, and what that costs
follows neither the texts of cases nor tells anything of them."""
_RELEASED = ((1 << 18) - 1) << _OF_BODY
"""Released answers stand behind the texts of the last body that there can be."""
RELEASED_TEXTS = _RELEASED, _RELEASED | ((1 << _OF_BODY) - 1)
RELEASED_KIND = _OF_BODY, 7
"""What an id of theirs is told by: the digits at a place (`from_index_each`)."""


def public_terms(*texts: str) -> list[str]:
    return [f"{PUBLIC}{one}" for one in terms(*texts)]


def released_terms(answer_id: int, title: str, text: str) -> Indexed:
    """A released answer."""
    return Indexed(_RELEASED | answer_id, public_terms(title, text))


def answer_of_text(text: int) -> int:
    return text & ((1 << _OF_BODY) - 1)
