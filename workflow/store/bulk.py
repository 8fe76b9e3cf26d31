"""Many cases at a time: the rows of whole cases, made and written by the same functions as one event
(workflow.store.writing), so that the two cannot differ."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from workflow.case.case import Case
from workflow.store.chain import hash_before
from workflow.store.models import Base
from workflow.store.sealed import Secrets
from workflow.store.writing import (
    APPLICANT,
    CASE,
    WATCHED,
    applicant_values,
    case_values,
    event_values,
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
        for place, person in enumerate(applicant_values(case.header)):
            self.applicants.append({"case_id": case_id, **person})
            self.secrets.append(known[place] if place < len(known) else NOTHING)
        self.watched += watching(case_id, agency_id, sorted(watched_values(case)))

    def seal(self, keys: Secrets) -> None:
        """Give every case its query code, and seal what is private of its applicants."""
        for row in self.cases:
            salt = secrets.token_hex(16)
            row["code_salt"] = salt
            row["query_hash"] = keys.query_hash(row["number"], keys.query_code(salt))
        for row, known in zip(self.applicants, self.secrets, strict=True):
            belongs_to = f"case {row['case_id']}"
            sealed = known.private is not None
            row["sealed"] = keys.seal(dict(known.private or {}), belongs_to) if sealed else None
            row["identity"] = keys.identity(known.proof) if known.proof else None
        self.secrets.clear()

    def write(self, connection: Connection) -> None:
        """Write them all, the cases first."""
        write_rows(connection, CASE, self.cases)
        write_rows(connection, APPLICANT, self.applicants)
        for first in range(0, len(self.lines), BATCH):
            write_lines(connection, self.lines[first : first + BATCH])
        write_rows(connection, WATCHED, self.watched)


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
