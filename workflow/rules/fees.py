"""信息处理费 (国办函〔2020〕109号): what an application costs, step by step. Money is in yuan.

Two progressive ladders: by item, over the applications of one applicant to one body in a calendar
month (自然月); by page, over the pages of one application. A body uses one for an application, never
both. It may charge, it need not (条例42).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from config.law import Ladder, Law


@dataclass(frozen=True, slots=True)
class Charged:
    """Consecutive units that cost the same: the n-th to the m-th, each so many yuan."""

    first: int
    last: int
    each_yuan: Decimal

    @property
    def yuan(self) -> Decimal:
        return self.each_yuan * (self.last - self.first + 1)


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee with the steps that add up to it."""

    mode: str
    steps: tuple[Charged, ...]
    unit: str
    basis: str

    @property
    def yuan(self) -> Decimal:
        return sum((step.yuan for step in self.steps), Decimal(0))

    def in_words(self) -> str:
        """第 31 至 57 页，每页 10 元，计 270 元；合计 270 元."""
        charged = [step for step in self.steps if step.each_yuan]
        if not charged:
            return "没有超过免费的数量，不收费"
        parts = [
            f"第 {step.first} 至 {step.last} {self.unit}，每{self.unit} {step.each_yuan} 元，计 {step.yuan} 元"
            if step.last > step.first
            else f"第 {step.first} {self.unit}，{step.yuan} 元"
            for step in charged
        ]
        return "；".join([*parts, f"合计 {self.yuan} 元"])


def fee_by_item(before: int, units: int, law: Law, day: date) -> Fee:
    """The fee of an application by item (art 4).

    before: units of the same applicant that this body registered earlier in the calendar month.
    units: into how many the application is split for charging (一事一申请), at least 1.
    day: of the notice, whose tariff holds.
    """
    return _fee(law.ladder("by_item", day), before + 1, before + units)


def fee_by_page(pages: int, law: Law, day: date) -> Fee:
    """The fee of an application by volume (art 5). pages: sides of A4 or smaller that are supplied;
    nothing is charged where the answer only points to what is published already. day: of the notice,
    whose tariff holds."""
    return _fee(law.ladder("by_page", day), 1, pages)


def pages_of(yuan: Decimal, law: Law, day: date) -> int | None:
    """How many pages cost so much, for a notice that names only its amount; None where the ladder has
    no such amount or gives it away free."""
    below, above = 0, 1
    while fee_by_page(above, law, day).yuan < yuan:
        below, above = above, above * 2
    while above - below > 1:
        middle = (below + above) // 2
        if fee_by_page(middle, law, day).yuan < yuan:
            below = middle
        else:
            above = middle
    return above if yuan > 0 and fee_by_page(above, law, day).yuan == yuan else None


def _fee(ladder: Ladder, first: int, last: int) -> Fee:
    steps = tuple(
        Charged(max(first, lower), min(last, upper), Decimal(each))
        for lower, upper, each in _bands(ladder, last)
        if upper >= first
    )
    return Fee(ladder.mode, steps, ladder.unit, ladder.basis)


def _bands(ladder: Ladder, last: int) -> Iterator[tuple[int, int, int]]:
    """The bands of the ladder up to a unit: first unit, last unit, yuan for each."""
    for (lower, each), (following, _) in zip(ladder.steps, ladder.steps[1:], strict=False):
        if lower <= last:
            yield lower, min(following - 1, last), each
    lower, each = ladder.steps[-1]
    while lower <= last:
        upper = lower + ladder.every - 1 if ladder.every else last
        yield lower, min(upper, last), each
        lower, each = upper + 1, each + ladder.more
