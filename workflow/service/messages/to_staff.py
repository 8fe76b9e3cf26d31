"""What is put into the outbox for staff: reminders, and what they must know of a matter.

Every function runs in the transaction of what causes the message: both are kept, or neither. A message
says the number and days; names and contents stay in the system.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from config.channels import IN_APP, ChannelKind
from config.reminders import HANDLER, OWN, AtOnce, load_ladder
from workflow.dates import SHANGHAI, in_words
from workflow.people import APPLICANT
from workflow.reminders.due import Reminder, within_office_hours
from workflow.rules.staffing import administering
from workflow.service.messages.contacts import address_for
from workflow.service.messages.recipients import (
    LATE_LEVELS,
    UNIT_HEAD,
    Recipient,
    channels_for,
    holders_of,
    recipients,
)
from workflow.service.messages.texts import text_today
from workflow.service.office import Office
from workflow.store import channels as channel_queries
from workflow.store import messages as message_queries
from workflow.store import own_accounts
from workflow.store.message_models import MessageRow
from workflow.store.models import AgencyRow, CaseRow, UserRow
from workflow.store.unit import Unit

STALE = timedelta(days=1)
"""What has waited longer was held up by a stop."""
NOBODY_HANDLES = (
    "有申请的提醒没有人接收：本机关没有能办理的人。请新建人员，或者给现有的人增加角色。"
)
"""What an administrator is told in place of what is due, for whom there are no cases."""
AGAIN_AT = time(9)
"""When a person hears again what they asked to hear again."""


def enqueue(
    office: Office, unit: Unit, reminders: Collection[Reminder], kind: str = "reminder"
) -> int:
    """Put reminders into the outbox for every recipient and channel, and show what is due in the
    inboxes; what is there already stays. kind: notice for what was said once and stays said. Returns how
    many are new."""
    putting = _Putting(office, unit, reminders, kind)
    lines = (line for reminder in reminders for line in putting.lines(reminder))
    made = message_queries.add_messages(unit, lines)
    if putting.of_accounts:
        own_accounts.tie(unit, putting.of_accounts)
    deliver_in_app(office, unit)
    return made


class _Putting:
    """Reminders on their way into the outbox: who is told of a moment of a body, through what and why, is
    looked up once for all its cases."""

    def __init__(
        self, office: Office, unit: Unit, reminders: Iterable[Reminder], kind: str
    ) -> None:
        self.office, self.unit, self.now, self.kind = office, unit, office.now(), kind
        numbers: dict[str, list[str]] = {}
        for reminder in reminders:
            numbers.setdefault(reminder.agency, []).append(reminder.number)
        self._bodies = {code: office.found_agency(unit, code) for code in numbers}
        self._cases = {
            code: message_queries.case_ids(unit, self._bodies[code].id, given)
            for code, given in numbers.items()
        }
        known = [one for cases in self._cases.values() for one in cases.values()]
        self._assigned = message_queries.assigned_of(unit, known)
        self._told: dict[tuple[object, ...], list[tuple[str, dict[str, Any], bool]]] = {}
        self.of_accounts: dict[str, int] = {}
        """By key to which account a line goes that goes to one."""
        own = [one for one in reminders if one.moment.to == OWN]
        mine = [self._cases[one.agency].get(one.number) for one in own]
        self._wanting = own_accounts.wanting(unit, {one for one in mine if one}) if own else {}

    def lines(self, reminder: Reminder) -> Iterator[dict[str, Any]]:
        """A reminder as lines of the outbox, one for each recipient and channel."""
        agency = self._bodies[reminder.agency]
        case_id = self._cases[reminder.agency].get(reminder.number)
        if reminder.moment.to == OWN:
            yield from self._to_accounts(reminder, agency, case_id)
            return
        holder = _holder(self.unit, agency, case_id)
        assigned = (
            self._assigned.get(case_id) if case_id and HANDLER in reminder.moment.to else None
        )
        alike = (
            agency.id,
            holder.id,
            reminder.moment.name,
            reminder.at,
            reminder.others_at,
            assigned,
        )
        told = self._told.get(alike)
        if told is None:
            told = self._told[alike] = list(
                self._told_of(agency, holder, reminder, assigned, of_case=case_id is not None)
            )
        for who, line, blind in told:
            if blind and case_id is not None:
                yield {
                    **line, **_unseen(agency), "due": None,
                    "key": message_queries.key_of(f"nobody handles {agency.id}", who, line["channel"], reminder.on),
                }  # fmt: skip
                continue
            yield {
                **line,
                "key": message_queries.key_of(reminder.what, who, line["channel"], reminder.on),
                "case_id": case_id,
                "about": reminder.number,
                "text": reminder.text,
                "due": reminder.due,
                "bundled": line["bundled"] or reminder.held_up,
            }

    def _to_accounts(
        self, reminder: Reminder, agency: AgencyRow, case_id: int | None
    ) -> Iterator[dict[str, Any]]:
        """A reminder of applicants, for each account that sees the case and each channel that its holder chose; several
        of a day are gathered into one."""
        for account, channels in self._wanting.get(case_id or 0, ()):
            for kind in self.office.channels:
                if kind.name in channels and kind.applicants:
                    line = self._line(agency, reminder, kind, "您在账户里选了这样提醒")
                    key = message_queries.key_of(
                        reminder.what, f"account {account}", kind.name, reminder.on
                    )
                    self.of_accounts[key] = account
                    yield {
                        **line, "key": key, "case_id": case_id, "about": reminder.number,
                        "text": reminder.text, "due": reminder.due, "bundled": True,
                    }  # fmt: skip

    def _line(
        self, agency: AgencyRow, reminder: Reminder, kind: ChannelKind, why: str, **fields: object
    ) -> dict[str, Any]:
        """What is the same for all cases of which the moment is said to somebody through a channel."""
        moment = reminder.moment
        return {
            "kind": self.kind,
            "channel": kind.name,
            "user_id": None,
            "stands_for_id": None,
            "agency_id": agency.id,
            "moment": moment.name,
            "level": moment.level,
            "why": f"{moment.label}（{moment.basis}）；{why}",
            "day": reminder.on,
            "created_at": self.now,
            "not_before": reminder.at if kind.name == IN_APP else reminder.others_at,
            "bundled": False,
            **fields,
        }

    def _told_of(
        self,
        agency: AgencyRow,
        holder: AgencyRow,
        reminder: Reminder,
        assigned: str | None,
        *,
        of_case: bool,
    ) -> Iterator[tuple[str, dict[str, Any], bool]]:
        """To whom the moment is said of a case of the body, with what is the same for all its cases, and whether to
        somebody who must see none of them."""
        office, unit, moment = self.office, self.unit, reminder.moment

        def line(kind: ChannelKind, why: str, **fields: object) -> dict[str, Any]:
            return self._line(agency, reminder, kind, why, **fields)

        for person in recipients(office, unit, holder, reminder, assigned, of_case=of_case):
            for kind in channels_for(office, person, reminder):
                later = _digest_time(office, unit, agency, person, kind, reminder)
                yield (
                    f"user {person.user.id}",
                    line(
                        kind,
                        _as(office, person),
                        user_id=person.user.id,
                        stands_for_id=person.stands_for.id if person.stands_for else None,
                        **({"bundled": True, "not_before": later} if later else {}),
                    ),
                    _blind(office, person.role),
                )
        for kind in office.channels:
            if kind.to == "group" and kind.follows in moment.channels:
                yield f"group {agency.id}", line(kind, "发给本机关的群"), False


def tell_at_once(
    office: Office,
    unit: Unit,
    row: CaseRow,
    event: str,
    *,
    actor: str,
    assigned: str | None,
    due: date | None,
    mark: str,
) -> None:
    """Tell staff that something happened to a case, in the system at once and besides in office hours.

    event: of the log, or one of config.reminders.HAPPENS. actor: who did it, who is not told. assigned: the person or
    unit that has the case. due: the last day to reply. mark: the same for the same thing, which is said once.
    """
    rows = [
        one
        for one in load_ladder().by_event.get(event, ())
        if not one.by_applicant or actor == APPLICANT.name
    ]
    if not rows:
        return
    unit.attach()
    now = office.now()
    others_at = within_office_hours(now, office.rules(unit, row.body, now.date()))
    lines = [
        line
        for one in rows
        for line in _at_once(office, unit, row, one, actor, assigned, due, mark, others_at)
    ]
    message_queries.add_messages(unit, lines)


def _at_once(
    office: Office,
    unit: Unit,
    row: CaseRow,
    one: AtOnce,
    actor: str,
    assigned: str | None,
    due: date | None,
    mark: str,
    others_at: datetime,
) -> Iterator[dict[str, Any]]:
    now, moment = office.now(), one.moment
    words = one.words if due or not one.words_no_due else one.words_no_due
    said = Reminder(
        row.agency.code, row.number, moment, now, others_at, due or now.date(), 0,
        words.format(number=row.number, due=in_words(due) if due else ""),
    )  # fmt: skip
    for person in recipients(office, unit, row.body, said, assigned, of_case=True):
        if person.user.name == actor:
            continue
        for kind in channels_for(office, person, said):
            here = kind.name == IN_APP
            later = _digest_time(office, unit, row.body, person, kind, said)
            what = f"at once {row.id}/{one.name}/{mark}"
            about: dict[str, Any] = {"case_id": row.id, "about": row.number, "text": said.text}
            if _blind(office, person.role):
                what, about = f"nobody handles {row.agency_id}", _unseen(row.agency)
            yield {
                "key": message_queries.key_of(what, f"user {person.user.id}", kind.name, now.date()),
                "kind": "notice", "channel": kind.name, "user_id": person.user.id,
                "stands_for_id": person.stands_for.id if person.stands_for else None,
                "agency_id": row.agency_id, "moment": one.name, "level": one.level, **about,
                "why": f"{one.label}（{one.basis}）；{_as(office, person)}", "day": now.date(), "due": due,
                "created_at": now, "not_before": now if here else later or others_at, "bundled": False,
                "state": "sent" if here else "waiting", "done_at": now if here else None,
            }  # fmt: skip


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


def _blind(office: Office, role: str) -> bool:
    """Whether who is told because of the role must not learn of any case."""
    return role in administering(office.law)


def _unseen(agency: AgencyRow) -> dict[str, Any]:
    """What stands in place of a case in a message to an administrator: once a day for each body."""
    return {"case_id": None, "about": "", "text": f"{agency.name}：{NOBODY_HANDLES}"}


def _as(office: Office, person: Recipient) -> str:
    if person.role == UNIT_HEAD:
        return "您是承办科室的负责人"
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
        for user, held in holders:
            of_case: dict[str, Any] = {"text": text, "about": about, "case_id": case_id}
            if case_id is not None and _blind(office, held):
                of_case = _unseen(agency)
            tell_person(
                office, unit, user.id, agency.id, moment=moment, why=why, what=what,
                level=level, at=now, **of_case,
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


def tell_beside_mail(
    office: Office,
    unit: Unit,
    user: UserRow,
    agency_id: int,
    *,
    moment: str,
    text: str,
    why: str,
    level: str,
) -> None:
    """Tell one person something of the installation, in the system and by mail, once a day."""
    now = office.now()
    tell_person(
        office, unit, user.id, agency_id, moment=moment, text=text, why=why, what=moment, at=now, level=level,
    )  # fmt: skip
    contact = channel_queries.contact(unit, user.id)
    for kind in office.channels:
        if (
            contact
            and kind.follows == "mail"
            and kind.to == "person"
            and address_for(office, contact, kind)
        ):
            message_queries.add_message(
                unit,
                key=message_queries.key_of(moment, f"user {user.id}", kind.name, now.date()),
                kind="notice", channel=kind.name, user_id=user.id, agency_id=agency_id, moment=moment,
                level=level, text=text, why=why, day=now.date(), created_at=now, not_before=now,
            )  # fmt: skip


def deliver_in_app(office: Office, unit: Unit, *, stale_too: bool = False) -> int:
    """Show what is due in the inboxes: the delivery is the mark itself, so it happens once. What a stop
    held up waits to be gathered first, unless stale_too."""
    now = office.now()
    delivered = message_queries.show_in_app(unit, now, now - STALE, stale_too=stale_too)
    for row in message_queries.due_in_app(unit, now):
        held_up = row.bundled or row.not_before < now - STALE
        if not stale_too and row.kind == "reminder" and held_up:
            continue
        row.text = text_today(office, unit, row)
        row.state, row.done_at = "sent", now
        delivered += 1
    unit.session.flush()
    return delivered
