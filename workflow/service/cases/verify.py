"""Was the store tampered with? The log is chained by hashes, and the case row is a fold of the log.

What was found in order keeps a mark: a keyed hash of everything that the case was then, and of the rules and
the program that it was held to. As long as all of that is the same, folding it again would say the same
(decision 22).
"""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from workflow.case.case import Case
from workflow.case.facts import Logged
from workflow.case.fields import Medium
from workflow.case.machine import START
from workflow.case.row import projection
from workflow.dates import SHANGHAI
from workflow.events import UnknownEvent
from workflow.refusal import BadInput
from workflow.reminders.watched import watched_days
from workflow.rules.rulebook import Rulebook
from workflow.service.cases.new_case import identity_of
from workflow.service.cases.program import program
from workflow.service.installation import IDENTITIES
from workflow.service.letters.verifying import broken_letters
from workflow.service.messages.watched import COMPLETE
from workflow.service.office import Office
from workflow.service.rules.due_changes import CAUSES
from workflow.store import cases as case_queries
from workflow.store import verified
from workflow.store.audit import broken_lines
from workflow.store.chain import chained_hash, hash_before
from workflow.store.counts import wrong_counts
from workflow.store.models import AgencyRow
from workflow.store.restored import header_of, logged_of
from workflow.store.retried import retried
from workflow.store.sealed import Secrets
from workflow.store.store import Store
from workflow.store.unit import Unit
from workflow.store.verified import Bodies, RawCase, StoredCase, Understanding

BATCH = 500
"""Cases that are read in one transaction: nobody who writes waits for more."""
PER_PROCESS = 20_000
"""Fewer cases than these are not worth the start of a further process."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that does not fit. message: which case, which line or column; never its content."""

    agency: str
    number: str
    message: str


def verify(
    office: Office, *, codes: bool = True, full: bool = False, processes: int | None = None
) -> list[Broken]:
    """Hold every case of the store to its log: every hash, every column, every number.

    codes: also hold the hash by which applicants find a case to its number and query code; not where the
    keys of the installation are not at hand: then no mark is believed or made either.
    full: fold every case anew, also what is as it was when it was last found in order.
    processes: that share the cases; None: as many as the machine has cores and the cases are worth.
    """
    with office.store.read() as unit:
        spans = verified.spans(unit, BATCH)
    if processes is None:
        processes = min(_cores(), len(spans) * BATCH // PER_PROCESS)
    if processes > 1:
        found = _in_processes(office, codes, full, spans, processes)
    else:
        looking = _Looking(office, codes, full)
        found = [broken for span in spans for broken in looking.at(*span)]
    with office.store.read() as unit:
        found += [
            Broken(code, number, "编号缺号：这一号的申请不在库中")
            for code, number in case_queries.missing_numbers(unit)
        ]
        found += [Broken("审计", f"第 {n} 条", said) for n, said in broken_lines(unit)]
        found += [
            Broken(
                one.agency,
                one.word,
                f"年报计数与案卷不符：记为 {one.kept} 件，案卷为 {one.right} 件"
                if one.kept != one.right
                else "年报计数与案卷不符：所属的年度不对",
            )
            for one in wrong_counts(unit.session.connection())
        ]
    found += [Broken(*told) for told in broken_letters(office, codes=codes)]
    return found


def _cores() -> int:
    """Of those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_processes(
    office: Office, codes: bool, full: bool, spans: list[tuple[int, int]], processes: int
) -> list[Broken]:
    office.store.close()  # no connection is in two processes
    url = office.store.engine.url.render_as_string(hide_password=False)
    given = (url, office.keys, office.now(), codes, full)
    with ProcessPoolExecutor(processes, initializer=_begin, initargs=given) as pool:
        return [broken for found in pool.map(_at, spans, chunksize=4) for broken in found]


_HERE: "list[_Looking]" = []
"""In a process that was started to look at cases: how it does."""


def _begin(url: str, keys: Secrets, now: datetime, codes: bool, full: bool) -> None:
    _HERE[:] = [_Looking(Office(Store(url), keys, now=lambda: now), codes, full)]


def _at(span: tuple[int, int]) -> list[Broken]:
    return _HERE[0].at(*span)


class _Looking:
    """One pass over cases. What is read of the bodies and made of the rules is kept for all of them."""

    def __init__(self, office: Office, codes: bool, full: bool) -> None:
        self.office, self.codes, self.full = office, codes, full
        self._read = Understanding(office.store.engine.dialect)
        self._bodies: tuple[str | None, Bodies] = None, Bodies({}, {})
        self._books: dict[int, tuple[Rulebook, str]] = {}

    def at(self, first: int, last: int) -> list[Broken]:
        """What does not fit in the cases of these ids; the others get their marks."""
        found: list[Broken] = []
        marks: list[tuple[int, str]] = []
        with self.office.store.read() as unit:
            bodies, whole = self._all_bodies(unit), unit.stamp(COMPLETE) is not None
            normal = unit.stamp(IDENTITIES) is not None
            for raw in verified.raw_cases(unit, first, last):
                try:
                    agency, body, opened_on = self._read.place(raw, bodies)
                except KeyError:
                    found.append(Broken("？", raw.number, "案卷所属的机关不在库中"))
                    continue
                rules = self.office.rules(unit, agency, opened_on)
                mark = self._mark(raw, body, rules, (whole, normal)) if self.codes else None
                if mark is not None and mark == raw.kept and not self.full:
                    continue
                broken = list(self._broken(raw, bodies, rules, whole, normal))
                found += [Broken(agency.code, raw.number, told) for told in broken]
                if mark is not None and mark != raw.kept and not broken:
                    marks.append((raw.id, mark))
        if marks:
            _keep(self.office, marks)
        return found

    def _all_bodies(self, unit: Unit) -> Bodies:
        mark, known = self._bodies
        if mark != unit.rules_mark:
            known = Bodies.of(unit)
            self._bodies = unit.rules_mark, known
        return known

    def _mark(
        self, raw: RawCase, body: AgencyRow, rules: Rulebook, grown: tuple[bool, bool]
    ) -> str:
        """The keyed hash of everything that decides whether the case is in order."""
        book = self._books.get(id(rules))
        if book is None:
            book = self._books[id(rules)] = rules, rules.fingerprint()
        basis = (program(), book[1], body.code, body.name, body.level, grown)
        return self.office.keys.digest("verified case", f"{basis} {raw.said()}")

    def _broken(
        self, raw: RawCase, bodies: Bodies, rules: Rulebook, whole: bool, normal: bool
    ) -> Iterator[str]:
        try:
            case = self._read.case(raw, bodies)
        except ValueError:
            yield "案卷或者日志的内容无法读取"
            return
        if self.codes:
            yield from _code(self.office, case)
            yield from _applicants(self.office, case, normal)
        yield from _opening(case)
        yield from _moves(case)
        yield from _log_and_row(case, rules, whole)


@retried
def _keep(office: Office, marks: list[tuple[int, str]]) -> None:
    with office.store.write() as unit:
        verified.keep_marks(unit, marks)


def _code(office: Office, case: StoredCase) -> Iterator[str]:
    keys, row = office.keys, case.row
    if row["query_hash"] != keys.query_hash(case.number, keys.query_code(row["code_salt"])):
        yield "案卷查询用的校验值与编号、查询码不符"


def _applicants(office: Office, case: StoredCase, normal: bool) -> Iterator[str]:
    """normal: numbers of identity are in their normal form (those of an older store are brought there when
    it is opened). A case that mends another has the hashes of that one and not all of its words."""
    from cryptography.exceptions import InvalidTag

    keys, salt = office.keys, case.row["code_salt"]
    for person, (sealed, identity) in zip(case.applicants, case.private, strict=True):
        if sealed is None:
            continue  # taken over from a file, which tells nothing private
        try:
            private = keys.open_private(sealed, salt, case.row["id"])
        except (InvalidTag, ValueError):
            yield "申请人的身份和联系方式无法解开，或者不是这件申请的"
            continue
        if not normal:
            continue
        right = identity_of(keys, private, person.citizen, salt)
        if identity != right and not (case.redo_of and (right is None or identity is None)):
            yield "申请人身份证明的校验值与所记的证明不符"


def _opening(case: StoredCase) -> Iterator[str]:
    """What the log does not say of the beginning, as far as it is bound by what the log says. A docket that
    was played tells nothing private, and of its lines their own moments."""
    medium = case.row["medium"]
    if len(set(medium)) != len(medium) or not set(medium) <= set(get_args(Medium)):
        yield "案卷的载体不是申请人可以选择的"
    submitted, filed = case.row["submitted_at"], any(sealed for sealed, _ in case.private)
    if case.log and filed and not case.opened_on <= submitted.astimezone(SHANGHAI).date():
        yield "案卷的提交时间早于开始的日期"
    elif case.log and filed and submitted > case.log[0].recorded_at:
        yield "案卷的提交时间晚于日志的第一条"
    if any(line.once is not None and not line.once.strip() for line in case.log):
        yield "日志中防止重复的标记是空的"


def _moves(case: StoredCase) -> Iterator[str]:
    """The changes of due days beside the log: one follows the other, and the last is what the row says, as
    long as no line of the log was written after them."""
    moved, written = case.moved, [line.recorded_at for line in case.log]
    latest = max(written, default=None)
    for place, one in enumerate(moved, 1):
        following = moved[place] if place < len(moved) else None
        if one.cause not in CAUSES:
            yield "期限变动记录的原因无法识别"
            return
        if latest is None or (written and one.recorded_at < written[0]):
            yield "期限变动记录早于案卷"
            return
        if following is None:
            if latest >= one.recorded_at:
                return
            told = one.new_next_due, one.new_reply_due, one.kind
            if told != tuple(case.row[name] for name in ("next_due", "reply_due", "next_due_kind")):
                yield "最后一次期限变动记录与案卷的期限不符"
        elif following.recorded_at < one.recorded_at:
            yield "期限变动记录的先后不对"
            return
        elif not any(one.recorded_at <= at <= following.recorded_at for at in written):
            before = following.old_next_due, following.old_reply_due
            if before != (one.new_next_due, one.new_reply_due):
                yield "前后两次期限变动记录不衔接"


def _log_and_row(stored: StoredCase, rules: Rulebook, whole: bool) -> Iterator[str]:
    """whole: the watched days of every case are there (those of an older store are filled in later)."""
    row, header, log = stored.row, header_of(stored), list[Logged]()
    chain = hash_before(header, stored.opened_on)
    for place, line in enumerate(stored.log, 1):
        if line.seq != place:
            yield f"日志缺第 {place} 条"
            return
        try:
            log.append(logged_of(line))
        except (BadInput, UnknownEvent):
            yield f"日志第 {place} 条无法识别"
            return
        chain = chained_hash(chain, log[-1], line.fields)
        if chain != line.hash:
            yield f"日志第 {place} 条或者申请的内容与校验值不符"
            return
    if not log:
        if row["length"] or row["head_hash"] or row["state"] != START:
            yield "日志全部缺失"
        return
    if (row["length"], row["head_hash"]) != (len(log), chain):
        yield "日志的条数或者末条校验值与案卷不符"
        return
    case = Case.replayed(header, rules, log)
    for column, value in projection(case).items():
        if row[column] != value:
            yield f"案卷的“{column}”与日志推算的不符"
    if whole and stored.watched != {(seen.kind, seen.day) for seen in watched_days(case)}:
        yield "案卷的提醒日期与日志推算的不符"
