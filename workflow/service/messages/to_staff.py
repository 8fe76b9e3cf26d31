"""What is put into the outbox for staff: reminders, and what they must know of a matter.

Every function runs in the transaction of what causes the message: both are kept, or neither. A message
says the number and days; names and contents stay in the system.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from config.channels import IN_APP, ChannelKind
from config.reminders import load_ladder
from workflow.dates import SHANGHAI
from workflow.reminders.due import Reminder
from workflow.service.messages.recipients import (
    LATE_LEVELS,
    Recipient,
    channels_for,
    holders_of,
    recipients,
)
from workflow.service.messages.texts import text_today
from workflow.service.office import Office
from workflow.store import messages as message_queries
from workflow.store.message_models import MessageRow
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.unit import Unit

STALE = timedelta(days=1)
"""What has waited longer was held up by a stop."""
AGAIN_AT = time(9)
"""When a person hears again what they asked to hear again."""


def enqueue(office: Office, unit: Unit, reminders: Iterable[Reminder]) -> list[MessageRow]:
    """Put reminders into the outbox for every recipient and channel, and show what is due in the
    inboxes; what is there already stays. Returns what is new."""
    made = [row for reminder in reminders for row in _enqueue(office, unit, reminder)]
    deliver_in_app(office, unit)
    return made


def _enqueue(office: Office, unit: Unit, reminder: Reminder) -> list[MessageRow]:
    agency = office.found_agency(unit, reminder.agency)
    case_id = message_queries.case_id(unit, agency.id, reminder.number)
    found: list[MessageRow | None] = []

    def add(kind: ChannelKind, who: str, why: str, **fields: object) -> None:
        found.append(
            message_queries.add_message(
                unit,
                **{
                    "key": message_queries.key_of(reminder.what, who, kind.name, reminder.on),
                    "kind": "reminder",
                    "channel": kind.name,
                    "agency_id": agency.id,
                    "case_id": case_id,
                    "about": reminder.number,
                    "moment": reminder.moment.name,
                    "level": reminder.moment.level,
                    "text": reminder.text,
                    "why": why,
                    "day": reminder.on,
                    "due": reminder.due,
                    "created_at": office.now(),
                    "not_before": reminder.at if kind.name == IN_APP else reminder.others_at,
                    "bundled": reminder.held_up,
                    **fields,
                },
            )
        )

    rule = f"{reminder.moment.label}（{reminder.moment.basis}）"
    for person in recipients(office, unit, _holder(unit, agency, case_id), reminder):
        for kind in channels_for(office, person, reminder):
            later = _digest_time(office, unit, agency, person, kind, reminder)
            add(
                kind,
                f"user {person.user.id}",
                f"{rule}；{_as(office, person)}",
                user_id=person.user.id,
                stands_for_id=person.stands_for.id if person.stands_for else None,
                **({"bundled": True, "not_before": later} if later else {}),
            )
    for kind in office.channels:
        if kind.to == "group" and kind.follows in reminder.moment.channels:
            add(kind, f"group {agency.id}", f"{rule}；发给本机关的群")
    return [row for row in found if row is not None]


def _holder(unit: Unit, agency: AgencyRow, case_id: int | None) -> AgencyRow:
    """The body that handles what a reminder is about: a case may have gone to another one."""
    if agency.successor is None or case_id is None:
        return agency
    row = unit.session.get(CaseRow, case_id)
    return row.body if row else agency


def _digest_time(
    office: Office,
    unit: Unit,
    agency: AgencyRow,
    person: Recipient,
    kind: ChannelKind,
    reminder: Reminder,
) -> datetime | None:
    hour = person.contact.digest_hour if person.contact else None
    if hour is None or kind.name == IN_APP or reminder.moment.level in LATE_LEVELS:
        return None
    moment = datetime.combine(reminder.others_at.date(), time(hour), SHANGHAI)
    if moment >= reminder.others_at:
        return moment
    calendar = office.rules(unit, agency, reminder.on).calendar
    return datetime.combine(calendar.add(moment.date(), 1), time(hour), SHANGHAI)


def _as(office: Office, person: Recipient) -> str:
    role = office.law.words.roles[person.role]
    if person.stands_for is not None:
        return f"代理{person.stands_for.display_name}（{role}）"
    return f"您是{role}"


def tell_staff(
    office: Office,
    unit: Unit,
    agency: AgencyRow,
    *,
    roles: tuple[str, ...],
    moment: str,
    text: str,
    why: str,
    what: str,
    level: str = "yellow",
    about: str = "",
    case_id: int | None = None,
) -> None:
    """Tell the holders of the roles something in the system, once for each `what`."""
    now = office.now()
    for role in (*roles, *load_ladder().told["nobody_holds_the_role"]):
        holders = list(holders_of(unit, agency, roles if role in roles else (role,)))
        for user, _ in holders:
            tell_person(
                office, unit, user.id, agency.id, moment=moment, text=text, why=why, what=what,
                level=level, about=about, case_id=case_id, at=now,
            )  # fmt: skip
        if holders:
            return


def tell_person(
    office: Office,
    unit: Unit,
    user_id: int,
    agency_id: int | None,
    *,
    moment: str,
    text: str,
    why: str,
    what: str,
    at: datetime,
    level: str = "yellow",
    about: str = "",
    case_id: int | None = None,
    kind: str = "notice",
    due: date | None = None,
) -> MessageRow | None:
    """Tell one person something in the system at a moment, once for each `what`."""
    row = message_queries.add_message(
        unit,
        key=message_queries.key_of(what, f"user {user_id}", IN_APP, at.date()),
        kind=kind, channel=IN_APP, user_id=user_id, agency_id=agency_id, case_id=case_id,
        about=about, moment=moment, level=level, text=text, why=why, day=at.date(), due=due,
        created_at=office.now(), not_before=at,
    )  # fmt: skip
    deliver_in_app(office, unit)
    return row


def deliver_in_app(office: Office, unit: Unit, *, stale_too: bool = False) -> int:
    """Show what is due in the inboxes: the delivery is the mark itself, so it happens once. What a stop
    held up waits to be gathered first, unless stale_too."""
    now, delivered = office.now(), 0
    for row in message_queries.due_in_app(unit, now):
        held_up = row.bundled or row.not_before < now - STALE
        if not stale_too and row.kind == "reminder" and held_up:
            continue
        row.text = text_today(office, unit, row)
        row.state, row.done_at = "sent", now
        delivered += 1
    unit.session.flush()
    return delivered
