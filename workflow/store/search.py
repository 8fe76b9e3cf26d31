"""Cases found by words, what is shown of the texts in which they stand, and answers to requests that are alike."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Table, bindparam, or_, select

from workflow import events as ev
from workflow.addresses import telephone
from workflow.case.identity import normal_form
from workflow.case.number import number_written
from workflow.case.terms import Word, terms
from workflow.letters.letter import Letter, Paragraph, read_again
from workflow.store import files
from workflow.store.dialect_index import (
    Sought,
    from_index,
    from_index_each,
)
from workflow.store.file_models import FileRow
from workflow.store.indexed import (
    OPENING,
    Place,
    keyed_number,
    texts_of_body,
)
from workflow.store.letters import content_of
from workflow.store.models import Base
from workflow.store.restored import Entry, entries_that_hold
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit

SHORTEST_NUMBER = 5
"""Characters of a number of identity or a telephone."""
FEW_BODIES = 20
_CASE, _KIND, _CASE_OF = 16, 13, 29
_ID = (1 << _CASE_OF) - 1
_KINDS = range(7)


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
        found.append(Sought(tuple(map(keys.term, word.loose)), loose=True))
    numbers = {normal_form(word.typed)}
    with suppress(ValueError):
        numbers.add(normal_form(telephone(word.typed)))
    return found + [
        Sought((keyed_number(keys, one),))
        for one in sorted(numbers)
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
    return [text for text in found if Place.of(text).agency_id in bodies]


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


# -- what is alike ----------------------------------------------------------------------------------

TERMS_COMPARED, LATEST = 60, 300
"""So many terms of a request are compared; one that stands in so many of the latest ones tells nothing."""


def alike(unit: Unit, agency_id: int, case_id: int, texts: Iterable[str]) -> dict[int, float]:
    """Other cases of the body whose requests have terms of these texts, by id, the most alike first, of these the latest; each
    with the share of what the terms tell that it has: what is rare tells more."""
    telling = (term for term in terms(*texts) if len(term) > 1 and not term.isdigit())
    wanted = list(dict.fromkeys(telling))[:TERMS_COMPARED]
    each = from_index_each(
        unit.connection, wanted, *texts_of_body(agency_id), (_KIND, OPENING), LATEST
    )
    found: dict[int, float] = {}
    whole = 0.0
    for of_term in each:
        others = {Place.of(text).case_id for text in of_term} - {case_id}
        if len(of_term) >= LATEST:
            continue
        weight = log((LATEST + 1) / (len(others) + 1))
        whole += weight
        for case in others:
            found[case] = found.get(case, 0.0) + weight
    shares = {case: round(told / whole, 2) for case, told in found.items()}
    return dict(sorted(shares.items(), key=lambda one: (-one[1], -one[0])))


class Answered(NamedTuple):
    """An answered case: how, when, and what became of it. proposal: the fields of the last proposal; redone_by: the
    number of the case that answers it anew."""

    proposal: dict[str, Any]
    redone_by: str | None
    id: int
    number: str
    request: str
    items: list[str]
    outcome: str | None
    closed_on: date
    proceedings: list[dict[str, Any]]


_ANSWERED = select(
    _case.id, _case.number, _case.request, _case["items"], _case.outcome, _case.closed_on, _case.proceedings,
).where(_case.id.in_(_IDS), _case.closed_on.is_not(None), _case.kind == "application")  # fmt: skip
_REDOING = select(_case.redo_of, _case.number).where(
    _case.agency_id == bindparam("agency"),
    _case.redo_of.in_(bindparam("numbers", expanding=True)),
    or_(_case.redo_mode.is_(None), _case.redo_mode == "replace"),
)
_PROPOSED = (
    select(_event.case_id, _event.seq, _event.event, _event.on, _event.fields)
    .where(
        _event.case_id.in_(_IDS),
        _event.event.in_((ev.ProposeOutcome.name, ev.CorrectEntry.name)),
    )
    .order_by(_event.case_id, _event.seq)
)


def answered(unit: Unit, agency_id: int, ids: Collection[int]) -> dict[int, Answered]:
    """Those of these cases of the body that have an answer, by id."""
    rows = unit.ask(_ANSWERED, ids=list(ids)).all() if ids else []
    if not rows:
        return {}
    logs: dict[int, list[Entry]] = {}
    for case, *line in unit.ask(_PROPOSED, ids=[row.id for row in rows]):
        logs.setdefault(case, []).append(Entry(*line))
    proposals = {case: entries_that_hold(log) for case, log in logs.items()}
    asked = unit.ask(_REDOING, agency=agency_id, numbers=[row.number for row in rows])
    redone: dict[str, str] = {first: number for first, number in asked}
    return {
        row.id: Answered(
            proposals[row.id][-1].fields if proposals.get(row.id) else {},
            redone.get(row.number),
            *row,
        )
        for row in rows
    }


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


_CASES = select(*_SHOWN).where(_case.id.in_(_IDS))
_NAMES = (
    select(_applicant.case_id, _applicant.name)
    .where(_applicant.case_id.in_(_IDS))
    .order_by(_applicant.case_id, _applicant.position)
)


def shown(unit: Unit, ids: Collection[int]) -> dict[int, Shown]:
    """These cases, by id."""
    if not ids:
        return {}
    names: dict[int, list[str]] = {}
    for case, name in unit.ask(_NAMES, ids=list(ids)):
        names.setdefault(case, []).append(name)
    rows = unit.ask(_CASES, ids=list(ids))
    return {row[0]: Shown(tuple(names.get(row[0], ())), *row) for row in rows}


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


def held_elsewhere(unit: Unit, bodies: Collection[int]) -> set[int]:
    """The ids of the cases of these bodies that were transferred."""
    query = select(_case.id).where(_case.agency_id.in_(bodies), _case.held_by.is_not(None))
    return set(unit.ask(query).scalars())


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


_LETTERS = (
    select(_letter.case_id, _letter.kind, _letter.source, _letter.sealed, _number.text, _case.code_salt)
    .join_from(_tables["letter"], _tables["case"], _case.id == _letter.case_id)
    .join(_tables["letter_number"], _number.id == _letter.number_id, isouter=True)
    .where(_letter.case_id.in_(_IDS))
    .order_by(_letter.case_id, _letter.id)
)  # fmt: skip


def papers_at(unit: Unit, keys: Secrets, places: Collection[Place]) -> dict[Place, Paper]:
    """The letters at these places, or those whose numbers stand there."""
    if not places:
        return {}
    of_case: dict[int, list[Any]] = {}
    for row in unit.ask(_LETTERS, ids=list({at.case_id for at in places})):
        of_case.setdefault(row.case_id, []).append(row)
    found = {}
    for at in places:
        versions = of_case.get(at.case_id, [])
        if at.place < len(versions):
            row = versions[at.place]
            letter = letter_of(keys, row.code_salt, at.case_id, row.source, row.sealed)
            found[at] = Paper(row.kind, row.text or "", _paragraphs(letter) if letter else ())
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
