"""What was never a case and has lain too long: each kind in one statement, found by its moment."""

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Delete, Update, delete, select, update

from workflow.store.call_models import ApiCallRow
from workflow.store.hook_models import HookDeliveryRow
from workflow.store.staff_models import KeptFormRow
from workflow.store.thread_models import ApplicantFormRow
from workflow.store.unit import Unit


def _lying(kind: str, before: datetime) -> tuple[Any, Delete | Update]:
    if kind == "forms_of_staff":
        where: Any = KeptFormRow.kept_at < before
        return select(KeptFormRow.id).where(where), delete(KeptFormRow).where(where)
    if kind == "forms_of_applicants":
        where = ApplicantFormRow.kept_at < before
        return select(ApplicantFormRow.id).where(where), delete(ApplicantFormRow).where(where)
    if kind == "deliveries_to_systems":
        gone = HookDeliveryRow.state.in_(("sent", "failed"))
        where = gone & (HookDeliveryRow.created_at < before)
        return select(HookDeliveryRow.id).where(where), delete(HookDeliveryRow).where(where)
    assert kind == "answers_of_calls", kind
    where = (ApiCallRow.claimed_at < before) & ApiCallRow.answer.is_not(None)
    return select(ApiCallRow.id).where(where), update(ApiCallRow).where(where).values(answer=None)


def lies(unit: Unit, kind: str, before: datetime) -> bool:
    """Whether anything of the kind is older than the moment."""
    looked, _ = _lying(kind, before)
    return unit.session.execute(looked.limit(1)).first() is not None


def forget(unit: Unit, kind: str, before: datetime) -> int:
    """Let it go; how many."""
    _, gone = _lying(kind, before)
    done = unit.session.execute(gone)
    assert isinstance(done, CursorResult)
    return done.rowcount
