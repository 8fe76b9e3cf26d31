"""The audit (审计): what was changed of people, roles, units and bodies, a page at a time and as a file."""

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from webui.sheets import ENDINGS, sheet_file
from workflow.dates import in_words, parse_day
from workflow.paper.workbook import Sheet
from workflow.service.audit import AuditLine

PER_PAGE = 50
DETAILS = {
    "role": "角色", "before": "原为", "name": "名称", "deputy": "代理人", "first": "从", "last": "到",
    "successor": "承继机关", "parent": "上级机关", "reason": "事由", "rows": "行数", "created": "新建件数",
    "title": "公开的名称",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the address asks for. Days that are none are left out."""

    agency: str
    action: str
    person: str
    first: date | None
    last: date | None


def _asked() -> Asked:
    action = request.args.get("action", "")
    return Asked(
        request.args.get("at", ""),
        action if action in load_law().words.audit else "",
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
        mine=gongkai().audit.bodies(current_staff()),
        details=DETAILS,
    )


@desk.get("/audit/<ending>")
def audit_file(ending: str) -> ResponseReturnValue:
    """All of them as Excel or CSV."""
    if ending not in ENDINGS:
        abort(404)
    today = gongkai().office.today()
    found = gongkai().audit.lines(current_staff(), **asdict(_asked()))
    sheet = Sheet(
        "审计记录",
        ("序号", "时间", "谁", "做了什么", "对谁", "机关", "说明"),
        [(one.number, one.at, one.who, one.what, one.about, one.body, told(one)) for one in found],
        note=f"{in_words(today)}导出，{len(found)} 条",
    )
    return sheet_file(sheet, ending, f"审计记录{today:%Y%m%d}")


@desk.app_template_global("audit_told")
def told(one: AuditLine) -> str:
    """What else a line says, in words."""
    return "；".join(f"{DETAILS.get(key, key)} {value}" for key, value in one.details.items())
