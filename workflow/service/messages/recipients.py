"""Who is told, and through what: holders of roles, their stand-ins, the channels that reach them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from config.channels import IN_APP, ChannelKind
from config.reminders import ABOVE, HANDLER, load_ladder
from workflow.reminders.due import Reminder
from workflow.rules.staffing import administering
from workflow.service.messages.contacts import account_for, address_for
from workflow.service.office import Office
from workflow.store import channels as channel_queries
from workflow.store import messages as message_queries
from workflow.store import staff as staff_queries
from workflow.store.message_models import ContactRow, MessageRow
from workflow.store.models import AgencyRow, UserRow
from workflow.store.unit import Unit

LATE_LEVELS = ("red", "black")
"""Levels that nobody can mute and that wait for no digest."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person with the role for which they are told; stands_for: whose stand-in they are."""

    user: UserRow
    role: str
    contact: ContactRow | None
    stands_for: UserRow | None = None


def recipients(
    office: Office,
    unit: Unit,
    agency: AgencyRow,
    reminder: Reminder,
    assigned: str | None = None,
    *,
    of_case: bool = False,
) -> list[Recipient]:
    """Who is told, each person once: the holders of the roles, their stand-ins, or, where nobody holds
    any of them, the clerk, the head of the office or the administrator.

    assigned: the person or unit that was given the case: of the handlers only they are told, with the heads of their
    units where the moment says so. Words that name nobody here narrow nothing; of_case: but where the body keeps its
    handlers to the cases of their units, none of them is told of a case that is nobody's yet.
    """
    found: dict[int, tuple[UserRow, str]] = {}
    moment = reminder.moment
    own = tuple(role for role in moment.to if not role.startswith(ABOVE))
    above = tuple(role.removeprefix(ABOVE) for role in moment.to if role.startswith(ABOVE))
    bodies = [(agency, own)]
    if above and agency.parent_id is not None:
        parent = unit.session.get(AgencyRow, agency.parent_id)
        assert parent is not None
        bodies.append((parent, above))
    staff = {body.id: unit.staff_of(body) for body, _ in bodies}
    here = staff[agency.id]
    given = _given(unit, agency, here, assigned) if assigned and HANDLER in own else _Given()
    kept = of_case and HANDLER in own and not given.people and _in_units(office, unit, agency)
    for body, roles in bodies:
        asked = tuple(role for role in roles if not (kept and role == HANDLER))
        holders = [
            (user, role)
            for user, role in _holding(unit, body, staff[body.id], asked)
            if body is not agency or role != HANDLER or not given.people or user in given.people
        ]
        if body is agency:
            holders += [(user, HANDLER) for user in given.people]
            holders += [(user, UNIT_HEAD) for user in given.heads if moment.unit_head]
        for role in load_ladder().told["nobody_holds_the_role"] if roles and not holders else ():
            holders = holders or list(_holding(unit, body, staff[body.id], (role,)))
        for user, role in holders:
            found.setdefault(user.id, (user, role))
    contacts = channel_queries.contacts(unit, found)
    told = {
        number: Recipient(user, role, contacts.get(number))
        for number, (user, role) in found.items()
    }
    for one in list(told.values()):
        other = stand_in_on(one.contact, reminder.on)
        if other is not None and other.id not in told and _may_be_told(office, other):
            told[other.id] = Recipient(
                other, one.role, channel_queries.contact(unit, other.id), one.user
            )
    return list(told.values())


def _in_units(office: Office, unit: Unit, agency: AgencyRow) -> bool:
    return office.somebody_keeps_to_units(unit) and office.keeps_to_units(unit, agency.id)


def _may_be_told(office: Office, other: UserRow) -> bool:
    """Not who has come to administer since: of them nobody is told anything that others are told of cases."""
    return administering(office.law).isdisjoint(role.role for role in other.roles)


UNIT_HEAD = "unit_head"
"""The role in which the head of a unit is told of a case that its people handle."""


@dataclass(frozen=True, slots=True)
class _Given:
    """Who was given a case: the person, or everybody of the unit; heads: of their units."""

    people: tuple[UserRow, ...] = ()
    heads: tuple[UserRow, ...] = ()


def _given(unit: Unit, agency: AgencyRow, here: Sequence[UserRow], name: str) -> _Given:
    """Who stands behind the name to which a case was assigned; nobody behind words that name nobody here."""
    staff = {user.id: user for user in here if user.active and user.password_hash}
    units = staff_queries.units_of(unit, agency.id)
    people = {user.id for user in staff.values() if user.name == name}
    if people:
        mine = [one for one in units if people & {member.user_id for member in one.members}]
    else:
        mine = [one for one in units if one.name == name]
        people = {member.user_id for one in mine for member in one.members}
    heads = {one.head_id for one in mine if one.head_id is not None} - people
    if mine and not people:
        people, heads = heads, set()
    return _Given(
        tuple(staff[one] for one in sorted(people) if one in staff),
        tuple(staff[one] for one in sorted(heads) if one in staff),
    )


def holders_of(
    unit: Unit, agency: AgencyRow, roles: tuple[str, ...]
) -> Iterator[tuple[UserRow, str]]:
    """Everybody who can log in and holds one of the roles in the body, or in the one that goes on with it
    where it has ended, with the first such role."""
    return _holding(unit, agency, unit.staff_of(agency), roles)


def _holding(
    unit: Unit, agency: AgencyRow, staff: Sequence[UserRow], roles: tuple[str, ...]
) -> Iterator[tuple[UserRow, str]]:
    bodies = {agency.id}
    if agency.until is not None:
        bodies |= {body.id for body in unit.successors_of(agency)}
    for user in staff:
        held = {role.role for role in user.roles if role.agency_id in bodies}
        role = next((role for role in roles if role in held), None)
        if role and user.active and user.password_hash:
            yield user, role


def stand_in_on(contact: ContactRow | None, day: date) -> UserRow | None:
    """Who gets a person's messages on a day in their place (代理人)."""
    if contact is None or contact.stand_in is None or not contact.stand_in.active:
        return None
    first, last = contact.stand_in_from, contact.stand_in_to
    return contact.stand_in if first and last and first <= day <= last else None


def channels_for(office: Office, person: Recipient, reminder: Reminder) -> Iterator[ChannelKind]:
    """The channels that the moment names, the office has and the person wants. Who is away is told in
    the system only; the stand-in gets the rest."""
    contact = person.contact
    late = reminder.moment.level in LATE_LEVELS
    if contact and reminder.moment.name in contact.muted and not late:
        return
    away = stand_in_on(contact, reminder.on) is not None
    for kind in office.channels:
        if kind.to != "person" or kind.follows not in reminder.moment.channels:
            continue
        if kind.name == IN_APP:
            yield kind
            continue
        wanted = contact is None or contact.channels is None or kind.name in contact.channels
        reachable = not kind.address or bool(contact and address_for(office, contact, kind))
        if wanted and reachable and not away:
            yield kind


def mentioned(office: Office, unit: Unit, row: MessageRow) -> tuple[str, ...]:
    """The accounts of the people of the body to whom a message to its group is said as well: those who
    gave one, who are not away. Of a test: of whoever asked for it."""
    people = [row.user] if row.user is not None else message_queries.told_with(unit, row)
    accounts = []
    for user in people:
        contact = channel_queries.contact(unit, user.id)
        here = user.active and any(role.agency_id == row.agency_id for role in user.roles)
        if contact is not None and here and stand_in_on(contact, row.day) is None:
            accounts.append(account_for(office, contact, row.channel))
    return tuple(sorted({account for account in accounts if account}))
