"""The name and the day below a report are read, and are no part of its last section."""

from datetime import date

import pytest

from config.law import load_law
from tests.workflow.report.checks.reports import report
from tests.workflow.report.report_files import as_html
from workflow.report.reading import read_report
from workflow.report.reading.prose import BELOW_MOST, read_prose

FORMATS = load_law().formats
ABOVE = ["六、其他需要报告的事项", "无其他需要报告的事项。"]


def read(*below: str):
    return read_prose([*ABOVE, *below], "2023.txt", FORMATS)


@pytest.mark.parametrize(
    "below",
    [
        ("青禾县某某局", "2024年1月3日"),
        ("青禾县某某局", "（2024年1月3日）"),
        ("青禾县某某局　2024年1月3日",),
        ("青禾县某某局2024 年 1 月 3 日",),
        ("青禾县某某局", "二〇二四年一月三日"),
        ("青禾县某某局", "二0二四年元月三日"),
        ("青禾县某某局", "二Ｏ二四年一月3日"),
        ("青禾县某某局", "二О二四年一月三日"),
        ("青禾县某某局", "2024.1.3"),
        ("青禾县某某局", "2024．01．03"),
        ("青禾县某某局", "2024-01-03"),
        ("青禾县某某局", "（2024/1/3）"),
        ("青禾县某某局 2024.1.3",),
    ],
)
def test_on_two_lines_or_on_one(below):
    prose = read(*below)
    assert (prose.signed_by, prose.signed_on) == ("青禾县某某局", date(2024, 1, 3))
    assert prose.sections["other_matters"] == "无其他需要报告的事项。"


@pytest.mark.parametrize(
    "footer",
    [
        ("（此件公开发布）",),
        ("【打印】【关闭】",),
        ("（联系人：张三，电话：0876-1234567）",),
        ("附件：1.收费表", "扫一扫在手机打开当前页"),
        ("附表", "附表1", "附表2", "附表3"),
        ("信息公开选项：主动公开", "抄送：县纪委。", "青禾县某某局办公室 2024年1月5日印发"),
    ],
)
def test_what_papers_and_pages_print_below_a_signature_is_looked_past(footer):
    prose = read("青禾县某某局", "2024年1月3日", *footer)
    assert (prose.signed_by, prose.signed_on) == ("青禾县某某局", date(2024, 1, 3))
    assert prose.sections["other_matters"].split("\n") == ["无其他需要报告的事项。", *footer]


def test_a_text_below_a_day_makes_it_no_signature():
    prose = read("青禾县某某局", "2024年1月3日", "以上报告请予公布。")
    assert (prose.signed_by, prose.signed_on) == ("", None)
    assert read("青禾县某某局", "2024年1月3日", *["【打印】"] * (BELOW_MOST + 1)).signed_on is None


def test_a_day_alone_is_one():
    prose = read("2024年1月3日")
    assert (prose.signed_by, prose.signed_on) == ("", date(2024, 1, 3))


def test_a_day_that_does_not_exist_is_none():
    prose = read("青禾县某某局", "2024年2月30日")
    assert (prose.signed_by, prose.signed_on) == ("青禾县某某局", None)


@pytest.mark.parametrize(
    "last",
    [
        "本报告电子版公布于2024年1月3日",
        "联系电话：0876-1234567。",
        "无其他需要报告的事项2024年1月3日",
        "2024-01-03",
        "2024.1.3版",
        "电话 0876-2024-1-3",
    ],
)
def test_a_sentence_that_ends_with_a_day_is_no_signature(last):
    prose = read(last)
    assert (prose.signed_by, prose.signed_on) == ("", None)
    assert prose.sections["other_matters"].endswith(last)


@pytest.mark.parametrize(
    ("above", "day"),
    [
        ("发布时间：2024-01-20 10:22", date(2024, 1, 20)),
        ("索引号：QH-1 公开日期： 2024年1月20日", date(2024, 1, 20)),
        ("成文日期：2024-01-10　发布日期：2024/1/20", date(2024, 1, 20)),
        ("发布日期\n2024.1.20", date(2024, 1, 20)),
        ("公布时间：2024-03-01\n发布时间：2024-01-20", date(2024, 1, 20)),
        ("成文日期：2024-01-20", None),
        ("生成日期：2024-01-20", None),
        ("发布时间：2024-02-30", None),
        ("发布时间：2024", None),
    ],
)
def test_the_day_of_publication_is_read_from_what_stands_above_a_report(above, day):
    prose = read_prose([*above.split("\n"), *ABOVE], "2023.txt", FORMATS)
    assert (prose.page_day, prose.signed_on) == (day, None)


def test_a_day_of_publication_within_the_text_is_another_ones():
    prose = read_prose([*ABOVE, "发布时间：2024-01-20"], "2023.txt", FORMATS)
    assert prose.page_day is None


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ('<meta name="PubDate" content="2024-01-20 10:22">', "", date(2024, 1, 20)),
        ('<META NAME="pubdate" CONTENT="2024年1月20日">', "", date(2024, 1, 20)),
        ('<meta name="PubDate" content="2024-03-20">', "发布日期：2024-01-20", date(2024, 1, 20)),
        ('<meta name="PubDate" content="今天">', "", None),
        ('<meta name="PubDate">', "", None),
        ('<meta name="Date" content="2024-01-20">', "", None),
    ],
)
def test_the_head_of_a_page_says_when_it_was_published(head, body, day):
    page = as_html(report(2023)).decode()
    page = page.replace("<head>", f"<head>{head}").replace("<body>", f"<body><p>{body}</p>")
    assert page.count(body) and head in page
    assert read_report("a.html", page.encode(), FORMATS).page_day == day
