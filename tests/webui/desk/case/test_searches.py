"""Search records on their own page, and the redaction log of the draft (条例36(4), 37)."""

import re
from hashlib import sha256
from io import BytesIO

import pytest

from tests.samples import pdf
from tests.webui.desk.case.test_draft import assigned, second
from tests.webui.filing import SEARCHED, file

TOLD = {
    "sources": "综合档案室\n财务系统", "keywords": "竣工验收单", "synonyms": "验收报告\n交工验收", "hits": "0",
    "period": "2022 年至 2023 年", "scope": "full_text", "searched_by": "王五", "item": "2",
}  # fmt: skip
ASKED = {
    "asked__1__unit": "农业中心", "asked__1__answer": "没有制作过验收单", "asked__1__by": "赵六",
    "asked__1__on": "2024-05-06",
}  # fmt: skip


@pytest.fixture
def case(visitor, staff):
    return assigned(visitor, staff)


def page_of(staff, number):
    return staff("zhaoming").get(f"/desk/cases/panlong/{number}/searches")


def test_a_record_says_where_how_and_who_was_asked(staff, case):
    page = page_of(staff, case)
    assert "这一项还没有检索记录" in page.text
    page.send("/searches", **TOLD, **ASKED)
    assert page.status == 200, page.alert
    for said in (
        "验收报告",
        "王五",
        "农业中心：没有制作过验收单（赵六，2024 年 5 月 6 日）",
        "2022 年至 2023 年",
    ):
        assert said in page.text, said
    assert "还应当" not in page.text
    sheet = staff("lifang").get(f"/desk/cases/panlong/{case}/sheets/search.json").html
    assert "交工验收" in sheet and "农业中心：没有制作过验收单" in sheet and "王五" in sheet


@pytest.mark.parametrize(
    ("rest", "words"),
    [("", ""), ("?item=2", "竣工验收单"), ("?item=0", ""), ("?item=3", ""), ("?item=x", "")],
)
def test_the_words_of_the_applicant_stand_there_to_be_searched_for(staff, case, rest, words):
    page = staff("zhaoming").get(f"/desk/cases/panlong/{case}/searches{rest}")
    assert page.form("/searches").fields["keywords"] == [words]


def test_the_only_item_is_searched_for_in_its_words_and_the_case_is_one_step_away(visitor, staff):
    number, _ = file(visitor, items="采矿许可证")
    staff("lifang").act(number, "assign")
    page = page_of(staff, number)
    assert page.form("/searches").fields["keywords"] == ["采矿许可证"]
    assert "回到这件申请" not in page.text
    page.send("/searches", sources="档案室", hits="0")
    assert page.status == 200 and "回到这件申请" in page.text


def test_what_a_court_would_ask_for_is_told_and_refuses_nothing(staff, case):
    """practice.md §7, cases 8 to 11."""
    page = page_of(staff, case)
    page.send(
        "/searches", sources="办公系统", keywords="竣工验收单", hits="0", item="2", scope="title"
    )
    assert page.status == 200
    for said in ("只查了一处", "没有查纸质档案", "只用了申请人的原话", "只查了题名", "没有询问"):
        assert said in page.text, said


def test_what_was_typed_stays_where_something_is_wrong(staff, case):
    page = page_of(staff, case)
    page.send("/searches", **{**TOLD, "hits": "很多"}, asked__1__unit="农业中心")
    assert page.status == 422 and "查到几件" in page.alert
    page.send("/searches", hits="0")
    assert page.status == 422 and 'href="#search-asked-1-answer"' in page.html
    kept = page.form("/searches").fields
    assert kept["synonyms"] == ["验收报告\n交工验收"] and kept["asked-1-unit"] == ["农业中心"]
    assert page_of(staff, case).text.count("还没有检索记录") == 2


def test_a_record_on_a_page_of_before_is_not_kept(staff, case):
    page = page_of(staff, case)
    staff("lifang").act(case, "record_search", **SEARCHED)
    page.send("/searches", **TOLD)
    assert page.status == 412 and "又有了新的办理记录" in page.alert
    assert page.form("/searches").fields["searched_by"] == ["王五"]


def partial(**more):
    return second("partial", ground="含有村民的身份证号码，与公开的目的无关", **more)


ONE = {
    "redactions__0__place": "第 3 页名册", "redactions__0__withheld": "身份证号码",
    "redactions__0__given": "姓名和金额", "redactions__0__ground": "个人隐私，条例15",
}  # fmt: skip


def test_the_redaction_log_goes_place_by_place_into_case_and_sheets(staff, case):
    page = staff("zhaoming").act(case, "propose_outcome", **partial(**ONE))
    assert page.status == 200, page.alert
    said = "第 3 页名册：身份证号码不予公开；提供姓名和金额；理由：个人隐私，条例15"
    assert said in page.text
    assert page.form("/events/propose_outcome").fields["items-2-redactions-0-given"] == [
        "姓名和金额"
    ]
    for sheet in ("review", "approval"):
        told = staff("lifang").get(f"/desk/cases/panlong/{case}/sheets/{sheet}.json")
        assert told.status == 200
        if sheet == "review":
            assert "身份证号码不予公开" in told.html


def test_a_place_lacks_its_ground_and_a_number_is_never_kept(staff, case):
    page = staff("zhaoming").act(case, "propose_outcome", **partial(redactions__0__place="第 3 页"))
    assert (
        page.status == 422 and 'href="#propose_outcome-items-2-redactions-0-withheld"' in page.html
    )
    page.send("/events/propose_outcome", items__2__redactions__0__withheld="530102199003071234",
              items__2__redactions__0__ground="个人隐私")  # fmt: skip
    assert page.status == 409 and "写了号码本身" in page.alert
    assert "还没有" in staff("zhaoming").get(f"/desk/cases/panlong/{case}").text


def upload(staff, case, kind, name):
    clerk = staff("lifang").get(f"/desk/cases/panlong/{case}")
    clerk.send(f"/{case}/files", kind=kind, file=(BytesIO(pdf(name)), f"{name}.pdf"))
    return sha256(pdf(name)).hexdigest()


def test_the_file_that_goes_out_stands_beside_the_one_that_stays(staff, case):
    whole, other = (upload(staff, case, "other", name) for name in ("whole", "other"))
    covered = upload(staff, case, "reply", "covered")
    said = {"pairs__0__original": whole, "pairs__0__redacted": other}
    page = staff("zhaoming").act(case, "propose_outcome", **partial(**ONE, **said))
    assert page.status == 422 and "请按“答复及附件”上传" in page.alert
    assert 'href="#propose_outcome-items-2-pairs-0-redacted"' in page.html
    page.send("/events/propose_outcome", items__2__pairs__0__redacted=covered)
    assert page.status == 200 and "whole.pdf → covered.pdf" in page.text
    page.send("/events/propose_outcome", items__2__pairs__0__original="0" * 64)
    assert page.status == 422 and "不在本件的材料里" in page.alert


def test_the_answer_of_a_unit_is_a_file_of_the_case(staff, case):
    hash_ = upload(staff, case, "other", "answer")
    page = page_of(staff, case)
    page.send("/searches", **TOLD, **ASKED, asked__1__file=hash_)
    assert page.status == 200, page.alert
    page.send("/searches", **TOLD, **ASKED, asked__1__file="0" * 64)
    assert page.status == 422 and 'href="#search-asked-1-file"' in page.html


def test_a_wrong_entry_shows_the_answers_of_units_as_lines(staff, case):
    page_of(staff, case).send("/searches", **TOLD, **ASKED)
    page = staff("lifang").get(f"/desk/cases/panlong/{case}")
    seq = max(int(n) for n in re.findall(r'<option value="(\d+)">第 \d+ 条', page.html))
    page = page.get(f"/desk/cases/panlong/{case}?correct={seq}")
    kept = page.form("/events/correct_entry").fields
    assert kept["right-asked"] == ["农业中心：没有制作过验收单（赵六，2024 年 5 月 6 日）"]
    assert kept["right-synonyms"] == ["验收报告\n交工验收"]
