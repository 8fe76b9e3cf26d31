"""What a calendar of due days must know besides the list: how often a case moved, and which are over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from workflow.store.due_change_models import DueChangeRow
from workflow.store.models import CaseRow
from workflow.store.sight import Sight
from workflow.store.unit import Unit
from workflow.store.wanted import Wanted, one_of


@dataclass(frozen=True, slots=True)
class Over:
    """A case that ended before its reply was due. agency_id: of the body that gave the number."""

    id: int
    agency_id: int
    number: str
    state: str
    due: date
    revision: int


_MOVED = select(func.count()).where(DueChangeRow.case_id == CaseRow.id).scalar_subquery()
_REVISION = CaseRow.length + _MOVED
"""A number that grows with everything that can move the day of a case: an event, and a change of settings or calendars."""


def revisions(unit: Unit, ids: Collection[int]) -> dict[int, int]:
    """How often the day of each of these cases may have moved, by the id of the case."""
    if not ids:
        return {}
    query = select(CaseRow.id, _REVISION).where(CaseRow.id.in_(list(ids)))
    return {case_id: number for case_id, number in unit.session.execute(query)}


def over_before(
    unit: Unit,
    bodies: Sequence[int],
    states: Sequence[str],
    sight: Sight,
    received: date,
    day: date,
    limit: int,
) -> list[Over]:
    """The cases of these bodies and states, received on a day or later, whose reply was due on a day or later."""
    if not bodies or not states:
        return []
    query = (
        select(
            CaseRow.id,
            CaseRow.agency_id,
            CaseRow.number,
            CaseRow.state,
            CaseRow.reply_due,
            _REVISION,
        )
        .where(
            one_of(CaseRow.agency_id, list(bodies)),
            CaseRow.received_on >= received,
            CaseRow.reply_due >= day,
            *Wanted(tuple(states), sight=sight, on_the_way=("state",)).clauses(),
        )
        .order_by(CaseRow.reply_due, CaseRow.id)
        .limit(limit)
    )
    return [
        Over(case_id, agency, number, state, due, revision)
        for case_id, agency, number, state, due, revision in unit.session.execute(query)
        if due is not None
    ]
