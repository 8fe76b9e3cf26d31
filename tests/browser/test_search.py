"""Searching with a keyboard, going back and loading again."""

from urllib.parse import quote

from playwright.sync_api import expect


def test_words_are_found_by_keyboard_and_stand_in_no_address(window, cookies):
    with window(storage_state=cookies("lifang")) as clerk:
        page = clerk.page
        page.goto("/desk/")
        page.get_by_role("link", name="查找", exact=True).click()
        words = page.get_by_role("searchbox")
        expect(words).to_be_focused()
        page.keyboard.type("合同　养护")
        page.keyboard.press("Enter")
        found = page.get_by_role("heading", level=2)
        expect(found).to_contain_text("件申请里")
        address, said = page.url, found.inner_text()
        assert quote("合同") not in address and "合同" not in address
        expect(page.locator("mark").first).to_be_visible()
        page.get_by_role("navigation", name="在哪里找").get_by_role("link", name="申请").click()
        expect(page.locator("nav.tabs [aria-current]")).to_contain_text("申请")
        clerk.send(page.locator("ol.found a").first)
        assert "/desk/cases/panlong/" in page.url
        page.go_back()
        page.go_back()
        assert page.url == address
        expect(found).to_have_text(said)
        page.reload()
        expect(found).to_have_text(said)
        expect(words).to_have_value("合同　养护")
        assert clerk.complaints == []
