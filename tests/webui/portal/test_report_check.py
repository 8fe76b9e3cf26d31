"""The check of an annual report for anybody: only where the body opened it, every finding with its rule and article, and
nothing kept."""

import hashlib
import logging
import re
import threading
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.examples import ACCEPTANCE
from tests.webui.portal.test_public_pages import set_text
from tests.webui.reports.test_checks import MB, PANLONG, picked, rows, table  # noqa: F401  (a fixture)
from tests.webui.test_site import _is_well_formed
from webui.portal import checking
from workflow.people import Lane

ADDRESS = "/b/panlong/annual-reports/check"
UNSOUND = (ACCEPTANCE / "tables" / "pingtan_qu_2020.json").read_bytes()


@pytest.fixture
def opened(office):
    set_text(office, "site_report_check", "open")


def sent(visitor, content=UNSOUND, name="全区.json", **more):
    visitor.get(ADDRESS)
    return visitor.send("/annual-reports/check", file=picked(content, name), **more)


# -- for whom -----------------------------------------------------------------------------------------


def test_as_long_as_the_body_has_not_opened_it_there_is_no_such_page(visitor, app):
    assert "/annual-reports/check" not in visitor.get("/b/panlong/annual-reports").html
    for address in (ADDRESS, "/annual-reports/check"):
        assert visitor.get(address).status == 404
        app.config["WTF_CSRF_ENABLED"] = False
        for size in (10, 21 * MB):
            sent = visitor.client.post(address, data={"file": picked(b"0" * size)})
            assert sent.status_code == 404


@pytest.mark.usefixtures("opened")
def test_it_is_opened_for_the_site_of_that_body_alone(visitor):
    assert f'href="{ADDRESS}"' in visitor.get("/b/panlong/annual-reports").html
    page = visitor.get(ADDRESS)
    assert page.status == 200 and "不保存" in page.text and "V02" in page.text
    _is_well_formed(page.html)
    assert "/annual-reports/check" not in visitor.get("/b/jiangna/annual-reports").html
    assert visitor.get("/b/jiangna/annual-reports/check").status == 404
    assert visitor.get("/annual-reports/check").status == 404


def test_an_office_opens_and_closes_it_at_the_desk(visitor, staff):
    page = staff("chen").get("/desk/settings/site_report_check")
    page.send("/settings/site_report_check", value="open", reason="为下级机关提供核对")
    assert visitor.get(ADDRESS).status == 200
    page.get("/desk/settings/site_report_check")
    page.send("/settings/site_report_check", value="closed", reason="不再提供")
    assert visitor.get(ADDRESS).status == 404


# -- what is told -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("opened")
def test_every_finding_has_its_place_its_rule_and_its_article(visitor, today):
    page = sent(visitor)
    assert page.status == 200
    _is_well_formed(page.html)
    assert "表三“自然人”列：各项办理结果相加为 26，（七）总计为 20" in page.text
    assert "依据：国办公开办函〔2021〕30号（规则 V02）" in page.text
    assert "错误（2 处）" in page.text and "提示（" not in page.text
    assert page.html.count('class="official t3 read"') == 1 and "没有读到这张表" in page.text


@pytest.mark.usefixtures("opened")
def test_the_page_says_which_file_it_was_and_when(visitor):
    before = table("pingtan_qu_2019")
    page = sent(visitor, before=picked(before, "去年.json"))
    for name, content in (("全区.json", UNSOUND), ("去年.json", before)):
        assert name in page.text and hashlib.sha256(content).hexdigest() in page.text
    assert "核对时间2024 年 5 月 6 日 10:00" in page.text
    assert "与 2019 年的报告作了比较" in page.text and "没有上一年的报告" not in page.text


@pytest.mark.usefixtures("opened")
def test_what_was_not_looked_at_is_said(visitor):
    page = sent(visitor)
    for said in (
        "没有读到表二（主动公开政府信息情况），其中的数字没有核对。",
        "没有读到正文",
        "没有上一年的报告，没有核对：上年结转与上一年报告的结转下年度逐列一致",
        "没有这个机关的办件记录，要与之对照的没有核对（规则 V19、V20、V26",
    ):
        assert said in page.text, said


@pytest.mark.usefixtures("opened")
def test_the_same_is_given_as_a_pdf(visitor):
    page = sent(visitor, PANLONG, "盘龙Ꭰ 2019.txt", **{"as": "pdf"})
    assert page.status == 200 and page.page.mimetype == "application/pdf"
    assert "attachment" in page.page.headers["Content-Disposition"]
    said = re.sub(
        r"\s|​",
        "",
        "".join(one.extract_text() for one in PdfReader(BytesIO(page.page.data)).pages),
    )
    for wanted in (
        "年度报告核对结果", "盘龙〓2019.txt", hashlib.sha256(PANLONG).hexdigest(), "2024年5月6日10:00",
        "（规则V12）", "行政处罚21项", "没有核对的内容", "没有上一年的报告", "55760", "空白", "读到的正文",
    ):  # fmt: skip
        assert wanted in said, wanted


@pytest.mark.usefixtures("opened")
def test_a_sound_report_is_no_silent_all_clear(visitor):
    page = sent(visitor, table("huaian_2024"))
    assert "没有发现问题" in page.text and "没有核对的内容" in page.text
    pdf = sent(visitor, table("huaian_2024"), **{"as": "pdf"})
    assert "没有发现问题" in PdfReader(BytesIO(pdf.page.data)).pages[0].extract_text()


@pytest.mark.usefixtures("opened")
def test_it_stands_in_traditional_script_too_and_leaves_the_file_alone(visitor):
    visitor.get(f"/zh-hant{ADDRESS}")
    page = visitor.send("/annual-reports/check", file=picked(UNSOUND, "汇总.json"))
    assert page.path == f"/zh-hant{ADDRESS}"
    assert "沒有核對的內容" in page.text and "各項辦理結果相加為 26" in page.text
    assert "汇总.json" in page.text and "没有核对的内容" not in page.text


# -- what cannot be read ------------------------------------------------------------------------------


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    ("content", "name", "status", "message"),
    [
        (b"", "", 422, "请选择要核对的文件"),
        (b"", "a.json", 422, "文件是空的"),
        ("会议通知".encode(), "a.txt", 422, "没有找到年度报告的表格"),
        (PANLONG + "\n密级：机密★10年".encode(), "a.txt", 422, "密级标志"),
        ("机密★10年\n".encode() + PANLONG, "a.txt", 422, "密级标志"),
        (b"0" * (10 * MB + 1), "a.txt", 422, "文件超过 10 MB"),
        (b"0" * (21 * MB), "a.txt", 413, "文件超过 10 MB"),
    ],
    ids=["none", "empty", "prose", "mark", "mark on top", "size", "much"],
)
def test_what_cannot_be_read_is_told_at_its_field(visitor, content, name, status, message):
    for wish in ("", "pdf"):
        page = sent(visitor, content, name, **{"as": wish})
        assert page.status == status
        assert message in page.alert and "要核对的报告" in page.alert
        assert 'aria-describedby="check-file-hint check-file-err"' in page.html
        _is_well_formed(page.html)


@pytest.mark.usefixtures("opened")
def test_two_files_in_one_field_or_a_bad_one_of_last_year_are_told_there(visitor):
    page = sent(visitor, before=[picked(UNSOUND), picked(UNSOUND)])
    assert page.status == 422 and "上一年的报告：请选择一个文件" in page.alert
    page = sent(visitor, before=picked(b"MZ\x90", "a.exe"))
    assert page.status == 422 and "上一年的报告：" in page.alert


# -- what it costs ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("opened")
def test_nothing_of_a_file_is_kept_or_logged(visitor, rows, caplog, tmp_path):  # noqa: F811
    before, files = rows(), set(tmp_path.rglob("*"))
    with caplog.at_level(logging.DEBUG):
        sent(visitor, PANLONG, "盘龙.txt")
        sent(visitor, PANLONG, "盘龙.txt", **{"as": "pdf"})
        sent(visitor, b"\x00\x01\x02", "盘龙.txt")
    assert rows() == before and set(tmp_path.rglob("*")) == files
    assert "盘龙" not in caplog.text and "行政处罚" not in caplog.text


@pytest.mark.usefixtures("opened")
def test_without_the_token_of_the_page_nothing_is_read(visitor):
    assert visitor.client.post(ADDRESS, data={"file": picked(UNSOUND)}).status_code == 400


@pytest.mark.usefixtures("opened")
def test_who_comes_too_often_has_to_wait(visitor, app):
    app.config["RATELIMIT_ENABLED"] = True
    for _ in range(10):
        assert sent(visitor, b"").status == 422
    assert sent(visitor, b"").status == 429


@pytest.mark.usefixtures("opened")
def test_one_report_at_a_time_and_who_finds_the_places_taken_is_told_so(visitor, monkeypatch):
    lane, go_on, begun = Lane(waiting_most=0), threading.Event(), threading.Event()
    monkeypatch.setattr(checking, "LANE", lane)

    def long_work():
        begun.set()
        go_on.wait(10)

    other = threading.Thread(target=lane.run, args=(long_work,))
    other.start()
    begun.wait(10)
    page = sent(visitor)
    go_on.set()
    other.join()
    assert page.status == 503 and page.page.headers["Retry-After"] == "10"
    assert "同时核对的人太多" in page.alert and "要核对的报告" in page.alert
    assert sent(visitor).status == 200
