"""Who asks is masked at the desk, and whole only for who says why they look; each look stands in the audit."""

from io import BytesIO

import pytest
from sqlalchemy import select

from tests.webui.desk.case.test_files import PNG, at_desk, picked
from tests.webui.filing import file
from workflow.store.staff_models import AuditRow

WHOLE = ("张三", "11010519491231002X", "13800000000", "云南省文山州砚山县盘龙乡小石桥村 8 号", "zhangsan@example.com")  # fmt: skip
PAGES = ("", "/sign", "/file", "/letters", "/searches", "/review", "/applicant")


@pytest.fixture
def number(visitor):
    return file(visitor, address=WHOLE[3], email=WHOLE[4], delivery="mail")[0]


def looked(office):
    with office.store.read() as unit:
        query = select(AuditRow).where(AuditRow.action == "applicant_shown").order_by(AuditRow.id)
        return [(one.actor, one.about, one.details) for one in unit.session.scalars(query)]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["lifang", "chen"])
def test_no_page_shows_who_asks(staff, number, who, page):
    found = staff(who).get(f"/desk/cases/{number}{page}").html
    assert [one for one in WHOLE if one in found] == []


def test_lists_show_no_more(staff, number):
    for page in ("/desk/", "/desk/cases", "/desk/cases?q=养护"):
        found = staff("lifang").get(page).html
        assert [one for one in WHOLE if one in found] == []


def test_the_card_tells_enough_to_know_whom_one_speaks_to(staff, number):
    text = staff("lifang").get(f"/desk/cases/{number}").text
    for masked in (
        "张某",
        "110*************2X",
        "138****0000",
        "z***@example.com",
        "云南省文山州****",
    ):
        assert masked in text, masked


def test_a_reason_shows_it_once_and_is_noted(staff, office, number):
    clerk = staff("lifang").get(f"/desk/cases/{number}")
    clerk.send("/applicant", reason="contact")
    assert clerk.status == 200 and [one for one in WHOLE if one not in clerk.text] == []
    assert clerk.page.headers["Cache-Control"] == "no-store"
    assert looked(office) == [("lifang", number, {"reason": "contact"})]
    again = clerk.get(f"/desk/cases/{number}/applicant")
    assert [one for one in WHOLE if one in again.html] == []
    assert "与申请人联系" in again.text and "谁看过" in again.text
    assert len(looked(office)) == 1


@pytest.mark.parametrize(
    ("reason", "words", "told"),
    [("", "", "请选择为什么要看"), ("nosiness", "", "请选择为什么要看"),
     ("other", "  ", "请写明为什么要看"), ("contact", "字" * 101, "最多 100 个字")],
)  # fmt: skip
def test_without_a_reason_nothing_is_shown_or_noted(staff, office, number, reason, words, told):
    clerk = staff("lifang").get(f"/desk/cases/{number}")
    clerk.send("/applicant", reason=reason, words=words)
    assert clerk.status == 422 and told in clerk.alert
    assert [one for one in WHOLE if one in clerk.html] == [] and looked(office) == []
    assert words.strip() in clerk.html


def test_what_is_written_beside_the_reason_names_nobody(staff, office, number):
    clerk = staff("lifang").get(f"/desk/cases/{number}")
    clerk.send("/applicant", reason="other", words="核对 13800000000 这个号码")
    assert looked(office) == [
        ("lifang", number, {"reason": "other", "words": "核对 （申请人） 这个号码"})
    ]


def test_who_need_not_know_is_shown_nothing(staff, office, number):
    reviewer = staff("wangqiang").get(f"/desk/cases/{number}")
    assert "/applicant" not in reviewer.html
    assert reviewer.get(f"/desk/cases/{number}/applicant").status == 403
    token = reviewer.get("/desk/password").form("/desk/password").fields["csrf_token"]
    reviewer.post(f"/desk/cases/{number}/applicant", {"csrf_token": token, "reason": "contact"})
    assert reviewer.status == 403 and looked(office) == []
    assert staff("sunli").get(f"/desk/cases/{number}/applicant").status == 404


def test_the_proof_lies_beside_the_number_for_who_may_open_it(staff, number):
    at_desk(staff, "lifang", number, kind="id_proof", file=picked("身份证.png", PNG))
    at_desk(staff, "lifang", number, kind="id_proof", file=(BytesIO(b"%PDF-1.4 x"), "x.pdf"))
    clerk = staff("lifang").get(f"/desk/cases/{number}").send("/applicant", reason="verify")
    assert f'<img class="proof" src="/desk/cases/panlong/{number}/files/1"' in clerk.html
    legal = staff("falv").get(f"/desk/cases/{number}").send("/applicant", reason="verify")
    assert WHOLE[1] in legal.text and "<img" not in legal.html
    assert "没有查看身份证明的权限" in legal.text


def test_the_list_of_changes_of_people_is_not_filled_with_looks(staff, number):
    staff("lifang").get(f"/desk/cases/{number}").send("/applicant", reason="contact")
    assert "查看申请人信息" not in staff("guanli").get("/desk/staff").text
