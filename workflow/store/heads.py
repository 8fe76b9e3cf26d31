"""How far the chains of a store go, and whether they still begin as they were when somebody noted that."""

from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from workflow.store.journal_models import JournalHeadRow, JournalRow
from workflow.store.models import AgencyRow, CaseRow, EventRow
from workflow.store.prepared import Prepared
from workflow.store.staff_models import AuditRow
from workflow.store.unit import Unit

BATCH = 5000


class End(NamedTuple):
    """Of a chain: how many lines, and the hash of the last of them, "" where there is none."""

    lines: int
    hash: str


class Cases(NamedTuple):
    """The logs of a body up to a line of the store: of how many cases, and a hash over their numbers and the hashes of
    the last line that each had then."""

    cases: int
    hash: str


NO_LINES, NO_CASES = End(0, ""), Cases(0, "")


def last_event(unit: Unit) -> int:
    """The number of the last line that any log of the store has. To be asked while no case moves: a line that is being
    written has its number already."""
    return unit.session.scalar(select(func.max(EventRow.id))) or 0


def end_of_audit(unit: Unit) -> End:
    query = select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)
    found = unit.session.execute(query).first()
    return End(*found) if found else NO_LINES


def ends_of_strands(unit: Unit) -> dict[int, End]:
    """Of every strand of the journal."""
    query = select(JournalHeadRow.strand, JournalHeadRow.length, JournalHeadRow.hash)
    return {strand: End(lines, last) for strand, lines, last in unit.session.execute(query)}


def bodies(unit: Unit) -> list[tuple[int, str, str]]:
    """Id, code and name of every body, in order."""
    query = select(AgencyRow.id, AgencyRow.code, AgencyRow.name).order_by(AgencyRow.id)
    return [(id_, code, name) for id_, code, name in unit.session.execute(query)]


def cases_until(unit: Unit, event: int) -> dict[int, Cases]:
    """By id of the body: its cases as they were when the store had this last line."""
    case = CaseRow.__table__.c
    line = EventRow.__table__.c
    last = (
        select(line.hash)
        .where(line.case_id == case.id, line.id <= event)
        .order_by(line.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(case.agency_id, case.number, last).order_by(case.agency_id, case.number)
    made, number = dict[int, Cases](), 0
    body, digest = 0, sha256()
    for agency, name, kept in unit.connection.execute(query.execution_options(yield_per=BATCH)):
        if kept is None:
            continue  # it was opened later
        if agency != body:
            body, digest, number = agency, sha256(), 0
        digest.update(f"{name} {kept}\n".encode())
        number += 1
        made[body] = Cases(number, digest.hexdigest())
    return made


_AUDIT_AT = Prepared(
    select(AuditRow.__table__.c.hash).where(AuditRow.__table__.c.id == bindparam("line"))
)
_LINE = JournalRow.__table__.c
_JOURNAL_AT = Prepared(
    select(_LINE.hash).where(_LINE.strand == bindparam("of"), _LINE.seq == bindparam("line"))
)


def audit_at(unit: Unit, line: int) -> str:
    """The hash of a line of the audit, "" where there is none."""
    return _only(_AUDIT_AT.rows(unit.connection, {"line": line}))


def journal_at(unit: Unit, strand: int, line: int) -> str:
    """The hash of a line of a strand of the journal, "" where there is none."""
    return _only(_JOURNAL_AT.rows(unit.connection, {"of": strand, "line": line}))


def _only(rows: list[tuple[str]]) -> str:
    return next((kept for (kept,) in rows), "")
