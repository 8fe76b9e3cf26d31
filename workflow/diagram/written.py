"""The tables of the law in Chinese, one line a row, for a lawyer to check."""

from collections.abc import Iterable, Mapping
from typing import Any

from config.law import Law, LawTableError, Outcome, SettingRule, Transition
from workflow.case.guards import GUARDS
from workflow.case.machine import START
from workflow.dates import in_words

TRANSITIONS = ("事项（代码）", "从", "到", "谁办", "条件", "对期限的影响", "文书", "依据", "施行")
NEWS = ("事项", "新的")
CONFIRMED = ("事项", "办了以后")
OUTCOMES = (
    "结果（代码）",
    "类别",
    "依据",
    "表三的行",
    "须在卷",
    "救济途径",
    "由何事项产生",
    "施行",
)
SETTINGS = ("设置（代码）", "默认", "其他可选", "为什么要设置")


def transitions_text(law: Law) -> str:
    """Transitions, outcomes and settings as tables in Markdown.

    Raises LawTableError, naming the row, where a word has no Chinese.
    """
    return "\n\n".join(
        (
            "## 一、办理事项",
            "“从”是办理这一事项时申请所处的状态；“到”是办理之后的状态。"
            "条件逐条检查，有一条不符合就不能办理。",
            table(TRANSITIONS, (_transition(law, row) for row in law.transitions.values())),
            "办了不能撤销、办以前再问一次的：",
            table(
                CONFIRMED,
                ((row.label, row.confirm) for row in law.transitions.values() if row.confirm),
            ),
            "办了之后，待办里对还没有看过的人写着：",
            table(
                NEWS,
                ((row.label, row.news) for row in law.transitions.values() if row.news),
            ),
            "## 二、答复和终止的结果",
            "“须在卷”是签发之前必须具备的证据。救济途径按答复送达生效之日的规定告知。",
            table(OUTCOMES, (_outcome(law, row) for row in law.outcomes.values())),
            "## 三、各地、各家做法不一的设置",
            "默认取较严格的一种。",
            table(SETTINGS, (_setting(row) for row in law.settings.values())),
        )
    )


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Rows under their heads, in Markdown."""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _word(words: Mapping[str, Any], key: str, where: str, what: str) -> str:
    found = words.get(key)
    if found is None:
        raise LawTableError(f"words.toml: no Chinese for the {what} {key} of {where}")
    return str(found["label"] if isinstance(found, Mapping) else found)


def _states(law: Law, names: tuple[str, ...]) -> str:
    return "、".join("（尚无记录）" if n == START else law.states[n].label for n in names)


def _conditions(law: Law, row: Transition) -> list[str]:
    """The guards in their order, and what the event presupposes (workflow/case/guards/order.py)."""
    said = [f"{n}. {GUARDS[guard].sentence}" for n, guard in enumerate(row.guards, 1)]
    if row.follows:
        before = "、".join(law.transitions[event].label for event in row.follows)
        said.append(f"不早于已经登记的：{before}。")
    return said


def _target(law: Law, row: Transition) -> str:
    if row.to == "same":
        return "不变"
    kept = f"（{_states(law, row.keeps)}时不变）" if row.keeps else ""
    return law.states[row.to].label + kept


def _transition(law: Law, row: Transition) -> tuple[str, ...]:
    words, where = law.words, row.event
    missing = [guard for guard in row.guards if not GUARDS[guard].sentence]
    if missing:
        raise LawTableError(f"workflow/case/guards: {missing[0]} of {where} has no sentence")
    return (
        f"{row.label}（`{row.event}`）",
        _states(law, row.sources),
        _target(law, row),
        "、".join(_word(words.roles, role, where, "role") for role in row.by),
        "<br>".join(_conditions(law, row)) or "—",
        _word(words.clock_effects, row.clock, where, "clock effect"),
        _word(words.letters, row.letter, where, "letter") if row.letter else "—",
        row.basis,
        in_words(row.holds_from),
    )


def article(basis: str) -> str:
    """The outcomes' table names the Regulations by their number alone."""
    named = {"format": "年报格式", "practice": "办理惯例"}
    return f"条例{basis}" if basis[:1].isdigit() else named.get(basis, basis)


def _outcome(law: Law, row: Outcome) -> tuple[str, ...]:
    words, where = law.words, row.code
    group = law.formats.group_of(row.row)
    label = (f"{law.formats.groups[group]}：" if group else "") + law.formats.rows["2021"][row.row]
    if row.setting:
        label += f"（按设置“{law.settings[row.setting].label}”）"
    needs = [
        f"{_word(words.needs, need, where, 'need')}（{words.needs[need]['article']}）"
        for need in row.needs
    ]
    needs += [f"{_word(words.needs, need, where, 'need')}（需要时）" for need in row.also]
    remedy = [
        ("" if index == 0 else f"{in_words(day)}起：")
        + _word(words.remedies, value, where, "remedy")
        for index, (day, value) in enumerate(row.remedy.versions)
    ]
    return (
        f"{row.label}（`{row.code}`）",
        _word(words.outcome_classes, row.cls, where, "class"),
        article(row.basis),
        label,
        "<br>".join(needs) or "—",
        "<br>".join(remedy),
        law.transitions[row.set_by].label
        if row.set_by
        else law.transitions["propose_outcome"].label,
        in_words(row.holds_from),
    )


def _setting(row: SettingRule) -> tuple[str, ...]:
    return f"{row.label}（`{row.name}`）", _default(row), _others(row), row.why


def _default(row: SettingRule) -> str:
    if row.type == "flag":
        return "是" if row.default else "否"
    if row.type == "list":
        return "、".join(_word(row.values, one, row.name, "value") for one in row.default)
    if row.type == "choice":
        return _word(row.values, row.default, row.name, "value")
    if row.type == "set":
        return "、".join(_word(row.values, one, row.name, "value") for one in row.default) or "没有"
    if row.type in ("days", "time"):
        return str(row.default)
    if row.type == "month_day":
        return "不设" if row.optional else str(row.default)
    if row.is_text:
        return row.default or (f"由系统推定：{row.derived}" if row.derived else "未填")
    raise LawTableError(f"settings.toml: {row.name}: no Chinese for the type {row.type}")


def _others(row: SettingRule) -> str:
    if row.type == "flag":
        said = ["否" if row.default else "是"]
    elif row.type == "list":
        said = ["其他先后次序"]
        said += [label for value, label in row.values.items() if value not in row.default]
    elif row.type == "choice":
        said = [label for value, label in row.values.items() if value != row.default]
    elif row.type == "set":
        said = [label for value, label in row.values.items() if value not in row.default]
    elif row.type == "time":
        said = ["其他时间"]
    elif row.type == "month_day":
        return "由本机关填写日子"
    elif row.is_text:
        said = ["由本机关填写网址" if row.type == "url" else "由本机关填写"]
    else:
        said = ["其他整数"]
    return "；".join([*said, *(["不设"] if row.optional else [])])
