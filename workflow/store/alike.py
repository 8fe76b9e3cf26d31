"""What may be the same as an application that is being typed in: of the same person, or still open, in one body."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from workflow.store.dialect_index import Sought, from_index
from workflow.store.indexed import APPLICANTS, case_of_text, kind_of_text, texts_of_body
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


def of_identity(unit: Unit, agency_id: int, identities: Collection[str]) -> list[Near]:
    """The latest cases of the body whose applicant has the same proof of identity: one of its hashes."""
    query = (
        select(*_SHOWN)
        .join(ApplicantRow, ApplicantRow.case_id == CaseRow.id)
        .where(ApplicantRow.identity.in_(identities), CaseRow.agency_id + 0 == agency_id)
    )
    return [Near(*row) for row in unit.session.execute(query.order_by(*_NEWEST).limit(LATEST))]


def numbered_of_identity(
    unit: Unit,
    agency_id: int,
    numbers: Collection[str],
    identities: Collection[str],
    *,
    citizen: bool,
) -> list[Near]:
    """Those of these cases of the body whose applicant has this proof of identity, and is a person or none."""
    person = ApplicantRow.category == "natural_person"
    query = (
        select(*_SHOWN)
        .join(ApplicantRow, ApplicantRow.case_id == CaseRow.id)
        .where(
            CaseRow.agency_id == agency_id,
            CaseRow.number.in_(list(numbers)),
            ApplicantRow.identity.in_(identities),
            person if citizen else ~person,
        )
    )
    return [Near(*row) for row in unit.session.execute(query.order_by(*_NEWEST))]


def of_name(unit: Unit, agency_id: int, names: Collection[str]) -> list[Near]:
    """The latest cases of the body whose applicant bears the name: one of its hashes."""
    query = (
        select(*_SHOWN)
        .join(ApplicantRow, ApplicantRow.case_id == CaseRow.id)
        .where(ApplicantRow.name_hash.in_(names), CaseRow.agency_id + 0 == agency_id)
    )
    return [Near(*row) for row in unit.session.execute(query.order_by(*_NEWEST).limit(LATEST))]


def of_number(unit: Unit, agency_id: int, keyed: Collection[str]) -> list[Near]:
    """The latest cases of the body with this number of whoever applies or acts for them: one of its hashes
    (`Key.number_term`)."""
    texts = from_index(
        unit.connection, [Sought((one,)) for one in keyed], *texts_of_body(agency_id)
    )
    cases = [case_of_text(text) for text in texts if kind_of_text(text) == APPLICANTS]
    query = select(*_SHOWN).where(CaseRow.id.in_(cases[-LATEST:]))
    return [Near(*row) for row in unit.session.execute(query.order_by(*_NEWEST))]


def still_open(unit: Unit, agency_id: int, states: Collection[str]) -> list[Near]:
    """The latest cases of the body in these states."""
    query = select(*_SHOWN).where(CaseRow.agency_id == agency_id, CaseRow.state.in_(list(states)))
    return [Near(*row) for row in unit.session.execute(query.order_by(*_NEWEST).limit(OPEN))]
