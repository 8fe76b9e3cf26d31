"""Year-end (law.md §7): what a body has to do from 1 December until its report is published.

`year_end` says it from facts, for pages and for reminders alike; it knows no store and no clock.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from workflow.dates import month_day
from workflow.report.checks import Finding
from workflow.rules.calendar import Calendar

BEFORE_CHECK_WORKDAYS = 10
BEFORE_SIGNATURE_WORKDAYS = 5
"""How many working days before the target a report should be checked and signed: no text says so, and
the leader who signs answers for it (第一责任人), so some time is left."""
STEPS = ("draft", "checked", "signed", "submitted", "accepted", "published")


def target(last_day: date, calendar: Calendar) -> date:
    """The last working day on or before a last day: the statutory ones do not roll over."""
    return calendar.on_or_before(last_day)


Place = Literal["cases", "tables", "calendar", "register", "report", "below"]


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A case and what is to be said of it, in words."""

    number: str
    what: str


@dataclass(frozen=True)
class Facts:
    """What is known of a body's year.

    last_day: for the report (clock.report_last_day); below_by: the same for the bodies below. state: of
    its report's latest version; None before the draft. open_cases: received in the year or
    before and not closed on its last day (or today). missing: facts that the tables or the file need.
    findings: checks that fail now. register_empty, promises_open: None where nothing is known of the
    register of the year (table 二) or of last year's section 五. not_in: bodies below without a report.
    """

    agency: str
    year: int
    last_day: date
    calendar: Calendar
    state: str | None = None
    open_cases: tuple[CaseFact, ...] = ()
    missing: tuple[CaseFact, ...] = ()
    open_number: int = 0
    missing_number: int = 0
    findings: tuple[Finding, ...] = ()
    holidays_known: bool = True
    register_empty: bool | None = None
    promises_open: bool | None = None
    not_in: tuple[str, ...] = ()
    below_by: date | None = None


@dataclass(frozen=True)
class Todo:
    """One thing to do. due: its last day; days_left: calendar days, negative when it is past.

    place: where it is done; cases: the cases that it is about, the first ones of number. article: what asks
    for it.
    """

    key: str
    title: str
    detail: str
    article: str
    due: date
    days_left: int
    place: Place
    cases: tuple[CaseFact, ...] = ()
    number: int = 0

    @property
    def late(self) -> bool:
        return self.days_left < 0


def year_end(facts: Facts, today: date) -> list[Todo]:
    """What is to be done, what is due first on top; nothing before 1 December of the year, and nothing
    once the report is published."""
    if today < date(facts.year, 12, 1) or facts.state == "published":
        return []
    year_ends = date(facts.year, 12, 31)
    due = target(facts.last_day, facts.calendar)
    checked = _before(due, BEFORE_CHECK_WORKDAYS, facts.calendar)
    found: list[Todo] = []

    def todo(
        key: str,
        title: str,
        detail: str,
        article: str,
        on: date,
        place: Place,
        cases: tuple[CaseFact, ...] = (),
        number: int = 0,
    ) -> None:
        left = (on - today).days
        found.append(Todo(key, title, detail, article, on, left, place, cases, number))

    if facts.open_cases:
        count = max(facts.open_number, len(facts.open_cases))
        if today <= year_ends:
            todo(
                "carry_over",
                f"{count} 件申请年底前没有办结的，结转下年度",
                "能在年底前答复并送达的请抓紧；按答复送达之日计入办结年度。",
                "条例33",
                year_ends,
                "cases",
                facts.open_cases,
                count,
            )
        else:
            todo(
                "carried_over",
                f"{count} 件申请结转下年度",
                "计入“四、结转下年度继续办理”，请与台账核对。",
                "国办公开办函〔2021〕30号",
                checked,
                "cases",
                facts.open_cases,
                count,
            )
    if facts.missing:
        lacking = max(facts.missing_number, len(facts.missing))
        todo(
            "missing_facts",
            f"{lacking} 处材料或者信息不全",
            "影响年报统计或者归档，请补齐。",
            "条例45",
            checked,
            "cases",
            facts.missing,
            lacking,
        )
    errors = [finding for finding in facts.findings if finding.level == "error"]
    if errors:
        said = "；".join(f"{one.where}：{one.message}" for one in errors[:3])
        more = f"；还有 {len(errors) - 3} 处" if len(errors) > 3 else ""
        todo(
            "checks",
            f"{len(errors)} 处核对不成立",
            f"{said}{more}。",
            "国办公开办函〔2021〕30号",
            checked,
            "tables",
        )
    if not facts.holidays_known:
        todo(
            "holidays",
            f"{facts.year + 1} 年放假安排还没有载入",
            "明年的期限现在按周末和法定节日暂算，载入后自动重新计算。",
            "全国年节及纪念日放假办法",
            year_ends,
            "calendar",
        )
    if facts.register_empty:
        todo(
            "register",
            "表二的数字还没有登记",
            "规章、规范性文件、许可、处罚、强制、收费的全年数量，请向司法行政和有关科室核对后登记。",
            "条例20、50",
            checked,
            "register",
        )
    if facts.promises_open:
        todo(
            "promises",
            "上年报告第五部分写的改进措施还没有逐条说明",
            "请在今年的“存在的主要问题及改进情况”里写明做到了哪些。",
            "条例50",
            checked,
            "report",
        )
    if facts.not_in and today > year_ends:
        names = "、".join(facts.not_in[:5])
        more = f"等 {len(facts.not_in)} 个机关" if len(facts.not_in) > 5 else ""
        todo(
            "not_in",
            f"{len(facts.not_in)} 个下级机关还没有报送",
            f"{names}{more}。",
            "条例49",
            target(facts.below_by or facts.last_day, facts.calendar),
            "below",
        )
    _steps(facts, due, checked, todo)
    return sorted(found, key=lambda one: one.due)


def _steps(facts: Facts, due: date, checked: date, todo: Callable[..., None]) -> None:
    """What is left of the report's life."""
    done = -1 if facts.state is None else STEPS.index(_reached(facts.state))
    signed = _before(due, BEFORE_SIGNATURE_WORKDAYS, facts.calendar)
    first = date(facts.year + 1, 1, 1)
    steps = (
        ("draft", "生成年报草稿", "1 月 1 日自动生成，数字来自全年的申请和登记。", "条例50", first),
        ("checked", "核对年报", "逐项核对表格和文字，写好第一、五、六部分。", "条例50", checked),
        ("signed", "负责人签发年报", "主要负责同志是第一责任人。", "条例50", signed),
        ("submitted", "报送年报", "向政府信息公开工作主管部门提交。", "条例49", due),
        (
            "published", "公布年报",
            f"最后一天不因节假日顺延，最迟 {month_day(due)}公布。", "条例49", due,
        ),
    )  # fmt: skip
    if facts.state == "returned":
        todo(
            "returned", "年报被退回，修改后重新报送", "请按退回意见修改。", "条例49", due, "report"
        )
    for key, title, detail, article, on in steps:
        if STEPS.index(key) > done and not (key == "submitted" and facts.state == "returned"):
            todo(key, title, detail, article, on, "report")


def _reached(state: str) -> str:
    """The step that a state has come to; a report that was sent back begins again at its check."""
    return "draft" if state == "returned" else state


def _before(day: date, workdays: int, calendar: Calendar) -> date:
    """The day that many working days before a day."""
    while workdays:
        day = calendar.on_or_before(day - timedelta(days=1))
        workdays -= 1
    return day
