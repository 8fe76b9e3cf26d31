"""The portal in each of its modes, as people meet it: whole at every width, open to everybody, with and without
scripts."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TODAY
from tests.browser.test_pages import AXE, FOLD, NARROWEST, UNFOLD
from tests.browser.walking import PHONE, WIDE
from workflow.files.crest import crest_of
from workflow.service import Office
from workflow.service.rules.settings import BodySettings

pytestmark = pytest.mark.long(reason="every page of the portal in every mode")
LOOK = {
    "site_name": "盘龙彝族乡政务公开", "site_header": "政府信息公开", "site_colour": "green", "footer_code": "5326220001",
    "footer_contact": "盘龙街 1 号", "footer_access": "https://access.panlong.example/",
}  # fmt: skip
PAGES = {
    "start": "/b/panlong", "of all": "/", "apply": "/b/panlong/apply", "query": "/b/panlong/query",
    "guide": "/b/panlong/guide", "directory": "/b/panlong/directory", "answers": "/b/panlong/answers",
    "reports": "/b/panlong/annual-reports", "calculator": "/b/panlong/calculator",
    "calculated": f"/b/panlong/calculator?way=registered&received_on={TODAY.year}-03-20",
    "complaint": "/b/panlong/complaint", "easy": "/b/panlong/easy-read", "english": "/b/panlong/english",
    "embedding": "/b/panlong/embed", "lost": "/b/panlong/nowhere",
}  # fmt: skip
MODES = ("simplified", "traditional", "elder", "without scripts")
EMBEDDED = (
    "start",
    "guide",
    "directory",
    "calculator",
    "calculated",
    "complaint",
    "easy",
    "english",
)
REFUSED = "chrome-error://chromewebdata/"
"""What a frame holds that may not show its page."""
ZOOMED = WIDE // 2
"""A wide screen at 200 %."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """Another site, which embeds the page that its address names."""

    class Embedding(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            inner = self.path.partition("?")[2]
            said = f'<!doctype html><title>县政府</title><iframe title="公开" src="{inner}" width="100%" height="700"></iframe>'
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(said.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Embedding)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module", autouse=True)
def dressed(office: Office, host: str) -> None:
    """The site of a body with all that it can set."""
    from tests.webui.portal.test_looks import picture

    crest = crest_of("标志.png", picture((256, 256)))
    with office.store.write_rules() as unit:
        body = office.found_agency(unit, "panlong")
        for name, value in (LOOK | {"site_embed": host}).items():
            unit.set_setting(body, name, value, TODAY, "", recorded_at=office.now())
    person = office.staff("guanli")
    BodySettings(office).set_setting(
        person, "panlong", "site_crest", crest.digest, TODAY.isoformat(), "标志", crest
    )


@pytest.fixture(scope="module")
def open_in(window: Callable[..., Any], site: str) -> Callable[..., AbstractContextManager[Page]]:
    @contextmanager
    def opened(mode: str, address: str, width: int = WIDE) -> Iterator[Page]:
        with window(width, java_script_enabled=mode != "without scripts") as walker:
            if mode == "elder":
                walker.page.context.add_cookies([{"name": "size", "value": "elder", "url": site}])
            walker.page.goto(("/zh-hant" if mode == "traditional" else "") + address)
            yield walker.page

    return opened


def widths(page: Page) -> dict[int, int]:
    """The widths at which the page runs over the edge, and by how far."""
    found = {}
    for width in (WIDE, ZOOMED, PHONE, NARROWEST):
        page.set_viewport_size({"width": width, "height": 844})
        over = page.evaluate("document.documentElement.scrollWidth") - width
        if over > 0:
            found[width] = over
    return found


def axe(where: Any) -> list[tuple[str, str, list[str]]]:
    where.evaluate(AXE)
    found = where.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [(one["id"], one["help"], [node["html"][:160] for node in one["nodes"]]) for one in found]  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_in_every_mode(open_in, name, mode):
    with open_in(mode, PAGES[name]) as page:
        assert page.locator("h1").count() == 1
        if PAGES[name] != "/":
            expect(page.locator("header .brand")).to_contain_text("盘龙彝族乡政务公开")
            assert page.locator("header img.crest").evaluate("one => one.naturalWidth") == 256
        if mode == "without scripts":
            assert widths(page) == {}
            return
        folded = page.evaluate(UNFOLD)
        assert widths(page) == {}
        page.evaluate("document.documentElement.classList.add('size-elder')")
        page.set_viewport_size({"width": NARROWEST, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
        for width in (PHONE, WIDE):
            page.set_viewport_size({"width": width, "height": 844})
            assert axe(page) == [], width
        page.evaluate(FOLD, folded)


@pytest.mark.parametrize("name", PAGES)
def test_on_paper_stands_what_is_read_and_no_way_about(open_in, name):
    """Addresses stand behind links, but for a number of a report: a table is full of them."""
    with open_in("simplified", PAGES[name]) as page:
        page.emulate_media(media="print")
        for away in ("nav", "footer", ".skip", "button", ".button", ".modes", "form[role=search]"):
            shown = [one for one in page.locator(away).all() if one.is_visible()]
            assert [one.evaluate("one => one.outerHTML.slice(0, 80)") for one in shown] == []
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".site-address")).to_be_visible()
        written = page.evaluate(
            """() => [...document.querySelectorAll('main a[href^="/"], main a[href^="http"]')]
            .filter(one => one.checkVisibility() && !one.closest('.crumbs, .official, .figures, .figure-told'))
            .filter(one => !getComputedStyle(one, '::after').content.includes(one.getAttribute('href')))
            .map(one => one.outerHTML)"""
        )
        assert written == []
        assert page.pdf(format="A4", print_background=False).startswith(b"%PDF")


@pytest.mark.parametrize("name", EMBEDDED)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_named_site_shows_the_page_in_its_own(window, host, site, name, scripts):
    for width in (WIDE, PHONE):
        with window(width, java_script_enabled=scripts) as walker:
            page = walker.page
            page.goto(f"{host}/?{site}{PAGES[name]}")
            inner = page.frame_locator("iframe")
            expect(inner.locator("h1")).to_be_visible()
            expect(inner.locator("header.site, footer")).to_have_count(0)
            frame = page.frames[1]
            assert frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            if scripts:
                assert axe(frame) == []
            assert [one["name"] for one in page.context.cookies()] == []


def test_from_within_one_goes_on_within_or_leaves_for_the_whole_site(window, host, site):
    with window() as walker:
        page = walker.page
        page.goto(f"{host}/?{site}/b/panlong")
        inner = page.frame_locator("iframe")
        inner.get_by_role("link", name="期限计算").first.click()
        expect(inner.locator("h1")).to_contain_text("算一算")
        inner.locator("#way-0").check()
        inner.locator("#received_on").fill(f"{TODAY.year}-03-20")
        inner.get_by_role("button", name="算一算").click()
        expect(inner.locator("#due-title")).to_have_text("最迟答复日")
        assert page.url.startswith(host)
        inner.get_by_role("link", name="填写申请").first.click()
        page.wait_for_url(f"{site}/b/panlong/apply?form=*")


def framed(page):
    """What the frame of the page came to: a page around it may be there before."""
    for _ in range(100):
        if page.frames[1].url:
            break
        page.wait_for_timeout(50)
    return page.frames[1].url


def test_no_other_page_and_no_other_site_shows_anything(window, host, site):
    with window() as walker:
        page = walker.page
        for address in ("/b/panlong/apply", "/b/panlong/query", "/b/yszrzy", "/desk/login"):
            page.goto(f"{host}/?{site}{address}")
            assert framed(page) == REFUSED, address
        elsewhere = host.replace("localhost", "127.0.0.1")
        page.goto(f"{elsewhere}/?{site}/b/panlong")
        assert framed(page) == REFUSED


def test_elder_mode_has_fewer_things_and_stays(window):
    with window(PHONE) as walker:
        page = walker.page
        page.goto("/b/panlong")
        before = [one for one in page.locator("main a, nav a").all() if one.is_visible()]
        page.get_by_role("link", name="长者模式").first.click()
        expect(page.locator("html")).to_have_class(re.compile("size-elder"))
        after = [one for one in page.locator("main a, nav a").all() if one.is_visible()]
        assert len(after) < 0.7 * len(before)
        page.goto("/b/panlong/query")
        size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        line = page.evaluate("parseFloat(getComputedStyle(document.body).lineHeight)")
        assert size >= 18 and line >= 1.3 * size
        assert page.locator(".button").first.bounding_box()["height"] >= 56
        page.get_by_role("link", name="退出长者模式").click()
        expect(page.locator("html")).not_to_have_class(re.compile("size-elder"))


def test_a_form_goes_all_the_way_in_traditional_script(window):
    with window(PHONE) as walker:
        page = walker.page
        page.goto("/b/panlong")
        page.get_by_role("link", name="繁體").click()
        page.get_by_role("link", name="填寫申請").first.click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
        page.get_by_label("公民").check()
        for label, text in {
            "姓名": "云发", "证件号码": "11010519491231002X", "手机": "13800000000",
        }.items():  # fmt: skip
            field = {"姓名": "#name", "证件号码": "#id_number", "手机": "#phone"}[label]
            page.locator(field).fill(text)
        page.locator("#items").fill("只有一只头发的发票")
        for box in ("delivery", "medium"):
            page.locator(f'[name="{box}"]').first.check()
        page.get_by_role("button", name="下一步").click()
        expect(page.locator("h1")).to_contain_text("檢查一遍")
        expect(page.locator("main")).to_contain_text("只有一只头发的发票")
        page.get_by_role("button", name="提交申請").click()
        expect(page.locator("h1")).to_have_text("申請已經提交")
        assert "/zh-hant/b/panlong/apply/done" in page.url
