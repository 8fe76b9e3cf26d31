"""What holds on every page: headers, one h1, language, tokens, errors, size of the letters."""

import re

import pytest

from config.settings import load
from tests.webui.filing import file, review
from webui.app import create_app

PUBLIC = ("/", "/apply", "/query", "/desk/login", "/no-such-page")
DESK = (
    "/desk/", "/desk/cases", "/desk/register", "/desk/password", "/desk/reports/",
    "/desk/reports/panlong/2024", "/desk/reports/panlong/2019",
    "/desk/reports/panlong/2024/cells/new_received/total", "/desk/cases/2024-0001",
    "/desk/cases/2024-9999",
)  # fmt: skip


def _is_well_formed(html: str) -> None:
    assert '<html lang="zh-CN"' in html
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert 'class="skip"' in html and "<title>" in html
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", html)
    followed = (
        r'<a href="https?://[^"]+" rel="noopener( nofollow)?">'  # a reader's own step outside
    )
    itself = r'<link rel="(canonical|alternate)"[^>]*>'  # whole addresses, for who finds pages
    fetched = re.sub(f"{followed}|{itself}", "", html)
    assert not re.search(r'(src|href|action)="(https?:)?//', fetched)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), sorted({one for one in ids if ids.count(one) > 1})
    for target in re.findall(r'<label for="([^"]+)"', html):
        assert target in ids, target


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_well_formed(visitor, path):
    _is_well_formed(visitor.get(path).html)


def test_the_pages_of_filing_are_well_formed(visitor):
    _is_well_formed(review(visitor, phone="1").html)
    _is_well_formed(review(visitor).html)
    file(visitor)
    _is_well_formed(visitor.html)
    _is_well_formed(visitor.get("/query/case").html)


def test_desk_pages_are_well_formed(visitor, staff):
    file(visitor)
    for path in DESK:
        page = staff("lifang").get(path)
        assert page.status == (404 if "9999" in path else 200), path
        _is_well_formed(page.html)


def test_no_machine_word_is_shown(visitor, staff):
    number, _ = file(visitor)
    for path in (*DESK, f"/desk/cases/{number}"):
        words = re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", staff("lifang").get(path).text)
        assert not words, (path, words)


def test_security_headers_are_strict(visitor):
    headers = visitor.get("/").page.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    cookie = visitor.get("/apply").page.headers.getlist("Set-Cookie")[0]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie


def test_behind_https_cookies_are_secure_and_plain_http_is_sent_on(office):
    client = create_app(office, {**load({}), "https": True}).test_client()
    assert client.get("/apply").status_code == 302
    answer = client.get("/apply", base_url="https://localhost")
    assert (
        "Secure" in answer.headers["Set-Cookie"] and "Strict-Transport-Security" in answer.headers
    )


@pytest.mark.parametrize(
    "path", ["/apply", "/query", "/desk/login", "/leave", "/query/case/withdraw"]
)
def test_a_post_without_a_token_is_refused(visitor, counted, path):
    visitor.post(path, {"step": "submit", "number": "2024-0001"})
    assert visitor.status == 400 and "页面停留太久" in visitor.text and counted() == 0


def test_an_event_without_a_token_is_refused(visitor, staff):
    number, _ = file(visitor)
    page = staff("lifang").post(f"/desk/cases/{number}/events/withdraw", {"on": "2024-05-06"})
    assert page.status == 400
    assert "已登记" in page.get(f"/desk/cases/{number}").text


def test_a_fault_shows_a_number_that_is_in_the_log(app, office, caplog):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken() -> str:
        raise RuntimeError("a bug")

    app.view_functions["portal.start"] = broken
    page = app.test_client().get("/")
    html = page.get_data(as_text=True)
    number = re.search(r'class="num code">([0-9a-f]+)<', html)
    assert page.status_code == 500 and number and "a bug" not in html
    assert number[1] in caplog.text


def test_too_much_text_is_refused_in_words(visitor):
    visitor.get("/apply").send("/apply", items="字" * 1_500_000)
    assert visitor.status == 413 and "提交的内容太大" in visitor.text


def test_guessing_codes_is_slowed_down(app, visitor):
    app.config["RATELIMIT_ENABLED"] = True
    for _ in range(21):
        visitor.get("/query").send("/query", number="2024-0001", code="AAAAAAAAAA")
    assert visitor.status == 429 and "操作太频繁了" in visitor.text


def test_the_size_of_the_letters_is_remembered(visitor):
    visitor.get("/display?size=elder&next=/query")
    assert visitor.path == "/query" and 'class="size-elder"' in visitor.html
    visitor.get("/display?size=huge&next=/query")
    assert 'class="size-elder"' in visitor.html


def test_footer_items_are_shown_only_when_set(office):
    settings = {**load({}), "site_phone": "0876-0000000"}
    html = create_app(office, settings).test_client().get("/query").get_data(as_text=True)
    assert "公开电话：0876-0000000" in html and "主办：" not in html
