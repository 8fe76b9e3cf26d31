"""Notes of staff beside a case, and whom of the body a note can call."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Table, and_, bindparam, func, or_, select

from workflow.store.indexed import Place
from workflow.store.models import Base
from workflow.store.note_models import CaseNoteRow
from workflow.store.prepared import Prepared
from workflow.store.sealed import Secrets
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


def place_of(unit: Unit, case_id: int, note_id: int | None = None) -> int:
    """How many notes of the case came before a note; None: before the next one."""
    query = select(func.count(CaseNoteRow.id)).where(CaseNoteRow.case_id == case_id)
    if note_id is not None:
        query = query.where(CaseNoteRow.id < note_id)
    return unit.session.scalar(query) or 0


def notes_at(unit: Unit, keys: Secrets, places: Collection[Place]) -> dict[Place, str]:
    """The texts of the notes at these places; nothing of one that was taken back."""
    found: dict[Place, str] = {}
    for case_id in {at.case_id for at in places}:
        notes = notes_of(unit, case_id)[::-1]
        for at in places:
            if at.case_id == case_id and at.place < len(notes):
                note = notes[at.place]
                if note.sealed is not None:
                    found[at] = text_of(keys, note.sealed, note.salt, case_id)
    return found


def text_of(keys: Secrets, sealed: bytes, salt: str, case_id: int) -> str:
    return str(keys.open_private(sealed, salt, case_id)["note"])


def note_once(unit: Unit, once: str) -> bool:
    """Whether a note of that form is kept already."""
    found = unit.session.scalar(select(CaseNoteRow.id).where(CaseNoteRow.once == once))
    return found is not None


def readers_of(unit: Unit, case_id: int, roles: Collection[str]) -> list[Reader]:
    """Who holds one of the roles in the body that handles the case and can log in, longest known first."""
    return [Reader(*row) for row in unit.ask(_READERS, case=case_id, roles=sorted(roles))]
