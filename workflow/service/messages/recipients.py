"""Who is told, and through what: holders of roles, their stand-ins, the channels that reach them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from config.channels import IN_APP, ChannelKind
from config.reminders import ABOVE, load_ladder
from workflow.reminders.due import Reminder
from workflow.service.messages.contacts import account_for, address_for
from workflow.service.office import Office
from workflow.store import channels as channel_queries
from workflow.store import messages as message_queries
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
    office: Office, unit: Unit, agency: AgencyRow, reminder: Reminder
) -> list[Recipient]:
    """Who is told, each person once: the holders of the roles, their stand-ins, or, where nobody holds
    any of them, the clerk, the head of the office or the administrator."""
    found: dict[int, Recipient] = {}
    own = tuple(role for role in reminder.moment.to if not role.startswith(ABOVE))
    above = tuple(role.removeprefix(ABOVE) for role in reminder.moment.to if role.startswith(ABOVE))
    bodies = [(agency, own)]
    if above and agency.parent_id is not None:
        parent = unit.session.get(AgencyRow, agency.parent_id)
        assert parent is not None
        bodies.append((parent, above))
    for body, roles in bodies:
        holders = list(holders_of(unit, body, roles))
        for role in load_ladder().told["nobody_holds_the_role"] if roles and not holders else ():
            holders = holders or list(holders_of(unit, body, (role,)))
        for user, role in holders:
            found.setdefault(user.id, Recipient(user, role, channel_queries.contact(unit, user.id)))
    for one in list(found.values()):
        other = stand_in_on(one.contact, reminder.on)
        if other is not None and other.id not in found:
            found[other.id] = Recipient(
                other, one.role, channel_queries.contact(unit, other.id), one.user
            )
    return list(found.values())


def holders_of(
    unit: Unit, agency: AgencyRow, roles: tuple[str, ...]
) -> Iterator[tuple[UserRow, str]]:
    """Everybody who can log in and holds one of the roles in the body, or in the one that goes on with it
    where it has ended, with the first such role."""
    bodies = {agency.id}
    if agency.until is not None:
        bodies |= {body.id for body in unit.successors_of(agency)}
    for user in unit.staff_of(agency):
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
