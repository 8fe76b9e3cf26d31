"""What an administrator asks of people: who works where, and what of theirs is open."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, selectinload

from workflow.events import Assign
from workflow.store.dialect import among
from workflow.store.models import AgencyRow, CaseRow, EventRow, RoleRow, SettingRow, UserRow
from workflow.store.staff_models import StandInRow, UnitRow
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


def ever_chosen(unit: Unit, setting: str) -> bool:
    """Whether any body ever chose something for a setting."""
    return (
        unit.ask(select(SettingRow.id).where(SettingRow.name == setting).limit(1)).first()
        is not None
    )


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


def seats(unit: Unit, roles: Collection[str]) -> list[tuple[int, str]]:
    """In which bodies (their ids) somebody who can log in holds which of the roles."""
    query = (
        select(RoleRow.agency_id, RoleRow.role)
        .join(UserRow)
        .where(RoleRow.role.in_(sorted(roles)), UserRow.active, UserRow.password_hash.is_not(None))
        .distinct()
    )
    return [(row.agency_id, row.role) for row in unit.session.execute(query)]


def without_roles(unit: Unit, agency_ids: Collection[int]) -> list[UserRow]:
    """Everybody whose account one of the bodies made and who holds no role any more, or none yet."""
    here = select(AgencyRow.code).where(among(AgencyRow.id, list(agency_ids)))
    query = select(UserRow).where(
        UserRow.made_in.in_(here), ~exists().where(RoleRow.user_id == UserRow.id)
    )
    return list(unit.session.scalars(query.order_by(UserRow.id).options(_WITH_ROLES)))


def roles_in(unit: Unit, agency_id: int) -> list[tuple[str, str]]:
    """User name and role of everybody who holds one in the body."""
    query = select(UserRow.name, RoleRow.role).join(RoleRow).where(RoleRow.agency_id == agency_id)
    return [(row.name, row.role) for row in unit.session.execute(query)]


def stand_ins_on(
    unit: Unit, agency_id: int, day: date
) -> list[tuple[StandInRow, UserRow, UserRow]]:
    """The stand-ins of the body whose days have the day among them, each with who is away and who acts."""
    away, deputy = aliased(UserRow), aliased(UserRow)
    query = (
        select(StandInRow, away, deputy)
        .join(away, away.id == StandInRow.user_id)
        .join(deputy, deputy.id == StandInRow.deputy_id)
        .where(StandInRow.agency_id == agency_id, StandInRow.first <= day, StandInRow.last >= day)
        .order_by(StandInRow.id)
    )
    return [(row[0], row[1], row[2]) for row in unit.session.execute(query)]


def names_and_state(unit: Unit, users: Collection[str]) -> dict[str, tuple[str, bool]]:
    """By user name the name in full and whether the account can be used."""
    query = select(UserRow.name, UserRow.display_name, UserRow.active)
    found = unit.session.execute(query.where(UserRow.name.in_(sorted(users))))
    return {row.name: (row.display_name, row.active) for row in found}


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
