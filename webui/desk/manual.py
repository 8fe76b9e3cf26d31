"""The manuals: what to do, for each who works here, with pictures; to be read at the desk or printed."""

from dataclasses import dataclass

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.security import current_staff
from workflow.people import Staff


@dataclass(frozen=True)
class Manual:
    """One of them. roles: whom it is for, by their roles; above: for bodies with others below them."""

    name: str
    title: str
    about: str
    roles: tuple[str, ...] = ()
    above: bool = False

    def is_for(self, staff: Staff) -> bool:
        return any(role in self.roles for held in staff.roles.values() for role in held)


MANUALS = (
    Manual(
        "clerk",
        "经办人手册",
        "从收到申请到归档，每一步做什么、在哪里做、哪里容易错",
        ("clerk", "handler", "office_head", "archivist", "cashier"),
    ),
    Manual(
        "leader",
        "领导签发和审查（一页）",
        "签发、保密审查、合法性审核：看什么，怎样退回",
        ("leader", "secrecy_reviewer", "legal_reviewer"),
    ),
    Manual(
        "supervising",
        "主管部门手册",
        "下级机关办得怎样、催办、收年度报告、汇总核对",
        above=True,
    ),
    Manual(
        "administrator",
        "管理员手册",
        "安装以后的几步、人员和权限、放假安排、备份和升级",
        ("admin",),
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
