"""The annual tables: official shape, sums, cells that open, who may read them."""

import re

import pytest
from lxml.html import document_fromstring

from config.law import load_law
from workflow.service.docket.player import Player

DOCKET = {
    "agency": {"code": "panlong"},
    "cases": [
        {
            "ref": "A",
            "events": [
                {"event": "receive", "on": "2019-12-20", "channel": "in_person"},
                {"event": "propose_outcome", "on": "2020-01-10", "outcome": "supplied"},
                {"event": "serve", "on": "2020-01-13", "method": "direct"},
            ],
        },
        {
            "ref": "B",
            "applicants": [{"category": "business", "name": "某公司"}],
            "events": [
                {"event": "receive", "on": "2020-03-02", "channel": "ems"},
                {"event": "require_correction", "on": "2020-03-03", "reached_on": "2020-03-04"},
                {"event": "lapse_correction", "on": "2020-04-20"},
            ],
        },
        {
            "ref": "C",
            "events": [
                {"event": "receive", "on": "2020-12-28", "channel": "in_person"},
                {"event": "withdraw", "on": "2021-01-05"},
                {"event": "file_review", "on": "2021-02-01"},
            ],
        },
    ],
}


@pytest.fixture
def tables(office):
    played = Player(office).play(DOCKET)
    assert not [case["refused"] for case in played["cases"] if case["refused"]]
    return played["tables"]


def _cells(html: str, table: str) -> list[list[int]]:
    part = re.search(rf'<table class="official {table}">.*?<tbody>(.*?)</tbody>', html, re.S)
    assert part
    return [
        [int(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<td.*?</td>", row, re.S)]
        for row in re.findall(r"<tr.*?</tr>", part[1], re.S)
    ]


@pytest.mark.parametrize(("year", "fmt"), [(2020, "2019"), (2021, "2021"), (2020, "2021")])
def test_the_page_shows_the_table_with_its_sums(staff, tables, office, year, fmt):
    law = load_law()
    page = staff("lifang").get(f"/desk/reports/panlong/{year}?format={fmt}")
    rows = dict(zip(law.formats.rows[fmt], _cells(page.html, "t3"), strict=True))
    assert all(len(cells) == 7 and sum(cells[:6]) == cells[6] for cells in rows.values())
    for column in range(7):
        above = rows["new_received"][column] + rows["carried_in"][column]
        assert above == rows["total"][column] + rows["carried_out"][column]
        assert rows["total"][column] == sum(
            rows[row][column] for row in law.formats.result_rows(fmt)
        )
    assert len(_cells(page.html, "t4")[0]) == 15
    assert "勾稽关系成立" in page.text and "与上年衔接" in page.text
    assert "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）" in page.text


def test_every_number_names_the_heads_it_is_read_under(staff, tables):
    page = document_fromstring(staff("lifang").get("/desk/reports/panlong/2020?format=2019").html)
    heads = {one.get("id"): one.text_content() for one in page.iter("th")}
    (cell,) = page.xpath("//table[contains(@class, 't3')]//td[contains(a/@href, 'other/business')]")
    assert [heads[one] for one in cell.get("headers").split()] == [
        "申请人情况", "法人或其他组织", "商业企业", "三、本年度办理结果", "（六）其他处理",
    ]  # fmt: skip


def test_every_number_opens_into_its_cases(staff, tables):
    page = staff("lifang").get("/desk/reports/panlong/2020")
    links = re.findall(r'href="([^"]*/cells/[^"]*)"[^>]*>(\d+)<', page.html)
    assert len(links) >= 8
    for link, number in links:
        cell = page.get(link.replace("&amp;", "&"))
        assert cell.status == 200
        assert len(re.findall(r'href="/desk/cases/', cell.html)) == int(number)
    first = re.search(r'href="(/desk/cases/panlong/20[^"]+)"', page.html)
    assert first and page.get(first[1]).status == 200


def test_other_outcomes_stand_in_the_row_of_the_format(staff, tables):
    page = staff("lifang").get("/desk/reports/panlong/2020")
    assert "/cells/other/business" in page.html and "other_correction_lapsed" not in page.html
    page.get("/desk/reports/panlong/2020?format=2021")
    assert "/cells/other_correction_lapsed/business?format=2021" in page.html


def test_the_supervising_body_reads_tables_but_not_cases(staff, tables):
    page = staff("county").get("/desk/reports/panlong/2020")
    assert page.status == 200
    page.get("/desk/reports/panlong/2020/cells/new_received/total")
    assert "2020-000" in page.text and 'href="/desk/cases/panlong' not in page.html


def test_tables_of_other_bodies_do_not_exist(staff, tables):
    page = staff("sunli")
    assert page.get("/desk/reports/panlong/2020").status == 404
    assert page.get("/desk/reports/panlong/2020/cells/new_received/total").status == 404
    assert page.get("/desk/reports/nowhere/2020").status == 404


@pytest.mark.parametrize(
    "path",
    ["panlong/1800", "panlong/2020?format=1999", "panlong/2020/cells/nonsense/total",
     "panlong/2020/cells/total/nonsense"],
)  # fmt: skip
def test_what_is_no_table_is_not_found(staff, tables, path):
    assert staff("lifang").get(f"/desk/reports/{path}").status == 404
