"""What is put into the outbox: reminders for staff and what applicants are told.

Every function runs in the transaction of what causes the message: both are kept, or neither. A message
says the number and days; names and contents stay in the system.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from config.channels import IN_APP, ChannelKind, load_told
from config.reminders import load_ladder
from workflow.addresses import mobile
from workflow.case.case import Case
from workflow.dates import SHANGHAI, in_words
from workflow.events import Event
from workflow.reminders.moments import text_of
from workflow.service.office import Office
from workflow.store import messages as message_queries
from workflow.store.message_models import ContactRow, MessageRow
from workflow.store.models import AgencyRow, CaseRow, UserRow
from workflow.store.unit import Unit

ABOVE = "above."
LATE_LEVELS = ("red", "black")
"""Levels that nobody can mute and that wait for no digest."""
FALLBACK_ROLES = ("clerk", "office_head", "admin")
"""Who is told where nobody in the body holds the role."""
OLD_NEWS = timedelta(days=10)
"""What is typed in later than this after it happened is not told to the applicant any more."""
QUIET_FROM, QUIET_TO = time(21), time(8)
STALE = timedelta(days=1)
"""What has waited longer was held up by a stop."""
LINES_IN_DIGEST = 12
AGAIN_AT = time(9)
"""When a person hears again what they asked to hear again."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A reminder to the holders of some roles in a body.

    agency: code. number: of the case, or the year concerned. to: roles, those of the body above with
    `above.`. channels: words of the ladder. at: when it shows in the system; others_at: when other
    channels may carry it. label, basis: the rule in words. text: number and days only. held_up: it
    comes after a stop and is gathered with what else was held up.
    """

    agency: str
    number: str
    moment: str
    label: str
    basis: str
    to: tuple[str, ...]
    channels: tuple[str, ...]
    level: str
    text: str
    day: date
    due: date | None
    at: datetime
    others_at: datetime
    held_up: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person with the role for which they are told; stands_for: whose stand-in they are."""

    user: UserRow
    role: str
    contact: ContactRow | None
    stands_for: UserRow | None = None


# -- to staff ---------------------------------------------------------------------------------------


def enqueue(office: Office, unit: Unit, notices: Iterable[Notice]) -> list[MessageRow]:
    """Put reminders into the outbox for every recipient and channel, and show what is due in the
    inboxes; what is there already stays. Returns what is new."""
    made = [row for notice in notices for row in _enqueue(office, unit, notice)]
    deliver_in_app(office, unit)
    return made


def _enqueue(office: Office, unit: Unit, notice: Notice) -> list[MessageRow]:
    agency = office.found_agency(unit, notice.agency)
    case_id = message_queries.case_id(unit, agency.id, notice.number)
    what = f"{notice.agency}/{notice.number}/{notice.moment}"
    found: list[MessageRow | None] = []

    def add(kind: ChannelKind, who: str, why: str, **fields: object) -> None:
        found.append(
            message_queries.add_message(
                unit,
                **{
                    "key": message_queries.key_of(what, who, kind.name, notice.day),
                    "kind": "reminder",
                    "channel": kind.name,
                    "agency_id": agency.id,
                    "case_id": case_id,
                    "about": notice.number,
                    "moment": notice.moment,
                    "level": notice.level,
                    "text": notice.text,
                    "why": why,
                    "day": notice.day,
                    "due": notice.due,
                    "created_at": office.now(),
                    "not_before": notice.at if kind.name == IN_APP else notice.others_at,
                    "bundled": notice.held_up,
                    **fields,
                },
            )
        )

    rule = f"{notice.label}（{notice.basis}）"
    for person in recipients(office, unit, agency, notice):
        for kind in channels_for(office, person, notice):
            later = _digest_time(office, unit, agency, person, kind, notice)
            add(
                kind,
                f"user {person.user.id}",
                f"{rule}；{_as(office, person)}",
                user_id=person.user.id,
                stands_for_id=person.stands_for.id if person.stands_for else None,
                **({"bundled": True, "not_before": later} if later else {}),
            )
    for kind in office.channels:
        if kind.to == "group" and kind.follows in notice.channels:
            add(kind, f"group {agency.id}", f"{rule}；发给本机关的群")
    return [row for row in found if row is not None]


def recipients(office: Office, unit: Unit, agency: AgencyRow, notice: Notice) -> list[Recipient]:
    """Who is told, each person once: the holders of the roles, their stand-ins, or, where nobody holds
    any of them, the clerk, the head of the office or the administrator."""
    found: dict[int, Recipient] = {}
    own = tuple(role for role in notice.to if not role.startswith(ABOVE))
    above = tuple(role.removeprefix(ABOVE) for role in notice.to if role.startswith(ABOVE))
    bodies = [(agency, own)]
    if above and agency.parent_id is not None:
        parent = unit.session.get(AgencyRow, agency.parent_id)
        assert parent is not None
        bodies.append((parent, above))
    for body, roles in bodies:
        holders = list(_holders(unit, body, roles))
        for role in FALLBACK_ROLES if roles and not holders else ():
            holders = holders or list(_holders(unit, body, (role,)))
        for user, role in holders:
            found.setdefault(user.id, Recipient(user, role, message_queries.contact(unit, user.id)))
    for one in list(found.values()):
        other = stand_in_on(one.contact, notice.day)
        if other is not None and other.id not in found:
            found[other.id] = Recipient(
                other, one.role, message_queries.contact(unit, other.id), one.user
            )
    return list(found.values())


def _holders(
    unit: Unit, agency: AgencyRow, roles: tuple[str, ...]
) -> Iterator[tuple[UserRow, str]]:
    """Everybody who can log in and holds one of the roles in the body, with the first such role."""
    for user in unit.staff_of(agency):
        held = {role.role for role in user.roles if role.agency_id == agency.id}
        role = next((role for role in roles if role in held), None)
        if role and user.active and user.password_hash:
            yield user, role


def stand_in_on(contact: ContactRow | None, day: date) -> UserRow | None:
    """Who gets a person's messages on a day in their place (代理人)."""
    if contact is None or contact.stand_in is None or not contact.stand_in.active:
        return None
    first, last = contact.stand_in_from, contact.stand_in_to
    return contact.stand_in if first and last and first <= day <= last else None


def channels_for(office: Office, person: Recipient, notice: Notice) -> Iterator[ChannelKind]:
    """The channels that the moment names, the office has and the person wants. Who is away is told in
    the system only; the stand-in gets the rest."""
    contact = person.contact
    late = notice.level in LATE_LEVELS
    if contact and notice.moment in contact.muted and not late:
        return
    away = stand_in_on(contact, notice.day) is not None
    for kind in office.channels:
        if kind.to != "person" or kind.follows not in notice.channels:
            continue
        if kind.name == IN_APP:
            yield kind
            continue
        wanted = contact is None or contact.channels is None or kind.name in contact.channels
        reachable = not kind.address or bool(contact and address_for(office, contact, kind))
        if wanted and reachable and not away:
            yield kind


def contact_of(office: Office, contact: ContactRow) -> dict[str, Any]:
    """A person's addresses in the clear: email, phone, and accounts by the channel that needs them."""
    return office.keys.open(contact.sealed, f"contact {contact.user_id}")


def address_for(office: Office, contact: ContactRow, kind: ChannelKind) -> str:
    """Where a person is reached through a channel; empty if they gave nothing, or nothing is needed."""
    if kind.address == "account":
        return account_for(office, contact, kind.name)
    return str(contact_of(office, contact).get(kind.address, "")) if kind.address else ""


def account_for(office: Office, contact: ContactRow, channel: str) -> str:
    """The account that a person gave for a channel."""
    accounts: dict[str, str] = contact_of(office, contact).get("accounts", {})
    return accounts.get(channel, "")


def mentioned(office: Office, unit: Unit, row: MessageRow) -> tuple[str, ...]:
    """The accounts of the people of the body to whom a message to its group is said as well: those who
    gave one, who are not away. Of a test: of whoever asked for it."""
    people = [row.user] if row.user is not None else message_queries.told_with(unit, row)
    accounts = []
    for user in people:
        contact = message_queries.contact(unit, user.id)
        here = user.active and any(role.agency_id == row.agency_id for role in user.roles)
        if contact is not None and here and stand_in_on(contact, row.day) is None:
            accounts.append(account_for(office, contact, row.channel))
    return tuple(sorted({account for account in accounts if account}))


def _digest_time(
    office: Office,
    unit: Unit,
    agency: AgencyRow,
    person: Recipient,
    kind: ChannelKind,
    notice: Notice,
) -> datetime | None:
    hour = person.contact.digest_hour if person.contact else None
    if hour is None or kind.name == IN_APP or notice.level in LATE_LEVELS:
        return None
    moment = datetime.combine(notice.others_at.date(), time(hour), SHANGHAI)
    if moment >= notice.others_at:
        return moment
    calendar = office.rules(unit, agency, notice.day).calendar
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
    for role in (*roles, *FALLBACK_ROLES):
        holders = list(_holders(unit, agency, roles if role in roles else (role,)))
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


def text_today(office: Office, unit: Unit, row: MessageRow) -> str:
    """The text of a message as it holds today: days left are counted again if it was held up. What an
    applicant is told names a day, and stays."""
    held_up = row.kind == "reminder" and row.day < office.today()
    if not held_up and row.kind != "again":
        return row.text
    due = row.case.next_due if row.kind == "again" and row.case else row.due
    if row.case is None or due is None:
        return row.text
    passed = _days_passed(office, unit, row) if row.kind == "reminder" else ""
    return passed or f"申请 {row.about}：{days_in_words(office, unit, row.case.agency, due)}"


def digest_text(office: Office, unit: Unit, rows: Iterable[MessageRow]) -> str:
    """Several reminders as one message: each case once, with the days left of today."""
    latest: dict[str, MessageRow] = {}
    for row in rows:
        key = row.about if row.case_id else f"{row.about} {row.moment}"
        if key not in latest or row.day > latest[key].day:
            latest[key] = row
    lines = [_line(office, unit, row) for row in latest.values()]
    left_out = len(lines) - LINES_IN_DIGEST
    text = f"提醒 {len(lines)} 件：" + "；".join(lines[:LINES_IN_DIGEST])
    return text + (f"；还有 {left_out} 件，请登录查看" if left_out > 0 else "")


def _line(office: Office, unit: Unit, row: MessageRow) -> str:
    if row.case is None or row.due is None:
        return row.text
    passed = _days_passed(office, unit, row)
    return passed or f"申请 {row.about}，{days_in_words(office, unit, row.case.agency, row.due)}"


def _days_passed(office: Office, unit: Unit, row: MessageRow) -> str:
    """What the ladder says daily of a day that is over, with the days of today: not every such day is a
    last day (a reply that was signed and not sent). Empty where it says nothing of the kind."""
    moment, today = load_ladder().moments.get(row.moment), office.today()
    if row.case is None or row.due is None or row.due >= today or moment is None:
        return ""
    of_kind = load_ladder().by_kind[moment.of] if moment.same_day else (moment,)
    daily = next((one for one in of_kind if one.repeats), None)
    if daily is None:
        return ""
    calendar = office.rules(unit, row.case.agency, today).calendar
    return text_of(daily, row.about, row.due, today, calendar)


def days_in_words(office: Office, unit: Unit, agency: AgencyRow, due: date) -> str:
    """期限是 2026 年 11 月 30 日，还有 4 个工作日."""
    today = office.today()
    calendar = office.rules(unit, agency, today).calendar
    if due < today:
        return f"期限是 {in_words(due)}，已经逾期 {max(1, calendar.count(due, today))} 个工作日"
    return f"期限是 {in_words(due)}，还有 {calendar.count(today, due)} 个工作日"


# -- to applicants ----------------------------------------------------------------------------------


def tell_applicant(office: Office, unit: Unit, row: CaseRow, case: Case, event: Event) -> None:
    """Tell the applicant of receipt, correction, extension, fee and reply, through what they chose."""
    told = load_told().get(event.name)
    if told is None or office.today() - event.on > OLD_NEWS or row.kind != "application":
        return
    if row.redo_of and event.name == "receive":  # opened by the body, not filed
        return
    now, what = office.now(), f"case {row.id}/{row.length}/{event.name}"
    for kind in applicant_channels(office, unit, row):
        key = message_queries.key_of(what, "applicant", kind.name, now.date())
        not_before = not_at_night(now) if kind.follows == "sms" else now
        add_told(office, unit, row, case, event.name, kind.name, key, not_before)


def add_told(
    office: Office,
    unit: Unit,
    row: CaseRow,
    case: Case,
    event: str,
    channel: str,
    key: str,
    not_before: datetime,
) -> None:
    """Put what an applicant is told of an event into the outbox, with the day as it stands."""
    told, now, due = load_told()[event], office.now(), day_told(case, event)
    words = told.words if due else told.words_no_due
    message_queries.add_message(
        unit,
        key=key, kind="applicant", channel=channel, agency_id=row.agency_id, case_id=row.id,
        about=row.number, moment=told.moment,
        text=words.format(number=row.number, due=in_words(due) if due else ""),
        why=f"{told.label}（{told.basis}）", day=now.date(), due=due, created_at=now,
        not_before=not_before,
    )  # fmt: skip


def day_told(case: Case, event: str) -> date | None:
    """The day that an applicant is told when an event happens."""
    return {
        "receive": case.deadlines.reply_due,
        "extend": case.deadlines.reply_due,
        "require_correction": case.deadlines.correction_due,
        "charge_fee": case.deadlines.fee_due,
    }.get(event)


def not_at_night(moment: datetime) -> datetime:
    """The moment, or eight in the morning after it: no telephone rings at night."""
    local = moment.astimezone(SHANGHAI)
    if local.time() >= QUIET_FROM:
        return datetime.combine(local.date() + timedelta(1), QUIET_TO, SHANGHAI)
    if local.time() < QUIET_TO:
        return datetime.combine(local.date(), QUIET_TO, SHANGHAI)
    return moment


def applicant_channels(office: Office, unit: Unit, row: CaseRow) -> list[ChannelKind]:
    """The channels through which this applicant is told now."""
    choice = message_queries.choice(unit, row.id)
    return [
        kind
        for kind in open_to_applicant(office, row)
        if choice is None or kind.name in choice.channels
    ]


def open_to_applicant(office: Office, row: CaseRow) -> list[ChannelKind]:
    """The channels for which the applicant gave an address."""
    private = applicant_addresses(office, row)
    return [kind for kind in office.channels if kind.applicants and private.get(kind.address)]


def applicant_addresses(office: Office, row: CaseRow) -> dict[str, str]:
    """E-mail and mobile of the first applicant, as far as given."""
    if not row.applicants:
        return {}
    private = office.keys.open(row.applicants[0].sealed, f"case {row.id}")
    return {
        "email": private.get("email") or "",
        "phone": mobile(private.get("phone") or ""),
    }
