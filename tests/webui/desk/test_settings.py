"""Settings and the calendar on the desk: read, changed, refused; and the people who are told."""

import pytest

from tests.webui.filing import file
from tests.workflow.service.town import freeze
from workflow.service.rules.calendar import BodyDays
from workflow.service.rules.settings import BodySettings


@pytest.fixture
def head(staff):
    """The head of the township's office."""
    return staff("chen")


@pytest.fixture
def settings(office):
    return BodySettings(office)


def change(page, name, **typed):
    return page.get(f"/desk/settings/{name}").send(f"/settings/{name}", **typed)


# -- the list -----------------------------------------------------------------------------------------


def test_the_page_lists_every_setting_with_its_value_in_words_and_why(head, office):
    page = head.get("/desk/settings")
    assert page.status == 200
    for rule in office.law.settings.values():
        assert rule.label in page.text and rule.why in page.text, rule.name
    for label in ("收到与登记", "期限", "收费", "年报统计", "文书和页面用语"):
        assert label in page.text
    assert "提交成功即为收到 默认" in page.text and "confirmation_event" not in page.text
    assert "砚山县人民政府（由机关层级得出）" in page.text


def test_the_list_shows_what_holds_since_when_who_and_what_comes_later(head, settings, office):
    chen = office.staff("chen")
    for value, day, reason in (("10", "2024-01-01", "县里统一"), ("8", "2025-01-01", "提速")):
        settings.set_setting(chen, "panlong", "correction_period_days", value, day, reason)
    text = head.get("/desk/settings").text
    assert "10 本机关选定" in text and "自 2024 年 1 月 1 日起，chen：县里统一" in text
    assert "将变动 自 2025 年 1 月 1 日起：8" in text
    assert "理由：提速" in text


def test_the_menu_leads_to_settings_and_calendar(head):
    page = head.get("/desk/")
    assert 'href="/desk/settings"' in page.html and 'href="/desk/calendar"' in page.html


def test_others_of_the_body_read_but_do_not_change(staff, settings):
    page = staff("lifang").get("/desk/settings")
    assert "您可以查看" in page.text and "变更：" not in page.html
    page.get("/desk/settings/fee_policy")
    assert "您可以查看" in page.text and "保存" not in page.text
    token = page.get("/desk/password").form("/desk/password").fields["csrf_token"]
    page.post(
        "/desk/settings/fee_policy",
        {"value": "by_page", "holds_from": "2024-05-06", "reason": "-", "csrf_token": token},
    )
    assert page.status == 403 and "您没有“变更设置和本机关的放假安排”的权限" in page.text
    assert settings.one("panlong", "fee_policy").since is None


def test_the_settings_of_another_body_stay_with_it(head, settings):
    page = head.get("/desk/settings?at=jiangna")
    assert "盘龙彝族乡人民政府今天适用的规则" in page.text
    change(head, "fee_policy", value="by_page", reason="已公示", at="jiangna")
    assert settings.one("jiangna", "fee_policy").since is None


def test_the_pages_demand_a_login_and_a_token(visitor, head, settings):
    for path in ("/desk/settings", "/desk/settings/fee_policy", "/desk/calendar"):
        assert visitor.get(path).path == "/desk/login"
    for path in ("/desk/settings/fee_policy", "/desk/calendar", "/desk/due-changes/seen"):
        head.get("/desk/settings").post(path, {"value": "by_page", "last": "1"})
        assert "还没有提交" in head.text and settings.one("panlong", "fee_policy").since is None
    assert head.get("/desk/settings/nonsense").status == 404


# -- changing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("fee_policy", "by_page", "按量"),
        ("use_local_holidays", "false", "否"),
        ("correction_period_days", "10", "10"),
        ("other_agency_cap_days", "", "没有上限"),
        ("consultation_row", "none", "不适用"),
        ("court", "文山市人民法院", "文山市人民法院"),
        ("reminder_hour", "8:30", "08:30"),
        ("report_dates", "1-26", "01-26"),
        ("online_review_url", "https://example.gov.cn/fy", "https://example.gov.cn/fy"),
    ],
)
def test_every_kind_of_setting_is_changed_by_its_form(head, name, value, words):
    page = change(head, name, value=value, holds_from="2024-05-06", reason="局务会决定")
    assert page.path == f"/desk/settings/{name}" and "已保存" in page.text
    assert f"{words} 本机关选定" in page.text
    assert "自 2024 年 5 月 6 日起，chen：局务会决定" in page.text


def test_reminders_are_put_off_by_ticking_them(head, settings):
    for ticked, kept in ((["reply_2", "confirm"], ("confirm", "reply_2")), ([], ())):
        change(head, "reminders_off", value=ticked, reason="局务会决定")
        assert settings.one("panlong", "reminders_off").value == kept
    change(head, "reminders_off", value=["fee_3"], reason="局务会决定")
    page = head.get("/desk/settings/reminders_off")
    assert 'value="fee_3" checked' in page.html and page.html.count(" checked") == 1
    assert "缴费期限还有 3 个工作日 本机关选定" in page.text


@pytest.mark.parametrize("name", ["other_agency_cap_days", "report_dates"])
def test_what_may_have_no_value_is_typed_in_or_left_empty(head, settings, name):
    html = head.get(f"/desk/settings/{name}").html
    assert '<input type="text"' in html and 'type="radio"' not in html
    change(head, name, value="", reason="局务会决定")
    assert settings.one("panlong", name).value is None


def test_an_order_is_chosen_place_by_place(head, settings):
    order = ["refuse", "partial", "disclose", "unable", "not_processed", "other"]
    page = head.get("/desk/settings/result_priority")
    assert page.form("/settings/result_priority").fields["value"], "the order in force is chosen"
    page.send("/settings/result_priority", value=order, reason="县里统一")
    assert settings.one("panlong", "result_priority").value == tuple(order)
    change(head, "result_priority", value=["refuse", "refuse"], reason="-")
    assert head.status == 422 and "重复" in head.alert


def test_mistakes_stand_at_the_field_and_nothing_typed_is_lost(head, settings):
    page = change(head, "correction_period_days", value="十天", holds_from="2024-02-30", reason=" ")
    assert page.status == 422
    assert "0 到 400 的整数" in page.alert and "没有这一天" in page.alert
    assert "请写明理由" in page.alert
    assert page.html.count('aria-invalid="true"') == 3
    assert page.form("/settings/correction_period_days").fields["value"] == ["十天"]
    change(head, "fee_policy", value="by_item", reason="")
    assert page.form("/settings/fee_policy").fields["value"] == ["by_item"]
    assert settings.one("panlong", "correction_period_days").since is None


def test_a_published_year_is_frozen_and_the_page_says_so(head, settings, office):
    freeze(office, "panlong", 2023)
    assert "2023 年的年度报告已经公布" in head.get("/desk/settings").text
    page = change(head, "fee_policy", value="by_page", holds_from="2023-05-01", reason="补记")
    assert page.status == 409 and "2023 年的年度报告已经公布" in page.alert
    assert page.form("/settings/fee_policy").fields["reason"] == ["补记"]
    assert 'href="#holds_from"' in page.html and page.html.count('aria-invalid="true"') == 1
    enter(head, first="2023-12-29", last="", source="补登")
    assert page.status == 409 and "放假安排不能再变动这一年" in page.alert


def test_a_past_day_warns_before_and_tells_how_many_deadlines_moved(head, visitor, today):
    today.is_("2024-05-04")
    file(visitor)
    page = head.get("/desk/settings/receipt_on_rest_day")
    assert "在办申请的期限会变动" in page.text
    page.send(
        "/settings/receipt_on_rest_day", value="next_workday", holds_from="2024-05-01", reason="-"
    )
    assert "已保存" in page.text


def test_what_was_typed_is_shown_as_text(head):
    change(head, "court", value="<b>院</b>", holds_from="2024-05-06", reason="<script>x</script>")
    assert "<b>院</b>" not in head.html and "<script>x" not in head.html
    assert "<b>院</b>" in head.text or "&lt;b&gt;院" in head.html


def test_the_bodys_own_footer_stands_on_its_pages(head):
    change(head, "footer_sponsor", value="盘龙彝族乡党政办", holds_from="2024-05-06", reason="-")
    assert "主办：盘龙彝族乡党政办" in head.get("/desk/").text


# -- the calendar -------------------------------------------------------------------------------------


def enter(page, **typed):
    given = {"first": "2024-05-20", "last": "2024-05-21", "source": "州人民政府通知"}
    return page.get("/desk/calendar").send("/desk/calendar", **{**given, **typed})


def test_the_year_stands_in_months_with_rest_and_work_days_in_words(head):
    page = head.get("/desk/calendar?year=2024")
    assert page.html.count('class="month"') == 12
    assert "放假1 月 1 日、2 月 10–17 日" in page.text and "4 月 7 日" in page.text
    assert '<td class="makeup" title="调休上班"><span class="num">7</span>' in page.html
    assert "暂定" not in page.text


def test_a_year_without_a_notice_is_marked_provisional(head):
    page = head.get("/desk/calendar?year=2027")
    assert "2027 年放假安排" in page.text and "暂定" in page.text
    assert "还没有公布" in page.text and "法定放假（暂定）" in page.text
    assert head.get("/desk/calendar?year=9999").status == 200
    assert head.get("/desk/calendar?year=x").status == 200


def test_days_are_entered_as_a_range_and_taken_back_with_their_history(head):
    page = enter(head)
    assert "已登记 2 天" in page.text and page.path == "/desk/calendar"
    assert "盘龙彝族乡人民政府 州人民政府通知 放假5 月 20–21 日" in page.text
    assert page.html.count('class="local_holiday"') == 2
    enter(head, act="remove", last="", source="通知撤销")
    assert page.html.count('class="local_holiday"') == 1
    assert "2024 年 5 月 20 日 取消 通知撤销；chen" in page.text
    assert "2024 年 5 月 20 日至 5 月 21 日 放假 州人民政府通知；chen" in page.text


def test_days_without_a_notice_are_refused_at_the_field(head, office):
    page = enter(head, act="work", source="", last="2024-05-19")
    assert page.status == 422
    assert "最后一天不能早于第一天" in page.alert and "请写明依据" in page.alert
    form = page.form("/desk/calendar")
    assert form.fields["first"] == ["2024-05-20"] and form.fields["act"] == ["work"]
    assert BodyDays(office).year("panlong", 2024).history == []


def test_only_who_may_enters_days(staff):
    page = staff("lifang").get("/desk/calendar")
    assert page.status == 200 and "登记并重新计算" not in page.text
    token = page.get("/desk/password").form("/desk/password").fields["csrf_token"]
    page.post(
        "/desk/calendar",
        {"act": "rest", "first": "2024-05-20", "source": "通知", "csrf_token": token},
    )
    assert page.status == 403 and "您没有“变更设置和本机关的放假安排”的权限" in page.text


# -- who is told --------------------------------------------------------------------------------------


def test_people_are_told_on_the_worklist_until_they_put_it_away(head, staff, visitor):
    number, _ = file(visitor)
    enter(head)
    for name in ("chen", "lifang", "zhaoming"):
        page = staff(name).get("/desk/")
        assert "1 件申请的期限有变动" in page.text
        assert "答复期限由 5 月 31 日改为 6 月 4 日" in page.text
        assert f"/desk/cases/panlong/{number}" in page.html
    assert "期限有变动" not in staff("wangqiang").get("/desk/").text
    assert "期限有变动" not in staff("sunli").get("/desk/").text
    page = staff("lifang").get("/desk/").send("/due-changes/seen")
    assert page.path == "/desk/" and "期限有变动" not in page.text
    assert "期限有变动" in staff("zhaoming").get("/desk/").text


def test_the_time_line_of_the_case_and_the_applicant_say_the_new_day(head, visitor):
    number, code = file(visitor)
    enter(head, source="内部传真")
    page = head.get(f"/desk/cases/{number}")
    text = page.text
    moved = "答复期限由 5 月 31 日改为 6 月 4 日：内部传真：2024 年 5 月 20 日至 5 月 21 日放假"
    assert moved in text and "2024 年 6 月 4 日" in text
    assert text.index(moved) < text.index("收到并登记", text.index("经过")), "latest first"
    visitor.get("/query").send("/query", number=number, code=code)
    assert "最晚在 2024 年 6 月 4 日" in visitor.text
    assert "答复期限由 5 月 31 日改为 6 月 4 日（放假安排变动）" in visitor.text
    assert "内部传真" not in visitor.text
    assert "本机关放假" in visitor.text


def test_the_stricter_date_of_the_nation_alone_stands_beside_the_moved_one(head, visitor):
    number, _ = file(visitor)
    enter(head)
    assert "只按全国放假安排计算是 2024 年 5 月 31 日" in head.get(f"/desk/cases/{number}").text


def test_where_the_nation_alone_is_later_it_is_no_stricter_date(head, visitor):
    number, _ = file(visitor)
    enter(head, act="work", first="2024-05-25", last="", source="调休")
    page = head.get(f"/desk/cases/{number}")
    assert "答复期限由 5 月 31 日改为 5 月 30 日" in page.text
    assert "只按全国放假安排计算，期限为 2024 年 5 月 31 日（" in page.text, "how it is counted"
    assert "最稳妥" not in page.text
