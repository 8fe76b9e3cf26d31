"""On paper only what is worth reading there."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TODAY


@pytest.mark.parametrize(
    "address",
    [
        f"/desk/cases/{TODAY.year}-0010",
        f"/desk/reports/panlong/{TODAY.year}",
        f"/desk/reports/panlong/{TODAY.year}/plots",
    ],
)
def test_paper_shows_no_buttons(window, cookies, address):
    with window(storage_state=cookies("chenxz")) as walker:
        page = walker.page
        page.goto(address)
        controls = page.locator(
            "button, .button, input:not([type=hidden]), select, nav, footer, .skip"
        )
        assert any(one.is_visible() for one in controls.all())
        page.emulate_media(media="print")
        assert [
            one.evaluate("one => one.outerHTML") for one in controls.all() if one.is_visible()
        ] == []
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.pdf(format="A4", print_background=False).startswith(b"%PDF")


def test_printing_a_case_opens_how_its_day_was_counted(window, cookies):
    with window(storage_state=cookies("lifang")) as walker:
        page = walker.page
        page.goto(f"/desk/cases/{TODAY.year}-0012")
        expect(page.locator(".daily")).to_be_hidden()
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        expect(page.locator(".daily")).to_be_visible()
        expect(page.locator(".big")).to_be_visible()
        expect(page.get_by_text("现在：办理中 · 2026 年 5 月 12 日打印")).to_be_visible()


def test_a_complaint_goes_to_paper_without_the_head_of_whom_it_is_about(window, filed):
    with window(storage_state=filed["cookies"]) as walker:
        page = walker.page
        page.goto("/query/case/complaint")
        expect(page.locator("header.site")).to_be_visible()
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", name="投诉书")).to_be_visible()
        for one in ("header.site", "h1", ".site-address"):
            expect(page.locator(one)).to_be_hidden()
