"""Folded cases that are kept from one event to the next: the hash of the last line proves that a case is
still the fold of its log, so that only lines that came since are read and followed."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import bindparam, select

from workflow.case.case import Case
from workflow.case.others import Others
from workflow.rules.rulebook import Rulebook
from workflow.store.at_hand import Head, row_of
from workflow.store.models import CaseRow
from workflow.store.restored import folded, log_of
from workflow.store.unit import Unit
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
    lines were applied. watched: its days as they stand in the store, None until somebody has looked. row:
    its row as it stands there, None until somebody has looked."""

    case: Case
    head_hash: str = ""
    once: set[str] = field(default_factory=set)
    watched: set[Watched] | None = None
    row: CaseRow | None = None


class Folds:
    """The cases last moved in this process. Who takes one has it alone, and gives it back when what was
    done with it is in the store; after a failure it is not given back, but folded anew."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[int, Fold] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, unit: Unit, row: CaseRow, fold: Fold) -> None:
        """The fold of a case as it stands in the store, the transaction having ended well. A row that was
        never in the session says what is in its columns and nothing else: it is kept as well."""
        fold.row = row if unit.only_at_hand(row) else None
        with self._lock:
            self._kept[row.id] = fold
            self._kept.move_to_end(row.id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def take(
        self, unit: Unit, head: Head, rules_of: Callable[[CaseRow], Rulebook]
    ) -> tuple[CaseRow, Fold]:
        """Row and fold of a case that is locked. rules_of: the rules of a row."""
        known = self._taken(head.id)
        row = known.row if known else None
        if known and row and head.is_of(row) and _fits(known.case, row, rules_of(row)):
            unit.put_at_hand(row)
            return row, known
        row = row_of(unit.connection, head.id)
        unit.put_at_hand(row)
        return row, self._folded(unit, row, rules_of(row), known)

    def take_of(self, unit: Unit, row: CaseRow, rules: Rulebook) -> Fold:
        """The fold of a case whose row was just read."""
        return self._folded(unit, row, rules, self._taken(row.id))

    def forget(self, case_id: int) -> None:
        """The file of the case was destroyed: nothing of it stays at hand."""
        self._taken(case_id)

    def _taken(self, case_id: int) -> Fold | None:
        with self._lock:
            fold = self._kept.pop(case_id, None)
        if fold is not None:
            fold.case.others = Others()
        return fold

    @staticmethod
    def _folded(unit: Unit, row: CaseRow, rules: Rulebook, known: Fold | None) -> Fold:
        fits = known is not None and _fits(known.case, row, rules)
        if known and fits and (known.head_hash == row.head_hash or _followed(unit, row, known)):
            return known
        return _whole(unit, row, rules)


def _fits(case: Case, row: CaseRow, rules: Rulebook) -> bool:
    """It was folded under these rules, and its body is still called so."""
    named = case.header.body_name, case.header.body_level
    return case.rules is rules and named == (row.body.name, row.body.level)


def _whole(unit: Unit, row: CaseRow, rules: Rulebook) -> Fold:
    lines = unit.connection.execute(_LOG, {"of_case": row.id, "first": 1}).all()
    unit.attach()
    case = folded(row, rules, lines)
    return Fold(case, row.head_hash, {line.once for line in lines if line.once})


def _followed(unit: Unit, row: CaseRow, fold: Fold) -> bool:
    """Take in what was written since, elsewhere; False if it is not the same log."""
    first = len(fold.case.written)
    last, *new = unit.connection.execute(_LOG, {"of_case": row.id, "first": first}).all() or (None,)
    if last is None or last.seq != first or last.hash != fold.head_hash:
        return False
    for said in log_of(new):
        fold.case.follow(said)
    fold.once |= {line.once for line in new if line.once}
    fold.head_hash, fold.watched = row.head_hash, None
    return True
