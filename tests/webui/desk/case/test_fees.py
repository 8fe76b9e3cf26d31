"""The fee of a notice follows from the pages; desk and applicant see the amount and the last day."""

from datetime import date

import pytest

from tests.webui.filing import file


@pytest.fixture
def charging(office):
    """The township charges by page."""
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        unit.set_setting(body, "fee_policy", "by_page", date(2000, 1, 1), "按量收费")
        unit.rules_changed()


@pytest.mark.usefixtures("charging")
def test_the_system_works_out_the_fee_and_says_it_to_both_sides(visitor, staff):
    number, code = file(visitor)
    staff("lifang").act(number, "assign")
    head = staff("chen")
    head.act(number, "charge_fee", reached_on="2024-05-06", pages="57", amount="300")
    assert head.status == 409 and "合计 270 元" in head.alert
    head.act(number, "charge_fee", reached_on="2024-05-06", pages="57")
    assert "应缴信息处理费 270 元" in head.text and "待缴费" in head.text
    paying = staff("lifang").get(f"/desk/cases/{number}").form("/events/pay_fee").fields
    assert paying["amount"] == ["270"], "what is due stands there; another sum is typed over it"
    visitor.get("/query").send("/query", number=number, code=code)
    assert "请缴纳信息处理费 270 元，截止 2024 年 5 月 31 日" in visitor.text


def test_a_body_that_does_not_charge_sends_no_fee_notice(visitor, staff):
    number, _ = file(visitor)
    staff("lifang").act(number, "assign")
    page = staff("chen").get(f"/desk/cases/{number}")
    assert "本机关没有设置收取信息处理费" in page.text
