"""Searching everything that somebody may see: what was found where, the best first."""

import base64
import binascii
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from config.letters import load_letters
from workflow import events as ev
from workflow.case.number import number_written
from workflow.case.terms import Marked, Word, marked, said_in, words_of
from workflow.case.unnamed import marks_of, unnamed, without_numbers
from workflow.people import Staff
from workflow.rules import permissions
from workflow.service.cases.unnamed import may_know
from workflow.service.files import KINDS as FILE_KINDS
from workflow.service.office import Office
from workflow.store import indexed, search
from workflow.store.indexed import Place
from workflow.store.notes import notes_at
from workflow.store.sight import Sight, seen, sight_of
from workflow.store.unit import Unit

PER_PAGE = 20
TYPED_MOST = 100
"""Characters of what is looked for."""
HITS_SHOWN, LOOKED_AT = 3, 8
"""Of a case so many places are shown, and so many looked at for it."""
UNNAMED_MOST = 200
"""So many cases are looked through for somebody who need not know who applies."""
EVERYWHERE = "all"
TABS: Mapping[str, tuple[str, frozenset[int]]] = {
    "request": ("申请", frozenset((indexed.OPENING, indexed.APPLICANTS))),
    "papers": ("答复和文书", frozenset((indexed.NUMBER, indexed.LINE, indexed.LETTER))),
    "files": ("附件", frozenset((indexed.FILE, indexed.FILE_THAT_NAMES))),
    "notes": ("备注", frozenset((indexed.BESIDE,))),
}
"""Where it is looked: what a page calls it, and the kinds of texts."""


class Hit(NamedTuple):
    """A place in which something was found, and the words around it."""

    place: str
    text: Marked


class CaseFound(NamedTuple):
    """A case with the places in which something was found. more: how many further ones. on: the day on which it was
    closed, else received, else opened; happened: which of them, in Chinese. applicant: empty where the reader need
    not know."""

    agency: str
    number: str
    title: Marked
    kind: str
    state: str
    outcome: str | None
    applicant: str
    on: date
    happened: str
    hits: tuple[Hit, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Results:
    """cases: of one page; total: how many cases in all; places: how many places, by tab. partly: for somebody who need
    not know who applies only the latest were looked through."""

    cases: list[CaseFound]
    total: int
    places: Mapping[str, int]
    partly: bool = False


@dataclass(frozen=True)
class Reach:
    """The bodies whose cases a person may read, codes by id, and the kinds of texts that count there. sight: what
    they see of these; unnamed: where they need not know who applies."""

    codes: Mapping[int, str]
    kinds: Mapping[int, frozenset[int]]
    sight: Sight
    unnamed: frozenset[int]


class Search:
    """Searching, for staff."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @property
    def texts_are_sealed(self) -> bool:
        """Requests, names and logs are found as letters are: by two characters at least."""
        return self.office.keys.seals_words

    # -- what was typed, as an address --------------------------------------------------------------

    def address_of(self, staff: Staff, typed: str) -> str:
        """What was typed in a form that may stand in an address: sealed, to be opened by this person alone. Names
        stand in no address, log or history."""
        sealed = self.office.keys.seal({"typed": typed[:TYPED_MOST]}, _belongs_to(staff))
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def typed_at(self, staff: Staff, address: str) -> str | None:
        """What was typed; None for an address that is none, or another person's."""
        from cryptography.exceptions import InvalidTag

        try:
            sealed = base64.urlsafe_b64decode(address + "=" * (-len(address) % 4))
            return str(self.office.keys.open(sealed, _belongs_to(staff))["typed"])
        except (InvalidTag, binascii.Error, ValueError):
            return None

    # -- searching ------------------------------------------------------------------------------------

    def find(
        self,
        staff: Staff,
        typed: str,
        tab: str = EVERYWHERE,
        *,
        after: int = 0,
        limit: int = PER_PAGE,
    ) -> Results:
        """The cases of the person's bodies that have all words, in whatever texts. tab: of TABS, only those with a
        place there; after: how many to pass over."""
        words = words_of(typed)
        with self.office.store.read() as unit:
            reach = reach_of(self.office, unit, staff)
            found, partly = matches(self.office, unit, reach, words)
            kinds = found.kinds
            places = {
                name: sum(kinds[kind] for kind in of_tab) for name, (_, of_tab) in TABS.items()
            }
            places[EVERYWHERE] = len(found.texts)
            if tab in TABS:
                wanted = TABS[tab][1]
                found = found.only(
                    text for text in found.texts if indexed.kind_of_text(text) in wanted
                )
            number = number_written(typed)
            first = search.numbered(unit, reach.codes, number) if number else ()
            page = list(islice(found.in_order(first), after, after + limit))
            cases = _Showing(self.office, unit, reach, words).cases(page)
            return Results(cases, len(found), places, partly)


def _belongs_to(staff: Staff) -> str:
    return f"search {staff.name}"


def reach_of(office: Office, unit: Unit, staff: Staff) -> Reach:
    """What the person may look through."""
    law = office.law
    readable = permissions.bodies_for(law, "read_cases", staff)
    bodies = office.tree(unit).of_codes(readable)
    unnamed_in = {body.id for body in bodies if not may_know(law, staff.roles[body.code])}
    return Reach(
        {body.id: body.code for body in bodies},
        {body.id: _kinds_for(office, staff.roles[body.code]) for body in bodies},
        sight_of({body.id: body.code for body in bodies}, staff.name, staff.lent, staff.of_units),
        frozenset(unnamed_in),
    )


def _kinds_for(office: Office, held: Collection[str]) -> frozenset[int]:
    def may(*actions: str) -> bool:
        return any(permissions.role_for(office.law, one, held) for one in actions)

    found = {indexed.OPENING, indexed.NUMBER, indexed.LINE, indexed.BESIDE}
    if may("draft_letter", "see_reply"):
        found.add(indexed.LETTER)
    if may("read_files"):
        found.add(indexed.FILE)
    if may_know(office.law, held):
        found.add(indexed.APPLICANTS)
        if may("read_files"):
            found.add(indexed.FILE_THAT_NAMES)
    else:
        found.discard(indexed.LETTER)
    return frozenset(found)


def matches(
    office: Office, unit: Unit, reach: Reach, words: Sequence[Word]
) -> tuple[search.Matches, bool]:
    """The cases within reach that have all words; and True where only the latest were looked through."""
    found, partly = search.matching(unit, office.keys, reach.kinds, words), False
    if reach.sight:
        cases = seen(unit, reach.sight, found.ids)
        found = found.only(text for text in found.texts if Place.of(text).case_id in cases)
    if reach.unnamed:
        found, partly = _without_names(office, unit, reach, words, found)
    return found, partly


def _without_names(
    office: Office, unit: Unit, reach: Reach, words: Sequence[Word], found: search.Matches
) -> tuple[search.Matches, bool]:
    """The same where words must not be found in the names of those who apply, wherever these stand: of the latest
    cases the texts are read as they are shown."""
    mine = [text for text in found.texts if Place.of(text).agency_id in reach.unnamed]
    cases = sorted({Place.of(text).case_id for text in mine}, reverse=True)
    looked = set(cases[:UNNAMED_MOST])
    mine = [text for text in mine if Place.of(text).case_id in looked]
    showing = _Showing(office, unit, reach, words)
    showing.read(map(Place.of, mine))
    standing: dict[int, set[Word]] = {}
    left = []
    for text in mine:
        said = [one for _, one in showing.says(Place.of(text))]
        here = {word for word in words if any(word.stands_in(one) for one in said)}
        if here:
            left.append(text)
            standing.setdefault(Place.of(text).case_id, set()).update(here)
    whole = {case for case, here in standing.items() if len(here) == len(words)}
    others = [text for text in found.texts if Place.of(text).agency_id not in reach.unnamed]
    left = [text for text in left if Place.of(text).case_id in whole]
    return found.only([*others, *left]), len(cases) > UNNAMED_MOST


class _Showing:
    """Reads the texts in which something was found, as the reader may see them."""

    def __init__(self, office: Office, unit: Unit, reach: Reach, words: Sequence[Word]) -> None:
        self.office, self.unit, self.reach, self.words = office, unit, reach, words
        self.known: dict[int, search.Shown] = {}
        self.lines: dict[Place, tuple[str, dict[str, Any]]] = {}
        self.papers: dict[Place, search.Paper] = {}
        self.files: dict[Place, search.Read] = {}
        self.notes: dict[Place, str] = {}
        self.marks: dict[int, tuple[str, ...]] = {}

    def read(self, places: Iterator[Place] | Collection[Place]) -> None:
        """Read what stands at these places, a statement for each kind."""
        of_kind: dict[int, list[Place]] = {}
        cases: set[int] = set()
        for at in places:
            of_kind.setdefault(at.kind, []).append(at)
            cases.add(at.case_id)
        unit, keys = self.unit, self.office.keys
        new = search.shown(unit, cases)
        self.known |= new
        hidden = {id_: case for id_, case in new.items() if case.agency_id in self.reach.unnamed}
        for id_, private in search.privates(unit, keys, hidden).items():
            now = hidden[id_].applicant_now
            names = (*hidden[id_].names, *([now] if now else []))
            self.marks[id_] = marks_of(names, private)
        self.lines |= search.lines_at(unit, of_kind.get(indexed.LINE, []))
        papers = [*of_kind.get(indexed.LETTER, []), *of_kind.get(indexed.NUMBER, [])]
        self.papers |= search.papers_at(unit, keys, papers)
        both = [*of_kind.get(indexed.FILE, []), *of_kind.get(indexed.FILE_THAT_NAMES, [])]
        self.files |= search.files_at(unit, keys, both)
        self.notes |= notes_at(unit, keys, of_kind.get(indexed.BESIDE, []))

    def cases(self, page: Sequence[tuple[int, list[int]]]) -> list[CaseFound]:
        """What is shown of these cases with their texts."""
        places = {case: [Place.of(text) for text in texts] for case, texts in page}
        self.read([at for found in places.values() for at in found[:LOOKED_AT]])
        return [
            self._case(self.known[case], found)
            for case, found in places.items()
            if case in self.known
        ]

    def _case(self, case: search.Shown, places: Sequence[Place]) -> CaseFound:
        hits: list[Hit] = []
        gone = 0
        for at in places[:LOOKED_AT]:
            if len(hits) == HITS_SHOWN:
                break
            hit = self._hit(at)
            if hit is None:
                gone += 1
            elif hit not in hits:
                hits.append(hit)
        day, happened = case.opened_on, "提出"
        if case.received_on:
            day, happened = case.received_on, "收到"
        if case.closed_on:
            day, happened = case.closed_on, "答复"
        named = case.agency_id not in self.reach.unnamed
        who = (case.applicant_now or case.names[0]) if case.names and named else ""
        title = self._seen(case, case.request)
        opened = any(at.kind == indexed.OPENING for at in places)
        return CaseFound(
            self.reach.codes[case.agency_id],
            case.number,
            (opened and marked(title, self.words, whole=True)) or ((title, False),),
            case.kind,
            case.state,
            case.outcome,
            who + (f"等 {len(case.names)} 人" if len(case.names) > 1 and named else ""),
            day,
            happened,
            tuple(hits),
            max(0, len(places) - gone - len(hits)),
        )

    def _hit(self, at: Place) -> Hit | None:
        """The part of the text in which most of the words stand; None where none does: of what lies sealed the index
        knows no order."""
        if len(self.words) == 1:
            found = ((place, marked(said, self.words)) for place, said in self.says(at))
            if hit := next((Hit(place, text) for place, text in found if text), None):
                return hit
        best: tuple[int, str, str] | None = None
        for place, said in self.says(at) if len(self.words) > 1 else ():
            number = sum(word.stands_in(said) for word in self.words)
            if number and (best is None or number > best[0]):
                best = number, place, said
            if number == len(self.words):
                break
        if best is not None:
            return Hit(best[1], marked(best[2], self.words))
        if at.kind == indexed.APPLICANTS:
            return Hit("申请人", (("证件号码、电话或者电子邮箱与查找的一致", False),))
        return None

    def _seen(self, case: search.Shown, said: str) -> str:
        if case.agency_id not in self.reach.unnamed:
            return said
        return without_numbers(str(unnamed(said, self.marks[case.id])))

    def says(self, at: Place) -> Iterator[tuple[str, str]]:
        """The parts of the text at a place, each with what it is called; names of who applies taken out for who need
        not know them."""
        case = self.known.get(at.case_id)
        if case is not None:
            for place, said in self._parts(at, case):
                yield self._seen(case, place), self._seen(case, said)

    def _parts(self, at: Place, case: search.Shown) -> Iterator[tuple[str, str]]:
        if at.kind == indexed.OPENING:
            several = len(case.items) > 1
            for number, item in enumerate(case.items, 1):
                yield f"申请内容第 {number} 项" if several else "申请内容", item
            yield "申请内容", case.request
            yield "编号", case.number
        elif at.kind == indexed.APPLICANTS:
            for name in case.names:
                yield "申请人", name
        elif at in self.lines:
            event, fields = self.lines[at]
            label = self.office.law.transitions[event].label
            for key, value in fields.items():
                field = ev.field_called(event, key)
                title = ev.field_title(event, field).split("（")[0] if field else ""
                for said in said_in(value):
                    yield f"{label}（{title}）" if title else label, said
        elif at in self.papers:
            paper = self.papers[at]
            label = load_letters().latest(paper.kind).head.label
            if at.kind == indexed.NUMBER:
                yield f"{label}的文号", paper.number
                return
            named = f"{label}{' ' + paper.number if paper.number else ''}"
            for paragraph, said in paper.texts:
                yield named + (f"，第 {paragraph} 段" if paragraph else ""), said
        elif at in self.notes:
            yield "办件备注", self.notes[at]
        elif at in self.files:
            file = self.files[at]
            kind = FILE_KINDS[file.kind]
            yield f"{kind}的名称", file.name
            for page, said in file.says:
                yield f"{kind} {file.name}" + (f"，第 {page} 页" if page else ""), said
