"""The row of one case for a transaction that moves it: with its body and the mark of the rules in one plain
statement, and made an entity without the ORM's query, which costs more than the rest of the event."""

from collections.abc import Collection
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, inspect, select
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from workflow.store.models import AgencyRow, Base, CaseRow

Entity = TypeVar("Entity", bound=Base)

_CASE: Table = Base.metadata.tables["case"]
_AGENCY: Table = Base.metadata.tables["agency"]
_STAMP: Table = Base.metadata.tables["stamp"]
_MARK = select(_STAMP.c.value).where(_STAMP.c.name == "rules").scalar_subquery()


def _query(*where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(_MARK, *_CASE.c, *_AGENCY.c)
        .join(_AGENCY, _AGENCY.c.id == _CASE.c.agency_id)
        .where(*where)
        .order_by(_AGENCY.c.id)
        .with_for_update(of=_CASE)
    )


_NUMBERED = _CASE.c.number == bindparam("number")
_OF_ONE = _query(_AGENCY.c.code == bindparam("code"), _NUMBERED)
_OF_SEVERAL = _query(_AGENCY.c.code.in_(bindparam("codes", expanding=True)), _NUMBERED)
_WIDTH = len(_CASE.c)


def cases_at_hand(
    connection: Connection, session: Session, codes: Collection[str], number: str
) -> tuple[list[CaseRow], str | None]:
    """The cases of that number in the bodies of these codes, one for each body at most, locked; and the
    mark of the rules in force. Applicants and log are read when they are asked for."""
    asked: dict[str, Any] = {"number": number}
    if len(codes) == 1:
        (asked["code"],) = codes
        found = connection.execute(_OF_ONE, asked).all()
    else:
        asked["codes"] = list(codes)
        found = connection.execute(_OF_SEVERAL, asked).all()
    rows = []
    for _, *values in found:
        row = _entity(session, CaseRow, _CASE, values[:_WIDTH])
        body = _entity(session, AgencyRow, _AGENCY, values[_WIDTH:])
        if "agency" not in row.__dict__:
            set_committed_value(row, "agency", body)
        rows.append(row)
    return rows, found[0][0] if found else None


def _entity(session: Session, model: type[Entity], table: Table, values: list[Any]) -> Entity:
    """The entity of these columns in the session, as if it had been queried; the one that is there."""
    named = dict(zip(table.c.keys(), values, strict=True))
    known = session.identity_map.get(identity_key(model, named["id"]))
    if isinstance(known, model):
        return known
    made = cast(Entity, inspect(model).class_manager.new_instance())
    made.__dict__.update(named)
    make_transient_to_detached(made)
    session.add(made)
    return made
