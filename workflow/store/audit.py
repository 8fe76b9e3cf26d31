"""The chain of what was changed of people, roles and bodies, and of who looked at an applicant's data (审计). Lines
are only ever added."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from json import JSONEncoder
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from workflow.store.dialect import among
from workflow.store.staff_models import AuditRow
from workflow.store.unit import Unit

_SORTED = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_BATCH = 1000
SHOWN = "applicant_shown"
"""Somebody was shown who the applicant of a case is."""


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
    unit.session.flush()
    last = unit.session.execute(
        select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)
    ).first()
    number, before = (last.id + 1, last.hash) if last else (1, "")
    row = AuditRow(
        id=number, recorded_at=at, actor=actor, agency_id=agency_id, action=action, about=about,
        details=details,
    )  # fmt: skip
    row.hash = _hash(before, row)
    unit.session.add(row)
    unit.session.flush()


def lines_of(unit: Unit, agency_id: int, most: int) -> list[AuditRow]:
    """The last lines about a body and its people, newest first; who looked at applicants is not among them."""
    query = select(AuditRow).where(AuditRow.agency_id == agency_id, AuditRow.action != SHOWN)
    return list(unit.session.scalars(query.order_by(AuditRow.id.desc()).limit(most)))


def lines_about(unit: Unit, agency_id: int, about: str, action: str) -> list[AuditRow]:
    """The lines of one kind about one person, body or case, newest first."""
    query = select(AuditRow).where(
        AuditRow.about == about, AuditRow.agency_id == agency_id, AuditRow.action == action
    )
    return list(unit.session.scalars(query.order_by(AuditRow.id.desc())))


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """Which lines: of these bodies (None: all), an action, a person who did it or to whom it was done (user
    name), moments from and before."""

    agency_ids: Collection[int] | None = None
    action: str = ""
    person: str = ""
    since: datetime | None = None
    before: datetime | None = None

    def clauses(self) -> Iterator[ColumnElement[bool]]:
        if self.agency_ids is not None:
            yield among(AuditRow.agency_id, self.agency_ids)
        if self.action:
            yield AuditRow.action == self.action
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


def broken_lines(unit: Unit) -> Iterator[tuple[int, str]]:
    """The first line that is missing or is not what it was when it was written, with what is wrong."""
    number, before = 0, ""
    while True:
        query = select(AuditRow).where(AuditRow.id > number).order_by(AuditRow.id).limit(_BATCH)
        rows = list(unit.session.scalars(query))
        for row in rows:
            if row.id != number + 1:
                yield number + 1, "审计记录缺这一条"
                return
            if row.hash != _hash(before, row):
                yield row.id, "审计记录与校验值不符"
                return
            number, before = row.id, row.hash
        if len(rows) < _BATCH:
            return


def _hash(before: str, row: AuditRow) -> str:
    said = [
        before, row.id, row.recorded_at.timestamp(), row.actor, row.agency_id, row.action, row.about,
        row.details,
    ]  # fmt: skip
    return hashlib.sha256(_SORTED(said).encode()).hexdigest()
