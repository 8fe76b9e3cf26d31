"""Hastening: who is told what, what is answered, and that nothing of the case moves by it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.workflow.service.supervision.county import DUE, FAR, LATE, County
from workflow.refusal import BadInput, Denied
from workflow.service.cases.verify import verify
from workflow.service.office import Missing
from workflow.service.supervision.hastening import answer_workdays, words_of


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County(tmp_path, "mail")


def mine(county: County, name: str = "lifang"):
    return county.hastening.mine(county.staff(name))


def test_clerk_and_head_hear_of_a_case_that_is_due(county: County) -> None:
    county.with_leader()
    done = county.hasten(DUE)
    assert (done.done, done.again, done.over) == ((("panlong", DUE),), (), ())
    told = county.messages()
    assert {(who, channel) for who, channel, _ in told} >= {
        ("lifang", "in_app"),
        ("chen", "in_app"),
    }
    assert "leader" not in {who for who, _, _ in told}
    assert {text for _, _, text in told} == {
        f"主管部门催办：申请 {DUE} 的答复期限是 2024 年 6 月 19 日，还有 5 个工作日，请抓紧办理，并在系统里写明怎样办、哪天办好"
    }


def test_of_a_late_one_the_leader_hears_too_and_by_mail(county: County) -> None:
    county.with_leader()
    county.hasten(LATE)
    told = county.messages()
    assert {who for who, _, _ in told} == {"lifang", "chen", "leader"}
    assert ("lifang", "mail") in {(who, channel) for who, channel, _ in told}
    assert "已经逾期 7 个工作日" in told[0][2] and "张三" not in told[0][2]


def test_a_case_is_hastened_once_a_day(county: County) -> None:
    county.hasten(LATE)
    again = county.hasten(LATE, DUE)
    assert (again.done, again.again) == ((("panlong", DUE),), (("panlong", LATE),))
    before = len(county.messages())
    county.hasten(LATE, DUE)
    assert len(county.messages()) == before and len(mine(county)) == 2
    county.is_("2024-06-13")
    assert county.hasten(LATE).done == (("panlong", LATE),)


def test_what_is_in_no_list_is_not_hastened(county: County) -> None:
    assert county.hasten(FAR, "2024-0099").over == (("panlong", FAR), ("panlong", "2024-0099"))
    assert county.messages() == [] and mine(county) == []


def test_bad_ways_of_asking(county: County) -> None:
    with pytest.raises(BadInput):
        county.hasten()
    with pytest.raises(BadInput):
        county.hasten(*(f"2024-{n:04}" for n in range(101)))
    with pytest.raises(Denied):
        county.hastening.hasten(county.staff("wang"), "panlong", [("panlong", LATE)])
    with pytest.raises(Denied):
        county.hasten(LATE, by="panlong")


def test_nothing_of_the_case_changes_by_it(county: County) -> None:
    before = county.reading.case(county.staff("lifang"), LATE)
    county.hasten(LATE)
    county.hastening.answer(
        county.staff("chen"), mine(county)[0].hastened.id, "今天寄出", "2024-06-13"
    )
    after = county.reading.case(county.staff("lifang"), LATE)
    assert (after.log, after.next_due, after.state) == (before.log, before.next_due, before.state)
    assert verify(county.office) == []


def test_the_body_answers_and_the_county_sees_it(county: County) -> None:
    county.hasten(LATE)
    (one,) = mine(county)
    assert one.open and not one.hastened.answered and one.by == "砚山县人民政府"
    county.hastening.answer(county.staff("lifang"), one.hastened.id, " 27日交邮 ", "2024-06-14")
    _, (matter,) = county.below.listed(county.staff("county"), None, "late")
    said = matter.hastened
    assert said is not None and (said.answer, said.done_by) == ("27日交邮", date(2024, 6, 14))
    assert county.body("panlong").hastened == said
    ((who, channel, text),) = county.messages("hastening_answered")
    assert (who, channel) == ("county", "in_app") and LATE in text and "27日" not in text
    county.hastening.answer(county.staff("lifang"), one.hastened.id, "27日交邮", "2024-06-14")
    assert len(county.messages("hastening_answered")) == 1


@pytest.mark.parametrize(
    ("day", "waited", "silent"), [("2024-06-14", 2, False), ("2024-06-17", 3, True)]
)
def test_no_answer_is_marked_after_the_working_days_of_the_table(
    county: County, day: str, waited: int, silent: bool
) -> None:
    county.hasten(LATE)
    county.is_(day)
    said = county.body("panlong").hastened
    assert said is not None and (said.waited, said.silent) == (waited, silent)


@pytest.mark.parametrize(
    ("text", "day", "fields"),
    [("", "2024-06-14", ["answer"]), ("好", "", ["done_by"]), ("好", "2024-06-11", ["done_by"]),
     ("好" * 301, "12 月", ["answer", "done_by"]), ("附件为机密★10年", "2024-06-14", ["answer"])],
)  # fmt: skip
def test_a_bad_answer_is_told_at_its_fields_and_nothing_is_written(
    county: County, text: str, day: str, fields: list[str]
) -> None:
    county.hasten(LATE)
    which = mine(county)[0].hastened.id
    with pytest.raises(BadInput) as bad:
        county.hastening.answer(county.staff("lifang"), which, text, day)
    assert [error.field for error in bad.value.errors] == fields
    assert not mine(county)[0].hastened.answered


def test_another_body_does_not_see_it_nor_answer(county: County) -> None:
    county.hasten(LATE)
    assert mine(county, "sunli") == []
    with pytest.raises(Missing):
        county.hastening.answer(
            county.staff("sunli"), mine(county)[0].hastened.id, "好", "2024-06-14"
        )
    with pytest.raises(Missing):
        county.hastening.answer(county.staff("lifang"), 99, "好", "2024-06-14")


def test_what_waits_comes_first_and_what_is_done_needs_no_answer(county: County) -> None:
    county.hasten(LATE)
    county.hasten(DUE)
    which = {one.number: one.hastened.id for one in mine(county)}
    county.hastening.answer(county.staff("lifang"), which[DUE], "明天答复", "2024-06-13")
    assert [one.number for one in mine(county)] == [LATE, DUE]
    county.act("lifang", LATE, "withdraw", "2024-06-12")
    assert [one.open for one in mine(county) if one.number == LATE] == [False]
    assert county.hastening.waiting(county.staff("lifang")) == 0


def test_the_page_of_a_case_has_its_own(county: County) -> None:
    county.hasten(LATE)
    county.is_("2024-06-13")
    county.hasten(LATE)
    staff = county.staff("lifang")
    days = [one.hastened.days for one in county.hastening.of_case(staff, "panlong", LATE)]
    assert days == [8, 7]
    assert county.hastening.of_case(staff, "panlong", DUE) == []


@pytest.mark.parametrize(("text", "day"), [("改为后天", "2024-06-14"), ("27日交邮", "2024-06-17")])
def test_an_answer_may_be_written_anew_and_is_told_again(
    county: County, text: str, day: str
) -> None:
    county.hasten(LATE)
    staff = county.staff("lifang")
    which = mine(county)[0].hastened.id
    county.hastening.answer(staff, which, "27日交邮", "2024-06-14")
    county.is_("2024-06-13")
    county.hastening.answer(county.staff("chen"), which, text, day)
    said = mine(county)[0].hastened
    assert (said.answer, said.done_by) == (text, date.fromisoformat(day))
    assert said.answered_at is not None and said.answered_at.date() == date(2024, 6, 13)
    assert len(county.messages("hastening_answered")) == 2


def test_what_it_was_hastened_for_is_said_in_words(county: County) -> None:
    county.hasten(LATE)
    county.hasten(DUE)
    assert {words_of(one.hastened) for one in mine(county)} == {
        "逾期 7 个工作日",
        "还有 5 个工作日",
    }
    returned = replace(mine(county)[0].hastened, matter="returned", days=2)
    assert words_of(returned) == "退回 2 个工作日" and answer_workdays() == 2


def test_who_is_no_longer_here_is_not_told(county: County) -> None:
    county.hasten(LATE)
    with county.office.store.write() as unit:
        row = unit.user("county")
        assert row is not None
        row.active = False
    county.hastening.answer(county.staff("lifang"), mine(county)[0].hastened.id, "好", "2024-06-14")
    assert county.messages("hastening_answered") == []
