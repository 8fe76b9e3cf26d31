"""Many cases at a time: the rows of whole cases, made and written by the same functions as one event
(workflow.store.writing), so that the two cannot differ."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from workflow.case.case import Case
from workflow.case.facts import Header
from workflow.store.chain import hash_before
from workflow.store.counts import Place, change_counts
from workflow.store.models import Base
from workflow.store.sealed import Secrets, new_salt
from workflow.store.writing import (
    APPLICANT,
    CASE,
    WATCHED,
    Watched,
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
class Rows:
    """Rows of cases that are to be written, by table. secrets: of each applicant, in their order, until
    they are sealed: rows can be made where no key is at hand."""

    cases: list[Row] = field(default_factory=list)
    applicants: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    watched: list[Row] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)

    def add(
        self,
        case_id: int,
        agency_id: int,
        case: Case,
        opened_on: date,
        submitted_at: datetime,
        known: Sequence[Secret] = (),
        **fields: Any,
    ) -> None:
        """A case as it stands, with its whole log. known: of each applicant; fields: further columns of
        its row (medium)."""
        head = hash_before(case.header, opened_on)
        for line in case.written:
            values = event_values(case_id, line, head)
            self.lines.append(values)
            head = values["hash"]
        opening = opening_values(agency_id, case.header, opened_on, submitted_at, "", "", **fields)
        self.cases.append({"id": case_id, **opening, **case_values(case, head)})
        self.add_applicants(case_id, case.header, known)
        self.watched += watching(case_id, agency_id, sorted(watched_values(case)))

    def add_applicants(self, case_id: int, header: Header, known: Sequence[Secret]) -> None:
        """Those who ask, the first-named first."""
        for place, person in enumerate(applicant_values(header)):
            self.applicants.append({"case_id": case_id, **person})
            self.secrets.append(known[place] if place < len(known) else NOTHING)

    def seal(self, keys: Secrets) -> None:
        """Give every case its query code, and seal what is private of its applicants."""
        salts: dict[int, str] = {}
        for row in self.cases:
            salt = new_salt()
            row["code_salt"] = salts[row["id"]] = salt
            row["query_hash"] = keys.query_hash(row["number"], keys.query_code(salt))
        for row, known in zip(self.applicants, self.secrets, strict=True):
            row["sealed"] = None
            if known.private is not None:
                salt = salts[row["case_id"]]
                row["sealed"] = keys.seal_private(dict(known.private), salt)
            row["identity"] = keys.identity(known.proof) if known.proof else None
        self.secrets.clear()

    def write(self, connection: Connection) -> None:
        """Write them all, the cases first, and count the cases."""
        write_rows(connection, CASE, self.cases)
        change_counts(
            connection,
            Counter(
                (row["agency_id"], row["counted_as"]) for row in self.cases if row.get("counted_as")
            ),
        )
        write_rows(connection, APPLICANT, self.applicants)
        for first in range(0, len(self.lines), BATCH):
            write_lines(connection, self.lines[first : first + BATCH])
        write_rows(connection, WATCHED, self.watched)


@dataclass(slots=True)
class InHand:
    """A case that is played in memory. The store has it as it was when it was last written: so many lines,
    the hash of the last of them, the watched days, the word under which it is counted."""

    id: int
    agency_id: int
    case: Case
    opened_on: date
    lines: int = 0
    head: str = ""
    watched: set[Watched] = field(default_factory=set)
    counted_as: str | None = None


def open_cases(
    connection: Connection,
    keys: Secrets,
    cases: Sequence[tuple[InHand, datetime, Sequence[Secret]]],
    **fields: Any,
) -> None:
    """Write the rows of cases without events: when each was submitted, what is kept of its applicants."""
    rows = Rows()
    for hand, submitted_at, known in cases:
        header = hand.case.header
        opening = opening_values(
            hand.agency_id, header, hand.opened_on, submitted_at, "", "", **fields
        )
        rows.cases.append({"id": hand.id, **opening})
        rows.add_applicants(hand.id, header, known)
    rows.seal(keys)
    rows.write(connection)


def write_on(connection: Connection, cases: Iterable[InHand]) -> None:
    """Write what happened to the cases since they were last written."""
    lines: list[Row] = []
    changed: list[Row] = []
    gone: list[Row] = []
    new: list[Row] = []
    counted: Counter[Place] = Counter()
    for hand in cases:
        case = hand.case
        if len(case.written) == hand.lines:
            continue
        head = hand.head or hash_before(case.header, hand.opened_on)
        for line in case.written[hand.lines :]:
            values = event_values(hand.id, line, head)
            lines.append(values)
            head = values["hash"]
        wanted = watched_values(case)
        values = case_values(case, head)
        changed.append({"of_case": hand.id, **values})
        for word, times in ((hand.counted_as, -1), (values["counted_as"], 1)):
            if word is not None:
                counted[hand.agency_id, word] += times
        gone += watching(hand.id, hand.agency_id, sorted(hand.watched - wanted))
        new += watching(hand.id, hand.agency_id, sorted(wanted - hand.watched))
        hand.lines, hand.head, hand.watched = len(case.written), head, wanted
        hand.counted_as = values["counted_as"]
    change_counts(connection, counted)
    for write, rows in (
        (write_lines, lines), (change_rows, changed), (forget_watched, gone), (add_watched, new),
    ):  # fmt: skip
        for first in range(0, len(rows), BATCH):
            write(connection, rows[first : first + BATCH])


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
