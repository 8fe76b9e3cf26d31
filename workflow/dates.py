"""Days as the law sees them: one parser, one bound, one place that asks what day it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2050, 12, 31)
SHANGHAI = ZoneInfo("Asia/Shanghai")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_day(value: Any) -> date:
    """A day written YYYY-MM-DD between 2000 and 2050. Raises ValueError, in Chinese."""
    if isinstance(value, datetime):
        raise ValueError("请只填日期，不带时间")
    if not isinstance(value, date):
        if not isinstance(value, str) or not _ISO_DAY.fullmatch(value.strip()):
            raise ValueError("请按 2026-01-31 的格式填写日期")
        try:
            day = date.fromisoformat(value.strip())
        except ValueError as error:
            raise ValueError("没有这一天，请检查日期") from error
    else:
        day = value
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("日期须在 2000 年至 2050 年之间")
    return day


Day = Annotated[date, BeforeValidator(parse_day)]


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, both ends included; None: open there. False where it is open at both ends."""

    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None

    def __and__(self, other: "Days") -> "Days":
        """The days that lie in both."""
        firsts = [one for one in (self.first, other.first) if one is not None]
        lasts = [one for one in (self.last, other.last) if one is not None]
        return Days(max(firsts, default=None), min(lasts, default=None))


EVER = Days()


def now() -> datetime:
    """The present moment in China, the only place that asks the computer's clock."""
    return datetime.now(SHANGHAI)


def today() -> date:
    """Today in China, whatever the zone of the server."""
    return now().date()


def in_words(day: date) -> str:
    """2024 年 4 月 1 日."""
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


NUMERALS = "一二三四五六七八九"


def in_numerals(number: int) -> str:
    """1 to 99 in words: 三, 十, 十二, 四十五."""
    tens, ones = divmod(number, 10)
    said = ("" if tens == 1 else NUMERALS[tens - 1]) + "十" if tens else ""
    return said + (NUMERALS[ones - 1] if ones else "")


def day_in_numerals(day: date) -> str:
    """二〇二四年四月一日."""
    year = "".join(("〇" + NUMERALS)[int(figure)] for figure in str(day.year))
    return f"{year}年{in_numerals(day.month)}月{in_numerals(day.day)}日"


def month_day(day: date) -> str:
    """4 月 1 日."""
    return f"{day.month} 月 {day.day} 日"


def span_in_words(first: date, last: date) -> str:
    """3 月 5–8 日, 3 月 30 日–4 月 2 日; a single day as month_day says it."""
    if first == last:
        return month_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.month} 月 {first.day}–{last.day} 日"
    return f"{month_day(first)}–{month_day(last)}"


def runs_in_words(days: Iterable[date]) -> str:
    """2 月 10–17 日、4 月 4–6 日: days in a row as one, month by month."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day == runs[-1][-1] + timedelta(1) and day.month == runs[-1][-1].month:
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(span_in_words(run[0], run[-1]) for run in runs)


WEEKDAYS = "一二三四五六日"


def weekday(day: date) -> str:
    """周一 … 周日."""
    return "周" + WEEKDAYS[day.weekday()]
