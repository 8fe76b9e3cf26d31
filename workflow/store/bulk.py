"""Many cases at a time: the rows of whole cases, made and written by the same functions as one event
(workflow.store.writing), so that the two cannot differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from workflow.case.case import Case
from workflow.case.identity import numbers_of
from workflow.store.chain import hash_before
from workflow.store.dialect_index import Indexed
from workflow.store.indexed import applicant_terms, line_terms, opening_terms
from workflow.store.models import Base
from workflow.store.sealed import Secrets, new_salt
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
    the hash of the last of them, the watched days."""

    id: int
    agency_id: int
    case: Case
    opened_on: date
    lines: int = 0
    head: str = ""
    watched: set[Watched] = field(default_factory=set)
    counted_as: str | None = None


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
    are sealed: rows can be made where no key is at hand."""

    cases: list[Row] = field(default_factory=list)
    without_log: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    applicants: list[Row] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    watched: list[Row] = field(default_factory=list)
    forgotten: list[Row] = field(default_factory=list)
    recounted: list[tuple[int, str | None, str | None]] = field(default_factory=list)
    indexed: list[Indexed] = field(default_factory=list)

    def add(self, hand: InHand, opening: Opening | None = None) -> None:
        """What happened to the case since it was last written. opening: of one that has no row yet."""
        told = self._happened(hand)
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
        """Give every new case its query code, and seal what is private of its applicants."""
        salts: dict[int, str] = {}
        found: dict[int, tuple[list[str], set[str]]] = {}
        for row in (*self.cases, *self.without_log):
            salt = new_salt()
            row["code_salt"] = salts[row["id"]] = salt
            row["query_hash"] = keys.query_hash(row["number"], keys.query_code(salt))
        for row, known in zip(self.applicants, self.secrets, strict=True):
            row["sealed"] = None
            if known.private is not None:
                salt = salts[row["case_id"]]
                row["sealed"] = keys.seal_private(dict(known.private), salt)
            row["identity"] = keys.identity(known.proof) if known.proof else None
            names, numbers = found.setdefault(row["case_id"], ([], set()))
            names.append(row["name"])
            numbers |= numbers_of(known.private or {})
        self.secrets.clear()
        agencies = {row["id"]: row["agency_id"] for row in (*self.cases, *self.without_log)}
        for case_id, (names, numbers) in found.items():
            self.indexed.append(applicant_terms(keys, agencies[case_id], case_id, names, numbers))

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
