"""The year's register and the life of the annual report, as clerk, head, leader and county see it."""

import pytest

from tests.webui.conftest import PASSWORD
from tests.webui.filing import file
from workflow.service.accounts import Accounts

BASE = "/desk/reports/panlong/2024"


@pytest.fixture
def answered(visitor, staff, today):
    """One application of 2024, withdrawn after receipt; then it is January."""
    number, _ = file(visitor)
    staff("lifang").act(number, "withdraw")
    today.is_("2025-01-06")
    staff("lifang").log_in("lifang", PASSWORD)
    return number


def post(page, path, year=2024, **typed):
    token = page.get("/desk/password").form("/desk/password").fields["csrf_token"]
    base = BASE.replace("2024", str(year))
    return page.post(f"{base}{path}", {**typed, "csrf_token": token})


def entry(page, **typed):
    given = {"item": "normative_documents", "kind": "made", "on": "2024-06-01",
             "title": "盘龙乡农村公路养护办法", "number": "1", **typed}  # fmt: skip
    return post(page, "/register", **given)


def test_the_register_fills_table_two_and_opens_behind_its_cells(answered, staff):
    clerk = staff("lifang")
    entry(clerk, kind="before", number="10", title="上年末现行有效", on="2024-01-01")
    entry(clerk, number="3")
    entry(clerk, kind="repealed", title="废止旧办法")
    entry(clerk, item="penalties", kind="decisions", number="21", title="环境卫生处罚决定")
    entry(clerk, item="charges", kind="charged", amount_yuan="15600", title="行政事业性收费")
    post(clerk, "/report/draft")
    page = clerk.get(f"{BASE}/report")
    for shown in ("行政规范性文件", "1.56", "12", "21"):
        assert shown in page.text
    behind = clerk.get(f"{BASE}/register?item=penalties")
    assert "环境卫生处罚决定" in behind.text and "农村公路" not in behind.text


def test_nobody_passes_over_a_table_two_that_was_never_filled(answered, staff):
    clerk = staff("lifang")
    post(clerk, "/report/draft")
    page = clerk.get(f"{BASE}/report")
    assert "表二全部是 0" in page.text and "处提示，逐条看过再办" in page.text
    assert "2025 年 1 月 6 日" in page.text and "第五部分还没有写" in page.text
    post(clerk, "/report/texts/problems", text="网上渠道少，明年开通。")
    assert "第五部分还没有写" not in clerk.get(f"{BASE}/report").text
    entry(clerk, item="penalties", kind="decisions", number="21", title="环境卫生处罚决定")
    assert "表二全部是 0" not in clerk.get(f"{BASE}/report").text


def test_what_is_wrong_in_an_entry_is_told_at_its_field_and_kept(answered, staff):
    page = entry(staff("lifang"), item="regulations", number="x", on="2023-06-01", title="")
    assert page.status == 422
    for shown in (
        "本机关的级别没有这一项",
        "日期须在 2024 年之内",
        "请填写名称或者文字",
        "请填写不小于 0 的整数",
    ):
        assert shown in page.text
    assert "还没有登记" in staff("lifang").get(f"{BASE}/register").text
    secret = entry(staff("lifang"), title="机密★10年 某文件")
    assert secret.status == 422 and "密级标志" in secret.text
    assert entry(staff("falv")).status == 403


def test_an_entry_taken_back_stays_in_sight(answered, staff):
    clerk = staff("lifang")
    entry(clerk)
    post(clerk, "/register/1/back")
    page = clerk.get(f"{BASE}/register")
    assert "已更改" in page.text and "盘龙乡农村公路养护办法" in page.text


def test_an_entry_is_put_right_in_its_form(answered, staff):
    clerk = staff("lifang")
    entry(clerk, number="3")
    form = clerk.get(f"{BASE}/register?edit=1").form(f"{BASE}/register")
    assert (form.fields["title"], form.fields["number"]) == (["盘龙乡农村公路养护办法"], ["3"])
    wrong = post(clerk, "/register", **{**form.fields, "number": "x"})
    assert wrong.status == 422 and "更正这一条" in wrong.text
    post(clerk, "/register", **{**form.fields, "number": "4"})
    page = clerk.get(f"{BASE}/register?item=normative_documents&field=made")
    assert "表二“行政规范性文件”“本年制发件数”" in page.text and "已更改" not in page.text
    assert "已更改" in clerk.get(f"{BASE}/register").text
    assert clerk.get(f"{BASE}/register?edit=1").status == 404
    assert post(clerk, "/register", **{**form.fields, "replaces": "1"}).status == 404


def test_a_cell_that_goes_on_from_last_year_says_so(answered, staff):
    clerk = staff("lifang")
    post(clerk, "/register", year=2023, item="normative_documents", kind="before", on="2023-01-01",
         title="年初", number="10")  # fmt: skip
    entry(clerk, number="3")
    page = clerk.get(f"{BASE}/register?item=normative_documents&field=in_force")
    assert "加上从上年转来的 10 件" in page.text and "盘龙乡农村公路养护办法" in page.text
    assert clerk.get(f"{BASE}/register?item=permits&field=made").status == 404


def test_from_the_draft_to_the_signature_that_needs_another_person(answered, staff, today):
    clerk, head = staff("lifang"), staff("chen")
    assert "起草年度报告" in clerk.get(f"{BASE}/report").text
    post(clerk, "/report/draft")
    page = clerk.get(f"{BASE}/report")
    assert "2024 年新收政府信息公开申请 1 件" in page.text and "其他处理 1 件" in page.text
    assert "请公开工作机构负责人办理" in page.text
    wrong = post(clerk, "/report/texts/problems", text="还有 {no_such.total} 件")
    assert wrong.status == 422 and "没有名为“{no_such.total}”的数字" in wrong.text
    post(clerk, "/report/texts/problems", text="收到 {new_received.total} 件，人手不足。")
    assert "收到 1 件，人手不足。" in clerk.get(f"{BASE}/report").text
    post(head, "/report/steps/check")
    assert "已核对" in head.text or "已核对" in head.get(f"{BASE}/report").text
    refused = post(head, "/report/steps/sign")
    assert refused.status == 409 and "您核对过这份报告，不能自己签批" in refused.text
    assert post(clerk, "/report/steps/submit").status == 409


def test_a_report_is_signed_by_another_submitted_accepted_and_frozen(
    answered, visitor, staff, office, today
):
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        known = unit.user("lifang")
        Accounts(office).add_user(unit, name="falv", agency=body, roles=("leader",))
        Accounts(office).add_user(
            unit, name="county", agency=unit.agency("yanshan"), roles=("office_head",)
        )
        assert known is not None
    clerk, head, leader, county = (staff(n) for n in ("lifang", "chen", "falv", "county"))
    post(clerk, "/report/draft")
    for page, name in ((head, "check"), (leader, "sign"), (clerk, "submit")):
        assert post(page, f"/report/steps/{name}").status == 200, name
    assert post(head, "/report/steps/publish").status == 409
    sent_back = post(county, "/report/steps/return", note="")
    assert sent_back.status == 422 and "请写明退回的理由" in sent_back.text
    post(county, "/report/steps/return", note="第五部分太简单")
    page = clerk.get(f"{BASE}/report")
    assert "已退回" in page.text and "第五部分太简单" in page.text
    for page, name in ((head, "check"), (leader, "sign"), (clerk, "submit"), (county, "accept"),
                       (head, "publish")):  # fmt: skip
        assert post(page, f"/report/steps/{name}").status == 200, name
    assert "公布的数字、设置和放假安排不再变动" in clerk.get(f"{BASE}/report").text
    # A late registration changes the cases, not what was published.
    clerk.get("/desk/register").send(
        "/desk/register",
        **{"agency": "panlong", "kind": "citizen", "name": "李四", "id_type": "resident_id",
           "id_number": "110101199003078515", "phone": "13800000000", "items": "验收单",
           "delivery": ["pickup"], "medium": ["paper"], "channel": "ems", "on": "2024-12-30"},
    )  # fmt: skip
    page = clerk.get(f"{BASE}/report")
    assert "公布后变动" in page.text and "报告 1，现在 2" in page.text
    assert "已公布" in clerk.get(BASE).text
    next_year = clerk.get("/desk/reports/panlong/2025")
    assert "上年结转 0 件" in next_year.text
    assert post(clerk, "/report/texts/problems", text="改").status == 409
    assert post(clerk, "/report/correct", note="").status == 422
    post(clerk, "/report/correct", note="新收少计 1 件，由 1 件更正为 2 件")
    page = clerk.get(f"{BASE}/report")
    assert "第 2 版：更正说明" in page.text and "报告 1，现在 2" in page.text
    assert "这是第 1 版" in clerk.get(f"{BASE}/report?version=1").text


def test_a_number_put_in_by_hand_counts_when_another_person_has_confirmed_it(answered, staff):
    clerk, head = staff("lifang"), staff("chen")
    post(clerk, "/report/draft")
    given = {"row": "table3.new_received", "column": "natural_person", "value": "2"}
    wrong = post(clerk, "/report/overrides", row="table3.disclosed", column="made", value="1,5")
    assert wrong.status == 422
    for shown in ("请写明理由", "这一行没有这一列", "请填写不小于 0 的整数"):
        assert shown in wrong.text
    post(clerk, "/report/overrides", **given, reason="纸质台账另有一件")
    page = clerk.get(f"{BASE}/report")
    assert "待复核" in page.text and "纸质台账另有一件" in page.text
    assert "复核同意" not in page.text and "新收政府信息公开申请 1 件" in page.text
    place = "table3.new_received.natural_person"
    own = post(clerk, "/report/overrides/confirm", place=place, value="2")
    assert own.status == 409 and "不能自己复核" in own.text
    refused = post(head, "/report/steps/check")
    assert refused.status == 409 and "还没有经另一人确认" in refused.text
    # What was changed meanwhile is not what the second person has seen.
    stale = post(staff("falv"), "/report/overrides/confirm", place=place, value="3")
    assert stale.status == 409 and "这个数刚才已经改为 2" in stale.text
    assert "待复核" in clerk.get(f"{BASE}/report").text
    assert post(staff("falv"), "/report/overrides/confirm", place=place, value="2").status == 200
    page = clerk.get(f"{BASE}/report")
    assert "已复核" in page.text and "新收政府信息公开申请 2 件" in page.text
    assert "手工改过" in page.html
    # Nothing was carried out beside it: the sums that no hand may touch say so.
    refused = post(head, "/report/steps/check")
    assert refused.status == 409 and "两边不相等" in refused.text
    post(clerk, "/report/overrides", row="table3.carried_out", column="natural_person", value="1",
         reason="同一件，年底没有办结")  # fmt: skip
    post(head, "/report/overrides/confirm", place="table3.carried_out.natural_person", value="1")
    assert post(head, "/report/steps/check").status == 200
    assert post(clerk, "/report/overrides/back", place=place).status == 409


def test_a_number_put_in_by_hand_can_be_taken_back_and_leaves_its_trace(answered, staff):
    clerk = staff("lifang")
    post(clerk, "/report/draft")
    given = {"row": "table2.charges", "column": "amount_10k", "value": "1.25", "reason": "补登"}
    post(clerk, "/report/overrides", **given)
    post(
        staff("chen"), "/report/overrides/confirm", place="table2.charges.amount_10k", value="1.25"
    )
    assert "1.25" in clerk.get(f"{BASE}/report").text
    post(clerk, "/report/overrides/back", place="table2.charges.amount_10k")
    page = clerk.get(f"{BASE}/report")
    assert "手工改过的数字" not in page.text and "恢复系统的数字" in page.text
    gone = post(staff("chen"), "/report/overrides/confirm", place="table2.charges.amount_10k")
    assert gone.status == 404


def test_another_body_sees_neither_report_nor_register(answered, staff):
    other = staff("sunli")
    assert other.get(f"{BASE}/report").status == 404
    assert other.get(f"{BASE}/register").status == 404
    assert staff("county").get(f"{BASE}/report").status == 200
    assert post(staff("county"), "/report/draft").status == 404


@pytest.mark.parametrize("ending", ["docx", "pdf", "xlsx", "html", "json"])
def test_the_whole_report_is_fetched_in_every_format(answered, staff, ending):
    clerk = staff("lifang")
    post(clerk, "/report/draft")
    page = clerk.get(f"{BASE}/report/download/{ending}")
    assert page.status == 200 and len(page.page.data) > 500
