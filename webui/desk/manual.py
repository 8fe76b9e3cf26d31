"""The manuals: what to do, for each who works here, with pictures; to be read at the desk or printed."""

from dataclasses import dataclass

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.desk import desk
from webui.permitted import permitted
from webui.security import current_staff
from workflow.people import Staff


@dataclass(frozen=True)
class Manual:
    """One of them. Whom it is for: who may bring about one of the events, or do one of the actions."""

    name: str
    title: str
    about: str
    events: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()

    def is_for(self, staff: Staff) -> bool:
        law = load_law()
        roles = {role for event in self.events for role in law.transitions[event].by}
        mine = any(roles & set(held) for held in staff.roles.values())
        return mine or any(permitted(staff, action) for action in self.actions)


MANUALS = (
    Manual(
        "clerk",
        "经办人手册",
        "从收到申请到归档，每一步做什么、在哪里做、哪里容易错",
        events=("assign", "propose_outcome", "extend", "pay_fee", "archive"),
    ),
    Manual(
        "leader",
        "领导签发和审查（一页）",
        "签发、保密审查、合法性审核：看什么，怎样退回",
        events=("approve", "pass_secrecy_review", "pass_legal_check"),
    ),
    Manual(
        "supervising",
        "主管部门手册",
        "下级机关办得怎样、催办、收年度报告、汇总核对",
        actions=("supervise",),
    ),
    Manual(
        "administrator",
        "管理员手册",
        "安装以后的几步、人员和权限、放假安排、备份和升级",
        actions=("see_staff", "read_audit"),
    ),
    Manual("first-hour", "第一个小时", "用演示数据把一件申请从头办到尾"),
)


@desk.get("/manual")
def manuals() -> ResponseReturnValue:
    """Which manuals there are; those for one's own roles first."""
    staff = current_staff()
    own = [one for one in MANUALS if one.is_for(staff)]
    others = [one for one in MANUALS if not one.is_for(staff)]
    return render_template("manual/index.html", own=own, others=others)


@desk.get("/manual/<name>")
def manual(name: str) -> ResponseReturnValue:
    found = next((one for one in MANUALS if one.name == name), None)
    if found is None:
        abort(404)
    return render_template(f"manual/{found.name}.html", manual=found)
