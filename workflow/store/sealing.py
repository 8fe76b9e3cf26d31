"""The chains of an older store, sealed once with the installation's key (decision 37).

A log that holds is sealed as it is; its plain hashes stay what they were. One that does not hold is not sealed, and
`verify` says so ever after.
"""

from typing import Any

from sqlalchemy import Table, and_, bindparam, exists, func, not_, or_, select, update

from workflow.store.chain import hash_before
from workflow.store.chained import chain_of
from workflow.store.counters import NUMBER, seal_every_counter
from workflow.store.dialect_kept import APPEND_ONLY, released
from workflow.store.models import Base
from workflow.store.prepared import Prepared
from workflow.store.restored import header_of
from workflow.store.sealed import Secrets
from workflow.store.seals import (
    LINE,
    MOVED,
    RECORD,
    beginning,
    holds,
    line_said,
    moved_said,
    record_said,
    seal_head,
)
from workflow.store.unit import Unit
from workflow.store.verified import (
    Bodies,
    RawCase,
    StoredCase,
    Understanding,
    Unreadable,
    raw_cases,
)
from workflow.store.writing import CASE, EVENT

SEALED = "case chain"
"""The stamp of a store whose older chains are sealed, or up to which case they are: in either case with a keyed hash, so
that nobody without the key lets a store be sealed once more."""
DONE = "sealed"
_CHANGE: Table = Base.metadata.tables["due_change"]
_LINES = Prepared(
    update(EVENT).where(
        EVENT.c.case_id == bindparam("of_case"), EVENT.c.seq == bindparam("of_seq")
    ),
    "seal",
)
_CASES = Prepared(
    update(CASE).where(CASE.c.id == bindparam("of_case")), "seal", "head_seal", "moved_seal"
)
_MOVES = Prepared(update(_CHANGE).where(_CHANGE.c.id == bindparam("of_change")), "seal")
_IDS = select(_CHANGE.c.id).order_by(_CHANGE.c.id)


def has_old_chains(unit: Unit, keys: Secrets) -> bool:
    """Whether the store was made before there were seals, and is not sealed to its end. Decided once: a store in which
    anything is sealed, and nobody was sealing it, is none, whatever lacks its seal there."""
    kept = unit.stamp(SEALED)
    if kept is not None:
        return _done_to(kept, keys) is not None
    connection = unit.connection
    there = or_(exists().where(CASE.c.id.is_not(None)), exists().where(NUMBER.c.id.is_not(None)))
    sealed = or_(
        exists().where(CASE.c.head_seal.is_not(None)), exists().where(NUMBER.c.seal.is_not(None))
    )
    old = bool(connection.scalar(select(and_(there, not_(sealed)))))
    unit.set_stamp(SEALED, _reached(0, keys) if old else keys.digest(SEALED, DONE))
    return old


def seal_some(unit: Unit, keys: Secrets, most: int) -> bool:
    """Seal so many further cases of an older store; False when there is none any more, and its counts are sealed too."""
    last = _done_to(unit.stamp(SEALED) or "", keys)
    if last is None:
        return False
    end = unit.connection.scalar(
        select(func.max(CASE.c.id)).where(
            CASE.c.id.in_(select(CASE.c.id).where(CASE.c.id > last).order_by(CASE.c.id).limit(most))
        )
    )
    if end is None:
        seal_every_counter(unit.connection, keys)
        unit.set_stamp(SEALED, keys.digest(SEALED, DONE))
        return False
    bodies, read = Bodies.of(unit), Understanding(unit.connection.dialect)
    cases: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    moves: list[dict[str, Any]] = []
    for raw in raw_cases(unit, last + 1, end):
        stored = _holding(raw, read, bodies)
        if stored is None:
            continue
        moved, told = _moves(unit, keys, stored)
        moves += told
        before, seals = _sealed(keys, stored, moved)
        cases.append({"of_case": raw.id, **before})
        lines += seals
    with released(unit.connection, APPEND_ONLY):
        _LINES.run_many(unit.connection, lines)
        _MOVES.run_many(unit.connection, moves)
    _CASES.run_many(unit.connection, cases)
    unit.set_stamp(SEALED, _reached(end, keys))
    return True


def _reached(last: int, keys: Secrets) -> str:
    return f"{last} {keys.digest(SEALED, str(last))}"


def _done_to(kept: str, keys: Secrets) -> int | None:
    """The last case that is done, of a store that is being sealed."""
    last, _, seal = kept.partition(" ")
    return int(last) if last.isdecimal() and holds(keys, SEALED, last, seal) else None


def unsealed_cases(unit: Unit) -> int:
    """Cases whose log did not hold when the chains of an older store were sealed."""
    return unit.connection.scalar(select(func.count()).where(CASE.c.seal.is_(None))) or 0


def _holding(raw: RawCase, read: Understanding, bodies: Bodies) -> StoredCase | None:
    """The case, understood; None where its log or its row does not fit its hashes."""
    try:
        stored = read.case(raw, bodies)
        chain = chain_of(stored)
    except (KeyError, Unreadable, ValueError, TypeError):
        return None
    ends = len(stored.log), chain.head
    fits = not chain.faults and ends == (stored.row["length"], stored.row["head_hash"])
    return stored if fits else None


def _moves(
    unit: Unit, keys: Secrets, stored: StoredCase
) -> tuple[str | None, list[dict[str, Any]]]:
    if not stored.moved:
        return None, []
    before, told = None, []
    ids = unit.connection.scalars(_IDS.where(_CHANGE.c.case_id == stored.row["id"]))
    for one, change in zip(stored.moved, ids, strict=True):
        said = moved_said(before, stored.agency.code, stored.number, vars(one))
        before = keys.digest(MOVED, said)
        told.append({"of_change": change, "seal": before})
    return before, told


def _sealed(
    keys: Secrets, stored: StoredCase, moved: str | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    row, agency, number = stored.row, stored.agency.code, stored.number
    before = hash_before(header_of(stored), stored.opened_on)
    lines = [
        {
            "of_case": row["id"], "of_seq": line.seq,
            "seal": keys.digest(
                LINE, line_said(line.hash, line.once, beginning(row) if line.seq == 1 else "")
            ),
        }
        for line in stored.log
    ]  # fmt: skip
    case = {
        "seal": keys.digest(RECORD, record_said(agency, number, row, stored.private)),
        "head_seal": seal_head(
            keys, agency, number, row["length"], row["head_hash"] or before, moved
        ),
        "moved_seal": moved,
    }
    return case, lines
