"""What a year looks like: four figures, each a table of whole numbers that can also be drawn.

They count the same units as table 三 (one per application, or as the settings say), so that their sums
are the sums of the table.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from config.law import TableFormats
from workflow.report.annual import AnnualReport
from workflow.report.tables.layout import printed
from workflow.report.tables.tally import Entry

BIN = 5
"""Working days in a class of the duration."""
LAST_BIN = 60
MOST_NAMED = 12
"""So many units and people have bars of their own."""


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of bars: a number for every category."""

    label: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its table. first: head of the categories. note: what is counted, in a sentence.

    mark: a line drawn after so many categories, with its words; None for none. summed: whether the
    sum of a series says something. words: what is to be seen, in a sentence.
    """

    key: str
    title: str
    note: str
    first: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    mark: tuple[int, str] | None = None
    summed: bool = True
    words: str = ""

    def largest(self) -> int:
        return max((value for one in self.series for value in one.values), default=0)


def per_month(units: Iterable[Entry], year: int) -> Figure:
    """How many came in and how many were closed in each month of the year."""
    received, closed = [0] * 12, [0] * 12
    for unit in units:
        if unit.received_on.year == year:
            received[unit.received_on.month - 1] += unit.times
        if unit.closed_on and unit.closed_on.year == year:
            closed[unit.closed_on.month - 1] += unit.times
    return Figure(
        "months",
        "每月新收和办结",
        f"{year} 年各月收到的申请和办结的申请（含上年结转的），以收到之日和办结之日所在的月份为准。",
        "月份",
        tuple(f"{month} 月" for month in range(1, 13)),
        (Series("新收", tuple(received)), Series("办结", tuple(closed))),
        words=_months_in_words(year, received, closed),
    )


def _months_in_words(year: int, received: Sequence[int], closed: Sequence[int]) -> str:
    if not any(received) and not any(closed):
        return f"{year} 年没有收到和办结的申请。"
    said = [f"{year} 年新收 {sum(received)} 件，办结 {sum(closed)} 件"]
    for what, counts in (("新收", received), ("办结", closed)):
        most = max(counts)
        months = [str(month) for month, n in enumerate(counts, 1) if n == most]
        if most and len(months) == 1:
            said.append(f"{what}最多的是 {months[0]} 月，{most} 件")
    return "；".join(said) + "。"


def outcome_mix(table3: Mapping[str, Mapping[str, int]], fmt: str, formats: TableFormats) -> Figure:
    """How the closed applications ended: the groups of table 三."""
    counts: dict[str, int] = {}
    for row in formats.result_rows(fmt):
        group = formats.group_of(row)
        label = printed(formats.groups[group] if group else formats.rows[fmt][row])
        # (二)部分公开(区分处理的,…): the note on counting is not part of the name.
        name = label[label.index("）") + 1 :].partition("（")[0]
        counts[name] = counts.get(name, 0) + table3[row]["total"]
    return Figure(
        "outcomes",
        "办理结果",
        "本年度办结的申请按表三各类办理结果分列。",
        "办理结果",
        tuple(counts),
        (Series("件数", tuple(counts.values())),),
        words=_mix_in_words(counts),
    )


def _mix_in_words(counts: Mapping[str, int]) -> str:
    whole = sum(counts.values())
    if not whole:
        return "本年度没有办结的申请。"
    parts = [f"{name} {n} 件（{_share(n, whole)}）" for name, n in counts.items() if n]
    return f"本年度办结 {whole} 件，其中{'、'.join(parts)}。"


def _share(part: int, whole: int) -> str:
    """In percent with one place at most, half up; a part is never told as nothing."""
    tenths = (part * 2000 + whole) // (whole * 2)
    return f"{tenths / 10:g}%" if tenths else "不到 0.1%"


def durations(
    units: Iterable[Entry], year: int, workdays: Callable[[date, date], int], period: int
) -> Figure:
    """How long the applications closed in the year took, in working days from the day of receipt (not
    counted) through the day of closing. Days that do not count to the period are not taken off.

    period: the ordinary period for a reply, in working days, a multiple of five; 条例33.
    """
    took: Counter[int] = Counter()
    for unit in units:
        if unit.closed_on and unit.closed_on.year == year:
            took[workdays(unit.received_on, unit.closed_on)] += unit.times
    found = [days for days in sorted(took) for _ in range(took[days])]
    places: Counter[int] = Counter()
    for days, times in took.items():
        places[min(max(days - 1, 0) // BIN, LAST_BIN // BIN)] += times
    last = max([*places, period // BIN])
    labels = [f"{place * BIN + 1 if place else 0}–{(place + 1) * BIN}" for place in range(last + 1)]
    if last == LAST_BIN // BIN:
        labels[-1] = f"{LAST_BIN} 以上"
    note = (
        "从收到申请的次日起到办结之日止的工作日，其中包括补正、征求意见、缴费等依法不计入答复期限的时间，"
        "也包括依法延长的时间，所以超过这条线并不都是逾期。"
    )
    if found:
        note = f"{year} 年办结 {len(found)} 件，中位数 {median(found):g} 个工作日。{note}"
    return Figure(
        "durations",
        "办理用时",
        note,
        "工作日",
        tuple(labels),
        (Series("件数", tuple(places[place] for place in range(last + 1))),),
        mark=(period // BIN, f"{period} 个工作日"),
        words=f"{period} 个工作日以内 {sum(days <= period for days in found)} 件，"
        f"超过的 {sum(days > period for days in found)} 件。"
        if found
        else "",
    )


def of_reports(reports: Sequence[AnnualReport], formats: TableFormats) -> list[Figure]:
    """The figures of a published report beside those before it: the years where there are several, and how its
    applications ended. reports: the oldest first, the report itself last; blanks count as 0."""
    sheets = [
        (
            one,
            {row: {c: int(n or 0) for c, n in cells.items()} for row, cells in one.table3.items()},
        )
        for one in reports
        if one.table3
    ]
    if not sheets or sheets[-1][0] is not reports[-1]:
        return []
    last, sheet = sheets[-1]
    years = [over_years([(one.year, table) for one, table in sheets])] if len(sheets) > 1 else []
    return [*years, outcome_mix(sheet, last.format, formats)]


def over_years(tables: Sequence[tuple[int, Mapping[str, Mapping[str, int]]]]) -> Figure:
    """Years side by side: year and its table 三, oldest first."""
    rows = {"new_received": "新收", "total": "办结", "carried_out": "结转下年度"}
    return Figure(
        "years",
        "历年对比",
        "各年表三的新收、办结（总计）和结转下年度的数字。",
        "年度",
        tuple(f"{year} 年" for year, _ in tables),
        tuple(
            Series(label, tuple(table3[row]["total"] for _, table3 in tables))
            for row, label in rows.items()
        ),
        summed=False,
        words=_years_in_words(
            [(year, [table[row]["total"] for row in rows]) for year, table in tables]
        ),
    )


def _years_in_words(years: Sequence[tuple[int, Sequence[int]]]) -> str:
    """The last year, and how many more came in than in the one before."""
    year, (new, done, left) = years[-1]
    said = f"{year} 年新收 {new} 件，办结 {done} 件，结转下年度 {left} 件"
    if len(years) > 1:
        before, (then, *_) = years[-2]
        change = (
            "相同"
            if new == then
            else f"相比{'增加' if new > then else '减少'} {abs(new - then)} 件"
        )
        said += f"；新收与 {before} 年的 {then} 件{change}"
    return said + "。"


def load(
    people: Mapping[str, tuple[int, int, int]], unassigned: tuple[int, int, int], soon: int
) -> Figure:
    """Who has how many open applications in hand. people: by name, how many are late, due within `soon` working
    days, and the rest; who has most comes first, and beyond MOST_NAMED they are told together."""
    found = sorted(people.items(), key=lambda one: (-sum(one[1]), one[0]))
    shown, others = found[:MOST_NAMED], found[MOST_NAMED:]
    if others:
        shown.append((f"其余 {len(others)} 处", _together(numbers for _, numbers in others)))
    if any(unassigned):
        shown.append(("还没有交办", unassigned))
    late, due, rest = (
        zip(*(numbers for _, numbers in shown), strict=True) if shown else ((), (), ())
    )
    return Figure(
        "load",
        "谁手上有多少",
        "现在在办的申请，按最近一次交办给的科室、人员分列。",
        "科室、人员",
        tuple(name for name, _ in shown),
        (Series("逾期", late), Series(f"{soon} 个工作日内到期", due), Series("其余在办", rest)),
    )


def _together(numbers: Iterable[tuple[int, int, int]]) -> tuple[int, int, int]:
    late, due, rest = (sum(some) for some in zip(*numbers, strict=True))
    return late, due, rest


def by_whom(took: Mapping[str, Sequence[int]], year: int) -> Figure:
    """Who closed how many applications of the year, and how long half of them took at most. took: by name, the
    working days of each; who closed most comes first, of MOST_NAMED."""
    found = sorted(took.items(), key=lambda one: (-len(one[1]), one[0]))[:MOST_NAMED]
    return Figure(
        "people",
        "谁办结多少，用多少天",
        f"{year} 年办结的申请，按最后一次交办给的科室、人员分列；没有交办的不在其内。中位数是工作日，含依法不计入期限的时间。",
        "科室、人员",
        tuple(name for name, _ in found),
        (
            Series("办结", tuple(len(days) for _, days in found)),
            Series("用时中位数", tuple(round(median(days)) for _, days in found)),
        ),
        summed=False,
    )


def usual_time(took: Mapping[int, int]) -> tuple[int, float, float] | None:
    """How many applications were closed, and how long they took: the mean and the median, in working days. took:
    how many took so many. None where none was."""
    number = sum(took.values())
    if not number:
        return None
    mean = sum(days * times for days, times in took.items()) / number
    found = [days for days in sorted(took) for _ in range(took[days])]
    return number, mean, median(found)
