"""The file of a case on its page: what is in it and where, what is missing, and what is handed out."""

import io
import re
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from tests.samples import png
from tests.webui.desk.case.test_files import at_desk, picked, served
from tests.webui.filing import file
from workflow.service.packages import broken_in


@pytest.fixture
def number(visitor: Any, staff: Any, office: Any) -> str:
    """A served case with a proof of identity and another paper; that of its service may come later."""
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        unit.set_setting(body, "service_proof", "scan_later", date(2000, 1, 1), "扫描仪送修")
    number, _ = file(visitor)
    at_desk(staff, "lifang", number, kind="id_proof", file=picked())
    at_desk(staff, "lifang", number, kind="other", file=picked("说明.png", png()))
    served(staff, number, proof_file=None)
    return str(number)


def of(number: str, rest: str = "") -> str:
    return f"/desk/cases/panlong/{number}/file{rest}"


def rows(page: Any) -> list[list[str]]:
    """The cells of the list of contents."""
    found = re.findall(r"<tr><td.*?</tr>", page.html, re.S)
    return [
        [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in re.findall(r"<td.*?</td>", row, re.S)]
        for row in found
    ]  # fmt: skip


def test_page_lists_what_is_in_the_file_with_its_pages_and_what_is_missing(
    staff: Any, number: str
) -> None:
    number = number
    page = staff("lifang").get(f"/desk/cases/{number}")
    assert of(number) in page.html
    listed = rows(page.get(of(number)))
    names = [row[1].split(" ")[0] for row in listed]
    assert names[:3] == ["政府信息公开申请书及收到凭证", "身份证明", "接收回执"]
    assert [row[4] for row in listed][:3] == ["1", "不公开 1", "2"]
    assert {row[1].split(" ")[0] for row in listed if row[4] == "待附"} == {"送达回证、邮寄凭证"}
    assert "登记了而案卷中没有的" in page.text
    assert "申请复议的期限至" in page.text


def test_page_and_package_have_the_same_pages(staff: Any, number: str) -> None:
    page = staff("lifang").get(of(number))
    listed = {row[0]: row[4] for row in rows(page)}
    package = page.get(of(number, "/archive")).page.data
    assert broken_in(package) == []
    with ZipFile(io.BytesIO(package)) as opened:
        lines = opened.read("卷内目录.csv").decode("utf-8-sig").splitlines()[1:]
    assert {line.split(",")[0]: line.split(",")[5] for line in lines} == listed


def test_pages_move_when_a_paper_is_uploaded(staff: Any, number: str) -> None:
    number = number
    before = rows(staff("lifang").get(of(number)))
    at_desk(staff, "lifang", number, kind="proof_of_service", file=picked("回证.png", png()))
    after = rows(staff("lifang").get(of(number)))
    assert [row[4] for row in before if "送达回证" in row[1]] == ["待附"]
    assert [row[4] for row in after if "送达回证" in row[1]] != ["待附"]


def test_bundle_comes_as_pdf_and_package_as_zip(staff: Any, number: str) -> None:
    clerk = staff("lifang")
    bundle = clerk.get(of(number, "/evidence")).page
    assert (bundle.status_code, bundle.mimetype) == (200, "application/pdf")
    assert "attachment" in bundle.headers["Content-Disposition"]
    assert str(PdfReader(io.BytesIO(bundle.data)).outline[0]["/Title"]) == "证据目录"
    package = clerk.get(of(number, "/archive")).page
    assert (package.status_code, package.mimetype) == (200, "application/zip")
    assert "no-store" in package.headers["Cache-Control"]


def test_who_may_not_hand_it_out_sees_the_list_and_no_button(staff: Any, number: str) -> None:
    page = staff("wangqiang").get(of(number))
    assert page.status == 200
    assert "/file/evidence" not in page.html
    assert "/file/archive" not in page.html
    assert "含有个人身份信息" in page.text
    assert staff("zhaoming").get(of(number)).html.count("/file/evidence") == 1
    assert "/file/archive" not in staff("zhaoming").get(of(number)).html


def test_case_that_has_no_file_yet_says_what_would_help(visitor: Any, staff: Any) -> None:
    number, _ = file(visitor)
    visitor.get("/query/case").send("/withdraw", confirm="yes")
    staff("chen").act(number, "void", reason="测试", second_person="lifang")
    page = staff("lifang").get(of(number, "/evidence"))
    assert page.path.endswith("/file")
    assert "不出具" in page.text


# -- archiving ----------------------------------------------------------------------------------------


def test_archiving_asks_whether_remedies_still_run(staff: Any, number: str) -> None:
    clerk = staff("lifang").get(f"/desk/cases/{number}")
    clerk.ask("/events/archive", note="先归档")
    assert clerk.asked_once_more and "申请复议的期限至" in clerk.text
    clerk.confirm(sure="no")
    assert clerk.form("/events/archive").fields["note"] == ["先归档"]
    clerk.act(number, "archive")
    assert clerk.status == 200
    assert "已经归档" in clerk.text and "/file/archive" in clerk.html, "the package at once"
    assert "/file/archive" not in staff("falv").get(f"/desk/cases/{number}").html


def test_how_long_it_is_kept_is_said_as_other_days_are(staff: Any, number: str) -> None:
    clerk = staff("lifang").get(f"/desk/cases/{number}")
    clerk.act(number, "archive")
    told = clerk.get(of(number)).text
    assert re.search(r"保管至 \d{4} 年 12 月 31 日", told), told[:400]


def test_archiving_asks_nothing_once_every_period_is_over(
    staff: Any, number: str, today: Any, office: Any
) -> None:
    today.is_("2025-05-06")
    page = staff("lifang").signed_in(office.staff("lifang"))
    page.get(f"/desk/cases/{number}").ask("/events/archive")
    assert page.asked_once_more and "期限至" not in page.text
    page.confirm()
    assert "已经归档" in page.text
