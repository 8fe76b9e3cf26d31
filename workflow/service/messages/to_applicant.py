"""What an applicant is told: receipt, correction, extension, fee and reply, through what they chose.

In the transaction of the event that causes it: both are kept, or neither.
"""

from datetime import date, datetime, time, timedelta

from config.channels import ChannelKind, load_told
from workflow.addresses import mobile
from workflow.case.case import Case
from workflow.dates import SHANGHAI, in_words
from workflow.events import Event
from workflow.service.office import Office
from workflow.store import channels as channel_queries
from workflow.store import messages as message_queries
from workflow.store.models import CaseRow
from workflow.store.restored import first_private
from workflow.store.unit import Unit

OLD_NEWS = timedelta(days=10)
"""What is typed in later than this after it happened is not told to the applicant any more."""
QUIET_FROM, QUIET_TO = time(21), time(8)
IN_MESSAGE = "〔只写在发出的消息里〕"
"""Stands for a query code in what is kept of a message."""


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


def tell_of_answer(office: Office, unit: Unit, row: CaseRow, message: int) -> None:
    """Tell the applicant that the office answered what they wrote. message: the id of the answer."""
    told, now = load_told()["answer_message"], office.now()
    for kind in applicant_channels(office, unit, row):
        message_queries.add_message(
            unit,
            key=message_queries.key_of(f"answer {message}", "applicant", kind.name, now.date()),
            kind="applicant", channel=kind.name, agency_id=row.agency_id, case_id=row.id,
            about=row.number, moment=told.moment, text=told.words_no_due.format(number=row.number),
            why=f"{told.label}（{told.basis}）", day=now.date(), due=None, created_at=now,
            not_before=not_at_night(now) if kind.follows == "sms" else now,
        )  # fmt: skip


def day_told(case: Case, event: str) -> date | None:
    """The day that an applicant is told when an event happens."""
    return {
        "receive": case.deadlines.reply_due,
        "correct_entry": case.deadlines.reply_due,
        "transfer": case.deadlines.reply_due,
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
    if any(kind.applicants for kind in office.channels):
        unit.attach()
    there = open_to_applicant(office, row)
    choice = channel_queries.choice(unit, row.id) if there else None
    return [kind for kind in there if choice is None or kind.name in choice.channels]


def open_to_applicant(office: Office, row: CaseRow) -> list[ChannelKind]:
    """The channels for which the applicant gave an address."""
    kinds = [kind for kind in office.channels if kind.applicants]
    private = applicant_addresses(office, row) if kinds else {}
    return [kind for kind in kinds if private.get(kind.address)]


def applicant_addresses(office: Office, row: CaseRow) -> dict[str, str]:
    """E-mail and mobile of the first applicant, as far as given."""
    private = first_private(office.keys, row)
    return {
        "email": private.get("email") or "",
        "phone": mobile(private.get("phone") or ""),
    }


def with_code(office: Office, row: CaseRow, text: str) -> str:
    """The text of a message with the query code that holds as it goes."""
    return text.replace(IN_MESSAGE, office.keys.query_code(row.code_salt, row.code_turn))
