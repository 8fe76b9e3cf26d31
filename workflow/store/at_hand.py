"""The row of one case for a transaction that moves it, in one plain statement: it is locked, and said with
its body and the mark of the rules. Most columns are read only where the row of its last event is not at
hand any more; then it is made an entity without the ORM's query, which costs more than the event."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, inspect, select
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from workflow.store.models import AgencyRow, Base, CaseRow
from workflow.store.prepared import Prepared
from workflow.store.rules_mark import MARK_IN_FORCE

Entity = TypeVar("Entity", bound=Base)

_CASE: Table = Base.metadata.tables["case"]
_AGENCY: Table = Base.metadata.tables["agency"]
_NUMBERED = _CASE.c.number == bindparam("number")
_JOINED = _AGENCY.c.id == _CASE.c.agency_id


def _heads(which: ColumnElement[bool]) -> Select[Any]:
    case = _CASE.c.id, _CASE.c.head_hash, _CASE.c.held_by, _CASE.c.head_seal, _CASE.c.seal
    body = _AGENCY.c.code, _AGENCY.c.name, _AGENCY.c.level, _AGENCY.c.until
    return (
        select(*case, *body, MARK_IN_FORCE.label("mark"))
        .join(_AGENCY, _JOINED)
        .where(which, _NUMBERED)
        .order_by(_AGENCY.c.id)
        .with_for_update(of=_CASE, key_share=True)
    )


_OF_ONE = Prepared(_heads(_AGENCY.c.code == bindparam("code")))
_OF_SEVERAL = _heads(_AGENCY.c.code.in_(bindparam("codes", expanding=True)))
_WHOLE = select(*_CASE.c, *_AGENCY.c).join(_AGENCY, _JOINED).where(_CASE.c.id == bindparam("case"))
_BODY = Prepared(select(*_AGENCY.c).where(_AGENCY.c.code == bindparam("called")))
_WIDTH = len(_CASE.c)
BEGINNING: dict[str, Any] = {column.key: getattr(column.default, "arg", None) for column in _CASE.c}
"""What every column of a case is as long as nobody said anything."""


class Head(NamedTuple):
    """What a case is known by. code, name, level, until: of the body of its number; held_by: code of the one
    to which it was transferred since. head_seal, seal: as in its row, so that one that says something else of the case is told
    apart. mark: of the rules in force."""

    id: int
    head_hash: str
    held_by: str | None
    head_seal: str | None
    seal: str | None
    code: str
    name: str
    level: str
    until: date | None
    mark: str | None

    def is_of(self, row: CaseRow) -> bool:
        """The row is that of the case as it stands: its log has not grown, its due days were not moved and nothing
        besides was changed, its body has not changed."""
        body = row.agency
        return self[:-1] == (
            row.id, row.head_hash, row.held_by, row.head_seal, row.seal,
            body.code, body.name, body.level, body.until,
        )  # fmt: skip


def heads_of(connection: Connection, codes: Collection[str], number: str) -> list[Head]:
    """The cases of that number in the bodies of these codes, one for each body at most, locked."""
    if len(codes) == 1:
        (code,) = codes
        return [Head(*row) for row in _OF_ONE.rows(connection, {"number": number, "code": code})]
    found = connection.execute(_OF_SEVERAL, {"number": number, "codes": list(codes)})
    return [Head(*row) for row in found]


def row_of(connection: Connection, case_id: int) -> CaseRow:
    """A case with its body, as if they had been queried, but in no session yet: what is not among their
    columns is read once they are in one."""
    values = tuple(connection.execute(_WHOLE, {"case": case_id}).one())
    row = _entity(CaseRow, _CASE, values[:_WIDTH])
    set_committed_value(row, "agency", _entity(AgencyRow, _AGENCY, values[_WIDTH:]))
    return row


def new_row(case_id: int, opening: Mapping[str, Any], agency: AgencyRow) -> CaseRow:
    """The row of a case that was just written with these values; its agency at hand as well."""
    values = {**BEGINNING, **opening, "id": case_id}
    row = _entity(CaseRow, _CASE, tuple(values[column.key] for column in _CASE.c))
    set_committed_value(row, "agency", agency)
    return row


def agency_of(connection: Connection, code: str) -> AgencyRow | None:
    """A body by its code, in no session yet; None where there is none."""
    found = _BODY.rows(connection, {"called": code})
    return _entity(AgencyRow, _AGENCY, found[0]) if found else None


def _entity(model: type[Entity], table: Table, values: tuple[Any, ...]) -> Entity:
    made = cast(Entity, inspect(model).class_manager.new_instance())
    made.__dict__.update(zip(table.c.keys(), values, strict=True))
    make_transient_to_detached(made)
    return made
