"""The whole area of a government: its own office, and the reports of all bodies below it (law.md §7).

A government's report speaks for its area. Where such a report is in, the bodies below it are already in it
and are not counted again. A department's report speaks for itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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


class Tree:
    """A body with those below it. rows: the body and those below, in any order."""

    def __init__(self, rows: list[Body], body: AgencyRow) -> None:
        self.rows = rows
        self.body = body
        self.children: dict[int, list[Body]] = {}
        own = body.id
        self.below = [row for row in rows if row.id != own]
        for row in self.below:
            if row.parent_id is not None:
                self.children.setdefault(row.parent_id, []).append(row)

    def walk(self) -> Iterator[tuple[Body, int, tuple[Body, ...]]]:
        """Every body below with its depth and those between it and the body, parents first."""
        waiting: list[tuple[Body, tuple[Body, ...]]] = [
            (row, ()) for row in reversed(self.children.get(self.body.id, []))
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
