"""Which cases of their bodies somebody sees: the one condition that every list, count and single case is asked with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from workflow.store.dialect import among
from workflow.store.models import CaseRow, EventRow
from workflow.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody does not see of bodies whose cases they may read. False: they see all.

    lent: ids of bodies of which only what was transferred is theirs. units: by id of a body the names to which a case
    must have been given there (本科室), if the person of the user name `name` has done nothing in it.
    """

    lent: tuple[int, ...] = ()
    units: tuple[tuple[int, tuple[str, ...]], ...] = ()
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.lent or self.units)

    def clauses(self) -> list[ColumnElement[bool]]:
        """As conditions over the rows of cases; none where all are seen."""
        found: list[ColumnElement[bool]] = []
        if self.lent:
            found.append(or_(CaseRow.agency_id.not_in(self.lent), CaseRow.held_by.is_not(None)))
        if self.units:
            alike: dict[tuple[str, ...], list[int]] = {}
            for body, names in self.units:
                alike.setdefault(names, []).append(body)
            given = [
                and_(CaseRow.agency_id.in_(bodies), CaseRow.assigned_to.in_(names))
                for names, bodies in alike.items()
            ]
            done = select(EventRow.id).where(
                EventRow.case_id == CaseRow.id, EventRow.actor == self.name
            )
            elsewhere = CaseRow.agency_id.not_in([body for body, _ in self.units])
            found.append(or_(elsewhere, *given, done.exists()))
        return found


ALL = Sight()


def sight_of(
    bodies: Mapping[int, str],
    name: str,
    lent: Collection[str],
    of_units: Mapping[str, Collection[str]],
) -> Sight:
    """What somebody sees of these bodies (codes by id). lent, of_units: as `Staff` has them."""
    return Sight(
        tuple(id_ for id_, code in bodies.items() if code in lent),
        tuple((id_, tuple(sorted(of_units[code]))) for id_, code in bodies.items() if code in of_units),
        name if any(code in of_units for code in bodies.values()) else "",
    )  # fmt: skip


def seen(unit: Unit, sight: Sight, ids: Collection[int]) -> frozenset[int]:
    """Those of these cases that are seen. Where all are, nothing is asked."""
    if not sight or not ids:
        return frozenset(ids)
    query = select(CaseRow.id).where(among(CaseRow.id, list(ids)), *sight.clauses())
    return frozenset(unit.ask(query).scalars())


def of_seen(sight: Sight, case_id: Any) -> list[ColumnElement[bool]]:
    """As conditions over rows that name a case by its id, or none."""
    if not sight:
        return []
    cases = select(CaseRow.id).where(*sight.clauses()).correlate(None)
    return [or_(case_id.is_(None), case_id.in_(cases))]
