"""What somebody had typed when the session had ended: kept for that person, until it is sent."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from workflow.people import Staff
from workflow.service.cases.finding import by_code
from workflow.service.office import Office
from workflow.store import thread
from workflow.store.models import UserRow
from workflow.store.retried import retried
from workflow.store.staff_models import KeptFormRow

KEPT_FOR = timedelta(days=7)
KEPT_FOR_APPLICANT = timedelta(days=1)
MOST = 5
"""Of one person; the oldest makes place."""


class KeptForms:
    """The use cases around what was typed and not sent. A person sees only what is their own."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @retried
    def keep(self, staff: Staff, typed: Mapping[str, Any]) -> str:
        """Keep it, sealed; the key under which it is found again. What is older than KEPT_FOR goes."""
        key, now = secrets.token_hex(16), self.office.now()
        with self.office.store.write() as unit:
            session = unit.session
            user = session.scalars(select(UserRow).where(UserRow.name == staff.name)).one()
            own = select(KeptFormRow.id).where(KeptFormRow.user_id == user.id)
            spare = list(session.scalars(own.order_by(KeptFormRow.kept_at.desc()).offset(MOST - 1)))
            session.execute(
                delete(KeptFormRow).where(
                    KeptFormRow.id.in_(spare) | (KeptFormRow.kept_at <= now - KEPT_FOR)
                )
            )
            sealed = self.office.keys.seal(dict(typed), _of(key))
            session.add(KeptFormRow(id=key, user_id=user.id, kept_at=now, sealed=sealed))
        return key

    def find(self, staff: Staff, key: str) -> dict[str, Any] | None:
        """What was kept under the key; None if there is nothing, or it is somebody else's."""
        with self.office.store.read() as unit:
            query = select(KeptFormRow.sealed).join(UserRow, UserRow.id == KeptFormRow.user_id)
            query = query.where(KeptFormRow.id == key, UserRow.name == staff.name)
            sealed = unit.session.scalar(query)
        return None if sealed is None else self.office.keys.open(sealed, _of(key))

    @retried
    def forget(self, key: str) -> None:
        """It was sent, or is not wanted."""
        with self.office.store.write() as unit:
            unit.session.execute(delete(KeptFormRow).where(KeptFormRow.id == key))

    # -- an applicant ---------------------------------------------------------------------------------

    @retried
    def keep_of_applicant(self, number: str, code: str, typed: Mapping[str, Any]) -> str:
        """Keep what an applicant had typed for a case, sealed, for a day; the key under which it is found again. One
        for each case. Raises Missing."""
        key, now = secrets.token_hex(16), self.office.now()
        with self.office.store.write() as unit:
            row = by_code(self.office, unit, number, code)
            thread.forget_forms(unit, before=now - KEPT_FOR_APPLICANT)
            thread.keep_form(unit, key, row.id, now, self.office.keys.seal(dict(typed), _of(key)))
        return key

    def find_of_applicant(self, number: str, code: str, key: str) -> dict[str, Any] | None:
        """What was kept under the key for this case; None if there is nothing. Raises Missing."""
        since = self.office.now() - KEPT_FOR_APPLICANT
        with self.office.store.read() as unit:
            row = by_code(self.office, unit, number, code)
            sealed = thread.form_of(unit, key, row.id, since)
        return None if sealed is None else self.office.keys.open(sealed, _of(key))

    @retried
    def forget_of_applicant(self, number: str, code: str) -> None:
        """It was sent, or is not wanted. Raises Missing."""
        with self.office.store.write() as unit:
            thread.forget_forms(unit, case_id=by_code(self.office, unit, number, code).id)


def _of(key: str) -> str:
    return f"kept form {key}"
