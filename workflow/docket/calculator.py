"""The calculator of due days for anyone: from the days that a person knows to the day of the reply, the count
day by day, what to mind, and what to do on the day after. It knows days only, no person and no case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workflow import clock
from workflow import events as ev
from workflow.dates import in_words, month_day, parse_day
from workflow.refusal import BadInput, FieldError
from workflow.rules.remedy import in_general, silence_kind
from workflow.rules.rulebook import Rulebook

WAYS = {"window": "in_person", "registered": "ems", "letter": "ordinary_mail", "net": "portal"}
"""How a person says that the request was handed in → the channel of the law."""

EARLIEST = date(2019, 5, 15)
"""The first day of the Regulations as they stand: what was asked before followed other periods."""

AHEAD = timedelta(366)
"""How far ahead of today a day may lie: who plans to ask counts, too."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a person knows. way: a key of WAYS. received_on: 收到申请之日. arrived_on: the day on which a letter
    or a form on the net arrived, where that was another one. correction_*: the notice that asked for a
    correction, as it went out, as it arrived, and the last day that it fixed; corrected_on: the day on which
    the body received the correction. extended_by: working days. extension_*: the notice that told it, as it went
    out and as it arrived. consulted_on, charged_on: the notice as it went out."""

    way: str
    received_on: date
    arrived_on: date | None = None
    correction_sent_on: date | None = None
    correction_reached_on: date | None = None
    correction_until: date | None = None
    corrected_on: date | None = None
    extended_by: int | None = None
    extension_sent_on: date | None = None
    extension_reached_on: date | None = None
    consulted_on: date | None = None
    opinion_on: date | None = None
    charged_on: date | None = None
    paid_on: date | None = None


DAYS = tuple(name for name in Told.__slots__ if name.endswith(("_on", "_until")))
FIELDS = ("way", *DAYS, "extended_by")
"""The fields of the form, as addresses name them."""

_NEEDS = {
    "correction_reached_on": ("correction_sent_on", "请一并填写补正告知寄出、交给您的日子"),
    "correction_until": ("correction_sent_on", "请一并填写补正告知寄出、交给您的日子"),
    "corrected_on": ("correction_sent_on", "请一并填写补正告知寄出、交给您的日子"),
    "extended_by": ("extension_sent_on", "请一并填写延期告知寄出、交给您的日子"),
    "extension_sent_on": ("extended_by", "请一并填写延长几个工作日"),
    "extension_reached_on": ("extension_sent_on", "请一并填写延期告知寄出、交给您的日子"),
    "opinion_on": ("consulted_on", "请一并填写发出征求意见的日子"),
    "paid_on": ("charged_on", "请一并填写收费通知寄出、交给您的日子"),
}
"""A field → the one without which it means nothing, and what is said there."""

_NOT_BEFORE = {
    "correction_sent_on": "received_on",
    "correction_reached_on": "correction_sent_on",
    "correction_until": "correction_sent_on",
    "corrected_on": "correction_sent_on",
    "extension_sent_on": "received_on",
    "extension_reached_on": "extension_sent_on",
    "consulted_on": "received_on",
    "opinion_on": "consulted_on",
    "charged_on": "received_on",
    "paid_on": "charged_on",
}
_CALLED = {
    "received_on": "收到之日",
    "correction_sent_on": "补正告知寄出之日",
    "extension_sent_on": "延期告知寄出之日",
    "consulted_on": "发出征求意见之日",
    "charged_on": "收费通知寄出之日",
}


def read_told(typed: Mapping[str, str], today: date) -> Told:
    """What was typed, field by field. Raises BadInput with a sentence for each field that will not do."""
    given = {name: typed.get(name, "").strip()[:20] for name in FIELDS}
    errors: list[FieldError] = []
    days: dict[str, date] = {}
    if given["way"] not in WAYS:
        errors.append(FieldError("way", "请选择怎样提交的"))
    for name in DAYS:
        if given[name]:
            try:
                days[name] = _day(given[name], today)
            except ValueError as error:
                errors.append(FieldError(name, str(error)))
        elif name == "received_on":
            errors.append(FieldError(name, "请填写收到之日"))
    extended_by = None
    if given["extended_by"]:
        if given["extended_by"].isascii() and given["extended_by"].isdigit():
            extended_by = int(given["extended_by"])
        if extended_by is None or not 1 <= extended_by <= 20:
            errors.append(FieldError("extended_by", "请填写 1 到 20 之间的整数"))
    wrong = {error.field for error in errors}
    for name, (needed, said) in _NEEDS.items():
        if given[name] and not given[needed] and needed not in wrong:
            errors.append(FieldError(needed, said))
            wrong.add(needed)
    for name, earlier in _NOT_BEFORE.items():
        if name in days and earlier in days and days[name] < days[earlier] and name not in wrong:
            errors.append(FieldError(name, f"不能早于{_CALLED[earlier]}"))
    arrived = days.get("arrived_on")
    if arrived and "received_on" in days and arrived > days["received_on"]:
        errors.append(FieldError("arrived_on", "不能晚于收到之日"))
    if errors:
        order = {name: place for place, name in enumerate(FIELDS)}
        raise BadInput(sorted(errors, key=lambda error: order[error.field]))
    return Told(way=given["way"], extended_by=extended_by, **days)


def _day(text: str, today: date) -> date:
    day = parse_day(text)
    if day < EARLIEST:
        raise ValueError("只能计算 2019 年 5 月 15 日（现行条例施行）以后收到的申请")
    if day > today + AHEAD:
        raise ValueError("最多填到一年之后")
    return day


@dataclass(frozen=True, slots=True)
class Note:
    """Something to mind: the point in a few words, then the rest of the sentence, and the article."""

    point: str
    text: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """What may be done against silence. since: the day after the last day of the reply. review_first: a suit is
    not possible before."""

    since: date
    review_first: bool
    review_days: int
    suit_months: int
    after_review_days: int
    organ: str
    court: str
    complaint_body: str
    review_online: str
    basis: str


@dataclass(frozen=True, slots=True)
class Calculated:
    """due: the last day of the reply; None while the count stands still (`stopped`: why). days: the count, day
    by day. notes: what to mind. silence: what may be done on the day after."""

    told: Told
    deadlines: clock.Deadlines
    due: date | None
    stopped: str
    days: tuple[clock.CountedDays, ...]
    notes: tuple[Note, ...]
    silence: Way | None

    @property
    def steps(self) -> list[clock.Step]:
        """How the day came about; what the notes say stands there alone."""
        return [
            one
            for one in self.deadlines.steps
            if one.article not in _IN_NOTES and not one.text.startswith("最稳妥")
        ]


_IN_NOTES = ("国务院办公厅节假日安排通知", "放假办法4")


def calculate(told: Told, rules: Rulebook, today: date) -> Calculated:
    """The due day of a reply, explained (条例31, 33; law.md §3). rules: those of the body that was asked, or of
    nobody. The day of receipt is the one that is told: what the body's own settings take for it plays no part."""
    rules = Rulebook(rules.law, {**rules.settings, **_AS_TOLD}, rules.calendar)
    events = list(_events(told))
    found = clock.compute(
        events, rules, today, with_national=True, terms=clock.Terms(unchecked=True)
    )
    stopped = _stopped(told, found)
    due = None if stopped else found.reply_due
    days = tuple(clock.day_by_day(found, rules.calendar)) if due else ()
    notes = tuple(_notes(told, found, rules, events, due))
    way = silence(due, rules) if due else None
    return Calculated(told, found, due, stopped, days, notes, way)


def _events(told: Told) -> Iterator[ev.Event]:
    confirmed = told.way in ("letter", "net")
    yield ev.Receive(
        on=told.arrived_on if confirmed and told.arrived_on else told.received_on,
        channel=WAYS[told.way],
        confirmed_on=told.received_on if confirmed else None,
    )
    if told.correction_sent_on:
        yield ev.RequireCorrection(
            on=told.correction_sent_on,
            reached_on=told.correction_reached_on,
            deadline_on=told.correction_until,
        )
    if told.corrected_on:
        yield ev.Correct(on=told.corrected_on)
    if told.consulted_on:
        yield ev.ConsultThirdParty(on=told.consulted_on, consultation=1)
    if told.opinion_on:
        yield ev.RecordOpinion(on=told.opinion_on, consultation=1)
    if told.extended_by and told.extension_sent_on:
        yield ev.Extend(
            on=told.extension_sent_on,
            days=told.extended_by,
            reached_on=told.extension_reached_on,
        )
    if told.charged_on:
        yield ev.ChargeFee(on=told.charged_on)
    if told.paid_on:
        yield ev.PayFee(on=told.paid_on)


def _stopped(told: Told, found: clock.Deadlines) -> str:
    """Why there is no last day yet; empty where there is one."""
    if found.clock != "stopped":
        return ""
    if told.charged_on and not told.paid_on:
        return "等您缴费：从缴费的次日起重新计算答复期限"
    return "等您补正：从机关收到补正的次日起重新计算答复期限"


_AS_TOLD = {
    "online_confirmation": "confirmation_event",
    "misaddressed_mail": "strict",
    "receipt_on_rest_day": "keep_date",
}
_WHAT = {
    ev.RequireCorrection.name: "补正告知",
    ev.Correct.name: "补正",
    ev.ConsultThirdParty.name: "征求意见",
    ev.RecordOpinion.name: "收到意见",
    ev.Extend.name: "延期",
    ev.ChargeFee.name: "收费通知",
    ev.PayFee.name: "缴费",
}


def _notes(
    told: Told, found: clock.Deadlines, rules: Rulebook, events: list[ev.Event], due: date | None
) -> Iterator[Note]:
    for one in found.ignored:
        what = _WHAT.get(one.event, one.event)
        yield Note(f"{month_day(one.on)}的{what}没有计入。", f"{one.reason}。")
    if found.extension_valid is False:
        yield Note("延期不能改变期限。", "延期须在原来的期限之内决定并且告知您。", "条例33(2)")
    if found.correction_notice_late:
        n = rules.period("correction_notice", told.received_on)
        kept = rules["late_correction_notice"] == "no_restart"
        yield Note(
            "补正告知发出得晚了。",
            f"应当在收到后 {n} 个工作日内发出；"
            + ("晚发的不改变原来的答复期限。" if kept else "晚发的属于程序瑕疵。"),
            "条例30",
        )
    if due is None:
        if found.correction_due:
            yield Note(
                f"请在 {in_words(found.correction_due)}之前补正。",
                "没有正当理由逾期不补正的，视为放弃申请。",
                "条例30",
            )
        if told.charged_on and not told.paid_on:
            days = rules.period("fee_payment", told.charged_on)
            yield Note(
                f"收到收费通知的次日起 {days} 个工作日内缴费。",
                "逾期不缴的，视为放弃申请。",
                "国办函〔2020〕109号",
            )
        return
    if found.provisional:
        yield Note(
            f"{due.year} 年的放假安排还没有公布。",
            "逢节假日调休、补休，这一天可能提早，也可能推后。公布之后请再算一次。",
        )
    yield Note(
        "这是送出的最后一天，不是您收到的那一天。",
        f"通过邮政寄的，{month_day(due)}交邮就算按期；当面送的，以签收为准。",
        "国办公开办函〔2016〕235号",
    )
    if found.safe_due and found.safe_due < due:
        safe = in_words(found.safe_due)
        if found.extra_workdays:
            yield Note(
                f"您是在 {safe}之前收到延期告知的吗？",
                f"寄出就算告知；但是没有在那之前收到的，按更严格的理解，期限仍是 {safe}。",
                "条例33(2)",
            )
        elif found.late_confirmation:
            yield Note(
                "机关确认得晚了。",
                f"来信当天、网上提交的下一个工作日就应当与您确认；照此计算，期限是 {safe}。",
                "条例31；国办公开办函〔2015〕207号",
            )
        else:
            yield Note(f"按更严格的理解，期限是 {safe}。", "在这一天之前答复最稳妥。")
    if found.reply_due_national and found.reply_due_national != due:
        yield Note(
            f"只按全国放假安排是 {in_words(found.reply_due_national)}。",
            "上面的日子扣除了当地的民族、地方节日。",
            "放假办法4",
        )
    if found.clock == "excluding" and not told.opinion_on:
        yield Note(
            "还在征求意见。",
            "征求意见的时间不计入期限；对方提前答复的，这一天会提早。",
            "条例32、33(3)",
        )
    if not found.extra_workdays:
        most = rules.extension_workdays(told.received_on)
        latest = rules.calendar.add(due, most)
        yield Note(
            f"{month_day(due)}之前还可能延期一次。",
            f"最多再加 {most} 个工作日，最晚到 {in_words(latest)}，须告知您。",
            "条例33(2)",
        )
    if not told.correction_sent_on and found.correction_notice_due:
        n = rules.period("correction_notice", told.received_on)
        yield Note(
            f"内容不明确的，机关最迟 {month_day(found.correction_notice_due)}要您补正。",
            f"这是收到后的第 {n} 个工作日；按时要求的，您补正以后期限重新计算。",
            "条例30",
        )


def silence(due: date, rules: Rulebook) -> Way:
    """What may be done when no reply came until its last day (条例47, 51; 行政复议法23(1)(3))."""
    since, rules = due + timedelta(1), in_general(rules)
    row = rules.law.remedies["silence"]
    return Way(
        since=since,
        review_first=silence_kind(due, rules) == "review_first",
        review_days=rules.period("review", since),
        suit_months=rules.period("suit_direct", since),
        after_review_days=rules.period("suit_after_review", since),
        organ=rules["review_organ"],
        court=rules["court"],
        complaint_body=rules["complaint_body"],
        review_online=rules["online_review_url"],
        basis=row.basis,
    )


def calendar_file(found: Calculated, called: str, now: datetime) -> bytes:
    """The last day as a whole day for a person's own calendar. called: of whom the reply is expected."""
    from icalendar import Calendar, Event  # loaded only where somebody asks

    assert found.due is not None
    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//gongkai//calculator//ZH")
    calendar.add("version", "2.0")
    event.add("uid", f"{found.told.received_on}-{found.due}-calculator@gongkai")
    event.add("dtstamp", now)
    event.add("dtstart", found.due)
    event.add("dtend", found.due + timedelta(1))
    event.add("summary", f"{called}最迟答复日{'（暂算）' if found.deadlines.provisional else ''}")
    event.add("transp", "TRANSPARENT")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
