"""The causes that a difference between an entered total and the sum can have, each with what it would add.

A cause is something that people really do: a report left out, a figure put into the wrong cell, a row
left over from another year, a 总计 that was not filled in. Only those are looked at that fit: what such a
cause would add is a part of the difference, figure by figure (`apart.py`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from config.law import TableFormats
from workflow.report.annual import AnnualReport, Number
from workflow.report.sums.aggregate import (
    Aggregate,
    Place,
    key_of,
    place_in_words,
    row_in_words,
    tables_in,
)
from workflow.report.sums.apart import (
    BEGINNINGS,
    TOTAL,
    Effect,
    apart,
    balances,
    is_total,
    together,
    within,
)
from workflow.report.tables.layout import TABLES

WHOLE, ROW, PART, FIGURE = 2, 3, 5, 2
"""What a cause costs among those that explain the same: a report, a table or a figure as a whole; a row; a
part of a figure, more than two wholes; and every figure of requests that nobody reports."""
FEW = 3
"""Up to so many figures may be those of a body by chance."""
SUITS = ("suit_direct", "suit_after_review")
COUNTED_TWICE = (tuple(TABLES), ("table3", "table4"), ("table3",))
"""What of a report is counted once more: all of it, its requests and disputes, its requests."""


@dataclass(frozen=True)
class Cause:
    """One thing that would have happened. effect: what it adds to entered − summed, per cell; figures: the
    same taken apart.

    kind: left_out (a report, a table or a row of one not counted), twice (a report counted twice), counted
    (figures of a body that the sum leaves out), left_over (results where nothing was received, not counted),
    finished_and_carried (requests that a body has both as ended and as carried on, counted once), own_total
    (a 总计 of a report that its own figures contradict, put right in the total), entered_total (a 总计 of the
    entered total that its own figures contradict, or a figure that its own 总计 do), moved (a figure counted in another cell, or whole requests
    in another column), unreported (requests that no body reports), missing (the same where bodies are without
    a report). child: key of the body, None where it is nobody's or not known whose. cost: how far-fetched it
    is. rests_on: figures of the body; where the total lacks one of them and nothing says why, the cause is
    not sure.
    """

    kind: str
    child: str | None
    effect: Mapping[Place, Number]
    message: str
    figures: Mapping[Place, Number] = field(default_factory=dict, repr=False)
    cost: int = field(default=WHOLE, repr=False)
    rests_on: frozenset[Place] = field(default=frozenset(), repr=False)


def caused(
    kind: str,
    child: str | None,
    figures: Effect,
    message: str,
    cost: int = WHOLE,
    rests_on: Iterable[Place] = (),
) -> Cause:
    """A cause by its figures."""
    return Cause(kind, child, together(figures), message, figures, cost, frozenset(rests_on))


def fitting_causes(
    total: Aggregate, own: AnnualReport, gap: Effect, uncounted: Iterable[AnnualReport]
) -> list[Cause]:
    """Every single cause that fits, the more exact one first where two of a body come to the same.

    own: the entered total in the format of the sum. gap: the difference in figures.
    """
    found: dict[tuple[str | None, frozenset[tuple[Place, Number]]], Cause] = {}
    for cause in _possible(total, own, gap, uncounted):
        if cause.figures and within(cause.figures, gap):
            found.setdefault((cause.child, frozenset(cause.figures.items())), cause)
    return list(found.values())


def much_alike(total: Aggregate, own: AnnualReport, gap: Effect) -> list[tuple[str, Effect]]:
    """The bodies whose figures the difference has in more cells than chance brings, with these cells: their report
    may be left out or counted twice, whatever else befell its other cells."""
    found: list[tuple[str, Effect]] = []
    for body in _bodies(total, _compared(own)):
        inner = {p: v for p, v in body.figures.items() if p[0] != "table2" and not is_total(p)}
        for figures in (inner, _turned(inner)):
            same = {place: value for place, value in figures.items() if gap.get(place) == value}
            if len(same) > FEW:
                found.append((body.key, same))
    return found


def _compared(own: AnnualReport) -> set[str]:
    return {name for name in TABLES if getattr(own, name) is not None}


def _bodies(total: Aggregate, compared: set[str]) -> list["_Body"]:
    shares: dict[str, Effect] = {}
    for place, behind in total.behind.items():
        if place[0] in compared:
            for share in behind:
                shares.setdefault(share.child, {})[place] = share.value
    keys = {key_of(child): child.agency for child in total.children}
    return [
        _Body(name, key, shares.get(key, {}), total.format, total.formats)
        for key, name in keys.items()
    ]


def _possible(
    total: Aggregate, own: AnnualReport, gap: Effect, uncounted: Iterable[AnnualReport]
) -> Iterator[Cause]:
    formats = total.formats
    compared = _compared(own)
    printed = {
        (name, row, column): value
        for name in compared
        for row, cells in getattr(own, name).items()
        for column, value in cells.items()
        if value
    }
    for figures, said in _contradictions(apart(printed), total.format, formats):
        yield caused("entered_total", None, figures, f"汇总数自己的{said}，自身勾稽不成立")
    yield from _alone(gap, total.format, formats)
    yield from _in_another_column(gap, formats)
    bodies = _bodies(total, compared)
    for body in bodies:
        yield from body.possible(gap)
    for names in COUNTED_TWICE:
        yield from _twice(bodies, names, gap)
    for report in uncounted:
        yield _counted(report, compared, total)


def _alone(gap: Effect, fmt: str, formats: TableFormats) -> Iterator[Cause]:
    """Cells that differ by so much while their own 总计 do not: a number that was typed wrongly."""
    for place, value in gap.items():
        if place[0] != "table2" and not is_total(place) and value:
            more = "多" if value > 0 else "少"
            yield caused(
                "entered_total", None, apart({place: value}),
                f"汇总数自己的{place_in_words(place, fmt, formats)}{more} {abs(value)} 件，它的总计却没有变，自身勾稽不成立",
                ROW,
            )  # fmt: skip


def _in_another_column(gap: Effect, formats: TableFormats) -> Iterator[Cause]:
    """Whole requests that one column of table 三 lacks and another has too many, row by row; whose they are
    cannot be seen."""
    columns: dict[str, dict[str, Number]] = {}
    for place, value in gap.items():
        if place[0] == "table3" and not is_total(place):
            columns.setdefault(place[2], {})[place[1]] = value
    for short, lacks in columns.items():
        for more, has in columns.items():
            figures: Effect = {("table3", row, more): value for row, value in has.items()}
            if {row: -(value or 0) for row, value in lacks.items()} != has or not balances(figures):
                continue
            number = sum(int(has.get(row) or 0) for row in BEGINNINGS)
            away: Effect = {("table3", row, short): value for row, value in lacks.items()}
            yield caused(
                "moved", None, away | figures,
                f"表三“{formats.columns[short]}”列少的 {number} 件申请，与“{formats.columns[more]}”列多的逐行相同，"
                "汇总数应是填在了另一列",
            )  # fmt: skip


def _twice(bodies: Iterable["_Body"], names: Collection[str], gap: Effect) -> Iterator[Cause]:
    """The reports, or the tables of these names, of one body or of two that were counted once more, where that
    is all that these cells have too many, or nearly all: a small report is a part of many. Few figures are as
    likely to be requests that no body reports."""
    what = "" if len(names) == len(TABLES) else "、".join(TABLES[name] for name in names)
    within_gap = []
    for body in bodies:
        figures = {p: v for p, v in body.figures.items() if p[0] in names}
        if any(place[0] == "table3" for place in figures) and within(figures, gap):
            within_gap.append((body, figures))
    found = {
        body.key: (body, figures)
        for body, figures in within_gap
        if not _rest(gap, figures) or _same(gap, figures) > FEW
    }
    for one, other in combinations(within_gap, 2):
        if not _rest(gap, one[1], other[1]):
            found |= {body.key: (body, figures) for body, figures in (one, other)}
    for body, figures in found.values():
        few = len(figures) if len(figures) <= FEW else 1
        message = f"汇总数可能重复计入了{body.name}的报告{what and f'的{what}'}"
        yield caused("twice", body.key, figures, message, FIGURE * few)


def _same(gap: Effect, figures: Effect) -> int:
    """In how many cells there is no other difference than these figures of requests."""
    return sum(
        gap.get(place) == value
        for place, value in figures.items()
        if place[0] == "table3" and not is_total(place)
    )


def _rest(gap: Effect, *effects: Effect) -> bool:
    """Whether the cells of the effects differ by more, or less, than these."""
    return any(
        sum(effect.get(place) or 0 for effect in effects) != gap.get(place)
        for place in set().union(*effects)
    )


def _counted(report: AnnualReport, compared: set[str], total: Aggregate) -> Cause:
    tables, _ = tables_in(report, total.format, total.formats)
    cells: Effect = {
        (name, row, column): value
        for name, table in tables.items()
        if name in compared
        for row, row_cells in table.items()
        for column, value in row_cells.items()
        if value
    }
    new = report.cell3("new_received")
    message = f"汇总数计入了{report.agency}（新收 {new} 件），合计里没有这个机关"
    return caused("counted", key_of(report), apart(cells), message)


def _contradictions(
    figures: Effect, fmt: str, formats: TableFormats
) -> Iterator[tuple[Effect, str]]:
    """The 总计 that are off, one by one and together as people fill them in: the column, the row, a block."""
    off = {place: value for place, value in figures.items() if is_total(place)}
    for place, value in off.items():
        yield {place: value}, f"{place_in_words(place, fmt, formats)}与所列各数之和不符"
    three = {place: value for place, value in off.items() if place[0] == "table3"}
    corner = {p: v for p, v in three.items() if p[1] == p[2] == TOTAL}
    row = {p: v for p, v in three.items() if p[1] == TOTAL and p not in corner}
    column = {p: v for p, v in three.items() if p[2] == TOTAL and p not in corner}
    yield row | corner, "表三“(七)总计”行与各项办理结果之和不符"
    yield column | corner, "表三“总计”列与六列之和不符"
    yield row, "表三“(七)总计”行与各项办理结果之和不符"
    yield column, "表三“总计”列与六列之和不符"
    if corner:
        yield three, "表三“(七)总计”行和“总计”列与所列各数之和不符"


class _Body:
    """What may have happened to the figures of one body. cells: what it brings to the sum."""

    def __init__(self, name: str, key: str, cells: Effect, fmt: str, formats: TableFormats) -> None:
        self.name, self.key, self.fmt, self.formats = name, key, fmt, formats
        self.cells = cells
        self.figures = apart(cells)

    def possible(self, gap: Effect) -> Iterator[Cause]:
        below = {place for place in self.figures if not is_total(place)}
        for figures, said in _contradictions(self.figures, self.fmt, self.formats):
            message = f"{self.name}的{said}，汇总数按正确的和计"
            yield caused("own_total", self.key, _turned(figures), message, rests_on=below)
        yield from self._left_over()
        yield from self._finished_and_carried()
        yield from self._left_out()
        yield from self._moved(gap)

    def figure(self, row: str, column: str) -> int:
        """A figure of table 三, 0 for a blank."""
        return int(self.figures.get(("table3", row, column)) or 0)

    def results(self, column: str) -> dict[str, int]:
        rows = self.formats.result_rows(self.fmt)
        return {row: n for row in rows if (n := self.figure(row, column))}

    def _left_out(self) -> Iterator[Cause]:
        new = self.cells.get(("table3", "new_received", TOTAL))
        said = f"（新收 {new} 件）" if new else ""
        whole = f"汇总数没有计入{self.name}的报告"
        yield caused("left_out", self.key, _turned(self.figures), f"{whole}{said}")
        for name, title in TABLES.items():
            figures = {p: v for p, v in self.figures.items() if p[0] == name}
            yield caused("left_out", self.key, _turned(figures), f"{whole}的{title}")
            if name == "table3":
                continue
            for row in dict.fromkeys(place[1] for place in figures):
                part = {p: v for p, v in figures.items() if p[1] == row}
                words = place_in_words(next(iter(part)), self.fmt, self.formats)
                said = words[: words.rindex("“")]
                yield caused("left_out", self.key, _turned(part), f"{whole}的{said}", ROW)

    def _left_over(self) -> Iterator[Cause]:
        """Results in columns where nothing was received or carried in (V08); a （七）总计 that did not
        count them is right without them."""
        figures: Effect = {}
        for column in self.formats.applicant_columns():
            if not any(self.figure(row, column) for row in BEGINNINGS):
                for row, number in self.results(column).items():
                    figures["table3", row, column] = -number
        rows = list(dict.fromkeys(place[1] for place in figures))
        for column in {place[2] for place in figures}:
            off = self.figure(TOTAL, column)
            for place in (("table3", TOTAL, column), ("table3", TOTAL, TOTAL)):
                if off and place in self.figures:
                    figures[place] = (figures.get(place) or 0) - off
        said = "、".join(f"“{row_in_words(row, self.fmt, self.formats)}”" for row in rows)
        yield caused(
            "left_over", self.key, figures,
            f"{self.name}没有新收和结转的申请，却在{said}填了数（自身勾稽不成立），汇总数没有计入",
        )  # fmt: skip

    def _finished_and_carried(self) -> Iterator[Cause]:
        """Requests that stand both among the results and in 结转下年度 (V01): the total has them once."""
        for column in self.formats.applicant_columns():
            results, carried = self.results(column), self.figure("carried_out", column)
            begun = sum(self.figure(row, column) for row in BEGINNINGS)
            twice = sum(results.values()) + carried - begun
            if twice == 0:
                yield from self._counted_both_ways(column, results, carried)
            if not 0 < twice <= carried:
                continue
            said = f"{self.name}把“{self.formats.columns[column]}”的 {twice} 件既计为办结，又计入结转下年度（自身勾稽不成立）"
            yield caused(
                "finished_and_carried", self.key, {("table3", "carried_out", column): -twice},
                f"{said}，汇总数只计为办结",
            )  # fmt: skip
            # Where （七）总计 already leaves them out, it is right without them.
            off = {
                ("table3", TOTAL, place): twice
                for place in (column, TOTAL)
                if self.figure(TOTAL, place) <= -twice
            }
            for row, number in results.items():
                if number >= twice:
                    what = row_in_words(row, self.fmt, self.formats)
                    yield caused(
                        "finished_and_carried", self.key,
                        {("table3", row, column): -twice, **off},
                        f"{said}，汇总数只计为结转，没有计入“{what}”",
                    )  # fmt: skip

    def _counted_both_ways(
        self, column: str, results: Mapping[str, int], carried: int
    ) -> Iterator[Cause]:
        """Requests that the body has once, as ended or as carried on, and the total both ways."""
        said = f"{self.name}的“{self.formats.columns[column]}”"
        for row in self.formats.result_rows(self.fmt) if carried > 0 else ():
            what = row_in_words(row, self.fmt, self.formats)
            yield caused(
                "finished_and_carried", self.key, {("table3", row, column): carried},
                f"{said} {carried} 件结转下年度，汇总数又计入了“{what}”",
            )  # fmt: skip
        for row, number in results.items():
            what = row_in_words(row, self.fmt, self.formats)
            yield caused(
                "finished_and_carried", self.key, {("table3", "carried_out", column): number},
                f"{said} {number} 件已经办结（“{what}”），汇总数又计入了结转下年度",
            )  # fmt: skip

    def _moved(self, gap: Effect) -> Iterator[Cause]:
        """A figure that the total has in another cell; a part of one only where both cells differ by it."""
        for place, value in self.figures.items():
            short = -(gap.get(place) or 0)
            if is_total(place) or place[0] == "table2" or not value or value < 0 or short <= 0:
                continue
            for other, more in gap.items():
                if (more or 0) <= 0 or not self._beside(place, other):
                    continue
                number = value if short != more else min(value, short)
                words = place_in_words(place, self.fmt, self.formats)
                part = f"{value} 件" if number == value else f"{value} 件中的 {number} 件"
                yield caused(
                    "moved", self.key, {place: -number, other: number},
                    f"{self.name}的{words} {part}，汇总数计入了{self._there(place, other)}",
                    WHOLE if number == value else PART,
                )  # fmt: skip

    def _beside(self, place: Place, other: Place) -> bool:
        """Whether a figure may have been put there by mistake: another ending, another beginning."""
        name, row, column = place
        if other[0] != name or is_total(other):
            return False
        if name == "table4":
            same_end = other[2] == column and {row, other[1]} == set(SUITS)
            return other[1] == row or same_end
        return other[2] == column and (row in BEGINNINGS) == (other[1] in BEGINNINGS)

    def _there(self, place: Place, other: Place) -> str:
        if other[0] == "table3":
            return f"“{row_in_words(other[1], self.fmt, self.formats)}”"
        if other[1] == place[1]:
            return f"“{self.formats.cells[other[2]]}”"
        return f"“{self.formats.blocks[other[1]].replace('/', '·')}”"


def _turned(figures: Mapping[Place, Number]) -> Effect:
    return {place: -(value or 0) for place, value in figures.items()}
