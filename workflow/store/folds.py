"""Folded cases that are kept from one event to the next: the hash of the last line proves that a case is
still the fold of its log, so that only lines that came since are read and followed."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Connection, bindparam, select

from workflow.case.case import Case
from workflow.case.others import Others
from workflow.rules.rulebook import Rulebook
from workflow.store.models import CaseRow
from workflow.store.restored import header_of, logged_of
from workflow.store.writing import EVENT, Watched

MOST = 200
"""How many cases one process keeps: those that a dozen clerks have in hand."""

_LOG = (
    select(EVENT)
    .where(EVENT.c.case_id == bindparam("of_case"), EVENT.c.seq >= bindparam("first"))
    .order_by(EVENT.c.seq)
)


@dataclass(slots=True)
class Fold:
    """A case with what the store says of it. head_hash: of its last line. once: the keys under which its
    lines were applied. watched: its days as they stand in the store, None until somebody has looked."""

    case: Case
    head_hash: str = ""
    once: set[str] = field(default_factory=set)
    watched: set[Watched] | None = None


class Folds:
    """The cases last moved in this process. Who takes one has it alone, and gives it back when what was
    done with it is in the store; after a failure it is not given back, but folded anew."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[int, Fold] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, case_id: int, fold: Fold) -> None:
        """The fold of a case as it stands in the store."""
        with self._lock:
            self._kept[case_id] = fold
            self._kept.move_to_end(case_id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def take(self, connection: Connection, row: CaseRow, rules: Rulebook) -> Fold:
        """The fold of a case under these rules, the row being locked or just read."""
        with self._lock:
            known = self._kept.pop(row.id, None)
        if known is None or not _fits(known.case, row, rules):
            return _whole(connection, row, rules)
        known.case.others = Others()
        if known.head_hash == row.head_hash or _followed(connection, row, known):
            return known
        return _whole(connection, row, rules)


def _fits(case: Case, row: CaseRow, rules: Rulebook) -> bool:
    """It was folded under these rules, and its body is still called so."""
    named = case.header.body_name, case.header.body_level
    return case.rules is rules and named == (row.body.name, row.body.level)


def _whole(connection: Connection, row: CaseRow, rules: Rulebook) -> Fold:
    lines = connection.execute(_LOG, {"of_case": row.id, "first": 1}).all()
    case = Case.replayed(header_of(row), rules, [logged_of(line) for line in lines])
    return Fold(case, row.head_hash, {line.once for line in lines if line.once})


def _followed(connection: Connection, row: CaseRow, fold: Fold) -> bool:
    """Take in what was written since, elsewhere; False if it is not the same log."""
    first = len(fold.case.written)
    last, *new = connection.execute(_LOG, {"of_case": row.id, "first": first}).all() or (None,)
    if last is None or last.seq != first or last.hash != fold.head_hash:
        return False
    for line in new:
        fold.case.follow(logged_of(line))
    fold.once |= {line.once for line in new if line.once}
    fold.head_hash, fold.watched = row.head_hash, None
    return True
