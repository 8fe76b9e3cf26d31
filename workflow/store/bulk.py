"""Many cases at a time: the rows of whole cases, made and written by the same functions as one event
(workflow.store.writing), so that the two cannot differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from workflow.case.case import Case
from workflow.case.facts import Header
from workflow.case.identity import numbers_of
from workflow.store.chain import hash_before
from workflow.store.dialect_index import Indexed
from workflow.store.indexed import applicant_terms, as_kept, line_terms, opening_terms
from workflow.store.models import Base
from workflow.store.sealed import Secrets
from workflow.store.seals import NEVER_CHANGED, Private, beginning, beginning_seals, seal_line
from workflow.store.unit import Unit
from workflow.store.writing import (
    CASE,
    Watched,
    add_applicants,
    add_cases,
    add_watched,
    applicant_values,
    case_values,
    change_rows,
    event_values,
    forget_watched,
    opening_values,
    sealed_head,
    watched_values,
    watching,
    write_lines,
)

Row = dict[str, Any]
BATCH = 2000
"""Rows that are handed over at once."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What is kept of an applicant beside the name. private: to be sealed; proof: of identity, to be hashed
    (workflow/case/identity.py)."""

    private: Mapping[str, Any] | None = None
    proof: str | None = None


NOTHING = Secret()


@dataclass(slots=True)
class InHand:
    """A case that is played in memory. The store has it as it was when it was last written: so many lines,
    the hash of the last of them, the watched days; begun: what it began with, of one without lines
    (`workflow.store.seals`)."""

    id: int
    agency_id: int
    case: Case
    opened_on: date
    lines: int = 0
    head: str = ""
    watched: set[Watched] = field(default_factory=set)
    counted_as: str | None = None
    begun: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """What the row of a case has besides: when it was submitted, what is kept of each applicant, how it is
    wanted."""

    submitted_at: datetime
    known: Sequence[Secret] = ()
    medium: Sequence[str] = ()


@dataclass(slots=True)
class Rows:
    """What is to be written of many cases, by table. secrets: of each applicant, in their order, until they
    are sealed: rows can be made where no key is at hand. headers: by id, of the cases whose rows are there, and what those began
    with whose first line is there; waiting: those that have none yet."""

    cases: list[Row] = field(default_factory=list)
    without_log: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    applicants: list[Row] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    headers: dict[int, Header] = field(default_factory=dict)
    begun: dict[int, str] = field(default_factory=dict)
    waiting: list[InHand] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    watched: list[Row] = field(default_factory=list)
    forgotten: list[Row] = field(default_factory=list)
    recounted: list[tuple[int, str | None, str | None]] = field(default_factory=list)
    indexed: list[Indexed] = field(default_factory=list)

    def add(self, hand: InHand, opening: Opening | None = None) -> None:
        """What happened to the case since it was last written. opening: of one that has no row yet."""
        self.begun[hand.id] = hand.begun
        told = self._happened(hand)
        self.headers[hand.id] = hand.case.header
        if opening is None:
            if told:
                self.changed.append({"of_case": hand.id, **told})
            return
        header = hand.case.header
        row = opening_values(
            hand.agency_id, header, hand.opened_on, opening.submitted_at, "", "",
            medium=list(opening.medium),
        )  # fmt: skip
        (self.cases if told else self.without_log).append({"id": hand.id, **row, **told})
        if not told:
            self.waiting.append(hand)
        self.indexed.append(
            opening_terms(hand.agency_id, hand.id, header.number, header.request, header.items)
        )
        for place, person in enumerate(applicant_values(header)):
            self.applicants.append({"case_id": hand.id, **person})
            known = opening.known
            self.secrets.append(known[place] if place < len(known) else NOTHING)

    def _happened(self, hand: InHand) -> Row:
        """The lines of the log that are not written yet, and what follows from them for the row."""
        case = hand.case
        if len(case.written) == hand.lines:
            return {}
        head = hand.head or hash_before(case.header, hand.opened_on)
        for line in case.written[hand.lines :]:
            values = event_values(hand.id, line, head)
            self.lines.append(values)
            self.indexed += line_terms(hand.agency_id, hand.id, line.seq, values["fields"])
            head = values["hash"]
        wanted = watched_values(case)
        gone, new = sorted(hand.watched - wanted), sorted(wanted - hand.watched)
        self.forgotten += watching(hand.id, hand.agency_id, gone)
        self.watched += watching(hand.id, hand.agency_id, new)
        hand.lines, hand.head, hand.watched = len(case.written), head, wanted
        told = case_values(case, head)
        if told["counted_as"] != hand.counted_as:
            self.recounted.append((hand.agency_id, hand.counted_as, told["counted_as"]))
            hand.counted_as = told["counted_as"]
        return told

    def seal(self, keys: Secrets) -> None:
        """Give every new case its query code, seal what is private of its applicants, and the cases with their logs."""
        new = {row["id"]: row for row in (*self.cases, *self.without_log)}
        private: dict[int, list[Private]] = {case_id: [] for case_id in new}
        salts: dict[int, str] = {}
        found: dict[int, tuple[list[str], set[str]]] = {}
        for row in new.values():
            salt = keys.new_salt()
            row["code_salt"] = salts[row["id"]] = salt
            row["query_hash"] = keys.query_hash(row["number"], keys.query_code(salt))
        for row, known in zip(self.applicants, self.secrets, strict=True):
            row["sealed"] = None
            if known.private is not None:
                salt = salts[row["case_id"]]
                row["sealed"] = keys.seal_private(dict(known.private), salt)
            row["identity"] = keys.identity(known.proof) if known.proof else None
            row["name_hash"] = keys.name_hash(row["name"])
            private[row["case_id"]].append((row["sealed"], row["identity"]))
            names, numbers = found.setdefault(row["case_id"], ([], set()))
            names.append(row["name"])
            numbers |= numbers_of(known.private or {})
        self.secrets.clear()
        for case_id, (names, numbers) in found.items():
            agency_id = new[case_id]["agency_id"]
            self.indexed.append(applicant_terms(keys, agency_id, case_id, names, numbers))
        self.indexed = as_kept(keys, self.indexed)
        self._seal_chains(keys, new, private)

    def _seal_chains(
        self, keys: Secrets, new: Mapping[int, Row], private: Mapping[int, list[Private]]
    ) -> None:
        for case_id, row in new.items():
            row.update(beginning_seals(keys, self.headers[case_id], row, private[case_id]))
            self.begun[case_id] = beginning({name: row.get(name) for name in NEVER_CHANGED})
        for line in self.lines:
            begun = self.begun[line["case_id"]] if line["seq"] == 1 else ""
            line["seal"] = seal_line(keys, line, begun)
        for row in (*self.cases, *self.changed):
            header = self.headers[row["id"] if "id" in row else row["of_case"]]
            row.update(sealed_head(keys, header, row, None))
        for hand in self.waiting:
            hand.begun = self.begun[hand.id]

    def write(self, unit: Unit) -> None:
        """Write them all, the cases first; the kept counts follow."""
        connection = unit.connection
        write_rows(connection, CASE, self.without_log)
        for write, rows in (
            (add_cases, self.cases), (add_applicants, self.applicants), (write_lines, self.lines),
            (change_rows, self.changed), (forget_watched, self.forgotten), (add_watched, self.watched),
        ):  # fmt: skip
            for first in range(0, len(rows), BATCH):
                write(connection, rows[first : first + BATCH])
        unit.index(*self.indexed)
        for agency_id, old, new in self.recounted:
            unit.recount(agency_id, old, new)


def table(name: str) -> Table:
    """A table of the store by its name."""
    return Base.metadata.tables[name]


def write_rows(connection: Connection, into: Table, rows: Sequence[Row]) -> None:
    """Write rows that all tell the same columns."""
    statement = insert(into).inline()
    for first in range(0, len(rows), BATCH):
        connection.execute(statement, list(rows[first : first + BATCH]))


def next_id(connection: Connection, of: Table) -> int:
    """The first number that no row of the table has."""
    last: int | None = connection.scalar(select(func.max(of.c.id)))
    return (last or 0) + 1
