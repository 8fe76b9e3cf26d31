"""The sum of the bodies below: who has submitted, what fails, who is behind a number, who may look."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from config.law import load_law
from tests.webui.filing import file
from tests.workflow.report.reports_made import with_cells, zero
from tests.workflow.service.town import freeze
from webui.reports.sums import STATES
from workflow.report.sums.aggregate import add_up
from workflow.service.accounts import Accounts
from workflow.service.docket.player import Player
from workflow.service.report.annual import AnnualReports
from workflow.service.report.submitted import Submitted
from workflow.service.report.sums import AddingUp

PAGE = "/desk/reports/yanshan/2023/below"
DOCKET = {
    "agency": {"code": "jiangna"},
    "cases": [
        {
            "ref": "A",
            "events": [
                {"event": "receive", "on": "2023-03-01", "channel": "in_person"},
                {"event": "propose_outcome", "on": "2023-03-10", "outcome": "supplied"},
                {"event": "serve", "on": "2023-03-13", "method": "direct"},
            ],
        }
    ],
}


def _report(code, name, new, **changed):
    places = {(r, c): new for r in ("new_received", "disclosed", "total")
              for c in ("natural_person", "total")}  # fmt: skip
    report = with_cells(replace(zero(code, year=2023), agency=name), table3=places)
    return with_cells(report, **changed) if changed else report


@pytest.fixture
def submitted(app, office):
    """Lets the office know of reports: code → what was handed in."""
    known = {}

    def versions(unit, bodies, year):
        return {
            row.code: known[row.code]
            for row in bodies
            if row.code in known and year in (2019, 2023)
        }

    gongkai = app.extensions["gongkai"]
    app.extensions["gongkai"] = replace(gongkai, adding_up=AddingUp(office, versions))
    return known


@pytest.fixture
def county(staff, office, today, submitted):
    played = Player(office).play(DOCKET)
    assert not [case["refused"] for case in played["cases"] if case["refused"]]
    today.is_("2024-02-05")
    return staff("county")


def _in(name, report, state="submitted", on=date(2024, 1, 24)):
    return Submitted(replace(report, agency=name), state, on)


def test_every_body_below_stands_with_its_state_in_words(county, submitted):
    submitted["panlong"] = _in("盘龙彝族乡人民政府", _report("panlong", "", 4))
    page = county.get(PAGE)
    assert page.status == 200
    assert "已报送" in page.text and "2024 年 1 月 24 日" in page.text
    assert "未报送，已逾期" in page.text and "江那镇人民政府" in page.text


@pytest.mark.parametrize("state", [state for state in STATES if state != "missing"])
def test_every_state_has_its_words(county, submitted, state):
    submitted["panlong"] = _in("盘龙彝族乡人民政府", _report("panlong", "", 4), state)
    assert STATES[state][0] in county.get(PAGE).text


@pytest.mark.parametrize(("day", "late"), [("2024-01-31", False), ("2024-02-01", True)])
def test_a_body_is_late_from_the_day_after_the_last(staff, today, submitted, day, late):
    today.is_(day)
    assert ("已逾期" in staff("county").get(PAGE).text) is late


def test_a_body_without_a_report_counts_only_when_it_is_ticked(county):
    page = county.get(PAGE)
    assert "未报送，按系统内申请统计：新收 1 件" in page.text
    assert "new_received/total" not in page.html
    assert page.form("/2023/below").fields.get("live") is None
    page.get(f"{PAGE}?live=jiangna")
    assert page.form("/2023/below").fields["live"] == ["jiangna"]
    link = re.search(r'href="([^"]*below/table3/new_received/total[^"]*)"', page.html)
    cell = page.get(link[1].replace("&amp;", "&"))
    assert "江那镇人民政府" in cell.text and "未报送，按系统内申请统计" in cell.text


def test_a_returned_report_is_not_in_the_sum(county, submitted):
    submitted["panlong"] = _in("盘龙彝族乡人民政府", _report("panlong", "", 4), "returned")
    page = county.get(PAGE)
    assert "已退回" in page.text and "table3/new_received/total" not in page.html


def test_figures_that_fail_are_shown_beside_the_body(county, submitted):
    broken = _report("panlong", "", 4, table3={("disclosed", "total"): 0})
    submitted["panlong"] = _in("盘龙彝族乡人民政府", broken)
    page = county.get(PAGE)
    assert "处勾稽不成立" in page.text and "六列相加为 4，总计为 0" in page.text
    assert re.search(r'<dt>勾稽不成立</dt><dd><b class="num late-text">1</b>', page.html)


def test_every_number_opens_into_the_bodies_behind_it(county, submitted):
    submitted["panlong"] = _in("盘龙彝族乡人民政府", _report("panlong", "", 4))
    submitted["jiangna"] = _in("江那镇人民政府", _report("jiangna", "", 3))
    page = county.get(PAGE)
    links = re.findall(r'href="([^"]*/below/table[^"]*)"[^>]*>(\d+)<', page.html)
    assert len(links) == 6
    for link, number in links:
        cell = page.get(link.replace("&amp;", "&"))
        assert number == "7"
        assert re.findall(r'<b class="num">(\d+)</b>', cell.html) == ["7", "4", "3"]


def test_the_entered_total_is_compared_and_the_body_left_out_is_named(county, submitted):
    first, second = _report("panlong", "", 4), _report("jiangna", "", 3)
    submitted["panlong"] = _in("盘龙彝族乡人民政府", first)
    submitted["jiangna"] = _in("江那镇人民政府", second)
    entered = add_up([first], 2023, load_law().formats).report("砚山县人民政府", "yanshan")
    submitted["yanshan"] = Submitted(entered, "draft")
    page = county.get(PAGE)
    assert "汇总数没有计入江那镇人民政府的报告（新收 3 件）" in page.text
    page.get("/desk/reports/yanshan/2023/below/table3/new_received/total")
    assert "本级年报填 4" in page.text and "江那镇人民政府" in page.text
    submitted["yanshan"] = Submitted(
        add_up([first, second], 2023, load_law().formats).report("砚山县人民政府", "yanshan"),
        "draft",
    )
    assert "逐格一致" in county.get(PAGE).text


def test_each_difference_names_its_causes_and_what_of_it_is_open(county, submitted):
    """The county has as not held what 江那镇 disclosed, a request of nobody's, and two permits more."""
    first, second = _report("panlong", "", 4), _report("jiangna", "", 3)
    submitted["panlong"] = _in("盘龙彝族乡人民政府", first)
    submitted["jiangna"] = _in("江那镇人民政府", second)
    both = add_up([first, second], 2023, load_law().formats).report("砚山县人民政府", "yanshan")
    table3 = {("disclosed", "natural_person"): 4, ("disclosed", "total"): 5}
    table3 |= {("unable_not_held", c): 3 for c in ("natural_person", "total")}
    table3 |= {(row, "business"): 1 for row in ("new_received", "disclosed", "total")}
    table3 |= {(row, "total"): 8 for row in ("new_received", "total")}
    entered = with_cells(both, table2={("permits", "decisions"): 2}, table3=table3)
    submitted["yanshan"] = Submitted(entered, "draft")
    page = county.get(PAGE)
    assert re.findall(r'<li id="cause-\d">([^<]+)</li>', page.html) == [
        "江那镇人民政府的表三“(一)予以公开”“自然人” 3 件，"
        "汇总数计入了“(四)无法提供·1.本机关不掌握相关政府信息”（其他机关这一格的数里也可能有，请核对）。",
        "汇总数里有 1 件申请（(一)予以公开 1 件），没有一个机关报告过。",
    ]
    said = dict(
        re.findall(r'<tr><td><a href="[^"]+">([^<]+)</a></td>.*?<td>([^\n]*)</td></tr>', page.html)
    )
    assert said["表二“行政许可”“本年处理决定数量”"] == '<span class="muted">没有查明</span>'
    both_causes = '<a href="#cause-1">原因 1</a>、<a href="#cause-2">原因 2</a>'
    assert said["表三“(一)予以公开”“总计”"] == both_causes
    assert "表二“行政许可”的差异没有找到能够全部对上的原因" in page.text
    page.get("/desk/reports/yanshan/2023/below/table2/permits/decisions")
    assert "本级年报填 2。没有能够确定的原因，请逐个机关核对。" in page.text


def test_an_amount_stands_with_its_unit(county, submitted):
    old = zero("panlong", "2019", 2019)
    old.table2["procurement"]["amount"] = Decimal("246900.5")
    submitted["panlong"] = _in("盘龙彝族乡人民政府", old)
    submitted["yanshan"] = Submitted(zero("yanshan", "2019", 2019), "draft")
    page = county.get("/desk/reports/yanshan/2019/below")
    assert "表二“政府集中采购”“采购总金额”0元246900.5元-246900.5原因 1" in page.text
    page.get("/desk/reports/yanshan/2019/below/table2/procurement/amount")
    assert re.findall(r'<b class="num">([^<]+)</b>', page.html) == [
        "246900.5元",
        "0元",
        "246900.5元",
    ]


def test_mixed_formats_are_said(county, submitted):
    submitted["panlong"] = _in("盘龙彝族乡人民政府", zero("panlong", "2019", 2023))
    text = county.get(PAGE).text
    assert "报告用的是 2019 年格式" in text and "没有计入表二的合计" in text


def test_a_table_2_of_the_old_format_beside_a_new_table_3_is_shown_and_compared(county, submitted):
    mixed = replace(zero("panlong", year=2023), table2=zero("old", "2019").table2)
    mixed.table2["regulations"]["open_total"] = 7
    submitted["panlong"] = _in("盘龙彝族乡人民政府", mixed)
    submitted["jiangna"] = _in("江那镇人民政府", _report("jiangna", "", 3))
    submitted["yanshan"] = Submitted(replace(mixed, code="yanshan"), "draft")
    page = county.get(PAGE)
    assert page.status == 200 and "表二用的是 2019 年格式" in page.text
    assert "没有比较：表二" in page.text
    page = county.get(PAGE + "?format=2019")
    assert page.status == 200
    assert (
        page.get(
            "/desk/reports/yanshan/2023/below/table2/regulations/open_total?format=2019"
        ).status
        == 200
    )
    assert "各机关合计 7" in page.text
    other = county.get("/desk/reports/yanshan/2023/below/table2/regulations/open_total")
    assert other.status == 404


def test_a_government_in_between_speaks_for_the_bodies_below_it(office, today, submitted):
    with office.store.write() as unit:
        office.add_agency(unit, code="wenshan", name="文山州人民政府", level="city")
        unit.agency("yanshan").parent_id = unit.agency("wenshan").id
    submitted["yanshan"] = Submitted(_report("yanshan", "砚山县人民政府", 9), "published")
    submitted["panlong"] = _in("盘龙彝族乡人民政府", _report("panlong", "", 4))

    def versions(unit, bodies, year):
        return dict(submitted)

    found = AddingUp(office, versions).overview("wenshan", 2023)
    assert {line.code: line.way for line in found.lines} == {
        "yanshan": "report", "panlong": "covered", "jiangna": "covered",
    }  # fmt: skip
    assert found.total.number(("table3", "new_received", "total")) == 9


def test_a_government_without_a_report_is_counted_by_the_bodies_below_it(office, submitted):
    with office.store.write() as unit:
        office.add_agency(unit, code="wenshan", name="文山州人民政府", level="city")
        unit.agency("yanshan").parent_id = unit.agency("wenshan").id
    submitted["panlong"] = _in("盘龙彝族乡人民政府", _report("panlong", "", 4))
    found = AddingUp(office, lambda unit, bodies, year: dict(submitted)).overview("wenshan", 2023)
    assert found.total.number(("table3", "new_received", "total")) == 4
    assert list(found.total.missing.values()) == ["砚山县人民政府", "江那镇人民政府"]


def test_only_staff_of_a_body_above_may_look(staff, visitor, submitted):
    for name in ("lifang", "sunli"):
        for path in (PAGE, f"{PAGE}/table3/total/total", "/desk/reports/yanshan/below"):
            assert staff(name).get(path).status == 404
    assert "/desk/login" in visitor.get(PAGE).path


@pytest.mark.parametrize(
    "path",
    ["panlong/2023/below", "nowhere/2023/below", "yanshan/1800/below",
     "yanshan/2023/below?format=1999", "yanshan/2023/below/table9/total/total",
     "yanshan/2023/below/table3/nonsense/total", "yanshan/2023/below/table3/total/nonsense"],
)  # fmt: skip
def test_what_is_no_sum_is_not_found(county, path):
    assert county.get(f"/desk/reports/{path}").status == 404


def test_the_choice_of_reports_leads_to_the_sum(county):
    page = county.get("/desk/reports/")
    assert "/desk/reports/yanshan/below" in page.html
    assert page.get("/desk/reports/yanshan/below").path == PAGE
    assert page.get("/desk/reports/yanshan/below?year=2022").path.endswith("/2022/below")


# -- year-end -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "shown"), [("2024-11-30", False), ("2024-12-02", True)])
def test_the_card_of_the_year_end_is_there_from_1_december(staff, visitor, today, day, shown):
    today.is_("2024-11-29")
    file(visitor)
    today.is_(day)
    page = staff("lifang").get("/desk/")
    assert ("2024 年年报准备" in page.text) is shown
    assert ("年报准备" in page.get("/desk/reports/").text) is shown
    if shown:
        assert "1 件申请年底前没有办结的，结转下年度" in page.text and "条例33" in page.text
        assert re.search(r'year-end.*?href="/desk/cases/panlong/2024-0001"', page.html, re.S)


def test_the_card_is_gone_when_the_year_is_published(staff, visitor, today, office):
    today.is_("2024-12-02")
    file(visitor)
    today.is_("2025-01-20")
    assert "2024 年年报准备" in staff("lifang").get("/desk/").text
    freeze(office, "panlong", 2024)
    assert "年报准备" not in staff("lifang").get("/desk/").text


@pytest.mark.parametrize(
    ("name", "shown"),
    [("lifang", True), ("zhaoming", True), ("chen", True), ("wangqiang", False), ("guanli", False)],
)
def test_the_card_is_for_whoever_has_a_hand_in_the_report(staff, visitor, today, name, shown):
    today.is_("2024-12-02")
    file(visitor)
    assert ("年报准备" in staff(name).get("/desk/reports/").text) is shown


def test_the_card_is_for_the_own_bodies_only(staff, visitor, today):
    today.is_("2024-12-02")
    file(visitor)
    assert "年报准备" not in staff("sunli").get("/desk/").text


# -- a report on its real way -------------------------------------------------------------------------


def test_a_report_counts_from_its_submission_until_it_is_sent_back(staff, visitor, today, office):
    today.is_("2024-06-03")
    file(visitor)
    with office.store.write() as unit:
        Accounts(office).add_user(
            unit, name="falv", agency=unit.agency("panlong"), roles=("leader",)
        )
        Accounts(office).add_user(
            unit, name="county", agency=unit.agency("yanshan"), roles=("office_head",)
        )
    today.is_("2025-01-06")
    annual, service = AnnualReports(office), AddingUp(office)

    def step(name, step, note=""):
        annual.step(office.staff(name), "panlong", 2024, step, note)
        line = next(one for one in service.overview("yanshan", 2024).lines if one.code == "panlong")
        return line.state, line.way

    annual.draft(office.staff("lifang"), "panlong", 2024)
    assert step("chen", "check") == ("checked", "open")
    assert step("falv", "sign") == ("signed", "open")
    assert step("lifang", "submit") == ("submitted", "report")
    page = staff("county").get("/desk/reports/yanshan/2024/below")
    assert "已报送" in page.text and "2025 年 1 月 6 日" in page.text
    assert page.get("/desk/reports/yanshan/2024/below/table3/new_received/total").status == 200
    assert "盘龙彝族乡人民政府" in page.text
    assert step("county", "return", "第五部分太简单") == ("returned", "open")
    for name, one in (
        ("chen", "check"),
        ("falv", "sign"),
        ("lifang", "submit"),
        ("county", "accept"),
    ):
        step(name, one)
    assert step("chen", "publish") == ("published", "report")
    annual.correct(office.staff("lifang"), "panlong", 2024, "更正")
    line = next(one for one in service.overview("yanshan", 2024).lines if one.code == "panlong")
    assert (line.state, line.way) == ("published", "report")
