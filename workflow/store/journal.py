"""The journal: in the transaction that writes, changes or deletes a protected row a line tells what it says from then
on, by a keyed digest, chained within the strand of its body (decision 38)."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from json import JSONEncoder
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError

from workflow.store.dialect import insert_new
from workflow.store.journal_models import JournalRow
from workflow.store.prepared import Among, Prepared
from workflow.store.protected import INSTALLATION, PROTECTED, Protected, key_text
from workflow.store.raw import SPOILT, raw, reads
from workflow.store.sealed import Secrets
from workflow.store.touched import Touched
from workflow.store.trouble import away

_LINE, _HEAD = (JournalRow.metadata.tables[name] for name in ("journal", "journal_head"))
_SAID = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
ROW, LINE, HEAD = "journal row", "journal", "journal head"
"""For what the keys make digests: of a row, of a line, of the end of a strand."""
STRAND = "journal"
"""The table that a line names which tells that a strand was begun; its key is the strand."""
GONE = ""
"""Instead of a digest: the row is no more."""
BATCH = 2000

_ADDED = ("strand", "seq", "recorded_at", "of_table", "of_key", "digest", "hash")
_ADD = Prepared(insert(_LINE).inline(), *_ADDED)
_MOVE = Prepared(
    update(_HEAD).where(_HEAD.c.strand == bindparam("of_strand")), "length", "hash", "mark"
)
_HEADS = Among(
    lambda ids: (
        select(_HEAD.c.strand, _HEAD.c.length, _HEAD.c.hash)
        .where(_HEAD.c.strand.in_(ids))
        .order_by(_HEAD.c.strand)
        .with_for_update()
    )
)


class Said(NamedTuple):
    """That a row says something from now on. digest: GONE where it is no more."""

    strand: int
    table: str
    key: str
    digest: str


class Journal:
    """The journal of an installation. now: the moment at which its lines are recorded."""

    def __init__(self, keys: Secrets, now: Callable[[], datetime]) -> None:
        self._keys, self._now = keys, now

    def digest(self, purpose: str, content: str) -> str:
        """A keyed hash for one purpose."""
        return self._keys.digest(purpose, content)

    def write(self, connection: Connection, touched: Touched) -> None:
        """Tell of every row that a transaction touched what it says now."""
        said: list[Said] = []
        for protected, keys in touched.taken():
            name, missing = protected.table.name, set(keys)
            for strand, key, text in protected.rows(connection, keys):
                missing.discard(key)
                said.append(Said(strand, name, key_text(key), self._keys.digest(ROW, text)))
            if missing:
                said += _gone(connection, name, missing)
        self._append(connection, said)

    def take_over(self, connection: Connection) -> int:
        """Tell of every protected row that is there what it says; how many there are."""
        rows = 0
        for name, protected in PROTECTED.items():
            said: list[Said] = []
            for row in _rows(connection, protected):
                if row.said is None:
                    raise ValueError(f"a row of {name} cannot be read")
                said.append(Said(row.strand, name, row.key, self._keys.digest(ROW, row.said)))
                if len(said) >= BATCH:
                    self._append(connection, said)
                    said = []
                rows += 1
            self._append(connection, said)
        return rows

    # -- lines ----------------------------------------------------------------------------------------

    def _append(self, connection: Connection, said: Collection[Said]) -> None:
        if not said:
            return
        heads = self._heads(connection, {one.strand for one in said})
        begun = [
            Said(INSTALLATION, STRAND, str(strand), GONE)
            for strand in sorted(heads)
            if strand != INSTALLATION and heads[strand] == (0, "")
        ]
        at, lines = self._now(), list[dict[str, Any]]()
        for one in (*begun, *said):
            length, before = heads[one.strand]
            seq = length + 1
            told = one.strand, seq, at, one.table, one.key, one.digest
            kept = self._keys.digest(LINE, _chained(before, *told))
            heads[one.strand] = seq, kept
            lines.append(dict(zip(_ADDED, (*told, kept), strict=True)))
        _ADD.run_many(connection, lines)
        _MOVE.run_many(
            connection,
            [
                {
                    "of_strand": strand, "length": length, "hash": last,
                    "mark": self._keys.digest(HEAD, _ended(strand, length, last)),
                }
                for strand, (length, last) in sorted(heads.items())
            ],
        )  # fmt: skip

    @staticmethod
    def _heads(connection: Connection, strands: set[int]) -> dict[int, tuple[int, str]]:
        """The ends of these strands, which nobody else moves until the transaction has ended. Where one is new, also
        that of the installation, which tells that it was begun."""
        found = {
            strand: (length, last) for strand, length, last in _HEADS.rows(connection, strands)
        }
        if new := strands - found.keys():
            wanted = sorted(new | {INSTALLATION})
            connection.execute(
                insert_new(connection, _HEAD, ("strand",)),
                [{"strand": one, "length": 0, "hash": "", "mark": ""} for one in wanted],
            )
            found |= {one: (length, last) for one, length, last in _HEADS.rows(connection, wanted)}
        return found


def _chained(
    before: str, strand: int, seq: int, at: datetime, table: str, key: str, digest: str
) -> str:
    return _SAID([before, strand, seq, at.timestamp(), table, key, digest])


def _ended(strand: int, length: int, last: str) -> str:
    return _SAID([strand, length, last])


def _gone(connection: Connection, table: str, keys: Collection[tuple[Any, ...]]) -> Iterator[Said]:
    """That these rows are no more, in the strands that know of them."""
    names = [key_text(key) for key in keys]
    for begin in range(0, len(names), BATCH):
        query = (
            select(_LINE.c.of_key, _LINE.c.strand)
            .where(_LINE.c.of_table == table, _LINE.c.of_key.in_(names[begin : begin + BATCH]))
            .distinct()
            .order_by(_LINE.c.strand, _LINE.c.of_key)
        )
        for key, strand in connection.execute(query):
            yield Said(strand, table, key, GONE)


# -- what lies in the store -----------------------------------------------------------------------------


class Row(NamedTuple):
    """A protected row as it lies in the store. said: None where it cannot be read."""

    strand: int
    key: str
    said: str | None


def _rows(connection: Connection, protected: Protected) -> Iterator[Row]:
    """Every protected row of a table, in the order of its keys. Values are read as the driver gives them and understood
    one by one, so that one that is spoilt hides no other."""
    understand = [reads(column, connection.dialect) for column in protected.columns]
    query = protected.query(raw).order_by(*protected.keys)
    found = connection.execute(query.execution_options(yield_per=BATCH))
    for strand, *values in found:
        key = key_text(protected.key_of(values))
        try:
            told = [read(value) for read, value in zip(understand, values, strict=True)]
            yield Row(strand, key, protected.said(told))
        except SPOILT:
            yield Row(strand, key, None)


def is_begun(connection: Connection) -> bool:
    """Whether there is a line."""
    return _some(connection, _LINE)


def codes_of_strands(connection: Connection) -> dict[int, str]:
    """The codes of the bodies by their ids, which are the strands."""
    bodies = JournalRow.metadata.tables["agency"].c
    return {id_: code for id_, code in connection.execute(select(bodies.id, bodies.code))}


# -- is it in order? --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit. strand: 0 for the installation; table, key: which row, "" where it is a line (seq) or the
    whole; what: MISSING_LINE and the like."""

    strand: int
    what: str
    table: str = ""
    key: str = ""
    seq: int = 0


LINE_MISSING, LINE_CHANGED, END_MISSING, END_CHANGED, STRAND_MISSING, NOTHING_THERE = (
    "line missing", "line changed", "end missing", "end changed", "strand missing", "nothing there",
)  # fmt: skip
ROW_UNKNOWN, ROW_CHANGED, ROW_MISSING, ROW_SPOILT, TABLE_SPOILT = (
    "row unknown", "row changed", "row missing", "row spoilt", "table spoilt",
)  # fmt: skip


def faults(connection: Connection, keys: Secrets) -> Iterator[Fault]:
    """Everything in which the store is not what the journal says, the lines first. Raises nothing for what is spoilt."""
    if not _some(connection, _LINE):
        if any(_some(connection, one.table) for one in PROTECTED.values()):
            yield Fault(INSTALLATION, NOTHING_THERE)
        return
    yield from _readable(lambda: _faults_of_lines(connection, keys), _LINE.name)
    for name, protected in PROTECTED.items():
        yield from _readable(partial(_faults_of_rows, connection, keys, name, protected), name)


def _readable(look: Callable[[], Iterator[Fault]], table: str) -> Iterator[Fault]:
    """What is found, or that the table holds what the database itself cannot give."""
    try:
        yield from look()
    except DBAPIError as error:
        if away(error):
            raise
        yield Fault(INSTALLATION, TABLE_SPOILT, table)


def _some(connection: Connection, table: Any) -> bool:
    return connection.execute(select(1).select_from(table).limit(1)).first() is not None


def _faults_of_lines(connection: Connection, keys: Secrets) -> Iterator[Fault]:
    ends = dict[int, tuple[int, str]]()
    begun = set[int]()
    columns = [_LINE.c[name] for name in _ADDED]
    read_at = reads(_LINE.c.recorded_at, connection.dialect)
    query = select(*map(raw, columns)).order_by(_LINE.c.strand, _LINE.c.seq)
    for row in connection.execute(query.execution_options(yield_per=BATCH)):
        strand, seq, table, key, kept = row.strand, row.seq, row.of_table, row.of_key, row.hash
        length, before = ends.get(strand, (0, ""))
        if seq > length + 1:
            yield Fault(strand, LINE_MISSING, seq=length + 1)
        elif not _proved(keys, before, row, read_at):
            yield Fault(strand, LINE_CHANGED, table, key, seq)
        ends[strand] = seq, kept
        if table == STRAND and strand == INSTALLATION and str(key).isdecimal():
            begun.add(int(key))
    for strand in sorted(begun - ends.keys()):
        yield Fault(strand, STRAND_MISSING)
    heads = {
        strand: tuple(told)
        for strand, *told in connection.execute(
            select(_HEAD.c.strand, _HEAD.c.length, _HEAD.c.hash, _HEAD.c.mark)
        )
    }
    for strand in sorted(ends.keys() | heads.keys()):
        if strand not in heads:
            yield Fault(strand, END_MISSING)
            continue
        *end, mark = heads[strand]
        if tuple(end) != ends.get(strand) or not keys.proves(HEAD, _ended(strand, *end), mark):
            yield Fault(strand, END_CHANGED)


def _proved(keys: Secrets, before: str, row: Any, read_at: Callable[[Any], datetime]) -> bool:
    strand, seq, at, table, key, digest, kept = row
    try:
        told = _chained(before, strand, seq, read_at(at), table, key, digest)
    except SPOILT:
        return False
    return keys.proves(LINE, told, kept)


def _faults_of_rows(
    connection: Connection, keys: Secrets, name: str, protected: Protected
) -> Iterator[Fault]:
    query = (
        select(_LINE.c.strand, _LINE.c.of_key, _LINE.c.digest)
        .where(_LINE.c.of_table == name)
        .order_by(_LINE.c.strand, _LINE.c.seq)
    )
    last = {
        (strand, key): digest
        for strand, key, digest in connection.execute(query.execution_options(yield_per=BATCH))
    }
    last = {place: digest for place, digest in last.items() if digest != GONE}
    elsewhere: dict[str, int] | None = None
    for row in _rows(connection, protected):
        strand = row.strand
        if (strand, row.key) not in last:
            if elsewhere is None:
                elsewhere = {key: other for other, key in last}
            strand = elsewhere.get(row.key, strand)
        digest = last.pop((strand, row.key), GONE)
        if row.said is None:
            yield Fault(strand, ROW_SPOILT, name, row.key)
        elif digest == GONE:
            yield Fault(strand, ROW_UNKNOWN, name, row.key)
        elif not keys.proves(ROW, row.said, digest):
            yield Fault(strand, ROW_CHANGED, name, row.key)
    for strand, key in last:
        yield Fault(strand, ROW_MISSING, name, key)
