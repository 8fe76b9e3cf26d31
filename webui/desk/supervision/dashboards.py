"""Looking a body over (办理情况): the leader's screen, and the year's figures with their tables."""

from collections.abc import Mapping

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.reports.plots import plot_of
from webui.security import current_staff
from webui.sheets import WITH_COLUMNS, sheet_file
from workflow import events as ev
from workflow.dates import in_words
from workflow.paper.columns import Column
from workflow.paper.workbook import Sheet
from workflow.report.tables.figures import Figure
from workflow.rules.supervision import soon_workdays
from workflow.service.cases.opinions import DEGREES
from workflow.service.dashboards import Dashboard

YEARS_BACK = 5
STEPS = {
    "extend": "延期",
    "require_correction": "补正",
    "consult_third_party": "第三方",
    "charge_fee": "收费",
}
ROWS = {
    "new_received": "新收",
    "carried_in": "上年结转",
    "total": "办结",
    "carried_out": "没有办结",
}
LISTS = ("sign", "late", "due", "returned")
BLOCKS = {
    "review": "行政复议",
    "suit_direct": "未经复议直接起诉",
    "suit_after_review": "复议后起诉",
}


@desk.get("/dashboard")
def dashboard() -> ResponseReturnValue:
    """A body of the person's as it stands, and its year."""
    found = _asked()
    this = gongkai().office.today().year
    return render_template(
        "desk/dashboard.html",
        found=found,
        mine=gongkai().dashboards.bodies(current_staff()),
        plots=[plot_of(figure) for figure in found.figures],
        titles=list_titles(found),
        lists=LISTS,
        rows=ROWS,
        steps=STEPS,
        blocks=BLOCKS,
        results={key: row.label for key, row in load_law().results.items()},
        years=range(this, this - YEARS_BACK, -1),
        soon=soon_workdays(),
        degrees=DEGREES,
    )


def list_titles(found: Dashboard) -> Mapping[str, str]:
    """What the short lists are called by who reads them."""
    by = load_law().transitions[ev.Approve.name].by
    signs = not current_staff().roles.get(found.agency, frozenset()).isdisjoint(by)
    return {
        "sign": "等我签发" if signs else "等待签发",
        "late": "已逾期",
        "due": f"{soon_workdays()} 个工作日内到期",
        "returned": "退回待重新送达",
    }


@desk.get("/dashboard/<ending>")
def dashboard_file(ending: str) -> ResponseReturnValue:
    """The tables of the page as Excel, the figures each on a sheet of its own; as CSV the slow cases."""
    if ending not in WITH_COLUMNS:
        abort(404)
    found, today = _asked(), gongkai().office.today()
    note = f"{found.name}，{found.year} 年，{in_words(today)}算出"
    slow = Sheet(
        "用时最长的申请",
        (
            Column("申请编号", "text", "在本机关之内不重复"),
            Column("收到", "day", "收到申请之日"),
            Column("办结", "day", "办结之日，没有办结的空着"),
            Column("用时（工作日）", "number", "从收到到办结计了几个工作日，不计的日子已经扣除"),
            Column("逾期（工作日）", "number", "逾期几个工作日，没有逾期的空着"),
            Column("结果", "words", "答复类型"),
        ),
        [
            (one.number, one.received_on, one.closed_on, one.days, one.late or None, _outcome(one.outcome))
            for one in found.slow
        ],
        note=note,
    )  # fmt: skip
    sheets = [_sheet(figure, note) for figure in found.figures]
    return sheet_file(slow, ending, f"{found.name}{found.year}年办理情况", before=sheets)


def _sheet(figure: Figure, note: str) -> Sheet:
    rows = [
        (category, *(one.values[place] for one in figure.series))
        for place, category in enumerate(figure.categories)
    ]
    heads = (figure.first, *(one.label for one in figure.series))
    return Sheet(figure.title, heads, rows, note=note)


def _outcome(code: str | None) -> str:
    return load_law().outcomes[code].label if code else ""


def _asked() -> Dashboard:
    this = gongkai().office.today().year
    year = min(max(request.args.get("year", this, type=whole), 2008), this)
    return gongkai().dashboards.page(current_staff(), request.args.get("at") or None, year)
