"""What an administrator asks of people: who works where, and what of theirs is open."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from workflow.events import Assign
from workflow.store.dialect import among
from workflow.store.models import CaseRow, EventRow, RoleRow, UserRow
from workflow.store.staff_models import UnitRow
from workflow.store.unit import Unit

_WITH_ROLES = selectinload(UserRow.roles)


def people_of(unit: Unit, agency_ids: Collection[int]) -> list[UserRow]:
    """Everybody who holds a role in one of the bodies, longest known first, with all their roles."""
    here = select(RoleRow.user_id).where(among(RoleRow.agency_id, list(agency_ids)))
    query = select(UserRow).where(UserRow.id.in_(here)).order_by(UserRow.id)
    return list(unit.session.scalars(query.options(_WITH_ROLES)))


def user_names(unit: Unit, agency_id: int) -> dict[int, str]:
    """The user name by id of everybody who holds a role in the body."""
    query = select(UserRow.id, UserRow.name).join(RoleRow).where(RoleRow.agency_id == agency_id)
    return {row.id: row.name for row in unit.session.execute(query)}


def units_of(unit: Unit, agency_id: int) -> list[UnitRow]:
    """The units of the body that are not ended, with their members, in the order in which they were made."""
    query = select(UnitRow).where(UnitRow.agency_id == agency_id, UnitRow.ended_at.is_(None))
    return list(
        unit.session.scalars(query.order_by(UnitRow.id).options(selectinload(UnitRow.members)))
    )


def everybody(unit: Unit) -> list[UserRow]:
    """Everybody, also who holds no role any more, with all their roles."""
    return list(unit.session.scalars(select(UserRow).order_by(UserRow.id).options(_WITH_ROLES)))


def others_with(
    unit: Unit, user_id: int, agency_ids: Collection[int], roles: Iterable[str]
) -> bool:
    """Whether somebody else who can log in holds one of the roles in one of the bodies."""
    query = (
        select(UserRow.id)
        .join(RoleRow)
        .where(
            UserRow.id != user_id,
            UserRow.active,
            UserRow.password_hash.is_not(None),
            RoleRow.role.in_(list(roles)),
            RoleRow.agency_id.in_(list(agency_ids)),
        )
        .limit(1)
    )
    return unit.session.scalar(query) is not None


def assigned_to(
    unit: Unit, agency_ids: Collection[int], name: str, done: Collection[str]
) -> list[tuple[int, str]]:
    """Body and number of the open cases whose last assignment names the person, in order."""
    query = (
        select(CaseRow.id, CaseRow.agency_id, CaseRow.number, EventRow.fields)
        .join(EventRow, EventRow.case_id == CaseRow.id)
        .where(
            EventRow.event == Assign.name,
            CaseRow.state.not_in(list(done)),
            among(CaseRow.agency_id, list(agency_ids)),
        )
        .order_by(CaseRow.agency_id, CaseRow.number, EventRow.seq)
    )
    last: dict[int, tuple[int, str, str]] = {}
    for case_id, agency_id, number, fields in unit.session.execute(query):
        if fields.get("to"):
            last[case_id] = (agency_id, number, fields["to"])
    return [(agency_id, number) for agency_id, number, to in last.values() if to == name]
