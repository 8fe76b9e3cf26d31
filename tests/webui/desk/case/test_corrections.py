"""A wrong entry is put right on the case page: which line, its fields as they stand, the old value beside."""

from tests.webui.filing import file


def test_the_day_of_an_entry_is_put_right_and_both_days_are_shown(visitor, staff, today):
    number, _ = file(visitor)
    today.is_("2024-05-09")
    clerk = staff("lifang")
    clerk.act(number, "assign", on="2024-05-06")
    page = clerk.get(f"/desk/cases/{number}?correct=3")
    assert "第 3 条“交办”" in page.text
    page.send(
        "/events/correct_entry",
        right__on="2024-05-08", reason="日期录错", second_person="wangqiang",
    )  # fmt: skip
    assert "已更正" in page.text and "原来录入：2024 年 5 月 6 日" in page.text


def test_nothing_changed_is_said_at_the_form(visitor, staff):
    number, _ = file(visitor)
    clerk = staff("lifang")
    clerk.act(number, "assign")
    page = clerk.get(f"/desk/cases/{number}?correct=3")
    page.send("/events/correct_entry", reason="错", second_person="wangqiang")
    assert page.status == 422 and "请改正有误的内容，或者撤销这一条" in page.text


def test_an_entry_is_taken_back(visitor, staff):
    number, _ = file(visitor)
    clerk = staff("lifang")
    clerk.act(number, "assign")
    staff("chen").act(number, "extend", days="20", reached_on="2024-05-06")
    page = clerk.get(f"/desk/cases/{number}?correct=4")
    page.send(
        "/events/correct_entry", taken_back="yes", reason="没有延期",
        second_person="wangqiang",
    )  # fmt: skip
    assert "已撤销" in page.text


def test_a_line_that_is_not_there_leads_to_the_choice(visitor, staff):
    number, _ = file(visitor)
    clerk = staff("lifang")
    clerk.act(number, "assign")
    for wrong in ("99", "abc", "0", "-1", "99999999999999999999"):
        page = clerk.get(f"/desk/cases/{number}?correct={wrong}")
        assert page.status == 200 and "要更正哪一条" in page.text
