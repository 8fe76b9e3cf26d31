"""The chain of what was changed of people, roles and bodies, and of who looked at an applicant's data (审计). Lines
are only ever added."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from json import JSONEncoder
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from workflow.store.dialect import among
from workflow.store.raw import SPOILT, raw, reads
from workflow.store.sealed import Secrets
from workflow.store.staff_models import AuditRow
from workflow.store.unit import Unit

_SORTED = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_BATCH = 1000
LINE, SEAL = "audit", "audit of before"
"""For what the keys make hashes: of a line, of the end of the lines that an older version wrote without a key."""
SEALED = "audit"
"""The stamp of that end: how many lines they are, and its keyed hash. Without it every line is keyed."""
SHOWN = "applicant_shown"
"""Somebody was shown who the applicant of a case is."""
PRINTED = "applicant_printed"
"""Somebody took a paper away on which the applicant of a case stands whole."""
LISTED = "names_exported"
"""Somebody took a list away with the names of applicants."""
LOOKED_UP = "person_looked_up"
"""What a body holds about a person was looked up, at that person's request."""
PUT_RIGHT = "person_put_right"
"""What a body holds of how a person is reached was put right, at that person's request."""
NAME_PUT_RIGHT = "name_put_right"
"""A wrong name was put right, at the request of who bears the right one; `verify` counts these lines."""
DESTROYED = "files_destroyed"
"""Files of cases were destroyed after their time."""
LOGGED_IN, EXPORTED = "logged_in", "exported"
"""Somebody of the staff logged in; somebody took a list or the papers of a case away as a file."""


"""Lines of who saw or took something: they change nothing of a body or its people."""


def audited(
    unit: Unit,
    at: datetime,
    actor: str,
    agency_id: int | None,
    action: str,
    about: str,
    **details: Any,
) -> None:
    """Write one line into the chain, in the transaction of the change itself. Of two transactions at once
    one finds its number taken and begins again (`retried`)."""
    assert unit.journal is not None, "who writes has the keys"
    unit.session.flush()
    last = unit.session.execute(
        select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)
    ).first()
    number, before = (last.id + 1, last.hash) if last else (1, "")
    row = AuditRow(
        id=number, recorded_at=at, actor=actor, agency_id=agency_id, action=action, about=about,
        details=details,
    )  # fmt: skip
    row.hash = unit.journal.digest(LINE, _said(before, **_values(row)))
    unit.session.add(row)
    unit.session.flush()


def lines_of_people(
    unit: Unit,
    actions: Collection[str],
    *,
    agency_id: int | None = None,
    about: Collection[str] = (),
) -> list[AuditRow]:
    """The lines of these actions in a body, or about these people anywhere, oldest first."""
    here = AuditRow.agency_id == agency_id if agency_id is not None else AuditRow.about.in_(about)
    query = select(AuditRow).where(here, AuditRow.action.in_(sorted(actions)))
    return list(unit.session.scalars(query.order_by(AuditRow.id)))


def lines_about(unit: Unit, agency_id: int, about: str, action: str) -> list[AuditRow]:
    """The lines of one kind about one person, body or case, newest first."""
    query = select(AuditRow).where(
        AuditRow.about == about, AuditRow.agency_id == agency_id, AuditRow.action == action
    )
    return list(unit.session.scalars(query.order_by(AuditRow.id.desc())))


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """Which lines: of these bodies (None: all), an action, a person who did it or to whom it was done (user
    name), moments from and before, of these actions (None: all)."""

    agency_ids: Collection[int] | None = None
    action: str = ""
    person: str = ""
    since: datetime | None = None
    before: datetime | None = None
    actions: Collection[str] | None = None

    def clauses(self) -> Iterator[ColumnElement[bool]]:
        if self.agency_ids is not None:
            yield among(AuditRow.agency_id, self.agency_ids)
        if self.action:
            yield AuditRow.action == self.action
        if self.actions is not None:
            yield AuditRow.action.in_(sorted(self.actions))
        if self.person:
            yield or_(AuditRow.actor == self.person, AuditRow.about == self.person)
        if self.since is not None:
            yield AuditRow.recorded_at >= self.since
        if self.before is not None:
            yield AuditRow.recorded_at < self.before


def lines_wanted(unit: Unit, wanted: AuditWanted, limit: int, after: int = 0) -> list[AuditRow]:
    """The lines, newest first. after: how many to pass over."""
    query = select(AuditRow).where(*wanted.clauses())
    query = query.order_by(AuditRow.id.desc()).offset(after).limit(limit)
    return list(unit.session.scalars(query))


# -- is it in order? ----------------------------------------------------------------------------------

MISSING, CHANGED, CUT = "missing", "changed", "cut"
_COLUMNS = [AuditRow.metadata.tables["audit"].c[name] for name in (
    "id", "recorded_at", "actor", "agency_id", "action", "about", "details", "hash")]  # fmt: skip


def is_empty(unit: Unit) -> bool:
    """Whether there is no line yet."""
    return unit.session.scalar(select(AuditRow.id).limit(1)) is None


def seal_before(unit: Unit, keys: Secrets) -> int:
    """Seal the lines that an older version chained without a key, as they are, once; how many they are. From then on
    lines are keyed, so that nobody without the key can compute the chain of before anew."""
    if unit.stamp(SEALED) is not None:
        return 0
    last = unit.session.execute(
        select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)
    ).first()
    if last is None or _keyed(unit.connection, keys):
        return 0
    unit.set_stamp(SEALED, f"{last.id} {keys.digest(SEAL, f'{last.id} {last.hash}')}")
    return int(last.id)


def _keyed(connection: Connection, keys: Secrets) -> bool:
    """Whether the first line was written with the key."""
    first = connection.execute(select(*_COLUMNS).order_by(_COLUMNS[0]).limit(1)).one()._asdict()
    kept = first.pop("hash")
    return keys.proves(LINE, _said("", **first), kept)


def broken_lines(unit: Unit, keys: Secrets | None) -> Iterator[tuple[int, str]]:
    """The lines that are missing or are not what they were when they were written, with what is wrong; CUT with the
    number of lines of before where their end is not what was sealed. keys: None where they are not at hand; then only
    whether a line is missing is looked at."""
    connection, number, before = unit.connection, 0, ""
    plain, sealed = _sealed(unit.stamp(SEALED))
    understand = [reads(column, connection.dialect) for column in _COLUMNS]
    query = select(*map(raw, _COLUMNS)).order_by(_COLUMNS[0])
    for row in connection.execute(query.execution_options(yield_per=_BATCH)):
        id_, kept = row[0], row[-1]
        if id_ > number + 1:
            yield number + 1, MISSING
        elif keys is not None:
            try:
                told = [read(value) for read, value in zip(understand, row, strict=True)]
                said = _said(before, **_named(told))
                right = _plain(said) == kept if id_ <= plain else keys.proves(LINE, said, kept)
            except SPOILT:
                right = False
            if not right:
                yield id_, CHANGED
        if id_ == plain and keys is not None and not keys.proves(SEAL, f"{id_} {kept}", sealed):
            yield id_, CUT
        number, before = id_, kept
    if number < plain:
        yield plain, CUT


def _sealed(stamp: str | None) -> tuple[int, str]:
    number, _, kept = (stamp or "0 ").partition(" ")
    return (int(number), kept) if number.isdecimal() else (0, "")


def _named(told: list[Any]) -> dict[str, Any]:
    found = dict(zip((column.name for column in _COLUMNS), told, strict=True))
    del found["hash"]
    return found


def _values(row: AuditRow) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in _COLUMNS[:-1]}


def _said(
    before: str,
    *,
    id: int,
    recorded_at: datetime,
    actor: str,
    agency_id: int | None,
    action: str,
    about: str,
    details: Mapping[str, Any],
) -> str:
    said = [before, id, recorded_at.timestamp(), actor, agency_id, action, about, details]
    return _SORTED(said)


def _plain(said: str) -> str:
    """The hash of a line of an older version."""
    return hashlib.sha256(said.encode()).hexdigest()
