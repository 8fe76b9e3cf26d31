"""Timeline files: events or single days in, all due days with their steps out (`gongkai deadline`)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from config.law import Law, load_law
from workflow import clock
from workflow import events as ev
from workflow.dates import LAST_DAY, in_words, parse_day
from workflow.refusal import BadInput, FieldError
from workflow.rules.calendar import LocalDays, calendar_for
from workflow.rules.national import NOTHING, LoadedDays
from workflow.rules.rulebook import Rulebook, merged_settings


def explain(data: Any, nation: LoadedDays = NOTHING) -> dict[str, Any]:
    """All due days of a timeline, with the keys of acceptance/deadlines.json and `steps`. nation: the
    holiday notices that were loaded.

    Raises BadInput naming what cannot be understood and where it stands.
    """
    if not isinstance(data, dict):
        raise BadInput([FieldError("文件", "须为一个对象，含 events 或者 kind")])
    kind = data.get("kind", "case")
    reader = _KINDS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise BadInput([FieldError("kind", f"只能是：{'、'.join(_KINDS)}")])
    return reader(data, rules_of(data, nation))


def rules_of(data: dict[str, Any], nation: LoadedDays = NOTHING) -> Rulebook:
    """The rules that a file brings along: `settings` over the defaults, `local_calendar` over the
    nation's."""
    law = load_law()
    settings = data.get("settings") or {}
    if not isinstance(settings, dict):
        raise BadInput([FieldError("settings", "须为名称和值的对应表")])
    merged = merged_settings(law, settings)
    own = local_days(data.get("local_calendar"))
    calendar = calendar_for(None, (own,) if own and merged["use_local_holidays"] else (), nation)
    return Rulebook(law, merged, calendar)


def local_days(data: Any) -> LocalDays | None:
    """A `local_calendar` of a file as a layer; None where there is none."""
    if data is None:
        return None
    if not isinstance(data, dict):
        raise BadInput([FieldError("local_calendar", "须含 region、holidays、workdays")])
    days = {}
    for key in ("holidays", "workdays"):
        listed = data.get(key) or []
        if not isinstance(listed, list):
            raise BadInput([FieldError(f"local_calendar.{key}", "须为日期的列表")])
        days[key] = frozenset(
            _day(value, f"local_calendar.{key}.{index}") for index, value in enumerate(listed)
        )
    both = days["holidays"] & days["workdays"]
    if both:
        text = f"{in_words(min(both))}既列为放假，又列为上班"
        raise BadInput([FieldError("local_calendar.workdays", text)])
    return LocalDays(str(data.get("region") or "本地"), days["holidays"], days["workdays"])


def _day(value: Any, field: str) -> date:
    try:
        return parse_day(value)
    except ValueError as error:
        raise BadInput([FieldError(field, str(error))]) from error


def _needed_day(data: dict[str, Any], key: str) -> date:
    if key not in data:
        raise BadInput([FieldError(key, "请填写这一项")])
    return _day(data[key], key)


def _case(data: dict[str, Any], rules: Rulebook) -> dict[str, Any]:
    listed = data.get("events")
    if not isinstance(listed, list) or not listed:
        raise BadInput([FieldError("events", "请列出至少一件事项")])
    parsed: list[ev.Event] = []
    ignored: list[dict[str, str]] = []
    for index, entry in enumerate(listed):
        if not isinstance(entry, dict):
            raise BadInput([FieldError(f"events.{index}", "须为一个对象")])
        who_filed = ev.names_who_filed(entry.get("event"), entry.get("by"))
        left_out = ("event",) if who_filed else ("event", "by")
        fields = {key: value for key, value in entry.items() if key not in left_out}
        name = str(entry.get("event"))
        unknown = [k for k in fields if name in ev.MODELS and ev.field_called(name, k) is None]
        ignored.extend(
            {"place": f"events.{index}.{key}", "reason": "没有这一项，不影响期限"}
            for key in unknown
        )
        try:
            parsed.append(
                ev.parse(entry.get("event"), {k: v for k, v in fields.items() if k not in unknown})
            )
        except ev.UnknownEvent as error:
            raise BadInput([FieldError(f"events.{index}.event", str(error))]) from error
        except BadInput as error:
            raise BadInput(
                [FieldError(f"events.{index}.{item.field}", item.message) for item in error.errors]
            ) from error
    parsed = _numbered(parsed)
    contradictions = list(_contradictions(parsed, rules.law))
    if contradictions:
        raise BadInput(contradictions)
    as_of = _day(data["as_of"], "as_of") if data.get("as_of") else None
    terms = clock.Terms(redo_inside=True, unchecked=True)
    days = clock.compute(parsed, rules, as_of, with_national=True, terms=terms)
    found = clock.with_disputes(days, parsed, rules).as_dict()
    if ignored:
        found["ignored"] = [*found.get("ignored", ()), *ignored]
    return found


def _numbered(events: list[ev.Event]) -> list[ev.Event]:
    """The events with the numbers that the engine gives to consultations: one that is left out is the
    next (contracts/events.json)."""
    found, asked = list(events), 0
    for place, event in clock.in_order(events):
        if isinstance(event, ev.Consultation):
            asked += 1
            if event.consultation is None:
                found[place] = event.model_copy(update={"consultation": asked})
    return found


def _contradictions(events: list[ev.Event], law: Law) -> Iterator[FieldError]:
    """What cannot have happened: two open consultations of one number, a confirmation before the
    submission or the arrival, a paper that arrived before it was sent, a day fixed before it was fixed, a
    result that nobody knows. A number may be used again once its consultation has ended."""
    submitted_on = min((event.on for event in events if isinstance(event, ev.Submit)), default=None)
    waiting: set[int | None] = set()
    for place, event in clock.in_order(events):
        sent = clock.sent(event)
        if sent and sent.reached_on and sent.reached_on < sent.sent_on:
            yield FieldError(f"events.{place}.reached_on", "收到之日早于发出之日")
        if isinstance(event, ev.Receive) and event.confirmed_on:
            if event.confirmed_on < max(event.on, submitted_on or event.on):
                yield FieldError(f"events.{place}.confirmed_on", "双方确认之日早于提交或者到达之日")
        elif isinstance(event, ev.Consultation):
            if event.consultation in waiting:
                yield FieldError(
                    f"events.{place}.consultation",
                    f"第 {event.consultation} 次征求意见还没有收到意见，请换一个序号",
                )
            waiting.add(event.consultation)
        elif isinstance(event, ev.RecordOpinion):
            waiting.discard(event.consultation)
        elif isinstance(event, ev.OrderRedo) and event.due and event.due <= event.on:
            yield FieldError(f"events.{place}.due", "重新答复的期限不晚于责令之日")
        elif isinstance(event, ev.AskReasons) and (event.deadline_on or date.max) <= event.on:
            yield FieldError(f"events.{place}.deadline_on", "说明理由的截止日不在要求之日以后")
        elif isinstance(event, ev.ConcludeReview | ev.ConcludeSuit):
            kind = event.name.removeprefix("conclude_")
            if (kind, event.result) not in law.results:
                known = "、".join(code for of, code in law.results if of == kind)
                yield FieldError(f"events.{place}.result", f"只能是：{known}")


def _answer(
    days: dict[str, date], steps: list[tuple[date, str, str]], rules: Rulebook
) -> dict[str, Any]:
    return {
        **{key: day.isoformat() for key, day in days.items()},
        "provisional": any(rules.calendar.is_provisional(day) for day in days.values()),
        "steps": [
            {"on": on.isoformat(), "text": text, "article": article} for on, text, article in steps
        ],
    }


def _publication(data: dict[str, Any], rules: Rulebook) -> dict[str, Any]:
    formed = _needed_day(data, "formed_on")
    due = clock.publication_due(formed, rules)
    steps = [
        (formed, "信息形成或者变更，当日不计", "条例26"),
        (
            due,
            f"第 {rules.period('publication', formed)} 个工作日是 {in_words(due)}，须在此日之前主动公开",
            "条例26",
        ),
    ]
    return _answer({"publish_due": due}, steps, rules)


def _classification(data: dict[str, Any], rules: Rulebook) -> dict[str, Any]:
    on = _needed_day(data, "on")
    reported = _day(data["reported_on"], "reported_on") if data.get("reported_on") else None
    days = clock.classification_dues(on, reported, rules)
    steps = [
        (on, "对不明确的事项先行拟定密级，当日不计", "保密法实施条例25"),
        (
            days["report_due"],
            f"{rules.period('classification_report', on)} 个工作日内报请确定",
            "保密法实施条例25",
        ),
    ]
    if reported and "ruling_due" in days:
        number = rules.period("classification_ruling", reported)
        text = f"收到报告后 {number} 个工作日内作出确定"
        steps.append((days["ruling_due"], text, "保密法实施条例25"))
    return _answer(days, steps, rules)


def _leak(data: dict[str, Any], rules: Rulebook) -> dict[str, Any]:
    try:
        found_at = datetime.fromisoformat(str(data.get("found_at")))
    except ValueError as error:
        raise BadInput([FieldError("found_at", "请按 2026-01-31T10:00 的格式填写时间")]) from error
    _day(found_at.date(), "found_at")
    due = clock.leak_report_due(found_at, rules)
    return {
        "report_due": due.isoformat(timespec="minutes"),
        "provisional": False,
        "steps": [
            {
                "on": due.date().isoformat(),
                "text": "发现泄密后 24 小时内报告，按钟点计算，不按工作日",
                "article": "保密法实施条例61",
            }
        ],
    }


def _annual_report(data: dict[str, Any], rules: Rulebook) -> dict[str, Any]:
    year = data.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or not 2000 <= year < LAST_DAY.year:
        raise BadInput([FieldError("year", "请填写四位年份")])
    days = clock.annual_report_dues(year, rules.calendar)
    steps = [
        (
            days["statutory_department"],
            "部门、乡镇的年度报告在 1 月 31 日前公布，遇休息日不顺延",
            "条例49",
        ),
        (days["last_working_day_on_or_before"], "此日或者之前的最后一个工作日", "条例49"),
        (
            days["statutory_government"],
            "政府的年度报告在 3 月 31 日前公布，遇休息日不顺延",
            "条例49",
        ),
        (days["last_working_day_government"], "此日或者之前的最后一个工作日", "条例49"),
    ]
    return _answer(days, steps, rules)


_KINDS = {
    "case": _case,
    "publication": _publication,
    "provisional_classification": _classification,
    "leak": _leak,
    "annual_report": _annual_report,
}
