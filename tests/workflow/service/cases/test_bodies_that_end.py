"""Bodies that are renamed, merged, dissolved, and applicants who are gone (law.md §7A)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.workflow.service.township import HOME, Town
from workflow.people import STAFF_ROLES
from workflow.refusal import BadInput, Refused
from workflow.service import Missing, Office
from workflow.service.accounts import Accounts
from workflow.service.cases.verify import verify
from workflow.service.cases.worklist import Worklist
from workflow.service.report.tables import Reports
from workflow.service.rules.bodies import Bodies

ON = Callable[[date], Office]
HEIR = "xincheng"
MOVED = {"to": HEIR, "reason": "撤乡并镇"}


@pytest.fixture
def town(office_on: ON) -> Town:
    """The township of Panlong and the town that goes on with its duties from 2025 on, each with its own
    staff."""
    town = Town(office_on(date(2025, 3, 10)))
    with town.office.store.write() as unit:
        heir = town.office.add_agency(unit, code=HEIR, name="新城镇人民政府", level="township")
        Accounts(town.office).add_user(unit, name="zhaomin", agency=heir, roles=STAFF_ROLES)
        for key in ("lifang", "wangqiang"):
            assert unit.user(key)
    return town


def ended(town: Town, on: date | None = date(2024, 12, 31), **more: Any) -> int:
    waiting = Bodies(town.office).end(HOME, HEIR, on, **more)
    town.drafter, town.reviewer = town.person("lifang"), town.person("wangqiang")
    return waiting


def heir_does(town: Town, number: str, name: str, on: str, /, **fields: Any) -> Any:
    person = town.person("zhaomin").within(HOME)
    return town.moving.apply_and_read(person, number, name, {"on": on, **fields})


def table3(town: Town, code: str, year: int) -> dict[str, int]:
    table = Reports(town.office).tables(code, year).tables.table3
    return {row: cells["total"] for row, cells in table.items() if cells["total"]}


# -- transfer -----------------------------------------------------------------------------------------------


def test_open_case_goes_on_at_the_successor_with_number_receipt_and_clock(town: Town) -> None:
    number = town.register("2024-12-20")
    before = town.case(number).deadlines.reply_due
    ended(town)
    file = town.do(number, "transfer", "2025-01-02", **MOVED)
    assert (file.number, file.deadlines.reply_due, file.agency) == (number, before, HOME)
    assert file.deadlines.receipt_date == date(2024, 12, 20)
    assert file.agency_name == "新城镇人民政府"
    assert [line.event for line in file.log] == ["receive", "transfer"]
    assert heir_does(town, number, "assign", "2025-01-03").state == "processing"
    assert verify(town.office) == []


def test_who_gave_a_case_away_handles_it_no_more(town: Town) -> None:
    number = town.register("2024-12-20")
    ended(town)
    town.do(number, "transfer", "2025-01-02", **MOVED)
    with pytest.raises(Refused) as caught:
        town.do(number, "assign", "2025-01-03")
    assert caught.value.refusal.rule == "not_your_role"


def test_staff_of_the_successor_find_what_they_took_over_in_their_worklist(town: Town) -> None:
    number = town.register("2024-12-20")
    with pytest.raises(Missing):
        town.reading.case(town.person("zhaomin"), number)
    ended(town)
    items, _ = Worklist(town.office).cases(town.person("zhaomin"), states=("registered",))
    assert [(one.agency, one.number) for one in items] == [(HOME, number)]


def test_matter_of_another_body_is_answered_and_not_transferred(town: Town) -> None:
    """条例36(5): not ours is an answer; a transfer needs a successor that is on record."""
    number = town.register("2024-12-20")
    refusal = town.refused(number, "transfer", "2024-12-23", to=HEIR, reason="属于新城镇的事项")
    assert (refusal.rule, refusal.field) == ("missing_evidence", "to")
    assert "36(5)" in refusal.article and "36(5)" in refusal.message
    unknown = town.refused(number, "transfer", "2024-12-23", to="nowhere", reason="撤并")
    assert (unknown.rule, unknown.field) == ("bad_field", "to")


def test_case_is_not_transferred_before_its_body_has_ended(town: Town) -> None:
    number = town.register("2024-12-20")
    ended(town)
    assert town.refused(number, "transfer", "2024-12-23", **MOVED).rule == "too_early"


def test_answered_case_stays_where_it_was_answered(town: Town) -> None:
    number = town.register("2024-12-02")
    town.answer(number, "2024-12-20")
    ended(town)
    assert town.refused(number, "transfer", "2025-01-02", **MOVED).rule == "not_in_this_state"


def test_new_requests_for_an_ended_body_go_to_its_successor(town: Town) -> None:
    ended(town)
    number = town.intake.register(_form("2025-02-03"), town.person("zhaomin")).number
    assert town.reading.case(town.person("zhaomin").within(HEIR), number).agency == HEIR
    late = town.register("2024-12-30")  # on paper, in hand before the end
    assert town.case(late).agency == HOME
    assert [body.takes_requests for body in town.office.agencies()] == [False, True]


def _form(on: str) -> Any:
    from workflow.case.application import OfflineForm, read_form

    person = {"kind": "citizen", "name": "王五", "id_type": "passport", "id_number": "E7",
              "phone": "13800138000"}  # fmt: skip
    return read_form(
        {"agency": HOME, "applicant": person, "items": ["公路合同"], "channel": "in_person",
         "delivery": ["pickup"], "medium": ["paper"], "on": on}, OfflineForm, today=date(2025, 3, 10),
    )  # fmt: skip


def test_duties_that_moved_take_only_what_was_transferred(town: Town) -> None:
    number, other = (
        town.register("2024-12-20"),
        town.register("2024-12-23", name="李四", proof="E2"),
    )
    ended(town, None, duties_only=True)
    with pytest.raises(Missing):
        town.reading.case(town.person("zhaomin").within(HOME), number)
    town.do(number, "transfer", "2025-01-02", **MOVED)
    assert heir_does(town, number, "assign", "2025-01-03").state == "processing"
    states = ("registered", "processing")
    items, _ = Worklist(town.office).cases(town.person("zhaomin"), states=states)
    assert [one.number for one in items] == [number]
    assert town.do(other, "assign", "2025-01-03").state == "processing"


@pytest.mark.parametrize(
    ("code", "successor", "field"),
    [(HOME, HOME, "successor"), (HEIR, HOME, "successor")],
)
def test_no_body_succeeds_itself(code: str, successor: str, field: str, town: Town) -> None:
    if code != successor:
        ended(town)
    with pytest.raises(BadInput) as caught:
        Bodies(town.office).end(code, successor, date(2025, 1, 31))
    assert caught.value.errors[0].field == field


# -- reports ------------------------------------------------------------------------------------------------


def over_new_year(town: Town) -> str:
    """One case of 2024 answered, one open; one of the heir's own, open over New Year."""
    town.answer(town.register("2024-11-04"), "2024-11-11")
    number = town.register("2024-12-16", name="李四", proof="E2")
    town.intake.register(_form_of_heir("2024-12-17"), town.person("zhaomin"))
    return number


def _form_of_heir(on: str) -> Any:
    form = _form(on)
    return form.model_copy(update={"agency": HEIR})


def test_one_report_of_the_successor_adds_both(town: Town) -> None:
    """Default: from the year of the end on; what was transferred is neither 结转 nor new again."""
    number = over_new_year(town)
    ended(town, date(2025, 2, 28))
    town.do(number, "transfer", "2025-03-03", **MOVED)
    assert table3(town, HOME, 2024) == {
        "new_received": 2, "unable_not_held": 1, "total": 1, "carried_out": 1,
    }  # fmt: skip
    assert table3(town, HEIR, 2024) == {"new_received": 1, "carried_out": 1}
    assert table3(town, HEIR, 2025) == {"carried_in": 2, "carried_out": 2}
    assert table3(town, HOME, 2025) == {}
    found = Reports(town.office).tables(HEIR, 2025)
    assert [one.rule for one in found.findings] == []  # V05: the sum of both carried_out


def test_ended_body_reports_once_more_where_the_setting_says_so(town: Town) -> None:
    """own_last_report: it carries out what it gave away, the successor carries it in the same year."""
    with town.office.store.write() as unit:
        heir = town.office.found_agency(unit, HEIR)
        unit.set_setting(heir, "ended_body_report", "own_last_report", date(2000, 1, 1), "测试")
    number = over_new_year(town)
    ended(town, date(2025, 2, 28))
    town.do(number, "transfer", "2025-03-03", **MOVED)
    assert table3(town, HOME, 2025) == {"carried_in": 1, "carried_out": 1}
    assert table3(town, HEIR, 2025) == {"carried_in": 2, "carried_out": 2}
    assert Reports(town.office).tables(HEIR, 2025).findings == []
    heir_does(town, number, "withdraw", "2025-03-04")
    assert table3(town, HEIR, 2025) == {
        "carried_in": 2, "other_misc": 1, "total": 1, "carried_out": 1,
    }  # fmt: skip
    assert table3(town, HOME, 2025) == {"carried_in": 1, "carried_out": 1}


# -- names --------------------------------------------------------------------------------------------------


def test_old_papers_keep_the_old_name(town: Town) -> None:
    bodies = Bodies(town.office)
    bodies.rename(HOME, "盘龙镇人民政府", date(2024, 6, 30))
    with town.office.store.read() as unit:
        body = town.office.found_agency(unit, HOME)
        assert body.name == "盘龙镇人民政府"
        assert body.name_on(date(2024, 6, 30)) == "盘龙彝族乡人民政府"
        assert body.name_on(date(2024, 7, 1)) == "盘龙镇人民政府"
    for name, on in (
        ("盘龙镇人民政府", date(2025, 1, 1)),
        ("", date(2025, 1, 1)),
        ("新", date(2024, 1, 1)),
    ):
        with pytest.raises(BadInput):
            bodies.rename(HOME, name, on)


# -- applicants ---------------------------------------------------------------------------------------------


def test_heir_goes_on_with_the_application_in_the_column_of_the_first_applicant(town: Town) -> None:
    """law.md §6.7, 民法典1122."""
    number = town.register("2025-02-10", name="张三")
    due = town.case(number).deadlines.reply_due
    file = town.do(
        number, "substitute_applicant", "2025-02-17", name="张小三", reason="申请人去世，继承人"
    )
    assert [person.name for person in file.applicants] == ["张小三"]
    assert (file.column, file.deadlines.reply_due) == ("natural_person", due)
    assert verify(town.office) == []


def test_predecessor_and_successor_are_one_applicant(town: Town) -> None:
    """law.md §6.5C: the request of the heir is beside those of the deceased."""
    first = town.register("2025-02-10", name="张三", proof="E1")
    second = town.register("2025-02-11", name="张三", proof="E1")
    town.do(second, "substitute_applicant", "2025-02-17", name="张小三", reason="继承人")
    third = town.register("2025-02-18", name="张小三", proof="E9")
    assert {one.number for one in town.case(third).others} == {first, second}
    stranger = town.register("2025-02-18", name="李四", proof="E5")
    assert town.case(stranger).others == []
    town.do(third, "merge_duplicate", "2025-02-19", into=first)


def test_substitute_is_another_person_than_the_applicant(town: Town) -> None:
    number = town.register("2025-02-10", name="张三")
    refusal = town.refused(number, "substitute_applicant", "2025-02-11", name="张三", reason="误")
    assert (refusal.rule, refusal.field) == ("bad_field", "name")


def test_time_without_an_applicant_counts_unless_the_setting_says_no(office_on: ON) -> None:
    due = []
    for settings in ({}, {"substitution_stops_clock": True}):
        town = Town(office_on(date(2025, 3, 10)), **settings)
        number = town.register("2025-02-10")
        file = town.do(
            number, "substitute_applicant", "2025-02-24",
            name="张小三", reason="继承人", since="2025-02-17",
        )  # fmt: skip
        due.append(file.deadlines.reply_due)
    assert due == [date(2025, 3, 10), date(2025, 3, 17)]
