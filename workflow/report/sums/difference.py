"""What an entered total (填报的汇总数) differs from the sum of the bodies' reports, and why.

A cause is something that people really do: a report left out, a figure put into the wrong cell, a row
left over from another year, a 总计 that was not filled in. Causes are told only when one smallest set of
them closes the whole gap and no other set of that size does: nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from config.law import TableFormats
from workflow.report.annual import AnnualReport, Number
from workflow.report.sums.aggregate import (
    TABLES,
    Aggregate,
    Place,
    failing_sums,
    in_format,
    key_of,
    place_in_words,
    row_in_words,
    shape,
    tables_in,
)

MOST_CAUSES = 5
MOST_STEPS = 20_000
Effect = dict[Place, Number]


@dataclass(frozen=True)
class Cause:
    """One thing that would have happened. effect: what it adds to entered − summed, per cell.

    kind: left_out (a report not counted), counted (figures of a body that the sum leaves out), left_over (results where nothing was received, not counted),
    own_total (a 总计 of a report that its own figures contradict, corrected in the total), moved (a
    figure counted in another cell), entered_total (a 总计 of the entered total that its own figures
    contradict). child: key of the body, None for the entered total itself.
    """

    kind: str
    child: str | None
    effect: Mapping[Place, Number]
    message: str


@dataclass(frozen=True)
class Difference:
    """A cell in which the entered total is not the sum. because: empty where nothing is sure."""

    place: Place
    where: str
    entered: Number
    summed: Number
    difference: Number
    because: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """An entered total beside the sum: the cells that differ, what explains them, and what is to be
    said about those that nothing explains. not_compared: tables that the formats keep apart."""

    differences: tuple[Difference, ...]
    causes: tuple[Cause, ...]
    notes: tuple[str, ...]
    not_compared: tuple[str, ...] = ()


def compare(
    total: Aggregate, entered: AnnualReport, uncounted: Iterable[AnnualReport] = ()
) -> Comparison:
    """The entered total of a body beside the sum of the reports below it, every difference with the
    causes that are sure. Blanks are read as 0.

    uncounted: what is known of bodies that are not in the sum (a report that was sent back, their
    cases), which the entered total may hold all the same.
    """
    own = in_format(entered, total.format, total.formats)
    gap, left = _gap(total, own)
    causes, notes = _causes(total, own, gap, list(uncounted))
    differences = tuple(
        Difference(
            place,
            place_in_words(place, total.format, total.formats),
            _entered(own, place),
            total.number(place),
            difference,
            tuple(cause for cause in causes if place in cause.effect),
        )
        for place, difference in gap.items()
    )
    return Comparison(differences, tuple(causes), tuple(notes), tuple(left))


def _gap(total: Aggregate, own: AnnualReport) -> tuple[Effect, list[str]]:
    gap: Effect = {}
    left: list[str] = []
    for name in TABLES:
        table = getattr(own, name)
        if table is None or (name == "table2" and not total.has_table2):
            left.append(TABLES[name])
            continue
        for row, columns in shape(name, total.format, total.formats).items():
            for column in columns:
                place = (name, row, column)
                difference = (_entered(own, place) or 0) - (total.number(place) or 0)
                if difference:
                    gap[place] = difference
    return gap, left


def _entered(own: AnnualReport, place: Place) -> Number:
    name, row, column = place
    return (getattr(own, name) or {}).get(row, {}).get(column) or 0


# -- causes -------------------------------------------------------------------------------------------


def _causes(
    total: Aggregate, own: AnnualReport, gap: Effect, uncounted: list[AnnualReport]
) -> tuple[list[Cause], list[str]]:
    if not gap:
        return [], []
    possible = _possible(total, own, gap, uncounted)
    whole, _ = _smallest(gap, possible)
    if whole is not None:
        return whole, []
    found: list[Cause] = []
    notes: list[str] = []
    for title, part in _parts(gap):
        narrowed = _narrowed(possible, part, title)
        some, several = _smallest({place: gap[place] for place in gap if place in part}, narrowed)
        if some is not None:
            found.extend(some)
        elif several:
            notes.append(f"{title}的差异有不止一种说得通的原因，不作推断，请逐格核对。")
        else:
            notes.append(f"{title}的差异没有找到能够全部对上的原因，请逐格核对。")
    notes.extend(_from_outside(total, gap))
    return found, notes


def _parts(gap: Effect) -> Iterator[tuple[str, set[Place]]]:
    for name, title in TABLES.items():
        part = {place for place in gap if place[0] == name}
        if part:
            yield title, part


def _narrowed(possible: Iterable[Cause], part: set[Place], title: str) -> list[Cause]:
    """The same causes where they touch one table only, each effect of a body once."""
    found: dict[tuple[str | None, frozenset[tuple[Place, Number]]], Cause] = {}
    name = next(iter(part))[0]
    for cause in possible:
        effect = {place: value for place, value in cause.effect.items() if place[0] == name}
        if not effect:
            continue
        message = cause.message
        if len(effect) < len(cause.effect):
            message = f"只看{title}：{message}"
        key = (cause.child, frozenset(effect.items()))
        found.setdefault(key, Cause(cause.kind, cause.child, effect, message))
    return list(found.values())


def _possible(
    total: Aggregate, own: AnnualReport, gap: Effect, uncounted: list[AnnualReport]
) -> list[Cause]:
    """Every single cause, the more exact one first where two of a body come to the same."""
    found: dict[tuple[str | None, frozenset[tuple[Place, Number]]], Cause] = {}

    def add(cause: Cause) -> None:
        if cause.effect:
            found.setdefault((cause.child, frozenset(cause.effect.items())), cause)

    for cause in _entered_totals(total, own):
        add(cause)
    shares: dict[str, Effect] = {}
    for place, behind in total.behind.items():
        for share in behind:
            shares.setdefault(share.child, {})[place] = share.value
    compared = {name for name in TABLES if getattr(own, name) is not None}
    for child in total.children:
        key = key_of(child)
        mine = {place: v for place, v in shares.get(key, {}).items() if place[0] in compared}
        adapted = in_format(child, total.format, total.formats)
        if total.failing.get(key):
            for cause in _own_errors(adapted, key, mine, total.formats):
                add(cause)
        add(_left_out(child, key, mine))
        for cause in _moved(child, key, mine, gap, total):
            add(cause)
    for report in uncounted:
        add(_counted(report, compared, total))
    return list(found.values())


def _counted(report: AnnualReport, compared: set[str], total: Aggregate) -> Cause:
    tables, _ = tables_in(report, total.format, total.formats)
    effect: Effect = {
        (name, row, column): value
        for name, table in tables.items()
        if name in compared
        for row, cells in table.items()
        for column, value in cells.items()
        if value
    }
    new = report.cell3("new_received")
    message = f"汇总数计入了{report.agency}（新收 {new} 件），合计里没有这个机关"
    return Cause("counted", key_of(report), effect, message)


def _left_out(child: AnnualReport, key: str, mine: Effect) -> Cause:
    new = mine.get(("table3", "new_received", "total"))
    said = f"（新收 {new} 件）" if new else ""
    effect: Effect = {place: -(value or 0) for place, value in mine.items()}
    return Cause("left_out", key, effect, f"汇总数没有计入{child.agency}的报告{said}")


def _own_errors(
    child: AnnualReport, key: str, mine: Effect, formats: TableFormats
) -> Iterator[Cause]:
    findings = failing_sums(child, formats)
    rules = {finding.rule for finding in findings}
    if "V08" in rules:
        yield _left_over(child, key, mine, formats)
    yield from _own_totals(child, key, formats, f"{child.agency}的")


def _left_over(child: AnnualReport, key: str, mine: Effect, formats: TableFormats) -> Cause:
    """Results in columns where nothing was received or carried in (V08)."""
    effect: Effect = {}
    for column in formats.columns:
        if child.cell3("new_received", column) + child.cell3("carried_in", column) == 0:
            for row in formats.result_rows(child.format):
                value = mine.get(("table3", row, column))
                if value:
                    effect["table3", row, column] = -value
    rows = list(dict.fromkeys(place[1] for place in effect))
    said = "、".join(f"“{row_in_words(row, child.format, formats)}”" for row in rows)
    return Cause(
        "left_over", key, effect,
        f"{child.agency}没有新收和结转的申请，却在{said}填了数（自身勾稽不成立），汇总数没有计入",
    )  # fmt: skip


def _entered_totals(total: Aggregate, own: AnnualReport) -> Iterator[Cause]:
    """Where the entered total contradicts itself, the gap is its own error."""
    for cause in _own_totals(own, None, total.formats, "汇总数自己的"):
        effect: Effect = {place: -(value or 0) for place, value in cause.effect.items()}
        message = cause.message.replace("，汇总数按正确的和计", "，自身勾稽不成立")
        yield Cause("entered_total", None, effect, message)


def _own_totals(
    report: AnnualReport, key: str | None, formats: TableFormats, whose: str
) -> Iterator[Cause]:
    """A 总计 that the report's own figures contradict, put right: the column, the row, a block."""
    six, fmt = formats.applicant_columns(), report.format
    if report.table3 is not None:
        wrong: Effect = {}
        for row in formats.rows[fmt]:
            off = sum(report.cell3(row, c) for c in six) - report.cell3(row)
            if off and row != "total":
                wrong["table3", row, "total"] = off
        results = {
            c: sum(report.cell3(row, c) for row in formats.result_rows(fmt))
            for c in formats.columns
        }
        row_off: Effect = {}
        for column in six:
            if results[column] != report.cell3("total", column):
                row_off["table3", "total", column] = results[column] - report.cell3("total", column)
        corner = sum(results[c] for c in six) - report.cell3("total")
        if corner:
            place = ("table3", "total", "total")
            (row_off if row_off else wrong)[place] = corner
        if wrong:
            said = f"{whose}表三“总计”列与六列之和不符"
            yield Cause("own_total", key, wrong, f"{said}，汇总数按正确的和计")
        if row_off:
            said = f"{whose}表三“(七)总计”行与各项办理结果之和不符"
            yield Cause("own_total", key, row_off, f"{said}，汇总数按正确的和计")
    if report.table4 is not None:
        for block, label in formats.blocks.items():
            four = sum(report.cell4(block, cell) for cell in formats.cells if cell != "total")
            off = four - report.cell4(block)
            if off:
                said = f"{whose}表四“{label.replace('/', '·')}”总计与四格之和不符"
                effect: Effect = {("table4", block, "total"): off}
                yield Cause("own_total", key, effect, f"{said}，汇总数按正确的和计")


def _moved(
    child: AnnualReport, key: str, mine: Effect, gap: Effect, total: Aggregate
) -> Iterator[Cause]:
    """A figure of the body that the total has in another cell of the same block or column."""
    formats = total.formats
    for place, value in mine.items():
        name, row, column = place
        if column == "total" or name == "table2" or (gap.get(place) or 0) >= 0:
            continue
        for other, more in gap.items():
            if (more or 0) <= 0 or other[0] != name or other[2] == "total":
                continue
            to_row, to_column = other[1:]
            effect: Effect = {place: -(value or 0), other: value}
            if name == "table4":
                if to_row != row:
                    continue
                to = f"“{formats.cells[to_column]}”"
            else:
                results = formats.result_rows(total.format)
                if to_column != column or row not in results or to_row not in results:
                    continue
                effect["table3", row, "total"] = -(value or 0)
                effect["table3", to_row, "total"] = value
                to = f"“{row_in_words(to_row, total.format, formats)}”"
            said = place_in_words(place, total.format, formats)
            yield Cause(
                "moved", key, effect, f"{child.agency}的{said} {value} 件，汇总数计入了{to}"
            )


def _from_outside(total: Aggregate, gap: Effect) -> Iterator[str]:
    """What is to be said when the total holds more than the bodies brought."""
    if all((value or 0) < 0 for value in gap.values()):
        return
    if total.missing:
        names = "、".join(total.missing.values())
        yield f"汇总数在一些格里多于各机关之和；{names}没有报告，其数字如已计入汇总数，差额在此。"
    rest = AnnualReport(
        "", total.year, total.format,
        table3=_sheet("table3", gap, total), table4=_sheet("table4", gap, total),
    )  # fmt: skip
    whole = all((value or 0) > 0 for value in gap.values())
    if whole and not failing_sums(rest, total.formats) and rest.cell3("new_received"):
        yield (
            "多出的部分自身勾稽成立（新收 "
            f"{rest.cell3('new_received')} 件，办结 {rest.cell3('total')} 件），"
            "汇总数可能计入了不在所列机关之中的一份报告。"
        )
    elif not total.missing:
        yield "汇总数在一些格里多于各机关之和：可能计入了不在所列机关之中的机关，请核对机关名单。"


def _sheet(name: str, gap: Effect, total: Aggregate) -> dict[str, dict[str, Number]]:
    return {
        row: {column: gap.get((name, row, column), 0) for column in columns}
        for row, columns in shape(name, total.format, total.formats).items()
    }


# -- the smallest set ---------------------------------------------------------------------------------


def _smallest(gap: Effect, possible: list[Cause]) -> tuple[list[Cause] | None, bool]:
    """The one smallest set of causes whose effects come to the gap, and whether there were several.

    None with False: none of up to MOST_CAUSES, or the search grew too long to be sure.
    """
    touching: dict[Place, list[int]] = {}
    for index, cause in enumerate(possible):
        for place in cause.effect:
            touching.setdefault(place, []).append(index)
    search = _Search(possible, touching)
    for size in range(1, MOST_CAUSES + 1):
        search.look(dict(gap), frozenset(), size)
        if search.steps > MOST_STEPS:
            return None, False
        if len(search.found) > 1:
            return None, True
        if search.found:
            return [possible[index] for index in sorted(next(iter(search.found)))], False
    return None, False


class _Search:
    """Depth first: some cause must touch the open cell that the fewest causes touch."""

    def __init__(self, possible: list[Cause], touching: dict[Place, list[int]]) -> None:
        self.possible = possible
        self.touching = touching
        self.found: set[frozenset[int]] = set()
        self.steps = 0

    def look(self, open_: Effect, taken: frozenset[int], left: int) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS or len(self.found) > 1:
            return
        if not open_:
            if left == 0:
                self.found.add(taken)
            return
        if left == 0:
            return
        place = min(open_, key=lambda p: (len(self.touching.get(p, ())), p))
        for index in self.touching.get(place, ()):
            if index in taken:
                continue
            self.look(_after(open_, self.possible[index].effect), taken | {index}, left - 1)


def _after(open_: Effect, effect: Mapping[Place, Number]) -> Effect:
    rest = dict(open_)
    for place, value in effect.items():
        still = (rest.get(place) or 0) - (value or 0)
        if still:
            rest[place] = still
        else:
            rest.pop(place, None)
    return rest
