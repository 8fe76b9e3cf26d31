"""What is left of a case whose file was destroyed, and what proves it.

The words are gone, so the hashes of the lines cannot be made again; they stay as they were written, and a keyed hash
over all that is left, made when the file was destroyed and the case was in order, takes the place of the chain. The list
of the destruction has one over its cases, and the audit says it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from json import JSONEncoder
from typing import Any

from workflow.service.office import Office
from workflow.store import destruction
from workflow.store.audit import DESTROYED, lines_about
from workflow.store.destruction import Destroyed
from workflow.store.destruction_models import DestructionRow
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit
from workflow.store.verified import StoredCase

CASE, LIST = "destroyed case", "destruction"
"""What the keyed hashes are for."""


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


_SAID = JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
).encode


def said_of(case: StoredCase) -> str:
    """Everything that is left of a case beside what follows from its log."""
    row = case.row
    return _SAID(
        [
            case.agency.code, case.number, case.kind, case.request, case.items, case.delivery,
            case.joint_letter, case.redo_of, case.redo_due, case.redo_mode, case.opened_on, _moment(row["submitted_at"]),
            row["head_hash"], row["length"], row["query_hash"], row["code_salt"],
            [[one.name, one.category, one.description, one.citizen] for one in case.applicants],
            [sealed is None and identity is None for sealed, identity in case.private],
            [
                [line.seq, line.event, line.on, line.fields, line.actor, line.role, _moment(line.recorded_at),
                 line.filled, line.stands_for, line.once, line.hash]
                for line in case.log
            ],
        ]
    )  # fmt: skip


def said_of_list(row: DestructionRow, cases: Sequence[Destroyed]) -> str:
    """Everything that a list says that was done."""
    decided = row.decided_at and _moment(row.decided_at)
    return _SAID(
        [
            row.id, row.agency.code, row.state, row.numbers, row.proposed_by, _moment(row.proposed_at), row.words,
            row.decided_by, decided, row.decided_words,
            [[one.number, one.archived_on, one.kept_until, one.rule, one.years, one.proof] for one in cases],
        ]
    )  # fmt: skip


def _moment(at: datetime) -> float:
    return at.timestamp()


def proves(keys: Secrets, case: StoredCase, kept: str) -> bool:
    """True where the case is what was left of it."""
    return keys.proves(CASE, said_of(case), kept)


def broken_lists(office: Office, *, codes: bool) -> Iterator[tuple[str, str, str]]:
    """What does not fit in the lists of destruction: code of the body, which list, and what it is. codes: the keys are
    at hand."""
    with office.store.read() as unit:
        for row in destruction.done(unit):
            which, cases = f"销毁清册第 {row.id} 号", destruction.destroyed_of(unit, row.id)
            if sorted(row.numbers) != [one.number for one in cases]:
                yield row.agency.code, which, "清册上的案卷与销毁的案卷不符"
            if row.proof not in _told(unit, row):
                yield row.agency.code, which, "审计里没有这份清册"
            if codes and not office.keys.proves(LIST, said_of_list(row, cases), row.proof or ""):
                yield row.agency.code, which, "清册的内容与校验值不符"


def _told(unit: Unit, row: DestructionRow) -> set[str | None]:
    lines = lines_about(unit, row.agency_id, str(row.id), DESTROYED)
    return {line.details.get("proof") for line in lines}
