"""What a message says on the day on which it goes: days left counted anew, several as one."""

from collections.abc import Iterable
from datetime import date

from config.reminders import load_ladder
from workflow.dates import in_words
from workflow.reminders.moments import text_of
from workflow.service.office import Office
from workflow.store.message_models import MessageRow
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit

LINES_IN_DIGEST = 12


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
    """Several reminders as one message: each case once, with the days left of today, and its body where they are of
    several: numbers repeat between bodies."""
    latest: dict[tuple[object, ...], MessageRow] = {}
    for row in rows:
        key = (row.case_id,) if row.case_id else (row.agency_id, row.about, row.moment)
        if key not in latest or row.day > latest[key].day:
            latest[key] = row
    several = len({row.agency_id for row in latest.values()}) > 1
    lines = [
        _line(office, unit, row) + (f"（{row.agency.name}）" if several and row.agency else "")
        for row in latest.values()
    ]
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
    moment, today = load_ladder().rung(row.moment), office.today()
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
        return f"期限是 {in_words(due)}，已经逾期 {calendar.late(due, today)} 个工作日"
    return f"期限是 {in_words(due)}，还有 {calendar.count(today, due)} 个工作日"
