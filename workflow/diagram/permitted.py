"""The table of permissions in Chinese, one line an action, for a lawyer and an auditor to check."""

from config.law import Law, year_rules
from config.law.permissions import Action
from config.law.year import Step
from workflow.diagram.written import table
from workflow.rules.permissions import OWN_CASE, UNTOLD, who_may, words_of

ACTIONS = ("操作（代码）", "谁可以", "范围", "依据", "由何承载")
BY_ROLE = ("事项或者步骤（代码）", "谁可以", "依据")
ALL = "全体工作人员"
BY_ROW = {
    "transitions.toml": "见“二、办理事项”",
    "year.toml": "见“三、年度报告的步骤”",
}


def permissions_text(law: Law) -> str:
    """Actions, events and steps of the report with who may, as tables in Markdown."""
    actions = law.permissions.actions.values()
    return "\n\n".join(
        (
            "## 一、操作",
            "表里没有的，任何人都不可以。“由何承载”是页面和接口的内部名称，以及命令行的命令；"
            "前面写有 GET、POST 的，只指这一种请求方式。写有“未设……的机关”的，只在这个机关和它的上级机关都没有"
            "可以登录的这种管理员时代为办理，设了以后就不再可以。",
            table(ACTIONS, (_action(law, action) for action in actions)),
            "## 二、办理事项",
            "申请的每一个事项由谁办理，写在规则表 `transitions.toml` 的每一行里，限本机关的申请；"
            "申请人凭申请编号和查询码办理自己的申请。",
            table(BY_ROLE, (
                (f"{row.label}（`{row.event}`）", _roles(law, row.by), row.basis)
                for row in law.transitions.values()
            )),
            "## 三、年度报告的步骤",
            "每一步由谁办理，写在 `year.toml` 的每一行里。",
            table(BY_ROLE, (_step(law, step) for step in year_rules().steps.values())),
            "## 四、每个角色可以做什么",
            table(("角色（代码）", "操作", "事项"), (_role(law, role) for role in law.permissions.groups["staff"])),
        )
    )  # fmt: skip


def _action(law: Law, action: Action) -> tuple[str, ...]:
    words = law.permissions
    scopes = dict.fromkeys(
        words.scopes[where] for where in action.may.values() if where != OWN_CASE
    )
    carried = [f"`{one}`" for one in action.carries]
    carried += [f"`gongkai {one}`" for one in action.commands]
    return (
        f"{action.label}（`{action.name}`）",
        BY_ROW[action.by_row] if action.by_row else _who(law, action),
        "、".join(scopes) or "—",
        action.basis,
        "<br>".join(carried),
    )


def _who(law: Law, action: Action) -> str:
    """The roles of a row; all of staff in one word, so that nine names do not hide one that lacks."""
    words, people = words_of(law), ALL if _is_for_all(law, action) else who_may(law, action)
    return "、".join([*filter(None, [people]), *(words[r] for r in action.may if r in UNTOLD)])


def _is_for_all(law: Law, action: Action) -> bool:
    return set(law.permissions.groups["staff"]) <= set(action.may)


def _roles(law: Law, by: tuple[str, ...]) -> str:
    return "、".join(law.words.roles[role] for role in by)


def _step(law: Law, step: Step) -> tuple[str, ...]:
    of = "主管部门的" if step.where == "parent" else ""
    return f"{step.label}（`{step.name}`）", of + _roles(law, tuple(step.by)), step.basis


def _role(law: Law, role: str) -> tuple[str, ...]:
    special = [
        action.label
        for action in law.permissions.actions.values()
        if role in action.may and not _is_for_all(law, action)
    ]
    events = [row.label for row in law.transitions.values() if role in row.by]
    return (
        f"{law.words.roles[role]}（`{role}`）",
        "、".join([f"{ALL}可以做的", *special]),
        "、".join(events) or "—",
    )
