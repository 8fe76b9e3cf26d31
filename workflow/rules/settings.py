"""Settings of a body through time: what is in force on a day, since when, what was and what comes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from config.law import SettingRule
from workflow.dates import in_words


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a body chose: from which day, why, by whom and when it was recorded."""

    value: Any
    holds_from: date
    reason: str
    actor: str
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A setting as it stands on a day.

    since: the day from which the value holds; None for the law's default. later: choices that hold
    from a later day, the next first. earlier: what held before or was replaced, the latest first.
    """

    rule: SettingRule
    value: Any
    since: date | None = None
    reason: str = ""
    actor: str = ""
    recorded_at: datetime | None = None
    later: tuple[Choice, ...] = ()
    earlier: tuple[Choice, ...] = ()
    derived: str = ""

    @property
    def is_default(self) -> bool:
        return bool(self.value == self.rule.parse(self.rule.default))

    @property
    def words(self) -> str:
        return value_in_words(self.rule, self.value) if self.value or not self.derived else (
            f"{self.derived}（由机关层级得出）"
        )  # fmt: skip


def standing(
    rule: SettingRule, recorded: Sequence[Choice], day: date, derived: str = ""
) -> Standing:
    """How a setting stands on the day. recorded: every choice, in the order of recording."""
    counting = {choice.holds_from: choice for choice in recorded}
    begun = sorted(on for on in counting if on <= day)
    later = tuple(counting[on] for on in sorted(counting) if on > day)
    now = counting[begun[-1]] if begun else None
    known = {id(choice) for choice in (now, *later)}
    earlier = tuple(choice for choice in reversed(recorded) if id(choice) not in known)
    if now is None:
        default = rule.parse(rule.default)
        return Standing(rule, default, later=later, earlier=earlier, derived=derived)
    return Standing(
        rule, rule.parse(now.value), now.holds_from, now.reason, now.actor, now.recorded_at,
        later, earlier, derived,
    )  # fmt: skip


def last_day(recorded: Iterable[Choice], holds_from: date) -> date | None:
    """The first day on which a choice from the day would not hold any more; None: it has no end."""
    return min((c.holds_from for c in recorded if c.holds_from > holds_from), default=None)


def value_in_words(rule: SettingRule, value: Any) -> str:
    """A value as people say it."""
    if value is None:
        return {"days": "没有上限", "month_day": "按法定日期"}.get(rule.type, "不适用")
    if rule.type == "flag":
        return "是" if value else "否"
    if rule.type in ("list", "set"):
        return "、".join(rule.values[word] for word in value) or "没有"
    if rule.type == "choice":
        return rule.values[value]
    if rule.type == "picture":
        return "已上传" if value else "没有上传"
    return str(value) if value != "" else "未填写"


def change_in_words(rule: SettingRule, old: Any, new: Any, holds_from: date, reason: str) -> str:
    """“补正期限（工作日）”自 2024 年 5 月 1 日起由 15 改为 10：……"""
    return (
        f"“{rule.label}”自 {in_words(holds_from)}起由“{value_in_words(rule, old)}”"
        f"改为“{value_in_words(rule, new)}”：{reason}"
    )
