"""The headers of every answer: page, error, static file, download, feed, call, and what the server itself says."""

import re
from collections.abc import Iterator
from email import message_from_string
from email.policy import default
from io import BytesIO
from urllib.parse import unquote

import pytest
from flask import send_file
from werkzeug.test import TestResponse

from config.settings import load
from tests.webui.every_route import addresses
from tests.webui.serving.test_connections import running
from tests.webui.test_permissions import NOBODY, House, blank, house
from webui.app import create_app
from webui.headers import ALWAYS, NOTHING, OF_THE_SERVER, named

__all__ = ["blank", "house"]
STATIC = "/static/gongkai.css"
FEEDS = ("/answers/feed", "/annual-reports/feed", "/sitemap.xml", "/robots.txt")


def _wrong(answer: TestResponse) -> Iterator[str]:
    headers = answer.headers
    for name, value in ALWAYS.items():
        if name != "Cross-Origin-Resource-Policy" and headers.getlist(name) != [value]:
            yield f"{name}: {headers.getlist(name)}"
    if headers.getlist("Cross-Origin-Resource-Policy") not in (["same-origin"], ["cross-origin"]):
        yield "Cross-Origin-Resource-Policy"
    policy = headers.get("Content-Security-Policy", "")
    if "unsafe" in policy or "*" in policy or not re.search(r"default-src '(self|none)'", policy):
        yield f"policy {policy}"
    if "frame-ancestors 'none'" not in policy or headers.get("X-Frame-Options") != "DENY":
        yield "may be framed"
    if headers.get("Content-Type", "").count("charset") > 1:
        yield f"charset twice: {headers['Content-Type']}"
    if "Server" in headers or "X-Powered-By" in headers:
        yield "says what it is"
    shown = answer.mimetype in ("text/html", "application/pdf")
    if headers.get("Content-Disposition", "").startswith("attachment") or not shown:
        if policy != NOTHING:
            yield f"a file under {policy}"
        disposition = headers.get("Content-Disposition", "")
        if re.search(r"[\r\n]|filename=[^;]*[/\\]", disposition):
            yield f"a name {disposition}"
    if headers.get("Cache-Control") not in (
        "no-store",
        "no-cache",
        "public, max-age=31536000, immutable",
    ):
        yield f"Cache-Control: {headers.get('Cache-Control')}"


@pytest.mark.parametrize("who", [NOBODY, "clerk"])
def test_every_answer_of_every_route_has_them(house: House, blank: None, who: str) -> None:
    wrong = [
        f"{method} {path}: {said}"
        for _, path, methods in addresses(house)
        for method in sorted(methods & {"GET"})
        for said in _wrong(house.ask(who, method, path))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", ["/no-such-page", "/api/v1/nothing", "/static/nothing.css", "/b/nobody", "/desk/cases/2024-9999"])  # fmt: skip
def test_what_is_not_there_has_them_too(app, path):
    assert not list(_wrong(app.test_client().get(path)))


def test_a_fault_has_them_too(app):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken() -> str:
        raise RuntimeError("a bug")

    app.view_functions["portal.start"] = broken
    answer = app.test_client().get("/")
    assert answer.status_code == 500 and not list(_wrong(answer))


def test_no_page_asks_the_browser_for_a_sensor_and_no_frame_may():
    assert (
        "camera=()" in ALWAYS["Permissions-Policy"]
        and "geolocation=()" in ALWAYS["Permissions-Policy"]
    )
    assert "publickey-credentials" not in ALWAYS["Permissions-Policy"]  # passkeys ask for it


def test_static_files_and_public_feeds_set_no_cookie(staff, visitor, app):
    visitor.get("/apply")
    version = re.search(r"/static/gongkai\.css\?v=(\w+)", visitor.html)
    assert version
    for person in (visitor, staff("lifang")):
        kept = person.client.get(f"{STATIC}?v={version[1]}")
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert person.client.get(f"{STATIC}?v=other").headers["Cache-Control"] == "no-cache"
        for path in (
            f"{STATIC}?v={version[1]}",
            STATIC,
            *FEEDS,
            *(f"/b/panlong{one}" for one in FEEDS),
        ):
            assert "Set-Cookie" not in person.client.get(path).headers, path
        assert "Cookie" not in kept.headers.get("Vary", "")


def test_a_page_that_a_site_may_embed_may_be_loaded_from_there(app, office):
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        unit.set_setting(
            body,
            "site_embed",
            "https://www.example.gov.cn",
            office.today(),
            "试",
            recorded_at=office.now(),
        )
        unit.rules_changed()
    headers = app.test_client().get("/b/panlong/guide").headers
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "frame-ancestors https://www.example.gov.cn" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers
    assert app.test_client().get("/b/panlong/apply").headers["X-Frame-Options"] == "DENY"


def test_behind_https_every_answer_says_so(office):
    client = create_app(office, {**load({}), "https": True}).test_client()
    for path in ("/", STATIC, "/no-such-page", "/api/v1/openapi.json"):
        said = client.get(path, base_url="https://localhost").headers["Strict-Transport-Security"]
        assert re.match(r"max-age=31\d{6}", said), path
    assert (
        "Strict-Transport-Security"
        not in create_app(office, load({})).test_client().get("/").headers
    )


def test_what_the_server_cannot_read_is_answered_with_them():
    """Neither a view nor an error page has seen it."""
    for asked in (b"NONSENSE\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"):
        with running() as there, there.opened(asked) as connection:
            head = connection.recv(65536).partition(b"\r\n\r\n")[0].decode()
        assert head.startswith("HTTP/1.") and " 400 " in head.splitlines()[0]
        said = dict(line.split(": ", 1) for line in head.splitlines()[1:])
        assert {name.title(): value for name, value in OF_THE_SERVER.items()}.items() <= {
            name.title(): value for name, value in said.items()
        }.items()
        assert "Server" not in said and "waitress" not in head


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("我的申请.xlsx", "gongkai.xlsx"),
        ("证据材料-2024-0001.pdf", "gongkai-2024-0001.pdf"),
        ("盘龙乡2023年报告.tar.gz", "gongkai-2023-tar.gz"),
        ("没有后缀", "gongkai"),
        ("报告 “初稿”；100%.docx", "gongkai-100.docx"),
        ("a.公开", "gongkai-a"),
    ],
)
def test_a_download_has_a_name_for_those_who_read_no_chinese(app, name, plain):
    """Whole for RFC 8187, and with its ending for whoever reads the plain one alone."""
    with app.test_request_context():
        answer = app.process_response(send_file(BytesIO(b"x"), "text/plain", True, name))
    said = answer.headers["Content-Disposition"]
    told = message_from_string(f"Content-Disposition: {said}", policy=default)
    first, second = said.split("; ")[1:]
    assert first == f"filename={plain}" and second.startswith("filename*=UTF-8''")
    assert unquote(second.removeprefix("filename*=UTF-8''")) == name
    assert (
        said.startswith("attachment;")
        and told["Content-Disposition"].content_disposition == "attachment"
    )


@pytest.mark.parametrize("said", ["inline", "attachment; filename=reply-due.ics", "attachment"])
def test_what_needs_no_other_name_keeps_its_own(said):
    assert named(said) == said
