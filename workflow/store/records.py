"""Changing what a case is besides its log, without making good what somebody bent before."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import select

from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.sealed import Secrets
from workflow.store.seals import RECORD, holds
from workflow.store.unit import Unit, record_of


@contextmanager
def kept_sealed(unit: Unit, keys: Secrets, cases: Collection[CaseRow]) -> Iterator[None]:
    """Within it these cases, locked, may be changed: those whose records fit their seals are sealed anew behind it, the
    others keep the seal that does not fit."""
    held = [case for case in cases if holds(keys, RECORD, record_of(case), case.seal)]
    yield
    for case in held:
        unit.seal_record(case, keys)


def carry_identity(unit: Unit, keys: Secrets, earlier: Collection[str], now: str | None) -> None:
    """Let whoever is known by what a proof of identity was by earlier keys be known by what it is now, in all of their
    cases at once, so that two rows of one person are always alike."""
    if not earlier or now is None:
        return
    of_person = select(ApplicantRow.case_id).where(ApplicantRow.identity.in_(earlier))
    query = select(CaseRow).where(CaseRow.id.in_(of_person)).order_by(CaseRow.id)
    cases = list(unit.session.scalars(query.with_for_update()))
    with kept_sealed(unit, keys, cases):
        for case in cases:
            for person in case.applicants:
                if person.identity in earlier:
                    person.identity = now
    unit.session.flush()
