"""A case held to its hashes: the plain chain of its log, and the keyed seals over it (decision 37)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workflow.case.facts import Logged
from workflow.events import UnknownEvent
from workflow.refusal import BadInput
from workflow.store.chain import chained_hash, hash_before
from workflow.store.restored import header_of, logged_of
from workflow.store.sealed import Secrets
from workflow.store.seals import (
    HEAD,
    LINE,
    MOVED,
    RECORD,
    beginning,
    head_said,
    holds,
    line_said,
    moved_said,
    record_said,
)
from workflow.store.verified import Line, StoredCase


@dataclass(slots=True)
class Chain:
    """A log as far as it could be read. before: what its first line is chained to; head: the hash of its last line;
    faults: what of its lines does not fit, in Chinese."""

    before: str
    head: str = ""
    log: list[Logged] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def chain_of(stored: StoredCase) -> Chain:
    """The log held to its hashes without any key. Each line that was changed is named by itself: those behind it are
    held to the hash that it has."""
    found = Chain(hash_before(header_of(stored), stored.opened_on))
    befores, following = {found.before}, 1
    for line in stored.log:
        if line.seq != following:
            found.faults.append(_gap(following, line.seq))
            befores = set()
        try:
            said = logged_of(line)
            right = {chained_hash(before, said, line.fields) for before in befores}
        except (BadInput, UnknownEvent, ValueError, TypeError):
            found.faults.append(f"日志第 {line.seq} 条无法识别")
            right = set()
        else:
            found.log.append(said)
            if right and line.hash not in right:
                found.faults.append(f"日志第 {line.seq} 条或者申请的内容与校验值不符")
        befores, following = {line.hash, *right}, line.seq + 1
        found.head = line.hash
    return found


def remains_of(stored: StoredCase) -> Chain:
    """The log of a case whose file was destroyed. The words of its lines are gone, so that their hashes cannot be made
    again; something else proves them (decision 43)."""
    found = Chain("")
    for following, line in enumerate(stored.log, 1):
        if line.seq != following:
            found.faults.append(_gap(following, line.seq))
        try:
            found.log.append(logged_of(line))
        except (BadInput, UnknownEvent, ValueError, TypeError):
            found.faults.append(f"日志第 {line.seq} 条无法识别")
        found.head = line.hash
    return found


def _gap(following: int, seq: int) -> str:
    if seq < following:
        return f"日志第 {seq} 条不止一条"
    return f"日志缺第 {_in_ranges(range(following, seq))} 条"


def broken_seals(keys: Secrets, stored: StoredCase, chain: Chain) -> Iterator[str]:
    """What of the case was written without the key."""
    row, agency, number = stored.row, stored.agency.code, stored.number
    if row["seal"] is None:
        yield "案卷没有加封：升级时它的日志就与校验值不符，或者不是程序写入的"
    elif not holds(keys, RECORD, record_said(agency, number, row, stored.private), row["seal"]):
        yield "案卷或者申请人在日志以外的内容（提交时间、载体、查询码、密封数据等）与密钥校验值不符"  # fmt: skip
    yield from _lines(keys, stored)
    yield from _moved(keys, stored)
    if row["head_seal"] is not None or row["seal"] is not None:
        yield from _head(keys, stored, chain)


def _lines(keys: Secrets, stored: StoredCase) -> Iterator[str]:
    unsealed = [line.seq for line in stored.log if line.seal is None]
    broken = [line.seq for line in stored.log if line.seal is not None and not _sealed(keys, stored, line)]  # fmt: skip
    if unsealed:
        yield f"日志第 {_in_ranges(unsealed)} 条没有加封"
    if broken:
        yield f"日志第 {_in_ranges(broken)} 条与密钥校验值不符，不是程序写入的"


def _sealed(keys: Secrets, stored: StoredCase, line: Line) -> bool:
    begun = beginning(stored.row) if line.seq == 1 else ""
    return holds(keys, LINE, line_said(line.hash, line.once, begun), line.seal)


def _moved(keys: Secrets, stored: StoredCase) -> Iterator[str]:
    """Each is held to the seal that the one before it has, so that each is named by itself."""
    before, broken = None, []
    for place, one in enumerate(stored.moved, 1):
        said = moved_said(before, stored.agency.code, stored.number, vars(one))
        if not holds(keys, MOVED, said, one.seal):
            broken.append(place)
        before = one.seal
    if broken:
        yield f"期限变动记录第 {_in_ranges(broken)} 条与密钥校验值不符，或者它前面的一条不在了"
    if before != stored.row["moved_seal"]:
        yield "期限变动记录的末条与案卷所记的不符，有记录被删去或者加入"


def _head(keys: Secrets, stored: StoredCase, chain: Chain) -> Iterator[str]:
    """The seal tells where the log ended. Where it fits the log, what of the row does not is told elsewhere."""
    row, agency, number = stored.row, stored.agency.code, stored.number
    ends = (
        (len(stored.log), chain.head or chain.before),
        (row["length"], row["head_hash"] or chain.before),
    )
    moved = {row["moved_seal"], stored.moved[-1].seal if stored.moved else None}
    for length, head in ends:
        for one in moved:
            if holds(keys, HEAD, head_said(agency, number, length, head, one), row["head_seal"]):
                return
    yield "日志的末尾与密钥校验值不符，后面的记录被删去，或者案卷被改回从前"


def _in_ranges(numbers: Iterable[int]) -> str:
    """2、4 至 6."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1] = [found[-1][0], number]
        else:
            found.append([number])
    return "、".join(" 至 ".join(str(one) for one in part) for part in found)
