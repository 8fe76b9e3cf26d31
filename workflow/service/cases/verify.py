"""Was the store tampered with? The log is chained by hashes, and the case row is a fold of the log.

What was found in order keeps a mark: a keyed hash of everything that the case was then, and of the rules and the program
that it was held to. As long as all of that is the same, folding it again would say the same (decision 22).
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import get_args

from sqlalchemy.exc import DBAPIError

from config.errors import Unavailable
from workflow.case.case import Case
from workflow.case.fields import Medium
from workflow.case.machine import START
from workflow.case.right_name import fits
from workflow.case.row import BESIDE_THE_DAYS, projection
from workflow.dates import SHANGHAI
from workflow.reminders.watched import watched_days
from workflow.rules.rulebook import Rulebook
from workflow.service.cases.new_case import identity_of
from workflow.service.cases.program import program
from workflow.service.cases.remains import broken_lists, proves
from workflow.service.cases.right_names import broken_names
from workflow.service.installation import IDENTITIES
from workflow.service.letters.verifying import broken_letters
from workflow.service.logs import in_places
from workflow.service.messages.watched import COMPLETE
from workflow.service.office import Office
from workflow.service.records import broken_records
from workflow.service.rules.due_changes import CAUSES
from workflow.store import cases as case_queries
from workflow.store import destruction, thread, verified
from workflow.store.chained import Chain, broken_seals, chain_of, remains_of
from workflow.store.counters import broken_counters
from workflow.store.counts import wrong_counts
from workflow.store.dialect_kept import APPEND_ONLY, append_only_missing
from workflow.store.dialect_read import times_unread
from workflow.store.models import AgencyRow
from workflow.store.restored import header_of
from workflow.store.retried import retried
from workflow.store.sealed import Secrets
from workflow.store.store import Store
from workflow.store.unit import Unit
from workflow.store.verified import Bodies, RawCase, StoredCase, Understanding, Unreadable

_log = logging.getLogger(__name__)
BATCH = 500
"""Cases that are read in one transaction: nobody who writes waits for more."""
PER_PROCESS = 20_000
"""Fewer cases than these are not worth the start of a further process."""

UNREADABLE_PART = "库中有无法读取的内容，这一部分没有核对完"
MISSING_NUMBER = "编号缺号：这一号的申请不在库中"
WRONG_NAME = "申请人姓名与更正的记录不符"


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
        looking = Looking(office, codes, full)
        found = [broken for span in spans for broken in looking.at(*span)]
    for part, beside in _beside(office, codes):
        found += _told(part, beside)
    return found


def _beside(
    office: Office, codes: bool
) -> Iterator[tuple[str, Callable[[], Iterable[tuple[str, str, str]]]]]:
    """What is looked at besides the cases one by one: what it is called, and what does not fit (body, place, what). A part
    that cannot be read is told, and the others are looked at all the same."""
    yield "案卷", partial(_loose, office)
    yield "编号", partial(_numbers, office, codes)
    yield "留痕", partial(broken_records, office, codes=codes)
    yield "年报计数", partial(_counts, office)
    yield "文书", partial(broken_letters, office, codes=codes)
    yield "销毁清册", partial(broken_lists, office, codes=codes)
    if codes:
        yield "留言", partial(_broken_messages, office)
        yield "姓名更正", partial(broken_names, office)


def _told(part: str, look: Callable[[], Iterable[tuple[str, str, str]]]) -> Iterator[Broken]:
    try:
        for agency, place, said in look():
            yield Broken(str(agency), str(place), said)
    except Exception as error:  # whatever somebody wrote into the store, and faults of our own
        _log.warning("verify could not go through %s:\n%s", part, in_places(error))
        yield Broken(part, "？", UNREADABLE_PART)


def _loose(office: Office) -> Iterator[tuple[str, str, str]]:
    with office.store.read() as unit:
        for table in append_only_missing(unit.session.connection(), APPEND_ONLY):
            yield "数据库", table, "禁止修改和删除的触发器不在了，或者被改过：请运行 gongkai migrate"  # fmt: skip
        for table, rows in verified.without_case(unit):
            yield "数据库", table, f"有 {rows} 行不属于任何案卷"
        bodies = Bodies.of(unit).by_id
        for agency_id, number in verified.twice_there(unit):
            body = bodies.get(agency_id)
            yield body.code if body else "？", number, "同一编号有几件案卷"


def _numbers(office: Office, codes: bool) -> Iterator[tuple[str, str, str]]:
    before = times_unread()
    with office.store.read() as unit:
        yield from ((*place, MISSING_NUMBER) for place in case_queries.missing_numbers(unit))
        if codes:
            yield from broken_counters(unit.session.connection(), office.keys)
    if times_unread() != before:
        yield "编号", "？", UNREADABLE_PART


def _counts(office: Office) -> Iterator[tuple[str, str, str]]:
    with office.store.read() as unit:
        for one in wrong_counts(unit.session.connection()):
            told = (
                f"年报计数与案卷不符：记为 {one.kept} 件，案卷为 {one.right} 件"
                if one.kept != one.right
                else "年报计数与案卷不符：所属的年度不对"
            )
            yield one.agency, one.word, told


def _broken_messages(office: Office) -> Iterator[tuple[str, str, str]]:
    """Messages beside cases that do not open with the salt of their case."""
    from cryptography.exceptions import InvalidTag

    with office.store.read() as unit:
        for code, number, case_id, sealed, salt in thread.every_message(unit):
            try:
                office.keys.open_private(sealed, salt, case_id)
            except (InvalidTag, ValueError):
                yield code, number, "留言无法解开，或者不是这件申请的"


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


_HERE: "list[Looking]" = []
"""In a process that was started to look at cases: how it does."""


def _begin(url: str, keys: Secrets, now: datetime, codes: bool, full: bool) -> None:
    _HERE[:] = [Looking(Office(Store(url), keys, now=lambda: now), codes, full)]


def _at(span: tuple[int, int]) -> list[Broken]:
    return _HERE[0].at(*span)


class Looking:
    """One pass over cases. What is read of the bodies and made of the rules is kept for all of them."""

    def __init__(self, office: Office, codes: bool, full: bool) -> None:
        self.office, self.codes, self.full = office, codes, full
        self._read = Understanding(office.store.engine.dialect)
        self._bodies: tuple[str | None, Bodies] = None, Bodies({}, {})
        self._books: dict[int, tuple[Rulebook, str]] = {}
        self._keeps = True

    def at(self, first: int, last: int) -> list[Broken]:
        """What does not fit in the cases of these ids; the others get their marks."""
        try:
            return self._at(first, last)
        except (DBAPIError, ValueError, TypeError, ArithmeticError):
            # Something in one of them is no value that the driver can read.
            with self.office.store.read() as unit:
                cases = verified.ids_within(unit, first, last)
            return [told for case in cases for told in self._alone(case)]

    def _alone(self, case: int) -> list[Broken]:
        try:
            return self._at(case, case)
        except (DBAPIError, ValueError, TypeError, ArithmeticError):
            return [Broken("？", f"案卷 {case}", "案卷或者日志的内容无法读取")]

    def _at(self, first: int, last: int) -> list[Broken]:
        found: list[Broken] = []
        marks: list[tuple[int, str]] = []
        with self.office.store.read() as unit:
            bodies, whole = self._all_bodies(unit), unit.stamp(COMPLETE) is not None
            normal = unit.stamp(IDENTITIES) is not None
            followed = unit.stamp("law") is not None
            gone = destruction.proofs_of(unit, first, last)
            for raw in verified.raw_cases(unit, first, last):
                code, told, mark = self._case(
                    unit, raw, bodies, (whole, normal, followed), gone.get(raw.id)
                )
                found += [Broken(code, str(raw.number), one) for one in told]
                if mark is not None and not told:
                    marks.append((raw.id, mark))
        if marks and self._keeps:
            self._keep(marks)
        return found

    def _keep(self, marks: list[tuple[int, str]]) -> None:
        """Where nothing can be written, what is found is the same: it takes as long the next time."""
        try:
            _keep(self.office, marks)
        except (DBAPIError, Unavailable):
            self._keeps = False

    def _case(
        self,
        unit: Unit,
        raw: RawCase,
        bodies: Bodies,
        grown: tuple[bool, bool, bool],
        proof: str | None,
    ) -> tuple[str, list[str], str | None]:
        """Code of the body, what does not fit, and the mark that the case should get if nothing does."""
        try:
            agency, body, opened_on = self._read.place(raw, bodies)
        except KeyError:
            return "？", ["案卷所属的机关不在库中"], None
        except Unreadable as error:
            return "？", [str(error)], None
        try:
            rules = self.office.rules(unit, agency, opened_on)
            mark = self._mark(raw, body, rules, grown, proof) if self.codes else None
            if mark is not None and mark == raw.kept and not self.full:
                return agency.code, [], None
            told = list(dict.fromkeys(self._broken(raw, bodies, rules, *grown, proof)))
            return agency.code, told, None if mark == raw.kept else mark
        except Unreadable as error:
            return agency.code, [str(error)], None
        except Exception as error:  # whatever somebody wrote into the store, and faults of our own
            _log.warning("verify could not read case %s:\n%s", raw.id, in_places(error))
            return agency.code, ["案卷或者日志的内容不是程序能写出的，无法核对"], None

    def _all_bodies(self, unit: Unit) -> Bodies:
        mark, known = self._bodies
        if mark != unit.rules_mark:
            known = Bodies.of(unit)
            self._bodies = unit.rules_mark, known
        return known

    def faults_of(self, unit: Unit, case_id: int) -> list[str]:
        """What does not fit in one case that is there whole, held to everything, in a transaction of somebody else's."""
        (raw,) = verified.raw_cases(unit, case_id, case_id)
        bodies = Bodies.of(unit)
        agency, _, opened_on = self._read.place(raw, bodies)
        rules = self.office.rules(unit, agency, opened_on)
        return list(self._broken(raw, bodies, rules, True, True, True))

    def stored(self, unit: Unit, case_id: int) -> StoredCase:
        """The case as it lies in the store, understood."""
        (raw,) = verified.raw_cases(unit, case_id, case_id)
        return self._read.case(raw, Bodies.of(unit))

    def _mark(
        self,
        raw: RawCase,
        body: AgencyRow,
        rules: Rulebook,
        grown: tuple[bool, bool, bool],
        proof: str | None,
    ) -> str:
        """The keyed hash of everything that decides whether the case is in order."""
        book = self._books.get(id(rules))
        if book is None:
            book = self._books[id(rules)] = rules, rules.fingerprint()
        basis = (program(), book[1], body.code, body.name, body.level, grown, proof)
        return self.office.keys.digest("verified case", f"{basis} {raw.said()}")

    def _broken(
        self,
        raw: RawCase,
        bodies: Bodies,
        rules: Rulebook,
        whole: bool,
        normal: bool,
        followed: bool,
        proof: str | None = None,
    ) -> Iterator[str]:
        """proof: of a case whose file was destroyed."""
        case = self._read.case(raw, bodies)
        if proof is not None:
            if self.codes and not proves(self.office.keys, case, proof):
                yield "销毁后留存的内容与校验值不符"
            if any(one.filed_as is not None for one in case.applicants):
                yield WRONG_NAME
            left = remains_of(case)
            yield from left.faults
            yield from _row(case, left, rules, whole, followed, fold=True)
            return
        chain = chain_of(case)
        yield from chain.faults
        forged = list(broken_seals(self.office.keys, case, chain)) if self.codes else []
        yield from forged
        if self.codes:
            yield from _code(self.office, case)
            yield from _applicants(self.office, case, normal)
        yield from _opening(case)
        yield from _moves(case)
        yield from _row(case, chain, rules, whole, followed, fold=not forged)


@retried
def _keep(office: Office, marks: list[tuple[int, str]]) -> None:
    with office.store.write() as unit:
        verified.keep_marks(unit, marks)


def _code(office: Office, case: StoredCase) -> Iterator[str]:
    """By what the case and who asks in it are found."""
    keys, row = office.keys, case.row
    code = keys.query_code(row["code_salt"], row["code_turn"])
    if row["query_hash"] not in keys.query_hashes(case.number, code):
        yield "案卷查询用的校验值与编号、查询码不符"
    for person, named in zip(case.applicants, case.named, strict=True):
        if named not in keys.name_hashes(person.name):
            yield "申请人姓名查找用的校验值与姓名不符"


def _applicants(office: Office, case: StoredCase, normal: bool) -> Iterator[str]:
    """normal: numbers of identity are in their normal form (those of an older store are brought there when
    it is opened). A case that mends another has the hashes of that one and not all of its words."""
    from cryptography.exceptions import InvalidTag

    keys, salt = office.keys, case.row["code_salt"]
    for person, (sealed, identity) in zip(case.applicants, case.private, strict=True):
        if sealed is None:  # taken over from a file, which tells nothing private
            if person.filed_as is not None:
                yield WRONG_NAME
            continue
        try:
            private = keys.open_private(sealed, salt, case.row["id"])
        except (InvalidTag, ValueError):
            yield "申请人的身份和联系方式无法解开，或者不是这件申请的"
            continue
        if not fits(person, private):
            yield WRONG_NAME
        if not normal:
            continue
        right = [identity_of(key, private, person.citizen, salt) for key in keys.each()]
        if identity not in right and not (case.redo_of and (right[0] is None or identity is None)):
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


def _row(
    stored: StoredCase, chain: Chain, rules: Rulebook, whole: bool, followed: bool, *, fold: bool
) -> Iterator[str]:
    """The case row held to its log. whole: the watched days of every case are there; followed: so are the columns for whom
    a case waits and what is new in it (those of an older store are filled in later). fold: the log is that of the
    program, so that it can be folded."""
    row, log = stored.row, stored.log
    if not log:
        if row["length"] or row["head_hash"] or row["state"] != START:
            yield "日志全部缺失"
        return
    if (row["length"], row["head_hash"]) != (len(log), chain.head):
        yield "日志的条数或者末条校验值与案卷不符"
    if chain.faults or not fold:
        return
    case = Case.replayed(header_of(stored), rules, chain.log)
    for column, value in projection(case).items():
        later = not followed and column in BESIDE_THE_DAYS and row[column] is None
        if row[column] != value and not later:
            yield f"案卷的“{column}”与日志推算的不符"
    if whole and stored.watched != {(seen.kind, seen.day) for seen in watched_days(case)}:
        yield "案卷的提醒日期与日志推算的不符"
    if stored.watched_elsewhere:
        yield "案卷的提醒日期记在另一个机关名下"
