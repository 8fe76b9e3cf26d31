"""Who may show a page of a body within a page of their own: the sites that the body named, and harmless pages only."""

import re

import pytest

from tests.webui.filing import file
from tests.webui.portal.test_public_pages import set_text
from webui.portal.sites import HARMLESS

NAMED = "https://www.panlong.example http://10.0.0.8:8080"
ADDRESSES = {
    "portal.start": "", "portal.guide": "/guide", "portal.directory": "/directory", "portal.easy_read": "/easy-read",
    "portal.calculator": "/calculator", "portal.complaint": "/complaint", "portal.answers": "/answers",
    "portal.annual_reports": "/annual-reports", "portal.english": "/english",
}  # fmt: skip
FRAME = {"Sec-Fetch-Dest": "iframe"}


@pytest.fixture
def named(office):
    set_text(office, "site_embed", NAMED)


def framed(answer) -> str:
    return re.search(r"frame-ancestors ([^;]*)", answer.headers["Content-Security-Policy"])[1]


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_named_sites_may_embed_a_harmless_page_of_their_body_and_of_no_other(
    visitor, named, address
):
    answer = visitor.client.get(f"/b/panlong{address}", headers=FRAME)
    assert framed(answer) == NAMED and "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers and "Sec-Fetch-Dest" in answer.headers["Vary"]
    assert 'name="csrf_token"' not in answer.text and 'method="post"' not in answer.text
    assert '<base target="_top">' in answer.text and 'class="site"' not in answer.text
    assert answer.text.count("<h1") == 1
    for other in (f"/b/jiangna{address}", address or "/"):
        answer = visitor.client.get(other, headers=FRAME)
        assert framed(answer) == "'none'" and answer.headers["X-Frame-Options"] == "DENY"
        assert "<base" not in answer.text


def test_every_harmless_page_is_tried():
    assert set(ADDRESSES) == HARMLESS - {"portal.answer", "portal.annual_report"}


def test_pages_where_somebody_types_who_they_are_are_never_embedded(visitor, named, app):
    file(visitor)
    visitor.get("/b/panlong/query")
    for rule in app.url_map.iter_rules():
        if rule.endpoint in HARMLESS or "GET" not in rule.methods or "<site>" not in rule.rule:
            continue
        given = {name: "1" for name in rule.arguments} | {"site": "panlong"}
        with app.test_request_context():
            address = re.sub(
                r"<(?:\w+:)?(\w+)>", lambda found, given=given: given[found[1]], rule.rule
            )
        answer = visitor.client.get(address, headers=FRAME)
        assert framed(answer) == "'none'", address
        assert answer.headers["X-Frame-Options"] == "DENY", address
    answer = visitor.client.get("/b/panlong/nowhere", headers=FRAME)
    assert answer.status_code == 404 and framed(answer) == "'none'"


def test_without_a_frame_the_page_is_whole(visitor, named):
    html = visitor.get("/b/panlong").html
    assert "<base" not in html and 'class="site"' in html


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("HTTPS://www.Panlong.example/", "https://www.panlong.example"),
        ("https://a.example，http://b.example:8080 https://a.example", "https://a.example http://b.example:8080"),
    ],
)  # fmt: skip
def test_sites_are_named_by_their_origin(staff, office, typed, kept):
    page = staff("chen").get("/desk/settings/site_embed")
    page.send("/settings/site_embed", value=typed, reason="县政府网站")
    assert "已保存" in page.text and kept in page.text


@pytest.mark.parametrize(
    "typed",
    [
        "*", "https://*.example", "https://a.example/path", "a.example", "https://a.example;script-src *",
        "https://u:p@a.example", "'self'", "javascript:x", "https://a.example:999999", "https://政府.example",
        "https://", "data:",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_told_at_the_field(visitor, staff, typed):
    page = staff("chen").get("/desk/settings/site_embed")
    page.send("/settings/site_embed", value=typed, reason="县政府网站")
    assert page.status == 422 and "只写到域名为止" in page.text and "县政府网站" in page.html
    assert framed(visitor.client.get("/b/panlong")) == "'none'"


def test_the_webmaster_finds_what_to_paste(visitor, named):
    page = visitor.get("/b/panlong/embed")
    assert '<iframe src="http://localhost/b/panlong/guide"' in page.text
    assert "https://www.panlong.example、http://10.0.0.8:8080" in page.text
    assert "<iframe" not in visitor.get("/b/jiangna/embed").text
    assert visitor.get("/embed").status == 404
