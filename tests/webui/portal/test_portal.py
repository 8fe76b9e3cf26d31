"""The applicant: filing, looking up, correcting, withdrawing."""

import pytest

from tests.webui.filing import CITIZEN, COMPANY, file, review, slip
from workflow.service.rules.settings import BodySettings


def test_filing_gives_number_code_and_due_day(visitor, counted):
    number, code = file(visitor)
    assert number == "2024-0001" and len(code) == 10
    assert visitor.path == "/apply/done"
    assert "2024 年 5 月 6 日" in visitor.text and "2024 年 5 月 31 日（周五）" in visitor.text
    assert counted() == 1


def test_an_organisation_files_with_its_credit_code(visitor, staff):
    number, _ = file(visitor, COMPANY)
    page = staff("lifang").get(f"/desk/cases/{number}")
    assert "某某建材有限公司" in page.text and "商业企业" in page.text


def test_document_number_and_features_reach_the_clerk(visitor, staff):
    number, _ = file(visitor, document_number="盘政发〔2023〕12 号", other="由农业中心经办")
    page = staff("lifang").get(f"/desk/cases/{number}")
    assert "盘政发〔2023〕12 号" in page.text and "由农业中心经办" in page.text


def test_errors_keep_what_was_typed_and_write_nothing(visitor, counted):
    review(visitor, phone="1388", medium=[], delivery=["email"])
    assert visitor.status == 422 and counted() == 0
    assert "有 3 处需要修改" in visitor.alert
    for message in (
        "联系电话：请填写 11 位手机号或带区号的座机",
        "电子邮箱：选择了电子邮件，请填写电子邮箱",
        "要哪种载体：请至少选择一种载体",
    ):
        assert message in visitor.alert
    assert visitor.html.count("请填写 11 位手机号或带区号的座机") == 2
    assert 'href="#phone"' in visitor.html and 'aria-invalid="true"' in visitor.html
    kept = visitor.form("/apply").fields
    assert kept["phone"] == ["1388"] and kept["name"] == ["张三"] and kept["delivery"] == ["email"]
    assert "竣工验收单" in kept["items"][0]


@pytest.mark.parametrize(
    ("changed", "anchor", "message"),
    [
        ({"kind": ""}, "kind-0", "请选择以什么身份申请"),
        ({"agency": ""}, "agency", "请选择受理机关"),
        ({"id_number": "110105194912310020"}, "id_number", "最后一位（校验码）与前 17 位不符"),
        ({"items": " \n "}, "items", "请写明要公开的信息"),
        ({"items": "甲\n机密★10年 某文件"}, "items", "第 2 行：内容带有密级标志"),
        ({"agent_name": "王五"}, "agent_phone", "请填写"),
        ({"agency": "nowhere"}, "agency", "没有这个受理机关"),
    ],
)
def test_each_error_leads_to_its_field(visitor, counted, changed, anchor, message):
    review(visitor, **changed)
    if visitor.status == 200:
        visitor.send("/apply", step="submit")
    assert visitor.status == 422 and counted() == 0
    assert message in visitor.alert
    assert f'href="#{anchor}"' in visitor.html and f'id="{anchor}"' in visitor.html
    assert "citizen" not in visitor.text


def test_the_review_page_shows_everything_and_goes_back_with_it(visitor, counted):
    review(visitor, assistance="请用大字")
    assert visitor.status == 200 and counted() == 0
    for words in ("检查一遍", "张三", "11010519491231002X", "竣工验收单", "当面领取", "请用大字"):
        assert words in visitor.text
    visitor.send("/apply", step="edit")
    kept = visitor.form("/apply").fields
    assert (
        kept["name"] == ["张三"]
        and kept["medium"] == ["paper"]
        and kept["assistance"] == ["请用大字"]
    )


def test_a_double_submit_files_once(visitor, counted):
    review(visitor)
    fields = {**visitor.form("/apply").fields, "step": "submit"}
    first = slip(visitor.post("/apply", fields))
    second = slip(visitor.post("/apply", fields))
    assert first == second and counted() == 1


def test_the_same_form_with_another_content_is_another_application(visitor, counted):
    """Neither is lost, and neither shows the other's number."""
    review(visitor)
    fields = {**visitor.form("/apply").fields, "step": "submit"}
    first = slip(visitor.post("/apply", fields))
    second = slip(visitor.post("/apply", {**fields, "items": "2022年度清雪合同"}))
    assert first != second and counted() == 2
    visitor.get("/query").send("/query", number=first[0], code=first[1])
    assert "2023年度农村公路养护合同" in visitor.text


@pytest.mark.parametrize("changed", [{}, {"items": "2022年度清雪合同"}], ids=["same", "other"])
def test_the_key_of_a_form_opens_nothing_in_another_browser(visitor, app, counted, changed):
    review(visitor)
    key = visitor.form("/apply").fields["submit_key"]
    first = slip(visitor.send("/apply", step="submit"))
    stranger = review(type(visitor)(app), **changed)
    second = slip(stranger.send("/apply", step="submit", submit_key=key))
    assert first[0] != second[0] and first[1] != second[1] and counted() == 2
    assert first[1] not in stranger.html


def test_a_key_never_gives_the_code_out_a_second_time(visitor, counted):
    """Not even to a browser that holds the cookie of before the first answer."""
    review(visitor)
    fields = {**visitor.form("/apply").fields, "step": "submit"}
    before = visitor.client.get_cookie("gongkai")
    number, code = slip(visitor.post("/apply", fields))
    visitor.client.set_cookie("gongkai", before.value)
    visitor.post("/apply", fields)
    assert number in visitor.text and "没有重复登记" in visitor.text
    assert code not in visitor.html and counted() == 1


def test_a_form_sent_twice_before_anything_was_shown_still_brings_its_code(visitor, app, counted):
    """A double click without scripts: the browser gives the first answer up, with its cookie. The code must
    not be lost with it; once it was on a page it is not given out again."""
    review(visitor)
    fields = {**visitor.form("/apply").fields, "step": "submit"}
    before = visitor.client.get_cookie("gongkai")
    assert visitor.client.post("/apply", data=fields).status_code == 303
    visitor.client.set_cookie("gongkai", before.value)
    number, code = slip(visitor.post("/apply", fields))
    assert counted() == 1
    visitor.get("/query").send("/query", number=number, code=code)
    assert "2023年度农村公路养护合同" in visitor.text
    visitor.client.set_cookie("gongkai", before.value)
    visitor.post("/apply", fields)
    assert number in visitor.text and code not in visitor.html


def test_purpose_and_employer_are_never_asked(visitor):
    visitor.get("/apply")
    names = set(visitor.form("/apply").fields)
    assert not names & {"purpose", "employer", "relation"}
    assert "用途" in visitor.text and "不需要说明用途" in visitor.text


def test_a_wrong_number_and_a_wrong_code_get_the_same_answer(visitor):
    number, code = file(visitor)
    visitor.get("/query").send("/query", number=number, code="AAAAAAAAAA")
    wrong_code = (visitor.status, visitor.alert)
    visitor.get("/query").send("/query", number="2024-9999", code=code)
    assert (visitor.status, visitor.alert) == wrong_code
    assert wrong_code[0] == 404 and "申请编号或者查询码不正确" in wrong_code[1]


def test_number_and_code_show_where_it_stands_and_stay_out_of_addresses(visitor, app):
    number, code = file(visitor)
    other = type(visitor)(app)
    assert other.get("/query/case").path == "/query"
    other.get("/query").send("/query", number=number, code=code.lower())
    assert (
        other.path == "/query/case"
        and "已登记" in other.text
        and "2024 年 5 月 31 日" in other.text
    )
    assert code not in other.html and code not in other.page.request.url
    cookie = other.client.get_cookie("gongkai")
    assert cookie is not None and code not in cookie.value
    other.send("/leave")
    assert other.get("/query/case").path == "/query"


def test_a_body_without_a_credit_code_files_with_proof_in_words(visitor, staff):
    """contracts/application.md: 村民小组, foreign bodies."""
    group = {**COMPANY, "org_name": "第三村民小组", "credit_code": ""}
    review(visitor, group)
    assert visitor.status == 422 and "没有的，请写明身份证明" in visitor.alert
    number, _ = file(visitor, {**group, "proof": "村民委员会出具的证明"})
    page = staff("lifang").get(f"/desk/cases/{number}")
    assert "村民委员会出具的证明" in page.text and "登记时缺少" not in page.text


def test_the_applicant_corrects_once(visitor, staff):
    number, _ = file(visitor)
    staff("lifang").act(
        number, "require_correction", reached_on="2024-05-06", defects="请写明是哪一条公路"
    )
    visitor.get("/query/case")
    assert "待补正" in visitor.text and "请写明是哪一条公路" in visitor.text
    visitor.send("/correct", text="")
    assert visitor.status == 422 and "请写明补正后的内容" in visitor.alert
    fields = {**visitor.form("/correct").fields, "text": "盘龙至平远的公路"}
    visitor.post("/query/case/correct", fields)
    assert "补正已经提交" in visitor.text
    visitor.post("/query/case/correct", fields)
    page = staff("lifang").get(f"/desk/cases/{number}")
    assert page.html.count("盘龙至平远的公路") == 1


def test_withdrawing_needs_the_tick(visitor):
    file(visitor)
    visitor.get("/query/case").send("/withdraw")
    assert visitor.status == 422 and "我确认撤回" in visitor.alert
    visitor.send("/withdraw", confirm="yes")
    assert "申请已经撤回" in visitor.text and "已终止" in visitor.text


def test_one_body_alone_needs_no_choice(app, office, visitor):
    with office.store.write() as unit:
        unit.agency("jiangna").takes_requests = False
    form = {key: value for key, value in CITIZEN.items() if key != "agency"}
    number, _ = file(visitor, form)
    assert number == "2024-0001"


def test_the_contact_that_the_body_has_set_stands_on_the_applicants_page(visitor, office):
    file(visitor)
    settings = BodySettings(office)
    settings.set_setting(None, "panlong", "contact_phone", "", "2024-01-01", "暂不公布")
    assert "有疑问请联系" not in visitor.get("/query/case").text
    for name, value in (("contact_unit", "党政办公室"), ("contact_phone", "0876-3030303")):
        settings.set_setting(None, "panlong", name, value, "2024-01-01", "公布联系方式")
    visitor.get("/query/case")
    assert "有疑问请联系政府信息公开工作机构：党政办公室，电话：0876-3030303" in visitor.text


def test_the_page_of_an_archived_case_says_how_long_it_is_kept(visitor, staff):
    number, _ = file(visitor)
    visitor.get("/query/case").send("/withdraw", confirm="yes")
    clerk = staff("lifang")
    clerk.act(number, "archive")
    assert "保管到 2054 年 12 月 31 日" in clerk.get(f"/desk/cases/{number}").text
