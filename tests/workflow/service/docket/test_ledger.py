"""Ledgers in and out: all rows or none, once; and the same cases on the other side of a round."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from config.law import load_law
from tests.workflow.docket.ledger.books import csv, xlsx
from workflow.case.case import Case
from workflow.refusal import BadInput
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.service.docket.ledger import looked_at, wrong_mapping
from workflow.service.docket.ledger_export import LedgerExport
from workflow.service.docket.ledgers import Ledgers
from workflow.service.docket.simulate import simulate
from workflow.service.office import Missing
from workflow.service.report.tables import Reports
from workflow.store.count_models import NumberRow
from workflow.store.ledger_models import LedgerImportRow
from workflow.store.models import CaseRow, PublishedYearRow
from workflow.store.restored import case_of, first_private
from workflow.store.staff_models import AuditRow

HEAD = "编号,收到日期,渠道,申请人,联系电话,申请内容,答复日期,答复类型,送达日期"
GOOD = (
    HEAD,
    "2024-0001,2024-03-05,网上,张三,13800001234,低保名单,2024-03-20,予以公开,2024-03-21",
    "2024-0002,2024-03-06,信函,李**,138****1234,补偿明细,2024-04-10,信息不存在,2024-04-10",
    "2024-0004,2024-12-20,当面,王五,,村级账目,,,",
)
BODY = "panlong"


@pytest.fixture
def town(office_on: Callable[[date], Office]) -> Office:
    return with_body(office_on(date(2026, 11, 30)))


def with_body(office: Office) -> Office:
    with office.store.write_rules() as unit:
        office.add_agency(unit, code=BODY, name="盘龙县人民政府办公室", level="county")
    return office


def ledgers(office: Office) -> Ledgers:
    return Ledgers(office, most_bytes=10_000_000)


def take_in(office: Office, data: bytes, name: str = "台账.csv", *, dry_run: bool = False) -> Any:
    return ledgers(office).at_once(BODY, name, data, dry_run=dry_run)


def count(office: Office) -> int:
    with office.store.read() as unit:
        return int(unit.session.scalar(select(func.count()).select_from(CaseRow)) or 0)


class Undone(Exception):
    """So that nothing of a transaction stays."""


def next_number(office: Office, year: int) -> str:
    """The number that the next application would get."""
    found = ""
    with suppress(Undone), office.store.write() as unit:
        found = unit.next_number(office.found_agency(unit, BODY), year, office.keys)
        raise Undone
    return found


def rows(office: Office) -> dict[str, CaseRow]:
    with office.store.read() as unit:
        found = {row.number: row for row in unit.session.scalars(select(CaseRow))}
        for row in found.values():
            assert row.applicants is not None and row.log is not None and row.agency is not None
        return found


# -- in -------------------------------------------------------------------------------------------------


def test_every_row_becomes_a_case_under_its_number(town: Office) -> None:
    result = take_in(town, csv(*GOOD))
    assert (result.rows, result.created, result.errors) == (3, 3, [])
    assert result.by_year == {2024: 3}
    assert result.by_outcome == {"予以公开": 1, "信息不存在": 1, "计时中": 1}
    found = rows(town)
    assert sorted(found) == ["2024-0001", "2024-0002", "2024-0004"]
    assert found["2024-0001"].outcome == "supplied" and found["2024-0004"].state == "registered"
    tables = Reports(town).tables(BODY, 2024).tables
    assert (tables.table3["new_received"]["total"], tables.table3["carried_out"]["total"]) == (3, 1)


def test_contact_is_sealed_and_what_is_masked_stays_empty(town: Office) -> None:
    take_in(town, csv(*GOOD))
    found = rows(town)
    assert first_private(town.keys, found["2024-0001"]) == {"phone": "13800001234"}
    assert first_private(town.keys, found["2024-0002"]) == {}
    assert found["2024-0002"].applicants[0].name == ""
    assert found["2024-0002"].applicants[0].identity is not None


def test_the_next_application_gets_the_next_number_and_none_is_missed(town: Office) -> None:
    take_in(town, csv(*GOOD))
    assert next_number(town, 2024) == "2024-0005"
    assert verify(town) == []
    with town.store.read() as unit:
        (row,) = unit.session.scalars(select(LedgerImportRow))
    assert (row.state, row.gaps, row.content, row.created) == ("done", [[2024, 3, 3]], None, 3)


def test_numbers_of_other_systems_do_not_push_the_own_ones(town: Office) -> None:
    take_in(town, csv(HEAD, "YSQ202403050012,2024-03-05,网上,张三,,甲,,,"))
    assert next_number(town, 2024) == "2024-0001"
    assert "2024-3050012" in rows(town)


def test_one_wrong_row_keeps_all_of_them_out(town: Office) -> None:
    wrong = "2024-0003,2024-03-07,当面,赵六,,甲,2024-03-01,予以公开,2024-03-02"
    result = take_in(town, csv(*GOOD, wrong))
    assert (result.rows, result.created, count(town)) == (4, 0, 0)
    (problem,) = result.errors
    assert problem.as_dict() == {
        "row": 5, "column": "G 答复日期", "message": "答复日期 2024-03-01 早于收到日期 2024-03-07"
    }  # fmt: skip


def test_a_dry_run_writes_nothing(town: Office) -> None:
    result = take_in(town, csv(*GOOD), dry_run=True)
    assert (result.created, count(town)) == (3, 0)


def test_the_same_file_twice_creates_nothing_twice(town: Office) -> None:
    take_in(town, csv(*GOOD))
    again = take_in(town, csv(*GOOD))
    assert (again.rows, again.created, again.errors, count(town)) == (3, 0, [], 3)
    assert [(one.row, one.message) for one in again.there] == [
        (2, "编号 2024-0001 已经登记过，这一行没有再导入"), (3, "编号 2024-0002 已经登记过，这一行没有再导入"),
        (4, "编号 2024-0004 已经登记过，这一行没有再导入"),
    ]  # fmt: skip
    longer = take_in(town, csv(*GOOD, "2024-0005,2024-05-06,当面,赵六,,甲,,,"))
    assert (longer.created, count(town)) == (1, 4)


def test_a_number_twice_in_a_file_is_an_error(town: Office) -> None:
    (problem,) = take_in(town, csv(*GOOD, GOOD[1])).errors
    assert (problem.row, problem.message) == (5, "编号 2024-0001 与第 2 行相同")


def test_rows_that_would_change_a_published_year_are_refused(town: Office) -> None:
    with town.store.write() as unit:
        body = town.found_agency(unit, BODY)
        unit.session.add(PublishedYearRow(agency_id=body.id, year=2025, published_at=town.now(), settings={}, calendar=""))  # fmt: skip
    result = take_in(town, csv(*GOOD))
    assert [(one.row, one.message) for one in result.errors] == [
        (4, "会改变已经公布的 2025 年年度报告，不能再导入")
    ]
    assert take_in(town, csv(*GOOD[:3])).created == 2


def test_a_number_given_meanwhile_keeps_all_out(town: Office) -> None:
    door, looked = ledgers(town), looked_at(csv(*GOOD), "a.csv")
    result = door.importing.check(BODY, "a.csv", looked, looked.mapping)
    take_in(town, csv(GOOD[0], GOOD[1]))
    with pytest.raises(BadInput) as refused:
        door.importing.take_in(BODY, result, lambda unit, row: None)
    assert "2024-0001 等 1 个编号已经登记。没有导入任何一行" in refused.value.errors[0].message
    assert count(town) == 1


def test_what_fails_while_it_is_written_leaves_nothing(town: Office) -> None:
    door, looked = ledgers(town), looked_at(csv(*GOOD), "a.csv")
    result = door.importing.check(BODY, "a.csv", looked, looked.mapping)

    def fail(unit: object, row: object) -> None:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        door.importing.take_in(BODY, result, fail)
    assert count(town) == 0
    with town.store.read() as unit:
        assert unit.session.scalars(select(NumberRow)).all() == []


def test_the_log_holds_and_the_audit_says_who(town: Office) -> None:
    take_in(town, csv(*GOOD))
    assert verify(town) == []
    with town.store.read() as unit:
        (line,) = unit.session.scalars(select(AuditRow))
    assert (line.action, line.actor, line.details) == (
        "ledger_taken_in",
        "system",
        {"rows": 3, "created": 3},
    )


def test_nobody_is_reminded_of_old_replies_that_may_have_arrived(town: Office) -> None:
    take_in(town, csv(HEAD.replace("送达日期", "送达日期,送达方式"), GOOD[1] + ",邮寄"))
    with town.store.read() as unit:
        (row,) = unit.session.scalars(select(CaseRow))
        assert [one.kind for one in row.watched] == []


def test_nobody_is_asked_for_the_proof_of_an_old_service(town: Office) -> None:
    with town.store.write_rules() as unit:
        unit.set_setting(
            town.found_agency(unit, BODY), "service_proof", "scan_later", date(2000, 1, 1), "试", recorded_at=town.now()
        )  # fmt: skip
    take_in(town, csv(*GOOD[:2]))
    with town.store.read() as unit:
        (row,) = unit.session.scalars(select(CaseRow))
        assert [one.kind for one in row.watched] == []


def test_progress_is_told_up_to_the_end(town: Office) -> None:
    told: list[tuple[int, int]] = []
    ledgers(town).at_once(
        BODY,
        "a.csv",
        csv(*GOOD),
        dry_run=True,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(0, 3), (3, 3)]


def test_files_that_are_no_ledger_say_so(town: Office) -> None:
    with pytest.raises(BadInput, match="没有找到表头"):
        take_in(town, csv("a,b", "1,2"))
    with pytest.raises(BadInput, match="没有一栏对应“申请编号”"):
        take_in(town, csv("收到日期,申请内容", "2024-03-05,甲"))
    with pytest.raises(Missing):
        ledgers(town).at_once("nowhere", "a.csv", csv(*GOOD), dry_run=True)
    with pytest.raises(BadInput, match="文件超过 9 MB"):
        take_in(town, b"x" * 10_000_001)


def test_a_mapping_names_columns_of_ours_once() -> None:
    assert [one.message for one in wrong_mapping({0: "number", 1: "number", 2: "x"})] == [
        "有 2 栏都对应“申请编号”，只能有一栏", "没有“x”这一栏", "没有一栏对应“收到日期”（或者“提交日期”），无法计算期限",
    ]  # fmt: skip
    assert wrong_mapping({0: "place", 1: "submitted_on"}) == []


def test_a_sheet_for_each_year_is_one_ledger_and_says_which(town: Office) -> None:
    import io

    import openpyxl

    from tests.workflow.docket.ledger.books import saved

    book = openpyxl.load_workbook(
        io.BytesIO(xlsx([["编号", "收到日期", "申请内容"], [1, "3月5日", "甲"]], "2023年"))
    )
    page = book.create_sheet("2024年")
    for row in (["编号", "收到日期", "申请内容"], [1, "3月5日", "乙"], [2, "13月5日", "丙"]):
        page.append(row)
    book.create_sheet("说明").append(["怎样填表"])
    looked = looked_at(saved(book), "台账.xlsx")
    assert looked.beside == ("“说明”",)
    result = take_in(town, saved(book), "台账.xlsx", dry_run=True)
    assert [(one.sheet, one.row) for one in result.errors] == [("2024年", 3)]
    assert result.by_year == {2023: 1, 2024: 1}


# -- out and in again -------------------------------------------------------------------------------------


def test_the_workbook_says_what_its_columns_are(town: Office) -> None:
    import io

    import openpyxl

    written = LedgerExport(town).write("panlong", 2024)
    ledger, told = openpyxl.load_workbook(io.BytesIO(written.content)).worksheets
    heads = [cell.value for cell in ledger[2]]
    rows = list(told.iter_rows(min_row=4, values_only=True))
    assert told.title == "各栏说明"
    assert [(place, head) for place, head, *_ in rows] == list(enumerate(heads, 1))
    assert all(kind and len(meaning) >= 3 for _, _, kind, meaning in rows)
    table = LedgerExport(town).write("panlong", 2024, "csv").content.decode("utf-8-sig")
    assert table.splitlines()[0].split(",") == heads
    assert looked_at(written.content, "台账.xlsx").beside == ("“各栏说明”",)


def told(row: CaseRow) -> tuple[Any, ...]:
    """What must be the same on the other side. An open case comes back as far as the ledger tells it."""
    law = load_law()
    state = (
        row.state
        if row.closed_on is None and law.stage(row.state) == "void"
        else row.closed_on and "done"
    )
    return (
        state, row.received_on, row.closed_on, row.outcome, row.result_row, row.columns, row.channel, row.item_rows,
        row.joint_letter or row.merged_into, row.redo_of, row.redo_mode, row.withdrawn_unaccepted, row.reply_due,
        [(p["kind"], p["filed_on"], p["concluded_on"], p["result"], p["via"], p["instance"]) for p in row.proceedings],
    )  # fmt: skip


def cases(office: Office) -> dict[str, Case]:
    with office.store.read() as unit:
        found = unit.session.scalars(select(CaseRow).where(CaseRow.kind == "application"))
        return {
            row.number: case_of(row, office.rules(unit, row.agency, row.opened_on)) for row in found
        }


def round_trip(source: Office, target: Office, years: range, ending: str = "xlsx") -> None:
    for year in years:
        written = LedgerExport(source).write(BODY, year, ending)
        result = take_in(target, written.content, written.name)
        assert result.errors == []
    before = {
        number: told(row) for number, row in rows(source).items() if row.kind == "application"
    }
    assert {number: told(row) for number, row in rows(target).items()} == before
    for year in years:
        one, other = (Reports(office).tables(BODY, year).tables for office in (source, target))
        assert (one.table3, one.table4) == (other.table3, other.table4)


@pytest.mark.parametrize(
    "ending", ["xlsx", pytest.param("csv", marks=pytest.mark.long(reason="the same as CSV"))]
)
def test_a_simulated_body_comes_back_the_same(
    office_on: Callable[[date], Office], ending: str
) -> None:
    source, target = (with_body(office_on(date(2026, 11, 30))) for _ in range(2))
    simulate(source, 50, 1, 1, 7)
    round_trip(source, target, range(2026, 2027), ending)


@pytest.mark.long(reason="whole bodies of many seeds, out and in again")
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(1, 10_000), ending=st.sampled_from(["xlsx", "csv"]))
def test_any_simulated_body_comes_back_the_same(
    office_on: Callable[[date], Office], seed: int, ending: str
) -> None:
    source, target = (with_body(office_on(date(2026, 11, 30))) for _ in range(2))
    simulate(source, 60, 1, 2, seed)
    round_trip(source, target, range(2025, 2027), ending)


@pytest.mark.long(reason="a thousand cases of several seeds, out and in again")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_simulated_cases_come_back_the_same(
    office_on: Callable[[date], Office], seed: int
) -> None:
    source, target = (with_body(office_on(date(2026, 11, 30))) for _ in range(2))
    simulate(source, 1000, 1, 3, seed)
    round_trip(source, target, range(2024, 2027))
    assert verify(target) == []


def test_every_outcome_comes_back_with_its_day_row_and_column(
    office_on: Callable[[date], Office],
) -> None:
    source, target = (with_body(office_on(date(2026, 11, 30))) for _ in range(2))
    lines = [
        f"2024-{place:04d},2024-03-05,当面,张三,,甲,2024-03-20,{one.label},2024-03-21"
        for place, one in enumerate((o for o in load_law().outcomes.values() if not o.set_by), 1)
    ]
    assert take_in(source, csv(HEAD, *lines)).created == len(lines)
    round_trip(source, target, range(2024, 2025))
    assert {row.outcome for row in rows(target).values()} == {
        one.code for one in load_law().outcomes.values() if not one.set_by
    }


def test_used_days_and_lateness_stand_in_the_sheet_as_they_follow(town: Office) -> None:
    take_in(town, csv(*GOOD))
    header, *lines = sheet_of(LedgerExport(town).write(BODY, 2024, "csv").content)
    found = {line[header.index("申请编号")]: dict(zip(header, line, strict=True)) for line in lines}
    assert (found["2024-0001"]["用时（工作日）"], found["2024-0001"]["是否超期"]) == ("12", "否")
    assert (found["2024-0002"]["用时（工作日）"], found["2024-0002"]["是否超期"]) == ("24", "是")
    assert found["2024-0001"]["联系方式"] == "138****1234"
    assert found["2024-0004"]["答复类型"] == "办理中"


def sheet_of(content: bytes) -> list[list[str]]:
    import csv as reader
    import io

    return list(reader.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_year_has_what_stands_in_its_tables(town: Office) -> None:
    take_in(town, csv(*GOOD))
    numbers = {
        year: [
            line[1] for line in sheet_of(LedgerExport(town).write(BODY, year, "csv").content)[1:]
        ]
        for year in (2023, 2024, 2025)
    }
    assert numbers == {2023: [], 2024: ["2024-0001", "2024-0002", "2024-0004"], 2025: ["2024-0004"]}


def test_what_was_taken_over_is_written_out_in_its_own_words(town: Office) -> None:
    head = HEAD + ",承办人,签发人,答复文号,备注,天气,法律依据"
    take_in(town, csv(head, GOOD[1] + ",李芳,陈乡长,盘〔2024〕1号,已电话告知,晴,条例36(2)"))
    header, line = sheet_of(LedgerExport(town).write(BODY, 2024, "csv").content)
    row = dict(zip(header, line, strict=True))
    assert [row[name] for name in ("承办人", "签发人", "答复文号", "法律依据", "备注")] == [
        "李芳", "陈乡长", "盘〔2024〕1号", "条例36(2)", "已电话告知；天气：晴"
    ]  # fmt: skip


@pytest.mark.long(reason="five thousand rows, in CPU time")
def test_five_thousand_rows_in_under_thirty_seconds(town: Office) -> None:
    import time

    lines = [
        f"2024-{n:04d},2024-03-{1 + n % 28:02d},网上,张三,,第 {n} 份材料,2024-04-{1 + n % 28:02d},信息不存在,2024-04-{1 + n % 28:02d}"
        for n in range(1, 5001)
    ]
    begun = time.process_time()
    assert take_in(town, csv(HEAD, *lines)).created == 5000
    assert time.process_time() - begun < 30


def test_statements_of_the_export_grow_by_batches_alone(town: Office) -> None:
    from tests.counting import work

    def statements() -> int:
        with work() as done:
            LedgerExport(town).write(BODY, 2024, "csv")
        return done.statements

    take_in(town, csv(*GOOD))
    few = statements()
    lines = [f"2024-{n:04d},2024-03-05,当面,张三,,甲,,," for n in range(10, 210)]
    take_in(town, csv(HEAD, *lines))
    assert statements() == few
