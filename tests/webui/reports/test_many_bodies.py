"""A supervising office of many bodies: a page at a time, who is late first, a search; sums over all."""

import re
from datetime import date

import pytest

from tests.webui.reports.test_sums import PAGE, _in, _report, county, submitted
from workflow.service.report.sums import PER_PAGE, AddingUp, Shown

__all__ = ["county", "submitted"]
NEW = ("table3", "new_received", "total")


@pytest.fixture
def many(office):
    """Seventy more bodies below the county; one of them a government with three below itself."""
    with office.store.write() as unit:
        for n in range(70):
            office.add_agency(
                unit, code=f"m{n}", name=f"第 {n} 镇人民政府", level="township", parent="yanshan"
            )
        for n in range(3):
            office.add_agency(
                unit, code=f"v{n}", name=f"第 {n} 所", level="county_department", parent="m5"
            )


def names(page):
    return re.findall(r'<td class="what"><a [^>]*>([^<]+)</a>', page.html)


def test_who_is_late_stands_first_and_a_page_has_fifty(county, submitted, many, office):
    for n in range(0, 70, 2):
        submitted[f"m{n}"] = _in(f"第 {n} 镇人民政府", _report(f"m{n}", "", n))
    page = county.get(PAGE)
    first = names(page)
    assert len(first) == PER_PAGE and "第 1 镇人民政府" in first
    below = len(office.agencies()) - 1
    late = below - 35
    rows = re.findall(r'<tr( class="late")?>\s*<td class="when">', page.html)
    assert [bool(one) for one in rows] == [True] * late + [False] * (PER_PAGE - late)
    assert [one for one in first[late:]] == [
        f"第 {n} 镇人民政府" for n in range(0, 2 * (50 - late), 2)
    ]
    assert f"下级机关 {below} 个" in page.text and "第 1 页，共 2 页" in page.text
    assert (
        f">{late}</b></dd></div>" in page.html and f'<b class="num">35</b> / {below}' in page.html
    )
    second = names(page.get(f"{PAGE}?page=2"))
    assert len(first) + len(second) == below and not set(first) & set(second)
    assert "合计算全部机关" in page.text
    assert f">{sum(range(0, 70, 2))}</a>" in page.html


def test_a_body_is_found_by_its_name(county, submitted, many):
    page = county.get(f"{PAGE}?q=第 6")
    assert len(names(page)) == 11 and "名称中有“第 6”的 11 个" in page.text
    page.get(f"{PAGE}?q=没有这样的")
    assert names(page) == [] and "的 0 个" in page.text
    page.get(f"{PAGE}?q=<b>")
    assert "&lt;b&gt;" in page.html and "<b>”" not in page.html


def test_a_body_is_ticked_on_one_page_and_counted_on_all(county, submitted, many):
    page = county.get(f"{PAGE}?live=jiangna&page=2")
    assert re.search(r"新收</dt><dd><b class=\"num\">1</b>", page.html)
    assert page.form("/2023/below").fields["live"] in ("jiangna", ["jiangna"])
    page.get(f"{PAGE}?live=jiangna&q=第 1")
    assert re.search(r"新收</dt><dd><b class=\"num\">1</b>", page.html)
    assert 'name="q" value="第 1"' in page.html


def test_the_bodies_without_a_report_are_counted_and_not_named_one_by_one(
    county, submitted, many, office
):
    page = county.get(PAGE)
    below = len(office.agencies()) - 1
    assert f"{below} 个机关" in page.text and page.text.count("没有这一年的报告") == 1
    for n in range(70):
        submitted[f"m{n}"] = _in(f"第 {n} 镇人民政府", _report(f"m{n}", "", 1))
    assert "panlong" not in page.get(PAGE).text
    assert page.text.count("没有这一年的报告") == 2


@pytest.mark.parametrize("day", [date(2024, 1, 20), date(2024, 2, 5)])
def test_a_page_says_of_all_what_the_whole_says(office, submitted, many, today, day):
    today.is_(day.isoformat())
    submitted["m5"] = _in("第 5 镇人民政府", _report("m5", "", 5))
    submitted["v1"] = _in("第 1 所", _report("v1", "", 3, table3={("disclosed", "total"): 0}))
    submitted["m9"] = _in("第 9 镇人民政府", _report("m9", "", 9), "returned")
    service = AddingUp(office, lambda unit, bodies, year: dict(submitted))
    whole = service.overview("yanshan", 2023, with_live={"m1", "v2"})
    pages = [
        service.overview("yanshan", 2023, with_live={"m1", "v2"}, shown=Shown(after=after))
        for after in (0, PER_PAGE)
    ]
    known = {line.code: (line.way, line.late, line.depth) for line in whole.lines}
    told = {line.code: (line.way, line.late, line.depth) for one in pages for line in one.lines}
    assert told == known
    assert {line.code for line in whole.lines if line.way == "covered"} == {"v0", "v1", "v2"}
    for one in pages:
        assert one.counts == whole.counts and one.ways == whole.ways and one.below == whole.below
        assert one.total.behind == whole.total.behind
    assert whole.counts["late"] == sum(line.late for line in whole.lines)
    assert whole.counts["in"] == sum(line.way in ("report", "covered") for line in whole.lines)
    assert whole.counts["failing"] == sum(bool(line.findings) for line in whole.lines) == 1
    assert whole.total.number(NEW) == 5


def test_of_many_bodies_the_tables_are_searched_for(county, many, office):
    page = county.get("/desk/reports/")
    count = len(office.agencies())
    assert f"{count} 个机关" in page.text and '<select id="agency"' not in page.html
    assert page.html.count("/desk/reports/m") < 60
    assert page.get("/desk/reports/?q=第 6&year=2023").text.count("第 6") > 5
    assert 'href="/desk/reports/m60/2023"' in page.html
    assert page.get("/desk/reports/?q=第 61 镇&year=2023").path == "/desk/reports/m61/2023"
    assert "的 0 个" in page.get("/desk/reports/?q=没有这样的").text


def test_of_few_bodies_one_is_chosen(county):
    page = county.get("/desk/reports/")
    assert '<select id="agency"' in page.html and 'id="q"' not in page.html
    assert 'id="q"' not in page.get(PAGE).html
