"""How long the file of a case is kept, and whether it may be destroyed (档案法21, 禁止擅自销毁档案; the settings
`retention_years` and its two kinds)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

ALL, SHORT, DISPUTED = "retention_years", "retention_years_unprocessed", "retention_years_disputed"
"""The settings: of every file, of requests that were not processed or ended otherwise, of those that were disputed."""
UNPROCESSED = ("not_processed_", "other_")
"""How the rows of table 三 begin under which such requests stand."""
LABELS = {
    ALL: "一般申请",
    SHORT: "不予处理、其他处理的申请",
    DISPUTED: "发生过复议、诉讼的申请",
}


def rule_of(row: str | None, disputed: bool) -> str:
    """The setting by which a file is kept. row: of table 三, None where it stands in none."""
    if disputed:
        return DISPUTED
    return SHORT if row is not None and row.startswith(UNPROCESSED) else ALL


def years_kept(settings: Mapping[str, Any], row: str | None, disputed: bool) -> int:
    """Whole years for which a file is kept, 0 for ever."""
    return int(settings[rule_of(row, disputed)])


def kept_until(archived_on: date, years: int) -> date | None:
    """The last day of keeping; None for ever (0 years).

    Whole calendar years from the 1st of January after the day on which the file was archived.
    """
    return date(archived_on.year + years, 12, 31) if years else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether the file of a case may be destroyed. years: calendar years in which it was received and
    closed; open_disputes: reviews and suits that are not concluded, its new replies that are not archived."""

    state: str
    archived_on: date | None
    until: date | None
    years: frozenset[int]
    open_disputes: int
    destroyed: bool = False


def why_not(case: Standing, today: date, published: Collection[int]) -> str:
    """Why the file may not be destroyed today, in words; "" where it may. published: the years of which the body has
    published its report."""
    if case.destroyed:
        return "已经销毁"
    if case.state != "archived" or case.archived_on is None:
        return "还没有归档"
    if case.until is None:
        return "永久保管"
    if case.until >= today:
        return f"保管到 {case.until.isoformat()}"
    if case.open_disputes:
        return "还有没有结束的复议、诉讼或者重新答复"
    if missing := sorted(case.years - set(published)):
        return f"{missing[0]} 年的年度报告还没有公布"
    return ""
