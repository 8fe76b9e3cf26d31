"""The tree of bodies as values: read once, and kept by who keeps it for as long as the rules mark holds."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select

from workflow.store.models import AgencyRow, name_on
from workflow.store.unit import Unit

AREAS_MOST = 200
"""So many areas (a few bodies with all below them) are kept with a tree."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body as AgencyRow has it. former_names: each with its last day, the first one first."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    takes_requests: bool
    since: date | None
    until: date | None
    successor: str | None
    former_names: tuple[dict[str, Any], ...]

    def name_on(self, day: date) -> str:
        """The name that it bore on the day."""
        return name_on(self.former_names, day) or self.name


@dataclass(frozen=True)
class Tree:
    """All bodies of an installation, in the order in which they were entered."""

    bodies: tuple[Body, ...]

    @cached_property
    def by_id(self) -> dict[int, Body]:
        return {body.id: body for body in self.bodies}

    @cached_property
    def by_code(self) -> dict[str, Body]:
        return {body.code: body for body in self.bodies}

    @cached_property
    def children(self) -> dict[int, list[Body]]:
        """The bodies directly below each that has some."""
        found: dict[int, list[Body]] = {}
        for body in self.bodies:
            if body.parent_id is not None:
                found.setdefault(body.parent_id, []).append(body)
        return found

    @cached_property
    def _before(self) -> dict[str, list[Body]]:
        """The bodies whose duties went to each directly."""
        found: dict[str, list[Body]] = {}
        for body in self.bodies:
            if body.successor is not None:
                found.setdefault(body.successor, []).append(body)
        return found

    def predecessors_of(self, code: str) -> list[Body]:
        """The bodies whose duties went to a body, directly or one over another."""
        direct = self._before.get(code, [])
        return [one for before in direct for one in (before, *self._before.get(before.code, []))]

    def line(self, body: Body) -> Iterator[Body]:
        """The body and those above it, the nearest first."""
        yield body
        while body.parent_id is not None:
            body = self.by_id[body.parent_id]
            yield body

    def of_codes(self, codes: Collection[str]) -> list[Body]:
        """The bodies of these codes, in order."""
        found = (self.by_code[code] for code in codes if code in self.by_code)
        return sorted(found, key=lambda body: body.id)

    @cached_property
    def _areas(self) -> dict[frozenset[str], tuple[Body, ...]]:
        """What was asked of `below`; not more than AREAS_MOST answers."""
        return {}

    def below(self, codes: Collection[str]) -> tuple[Body, ...]:
        """The bodies of these codes and all bodies below them, in order."""
        key = frozenset(codes)
        known = self._areas.get(key)
        if known is None:
            if len(self._areas) >= AREAS_MOST:
                self._areas.clear()
            known = self._areas[key] = tuple(self._found_below(codes))
        return known

    def _found_below(self, codes: Collection[str]) -> list[Body]:
        inside: dict[int, Body] = {}
        waiting = self.of_codes(codes)
        while waiting:
            body = waiting.pop()
            if body.id not in inside:
                inside[body.id] = body
                waiting.extend(self.children.get(body.id, ()))
        return [inside[id_] for id_ in sorted(inside)]


def read_tree(unit: Unit) -> Tree:
    """The tree as it stands, in one query."""
    rows = unit.session.execute(
        select(
            AgencyRow.id, AgencyRow.code, AgencyRow.name, AgencyRow.level, AgencyRow.parent_id,
            AgencyRow.takes_requests, AgencyRow.since, AgencyRow.until, AgencyRow.successor,
            AgencyRow.former_names,
        ).order_by(AgencyRow.id)
    )  # fmt: skip
    return Tree(
        tuple(
            Body(
                row.id, row.code, row.name, row.level, row.parent_id, row.takes_requests,
                row.since, row.until, row.successor, tuple(row.former_names or ()),
            )
            for row in rows
        )
    )  # fmt: skip
