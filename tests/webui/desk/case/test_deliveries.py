"""The papers of a case on its page: what went out, and what became of it (law.md §3.7A)."""

from tests.webui.filing import file


def test_arrival_is_chosen_from_what_went_out_and_starts_the_applicants_period(visitor, staff):
    """条例30: a correction posted today is registered today; its period runs from the arrival told later."""
    number, code = file(visitor)
    clerk = staff("lifang")
    page = clerk.get(f"/desk/cases/{number}")
    assert not page.offers("record_delivery") and "发出的文书" not in page.text
    clerk.act(number, "require_correction", defects="请写明年度")
    assert clerk.status == 200
    assert "还没有登记收到" in clerk.text
    assert "通知补正（5月6日发出，还没有登记收到）" in clerk.html.replace(" ", "")
    visitor.get("/query").send("/query", number=number, code=code)
    assert "截止" not in visitor.text.partition("请补正")[2][:40]
    clerk.act(number, "record_delivery", of="require_correction", reached_on="2024-05-06")
    assert clerk.status == 200, clerk.alert
    assert "还没有登记收到" not in clerk.text
    assert "2024 年 5 月 24 日" in clerk.text


def test_paper_of_a_consultation_is_told_by_its_number(visitor, staff):
    """条例32: the third party's 15 working days run from its own receipt."""
    number, _ = file(visitor)
    clerk = staff("lifang")
    clerk.act(number, "assign")
    clerk.act(number, "consult_third_party", to="某养护公司", consultation="1")
    assert "暂按发出日，待登记收到" in clerk.text
    clerk.act(number, "record_delivery", of="consult_third_party/1", returned_on="2024-05-06")
    assert "被退回" in clerk.text and "暂按发出日" not in clerk.text


def test_delivery_without_its_day_is_asked_for_and_nothing_is_written(visitor, staff):
    number, _ = file(visitor)
    clerk = staff("lifang")
    clerk.act(number, "require_correction", defects="请写明年度")
    clerk.act(number, "record_delivery", of="require_correction", reason="地址不详")
    assert clerk.status == 409 and "两者只填一项" in clerk.alert
    assert clerk.form("/events/record_delivery").fields["reason"] == ["地址不详"]
    assert "还没有登记收到" in clerk.text


def test_stricter_day_stands_beside_the_due_day(visitor, staff):
    """条例33(2): an extension that is not shown to have arrived in time."""
    number, _ = file(visitor)
    staff("lifang").act(number, "assign")
    head = staff("chen").act(number, "extend", days="10", reason="需要查阅多年档案")
    assert "按更严格的理解" in head.text and "之前答复最稳妥" in head.text
    clerk = staff("lifang").act(number, "record_delivery", of="extend", reached_on="2024-05-06")
    assert "按更严格的理解" not in clerk.text


def test_a_correction_waits_for_the_applicant_and_for_the_day_on_which_the_letter_came(
    visitor, staff
):
    """条例30: its period runs from there, and nobody ends the case before."""
    number, _ = file(visitor)
    clerk = staff("lifang")
    clerk.act(number, "require_correction", defects="请写明年度")
    assert "等申请人补正，收到以后由您在这里登记" in clerk.text.replace(" ", ""), clerk.text[
        150:900
    ]
    assert "补正期限没有起算" in clerk.text
    clerk.act(number, "record_delivery", of="require_correction", reached_on="2024-05-06")
    assert clerk.status == 200 and "补正期限没有起算" not in clerk.text, clerk.alert


def test_while_an_opinion_is_awaited_its_form_is_the_next_step(visitor, staff):
    number, _ = file(visitor)
    clerk = staff("lifang")
    clerk.act(number, "assign")
    clerk.act(
        number, "consult_third_party", to="某养护公司", consultation="1", reached_on="2024-05-06"
    )
    first = clerk.html.partition("轮到您")[2].partition('<details class="others"')[0]
    assert "/events/record_opinion" in first and "等对方答复意见" in first


def test_arrival_of_the_question_for_reasons_can_be_told(visitor, staff):
    """law.md §3.7A: every paper that went out is offered (条例35)."""
    number, _ = file(visitor)
    clerk = staff("lifang")
    clerk.act(number, "assign")
    clerk.act(number, "ask_reasons")
    assert clerk.status == 200, clerk.alert
    clerk.act(number, "record_delivery", of="ask_reasons", reached_on="2024-05-06")
    assert clerk.status == 200, clerk.alert
