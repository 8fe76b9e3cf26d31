"""Paper is never refused: registered on its day with its gaps, which the form of 补正 proposes (条例29, 30)."""

import pytest
from sqlalchemy import select

from tests.webui.filing import CITIZEN
from workflow.service.cases.verify import verify
from workflow.store.models import CaseRow

LETTER = {
    "kind": "citizen", "channel": "ems", "on": "2024-05-06", "items": "养护合同", "agency": "panlong",
    "delivery": [], "medium": [],
}  # fmt: skip


def register(page, **typed):
    return page.get("/desk/register").send("/desk/register", **{**LETTER, **typed})


@pytest.mark.parametrize("channel", ["ems", "in_person", "oral"])
def test_a_letter_with_a_name_alone_is_registered_on_its_day(staff, channel):
    read = {"read_back": "y"} if channel == "oral" else {}
    page = register(staff("lifang"), name="张三", channel=channel, **read)
    assert page.path == "/desk/register/done" and "2024-0001" in page.text
    assert "来件缺少的" in page.text and "没有身份证明" in page.text
    link = "/desk/cases/panlong/2024-0001/letters/correction_notice?event=require_correction"
    assert f'href="{link}">写补正告知书' in page.html
    case = page.get("/desk/cases/2024-0001")
    for words in (
        "登记时缺少",
        "没有身份证明",
        "没有联系方式",
        "没有写明怎样提供",
        "没有写明要哪种载体",
    ):
        assert words in case.text
    assert "2024 年 5 月 31 日" in case.text  # the twentieth working day after the 6th of May


def test_no_correction_is_asked_before_the_day_of_receipt_is_known(staff):
    page = register(staff("lifang"), name="张三", channel="ordinary_mail", on="2024-05-06")
    assert "来件缺少的" in page.text and "确认收到之后" in page.text
    assert "写补正告知书" not in page.text


def test_each_gap_is_a_ticked_ground_of_the_correction(staff, office):
    page = register(staff("lifang"), name="张三").get("/desk/cases/2024-0001")
    fields = page.form("/events/require_correction").fields
    assert {name for name in fields if name.startswith("defects-")} == {
        "defects-identity", "defects-contact", "defects-delivery", "defects-medium",
    }  # fmt: skip
    assert {name for name in fields if name.startswith("grounds-")} == {
        "grounds-identity", "grounds-contact", "grounds-form",
    }  # fmt: skip
    kept = {name: value for name, (value, *_) in fields.items() if name != "defects-medium"}
    page.post(
        "/desk/cases/panlong/2024-0001/events/require_correction",
        {**kept, "reached_on": "2024-05-06", "defects": "请写明是哪一年的合同"},
    )
    assert page.status == 200, page.alert
    with office.store.read() as unit:
        (case,) = unit.session.scalars(select(CaseRow))
        said = case.log[-1].fields
    assert len(said["defects"]) == 4 and said["defects"][-1] == "请写明是哪一年的合同"
    assert said["defects"][0].startswith("请提供身份证明")
    assert said["grounds"] == ["identity", "contact", "form"]
    assert "已经通知过补正" in page.get("/desk/cases/2024-0001").text
    assert verify(office) == []


def test_ticks_stay_after_a_slip(staff):
    page = register(staff("lifang"), name="张三").get("/desk/cases/2024-0001")
    fields = {
        name: value for name, (value, *_) in page.form("/events/require_correction").fields.items()
    }
    del fields["defects-contact"]
    page.post(
        "/desk/cases/panlong/2024-0001/events/require_correction",
        {**fields, "reached_on": "", "deadline_on": "2024-05-0x", "defects": "请写明年度"},
    )
    assert page.status == 422
    again = page.form("/events/require_correction").fields
    assert "defects-identity" in again and "defects-contact" not in again
    assert again["defects"] == ["请写明年度"]


def test_a_visitor_without_a_name_is_described(staff, office):
    page = register(staff("lifang"), name="", items="")
    assert page.status == 422
    assert "一位来访者" in page.alert and "申请内容不明确" in page.alert
    for _ in range(2):
        page = register(
            page,
            name="",
            who="一位来访的老人",
            items="",
            unclear="y",
            channel="oral",
            read_back="y",
        )
        assert page.path == "/desk/register/done"
    case = page.get("/desk/cases/2024-0002")
    assert "一位来访的老人" in case.text and "来件没有写明需要的信息" in case.text
    assert "没有写明姓名或者名称" in case.text and "申请内容不明确" in case.text
    assert "2024-0001" not in case.text, "two people without a name are not one applicant"


def test_a_number_that_cannot_be_right_is_asked_back_and_then_kept(staff):
    wrong = {**CITIZEN, "id_number": "110105194912310021", "phone": "1380000"}
    page = register(staff("lifang"), **wrong)
    assert page.status == 422 and "最后一位（校验码）" in page.alert
    assert "来件上就是这样写的" in page.text
    page.send("/desk/register", as_written="y")
    assert page.path == "/desk/register/done"
    case = page.get("/desk/cases/2024-0001")
    assert "身份证件号码或者代码有误" in case.text and "联系电话有误" in case.text


def test_nothing_is_ticked_that_the_paper_does_not_say(staff):
    fields = staff("lifang").get("/desk/register").form("/desk/register").fields
    assert not {"delivery", "medium", "accept_other_form", "unclear", "as_written"} & set(fields)


def test_an_unknown_column_is_told_at_its_field(staff, counted):
    """law.md §6.7: never silently 其他."""
    company = {"kind": "organisation", "org_name": "某公司", "category": "companies"}
    page = register(staff("lifang"), **company)
    assert page.status == 422 and "年报统计类别" in page.alert and counted() == 0


def test_a_body_without_a_code_is_registered_with_its_proof(staff):
    page = register(
        staff("lifang"), kind="organisation", org_name="第三村民小组", proof="村委会证明", contact="李四",
        phone="0876-3123456", delivery=["pickup"], medium=["paper"],
    )  # fmt: skip
    case = page.get("/desk/cases/2024-0001")
    assert "村委会证明" in case.text and "登记时缺少" not in case.text and "其他" in case.text
