"""The page that checks a report made elsewhere: findings with their places, nothing kept."""

import logging
import re
from io import BytesIO

import pytest

from tests import samples
from tests.examples import ACCEPTANCE
from tests.webui.conftest import STAFF
from tests.webui.test_site import _is_well_formed
from tests.webui.visitor import Visitor
from tests.workflow.report.checks.reports import published
from workflow.store.models import Base

MB = 1024 * 1024
PANLONG = (ACCEPTANCE / "reports" / "panlong_2019.txt").read_bytes()


def table(name):
    return (ACCEPTANCE / "tables" / f"{name}.json").read_bytes()


def picked(content, name="report.json"):
    return BytesIO(content), name


def checked(page, content=b"", name="report.json", **more):
    page.get("/desk/reports/check")
    return page.send("/desk/reports/check", file=picked(content, name), **more)


@pytest.fixture
def rows(office):
    """How many rows every table of the store holds."""

    def count():
        with office.store.read() as unit:
            return {
                name: unit.session.connection()
                .exec_driver_sql(f'select count(*) from "{name}"')
                .scalar()
                for name in Base.metadata.tables
            }

    return count


def test_the_page_is_reached_from_the_reports(staff):
    page = staff("lifang").get("/desk/reports/")
    assert 'href="/desk/reports/check"' in page.html
    page.get("/desk/reports/check")
    assert page.status == 200 and "不保存" in page.text
    _is_well_formed(page.html)


@pytest.mark.parametrize("name", [name for name in STAFF if name != "guanli"])
def test_staff_of_every_role_may_check(staff, name):
    page = checked(staff(name), table("huaian_2024"))
    assert page.status == 200 and "没有发现问题" in page.text


def test_nobody_else_may(visitor, staff):
    assert staff("guanli").get("/desk/reports/check").status == 403
    assert visitor.get("/desk/reports/check").path == "/desk/login"
    sent = visitor.client.post("/desk/reports/check", data={"file": picked(table("huaian_2024"))})
    assert sent.status_code in (302, 303, 400)


def test_errors_are_shown_with_place_and_both_numbers_and_the_table_beside(staff):
    page = checked(staff("lifang"), table("pingtan_qu_2020"), "平潭.json")
    assert page.status == 200
    assert "平潭.json：平潭综合实验区(全区汇总) 2020 年，2019 年格式" in page.text
    assert "错误（2 处）" in page.text and "提示（" not in page.text
    assert "表三“自然人”列：各项办理结果相加为 26，（七）总计为 20" in page.text
    _is_well_formed(page.html)
    read = re.search(r'<table class="official t3 read">.*?<tbody>(.*?)</tbody>', page.html, re.S)
    assert read
    shown = [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.S)]
        for row in re.findall(r"<tr.*?</tr>", read[1], re.S)
    ]
    kept = published("pingtan_qu_2020").table3
    assert shown == [[str(value) for value in cells.values()] for cells in kept.values()]


def test_the_report_of_panlong_with_its_21_and_8(staff):
    page = checked(staff("lifang"), PANLONG, "panlong_2019.txt")
    assert "错误（" not in page.text and "行政处罚21项" in page.text and "行政强制8项" in page.text
    assert "空白" in page.text and "55760" in page.text
    _is_well_formed(page.html)


def test_last_years_report_is_compared(staff):
    page = checked(
        staff("lifang"),
        table("pingtan_gaj_2022"),
        before=picked(table("pingtan_gaj_2022").replace(b'"year": 2022', b'"year": 2021')),
    )
    assert "与 2021 年的报告作了比较" in page.text
    assert "上一年的报告“结转下年度继续办理”是" in page.text


@pytest.mark.parametrize(
    ("content", "name", "status", "message"),
    [
        (b"", "", 422, "请选择要核对的文件"),
        (b"", "a.json", 422, "文件是空的"),
        (b"MZ\x90\0", "a.exe", 422, "只读 DOCX"),
        (samples.png(), "a.docx", 422, "这是图片"),
        (b"{", "a.json", 422, "不是 JSON"),
        ("会议通知".encode(), "a.txt", 422, "没有找到年度报告的表格"),
        (PANLONG + "\n密级：机密★10年".encode(), "a.txt", 422, "密级标志"),
        ("机密★10年\n".encode() + PANLONG, "a.txt", 422, "密级标志"),
        (b"0" * (10 * MB + 1), "a.txt", 422, "文件超过 10 MB"),
        (b"0" * (21 * MB), "a.txt", 413, "文件超过 10 MB"),
    ],
    ids=[
        "none",
        "empty",
        "program",
        "picture",
        "json",
        "prose",
        "mark",
        "mark on top",
        "size",
        "much",
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(staff, content, name, status, message):
    page = checked(staff("lifang"), content, name)
    assert page.status == status
    assert message in page.alert and "要核对的报告" in page.alert
    _is_well_formed(page.html)


def test_a_bad_report_of_last_year_is_told_at_its_own_field(staff):
    page = checked(staff("lifang"), table("huaian_2024"), before=picked(b"MZ\x90", "a.exe"))
    assert page.status == 422 and "上一年的报告" in page.alert


def test_nothing_of_a_file_is_kept_or_logged(staff, rows, caplog, tmp_path):
    page = staff("lifang")
    before, files = rows(), set(tmp_path.rglob("*"))
    with caplog.at_level(logging.DEBUG):
        checked(page, PANLONG, "盘龙.txt")
        checked(page, b"\x00\x01\x02", "盘龙.txt")
    assert rows() == before
    assert set(tmp_path.rglob("*")) == files
    assert "盘龙" not in caplog.text and "行政处罚" not in caplog.text


def test_without_the_token_of_the_page_nothing_is_read(app, staff):
    page: Visitor = staff("lifang")
    sent = page.client.post(
        "/desk/reports/check",
        data={"file": picked(table("huaian_2024"))},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 400


def test_names_of_files_cannot_bring_in_mark_up(staff):
    page = checked(staff("lifang"), table("huaian_2024"), "<b>a</b>.json")
    assert "<b>a</b>" not in page.html


def test_table_two_in_another_format_than_table_three_is_shown_as_it_stands(staff):
    data = (ACCEPTANCE / "report_inputs" / "old_table2_new_table3.html").read_bytes()
    data = data.replace("<td>规章</td><td>0</td><td>0</td><td>0</td>".encode(),
                        "<td>规章</td><td>0</td><td>0</td><td>4</td>".encode())  # fmt: skip
    page = checked(staff("lifang"), data, "年报.html")
    assert page.status == 200
    assert "表二“规章”行“对外公开总数量”" in page.text and "1888" in page.text


def test_what_was_not_checked_is_no_hint_and_no_all_clear(staff):
    data = (ACCEPTANCE / "report_inputs" / "letter_title.html").read_bytes()
    silent = data.replace("我局全年收到政府信息公开申请1件。".encode(), "工作有序。".encode())
    page = checked(staff("lifang"), silent, "年报.html")
    assert "没有发现问题" in page.text and "没有核对的内容" in page.text
    assert "收到申请的件数（正文里没有找到）" in page.text and "提示（" not in page.text
    whole = checked(staff("lifang"), data, "年报.html").text
    assert "没有发现问题" in whole and "收到申请的件数" not in whole
