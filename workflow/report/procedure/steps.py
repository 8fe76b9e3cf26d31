"""The life of a report: which step is possible, for whom, and if not, why not (config/law/year.toml)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from config.law import year_rules
from config.law.year import Step
from workflow.refusal import Refusal
from workflow.report.checks import Finding
from workflow.rules.permissions import refusal_by_roles

ARTICLE = "条例49、50"
CANNOT_BE_MENDED = ("V23", "V29")
"""Errors that do not hold a report up: it is published late, and a reply was served, as it was."""


def stopping(found: Iterable[Finding]) -> list[Finding]:
    """What the checks call an error and can still be put right."""
    return [one for one in found if one.level == "error" and one.rule not in CANNOT_BE_MENDED]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the answer depends on. state None: not drafted yet. held: the person's roles where the step is
    taken; checked_by: who checked the version; errors: what the checks found wrong."""

    state: str | None
    year: int
    today: date
    held: frozenset[str]
    who: str
    checked_by: str | None = None
    has_parent: bool = True
    errors: tuple[str, ...] = ()


def refusal_of(step: Step, asked: Asked, role_labels: Mapping[str, str]) -> Refusal | None:
    """Why the step is not possible, None if it is."""
    states = year_rules().states
    if asked.state not in step.sources:
        wanted = "、".join(f"“{states[name].label}”" for name in step.sources)
        return Refusal(
            "not_in_this_state", step.basis, f"现在不能“{step.label}”", f"报告须在{wanted}时"
        )
    if step.name == "submit" and not asked.has_parent:
        return Refusal(
            "setting_forbids", step.basis, "本机关没有登记上级主管部门，不需要报送", "请直接公布"
        )
    return refusal_by_role(step, asked.held, role_labels) or _conditions(step, asked)


def refusal_by_role(
    step: Step, held: frozenset[str], role_labels: Mapping[str, str]
) -> Refusal | None:
    """Why the step is not for somebody who holds these roles where it is taken, None if it is."""
    of = "主管部门的" if step.where == "parent" else ""
    return refusal_by_roles(role_labels, step.label, step.basis, step.by, held, of)


def _conditions(step: Step, asked: Asked) -> Refusal | None:
    if step.name == "check" and asked.today.year <= asked.year:
        return Refusal(
            "too_early", ARTICLE, f"{asked.year} 年还没有结束", f"{asked.year + 1} 年 1 月 1 日起"
        )
    if step.name in ("check", "sign") and asked.errors:
        return Refusal(
            "missing_evidence",
            ARTICLE,
            f"核对有 {len(asked.errors)} 处错误。{asked.errors[0]}",
            "改正之后" if step.name == "check" else "退回修改并改正之后",
        )
    if step.name == "sign" and asked.checked_by == asked.who:
        return Refusal(
            "same_person", ARTICLE, "您核对过这份报告，不能自己签批", "由另一位负责人签批"
        )
    if step.name == "publish" and asked.state == "signed" and asked.has_parent:
        return Refusal("too_early", ARTICLE, "还没有经主管部门审核", "报送主管部门并审核通过之后")
    return None
