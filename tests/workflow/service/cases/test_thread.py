"""Messages between an applicant and the office: who writes what, what is kept of it, and which item may be given up."""

from datetime import timedelta

import pytest

from tests.workflow.service.messages.street import EMAIL, street  # noqa: F401
from workflow.case.application import ApplicationForm
from workflow.refusal import BadInput, Denied, Refused
from workflow.service import Missing
from workflow.service.cases.finding import by_code, folded
from workflow.service.cases.thread import ABOUT, ITEM, PAGE, Thread, items_left
from workflow.store.thread_models import CaseMessageRow

LONG = pytest.mark.long(reason="a page holds the same in the short run")


@pytest.fixture
def town(street):  # noqa: F811
    return street("2024-05-06", "mail", "sms")


@pytest.fixture
def thread(town):
    return Thread(town.office)


@pytest.fixture
def filed(town):
    """Number and code of an application of three items."""
    made = town.intake.file(
        ApplicationForm.model_validate(
            {
                "agency": "panlong",
                "applicant": {
                    "kind": "citizen", "name": "张三丰", "id_type": "resident_id",
                    "id_number": "11010519491231002X", "phone": "13800000000", "email": EMAIL,
                },
                "items": ["养护合同", "竣工验收单", "支付凭证"],
                "delivery": ["pickup"],
                "medium": ["paper"],
            }
        )
    )  # fmt: skip
    return made.number, made.query_code


def talk(town, thread, filed):
    with town.office.store.read() as unit:
        return thread.of(unit, by_code(town.office, unit, *filed))


def left(town, thread, filed):
    with town.office.store.read() as unit:
        row = by_code(town.office, unit, *filed)
        return items_left(town.office, folded(town.office, unit, row), thread.of(unit, row))


def wrong(call, *given):
    with pytest.raises(BadInput) as caught:
        call(*given)
    return [error.field for error in caught.value.errors]


def refused(call, *given):
    with pytest.raises(Refused) as caught:
        call(*given)
    return caught.value.refusal


def kept(town):
    from sqlalchemy import select

    with town.office.store.read() as unit:
        return list(unit.session.scalars(select(CaseMessageRow).order_by(CaseMessageRow.id)))


@LONG
def test_what_is_written_is_kept_once_sealed_and_told_to_who_has_the_case(town, thread, filed):
    town.contact("lifang", muted=[])
    before = {row.id for row in town.messages()}
    assert thread.write(*filed, " 第一行\r\n第二行 ", "a") is True
    assert thread.write(*filed, "第二次", "a") is False
    first = len(town.messages())
    assert thread.write(*filed, "这一页错了", "b", PAGE) is True
    assert len(town.messages()) - first == first - len(before), "each is told by itself"
    found = talk(town, thread, filed)
    assert [(one.ours, one.who, one.about, one.item, one.text) for one in found.said] == [
        (False, "", "question", None, "第一行\n第二行"), (False, "", "page", None, "这一页错了"),
    ]  # fmt: skip
    assert (found.waiting, found.why_not, found.said[0].at) == (2, "", town.now)
    assert all("第".encode() not in row.sealed for row in kept(town))
    told = [row for row in town.messages() if row.id not in before]
    assert told and all("留言" in row.text and row.about == filed[0] for row in told)
    assert {row.actor for row in kept(town)} == {"applicant"}


def test_a_text_is_asked_for_up_to_its_length_without_a_mark_and_about_something(town, thread, filed):  # fmt: skip
    assert wrong(thread.write, *filed, " \r\n ", "a") == ["message"]
    assert wrong(thread.write, *filed, "字" * 2001, "a") == ["message"]
    for about in (ITEM, "made up", ""):
        assert wrong(thread.write, *filed, "好", "a", about) == ["about"]
    mark = refused(thread.write, *filed, "机密★10年", "a")
    assert (mark.rule, mark.field) == ("state_secret_content", "message")
    for known in ((filed[0], "AAAAAAAAAA"), ("2024-9999", filed[1])):
        with pytest.raises(Missing):
            thread.write(*known, "好", "a")
    assert kept(town) == []
    assert thread.write(*filed, "字" * 2000, "a") and thread.write(*filed, "字", "b")
    assert set(ABOUT) == {"question", "page", "withdraw_item"}


@LONG
def test_ten_may_wait_and_an_answer_makes_room(town, thread, filed):
    for n in range(9):
        thread.write(*filed, f"{n}", f"m{n}")
    assert talk(town, thread, filed).why_not == ""
    thread.write(*filed, "9", "m9")
    found = talk(town, thread, filed)
    assert found.waiting == 10 and "还有 10 条留言没有回复" in found.why_not
    for call in (
        lambda: thread.write(*filed, "x", "m10"),
        lambda: thread.withdraw_item(*filed, 1, "", "m11"),
    ):
        full = refused(call)
        assert (full.rule, full.article) == ("too_early", "条例28") and "10 条" in full.message
    assert thread.answer(town.staff("lifang"), filed[0], "收到", "n1") is True
    assert talk(town, thread, filed).waiting == 0
    thread.write(*filed, "x", "m12")
    assert talk(town, thread, filed).waiting == 1


@LONG
def test_an_answer_is_kept_once_shown_with_a_name_and_told(town, thread, filed):
    thread.write(*filed, "什么时候", "a")
    town.later(minutes=5)
    clerk = town.staff("lifang")
    assert thread.answer(clerk, filed[0], " 月底 ", "n") is True
    assert thread.answer(clerk, filed[0], "月底", "n") is False
    assert wrong(thread.answer, clerk, filed[0], " ", "n2") == ["message"]
    found = talk(town, thread, filed)
    with town.office.store.read() as unit:
        name = unit.display_names({"lifang"})["lifang"]
    assert [(one.ours, one.who, one.text) for one in found.said][1] == (True, name, "月底")
    assert (found.waiting, kept(town)[1].actor, kept(town)[1].about) == (0, "lifang", "question")
    told = [row for row in town.messages(kind="applicant") if "回复" in row.text]
    assert {row.channel for row in told} == {"mail", "sms"} and "月底" not in told[0].text
    with pytest.raises(Denied):
        thread.answer(town.staff("wang"), filed[0], "好", "n3")
    with pytest.raises(Missing):
        thread.answer(town.staff("sunli"), filed[0], "好", "n4")


@LONG
def test_for_the_file_it_is_one_text_with_days_and_sides(town, thread, filed):
    with town.office.store.read() as unit:
        assert thread.written(unit, by_code(town.office, unit, *filed)) == ""
    thread.write(*filed, "请尽快", "a")
    town.later(hours=6, minutes=30)
    thread.answer(town.staff("lifang"), filed[0], "好的", "n")
    thread.withdraw_item(*filed, 2, "", "w")
    with town.office.store.read() as unit:
        text = thread.written(unit, by_code(town.office, unit, *filed))
        name = unit.display_names({"lifang"})["lifang"]
    assert text.split("\n\n") == [
        "2024-05-06 10:00　申请人\n请尽快",
        f"2024-05-06 16:30　机关（{name}）\n好的",
        "2024-05-06 16:30　申请人　撤回第 2 项",
    ]


def test_who_need_not_know_who_asks_reads_no_names(town, thread, filed):
    thread.write(*filed, "我是张三丰，电话 13800000000", "a")
    for who, shown in (("lifang", True), ("wang", False)):
        staff = town.staff(who)
        found = thread.beside(staff, town.reading.case(staff, filed[0]))
        assert ("张三丰" in found.said[0].text) is shown, who
        assert ("13800000000" in found.said[0].text) is shown
        assert found.said[0].text.startswith("我是") and found.waiting == 1


def test_of_several_items_all_but_one_may_be_given_up(town, thread, filed):
    assert left(town, thread, filed) == {1: "养护合同", 2: "竣工验收单", 3: "支付凭证"}
    for item in (None, 0, 4):
        assert wrong(thread.withdraw_item, *filed, item, "", "w") == ["item"]
    assert wrong(thread.withdraw_item, *filed, 1, "字" * 2001, "w") == ["reason"]
    assert refused(thread.withdraw_item, *filed, 1, "绝密★", "w").field == "reason"
    assert kept(town) == []
    town.at("2024-05-06T23:50")
    assert thread.withdraw_item(*filed, 1, " ", "w") is True
    assert thread.withdraw_item(*filed, 2, "", "w") is False, "the same form"
    assert left(town, thread, filed) == {2: "竣工验收单", 3: "支付凭证"}
    assert wrong(thread.withdraw_item, *filed, 1, "", "w2") == ["item"]
    assert thread.withdraw_item(*filed, 3, "不需要了", "w3") is True
    assert left(town, thread, filed) == {}
    only = refused(thread.withdraw_item, *filed, 2, "", "w4")
    assert only.rule == "not_in_this_state"
    found = talk(town, thread, filed)
    assert [(one.about, one.item, one.text) for one in found.said] == [(ITEM, 1, ""), (ITEM, 3, "不需要了")]  # fmt: skip
    assert found.withdrawn == {1: town.now.date(), 3: town.now.date()}


@LONG
def test_nothing_is_given_up_of_one_item_or_of_what_has_ended(town, thread, filed):
    one = town.file()
    assert left(town, thread, (one.number, one.query_code)) == {}
    town.act("lifang", filed[0], "require_correction", "2024-05-07", reached_on="2024-05-07",
             deadline_on="2024-05-17", defects=["写明年度"])  # fmt: skip
    assert set(left(town, thread, filed)) == {1, 2, 3}, "it waits for a correction"
    town.now += timedelta(minutes=1)
    town.moving.apply_as_applicant(*filed, "withdraw", {"on": "2024-05-07"})
    assert left(town, thread, filed) == {}
    assert refused(thread.withdraw_item, *filed, 1, "", "w").rule == "not_in_this_state"
    assert kept(town) == []
