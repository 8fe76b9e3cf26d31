"""The points of the law's tables that a person should hold against the sources: what was taken at second hand, and where
practice decides because no rule does. Each is read off the tables, so that it goes when its rows do."""

from collections.abc import Iterator
from dataclasses import dataclass

from config.calendars import statutory_days
from config.law import Law

PRACTICE = "practice"
"""The basis of a row that no rule gives."""


@dataclass(frozen=True, slots=True)
class Point:
    """Something to be looked at. name: the same for ever; what: in Chinese; against: what it is held against; where: the
    table; rows: how many."""

    name: str
    what: str
    against: str
    where: str
    rows: int


def points_of(law: Law) -> list[Point]:
    """The points that there are."""
    return [one for one in _points(law) if one.rows]


def _points(law: Law) -> Iterator[Point]:
    numbers = [row for row in statutory_days().notice]
    span = f"{min(row.year for row in numbers)}—{max(row.year for row in numbers)} 年" if numbers else ""  # fmt: skip
    yield Point(
        "notice_numbers", f"{span}放假通知的文号，取自别的程序的汇总表", "国务院办公厅历年放假通知的原文",
        "config/calendars/statutory.toml", len(numbers),
    )  # fmt: skip
    lunar = [row for row in statutory_days().festival if row.on]
    yield Point(
        "lunar_days", "通知公布以前春节、清明、端午、中秋的日子，按农历推算", "紫金山天文台公布的当年历书",
        "config/calendars/statutory.toml", len(lunar),
    )  # fmt: skip
    chosen = [rule for rule in law.settings.values() if not rule.is_text]
    yield Point(
        "settings", "规定和做法不一的地方，按较严的一种设为默认", "本地的规定，上级机关的答复；在“设置”里改",
        "config/law/settings.toml", len(chosen),
    )  # fmt: skip
    outcomes = [row for row in law.outcomes.values() if row.basis == PRACTICE]
    named = "".join(f"“{row.label}”" for row in outcomes)
    yield Point(
        "outcomes", f"没有条文、按做法办理的结果：{named}", "本地的规定，上级机关的答复",
        "config/law/outcomes.toml", len(outcomes),
    )  # fmt: skip
    yield Point(
        "ranks", "判断引用的法规是哪一级时，认得的名称和字样", "国家法律法规数据库",
        "config/law/grounds.toml", len(law.grounds.rank),
    )  # fmt: skip
    yield Point(
        "supervision", "考核下级机关的扣分和催办的天数，没有统一规定", "本地的考核办法",
        "config/law/supervision.toml", len(law.supervision.points),
    )  # fmt: skip
