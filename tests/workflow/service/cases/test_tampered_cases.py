"""Who may do anything with the database but has not the key changes a case: `verify` finds it and names it.

He takes the triggers away and makes them again, and computes every hash anew that needs no key: the chain of the log,
the row that follows from it, the days that are watched, the kept counts.
"""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.stores import POSTGRES
from tests.tampering import some, tampering
from tests.workflow.service.cases.bent import (
    FIRST,
    FIRST_MOVE,
    LAST_LINE,
    LAST_MOVE,
    OF_FIRST,
    OTHER,
    SECOND,
    Tamper,
    line,
    person,
    row,
    sql,
)
from workflow.case.case import Case
from workflow.service import Office
from workflow.service.cases.verify import Broken, verify
from workflow.store import verified
from workflow.store.chain import chained_hash, hash_before
from workflow.store.counts import rebuild_counts
from workflow.store.restored import header_of, logged_of
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit
from workflow.store.verified import Bodies, StoredCase, Understanding
from workflow.store.writing import case_values, change_rows, watched_values, watching


@pytest.fixture
def office(office_to_bend: Office) -> Office:
    return office_to_bend


def test_nothing_is_found_where_nothing_was_changed(office: Office) -> None:
    assert verify(office) == []
    assert verify(office, full=True) == []


# -- how it is done -------------------------------------------------------------------------------------


def then_rewritten(*statements: str, case: int = FIRST) -> Tamper:
    """The same, and everything that needs no key made to fit again."""

    def tamper(connection: Connection, office: Office) -> None:
        sql(*statements)(connection, office)
        rewrite(connection, office, case)

    return tamper


def rewrite(connection: Connection, office: Office, case_id: int) -> None:
    unit = Unit(connection=connection)
    stored = understood(unit, office, case_id)
    header, row = header_of(stored), stored.row
    chain = hash_before(header, stored.opened_on)
    log = [logged_of(one) for one in stored.log]
    for kept, said in zip(stored.log, log, strict=True):
        chain = chained_hash(chain, said, kept.fields)
        change = text("UPDATE event SET hash = :hash WHERE case_id = :case AND seq = :seq")
        connection.execute(change, {"hash": chain, "case": case_id, "seq": kept.seq})
    case = Case.replayed(header, office.rules(unit, stored.agency, stored.opened_on), log)
    after = case_values(case, chain if log else "")
    change_rows(connection, [{"of_case": case_id, **after}])
    connection.execute(text("DELETE FROM watched_day WHERE case_id = :id"), {"id": case_id})
    for one in watching(case_id, row["agency_id"], sorted(watched_values(case))):
        connection.execute(
            text("INSERT INTO watched_day VALUES (:case_id, :kind, :day, :agency_id)"), one
        )
    rebuild_counts(connection)


def understood(unit: Unit, office: Office, case_id: int) -> StoredCase:
    (raw,) = verified.raw_cases(unit, case_id, case_id)
    return Understanding(office.store.engine.dialect).case(raw, Bodies.of(unit))


def case_gone(connection: Connection, case: int) -> None:
    for table in ("event", "applicant", "watched_day", "due_change", "verified_case", "message"):
        connection.execute(text(f"DELETE FROM {table} WHERE case_id = :case"), {"case": case})
    connection.execute(text('DELETE FROM "case" WHERE id = :case'), {"case": case})
    rebuild_counts(connection)


def last_case_gone(connection: Connection, office: Office) -> None:
    case_gone(connection, SECOND)
    sql("UPDATE number SET last = 1 WHERE year = 2024")(connection, office)


def year_gone(connection: Connection, office: Office) -> None:
    case_gone(connection, OTHER)
    sql("DELETE FROM number WHERE year = 2025")(connection, office)


def hidden_by_a_ledger(connection: Connection, office: Office) -> None:
    case_gone(connection, FIRST)
    sql(
        "INSERT INTO ledger_import (agency_id, actor, heads, mapping, state, total, done_rows, created, gaps, told,"
        " begun_at, changed_at) SELECT id, 'lifang', 'x', '{}', 'done', 1, 1, 1, '[[2024, 1, 1]]', CAST('x' AS"
        f" {'BYTEA' if POSTGRES else 'BLOB'}), '2024-03-04', '2024-03-04' FROM agency WHERE code = 'panlong'"
    )(connection, office)


def triggers_gone(connection: Connection, office: Office) -> None:
    ending = " ON event" if POSTGRES else ""
    connection.execute(text(f"DROP TRIGGER kept_event{'' if POSTGRES else '_update'}{ending}"))


def trigger_that_does_nothing(connection: Connection, office: Office) -> None:
    if POSTGRES:
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER kept_event"))
        return
    connection.execute(text("DROP TRIGGER kept_event_delete"))
    connection.execute(
        text("CREATE TRIGGER kept_event_delete BEFORE DELETE ON event BEGIN SELECT 1; END")
    )


def copied_line(connection: Connection, office: Office) -> None:
    """A further line at the end, as the one before it with its seal."""
    names = '"on", fields, actor, role, recorded_at, filled, stands_for, hash, seal'
    sql(
        f"INSERT INTO event (case_id, seq, event, {names}) SELECT case_id, seq + 1, event, {names} FROM event WHERE"
        f" {LAST_LINE}"
    )(connection, office)
    rewrite(connection, office, FIRST)


def case_copied(connection: Connection, office: Office) -> None:
    """The second case once more, under the next number, which is counted."""
    for table, key in (("case", "id"), ("applicant", "case_id"), ("event", "case_id")):
        columns = [c for c in columns_of(table) if c not in ("id", key, "query_hash", "submit_key", "number")]  # fmt: skip
        more = {"case": ", number", "applicant": "", "event": ""}[table]
        value = {"case": ", '2024-0003'", "applicant": "", "event": ""}[table]
        names = ", ".join(f'"{name}"' for name in columns)
        sql(
            f'INSERT INTO "{table}" ({key}{more}, {names}) SELECT 77{value}, {names} FROM "{table}" WHERE {key} ='
            f" {SECOND}"
        )(connection, office)
    sql("UPDATE number SET last = 3 WHERE year = 2024")(connection, office)
    rewrite(connection, office, 77)


def columns_of(table: str) -> list[str]:
    return [column.name for column in verified.CASE.metadata.tables[table].c]


def other(column: str, table: str = '"case"', of: int = SECOND, key: str = "id") -> str:
    return f"(SELECT o.{column} FROM {table} o WHERE o.{key} = {of})"


SEALS = "seal = NULL, head_seal = NULL, moved_seal = NULL"
PANLONG = "panlong", "2024-0001"
LINE, HEAD, RECORD = "条与密钥校验值不符", "日志的末尾与密钥校验值不符", "日志以外的内容"
TAMPERED: dict[str, tuple[Tamper, str]] = {
    # the log
    "a line says something else": (sql(line("""fields = '{"to": "陈主任"}'""")), "日志第 4 条或者"),
    "a line says something else and all hashes are made anew": (
        then_rewritten(line("""fields = '{"to": "陈主任"}'""")), "日志第 4 至 5 条与密钥",
    ),
    "somebody else did it": (then_rewritten(line("actor = 'chen'")), LINE),
    "it was done in another role": (then_rewritten(line("role = 'office_head'")), LINE),
    "it was done for somebody": (then_rewritten(line("stands_for = 'chen'")), LINE),
    "it was recorded at another moment": (
        then_rewritten(line("recorded_at = '2024-03-05 03:00:00.000000'")), LINE,
    ),
    "it happened on another day": (then_rewritten(line("\"on\" = '2024-03-04'")), LINE),
    "it was filled in by the system": (then_rewritten(line("filled = '[\"*\"]'")), LINE),
    "a line has another key against repeating": (sql(line("once = 'another'")), LINE),
    "the hash of a line is another one": (sql(line("hash = replace(hash, substr(hash, 1, 1), 'x')")), "校验值不符"),
    "the first line is the first of another case": (
        sql(line(f"hash = {other('hash', 'event', SECOND, 'seq = 1 AND o.case_id')}, seal ="
                 f" {other('seal', 'event', SECOND, 'seq = 1 AND o.case_id')}", "seq = 1")), "日志第 1 条",
    ),
    "a line was sealed for another place": (
        sql(line(f"seal = {other('seal', 'event', FIRST, 'seq = 1 AND o.case_id')}")), "日志第 4 条与密钥",
    ),
    "a line has no seal": (sql(line("seal = NULL")), "日志第 4 条没有加封"),
    "a line has an empty seal": (sql(line("seal = ''")), "日志第 4 条与密钥"),
    "the last line is cut off": (sql(f"DELETE FROM event WHERE {LAST_LINE}"), "日志的条数"),
    "the last line is cut off and the case set back": (
        then_rewritten(f"DELETE FROM event WHERE {LAST_LINE}"), HEAD,
    ),
    "the whole log is cut off and the case set back": (
        then_rewritten(f"DELETE FROM event WHERE {OF_FIRST}"), HEAD,
    ),
    "a line in the middle is gone": (sql(f"DELETE FROM event WHERE {OF_FIRST} AND seq = 1"), "日志缺第 1 条"),
    "a line is written at the end": (copied_line, LINE),
    "the log is that of another case": (
        then_rewritten(
            line(f"event = {other('event', 'event', OTHER, 'seq = 1 AND o.case_id')}, actor = 'x'", "seq = 1")
        ), LINE,
    ),
    # where the log ends
    "the seal of the head is that of another case": (sql(row(f"head_seal = {other('head_seal')}")), HEAD),
    "the seal of the head is gone": (sql(row("head_seal = NULL")), HEAD),
    "all seals of the case are gone": (sql(row(SEALS), line("seal = NULL", "seq > 0")), "没有加封"),
    "the length is another one": (sql(row("length = length + 1")), "日志的条数"),
    # what follows from the log
    "the state is another one": (sql(row("state = 'archived'")), "“state”"),
    "the due day is another one": (sql(row("reply_due = '2030-01-07'")), "“reply_due”"),
    # what the case is besides its log
    "something else was asked for": (then_rewritten(row("request = '另一份'")), LINE),
    "other items were asked for": (then_rewritten(row("items = '[\"另一份\"]'")), LINE),
    "another way of delivery was asked for": (then_rewritten(row("delivery = '[\"email\"]'")), LINE),
    "another medium was asked for": (sql(row("medium = '[\"electronic\"]'")), RECORD),
    "it was opened on another day": (then_rewritten(row("opened_on = '2024-03-01'")), LINE),
    "it was submitted a second earlier": (sql(row("submitted_at = '2024-03-04 01:59:59.000000'")), RECORD),
    "it answers another case anew": (then_rewritten(row("redo_of = '2024-0002'")), LINE),
    "it stands under the next number": (then_rewritten(row("number = '2024-0003'")), "编号"),
    "it stands with another body": (
        then_rewritten(row("agency_id = (SELECT id FROM agency WHERE code = 'jiangna')")), LINE,
    ),
    "the key of its submission is another one": (sql(row("submit_key = 'another'")), RECORD),
    "the applicant sent a paper that day": (sql(row("uploaded_at = '2024-03-05 02:00:00.000000'")), RECORD),
    "an old query code opens it again": (
        sql(row(f"code_turn = 0, query_hash = 'x' || substr({other('query_hash')}, 2)", SECOND)), RECORD,
    ),
    "it opens with the query code of another case": (
        sql(row("query_hash = NULL", SECOND), row(f"code_salt = {other('code_salt')}")), RECORD,
    ),
    "the case was written once more under the next number": (case_copied, LINE),
    # who asks
    "somebody else asks": (then_rewritten(person("name = '李四'")), LINE),
    "the applicant stands in another column": (then_rewritten(person("category = 'business'")), LINE),
    "the papers of the applicant are those of another": (
        sql(person(f"sealed = {other('sealed', 'applicant', SECOND, 'case_id')}")), RECORD,
    ),
    "the papers of the applicant are gone": (sql(person("sealed = NULL")), RECORD),
    "the proof of identity is gone": (sql(person("sealed = NULL, identity = NULL")), RECORD),
    "one more person asks": (
        then_rewritten(
            "INSERT INTO applicant (case_id, position, name, citizen) SELECT case_id, 1, '李四', citizen FROM"
            f" applicant WHERE {OF_FIRST}"
        ), LINE,
    ),
    "nobody asks": (then_rewritten(f"DELETE FROM applicant WHERE {OF_FIRST}"), LINE),
    # the days
    "a day is watched that is none": (sql(f"UPDATE watched_day SET day = '2030-01-07' WHERE {OF_FIRST}"), "提醒日期"),
    "no day is watched": (sql(f"DELETE FROM watched_day WHERE {OF_FIRST}"), "提醒日期"),
    "a day is watched in another body": (
        sql(f"UPDATE watched_day SET agency_id = (SELECT id FROM agency WHERE code = 'jiangna') WHERE {OF_FIRST}"),
        "另一个机关",
    ),
    "a day moved for another reason": (sql(f"UPDATE due_change SET reason = '别的' WHERE {FIRST_MOVE}"), "第 1 条与密钥"),
    "somebody else moved a day": (sql(f"UPDATE due_change SET actor = 'x' WHERE {LAST_MOVE}"), "第 2 条与密钥"),
    "the last move of a day is gone": (sql(f"DELETE FROM due_change WHERE {LAST_MOVE}"), "末条与案卷所记的不符"),
    "the last move of a day is gone and the case set back": (
        sql(f"DELETE FROM due_change WHERE {LAST_MOVE}",
            row(f"moved_seal = (SELECT seal FROM due_change WHERE {OF_FIRST})")), HEAD,
    ),
    "the first move of a day is gone": (sql(f"DELETE FROM due_change WHERE {FIRST_MOVE}"), "前面的一条不在了"),
    "no day ever moved": (sql(f"DELETE FROM due_change WHERE {OF_FIRST}", row("moved_seal = NULL")), HEAD),
    "a day moved that did not": (
        sql("INSERT INTO due_change (case_id, recorded_at, actor, cause, reason, kind) VALUES"
            f" ({SECOND}, '2024-03-08 02:00:00', 'chen', 'calendar', '州庆', '')"), "期限变动记录",
    ),
    # the numbers
    "the last case is gone and its number not given": (last_case_gone, "编号的计数与密钥"),
    "the count is set back": (sql("UPDATE number SET last = 1 WHERE year = 2024"), "编号的计数"),
    "the count is further": (sql("UPDATE number SET last = 9 WHERE year = 2024"), "编号的计数与密钥"),
    "the count is gone": (sql("DELETE FROM number WHERE year = 2024"), "没有编号的计数"),
    "a body's year is gone with its count": (year_gone, "编号计数被删去"),
    "a count is there of a year without cases": (
        sql("INSERT INTO number (agency_id, year, last, seal) SELECT agency_id, 2023, last, seal FROM number"
            " WHERE year = 2024"), "编号的计数与密钥",
    ),
    "a ledger says that the missing number was never given": (hidden_by_a_ledger, "缺号被改动"),
    "the seal over the counts is gone": (sql("DELETE FROM stamp WHERE name = 'case counters'"), "编号计数"),
    # what the database refuses
    "lines may be changed": (triggers_gone, "触发器"),
    "lines may be deleted without notice": (trigger_that_does_nothing, "触发器"),
}  # fmt: skip
ELSEWHERE = ("编号", "计数", "数据库", "案卷", "审计")
"""What is told of no case by itself."""


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
@pytest.mark.parametrize("what", some(TAMPERED))
def test_it_is_found_and_named(what: str, office: Office) -> None:
    tamper, said = TAMPERED[what]
    bare = tamper in (triggers_gone, trigger_that_does_nothing)
    with office.store.engine.begin() if bare else tampering(office.store) as connection:
        tamper(connection, office)
    found = verify(office)
    assert any(said in one.message for one in found), found
    assert told_apart(found), found


def told_apart(found: list[Broken]) -> bool:
    """Nothing is told twice."""
    return len({(one.agency, one.number, one.message) for one in found}) == len(found)


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
def test_every_fault_of_a_case_is_named_and_no_other_case(office: Office) -> None:
    with tampering(office.store) as connection:
        sql(line("actor = 'chen'"), row("state = 'archived', medium = '[\"electronic\"]'"))(connection, office)  # fmt: skip
        sql(f"UPDATE due_change SET actor = 'x' WHERE {LAST_MOVE}")(connection, office)
    found = verify(office)
    assert {(one.agency, one.number) for one in found} == {PANLONG}
    said = "；".join(one.message for one in found)
    for part in ("日志第 4 条或者", RECORD, "期限变动记录第 2 条"):
        assert part in said


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
def test_seals_of_another_key_are_none(office: Office) -> None:
    found = verify(Office(office.store, Secrets.throwaway(), now=office.now))
    assert {one.number for one in found} >= {"2024-0001", "2024-0002", "2025-0001"}


def rows_said(found: list[Broken]) -> Any:
    return sorted((one.agency, one.number, one.message) for one in found)


@pytest.mark.tampering(reason="the store is broken on purpose, to be found out")
def test_what_is_found_is_found_again(office: Office) -> None:
    with tampering(office.store) as connection:
        TAMPERED["somebody else did it"][0](connection, office)
    assert rows_said(verify(office)) == rows_said(verify(office, full=True)) != []
