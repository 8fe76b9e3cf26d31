"""The pictures of the README, made from the store that `make demo` shows. `--pictures` keeps them."""

import struct
from pathlib import Path

import pytest

from tests.browser.conftest import TODAY
from tests.browser.walking import WIDE

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PICTURES = {
    "portal": (None, "/apply", 860),
    "desk": ("lifang", f"/desk/cases/{TODAY.year}-0010", 860),
    "table": ("zhoumin", f"/desk/reports/yszrzy/{TODAY.year - 1}", 860),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_light_enough_for_a_readme(window, cookies, name, request, tmp_path):
    folder = IMAGES if request.config.getoption("--pictures") else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    staff, address, height = PICTURES[name]
    with window(**({"storage_state": cookies(staff)} if staff else {})) as walker:
        walker.page.set_viewport_size({"width": WIDE, "height": height})
        answer = walker.page.goto(address)
        assert answer.ok
        for count in walker.page.locator(".how > summary").all():
            count.click()
        picture = walker.page.screenshot(path=folder / f"{name}.png")
    assert len(picture) < 200_000
    assert struct.unpack(">II", picture[16:24]) == (WIDE, height)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readme_shows_the_pictures(readme):
    text = (IMAGES.parents[1] / readme).read_text(encoding="utf-8")
    for name in PICTURES:
        assert f"(docs/images/{name}.png)" in text
        assert (IMAGES / f"{name}.png").stat().st_size < 200_000
