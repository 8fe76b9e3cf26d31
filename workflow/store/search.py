"""Cases found by words, and what is shown of the texts in which they stand."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Table, bindparam, select

from workflow.addresses import telephone
from workflow.case.identity import normal_form
from workflow.case.number import number_written
from workflow.case.terms import Word, said_in, terms
from workflow.letters.letter import Letter, Paragraph, read_again
from workflow.store import files
from workflow.store.dialect_index import (
    Sought,
    from_index,
)
from workflow.store.file_models import FileRow
from workflow.store.indexed import (
    LINE,
    OPENING,
    Place,
    parcel_of_text,
    parcels_of_body,
    texts_of_body,
)
from workflow.store.letters import content_of
from workflow.store.models import Base
from workflow.store.prepared import Among
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit

SHORTEST_NUMBER = 5
"""Characters of a number of identity or a telephone."""
FEW_BODIES = 20
_CASE, _KIND, _CASE_OF = 16, 13, 29
_ID = (1 << _CASE_OF) - 1
_KINDS = range(8)


_tables = Base.metadata.tables
_case, _applicant, _agency = _tables["case"].c, _tables["applicant"].c, _tables["agency"].c
_event, _letter, _number = _tables["event"].c, _tables["letter"].c, _tables["letter_number"].c
_file: Table = _tables["file"]
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


# -- what is looked for -----------------------------------------------------------------------------


def sought(keys: Secrets, word: Word) -> list[Sought]:
    """The ways in which a word may stand in the index: as it is, as a number of a case, in what lies sealed."""
    found = [Sought(word.phrase, word.opens)]
    if number := number_written(word.typed):
        found.append(Sought(tuple(terms(number))))
    if word.loose:
        found += [Sought(tuple(map(key.term, word.loose)), loose=True) for key in keys.each()]
    numbers = {normal_form(word.typed)}
    with suppress(ValueError):
        numbers.add(normal_form(telephone(word.typed)))
    return found + [
        Sought((key.number_term(one),))
        for one in sorted(numbers)
        for key in keys.each()
        if len(one) >= SHORTEST_NUMBER and any(char.isdigit() for char in one)
    ]


def _texts(
    connection: Connection, bodies: Collection[int], either: Collection[Sought]
) -> list[int]:
    """The texts of these bodies in which one of these stands, in order."""
    if not bodies:
        return []
    if len(bodies) <= FEW_BODIES:
        ranges = [texts_of_body(body) for body in sorted(bodies)]
        each = [from_index(connection, either, *one) for one in ranges]
        return each[0] if len(each) == 1 else [text for found in each for text in found]
    first, last = texts_of_body(min(bodies))[0], texts_of_body(max(bodies))[1]
    found = from_index(connection, either, first, last)
    cases = {body: texts_of_body(body)[1] for body in bodies}
    return [text for text in found if text <= cases.get(Place.of(text).agency_id, -1)]


@dataclass(frozen=True, slots=True)
class Matches:
    """What was found. texts: in order; ranks: the cases that have every word, those of a body the latest first,
    each with a kind of text: the first in which the word stands that is found last. A case is told by body and id."""

    texts: list[int]
    ranks: dict[int, int]

    def __len__(self) -> int:
        return len(self.ranks)

    @property
    def ids(self) -> list[int]:
        return [case & _ID for case in self.ranks]

    @property
    def kinds(self) -> Counter[int]:
        """How many texts there are of each kind."""
        return Counter([text >> _KIND & 7 for text in self.texts])

    def in_order(self, first: Collection[int] = ()) -> Iterator[tuple[int, list[int]]]:
        """The cases with their texts: on top those of which the first texts tell it, of these the latest. first: ids
        of cases that stand above all."""
        cases = list(self.ranks.items())
        if cases and cases[0][0] >> _CASE_OF != cases[-1][0] >> _CASE_OF:
            cases.sort(key=lambda one: -(one[0] & _ID))
        for case, _ in cases if first else ():
            if case & _ID in first:
                yield case & _ID, self._of_case(case)
        for kind in _KINDS:
            for case, rank in cases:
                if rank == kind and case & _ID not in first:
                    yield case & _ID, self._of_case(case)

    def _of_case(self, case: int) -> list[int]:
        first, last = case << _CASE, (case + 1) << _CASE
        return self.texts[bisect_left(self.texts, first) : bisect_left(self.texts, last)]

    def only(self, texts: Iterable[int]) -> "Matches":
        """Of the texts these alone; a case that has none is gone."""
        left = sorted(texts)
        cases = {text >> _CASE for text in left}
        return Matches(left, {case: rank for case, rank in self.ranks.items() if case in cases})


def matching(
    unit: Unit, keys: Secrets, bodies: Mapping[int, Collection[int]], words: Sequence[Word]
) -> Matches:
    """The cases of these bodies that have every word, wherever. bodies: by id, the kinds of texts of its cases that
    count."""
    found: Matches | None = None
    for word in sorted(words, key=lambda one: -len(one.typed)):
        texts = _texts(unit.connection, bodies, sought(keys, word))
        if keys.seals_words and not word.exact:
            texts = _that_say(unit, word, texts)
        if any(len(kinds) < len(_KINDS) for kinds in bodies.values()):
            places = ((text, Place.of(text)) for text in texts)
            texts = [text for text, at in places if at.kind in bodies[at.agency_id]]
        ranks = {text >> _CASE: text >> _KIND & 7 for text in reversed(texts)}
        if found is None:
            found = Matches(texts, ranks)
        else:
            both = {
                case: max(rank, ranks[case]) for case, rank in found.ranks.items() if case in ranks
            }
            every = {text for text in (*found.texts, *texts) if text >> _CASE in both}
            found = Matches(sorted(every), both)
        if not found.ranks:
            break
    return found or Matches([], {})


READ_MOST = 1000
"""So many texts are read to see whether a word stands in them."""


def _that_say(unit: Unit, word: Word, texts: Sequence[int]) -> list[int]:
    """Those of the texts in which the word stands and not only its terms, whose order the index does not know of what lies
    sealed. Requests and lines of logs are read, of these the latest; what else lies sealed is told by who shows it."""
    doubtful = {text: Place.of(text) for text in texts if text >> _KIND & 7 in (OPENING, LINE)}
    latest = sorted(doubtful, key=lambda text: doubtful[text].case_id, reverse=True)[:READ_MOST]
    at = {text: doubtful[text] for text in latest}
    cases = shown(unit, {one.case_id for one in at.values() if one.kind == OPENING})
    lines = lines_at(unit, [one for one in at.values() if one.kind == LINE])
    gone = set()
    for text, one in at.items():
        if one.kind == OPENING:
            case = cases[one.case_id]
            said = [case.number, case.request, *case.items]
        else:
            said = said_in(lines[one][1]) if one in lines else []
        if not any(word.stands_in(part) for part in said):
            gone.add(text)
    return [text for text in texts if text not in gone]


def parcels(unit: Unit, keys: Secrets, bodies: Collection[int], words: Sequence[Word]) -> list[int]:
    """The ids of the entries of the registers of parcels of these bodies that may have every word, the latest
    first."""
    found: set[int] | None = None
    for word in words:
        either = sought(keys, word)
        texts = {
            parcel_of_text(text)
            for body in bodies
            for text in from_index(unit.connection, either, *parcels_of_body(body))
        }
        found = texts if found is None else found & texts
    return sorted(found or (), reverse=True)


# -- what is shown ----------------------------------------------------------------------------------


class Shown(NamedTuple):
    """A case as far as a hit says something of it. names: of those who ask."""

    names: tuple[str, ...]
    id: int
    agency_id: int
    number: str
    kind: str
    request: str
    items: list[str]
    state: str
    outcome: str | None
    received_on: date | None
    closed_on: date | None
    opened_on: date
    applicant_now: str | None


class Paper(NamedTuple):
    """A version of a letter. texts: each with the number of its paragraph, None for what is none; empty of one whose
    file came from outside."""

    kind: str
    number: str
    texts: tuple[tuple[int | None, str], ...]


class Read(NamedTuple):
    """A file: what it is, its name, what is read in it."""

    kind: str
    name: str
    says: files.Says


_SHOWN = (
    _case.id, _case.agency_id, _case.number, _case.kind, _case.request, _case["items"], _case.state,
    _case.outcome, _case.received_on, _case.closed_on, _case.opened_on, _case.applicant_now,
)  # fmt: skip


_CASES = Among(
    lambda ids: (
        select(_applicant.name, *_SHOWN)
        .join_from(
            _tables["case"], _tables["applicant"], _applicant.case_id == _case.id, isouter=True
        )
        .where(_case.id.in_(ids))
        .order_by(_case.id, _applicant.position)
    )
)


def shown(unit: Unit, ids: Collection[int]) -> dict[int, Shown]:
    """These cases, by id."""
    found: dict[int, Shown] = {}
    for name, *row in _CASES.rows(unit.connection, ids):
        known = found.get(row[0])
        names = (*(known.names if known else ()), *([name] if name is not None else []))
        found[row[0]] = known._replace(names=names) if known else Shown(names, *row)
    return found


_PRIVATES = (
    select(_applicant.case_id, _applicant.sealed, _case.code_salt)
    .join_from(_tables["applicant"], _tables["case"], _case.id == _applicant.case_id)
    .where(_applicant.case_id.in_(_IDS), _applicant.position == 0)
)


def privates(unit: Unit, keys: Secrets, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What is private of the first applicant of each of these cases."""
    if not ids:
        return {}
    asked = unit.ask(_PRIVATES, ids=list(ids))
    found = {case: keys.open_private(sealed, salt, case) for case, sealed, salt in asked}
    return {id_: found.get(id_, {}) for id_ in ids}


_NUMBERED = select(_case.id).where(_case.agency_id.in_(_IDS), _case.number == bindparam("number"))


def numbered(unit: Unit, bodies: Collection[int], number: str) -> set[int]:
    """The ids of the cases of that number in these bodies."""
    return set(unit.ask(_NUMBERED, ids=list(bodies), number=number).scalars())


_LINES = select(_event.case_id, _event.seq, _event.event, _event.fields).where(
    _event.case_id.in_(_IDS), _event.seq.in_(bindparam("places", expanding=True))
)


def lines_at(unit: Unit, places: Collection[Place]) -> dict[Place, tuple[str, dict[str, Any]]]:
    """Event and fields of these lines of logs."""
    if not places:
        return {}
    cases, lines = {at.case_id for at in places}, {at.place for at in places}
    asked = unit.ask(_LINES, ids=list(cases), places=list(lines))
    found = {(case, seq): (event, fields) for case, seq, event, fields in asked}
    known = ((at, found.get((at.case_id, at.place))) for at in places)
    return {at: line for at, line in known if line}


_LETTERS = Among(
    lambda ids: select(
        _letter.case_id, _letter.kind, _letter.source, _letter.sealed, _number.text, _case.code_salt,
    )
    .join_from(_tables["letter"], _tables["case"], _case.id == _letter.case_id)
    .join(_tables["letter_number"], _number.id == _letter.number_id, isouter=True)
    .where(_letter.case_id.in_(ids))
    .order_by(_letter.case_id, _letter.id)
)  # fmt: skip


def papers_at(unit: Unit, keys: Secrets, places: Collection[Place]) -> dict[Place, Paper]:
    """The letters at these places, or those whose numbers stand there."""
    if not places:
        return {}
    of_case: dict[int, list[tuple[Any, ...]]] = {}
    for case, *row in _LETTERS.rows(unit.connection, {at.case_id for at in places}):
        of_case.setdefault(case, []).append(tuple(row))
    found = {}
    for at in places:
        versions = of_case.get(at.case_id, [])
        if at.place < len(versions):
            kind, source, sealed, number, salt = versions[at.place]
            letter = letter_of(keys, salt, at.case_id, source, sealed)
            found[at] = Paper(kind, number or "", _paragraphs(letter) if letter else ())
    return found


def letter_of(keys: Secrets, salt: str, case_id: int, source: str, sealed: bytes) -> Letter | None:
    """None where its file came from outside."""
    if source != "drafted":
        return None
    return read_again(content_of(keys, salt, case_id, sealed)["letter"])


def _paragraphs(letter: Letter) -> tuple[tuple[int | None, str], ...]:
    said = [one.text for one in letter.elements if isinstance(one, Paragraph)]
    other = [text for text in letter.texts() if text not in said]
    return (*enumerate(said, 1), *((None, text) for text in other))


_FILES = select(FileRow).where(_file.c.case_id.in_(_IDS)).order_by(_file.c.id)


def files_at(unit: Unit, keys: Secrets, places: Collection[Place]) -> dict[Place, Read]:
    """The files at these places."""
    if not places:
        return {}
    cases = {at.case_id for at in places}
    of_case: dict[int, list[FileRow]] = {}
    for row in unit.session.scalars(_FILES, {"ids": list(cases)}):
        of_case.setdefault(row.case_id, []).append(row)
    rows = {
        at: of_case[at.case_id][at.place]
        for at in places
        if at.place < len(of_case.get(at.case_id, ()))
    }
    texts = files.texts_of(unit, list(rows.values()), keys)
    return {
        at: Read(row.kind, files.label_of(row, keys).name, texts.get(row.id, ()))
        for at, row in rows.items()
    }
