"""What an entered total (填报的汇总数) differs from the sum of the bodies' reports, and why.

The difference is split into parts that have nothing to do with each other; each is explained as far as one
explanation alone is the simplest (`search.py`). What is explained and what stays open together are the
difference, cell by cell: nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workflow.report.annual import MONEY, AnnualReport, Number
from workflow.report.sums.aggregate import (
    Aggregate,
    Place,
    in_format,
    place_in_words,
    row_in_words,
    shape,
)
from workflow.report.sums.apart import BEGINNINGS, Effect, apart, is_total, less, together
from workflow.report.sums.causes import Cause, caused, fitting_causes, much_alike
from workflow.report.sums.search import Explained, explained
from workflow.report.tables.layout import TABLES

INSTEAD_MOST = 3
"""So many explanations that are as simple as each other are named; more help nobody."""


@dataclass(frozen=True)
class Difference:
    """A cell in which the entered total is not the sum. because: what is sure to have a part in it; open:
    what of the difference these do not explain; unit: 元 or 万元 for an amount."""

    place: Place
    where: str
    entered: Number
    summed: Number
    difference: Number
    because: tuple[Cause, ...] = ()
    open: Number = 0

    @property
    def unit(self) -> str:
        return MONEY.get(self.place[2], "") if self.place[0] == "table2" else ""


@dataclass(frozen=True)
class Comparison:
    """An entered total beside the sum: the cells that differ, what explains them, and what is to be
    said about those that nothing explains. not_compared: tables that the formats keep apart."""

    differences: tuple[Difference, ...]
    causes: tuple[Cause, ...]
    notes: tuple[str, ...]
    not_compared: tuple[str, ...] = ()

    def numbers(self, one: Difference) -> tuple[int, ...]:
        """The causes of a cell by their places in `causes`, from 1."""
        return tuple(n for n, cause in enumerate(self.causes, 1) if cause in one.because)


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
    figures = apart(gap)
    causes_of_all = fitting_causes(total, own, figures, uncounted)
    parts = explained(figures, causes_of_all, much_alike(total, own, figures))
    causes = [cause for part in parts for cause in part.causes]
    causes.extend(_unreported(total, parts))
    open_ = together(less(figures, *(cause.figures for cause in causes)))
    differences = tuple(
        Difference(
            place,
            place_in_words(place, total.format, total.formats),
            _entered(own, place),
            total.number(place),
            difference,
            tuple(cause for cause in causes if place in cause.effect),
            open_.get(place, 0),
        )
        for place, difference in gap.items()
    )
    notes = [note for part in parts for note in _notes(total, part)]
    notes.extend(_from_outside(total, parts))
    return Comparison(differences, tuple(causes), tuple(dict.fromkeys(notes)), tuple(left))


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


# -- what nobody reports ------------------------------------------------------------------------------


def _unreported(total: Aggregate, parts: Iterable[Explained]) -> Iterator[Cause]:
    """The requests, and the disputes, in the entered total that no body reports; whose they may be where
    bodies are without a report."""
    figures: Effect = {place: v for part in parts for place, v in part.unreported.items()}
    kind, child, whose = "unreported", None, "没有一个机关报告过"
    if total.missing:
        kind, whose = "missing", f"{'、'.join(total.missing.values())}没有报告，可能出自其中"
        child = next(iter(total.missing)) if len(total.missing) == 1 else None
    for name in ("table3", "table4"):
        mine = {place: value for place, value in figures.items() if place[0] == name}
        if mine:
            yield caused(kind, child, mine, f"汇总数里有{_counted(total, name, mine)}，{whose}")


def _counted(total: Aggregate, name: str, figures: Effect) -> str:
    """5 件申请（(一)予以公开 1 件、(四)无法提供·1.本机关不掌握相关政府信息 4 件）."""
    rows: dict[str, int] = {}
    for (_, row, _), value in figures.items():
        rows[row] = rows.get(row, 0) + int(value or 0)
    formats = total.formats
    if name == "table4":
        return "、".join(f"{formats.blocks[b].replace('/', '·')} {n} 件" for b, n in rows.items())
    begun = sum(rows.pop(row, 0) for row in BEGINNINGS)
    ended = "、".join(
        f"{row_in_words(row, total.format, formats)} {n} 件" for row, n in rows.items()
    )
    return f" {begun} 件申请（{ended}）"


# -- what stays open ----------------------------------------------------------------------------------


def _notes(total: Aggregate, part: Explained) -> Iterator[str]:
    if not part.open:
        return
    title = _title(total, part.open)
    if not part.searched:
        yield f"{title}的差异牵涉的机关和数字太多，没有逐一排查，请逐格核对。"
    elif part.instead:
        yield f"{title}的差异有不止一种说得通的原因，不作推断，请逐格核对。{_choice(part)}"
    else:
        rest = "其余" if part.causes or part.unreported else ""
        yield f"{title}的{rest}差异没有找到能够全部对上的原因，请逐格核对。"


def _choice(part: Explained) -> str:
    """The explanations that are as simple as each other, where they are few and short."""
    named = [one for one in part.instead if one]
    if not named or len(part.instead) > INSTEAD_MOST or any(len(one) != 1 for one in named):
        return ""
    said = [one[0].message for one in named]
    if len(named) < len(part.instead):
        said.append("这些数字没有一个机关报告过")
    return "可能是：" + "；或者".join(said) + "。"


def _title(total: Aggregate, figures: Mapping[Place, Number]) -> str:
    """The columns and blocks in which figures stand: 表三“自然人”列、表四“行政复议”."""
    formats = total.formats
    items = {
        item: label for block in formats.table2[total.format] for item, label in block.items.items()
    }
    found: dict[str, None] = {}
    for name, row, column in figures:
        if name == "table2":
            found[f"表二“{items[row]}”"] = None
        elif name == "table4":
            found[f"表四“{formats.blocks[row].replace('/', '·')}”"] = None
        elif is_total((name, row, column)):
            found["表三总计"] = None
        else:
            found[f"表三“{formats.columns[column]}”列"] = None
    return "、".join(found)


def _from_outside(total: Aggregate, parts: Iterable[Explained]) -> Iterator[str]:
    """What is to be said when the total holds more than the bodies brought and nothing explains it."""
    known = [part for part in parts if not part.instead]
    if not any((value or 0) > 0 for part in known for value in part.open.values()):
        return
    if total.missing:
        names = "、".join(total.missing.values())
        yield f"汇总数在一些格里多于各机关之和；{names}没有报告，其数字如已计入汇总数，差额在此。"
    else:
        yield "汇总数在一些格里多于各机关之和：可能计入了不在所列机关之中的机关，请核对机关名单。"
