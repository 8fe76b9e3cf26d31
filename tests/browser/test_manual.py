"""The manuals: every page opens, and its pictures show the product as it is. `--pictures` makes them anew."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browser.conftest import TODAY
from tests.browser.walking import PHONE
from webui.desk.manual import MANUALS

ROOT = Path(__file__).parents[2] / "webui"
IMAGES = ROOT / "static" / "manual"
WIDTH, COLOURS, MOST_BYTES = 1000, 64, 90_000
YEAR = TODAY.year
CASES = f"/desk/cases/panlong/{YEAR}"
# name: who, where, what of the page (None: its top, so many pixels high).
PICTURES: dict[str, tuple[str, str, str | int]] = {
    "worklist": ("lifang", "/desk/", 760),
    "case": ("lifang", f"{CASES}-0012", 760),
    "how": ("lifang", f"{CASES}-0012", ".how"),
    "proposal": ("lifang", f"{CASES}-0012", "#act-propose_outcome"),
    "letter": ("lifang", f"{CASES}-0021/letters/correction_notice", 760),
    "tables": ("lifang", f"/desk/reports/panlong/{YEAR - 1}", 760),
    "sign": ("chenxz", f"{CASES}-0010/sign", 900),
    "review": ("wangqiang", f"{CASES}-0013/review", 760),
    "staff": ("guanli", "/desk/staff", 760),
    "supervision": ("hegang", "/desk/supervision", 900),
    "below": ("hegang", f"/desk/reports/yanshan/{YEAR - 1}/below", 760),
}


def _light(picture: bytes) -> bytes:
    """The same picture with few colours: a page of text needs no more."""
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _taken(page: Any, part: str | int) -> bytes:
    if isinstance(part, int):
        page.set_viewport_size({"width": WIDTH, "height": part})
        return bytes(page.screenshot())
    page.set_viewport_size({"width": WIDTH, "height": 800})
    found = page.locator(part).first
    found.evaluate(
        "part => { for (let one = part; one; one = one.parentElement) if (one.tagName === 'DETAILS') one.open = true; }"
    )
    return bytes(found.screenshot())


@pytest.mark.long
@pytest.mark.parametrize("name", PICTURES)
def test_the_manual_shows_what_there_is(window, cookies, request, tmp_path, name):
    folder = IMAGES if request.config.getoption("--pictures") else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    who, address, part = PICTURES[name]
    with window(storage_state=cookies(who)) as walker:
        answer = walker.page.goto(address)
        assert answer.ok, address
        picture = _light(_taken(walker.page, part))
    (folder / f"{name}.png").write_bytes(picture)
    assert len(picture) < MOST_BYTES


def test_every_picture_of_a_manual_is_there_and_light():
    texts = [
        path.read_text(encoding="utf-8") for path in (ROOT / "templates/manual").glob("*.html")
    ]
    shown = {name for text in texts for name in re.findall(r'picture\("([a-z]+)"', text)}
    assert shown == set(PICTURES)
    for name in shown:
        assert (IMAGES / f"{name}.png").stat().st_size < MOST_BYTES


@pytest.mark.parametrize("name", [one.name for one in MANUALS])
def test_a_manual_is_whole_at_both_widths(window, cookies, name):
    with window(PHONE, storage_state=cookies("lifang")) as walker:
        page = walker.page
        page.goto("/desk/manual")
        page.locator(f"a[href$='/manual/{name}']").click()
        assert page.locator("h1").inner_text() == next(m.title for m in MANUALS if m.name == name)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
        broken = page.evaluate(
            """() => Promise.all([...document.images].map(one => { one.loading = 'eager';
            return one.decode().then(() => '', () => one.src); })).then(all => all.filter(Boolean))"""
        )
        assert broken == [] and walker.complaints == []
