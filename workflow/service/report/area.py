"""The whole area of a government: its own office, and the reports of all bodies below it (law.md §7).

A government's report speaks for its area. Where such a report is in, the bodies below it are already in it
and are not counted again. A department's report speaks for itself.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workflow.report.annual import AnnualReport
from workflow.report.sums.aggregate import Aggregate, add_up
from workflow.service.office import Office
from workflow.service.report.submitted import COUNTED, Submitted, submitted
from workflow.store.bodies import Body
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit


def speaks_for_its_area(level: str) -> bool:
    """True for a government: its report holds all bodies below it."""
    return not level.endswith("_department")


def counts(version: Submitted | None) -> bool:
    """True for a report that was handed in and not sent back."""
    return version is not None and version.state in COUNTED


def is_covered(above: tuple[Body, ...], handed: Mapping[str, Submitted]) -> bool:
    """True for a body that the report of a government above it holds already."""
    return any(speaks_for_its_area(one.level) and counts(handed.get(one.code)) for one in above)


Place = tuple[Body, int, tuple[Body, ...]]
"""A body below, its depth (1: directly below), and the bodies between."""


class Tree:
    """A body with those below it. rows: the body and those below, in any order."""

    def __init__(self, rows: Sequence[Body], body: AgencyRow | Body) -> None:
        self.rows = rows
        self.own = body.id
        self.children: dict[int, list[Body]] = {}
        own = body.id
        self.below = [row for row in rows if row.id != own]
        for row in self.below:
            if row.parent_id is not None:
                self.children.setdefault(row.parent_id, []).append(row)

    @cached_property
    def walked(self) -> tuple[Place, ...]:
        """Every body below, parents first."""
        return tuple(self.walk())

    @cached_property
    def levels(self) -> Counter[str]:
        """How many of the bodies below are of each level."""
        return Counter(row.level for row in self.below)

    @cached_property
    def by_code(self) -> dict[str, Body]:
        return {row.code: row for row in self.below}

    def covered(self, handed: Mapping[str, Submitted]) -> set[str]:
        """The codes of the bodies that the report of a government above them holds already: only what lies
        below such a report is looked at."""
        found: set[str] = set()
        waiting = [
            row.id
            for code, version in handed.items()
            if counts(version)
            and (row := self.by_code.get(code)) is not None
            and speaks_for_its_area(row.level)
        ]
        while waiting:
            for row in self.children.get(waiting.pop(), ()):
                if row.code not in found:
                    found.add(row.code)
                    waiting.append(row.id)
        return found

    def walk(self) -> Iterator[Place]:
        """Every body below with its depth and those between it and the body, parents first."""
        waiting: list[tuple[Body, tuple[Body, ...]]] = [
            (row, ()) for row in reversed(self.children.get(self.own, []))
        ]
        while waiting:
            row, above = waiting.pop()
            yield row, len(above) + 1, above
            waiting.extend(
                (child, (*above, row)) for child in reversed(self.children.get(row.id, []))
            )


@dataclass(frozen=True)
class Area:
    """What a government's report adds up.

    total: its own office and the reports that are in. bodies: ids of the bodies whose applications are
    in it. expected: how many bodies below have to be in it; missing: the names of those that are not.
    """

    total: Aggregate
    bodies: tuple[int, ...]
    expected: int
    missing: tuple[str, ...]

    @property
    def children(self) -> tuple[AnnualReport, ...]:
        """The reports that are added up, the own office among them."""
        return self.total.children


def area_of(
    office: Office, unit: Unit, body: AgencyRow, own: AnnualReport, fmt: str
) -> Area | None:
    """The area of a government with bodies below it, None for every other body. own: the tables of its
    own office."""
    if not speaks_for_its_area(body.level):
        return None
    tree = Tree(office.tree(unit).below({body.code}), body)
    if not tree.below:
        return None
    handed = submitted(unit, tree.below, own.year)
    reports, bodies, missing = [own], [body.id], []
    for row, _, above in tree.walk():
        version = handed.get(row.code)
        if is_covered(above, handed):
            bodies.append(row.id)
        elif version is not None and version.report is not None and counts(version):
            bodies.append(row.id)
            reports.append(version.report)
        else:
            missing.append(row.name)
    total = add_up(reports, own.year, office.law.formats, fmt=fmt)
    return Area(total, tuple(bodies), len(tree.below), tuple(missing))
