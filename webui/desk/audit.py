"""The audit (审计): what was changed of people, roles, units and bodies, a page at a time and as a file; and what rights
each had on a day."""

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from webui.sheets import WITH_COLUMNS, sheet_file, table_file
from workflow.dates import in_words, parse_day
from workflow.paper.columns import Column
from workflow.paper.workbook import Sheet
from workflow.service.audit import OTHER, AuditLine
from workflow.service.heads import mark_of, read_head
from workflow.service.rights import Right

PER_PAGE = 50
DETAILS = {
    "role": "角色", "before": "原为", "name": "名称", "deputy": "代理人", "first": "从", "last": "到",
    "successor": "承继机关", "parent": "上级机关", "reason": "事由", "rows": "行数", "created": "新建件数",
    "joined": "加入", "gone": "离开", "title": "公开的名称", "content": "内容", "way": "方式", "remaining": "还剩",
    "account": "账号", "year": "年度", "points": "要点数", "note": "说明",
    "host": "主机",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the address asks for. Days that are none are left out."""

    agency: str
    action: str
    group: str
    person: str
    first: date | None
    last: date | None


def _asked() -> Asked:
    words = load_law().words
    action, group = request.args.get("action", ""), request.args.get("group", "")
    return Asked(
        request.args.get("at", ""),
        action if action in words.audit else "",
        group if group in (*words.audit_groups, OTHER) else "",
        request.args.get("person", "").strip()[:64],
        _day("first"),
        _day("last"),
    )


def _day(name: str) -> date | None:
    with suppress(ValueError):
        return parse_day(request.args.get(name, ""))
    return None


@desk.get("/audit")
def audit() -> ResponseReturnValue:
    """The lines that the person may read, newest first."""
    asked = _asked()
    page = min(max(request.args.get("page", 1, type=whole), 1), 10_000)
    found = gongkai().audit.lines(
        current_staff(), **asdict(asked), after=(page - 1) * PER_PAGE, limit=PER_PAGE + 1
    )
    chosen: dict[str, Any] = {
        "at": asked.agency or None,
        "action": asked.action or None,
        "group": asked.group or None,
        "person": asked.person or None,
        "first": asked.first.isoformat() if asked.first else None,
        "last": asked.last.isoformat() if asked.last else None,
    }
    return render_template(
        "desk/audit.html",
        lines=found[:PER_PAGE],
        more=len(found) > PER_PAGE,
        page=page,
        asked=asked,
        chosen=chosen,
        actions=load_law().words.audit,
        groups={name: row["label"] for name, row in load_law().words.audit_groups.items()},
        other=OTHER,
        mine=gongkai().audit.bodies(current_staff()),
        whole=gongkai().heads.may(current_staff()),
        details=DETAILS,
    )


@desk.get("/audit/head")
def audit_head() -> ResponseReturnValue:
    """How far every chain went when the last head went out, to be printed and kept."""
    kept = gongkai().heads.latest(current_staff())
    if kept is None:
        return render_template("desk/audit_head.html", head=None)
    _, content = kept
    return render_template("desk/audit_head.html", head=read_head(content), mark=mark_of(content))


@desk.get("/audit/head.json")
def audit_head_file() -> ResponseReturnValue:
    """The same as a file, for `gongkai verify --against`."""
    kept = gongkai().heads.latest(current_staff())
    if kept is None:
        return redirect(url_for("desk.audit_head"), 303)
    name, content = kept
    return table_file(content, "json", f"链头{name}")


@desk.get("/audit/<ending>")
def audit_file(ending: str) -> ResponseReturnValue:
    """All of them as Excel or CSV."""
    if ending not in WITH_COLUMNS:
        abort(404)
    today = gongkai().office.today()
    found = gongkai().audit.lines(current_staff(), **asdict(_asked()))
    sheet = Sheet(
        "审计记录",
        (
            Column("序号", "number", "在记录链上的序号，没有空缺"),
            Column("时间", "moment", "记入的时间"),
            Column("谁", "text", "谁做的"),
            Column("做了什么", "words", "做的事"),
            Column("对谁", "text", "对谁或者对什么做的"),
            Column("机关", "text", "在哪个机关；全系统的空着"),
            Column("说明", "text", "其余写明的内容"),
        ),
        [(one.number, one.at, one.who, one.what, one.about, one.body, told(one)) for one in found],
        note=f"{in_words(today)}导出，{len(found)} 条",
    )
    return sheet_file(sheet, ending, f"审计记录{today:%Y%m%d}")


# -- rights on a day ----------------------------------------------------------------------------------


def _rights() -> tuple[str, date, str, list[Right]]:
    """The body that the address names, else the person's own or the first within reach; the day, today where none is
    told or a later one; the user name; and the rights."""
    doors, staff = gongkai(), current_staff()
    mine = [code for code, _ in doors.audit.bodies(staff)]
    own = [code for code in mine if code in staff.roles]
    agency = request.args.get("at", "") or next(iter([*own, *mine]), "")
    today = doors.office.today()
    day = min(_day("day") or today, today)
    person = request.args.get("person", "").strip()[:64]
    return agency, day, person, doors.rights.on(staff, agency, day, person)


@desk.get("/audit/rights")
def rights() -> ResponseReturnValue:
    """Who had which rights in a body on a day, and who had given them."""
    agency, day, person, found = _rights()
    return render_template(
        "desk/rights.html",
        agency=agency,
        day=day,
        person=person,
        rights=found,
        mine=gongkai().audit.bodies(current_staff()),
        today=gongkai().office.today(),
        said=right_said,
    )


@desk.get("/audit/rights/<ending>")
def rights_file(ending: str) -> ResponseReturnValue:
    """The same as Excel or CSV."""
    if ending not in WITH_COLUMNS:
        abort(404)
    agency, day, _, found = _rights()
    sheet = Sheet(
        "人员权限",
        (
            Column("用户名", "text", "登录用的名字"),
            Column("姓名", "text", "人员的姓名"),
            Column("角色", "words", "在这个机关的角色"),
            Column("何时给的", "moment", "给角色的时间，没有记录的空着"),
            Column("由谁给的", "text", "谁给的角色"),
            Column("账号", "words", "在用或者停用"),
            Column("说明", "text", "代理谁、到哪天，以及与记录不一致的地方"),
        ),
        [
            (
                one.user, one.person, one.role, one.since, one.by or "", "在用" if one.active else "停用",
                right_said(one),
            )
            for one in found
        ],
        note=f"{dict(gongkai().audit.bodies(current_staff()))[agency]}，{in_words(day)}的权限，{len(found)} 项",
    )  # fmt: skip
    return sheet_file(sheet, ending, f"人员权限{day:%Y%m%d}")


def right_said(one: Right) -> str:
    """What else there is to say of a right."""
    said = []
    if one.stands_for:
        said.append(f"代理{one.stands_for}" + (f"，到{in_words(one.last)}" if one.last else ""))
    if one.by is None:
        said.append("审计里没有给予的记录")
    if one.differs:
        said.append("审计和现在的权限不一致，请核查")
    return "；".join(said)


@desk.app_template_global("audit_told")
def told(one: AuditLine) -> str:
    """What else a line says, in words."""
    return "；".join(f"{DETAILS.get(key, key)} {value}" for key, value in one.details.items())
