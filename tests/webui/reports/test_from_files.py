"""Reports that come to the county as files: read, judged, counted as printed, replaced by the next one."""

from io import BytesIO

import pytest

from tests.examples import ACCEPTANCE
from tests.workflow.report.reports_made import published
from workflow.report.writing import WRITERS
from workflow.service.accounts import Accounts

TABLES = ACCEPTANCE / "tables"
PAGE = "/desk/reports/yanshan/2022/below"


@pytest.fixture
def county(staff, today):
    today.is_("2023-02-06")
    return staff("county")


def file_of(slug, ending="json"):
    if ending == "json":
        return BytesIO((TABLES / f"{slug}.json").read_bytes()), f"{slug}.json"
    return BytesIO(WRITERS[ending].write(published(slug))), f"{slug}.{ending}"


def send(page, child, file, **typed):
    token = page.get(PAGE).form(f"{PAGE}/file").fields["csrf_token"]
    return page.post(f"{PAGE}/file", {"csrf_token": token, "child": child, "file": file, **typed})


def test_a_file_of_another_body_asks_once_and_is_then_counted(county):
    asked = send(county, "panlong", file_of("pingtan_scj_2022"))
    assert asked.status == 422 and "请勾选后再提交" in asked.text
    assert 'name="surely_its"' in asked.html and "surely_its：" not in asked.text
    assert "未报送" in county.get(PAGE).text
    sent = send(county, "panlong", file_of("pingtan_scj_2022"), surely_its="1")
    assert sent.status == 200 and "已收" in sent.text
    page = county.get(PAGE)
    assert "已报送" in page.text and "按文件代收" in page.text
    new = published("pingtan_scj_2022").cell3("new_received")
    cell = county.get(f"{PAGE}/table3/new_received/total")
    assert f"各机关合计 {new}" in cell.text and "盘龙彝族乡人民政府" in cell.text


def test_what_does_not_add_up_is_counted_as_printed_and_named(county):
    sent = send(county, "panlong", file_of("pingtan_jsp_2022"), surely_its="1")
    assert "处勾稽不成立" in sent.text
    report = county.get("/desk/reports/panlong/2022/report")
    assert "由主管部门按文件代收" in report.text and "（七）总计为 0" in report.text
    assert "公布后变动" not in report.text and "签批后变动" not in report.text


@pytest.mark.parametrize("ending", ["xlsx", "docx", "html"])
def test_every_kind_of_file_is_taken(county, ending):
    sent = send(county, "panlong", file_of("pingtan_zrz_2022", ending), surely_its="1")
    assert sent.status == 200 and "勾稽关系成立" in sent.text
    assert county.get("/desk/reports/panlong/2022/report").status == 200


def test_a_later_file_takes_the_place_of_the_first(county):
    send(county, "panlong", file_of("pingtan_scj_2022"), surely_its="1")
    send(county, "panlong", file_of("pingtan_zrz_2022"), surely_its="1")
    new = published("pingtan_zrz_2022").cell3("new_received")
    assert f"各机关合计 {new}" in county.get(f"{PAGE}/table3/new_received/total").text
    earlier = county.get("/desk/reports/panlong/2022/report?version=1")
    assert earlier.status == 200 and "这是第 1 版" in earlier.text


def test_it_can_be_sent_back_and_comes_again(county, office, staff):
    with office.store.write() as unit:
        Accounts(office).add_user(
            unit, name="county", agency=unit.agency("yanshan"), roles=("office_head",)
        )
    send(county, "panlong", file_of("pingtan_jsp_2022"), surely_its="1")
    path = "/desk/reports/panlong/2022/report"
    token = county.get(path).form(f"{path}/steps/return").fields["csrf_token"]
    county.post(f"{path}/steps/return", {"csrf_token": token, "note": "总计一行全是 0"})
    assert "已退回，待重新报送" in county.get(PAGE).text
    send(county, "panlong", file_of("pingtan_zrz_2022"), surely_its="1")
    assert "已退回" not in county.get(PAGE).text


def test_nobody_works_on_at_a_report_that_came_as_a_file(county, office, staff):
    """Its own office has no cases behind it here: signed anew it would be nought."""
    with office.store.write() as unit:
        Accounts(office).add_user(
            unit, name="county", agency=unit.agency("yanshan"), roles=("office_head",)
        )
    send(county, "panlong", file_of("pingtan_zrz_2022"), surely_its="1")
    path = "/desk/reports/panlong/2022/report"
    token = county.get(path).form(f"{path}/steps/return").fields["csrf_token"]
    county.post(f"{path}/steps/return", {"csrf_token": token, "note": "请核对"})
    head = staff("chen")
    token = head.get("/desk/password").form("/desk/password").fields["csrf_token"]
    for part, typed in (("steps/check", {}), ("texts/problems", {"text": "无"})):
        answer = head.post(f"{path}/{part}", {"csrf_token": token, **typed})
        assert answer.status == 409 and "按文件代收" in answer.text
    new = published("pingtan_zrz_2022").cell3("new_received")
    assert str(new) in head.get(path).text


def test_files_that_are_no_report_of_the_year_leave_nothing(county):
    for file, said in (
        (file_of("pingtan_zrz_2023"), "不能计入 2022 年的汇总"),
        ((BytesIO(b"MZ\x90\x00"), "a.exe"), ""),
        ((BytesIO(b"{}"), "empty.json"), ""),
        ((BytesIO("秘密★5年 某某".encode()), "x.txt"), ""),
    ):
        answer = send(county, "panlong", file, surely_its="1")
        assert answer.status == 422 and said in answer.text, file[1]
        assert "收进来" in answer.text
    assert county.post(f"{PAGE}/file", {}).status == 400
    assert "按文件代收" not in county.get(PAGE).text


def test_only_the_supervising_office_takes_reports_in(county, staff, office):
    clerk = staff("lifang")
    token = clerk.get("/desk/password").form("/desk/password").fields["csrf_token"]
    for agency in ("yanshan", "panlong"):
        path = f"/desk/reports/{agency}/2022/below/file"
        sent = {"csrf_token": token, "child": "jiangna", "file": file_of("pingtan_scj_2022")}
        assert clerk.post(path, sent).status == 404
    # Its own head is not above it, nor is the county below the township.
    county = staff("county")
    assert send(county, "yanshan", file_of("pingtan_scj_2022"), surely_its="1").status == 404
    assert send(county, "nowhere", file_of("pingtan_scj_2022"), surely_its="1").status == 404


def test_a_body_that_draws_up_its_own_report_hands_it_in_itself(county, staff):
    clerk = staff("lifang")
    path = "/desk/reports/panlong/2022/report"
    token = clerk.get(path).form(f"{path}/draft").fields["csrf_token"]
    clerk.post(f"{path}/draft", {"csrf_token": token})
    page = county.get(PAGE)
    assert 'value="jiangna">' in page.html.partition("take-child")[2]
    assert 'value="panlong">' not in page.html.partition("take-child")[2].partition("</select>")[0]
    refused = send(county, "panlong", file_of("pingtan_scj_2022"), surely_its="1")
    assert refused.status == 409 and "在本系统里编制" in refused.text


def test_the_governments_own_report_holds_what_came_as_a_file(county):
    send(county, "panlong", file_of("pingtan_zrz_2022"), surely_its="1")
    page = county.get("/desk/reports/yanshan/2022/report")
    new = published("pingtan_zrz_2022").cell3("new_received")
    assert f"新收政府信息公开申请 {new} 件" in page.text


def test_a_table_two_of_the_old_layout_is_kept_and_shown_and_left_out_of_the_sum(county):
    data = (ACCEPTANCE / "report_inputs" / "old_table2_new_table3.html").read_bytes()
    data = data.replace("2021年".encode(), "2022年".encode())
    sent = send(county, "panlong", (BytesIO(data), "年报.html"), surely_its="1")
    assert sent.status == 200 and "已收" in sent.text
    report = county.get("/desk/reports/panlong/2022/report")
    assert report.status == 200
    assert "对外公开总数量" in report.text and "1888" in report.text
    page = county.get(PAGE)
    assert page.status == 200 and "表二用的是 2019 年格式" in page.text
