"""The steps of a walk, counted, with a look at every page on the way.

A step is one thing that the hand does: a field filled in, chosen or ticked, a link, button or closed part of the
page pressed. Reading and scrolling are none, nor is the first address, which is a bookmark.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from re import Pattern

from playwright.sync_api import Locator, Page

from tests.browser.walking import PHONE, Walker
from tests.samples import pdf

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
NARROWEST = 320
"""Pixels of the narrowest phone."""
NEW = "() => { const fresh = !window.seenByTheWalk; window.seenByTheWalk = true; return fresh; }"
TOO_WIDE = """() => document.documentElement.scrollWidth > innerWidth
? [...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
  .map(one => one.outerHTML.slice(0, 100)).slice(0, 3) : []"""
FOCUSED = """() => { const on = document.activeElement, box = on.getBoundingClientRect();
const style = getComputedStyle(on);
return [on.tagName, on.innerText || on.getAttribute('aria-label') || on.name || on.tagName,
  on === document.body || (box.width > 0 && style.outlineStyle !== 'none' && box.bottom > 0 && box.top < innerHeight)]; }"""
FOCUS = "() => { const on = document.activeElement; return on.id || on.getAttribute('name') || on.tagName; }"


class Steps:
    """Somebody at the desk who counts what the hands do. `pages`: where the walk has been, in its order."""

    def __init__(
        self, page: Page, width: int, pictures: Path | None = None, *, closely: bool = True
    ) -> None:
        """closely: every page is held to axe and to the narrowest phone as well."""
        self.closely = closely
        self.walker = Walker(page)
        self.page, self.width, self.pictures = page, width, pictures
        self.taken = 0
        self.pages: list[str] = []

    # -- what the hand does ---------------------------------------------------------------------

    def fill(self, field: str | Locator, text: str) -> None:
        self._field(field).fill(text)
        self.taken += 1

    def choose(self, field: str | Locator, value: str) -> None:
        """Choose from a list, by what stands there or by its value."""
        self._field(field).select_option(value)
        self.taken += 1

    def tick(self, field: str | Locator) -> None:
        self._field(field).check()
        self.taken += 1

    def choose_file(self, field: str, name: str) -> None:
        """Choose a file; a PDF that is one."""
        file = {"name": name, "mimeType": "application/pdf", "buffer": pdf(name)}
        self._field(field).set_input_files(file)
        self.taken += 1

    def press(self, what: str | Pattern[str] | Locator) -> None:
        """Press a button, a link or the heading of a closed part; what comes up is looked at."""
        self._named(what).click()
        self.taken += 1
        self.look()

    def _field(self, field: str | Locator) -> Locator:
        if not isinstance(field, str):
            return field
        named = re.compile(rf"^\s*{re.escape(field)}(\s*选填)?\s*$")
        return self.page.get_by_label(named).locator("visible=true").first

    def _named(self, what: str | Pattern[str] | Locator) -> Locator:
        """What is called so, in the text of the page before its frame."""
        if isinstance(what, Locator):
            return what
        named = re.compile(rf"^{re.escape(what)}(\s*\d+)?$") if isinstance(what, str) else what
        for part in (self.page.locator("main"), self.page.locator("body")):
            button = part.get_by_role("button", name=named)
            link = part.get_by_role("link", name=named)
            closed = part.locator("summary", has_text=what)
            for found in (button, link, closed):
                seen = found.locator("visible=true")
                if seen.count():
                    return seen.first
        raise AssertionError(f"nothing to press is called {what}: {self.page.url}")

    # -- what the eye sees ----------------------------------------------------------------------

    def begin(self, address: str) -> None:
        self.page.goto(address)
        self.look()

    def log_in(self, name: str, password: str) -> None:
        """Three steps."""
        self.begin("/desk/login")
        self.fill("用户名", name)
        self.fill("密码", password)
        self.press("登录")

    def text(self) -> str:
        return self.walker.text()

    def look(self) -> None:
        """What has come up is whole, quiet and open to everybody; a page is looked at once each time it loads."""
        page = self.page
        page.wait_for_load_state()
        if not page.evaluate(NEW):
            return
        self.pages.append(page.url)
        assert self.walker.complaints == [], page.url
        assert page.evaluate(TOO_WIDE) == [], page.url
        assert page.locator("h1").count() == 1, page.url
        if self.closely:
            self._look_closely()
        if self.pictures is not None:
            page.screenshot(path=self.pictures / f"{len(self.pages):02}.png", full_page=True)

    def _look_closely(self) -> None:
        page = self.page
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        told = [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found]
        assert told == [], page.url
        if self.width == PHONE:
            with self.narrowest():
                assert page.evaluate(TOO_WIDE) == [], page.url

    @contextmanager
    def narrowest(self) -> Iterator[None]:
        """The page on the narrowest phone in large type."""
        page, size = self.page, self.page.viewport_size
        assert size is not None
        page.set_viewport_size({"width": NARROWEST, "height": size["height"]})
        page.evaluate("document.documentElement.classList.add('size-large')")
        yield
        page.evaluate("document.documentElement.classList.remove('size-large')")
        page.set_viewport_size(size)

    @contextmanager
    def stumbling(self) -> Iterator[None]:
        """A slip and what mends it count as no steps: who knows the page makes none."""
        before = self.taken
        yield
        self.taken = before

    def told_at(self, field: str) -> None:
        """After a slip the summary has the focus, says what is wrong, and leads to the field of that id."""
        page = self.page
        alert = page.get_by_role("alert").locator("visible=true").first
        assert alert.evaluate("part => part.contains(document.activeElement)"), page.evaluate(FOCUS)
        alert.locator(f"a[href='#{field}']").first.click()
        assert page.evaluate(FOCUS) == field

    def tabbed_to(self, words: str, tag: str) -> int:
        """Go on with Tab until the focus is on the element that begins with these words; how many times that took.
        Wherever the focus is meanwhile, it is seen."""
        page = self.page
        for presses in range(1, 80):
            page.keyboard.press("Tab")
            name, said, seen = page.evaluate(FOCUSED)
            assert seen, said
            if name == tag and said.startswith(words):
                return presses
        raise AssertionError(f"Tab does not reach {words}: {page.url}")
