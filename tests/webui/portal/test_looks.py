"""How the site of a body looks: name, header, colour, crest and footer are the body's own, on every page of it."""

import io
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image, PngImagePlugin

import webui
from config.law import load_law
from tests.webui.filing import CITIZEN
from tests.webui.portal.test_public_pages import ATOM, set_text
from tests.webui.published import publish
from workflow.files import BadContent
from workflow.files.crest import crest_of

CSS = (Path(webui.__file__).parent / "static" / "gongkai.css").read_text(encoding="utf-8")
COLOURS = load_law().settings["site_colour"].values
LOOK = {
    "site_name": "盘龙政务公开网",
    "site_header": "信息公开",
    "site_colour": "green",
    "footer_contact": "盘龙大街 1 号",
    "footer_code": "5326220001",
    "footer_access": "https://www.panlong.example/access",
    "footer_faults": "https://faults.example/",
}


def picture(size: tuple[int, int] = (600, 400), kind: str = "PNG", **about: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (165, 35, 28)).save(out, kind, **about)
    return out.getvalue()


@pytest.fixture
def dressed(office):
    for name, value in LOOK.items():
        set_text(office, name, value)
    return office


@pytest.mark.parametrize("page", ["", "/apply", "/query", "/nowhere", "/guide/nowhere", "/english"])
def test_every_page_below_a_body_wears_its_look_also_one_that_is_not_there(visitor, dressed, page):
    html = visitor.get(f"/b/panlong{page}").html
    assert visitor.status == (404 if "nowhere" in page else 200)
    assert "盘龙政务公开网<small>信息公开</small>" in html
    assert re.search(r'<html lang="[^"]+" class="size-normal colour-green">', html)
    for said in ("联系方式：盘龙大街 1 号", "网站标识码：5326220001"):
        assert said in html
    for name in ("footer_access", "footer_faults"):
        assert f'href="{LOOK[name]}" rel="noopener"' in html
    assert 'href="/b/panlong/apply"' in html, "from an error too one stays with the body"
    other = visitor.get(f"/b/jiangna{page}").html
    assert "盘龙政务公开网" not in other and "colour-" not in other and "网站标识码" not in other


def test_a_slip_and_a_feed_say_the_name_too(visitor, dressed):
    form = visitor.get("/b/panlong/apply").send("/apply", step="review", **CITIZEN)
    form.send("/apply", step="submit")
    assert visitor.path == "/b/panlong/apply/done" and "盘龙政务公开网" in visitor.html
    publish(dressed, 2023)
    feed = ElementTree.fromstring(visitor.client.get("/b/panlong/annual-reports/feed").data)
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "盘龙政务公开网"


def test_the_page_in_english_says_what_is_chinese_in_it(visitor, dressed, today):
    set_text(dressed, "contact_hours", "工作日 8:30")
    page = visitor.get("/b/panlong/english")
    assert '<html lang="en"' in page.html and '<dd lang="zh-CN">工作日 8:30</dd>' in page.html
    for part in ("header", "footer"):
        assert re.search(rf'<{part}[^>]* lang="zh-CN">', page.html)
    for name in ("reply", "extension_max", "correction_notice", "third_party_opinion"):
        days = load_law().periods[name].at(today.moment.date())
        assert re.search(rf"(?<!\d){days} working days", page.text), name
    assert "Write a request" in page.text and "within 60 days" in page.text


def test_the_easy_page_has_short_sentences_from_the_tables(visitor, dressed):
    page = visitor.get("/b/panlong/easy-read")
    told = re.findall(r"<p>([^<]+)</p>", page.html)
    assert len(told) > 25 and all(
        (len(one) <= 26 and one.count("，") <= 1) or one.startswith("看不清")
        for one in told
        if "：" not in one
    )
    assert "我们要在 20 个工作日里回答您" in page.text
    assert page.html.count("<svg") == page.html.count("<h2 id=") == 8


def test_the_desk_keeps_its_own_look(staff, dressed):
    assert "colour-" not in staff("chen").get("/desk/").html


def test_a_picture_becomes_the_crest_with_an_address_that_lasts(visitor, staff):
    sent = io.BytesIO(picture())
    page = staff("chen").get("/desk/settings/site_crest")
    page.send("/settings/site_crest", value=(sent, "国徽.png"), reason="用本乡标志")
    assert "已保存“页头的标志”" in page.text and "已上传" in page.text
    found = re.search(r'<img class="crest" src="(/b/panlong/crest/([0-9a-f]{64})\.png)"', page.html)
    assert found, page.html
    answer = visitor.client.get(found[1])
    assert answer.mimetype == "image/png" and "max-age=31536000" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert f'src="{found[1]}"' in visitor.get("/b/panlong/query").html
    assert found[2] not in visitor.get("/b/jiangna").html
    assert visitor.client.get(found[1].replace("panlong", "jiangna")).status_code == 404
    gone = visitor.client.get(f"/b/panlong/crest/{'0' * 64}.png")
    assert gone.status_code == 404 and gone.headers["Cache-Control"] == "no-store"


def test_what_is_no_picture_is_refused_at_the_field_and_nothing_written(visitor, staff):
    page = staff("chen").get("/desk/settings/site_crest")
    page.send(
        "/settings/site_crest", value=(io.BytesIO(b"%PDF-1.4"), "a.pdf"), reason="标志，请保留"
    )
    assert page.status == 422 and 'id="value-err"' in page.html and "标志，请保留" in page.html
    page.send("/settings/site_crest", value="a" * 64, reason="标志")
    assert page.status == 422 and "没有上传" in page.text, "a name alone is no picture"
    assert 'class="seal"' in visitor.get("/b/panlong").html


def test_a_crest_is_small_and_brings_nothing_along():
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", "Li Fang")
    made = crest_of("标志.png", picture(pnginfo=about))
    with Image.open(io.BytesIO(made.png)) as drawn:
        assert (drawn.format, max(drawn.size), drawn.info) == ("PNG", 256, {})
        with Image.open(io.BytesIO(picture())) as sent:
            middle = sent.convert("RGBA").getpixel((sent.width // 2, sent.height // 2))
        assert drawn.getpixel((drawn.width // 2, drawn.height // 2)) == middle, "what was drawn"
    assert b"Li Fang" not in made.png
    assert crest_of("标志.jpg", picture(kind="JPEG")).png.startswith(b"\x89PNG")
    assert crest_of("a.png", picture((2000, 2000))).png
    assert crest_of("a.png", picture((20, 10))).digest != made.digest


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.png", picture()[:200], "损坏"),
        ("a.tif", picture(kind="TIFF"), "PNG 或者 JPG"),
        ("a.png", picture((41, 97561)), "400 万像素"),  # one more than four million
        ("a.png", b"\x89PNG" + b"0" * (1024 * 1024 - 3), "1 MB"),
        ("a.png", b"", "空"),
        ("a.png", picture()[:40] + b"0" * (1024 * 1024 - 40), "损坏"),
    ],
)
def test_a_crest_that_will_not_do(name, data, why):
    with pytest.raises(BadContent, match=why):
        crest_of(name, data)


# -- colours ------------------------------------------------------------------------------------------


def palette(colour: str) -> dict[str, str]:
    """The colours of the style sheet under one of the choices."""
    rules = [re.search(r":root \{(.*?)\n\}", CSS, re.S)[1]]
    if colour != "blue":
        rules.append(re.search(rf"\.colour-{colour} \{{(.*?)\}}", CSS)[1])
    return {
        name: value for rule in rules for name, value in re.findall(r"--([\w-]+): (#\w+)", rule)
    }


def light(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * one for one in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", COLOURS)
def test_words_can_be_read_in_every_colour_on_every_ground(colour):
    found = palette(colour)
    for ground in ("paper", "ground", "blue-soft"):
        for words in ("blue", "blue-2", "ink", "ink-2"):
            assert contrast(found[words], found[ground]) >= 4.5, (words, ground)
    for ground in ("blue", "blue-2"):
        assert contrast(found["paper"], found[ground]) >= 4.5, ground
    assert contrast("#000", "#fff") == pytest.approx(21)


def test_every_colour_that_can_be_chosen_stands_in_the_style_sheet_and_no_other():
    assert {*re.findall(r"\.colour-(\w+)", CSS), "blue"} == set(COLOURS)


# -- static files ---------------------------------------------------------------------------------------


def test_static_files_carry_their_version_and_are_kept(visitor):
    html = visitor.get("/").html
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', html):
        assert re.search(r"\?v=[0-9a-f]{12}$", address)
        answer = visitor.client.get(address)
        assert "immutable" in answer.headers["Cache-Control"] and answer.status_code == 200
        assert "Cookie" not in answer.headers.get("Vary", "") and "Set-Cookie" not in answer.headers
        old = visitor.client.get(address.partition("?")[0] + "?v=000000000000")
        assert "immutable" not in old.headers["Cache-Control"]
        assert "no-store" in visitor.client.get("/").headers["Cache-Control"]
    assert re.findall(r'"(/static/gongkai.css[^"]+)"', visitor.get("/zh-hant/").html)


def test_a_setting_of_the_site_holds_from_its_day(visitor, office, today):
    with office.store.write_rules() as unit:
        body = office.found_agency(unit, "panlong")
        unit.set_setting(body, "site_name", "新名", date(2024, 5, 7), "", recorded_at=office.now())
    assert "新名" not in visitor.get("/b/panlong").html
    today.is_("2024-05-07")
    assert "新名<small>" in visitor.get("/b/panlong").html
