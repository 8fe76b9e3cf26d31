"""What an applicant and the office say to each other beside a case, how satisfied applicants were, and what they had
typed when a session was lost."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Table, bindparam, delete, func, select

from workflow.store.dialect import among
from workflow.store.models import Base
from workflow.store.prepared import Prepared
from workflow.store.thread_models import ApplicantFormRow, CaseMessageRow, OpinionRow
from workflow.store.unit import Unit

_MESSAGE: Table = Base.metadata.tables["case_message"]
_USER: Table = Base.metadata.tables["user"]
_CASE: Table = Base.metadata.tables["case"]
_AGENCY: Table = Base.metadata.tables["agency"]
_OF_CASE = Prepared(
    select(
        _MESSAGE.c.id, _MESSAGE.c.from_applicant, _MESSAGE.c.actor, _MESSAGE.c.written_at,
        _MESSAGE.c.about, _MESSAGE.c.item, _MESSAGE.c.sealed, _USER.c.display_name, _CASE.c.code_salt,
    )
    .join(_CASE, _CASE.c.id == _MESSAGE.c.case_id)
    .outerjoin(_USER, _USER.c.name == _MESSAGE.c.actor)
    .where(_MESSAGE.c.case_id == bindparam("case"))
    .order_by(_MESSAGE.c.id)
)  # fmt: skip


class Message(NamedTuple):
    """A message as it is kept, with the name in full of who wrote it, None for the applicant."""

    id: int
    from_applicant: bool
    actor: str
    written_at: datetime
    about: str
    item: int | None
    sealed: bytes
    shown: str | None
    salt: str


def messages_of(unit: Unit, case_id: int) -> list[Message]:
    """What was said beside a case, the first one first."""
    unit.flush()
    return [Message(*row) for row in _OF_CASE.rows(unit.connection, {"case": case_id})]


def message_once(unit: Unit, once: str) -> int | None:
    """The case to which a message of that form was kept; None if it was not."""
    query = select(CaseMessageRow.case_id).where(CaseMessageRow.once == once)
    return unit.session.scalar(query)


def every_message(unit: Unit) -> Iterator[tuple[str, str, int, bytes, str]]:
    """Of every message: code of the body, number and id of the case, what is sealed, the salt of the case."""
    query = (
        select(_AGENCY.c.code, _CASE.c.number, _CASE.c.id, _MESSAGE.c.sealed, _CASE.c.code_salt)
        .select_from(_MESSAGE)
        .join(_CASE, _CASE.c.id == _MESSAGE.c.case_id)
        .join(_AGENCY, _AGENCY.c.id == _CASE.c.agency_id)
        .order_by(_MESSAGE.c.id)
    )
    for code, number, case_id, sealed, salt in unit.session.execute(query):  # noqa: UP028 (typed rows)
        yield code, number, case_id, sealed, salt


# -- how satisfied ------------------------------------------------------------------------------------


def opinion_of(unit: Unit, case_id: int) -> OpinionRow | None:
    return unit.session.get(OpinionRow, case_id)


def opinions_of(
    unit: Unit, agency_ids: Collection[int], first: datetime, last: datetime
) -> dict[int, int]:
    """How many of the bodies' applicants gave each degree between two moments."""
    query = (
        select(OpinionRow.degree, func.count())
        .where(
            among(OpinionRow.agency_id, agency_ids),
            OpinionRow.given_at >= first,
            OpinionRow.given_at < last,
        )
        .group_by(OpinionRow.degree)
    )
    return {degree: number for degree, number in unit.session.execute(query)}


# -- what was typed ------------------------------------------------------------------------------------


def keep_form(unit: Unit, key: str, case_id: int, at: datetime, sealed: bytes) -> None:
    """Keep what was typed for a case; an earlier one of the same case goes."""
    forget_forms(unit, case_id=case_id)
    unit.session.add(ApplicantFormRow(id=key, case_id=case_id, kept_at=at, sealed=sealed))


def form_of(unit: Unit, key: str, case_id: int, since: datetime) -> bytes | None:
    """What is sealed under the key for the case and not older than that; None if there is nothing."""
    row = unit.session.get(ApplicantFormRow, key)
    return row.sealed if row and row.case_id == case_id and row.kept_at >= since else None


def forget_forms(unit: Unit, *, case_id: int | None = None, before: datetime | None = None) -> None:
    """Forget what was typed for a case, or what is older than a moment."""
    wanted = (
        ApplicantFormRow.case_id == case_id
        if case_id is not None
        else ApplicantFormRow.kept_at < before
    )
    unit.session.execute(delete(ApplicantFormRow).where(wanted))
