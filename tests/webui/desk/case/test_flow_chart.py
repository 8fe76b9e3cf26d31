"""The picture of the whole way on the page of a case."""

from xml.etree import ElementTree as Xml

from tests.webui.filing import file

SVG = "{http://www.w3.org/2000/svg}"


def test_the_page_opens_the_picture_on_demand_and_says_where_the_case_stands(visitor, staff):
    number, _ = file(visitor)
    page = staff("lifang").act(number, "assign")
    chart = page.html.partition('<details class="card flow-chart">')[2].partition("</details>")[0]
    assert "办理流程图" in chart and " open" not in chart.partition(">")[0]
    assert "当前状态：<b>办理中</b>；已经过：" in chart and "已登记" in chart
    assert 'loading="lazy"' in chart and f"/desk/cases/panlong/{number}/flow.svg" in chart


def test_the_picture_marks_present_and_passed_states_of_the_case(visitor, staff):
    number, _ = file(visitor)
    staff("lifang").act(number, "assign")
    page = staff("lifang").get(f"/desk/cases/{number}/flow.svg")
    assert page.status == 200 and page.page.mimetype == "image/svg+xml"
    marked = {
        kind: [
            one.findtext(f"{SVG}text")
            for one in Xml.fromstring(page.html).iter(f"{SVG}g")
            if one.get("class") == kind
        ]
        for kind in ("present", "passed")
    }
    assert marked["present"] == ["办理中"] and "已登记" in marked["passed"]
    assert "no-store" in page.page.headers["Cache-Control"]


def test_the_picture_of_another_bodys_case_does_not_exist(visitor, staff):
    number, _ = file(visitor)
    assert staff("sunli").get(f"/desk/cases/{number}/flow.svg").status == 404
    visitor.get(f"/desk/cases/{number}/flow.svg")
    assert visitor.path == "/desk/login"


def test_the_picture_prints_on_a_sheet_of_its_own(visitor, staff):
    number, _ = file(visitor)
    page = staff("lifang").get(f"/desk/cases/{number}/flow")
    assert page.status == 200 and page.html.count("<h1") == 1
    assert number in page.text and "当前状态：已登记" in page.text
    assert f'src="/desk/cases/panlong/{number}/flow.svg"' in page.html
    assert staff("sunli").get(f"/desk/cases/{number}/flow").status == 404
