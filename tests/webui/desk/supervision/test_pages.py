"""The pages of a supervising body, of who answers it and of who looks over, as people use them."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.webui.conftest import Today
from tests.webui.filing import file
from tests.webui.visitor import Visitor
from workflow.service import Office
from workflow.service.supervision.hastening import Hastening

LATE = "2024-0001"


@pytest.fixture
def people(
    today: Today, visitor: Visitor, staff: Callable[[str], Visitor]
) -> Callable[[str], Visitor]:
    """An application was filed in panlong on 6 May; today it is late by seven working days."""
    file(visitor)
    today.is_("2024-06-12")
    return staff


def test_from_the_county_to_the_clerk_and_back(
    people: Callable[[str], Visitor], today: Today
) -> None:
    county = people("county").get("/desk/supervision")
    assert county.status == 200 and "2 个下级机关现在怎样" in county.text
    assert (
        f"盘龙彝族乡人民政府：{LATE} 逾期 7 个工作日" in county.text and "还没有催过" in county.text
    )
    assert "张三" not in county.text and "2024 年 6 月 12 日" in county.text
    county.send("/supervision/hasten")
    assert f"已催办 1 件：{LATE}" in county.text and "6 月 12 日催办，还没有答复" in county.text
    county.send("/supervision/hasten")
    assert f"1 件今天已经催办过：{LATE}" in county.text

    clerk = people("lifang").get("/desk/inbox")
    assert "主管部门催办：申请 2024-0001 的答复期限是" in clerk.text
    clerk.get(f"/desk/cases/panlong/{LATE}")
    assert "主管部门催办" in clerk.text and "逾期 7 个工作日。催办不改变期限" in clerk.text
    clerk.send("/hastenings/1", answer="", done_by="2024-06-11")
    assert clerk.status == 422 and "请写明怎样办" in clerk.text and "不能早于今天" in clerk.text
    clerk.send("/hastenings/1", answer="材料已找齐，十四日交邮", done_by="2024-06-14")
    assert "已答复 2024-0001 的催办" in clerk.text

    county.get("/desk/supervision")
    assert "答：“材料已找齐，十四日交邮”，6 月 14 日办好" in county.text
    assert "已答复申请 2024-0001 的催办" in county.get("/desk/inbox").text


def test_the_answer_stands_on_the_page_of_the_case(people: Callable[[str], Visitor]) -> None:
    people("county").get("/desk/supervision").send("/supervision/hasten")
    clerk = people("lifang").get(f"/desk/cases/panlong/{LATE}")
    clerk.send("/hastenings/1", answer="今天寄出", done_by="2024-06-12")
    assert clerk.path.endswith(LATE) and "已答复：“今天寄出”" in clerk.text
    assert "0 件等待答复" in clerk.get("/desk/hastenings").text


def test_no_answer_is_marked(
    people: Callable[[str], Visitor], office: Office, today: Today
) -> None:
    county = people("county").get("/desk/supervision").send("/supervision/hasten")
    today.is_("2024-06-18")
    person = office.staff("county")
    assert person is not None
    assert "4 个工作日没有答复" in county.signed_in(person).get("/desk/supervision").text


def test_several_are_hastened_from_the_list(people: Callable[[str], Visitor]) -> None:
    county = people("county").get("/desk/supervision/lists/late")
    assert "逾期 7 个工作日 红牌" in county.text
    county.send("/supervision/hasten", case=[f"panlong/{LATE}", "panlong/2024-0009", "nonsense"])
    assert county.path == "/desk/supervision/lists/late"
    assert "已催办 1 件" in county.text and "2 件已经不在清单里" in county.text
    county.send("/supervision/hasten", case=[])
    assert county.status == 422 and "请选择要催办的申请" in county.alert


def test_a_list_is_a_workbook_and_csv_too(people: Callable[[str], Visitor]) -> None:
    county = people("county")
    made = county.get("/desk/supervision/lists/late/xlsx").page.get_data()
    sheet = load_workbook(BytesIO(made)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "砚山县人民政府下级机关：已逾期，没有答复"
    assert rows[3][:2] == ("盘龙彝族乡人民政府", LATE) and rows[3][3:5] == (7, "红牌")
    said = county.get("/desk/supervision/lists/late/csv").page.get_data().decode("utf-8-sig")
    assert f"盘龙彝族乡人民政府,{LATE},2024-05-31,7,红牌" in said and "张三" not in said
    for wrong in ("late/pdf", "nothing/xlsx"):
        assert county.get(f"/desk/supervision/lists/{wrong}").status == 404
    assert county.get("/desk/supervision/lists/nothing").status == 404


def test_each_point_has_its_ground(people: Callable[[str], Visitor]) -> None:
    county = people("county").get("/desk/supervision/score/panlong")
    assert "盘龙彝族乡人民政府 2024 年计分 −1" in county.text
    assert "还没有答复，已经逾期 7 个工作日" in county.text
    assert "没有失分" in county.get("/desk/supervision/score/panlong?year=2023").text
    assert county.get("/desk/supervision/score/yanshan").status == 404


def test_a_body_with_nobody_below_is_told_so_and_has_no_link(
    people: Callable[[str], Visitor],
) -> None:
    clerk = people("lifang").get("/desk/supervision")
    assert clerk.status == 200 and "本机关没有下级机关" in clerk.text
    assert '/desk/supervision"' not in clerk.get("/desk/").html
    assert '/desk/supervision"' in people("county").get("/desk/").html
    assert people("wangqiang").get("/desk/supervision").status == 403


def test_another_body_s_answer_is_not_written(
    people: Callable[[str], Visitor], office: Office
) -> None:
    people("county").get("/desk/supervision").send("/supervision/hasten")
    stranger = people("sunli").get("/desk/hastenings")
    token = stranger.get("/desk/password").form("/desk/password").fields["csrf_token"]
    stranger.post(
        "/desk/hastenings/1", {"csrf_token": token, "answer": "好", "done_by": "2024-06-14"}
    )
    assert stranger.status == 404
    chen = office.staff("chen")
    assert chen is not None and Hastening(office).waiting(chen) == 1


def test_the_leader_sees_it_on_one_page(people: Callable[[str], Visitor]) -> None:
    chen = people("chen").get("/desk/dashboard")
    assert "等我签发 0 件" in chen.text and "已逾期 1 件" in chen.text
    assert f'/desk/cases/panlong/{LATE}"' in chen.html
    assert "等待签发" in people("lifang").get("/desk/dashboard").text
    assert people("wangqiang").get("/desk/dashboard").status == 403
    assert chen.get("/desk/dashboard?at=jiangna").status == 404


def test_the_figures_are_a_workbook(people: Callable[[str], Visitor]) -> None:
    made = people("chen").get("/desk/dashboard/xlsx").page.get_data()
    names = load_workbook(BytesIO(made)).sheetnames
    assert names == [
        "谁手上有多少", "谁办结多少，用多少天", "每月新收和办结", "办理结果", "办理用时", "历年对比",
        "用时最长的申请", "各栏说明",
    ]  # fmt: skip
    assert people("chen").get("/desk/dashboard/csv").status == 200
    assert people("chen").get("/desk/dashboard/pdf").status == 404


def test_the_audit_is_read_by_who_administers(
    people: Callable[[str], Visitor], today: Today
) -> None:
    admin = people("guanli").get("/desk/staff")
    admin.send("/desk/staff", name="newone", display_name="新人", roles=["clerk"])
    page = admin.get("/desk/audit")
    assert "新建人员" in page.text and "新人（newone）" in page.text and "角色 经办人" in page.text
    assert "没有这样的记录" in admin.get("/desk/audit?action=user_disabled").text
    assert "新人" in admin.get("/desk/audit?person=newone&first=2024-06-12&last=nonsense").text
    assert "没有这样的记录" in admin.get("/desk/audit?last=2024-06-11").text
    sheet = load_workbook(BytesIO(admin.get("/desk/audit/xlsx").page.get_data())).active
    assert sheet is not None and sheet["B4"].value.date() == date(2024, 6, 12)
    assert "增加角色" in admin.get("/desk/audit/csv").page.get_data().decode("utf-8-sig")
    assert admin.get("/desk/audit/pdf").status == 404
    assert people("lifang").get("/desk/audit").status == 403
