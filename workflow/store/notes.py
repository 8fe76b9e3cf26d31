"""Notes of staff beside a case, and whom of the body a note can call."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Table, and_, bindparam, or_, select

from workflow.store.models import Base
from workflow.store.note_models import CaseNoteRow
from workflow.store.prepared import Prepared
from workflow.store.unit import Unit

_NOTE: Table = Base.metadata.tables["case_note"]
_USER: Table = Base.metadata.tables["user"]
_ROLE: Table = Base.metadata.tables["role"]
_CASE: Table = Base.metadata.tables["case"]
_AGENCY: Table = Base.metadata.tables["agency"]
_OF_CASE = Prepared(
    select(
        _NOTE.c.id, _NOTE.c.actor, _NOTE.c.written_at, _NOTE.c.sealed, _NOTE.c.mentioned,
        _NOTE.c.taken_back_at, _USER.c.display_name, _CASE.c.code_salt,
    )
    .join(_CASE, _CASE.c.id == _NOTE.c.case_id)
    .outerjoin(_USER, _USER.c.name == _NOTE.c.actor)
    .where(_NOTE.c.case_id == bindparam("case"))
    .order_by(_NOTE.c.id.desc())
)  # fmt: skip
_READERS = (
    select(_USER.c.id, _USER.c.name, _USER.c.display_name)
    .join(_ROLE, _ROLE.c.user_id == _USER.c.id)
    .join(_AGENCY, _AGENCY.c.id == _ROLE.c.agency_id)
    .join(_CASE, _CASE.c.id == bindparam("case"))
    .where(
        _USER.c.active,
        _USER.c.password_hash.is_not(None),
        or_(
            _AGENCY.c.code == _CASE.c.held_by,
            and_(_CASE.c.held_by.is_(None), _AGENCY.c.id == _CASE.c.agency_id),
        ),
        _ROLE.c.role.in_(bindparam("roles", expanding=True)),
    )
    .distinct()
    .order_by(_USER.c.id)
)


class Written(NamedTuple):
    """A note as it is kept, with the name in full of who wrote it."""

    id: int
    actor: str
    written_at: datetime
    sealed: bytes | None
    mentioned: list[str]
    taken_back_at: datetime | None
    shown: str | None
    salt: str


class Reader(NamedTuple):
    """Somebody of the body that handles a case, who may read its cases."""

    id: int
    name: str
    shown: str


def notes_of(unit: Unit, case_id: int) -> list[Written]:
    """The notes beside a case, the latest first."""
    unit.flush()
    return [Written(*row) for row in _OF_CASE.rows(unit.connection, {"case": case_id})]


def note_of(unit: Unit, case_id: int, note_id: int) -> CaseNoteRow | None:
    row = unit.session.get(CaseNoteRow, note_id)
    return row if row is not None and row.case_id == case_id else None


def note_once(unit: Unit, once: str) -> bool:
    """Whether a note of that form is kept already."""
    found = unit.session.scalar(select(CaseNoteRow.id).where(CaseNoteRow.once == once))
    return found is not None


def readers_of(unit: Unit, case_id: int, roles: Collection[str]) -> list[Reader]:
    """Who holds one of the roles in the body that handles the case and can log in, longest known first."""
    return [Reader(*row) for row in unit.ask(_READERS, case=case_id, roles=sorted(roles))]
