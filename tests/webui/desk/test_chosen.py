"""What is done with several cases of the list at once, and the list as a file."""

import csv
import re
from collections.abc import Callable
from io import BytesIO, StringIO
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.webui.desk.test_worklist import listed, unit
from tests.webui.filing import file
from tests.webui.visitor import Visitor

Staffed = Callable[[str], Visitor]

__all__ = ["unit"]


def ticked(*which: str) -> list[str]:
    return [f"panlong/{one}" for one in which]


def test_several_are_given_at_once_and_each_once(
    visitor: Visitor, staff: Staffed, unit: str
) -> None:
    for n in range(3):
        file(visitor, items=f"养护合同 {n}")
    clerk = staff("lifang").get("/desk/")
    form = clerk.form("/worklist/assign")
    fields = {**form.fields, "case": ticked("2024-0001", "2024-0003"), "give_to": unit}
    clerk.post(form.action, fields)
    assert "已交办 2 件：2024-0001、2024-0003" in clerk.text and listed(clerk) == ["2024-0002"]
    clerk.post(form.action, fields)
    log = clerk.get("/desk/cases/panlong/2024-0001").text
    assert log.count("承办科室或人员农业中心") + log.count("承办科室或人员 农业中心") == 1, (
        "the same form again"
    )


def test_a_draft_in_hand_is_not_taken_back_by_giving_it_away(
    visitor: Visitor, staff: Staffed
) -> None:
    file(visitor, items="养护合同")
    file(visitor, items="验收单")
    clerk = staff("lifang")
    clerk.act("2024-0001", "assign", to="zhaoming")
    staff("zhaoming").act(
        "2024-0001", "propose_outcome", items__1__outcome="not_responsible",
        items__1__right_body="name", items__1__right_body__name="砚山县水务局",
        items__1__ground="由县水务局制作", items__1__right_body__contact="0876-1",
    )  # fmt: skip
    assert "已拟稿" in staff("zhaoming").text, staff("zhaoming").alert
    form = clerk.get("/desk/?view=office").form("/worklist/assign")
    clerk.post(
        form.action, {**form.fields, "case": ticked("2024-0001", "2024-0002"), "give_to": "lifang"}
    )
    assert "已交办 1 件：2024-0002" in clerk.text
    assert "2024-0001 没有交办：现在是“已拟稿”" in clerk.text
    assert "已拟稿" in clerk.get("/desk/cases/panlong/2024-0001").text


@pytest.mark.parametrize(
    ("which", "to", "said"),
    [
        ([], "zhaoming", "请先选中申请"),
        (["2024-0001"], "", "请选择交给谁"),
        (["2024-0001"], "somebody", "请从名单中选择"),
        (["2024-0001", "2024-0007"], "zhaoming", "2024-0007没有找到，可能已经移送"),
    ],
)
def test_what_lacks_is_told_and_what_was_ticked_stays(
    visitor: Visitor, staff: Staffed, which: list[str], to: str, said: str
) -> None:
    file(visitor)
    clerk = staff("lifang").get("/desk/")
    form = clerk.form("/worklist/assign")
    clerk.post(form.action, {**form.fields, "case": ticked(*which), "give_to": to})
    assert clerk.status == 422 and said in clerk.alert
    assert ('value="panlong/2024-0001" checked' in clerk.html) is bool(which)
    assert "已登记" in clerk.get("/desk/?view=office").text


def test_who_may_not_give_cases_sees_no_button_and_is_refused(
    visitor: Visitor, staff: Staffed
) -> None:
    file(visitor)
    handler = staff("zhaoming").get("/desk/?view=office")
    form = handler.form("/worklist/assign")
    assert 'id="give_to"' not in handler.html
    handler.post(form.action, {**form.fields, "case": ticked("2024-0001"), "give_to": "zhaoming"})
    assert "2024-0001 没有交办" in handler.text and "经办人" in handler.text


def test_registration_sheets_of_the_chosen_are_one_pdf(visitor: Visitor, staff: Staffed) -> None:
    for n in range(2):
        file(visitor, items=f"养护合同 {n}")
    clerk = staff("lifang").get("/desk/")
    form = clerk.form("/worklist/assign")
    clerk.post("/desk/worklist/print", {**form.fields, "case": ticked("2024-0001", "2024-0002")})
    assert clerk.page.mimetype == "application/pdf"
    pages = [page.extract_text() for page in PdfReader(BytesIO(clerk.page.data)).pages]
    assert len(pages) == 2 and "登记表" in pages[0]
    assert "2024-0001" in pages[0] and "2024-0002" in pages[1]
    clerk.post("/desk/worklist/print", {**form.fields, "case": []})
    assert clerk.status == 422 and "请先选中申请" in clerk.alert


def test_cases_of_others_are_not_among_the_chosen(visitor: Visitor, staff: Staffed) -> None:
    file(visitor)
    file(visitor, agency="jiangna")
    clerk = staff("lifang").get("/desk/")
    form = clerk.form("/worklist/assign")
    chosen = {**form.fields, "case": ["jiangna/2024-0001", "panlong/2024-0001"]}
    for action in ("print", "chosen.csv", "assign"):
        clerk.post(f"/desk/worklist/{action}", {**chosen, "give_to": "zhaoming"})
        assert clerk.status == 422 and "有的申请没有找到" in clerk.alert, "nothing of fewer"
    clerk.post("/desk/worklist/chosen.csv", {**chosen, "case": ["panlong/2024-0001", "nonsense"]})
    rows = list(csv.reader(StringIO(clerk.page.data.decode("utf-8-sig"))))
    assert [row[:2] for row in rows[1:]] == [["2024-0001", "盘龙彝族乡人民政府"]]


def test_the_list_goes_out_as_excel_and_csv_with_its_filters(
    visitor: Visitor, staff: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        file(visitor, items=f"=养护合同 {n}")
    clerk = staff("lifang").get("/desk/?view=office&state=registered")
    links = re.findall(r'href="(/desk/worklist/list\.[^"]+)"', clerk.html)
    assert [urlsplit(one).path for one in links] == [
        "/desk/worklist/list.xlsx",
        "/desk/worklist/list.csv",
        "/desk/worklist/list.csv-metadata.json",
    ]
    page = clerk.client.get(links[0].replace("&amp;", "&"))
    sheet = load_workbook(BytesIO(page.data)).active
    assert sheet is not None
    assert sheet["A1"].value == "待办 2024-05-06" and "已登记、本机关；3 件" in sheet["A2"].value
    assert [cell.value for cell in sheet[3]][:4] == ["编号", "机关", "申请内容", "申请人"]
    row = [cell.value for cell in sheet[4]]
    assert row[0] == "2024-0001" and row[2] == "=养护合同 0" and row[3] == "张某"
    assert sheet["F4"].is_date and sheet["I4"].is_date
    monkeypatch.setattr("webui.desk.chosen.EXPORTED_MOST", 2)
    page = clerk.client.get(links[1].replace("&amp;", "&"))
    rows = list(csv.reader(StringIO(page.data.decode("utf-8-sig"))))
    assert [one[0] for one in rows] == ["编号", "2024-0001", "2024-0002"] and rows[1][
        2
    ] == "'=养护合同 0"
    page = clerk.client.get("/desk/worklist/list.xlsx?view=office")
    sheet = load_workbook(BytesIO(page.data)).active
    assert sheet is not None and "共 3 件，本表只含前 2 件" in sheet["A2"].value
    assert clerk.client.get("/desk/worklist/list.doc").status_code == 404
