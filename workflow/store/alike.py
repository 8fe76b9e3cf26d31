"""What may be the same as an application that is being typed in: of the same person, or still open, in one body."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.unit import Unit

LATEST, OPEN = 10, 500


class Near(NamedTuple):
    """A case that may be the same."""

    number: str
    request: str
    state: str
    outcome: str | None
    opened_on: date


_SHOWN = (CaseRow.number, CaseRow.request, CaseRow.state, CaseRow.outcome, CaseRow.opened_on)
_NEWEST = (CaseRow.opened_on.desc(), CaseRow.id.desc())


def of_identity(unit: Unit, agency_id: int, identity: str) -> list[Near]:
    """The latest cases of the body whose applicant has the same proof of identity."""
    query = (
        select(*_SHOWN)
        .join(ApplicantRow, ApplicantRow.case_id == CaseRow.id)
        .where(ApplicantRow.identity == identity, CaseRow.agency_id + 0 == agency_id)
    )
    return [Near(*row) for row in unit.session.execute(query.order_by(*_NEWEST).limit(LATEST))]


def of_name(unit: Unit, agency_id: int, name: str) -> list[Near]:
    """The latest cases of the body whose applicant bears the name."""
    query = (
        select(*_SHOWN)
        .join(ApplicantRow, ApplicantRow.case_id == CaseRow.id)
        .where(ApplicantRow.name == name, CaseRow.agency_id + 0 == agency_id)
    )
    return [Near(*row) for row in unit.session.execute(query.order_by(*_NEWEST).limit(LATEST))]


def still_open(unit: Unit, agency_id: int, states: Collection[str]) -> list[Near]:
    """The latest cases of the body in these states."""
    query = select(*_SHOWN).where(CaseRow.agency_id == agency_id, CaseRow.state.in_(list(states)))
    return [Near(*row) for row in unit.session.execute(query.order_by(*_NEWEST).limit(OPEN))]
