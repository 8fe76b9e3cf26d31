"""What a body holds about one person: the cases in which they ask, by the keyed hash of a proof or of a name."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select

from workflow.store.audit import NAME_PUT_RIGHT
from workflow.store.models import AgencyRow, ApplicantRow, CaseRow
from workflow.store.staff_models import AuditRow
from workflow.store.unit import Unit


class RightName(NamedTuple):
    """An applicant whose name was put right, with the case."""

    agency: str
    number: str
    case_id: int
    salt: str
    sealed: bytes | None


def with_right_names(unit: Unit) -> Iterator[RightName]:
    """Every applicant whose name was put right."""
    query = (
        select(AgencyRow.code, CaseRow.number, CaseRow.id, CaseRow.code_salt, ApplicantRow.sealed)
        .join(CaseRow, CaseRow.id == ApplicantRow.case_id)
        .join(AgencyRow, AgencyRow.id == CaseRow.agency_id)
        .where(ApplicantRow.filed_as.is_not(None))
        .order_by(ApplicantRow.id)
    )
    for row in unit.session.execute(query):
        yield RightName(*row)


def names_put_right(unit: Unit) -> Iterator[tuple[tuple[str, str], int]]:
    """How often the audit says that a name was put right, by body and number of the case; without those whose file was
    destroyed."""
    query = (
        select(AgencyRow.code, AuditRow.about, func.count())
        .join(AgencyRow, AgencyRow.id == AuditRow.agency_id)
        .join(CaseRow, and_(CaseRow.agency_id == AgencyRow.id, CaseRow.number == AuditRow.about))
        .where(AuditRow.action == NAME_PUT_RIGHT, CaseRow.code_salt != "")
        .group_by(AgencyRow.code, AuditRow.about)
    )
    for code, number, times in unit.session.execute(query):
        yield (code, number), times


def cases_of_person(
    unit: Unit, agency: AgencyRow, identities: Collection[str], names: Collection[str]
) -> list[CaseRow]:
    """The cases of a body in which somebody asks who has one of these hashes, of the proof or of the name; the oldest
    first."""
    asks: list[Any] = [ApplicantRow.identity.in_(identities)] if identities else []
    asks += [ApplicantRow.name_hash.in_(names)] if names else []
    if not asks:
        return []
    found = select(ApplicantRow.case_id).where(or_(*asks))
    query = (
        select(CaseRow)
        .where(
            CaseRow.agency_id == agency.id,
            or_(CaseRow.held_by.is_(None), CaseRow.held_by == agency.code),
            CaseRow.id.in_(found),
        )
        .order_by(CaseRow.opened_on, CaseRow.number)
    )
    return list(unit.session.scalars(query))
