"""Cases that another platform hands over: whole or not at all, once, with the days that the law gives them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import MetaData, inspect, select

from tests.workflow.service.docket.histories import (
    ANSWERED,
    APPLICATION,
    OPEN,
    PLATFORM,
    handed_over,
    history,
    read,
)
from workflow.case.alarms import alarms
from workflow.docket.whole import WrongHistory
from workflow.people import Staff
from workflow.refusal import BadInput, Denied, Refused
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.cases.search import Search
from workflow.service.cases.verify import verify
from workflow.service.docket.handed_over import HandedOver
from workflow.service.docket.ledgers import Ledgers
from workflow.service.office import Missing
from workflow.service.report.tables import Reports
from workflow.store.ledger_models import LedgerImportRow, TakenOverRow
from workflow.store.message_models import MessageRow
from workflow.store.models import CaseRow, PublishedYearRow, WatchedDayRow
from workflow.store.restored import first_private
from workflow.store.staff_models import AuditRow

TODAY = date(2024, 5, 6)


@pytest.fixture
def town(office_on: Callable[[date], Office]) -> Office:
    office = office_on(TODAY)
    with office.store.write_rules() as unit:
        row = office.add_agency(unit, code="panlong", name="盘龙彝族乡人民政府", level="township")
        accounts = Accounts(office)
        for name, role in (("lifang", "clerk"), ("zhaoming", "handler"), ("chen", "leader")):
            accounts.add_user(unit, name=name, agency=row, roles=(role,), display_name=f"{name}甲")
    return office


@pytest.fixture
def clerk(town: Office) -> Staff:
    return person(town, "lifang")


def person(office: Office, name: str) -> Staff:
    staff = office.staff(name)
    assert staff is not None
    return staff


def case_row(office: Office, number: str) -> CaseRow:
    with office.store.read() as unit:
        row = unit.session.scalars(select(CaseRow).where(CaseRow.number == number)).one()
        assert row.applicants and row.log and row.agency is not None
        return row


def everything(office: Office) -> dict[str, list[Any]]:
    """Every row of every table."""
    found, meta = {}, MetaData()
    with office.store.read() as unit:
        connection = unit.session.connection()
        names = [one for one in inspect(connection).get_table_names() if "index" not in one]
        meta.reflect(connection, only=names)
        for name, table in meta.tables.items():
            found[name] = sorted(map(repr, connection.execute(select(table)).all()))
    return found


# -- taken whole -----------------------------------------------------------------------------------------


def test_the_case_stands_where_its_history_leaves_it(town: Office, clerk: Staff) -> None:
    found = handed_over(town, history(), clerk)
    assert (found.number, found.case.state, found.case.facts.outcome) == (
        "2024-0001", "served", "partial",
    )  # fmt: skip
    assert found.deadlines.reply_due == date(2024, 4, 1)
    assert found.filled == (
        "record_search", "send_to_secrecy_review", "pass_secrecy_review", "pass_legal_check", "approve",
    )  # fmt: skip
    row = case_row(town, "2024-0001")
    assert row.closed_on == date(2024, 3, 20) and row.submitted_at.isoformat() == (
        "2024-03-04T10:11:00+08:00"
    )
    private = first_private(town.keys, row)
    assert private["phone"] == "13800000000" and row.applicants[0].identity is not None
    assert verify(town) == []


def test_the_log_tells_from_where_by_whom_and_when(town: Office, clerk: Staff) -> None:
    handed_over(town, history(), clerk)
    row = case_row(town, "2024-0001")
    first, *rest = row.log
    assert first.fields["note"] == f"从原有平台转入：{PLATFORM}，原编号 YN-000123"
    assert {line.recorded_at for line in row.log} == {town.now()}
    draft = next(line for line in rest if line.event == "propose_outcome")
    assert draft.actor == "原平台·李芳"
    assert [line.actor for line in rest if line.event == "serve"] == ["原平台·经办人"]
    with town.store.read() as unit:
        kept = unit.session.scalars(select(TakenOverRow)).one()
        (line,) = unit.session.scalars(select(AuditRow).where(AuditRow.action == "case_taken_over"))
    assert (kept.platform, kept.number, kept.actor, kept.at) == (
        PLATFORM, "YN-000123", "lifang", town.now(),
    )  # fmt: skip
    told = town.keys.open(kept.told, f"taken over {kept.case_id}")
    assert told["recorded"] == [[1, "2024-03-04T10:11:00+08:00", "王五"]]
    assert (line.actor, line.about) == ("lifang", "2024-0001")


def test_nobody_here_is_said_to_have_done_what_happened_there(town: Office, clerk: Staff) -> None:
    events = [*ANSWERED[:2], {**ANSWERED[2], "by": "zhaoming"}, ANSWERED[3]]
    handed_over(town, history(events=events), clerk)
    log = case_row(town, "2024-0001").log
    assert {line.actor for line in log} & {"zhaoming", "lifang"} == set()
    assert "原平台·zhaoming" in {line.actor for line in log}


def test_who_drafted_may_not_have_signed(town: Office, clerk: Staff) -> None:
    approved = {"event": "approve", "on": "2024-03-14", "by": "李芳"}
    with pytest.raises(WrongHistory) as told:
        handed_over(town, history(events=[*ANSWERED[:3], approved, ANSWERED[3]]), clerk)
    assert [(one.index, one.refusal.rule) for one in told.value.steps] == [(3, "same_person")]


def test_events_are_played_in_the_order_of_their_days(town: Office, clerk: Staff) -> None:
    found = handed_over(town, history(events=[*ANSWERED[2:], *ANSWERED[:2]]), clerk)
    assert found.case.state == "served"
    assert case_row(town, "2024-0001").log[0].event == "receive"


def test_its_number_is_kept_where_it_has_the_form_of_ours(town: Office, clerk: Staff) -> None:
    assert handed_over(town, history("2024-7"), clerk).number == "2024-0007"
    assert handed_over(town, history("A-1"), clerk).number == "2024-0008"
    again = history("2024-3", keep_number=False)
    assert handed_over(town, again, clerk).number == "2024-0009"
    assert handed_over(town, history("依申请〔2024〕5号"), clerk).number == "2024-0005"
    assert verify(town) == []
    with town.store.read() as unit:
        entry = unit.session.scalars(select(LedgerImportRow)).one()
    assert entry.created == 4 and entry.gaps == [[2024, 1, 4], [2024, 6, 6]]


@pytest.mark.parametrize("number", ["1999-5", "2051-3", "2025-1", "20240107", "依申请20240107号"])
def test_what_is_no_number_of_a_year_so_far_is_not_kept(
    town: Office, clerk: Staff, number: str
) -> None:
    assert handed_over(town, history(number), clerk).number == "2024-0001"


def test_a_number_that_another_case_has_is_refused(town: Office, clerk: Staff) -> None:
    handed_over(town, history("A-1"), clerk)
    with pytest.raises(Refused) as told:
        handed_over(town, history("2024-0001"), clerk)
    assert "不沿用原编号" in told.value.refusal.allowed_when
    assert handed_over(town, history("2024-0001", keep_number=False), clerk).number == "2024-0002"


def test_a_reply_that_is_made_anew_goes_on_in_a_linked_case(town: Office, clerk: Staff) -> None:
    events = [
        *ANSWERED,
        {"event": "file_review", "on": "2024-03-25"},
        {"event": "conclude_review", "on": "2024-04-08", "result": "quashed"},
        {"event": "order_redo", "on": "2024-04-08", "due": "2024-05-31"},
        {"event": "propose_outcome", "on": "2024-04-15", "outcome": "supplied"},
    ]
    found = handed_over(town, history(events=events), clerk)
    assert found.linked == ("2024-0002",)
    redo = case_row(town, "2024-0002")
    assert (redo.redo_of, redo.state, redo.reply_due) == ("2024-0001", "drafted", date(2024, 5, 31))
    again = handed_over(town, history(events=events), clerk)
    assert (again.repeated, again.linked) == (True, found.linked)
    assert verify(town) == []


def test_other_cases_are_named_by_the_numbers_of_the_platform(town: Office, clerk: Staff) -> None:
    handed_over(town, history("A-1"), clerk)
    repeat = {
        "event": "propose_outcome", "on": "2024-04-08", "outcome": "repeat", "earlier_reply": "A-1",
    }  # fmt: skip
    events = [{"event": "receive", "on": "2024-04-01", "channel": "in_person"}, repeat]
    handed_over(town, history("A-2", events), clerk)
    log = case_row(town, "2024-0002").log
    assert log[-1].fields["earlier_reply"] == "2024-0001"


@pytest.mark.parametrize("number", ["A-7", "2024-0099", "YN000777"])
def test_a_number_that_was_not_handed_over_is_said_to_be_unknown(
    town: Office, clerk: Staff, number: str
) -> None:
    repeat = {
        "event": "propose_outcome", "on": "2024-04-08", "outcome": "repeat", "earlier_reply": number,
    }  # fmt: skip
    events = [{"event": "receive", "on": "2024-04-01", "channel": "in_person"}, repeat]
    with pytest.raises(WrongHistory) as told:
        handed_over(town, history("A-2", events), clerk)
    assert f"没有编号为“{number}”的申请" in told.value.steps[0].refusal.message


def test_a_case_was_given_to_somebody_who_is_here(town: Office, clerk: Staff) -> None:
    """Else it would wait for nobody on the next morning."""
    for number, to in (("A", "zhaoming"), ("B", "zhaoming甲"), ("C", "某人")):
        handed_over(town, history(number, [OPEN[0], {**OPEN[1], "to": to}]), clerk)
    rows = [case_row(town, f"2024-000{n}") for n in (1, 2, 3)]
    assert [row.assigned_to for row in rows] == ["zhaoming", "zhaoming", None]
    assert [row.waits_for for row in rows] == ["zhaoming", "zhaoming", ":handler"]
    assert rows[2].log[1].fields["note"] == "原平台交给：某人"


def test_nobody_is_told_of_what_is_past(town: Office, clerk: Staff) -> None:
    handed_over(town, history("A"), clerk)
    handed_over(town, history("B", OPEN), clerk)
    with town.store.read() as unit:
        assert unit.session.scalars(select(MessageRow)).all() == []
        kinds = dict.fromkeys(("2024-0001", "2024-0002"), ())
        for number in kinds:
            of = select(WatchedDayRow.kind).join(CaseRow).where(CaseRow.number == number)
            kinds[number] = tuple(sorted(unit.session.scalars(of)))
        rows = {row.number: row for row in unit.session.scalars(select(CaseRow))}
        assert {row.news for row in rows.values()} == {None}
    assert kinds["2024-0001"] == ()
    assert "reply" in kinds["2024-0002"]


def test_the_case_is_found_by_its_number_there(town: Office, clerk: Staff) -> None:
    handed_over(town, history("A"), clerk)
    handed_over(town, history(), clerk)
    (found,) = Search(town).find(clerk, "YN-000123").cases
    assert found.number == "2024-0002"


def test_no_alarm_is_raised_for_how_it_was_recorded(town: Office, clerk: Staff) -> None:
    """The papers lie on the other platform, and when it was registered there is not the moment of taking over."""
    for number, events in (("A", ANSWERED), ("B", OPEN)):
        case = handed_over(town, history(number, events), clerk).case
        names = {alarm.name for alarm in alarms(case, TODAY)}
        assert not names & {"registered_late", "served_without_proof", "paper_without_arrival"}


def test_it_counts_as_any_other_case(town: Office, clerk: Staff) -> None:
    handed_over(town, history("A"), clerk)
    handed_over(town, history("B", OPEN), clerk)
    tables = Reports(town).tables("panlong", 2024).tables
    column = {row: cells["natural_person"] for row, cells in tables.table3.items()}
    assert column["new_received"] == 2
    assert (column["partially_disclosed"], column["carried_out"]) == (1, 1)


def test_the_ledger_page_lists_the_platform(town: Office, clerk: Staff) -> None:
    handed_over(town, history("A"), clerk)
    handed_over(town, history("B"), clerk)
    (entry,) = Ledgers(town, most_bytes=1).recent(clerk, "panlong")
    assert (entry.file, entry.state, entry.created) == (f"{PLATFORM}（接口转入）", "done", 2)


# -- once ------------------------------------------------------------------------------------------------


def test_the_same_case_again_writes_nothing(town: Office, clerk: Staff) -> None:
    handed_over(town, history(), clerk)
    before = everything(town)
    again = handed_over(town, history(), clerk)
    assert (again.number, again.repeated, again.case.state) == ("2024-0001", True, "served")
    assert everything(town) == before


def test_the_same_case_with_another_history_is_refused(town: Office, clerk: Staff) -> None:
    handed_over(town, history(), clerk)
    before = everything(town)
    with pytest.raises(Refused) as told:
        handed_over(town, history(events=OPEN), clerk)
    assert told.value.refusal.rule == "already_done" and "2024-0001" in told.value.refusal.message
    assert everything(town) == before


def test_a_look_writes_nothing(town: Office, clerk: Staff) -> None:
    before = everything(town)
    found = HandedOver(town).look(clerk, "panlong", read(town, history()))
    assert (found.number, found.case.state, found.case.row) == (
        None, "served", "partially_disclosed",
    )  # fmt: skip
    kept = HandedOver(town).look(clerk, "panlong", read(town, history("2024-0007")))
    assert kept.number == "2024-0007"
    assert everything(town) == before


# -- refused whole ---------------------------------------------------------------------------------------


def refused(office: Office, staff: Staff, sent: dict[str, Any]) -> list[tuple[int, str, str, str]]:
    before = everything(office)
    with pytest.raises(WrongHistory) as told:
        handed_over(office, sent, staff)
    assert everything(office) == before
    return [(one.index, one.event, one.on, one.refusal.rule) for one in told.value.steps]


def test_a_refused_step_refuses_the_whole(town: Office, clerk: Staff) -> None:
    late = {"event": "extend", "on": "2024-04-20", "days": 15}
    assert refused(town, clerk, history(events=[*OPEN, late])) == [
        (2, "extend", "2024-04-20", "too_late")
    ]


def test_every_step_is_told_that_is_wrong_by_itself(town: Office, clerk: Staff) -> None:
    """The reply could not go out because its draft was refused: that is told once."""
    events = [
        OPEN[0],
        {"event": "no_such_event", "on": "2024-03-05"},
        {"event": "extend", "on": "2024-03-08", "days": 40},
        {"event": "extend", "on": "2024-04-20", "days": 15},
        {"event": "propose_outcome", "on": "2024-03-13", "outcome": "nothing"},
        ANSWERED[3],
        {"event": "archive", "on": "2024-06-01"},
    ]
    assert refused(town, clerk, history(events=events)) == [
        (1, "no_such_event", "2024-03-05", "unknown_event"),
        (2, "extend", "2024-03-08", "bad_field"),
        (3, "extend", "2024-04-20", "too_late"),
        (4, "propose_outcome", "2024-03-13", "bad_field"),
        (6, "archive", "2024-06-01", "too_early"),
    ]


def test_no_day_of_a_step_is_still_to_come(town: Office, clerk: Staff) -> None:
    mailed = {"event": "receive", "on": "2024-05-03", "channel": "ordinary_mail"}
    arrives = {**mailed, "confirmed_on": "2024-05-07"}
    assert refused(town, clerk, history(events=[arrives])) == [
        (0, "receive", "2024-05-03", "too_early")
    ]


def test_why_a_step_could_not_be_filled_in_is_said(town: Office, clerk: Staff) -> None:
    asked = {"event": "ask_ruling", "on": "2024-03-14"}
    with pytest.raises(WrongHistory) as told:
        handed_over(town, history(events=[*ANSWERED[:3], asked, ANSWERED[3]]), clerk)
    (step,) = told.value.steps
    assert (step.index, step.event) == (4, "serve")
    assert step.refusal.message == "要先补上“保密审查通过”：正在等保密部门的确定意见"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"source": {"platform": "某平台"}}, "source.number"),
        ({"source": {"platform": "某平台", "number": ""}}, "source.number"),
        ({"events": []}, "events"),
        ({"events": "none"}, "events"),
        ({"events": [1]}, "events.0"),
        ({"application": {**APPLICATION, "items": [], "request": None}}, "application.request"),
        ({"application": {**APPLICATION, "agency": "jiangna"}}, "application.agency"),
        ({"application": {**APPLICATION, "channel": "in_person"}}, "application.channel"),
        ({"application": {**APPLICATION, "request": "机密★10年"}}, "application.request"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(
    town: Office, clerk: Staff, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as told:
        handed_over(town, history(**changed), clerk)
    assert told.value.errors[0].field == field


def test_a_text_that_is_too_long_is_told_in_characters(town: Office, clerk: Staff) -> None:
    with pytest.raises(BadInput) as told:
        handed_over(town, history(source={"platform": "长" * 101, "number": "A-1"}), clerk)
    ((field, message),) = [(one.field, one.message) for one in told.value.errors]
    assert (field, message) == ("source.platform", "最多 100 个字")


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"on": "2024-02-30"}, "events.0.on"),
        ({"recorded_at": "2024-03-04"}, "events.0.recorded_at"),
        ({"recorded_at": "2024-05-07T10:00:00+08:00"}, "events.0.recorded_at"),
        ({"by": "长" * 61}, "events.0.by"),
        ({"colour": "red"}, "events.0.colour"),
        ({"event": "correct_entry", "seq": 1}, "events.0.event"),
        ({"event": ["receive"]}, "events.0.event"),
    ],
)
def test_what_cannot_be_read_of_an_event_is_told_at_its_field(
    town: Office, clerk: Staff, event: dict[str, Any], field: str
) -> None:
    with pytest.raises(WrongHistory) as told:
        handed_over(town, history(events=[{**ANSWERED[0], **event}]), clerk)
    assert field in [one.field for one in told.value.steps]


def test_a_day_before_the_oldest_rules_is_refused(town: Office, clerk: Staff) -> None:
    old = {"event": "receive", "on": "2007-03-04", "channel": "in_person"}
    assert refused(town, clerk, history(events=[old])) == [
        (0, "receive", "2007-03-04", "too_early")
    ]


def test_a_published_year_stays_as_it_was_published(town: Office, clerk: Staff) -> None:
    with town.store.write_rules() as unit:
        row = town.found_agency(unit, "panlong")
        unit.session.add(
            PublishedYearRow(
                agency_id=row.id, year=2023, published_at=town.now(), settings={}, calendar=""
            )
        )
    events = [{**OPEN[0], "on": "2023-12-04", "recorded_at": None}]
    before = everything(town)
    with pytest.raises(Refused) as told:
        handed_over(town, history(events=events), clerk)
    assert told.value.refusal.rule == "frozen_year" and "2023" in told.value.refusal.message
    assert everything(town) == before
    assert handed_over(town, history("B"), clerk).number == "2024-0001"


def test_a_body_that_was_not_there_takes_nothing_over(town: Office, clerk: Staff) -> None:
    with town.store.write_rules() as unit:
        row = town.found_agency(unit, "panlong")
        row.since, row.until = date(2023, 1, 1), date(2024, 3, 1)
    for day in ("2022-12-30", "2024-03-04"):
        with pytest.raises(BadInput) as told:
            handed_over(town, history(events=[{**OPEN[0], "on": day, "recorded_at": None}]), clerk)
        assert [error.field for error in told.value.errors] == ["events"]
    earlier = [{**OPEN[0], "on": "2024-02-05", "recorded_at": None}]
    assert handed_over(town, history(events=earlier), clerk).case.state == "registered"


def test_who_may_not_take_over_does_not(town: Office) -> None:
    with pytest.raises(Denied):
        handed_over(town, history(), person(town, "zhaoming"))
    with pytest.raises(Missing):
        handed_over(town, history(), person(town, "lifang"), code="nowhere")
