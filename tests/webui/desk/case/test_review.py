"""The secrecy review on its own page: item by item, without the applicant, nothing typed lost."""

from io import BytesIO

import pytest

from tests.samples import pdf
from tests.webui.filing import CITIZEN, file, judged
from workflow.service.cases.unnamed import without_applicant

NAME, PHONE = "张三丰", "13887600001"


@pytest.fixture
def sent(visitor, staff):
    """A case under review whose applicant wrote their own name and telephone into the request."""
    form = {
        **CITIZEN,
        "name": NAME,
        "phone": PHONE,
        "items": f"{NAME}户的养护合同，电话{PHONE}\n验收单",
    }
    number, _ = file(visitor, form)
    staff("lifang").act(number, "assign")
    both = {"items__1__outcome": "supplied", "items__2__outcome": "supplied"}
    staff("zhaoming").act(number, "propose_outcome", note=f"{NAME}来电问过", **both)
    staff("zhaoming").act(number, "send_to_secrecy_review")
    return number


def test_every_question_of_every_item_is_asked_and_nothing_is_chosen(staff, sent):
    page = staff("wangqiang").get(f"/desk/cases/panlong/{sent}/review")
    assert page.status == 200 and page.html.count('type="radio"') == 2 * 7 * 3
    assert " checked" not in page.html
    page.send("/review", decision="pass")
    assert page.status == 409 and "第 1 项还没有逐项核对" in page.alert
    assert 'href="#item-1"' in page.html


def test_what_was_judged_stays_when_it_is_not_taken(staff, sent):
    page = staff("wangqiang").get(f"/desk/cases/panlong/{sent}/review")
    page.send("/review", decision="pass", **{**judged(2), "items__2__privacy": "handled"})
    assert page.status == 409 and "没有写怎样处理" in page.alert
    kept = page.form("/review").fields
    assert kept["items-2-privacy"] == ["handled"] and kept["items-1-privacy"] == ["none"]
    page.send("/review", decision="pass", items__2__note="第 3 页电话号码已经隐去")
    assert page.status == 200 and "审查通过" in page.text and "有，已作处理" in page.text
    assert 'type="radio"' not in page.html


def test_it_is_sent_back_with_what_was_written_at_the_items(staff, sent):
    page = staff("wangqiang").get(f"/desk/cases/panlong/{sent}/review")
    page.send("/review", decision="return", items__2__note="先问村委会")
    assert page.status == 422 and "先问村委会" in page.html and "退回" in page.html
    page.send("/review", decision="return", reason="第三方没有问过")
    assert page.status == 200
    case = staff("zhaoming").get(f"/desk/cases/panlong/{sent}")
    assert "第三方没有问过" in case.text and "第 2 项：先问村委会" in case.text


def test_a_page_of_before_is_not_judged(staff, sent):
    page = staff("wangqiang").get(f"/desk/cases/panlong/{sent}/review")
    staff("lifang").act(sent, "record_search", sources="档案室", keywords="合同", hits="1")
    page.send("/review", decision="pass", **{**judged(2), "items__1__note": "看过第 2 页"})
    assert page.status == 412 and "又有了新的办理记录" in page.alert and "检索记录" in page.alert
    assert page.form("/review").fields["items-1-note"] == ["看过第 2 页"]


def test_the_reviewer_is_told_nothing_of_who_applies(staff, sent, office):
    reviewer = staff("wangqiang")
    for path in ("", "/review", "/flow", "/flow.svg"):
        page = reviewer.get(f"/desk/cases/panlong/{sent}{path}")
        assert page.status == 200 and NAME not in page.html and PHONE not in page.html, path
    assert "（申请人）户的养护合同" in reviewer.get(f"/desk/cases/panlong/{sent}/review").text
    for path in ("/desk/", "/desk/cases", "/desk/inbox", "/desk/morning", "/desk/record"):
        page = reviewer.get(path)
        assert NAME not in page.html and "张某" not in page.html and PHONE not in page.html, path
    assert NAME in staff("lifang").get(f"/desk/cases/panlong/{sent}").html


def test_not_even_others_see_the_applicant_on_the_page_of_the_review(staff, sent):
    page = staff("lifang").get(f"/desk/cases/panlong/{sent}/review")
    assert page.status == 200 and NAME not in page.html and 'type="radio"' not in page.html
    assert "现在不能审查" in page.text


def test_the_api_tells_the_reviewer_no_more(office, program, sent):
    called = program("wangqiang")
    answer = called.get(f"/agencies/panlong/cases/{sent}")
    assert answer.status_code == 200 and NAME not in answer.get_data(as_text=True)
    assert PHONE not in called.get("/cases").get_data(as_text=True)
    assert NAME not in called.get("/cases").get_data(as_text=True)
    clerk = program("lifang")
    clerk.headers["X-Look-Reason"] = "verify"
    assert NAME in clerk.get(f"/agencies/panlong/cases/{sent}").get_data(as_text=True)


def test_the_sheet_prints_for_the_reviewer_and_not_the_approval_form(staff, sent):
    reviewer = staff("wangqiang")
    for ending in ("pdf", "docx"):
        page = reviewer.get(f"/desk/cases/panlong/{sent}/sheets/review.{ending}")
        assert page.status == 200 and len(page.page.data) > 2000
    told = reviewer.get(f"/desk/cases/panlong/{sent}/sheets/review.json").html
    assert NAME not in told and PHONE not in told and "养护合同" in told
    assert reviewer.get(f"/desk/cases/panlong/{sent}/sheets/approval.pdf").status == 403
    assert staff("lifang").get(f"/desk/cases/panlong/{sent}/sheets/approval.json").status == 200
    assert reviewer.get(f"/desk/cases/panlong/{sent}/sheets/other.pdf").status == 404
    assert reviewer.get(f"/desk/cases/panlong/{sent}/sheets/review.exe").status == 404


def test_papers_with_the_name_stay_closed_to_the_reviewer(staff, sent):
    clerk = staff("lifang")
    for kind, name in (("supplement", "补充.pdf"), ("other", f"{NAME}合同.pdf")):
        clerk.get(f"/desk/cases/panlong/{sent}")
        clerk.send(f"/{sent}/files", kind=kind, file=(BytesIO(pdf(kind)), name))
    reviewer = staff("wangqiang")
    page = reviewer.get(f"/desk/cases/panlong/{sent}/review")
    assert "补充.pdf" not in page.html and NAME not in page.html and "合同.pdf" in page.html
    assert reviewer.get(f"/desk/cases/panlong/{sent}/files/1").status == 403
    assert reviewer.get(f"/desk/cases/panlong/{sent}/files/2").status == 200


def test_taking_the_applicant_out_twice_changes_nothing(office, sent):
    from workflow.service.cases.reading import Reading

    found = Reading(office).case(office.staff("lifang"), sent)
    once = without_applicant(found)
    assert without_applicant(once) is once and found.applicants[0].name == NAME


def test_a_name_finds_no_case_for_the_reviewer(staff, visitor):
    number, _ = file(visitor, {**CITIZEN, "name": NAME})
    assert number in staff("lifang").get(f"/desk/cases?q={NAME}").text
    assert number not in staff("wangqiang").get(f"/desk/cases?q={NAME}").text
    assert staff("wangqiang").get(f"/desk/cases?of=panlong/{number}").status == 403


def test_who_drafts_letters_is_led_to_them(staff, sent):
    page = staff("lifang").get(f"/desk/cases/panlong/{sent}/review")
    assert f'href="/desk/cases/panlong/{sent}/letters"' in page.html
    assert "/letters" not in staff("wangqiang").get(f"/desk/cases/panlong/{sent}/review").html
