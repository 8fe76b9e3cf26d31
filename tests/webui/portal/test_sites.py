"""Every page of the portal also stands below the address of each body, which stays chosen there."""

import re

import pytest

from tests.webui.filing import file

PAGES = (
    "", "/apply", "/query", "/guide", "/directory", "/annual-reports", "/calculator", "/complaint",
)  # fmt: skip


def links(html: str) -> set[str]:
    """The pages of the portal to which a page leads by header, text and forms."""
    found = set(re.findall(r'(?:href|action)="(/[^"#?]*)', html))
    return {one for one in found if not one.startswith(("/static", "/display", "/desk"))}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_below_a_body_names_it_and_leads_to_pages_below_it(visitor, page):
    html = visitor.get(f"/b/panlong{page}").html
    assert visitor.status == 200 and "盘龙彝族乡人民政府<small>" in html
    led = {one for one in links(html) if not one.startswith("/b/panlong")}
    elsewhere = {"/directory", "/annual-reports"} | (links(html) if page == "/directory" else set())
    assert led <= elsewhere, led
    assert links(visitor.get(page or "/").html) & {"/guide", "/apply", "/query"}


def test_no_body_of_that_code_is_not_found(visitor):
    assert visitor.get("/b/nowhere/guide").status == 404
    assert "没有找到这个页面" in visitor.text


def test_a_request_is_filed_with_the_body_whose_address_it_is(visitor, staff):
    form = visitor.get("/b/jiangna/apply").form("/b/jiangna/apply")
    assert form.fields["agency"] == ["jiangna"] and "江那镇人民政府" in visitor.text
    assert '<select id="agency"' not in visitor.html


def test_a_body_that_takes_none_says_where_to_go(visitor):
    page = visitor.get("/b/yanshan/apply")
    assert page.status == 200 and "不在这个网站受理申请" in page.text
    assert 'href="/directory"' in page.html


def test_number_and_code_are_shown_below_the_body_too(visitor):
    number, code = file(visitor)
    visitor.get("/b/panlong/query").send("/b/panlong/query", number=number, code=code)
    assert visitor.path == "/b/panlong/query/case" and number in visitor.text
