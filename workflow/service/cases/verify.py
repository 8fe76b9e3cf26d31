"""Was the store tampered with? The log is chained by hashes, and the case row is a fold of the log."""

from collections.abc import Iterator
from dataclasses import dataclass

from workflow.case.machine import START
from workflow.case.row import projection
from workflow.events import UnknownEvent
from workflow.refusal import BadInput
from workflow.reminders.watched import watched_days
from workflow.service.messages.watched import COMPLETE
from workflow.service.office import Office
from workflow.store import cases as case_queries
from workflow.store.chain import chained_hash, opening_hash
from workflow.store.counts import wrong_counts
from workflow.store.models import CaseRow, EventRow
from workflow.store.restored import case_of, logged_of
from workflow.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that does not fit. message: which case, which line or column; never its content."""

    agency: str
    number: str
    message: str


def verify(office: Office, *, codes: bool = True) -> list[Broken]:
    """Replay every case of the store from its log: every hash, every column, every number.

    codes: also hold the hash by which applicants find a case to its number and query code; not where the
    keys of the installation are not at hand.
    """
    with office.store.read() as unit:
        whole = unit.stamp(COMPLETE) is not None
        return (
            [
                Broken(row.agency.code, row.number, message)
                for row in case_queries.every_case(unit)
                for message in (*_codes(office, row, codes), *_case(office, unit, row, whole))
            ]
            + [
                Broken(code, number, "编号缺号：这一号的申请不在库中")
                for code, number in case_queries.missing_numbers(unit)
            ]
            + [
                Broken(
                    one.agency,
                    one.word,
                    f"年报计数与案卷不符：记为 {one.kept} 件，案卷为 {one.right} 件",
                )
                for one in wrong_counts(unit.session.connection())
            ]
        )


def _codes(office: Office, row: CaseRow, wanted: bool) -> Iterator[str]:
    keys = office.keys
    if wanted and row.query_hash != keys.query_hash(row.number, keys.query_code(row.code_salt)):
        yield "案卷查询用的校验值与编号、查询码不符"


def _case(office: Office, unit: Unit, row: CaseRow, whole: bool) -> Iterator[str]:
    """whole: the watched days of every case are there (those of an older store are filled in later)."""
    chain = opening_hash(row)
    for place, line in enumerate(row.log, 1):
        if line.seq != place:
            yield f"日志缺第 {place} 条"
            return
        try:
            chain = _hash(chain, line)
        except (BadInput, UnknownEvent):
            yield f"日志第 {place} 条无法识别"
            return
        if chain != line.hash:
            yield f"日志第 {place} 条或者申请的内容与校验值不符"
            return
    if not row.log:
        if row.length or row.head_hash or row.state != START:
            yield "日志全部缺失"
        return
    if (row.length, row.head_hash) != (len(row.log), chain):
        yield "日志的条数或者末条校验值与案卷不符"
        return
    case = case_of(row, office.rules(unit, row.agency, row.opened_on))
    for column, value in projection(case).items():
        if getattr(row, column) != value:
            yield f"案卷的“{column}”与日志推算的不符"
    watched = {(seen.kind, seen.day) for seen in row.watched}
    if whole and watched != {(seen.kind, seen.day) for seen in watched_days(case)}:
        yield "案卷的提醒日期与日志推算的不符"


def _hash(before: str, line: EventRow) -> str:
    return chained_hash(before, logged_of(line), line.fields)
