"""Downloads of the annual tables, and the page of figures."""

import json
import re
from urllib.parse import quote

import lxml.html
import pytest
from sqlalchemy import update

from tests.webui.reports.test_tables import DOCKET
from tests.workflow.report import reading_back
from webui.reports.plots import plot_of
from workflow.report.tables.figures import Figure, Series
from workflow.report.writing import WRITERS
from workflow.service.docket.player import Player
from workflow.store.models import AgencyRow


@pytest.fixture
def tables(office):
    return Player(office).play(DOCKET)["tables"]


def _answer(page, path):
    return page.client.get(path)


@pytest.mark.parametrize("ending", list(WRITERS))
def test_the_file_carries_the_numbers_of_the_page(staff, tables, office, ending):
    page = staff("lifang")
    answer = _answer(page, f"/desk/reports/panlong/2020/download/{ending}")
    assert answer.status_code == 200
    found = reading_back.numbers(ending, answer.data, "2019")
    played = tables["2020"]
    assert found["table3"] == [n for row in played["table3"].values() for n in row.values()]
    assert found["table4"] == [n for block in played["table4"].values() for n in block.values()]


def test_the_file_has_a_chinese_name_and_stays_in_no_cache(staff, tables):
    answer = _answer(staff("lifang"), "/desk/reports/panlong/2020/download/docx")
    name = quote("盘龙彝族乡人民政府2020年政府信息公开工作年度报告.docx")
    sent = answer.headers["Content-Disposition"]
    assert sent.startswith("attachment;") and f"filename*=UTF-8''{name}" in sent
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == WRITERS["docx"].media_type


def test_another_format_of_the_tables_can_be_asked_for(staff, tables):
    page = staff("lifang")
    path = "/desk/reports/panlong/2020/download/json"
    assert json.loads(_answer(page, path).data)["format"] == "2019"
    assert json.loads(_answer(page, f"{path}?format=2021").data)["format"] == "2021"


@pytest.mark.parametrize("path", ["download/pdf", "plots"])
def test_who_may_not_read_the_tables_gets_neither_file_nor_figures(staff, visitor, tables, path):
    assert staff("sunli").get(f"/desk/reports/panlong/2020/{path}").status == 404
    assert _answer(staff("county"), f"/desk/reports/panlong/2020/{path}").status_code == 200
    assert _answer(visitor, f"/desk/reports/panlong/2020/{path}").status_code == 303


@pytest.mark.parametrize(
    "path", ["2020/download/exe", "1800/download/pdf", "1800/plots", "2020/plots?format=1999"]
)
def test_what_does_not_exist_is_not_found(staff, path):
    assert staff("lifang").get(f"/desk/reports/panlong/{path}").status == 404


def test_a_character_that_cannot_be_printed_is_told_on_a_page(staff, office):
    with office.store.write() as unit:
        unit.session.execute(
            update(AgencyRow).where(AgencyRow.code == "panlong").values(name="𬎆乡人民政府")
        )
    page = staff("lifang").get("/desk/reports/panlong/2020/download/pdf")
    assert page.status == 422
    assert "“𬎆”（U+2C386）没有可用的字形" in page.text and "标题" in page.text
    assert _answer(page, "/desk/reports/panlong/2020/download/docx").status_code == 200


# -- figures --------------------------------------------------------------------------------------------


def _figures(html):
    page = lxml.html.document_fromstring(html)
    return page, page.xpath("//section[contains(@class, 'figure')]")


def test_every_figure_has_its_table_beside_it(staff, tables):
    page = staff("lifang").get("/desk/reports/panlong/2020/plots")
    _, found = _figures(page.html)
    assert [one.find("h2").text for one in found] == [
        "每月新收和办结", "办理结果", "办理用时", "历年对比",
    ]  # fmt: skip
    for one in found:
        picture = one.xpath(".//svg[@role='img']")[0]
        drawn = [
            int(text.text) for text in picture.xpath(".//text[contains(@class, 'plot-number')]")
        ]
        rows = one.xpath(".//tbody/tr[not(contains(@class, 'sum'))]")
        assert drawn == [int(cell.text) for row in rows for cell in row.findall("td")]
        assert picture.find("title").text and picture.find("desc").text
        named = picture.get("aria-labelledby").split()
        assert named == [picture.find("title").get("id"), picture.find("desc").get("id")]


def test_the_figures_agree_with_table_three(staff, tables):
    page = staff("lifang").get("/desk/reports/panlong/2020/plots")
    _, found = _figures(page.html)
    played = tables["2020"]
    table3 = {row: cells["total"] for row, cells in played["table3"].items()}

    def sums(figure):
        return [int(cell.text) for cell in figure.xpath(".//tr[@class='sum']/td")]

    months, outcomes, durations, years = found
    assert sums(months) == [table3["new_received"], table3["total"]]
    assert sums(outcomes) == sums(durations) == [table3["total"]]
    last = [int(cell.text) for cell in years.xpath(".//tbody/tr[last()]/td")]
    assert last == [table3["new_received"], table3["total"], table3["carried_out"]]


def test_the_pictures_pass_a_strict_content_policy(staff, tables):
    html = staff("lifang").get("/desk/reports/panlong/2020/plots").html
    page, found = _figures(html)
    assert not page.xpath(
        "//main//script|//main//style|//main//@style|//main//@onclick|//svg//image"
    )
    kinds = {
        one.get("class").split()[-1]
        for one in found[3].xpath(".//rect[contains(@class,'plot-bar')]")
    }
    assert kinds <= {"a", "b", "c"}
    filled = re.findall(r'fill="url\(#([^)]+)\)"', html)
    assert filled and set(filled) <= set(page.xpath("//pattern/@id")), "not by colour alone"


def test_the_longest_bar_leaves_room_for_its_number():
    figure = Figure(
        "x", "题", "", "年", ("很长的类别", "短"), (Series("甲", (99_999, 1)),), (2, "线")
    )
    plot = plot_of(figure)
    assert max(bar.x + bar.width for bar in plot.bars) + 40 <= plot.width
    assert plot.mark and max(bar.y for bar in plot.bars) < plot.mark[0] < plot.height


def test_a_year_without_requests_has_empty_figures(staff):
    page = staff("lifang").get("/desk/reports/panlong/2023/plots")
    assert page.status == 200
    _, found = _figures(page.html)
    assert not [
        one
        for one in found
        if one.xpath(".//*[name()='svg'][@role='img']//rect[contains(@class, 'plot-bar')]")
    ]
