"""How a case becomes rows: the values of a log line, of the row that follows from the log, of the days that
are watched, and the statements that write them, built once.

Nothing here knows the session, so that one event and many cases at a time are written alike. Values are
plain, as Python has them; the columns of the tables turn them into what the database keeps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm.attributes import instance_dict, set_committed_value

from workflow.case.case import Case
from workflow.case.facts import Header, Logged
from workflow.case.machine import START
from workflow.case.row import projection
from workflow.reminders.watched import watched_days
from workflow.store.at_hand import BEGINNING
from workflow.store.chain import chained_hash
from workflow.store.models import Base, CaseRow
from workflow.store.prepared import Prepared
from workflow.store.sealed import Secrets
from workflow.store.seals import seal_head

Watched = tuple[str, date]
"""A day of a case that somebody must be reminded of: its kind (workflow.reminders.watched.KINDS), the day."""

_tables = Base.metadata.tables
CASE: Table = _tables["case"]
APPLICANT: Table = _tables["applicant"]
EVENT: Table = _tables["event"]
WATCHED: Table = _tables["watched_day"]


# -- values -----------------------------------------------------------------------------------------


def opening_values(
    agency_id: int,
    header: Header,
    opened_on: date,
    submitted_at: datetime,
    salt: str,
    query_hash: str,
    **fields: Any,
) -> dict[str, Any]:
    """The row of a case without events. Its query code follows from the salt (workflow.store.sealed);
    fields: further columns (medium, submit_key)."""
    return {
        "agency_id": agency_id,
        "number": header.number,
        "kind": header.kind,
        "request": header.request,
        "items": list(header.items),
        "delivery": list(header.delivery),
        "medium": [],
        "joint_letter": header.joint_letter,
        "redo_of": header.redo_of,
        "redo_due": header.redo_due,
        "redo_mode": header.redo_mode,
        "opened_on": opened_on,
        "submitted_at": submitted_at,
        "code_salt": salt,
        "query_hash": query_hash,
        "code_turn": 0,
        "state": START,
        "columns": [],
        "item_rows": [],
        "proceedings": [],
        **fields,
    }


def applicant_values(header: Header) -> list[dict[str, Any]]:
    """The rows of those who ask, the first-named first; without case_id, the hash of the name and what is private."""
    return [
        {"position": position, **asdict(person)}
        for position, person in enumerate(header.applicants)
    ]


def event_values(
    case_id: int, line: Logged, before: str, once: str | None = None
) -> dict[str, Any]:
    """The row of a log line, chained and not sealed yet. before: the hash of the line before it, of the first one
    `hash_before` (workflow.store.chain). Its own hash stands under `hash`."""
    event = line.event
    fields = event.model_dump(mode="json", exclude_none=True, exclude={"on"})
    return {
        "case_id": case_id,
        "seq": line.seq,
        "event": event.name,
        "on": event.on,
        "fields": fields,
        "actor": line.actor,
        "role": line.role,
        "recorded_at": line.recorded_at,
        "filled": list(line.filled),
        "once": once,
        "stands_for": line.stands_for,
        "hash": chained_hash(before, line, fields),
    }


def case_values(case: Case, head_hash: str) -> dict[str, Any]:
    """Everything of the case row that follows from the log; head_hash: of its last line."""
    return {**projection(case), "length": len(case.written), "head_hash": head_hash}


def sealed_head(
    keys: Secrets, header: Header, values: Mapping[str, Any], moved: str | None
) -> dict[str, Any]:
    """The same values (`case_values`), sealed. moved: seal of the last change of its due days."""
    seal = seal_head(
        keys, header.agency, header.number, values["length"], values["head_hash"], moved
    )
    return {**values, "head_seal": seal}


def watched_values(case: Case) -> set[Watched]:
    """The watched days of a case as it stands."""
    return {(seen.kind, seen.day) for seen in watched_days(case)}


# -- statements -------------------------------------------------------------------------------------

_OPEN = Prepared(insert(CASE).returning(CASE.c.id), *(one.key for one in CASE.c if one.key != "id"))
_ASK = Prepared(insert(APPLICANT).inline(), *(one.key for one in APPLICANT.c if one.key != "id"))
_ADD_LINE = Prepared(
    insert(EVENT).inline(),
    "case_id", "seq", "event", "on", "fields", "actor", "role", "recorded_at", "filled", "once",
    "stands_for", "hash", "seal",
)  # fmt: skip
_KNOWN = Prepared(
    select(WATCHED.c.kind, WATCHED.c.day).where(WATCHED.c.case_id == bindparam("of_case"))
)
_WATCH = Prepared(insert(WATCHED).inline(), "case_id", "agency_id", "kind", "day")
_FORGET = Prepared(
    delete(WATCHED).where(
        WATCHED.c.case_id == bindparam("case_id"),
        WATCHED.c.kind == bindparam("kind"),
        WATCHED.c.day == bindparam("day"),
    )
)


@lru_cache(maxsize=1000)
def _change(columns: tuple[str, ...]) -> Prepared:
    """An event changes a dozen of twenty columns; which ones, there are a few hundred ways."""
    return Prepared(update(CASE).where(CASE.c.id == bindparam("of_case")), *columns)


def write_opening(
    connection: Connection,
    keys: Secrets,
    opening: Mapping[str, Any],
    header: Header,
    private: Iterable[tuple[bytes | None, str | None]],
) -> int:
    """Write a case without events (`opening_values`) and who asks; the id of the case. private: what is
    sealed of each applicant, and the hash of the proof of identity."""
    values = {**BEGINNING, **opening}
    del values["id"]
    ((case_id,),) = _OPEN.rows(connection, values)
    _ASK.run_many(
        connection,
        [
            {
                "case_id": case_id,
                **person,
                "name_hash": keys.name_hash(person["name"]),
                "sealed": sealed,
                "identity": identity,
            }
            for person, (sealed, identity) in zip(applicant_values(header), private, strict=True)
        ],
    )
    return int(case_id)


def write_lines(connection: Connection, lines: list[dict[str, Any]]) -> None:
    """Write lines of the log (`event_values`), of one case or of many."""
    _ADD_LINE.run_many(connection, lines)


def write_row(connection: Connection, row: CaseRow, after: Mapping[str, Any]) -> dict[str, Any]:
    """The one way in which what follows from a log reaches the row of its case: one update with the
    columns that changed, none where nothing did. after: all of them (`projection`, `case_values`).

    What is kept beside the rows and follows from them is brought along here, from the old values of the
    row to the new ones. Returns the old values of the columns that changed.
    """
    known = instance_dict(row)  # an attribute of an entity is asked for at twenty times the cost
    before = {name: known[name] if name in known else getattr(row, name) for name in after}
    changed = {name: value for name, value in after.items() if before[name] != value}
    if changed:
        _change(tuple(changed)).run(connection, {"of_case": row.id, **changed})
        for name, value in changed.items():
            set_committed_value(row, name, value)
    return {name: before[name] for name in changed}


def change_rows(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """The same for many cases that are played in memory: every one of these columns, of each. A row tells
    its case under `of_case`."""
    for first in rows[:1]:
        columns = tuple(name for name in first if name != "of_case")
        _change(columns).run_many(connection, rows)


def add_cases(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write whole rows of cases (`opening_values` and `case_values`, with their id), which all tell the
    same columns."""
    for first in rows[:1]:
        _whole(CASE, tuple(first)).run_many(connection, rows)


def add_applicants(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write those who ask (`applicant_values`), with their case and what is sealed of them."""
    for first in rows[:1]:
        _whole(APPLICANT, tuple(first)).run_many(connection, rows)


@lru_cache(maxsize=100)
def _whole(into: Table, columns: tuple[str, ...]) -> Prepared:
    return Prepared(insert(into).inline(), *columns)


def known_watched(connection: Connection, case_id: int) -> set[Watched]:
    """The watched days that a case has in the store."""
    return {(kind, day) for kind, day in _KNOWN.rows(connection, {"of_case": case_id})}


def write_watched(
    connection: Connection, case_id: int, agency_id: int, known: set[Watched], wanted: set[Watched]
) -> None:
    """Bring the watched days of a case from the known ones to the wanted ones (`watched_values`)."""
    if known != wanted:
        forget_watched(connection, watching(case_id, agency_id, sorted(known - wanted)))
        add_watched(connection, watching(case_id, agency_id, sorted(wanted - known)))


def forget_watched(connection: Connection, days: list[dict[str, Any]]) -> None:
    """Take away watched days (`watching`), of one case or of many."""
    _FORGET.run_many(
        connection,
        ({name: day[name] for name in ("case_id", "kind", "day")} for day in days),
    )


def add_watched(connection: Connection, days: list[dict[str, Any]]) -> None:
    """Add watched days (`watching`), of one case or of many."""
    _WATCH.run_many(connection, days)


def watching(case_id: int, agency_id: int, days: Iterable[Watched]) -> list[dict[str, Any]]:
    """The rows of watched days of a case."""
    return [
        {"case_id": case_id, "agency_id": agency_id, "kind": kind, "day": day} for kind, day in days
    ]
