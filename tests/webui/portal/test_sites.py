"""Every page of the portal also stands below the address of each body, which stays chosen there."""

import re

import pytest

from tests.webui.filing import CITIZEN, file, slip
from tests.webui.published import publish

PAGES = (
    "", "/apply", "/query", "/guide", "/directory", "/annual-reports", "/calculator", "/complaint",
)  # fmt: skip


def links(html: str) -> set[str]:
    """The pages of the portal to which a page leads by header, text and forms; the other script has its own."""
    found = set(re.findall(r'(?:href|action)="(/[^"#?]*)', html))
    found = {one for one in found if not one.startswith("/zh-hant")}
    return {one for one in found if not one.startswith(("/static", "/display", "/desk"))}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_below_a_body_names_it_and_leads_to_pages_below_it(visitor, page):
    html = visitor.get(f"/b/panlong{page}").html
    assert visitor.status == 200 and "盘龙彝族乡人民政府<small>" in html
    led = {one for one in links(html) if not one.startswith("/b/panlong")}
    elsewhere = {"/directory", "/annual-reports", "/apply/bodies"} | (
        links(html) if page == "/directory" else set()
    )
    assert led <= elsewhere, led
    assert links(visitor.get(page or "/").html) & {"/guide", "/apply", "/query"}


OUT = {"/directory", "/annual-reports", "/apply/bodies"}
"""The ways to the other bodies: they lead out of the site on purpose."""


def addresses(app, root: str) -> set[str]:
    """Every address of the portal below a body that can be asked for, with what is in its place."""
    given = {
        "site": "panlong",
        "ending": "docx",
        "year": 2023,
        "which": 1,
        "token": "x",
        "digest": "0" * 64,
        "table": "table3",
        "row": "total",
        "column": "total",
    }
    return {
        root + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(given[found[1]]), rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("portal.") and "<site>" in rule.rule and "GET" in rule.methods
    }


@pytest.mark.parametrize("root", ["", "/zh-hant"])
def test_no_page_below_a_body_leads_out_of_its_site(visitor, office, app, root):
    """Every route of the portal, also where it answers that there is nothing; who filed there."""
    publish(office, 2023)
    own = f"{root}/b/panlong"
    visitor.get(f"{own}/apply").send("/apply", step="review", **CITIZEN).send(
        "/apply", step="submit"
    )
    number, code = slip(visitor)
    visitor.get(f"{own}/query").send("/query", number=number, code=code)
    asked, shown = addresses(app, root), 0
    for address in sorted(asked):
        answer = visitor.client.get(address, follow_redirects=True)
        if answer.mimetype != "text/html":
            continue
        shown += 1
        assert answer.request.path.startswith(own), address
        assert f'class="brand" href="{own}"' in answer.text, address
        if address.endswith(("/directory", "/apply/bodies")):
            continue
        led = set(re.findall(r'(?:href|action)="(/[^"#?]*)', answer.text))
        other = "/b/panlong" if root else "/zh-hant/b/panlong"
        away = {
            one for one in led if not one.startswith((own, "/static", f"{root}/display", other))
        }
        assert away <= {root + one for one in OUT} | {"/desk/login"}, address
    assert shown >= 18


FIXED = (
    "/", "/apply", "/query", "/guide", "/directory", "/answers", "/annual-reports", "/calculator", "/complaint",
)  # fmt: skip
"""DESIGN.md, addresses of pages; `/drafts` stands where drafts are tested."""
FORMER = (
    "/apply/done", "/query/case", "/answers/1", "/answers/feed", "/annual-reports/2023",
    "/annual-reports/2023/file/docx", "/annual-reports/feed", "/calculator/day.ics", "/guide/form.docx",
    "/refuse/x", "/feed/x.ics", "/sitemap.xml", "/robots.txt",
)  # fmt: skip
"""Every other address that the portal has ever had (its history knows no further one): none may go."""


@pytest.mark.parametrize("address", FIXED)
def test_the_fixed_addresses_answer_also_below_a_body_and_with_a_stroke_at_the_end(
    visitor, address
):
    for one in (
        address,
        f"/b/panlong{address}".rstrip("/"),
        f"/b/panlong{address}/".replace("//", "/"),
    ):
        answer = visitor.client.get(one, follow_redirects=True)
        assert answer.status_code == 200, one
        assert answer.request.path == (one.rstrip("/") or "/"), one
        of_form = address == "/apply"  # a form is one's own: it leads on to its key
        assert len(answer.history) == (one != "/" and one.endswith("/")) + of_form


@pytest.mark.parametrize(
    "address", ["/%2F/evil.example/", "/desk//", "/nowhere/", "/b/nowhere/guide/x/"]
)
def test_a_stroke_leads_nowhere_else(visitor, address):
    answer = visitor.client.get(address)
    assert answer.status_code == 404 or answer.headers["Location"].startswith("http://localhost/")
    asked = visitor.client.get("/zh-hant/b/panlong/answers/?q=a%20b")
    assert asked.headers["Location"] == "/zh-hant/b/panlong/answers?q=a%20b"


@pytest.mark.parametrize("address", FORMER)
def test_no_address_that_ever_was_has_gone(app, address):
    for one in (address, f"/b/panlong{address}"):
        endpoint, _ = app.url_map.bind("localhost").match(one, method="GET")
        assert endpoint.startswith("portal.")


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
