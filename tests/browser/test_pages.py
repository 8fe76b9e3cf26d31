"""Every page at the width of a desk and of a phone: whole, quiet, and open to everybody.

A page is visited once, and every test of it looks at that visit; each leaves it as it found it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import TODAY
from tests.browser.walking import PHONE, WIDE, Walker
from tests.examples import ACCEPTANCE
from tests.workflow.report.annual import published
from workflow.report.writing import WRITERS

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
YEAR = TODAY.year
NARROWEST = 320
"""Pixels of the narrowest phone; also what is left of a wide screen at 400 %."""
UNFOLD = """() => { document.querySelectorAll('details[name]').forEach(part => {
part.dataset.one = part.getAttribute('name'); part.removeAttribute('name'); });
const folded = [...document.querySelectorAll('details:not([open])')];
folded.forEach(part => { part.open = true; });
return folded.map(part => [...document.querySelectorAll('details')].indexOf(part)); }"""
FOLD = """places => { places.forEach(
place => { document.querySelectorAll('details')[place].open = false; });
document.querySelectorAll('details[data-one]').forEach(
part => { part.setAttribute('name', part.dataset.one); }); }"""

PORTAL = {
    "start": "/",
    "apply": "/apply",
    "query": "/query",
    "account": "/account/sign-in",
    "drafts": "/drafts",
    "lost query code": "/query/new-code",
    "no such page": "/nowhere",
    "site of a body": "/b/panlong",
    "form of a body": "/b/panlong/apply",
    "choice of a body": "/apply/bodies?q=局&agency=panlong",
    "guide": "/b/panlong/guide",
    "directory": "/directory",
    "how to complain": "/b/panlong/complaint",
    "released answers": "/answers",
    "looked for": "/answers?q=公开指南",
    "easy to read": "/b/panlong/easy-read",
    "in English": "/b/panlong/english",
    "for the webmaster": "/b/panlong/embed",
    "published reports": "/annual-reports",
    "reports of a body": "/b/panlong/annual-reports",
    "published report of a body": f"/b/panlong/annual-reports/{YEAR - 1}",
    "check for anybody": "/b/panlong/annual-reports/check",
    "number of a report explained": f"/b/panlong/annual-reports/{YEAR - 1}/figures/table3/total/total",
    "calculator": "/calculator",
    "due day explained": (
        f"/b/panlong/calculator?way=registered&received_on={YEAR}-03-20"
        f"&extended_by=5&extension_sent_on={YEAR}-04-10"
    ),
    "days that will not do": "/calculator?way=letter&received_on=2018-01-01&paid_on=2018-01-02",
}
FILED = {
    "done": "/apply/done",
    "query case": "/query/case",
    "second fact": "/query/case/application",
    "complaint of a case": "/query/case/complaint",
}
DESK = {
    "worklist": "/desk/",
    "worklist of the office": "/desk/?view=office&soon=1&due_from=2026-12-31&due_until=2026-12-01",
    "worklist as a calendar": "/desk/worklist/calendar?view=office",
    "cases": "/desk/cases",
    "nothing found": "/desk/cases?q=没有这样的词",
    "search": "/desk/search",
    "earlier answers": f"/desk/cases/panlong/{YEAR}-0016/similar",
    "register": "/desk/register",
    "register from a parcel": "/desk/register?parcel=3",
    "parcels": "/desk/parcels",
    "a parcel": "/desk/parcels/3",
    "parcel put aside": "/desk/parcels/2",
    "password": "/desk/password",
    "own sessions": "/desk/sessions",
    "own tokens": "/desk/tokens",
    "second factors": "/desk/factors",
    "case in hand": f"/desk/cases/panlong/{YEAR}-0021",
    "case at approval": f"/desk/cases/panlong/{YEAR}-0010",
    "case to be served": f"/desk/cases/panlong/{YEAR}-0009",
    "case answered": f"/desk/cases/panlong/{YEAR - 1}-0003",
    "release of an answer": f"/desk/cases/panlong/{YEAR - 1}-0003/release",
    "walk over a case": f"/desk/cases/panlong/{YEAR}-0021?tour=4",
    "renewal of a query code": f"/desk/cases/panlong/{YEAR}-0021/code",
    "why an applicant is looked at": f"/desk/cases/panlong/{YEAR}-0021/applicant",
    "file of a case": f"/desk/cases/panlong/{YEAR - 1}-0003/file",
    "letters of a case": f"/desk/cases/panlong/{YEAR}-0021/letters",
    "letter to be composed": f"/desk/cases/panlong/{YEAR}-0021/letters/extension_notice",
    "letter that went out": f"/desk/cases/panlong/{YEAR - 1}-0003/letters/reply",
    "book of numbers": "/desk/letters",
    "secrecy review": f"/desk/cases/panlong/{YEAR}-0010/review",
    "searches": f"/desk/cases/panlong/{YEAR}-0021/searches",
    "wizard": f"/desk/cases/panlong/{YEAR}-0021/ground?path=4.0.0",
    "wizard at its end": f"/desk/cases/panlong/{YEAR}-0021/ground?path=4.0.0.0.0.0.1.1",
    "ledger": "/desk/ledger",
    "files whose time is over": "/desk/expired",
    "messages": "/desk/inbox",
    "wishes": "/desk/preferences",
    "record": "/desk/record",
    "channels": "/desk/channels",
    "morning sheet": "/desk/morning",
    "choice of report": "/desk/reports/",
    "check of a report": "/desk/reports/check",
    "report": f"/desk/reports/panlong/{YEAR}",
    "report in the format of 2019": f"/desk/reports/panlong/{YEAR - 1}?format=2019",
    "figures": f"/desk/reports/panlong/{YEAR}/plots",
    "published report": f"/desk/reports/panlong/{YEAR - 1}/report",
    "report to be drawn up": f"/desk/reports/panlong/{YEAR}/report",
    "register of the year": f"/desk/reports/panlong/{YEAR - 1}/register",
    "entry to be put right": f"/desk/reports/panlong/{YEAR - 1}/register?edit=1",
    "cell of table 2": (
        f"/desk/reports/panlong/{YEAR - 1}/register?item=normative_documents&field=in_force"
    ),
    "cell": f"/desk/reports/panlong/{YEAR}/cells/new_received/total",
    "hastenings": "/desk/hastenings",
    "setting of the crest": "/desk/settings/site_crest",
    "setting of the colour": "/desk/settings/site_colour",
    "looking over": "/desk/dashboard",
}
COUNTY = {
    "report of an area": f"/desk/reports/yanshan/{YEAR - 1}/report",
    "bodies below": f"/desk/reports/yanshan/{YEAR - 1}/below",
    "bodies behind a cell": f"/desk/reports/yanshan/{YEAR - 1}/below/table3/new_received/total",
    "bodies below now": "/desk/supervision",
    "what is late below": "/desk/supervision/lists/late",
    "points": "/desk/supervision/score/panlong",
    "points of the law": "/desk/law-points",
}
HEAD = {"what is held about a person": "/desk/personal"}
PEOPLE = {
    "people": "/desk/staff",
    "tokens of people": "/desk/staff/tokens",
    "a person": "/desk/staff/lifang",
    "bodies": "/desk/bodies",
    "a body": "/desk/bodies/panlong",
    "addresses of other systems": "/desk/hooks",
    "what was delivered": "/desk/hooks/1",
    "audit": "/desk/audit",
    "rights": "/desk/audit/rights",
    "head of the chains": "/desk/audit/head",
}
TOP = {"health of the installation": "/desk/upkeep"}
NAMES = [
    *PORTAL,
    *FILED,
    *DESK,
    *COUNTY,
    *HEAD,
    *PEOPLE,
    *TOP,
    "login",
    "review",
    "review with hints",
    "apply with errors",
    "proposal with errors",
    "asked once more",
    "applicant shown",
]
NAMES += ["report checked", "report checked for anybody", "columns of a ledger", "ledger checked"]
WAYS = ("proposal with errors", "report checked", "columns of a ledger", "ledger checked")
"""Pages of the desk to which no address leads."""
HINTED = "为什么不修路\n2023年养护合同；竣工验收单；付款凭证\n所有材料 13800000000"
ROWS = "编号,收到日期,申请人,申请内容,答复日期,答复类型,天气\n1,2019-02-30,张三,低保名单,2019-06-03,予以公开,晴\n"


BY_CLERK = ("proposal with errors", "report checked", "asked once more", "applicant shown")


@pytest.fixture(scope="module")
def visit(window, cookies, filed) -> Callable[[str], AbstractContextManager[Walker]]:
    """Opens a page by its name, as somebody who may see it."""

    @contextmanager
    def visited(name: str) -> Iterator[Walker]:
        about: dict[str, Any] = {}
        if name in FILED:
            about["storage_state"] = filed["cookies"]
        elif name in DESK or name in WAYS or name in BY_CLERK:
            about["storage_state"] = cookies("lifang")
        elif name in COUNTY:
            about["storage_state"] = cookies("hegang")
        elif name in HEAD:
            about["storage_state"] = cookies("zhouli")
        elif name in PEOPLE:
            about["storage_state"] = cookies("guanli")
        elif name in TOP:
            about["storage_state"] = cookies("xianguan")
        with window(**about) as walker:
            reach(walker, name)
            yield walker

    return visited


def reach(walker: Walker, name: str) -> None:
    """Walk to the page as somebody does who wants to see it."""
    if name in ("review", "review with hints", "apply with errors"):
        wrong = {"apply with errors": {"phone": "12"}, "review with hints": {"items": HINTED}}
        walker.fill_in(**wrong.get(name, {}))
        walker.send("下一步：检查一遍")
    elif name in ("report checked", "report checked for anybody"):
        of_anybody = name != "report checked"
        walker.page.goto(PORTAL["check for anybody"] if of_anybody else "/desk/reports/check")
        walker.page.set_input_files("#check-file", ACCEPTANCE / "tables/pingtan_htp_2022.json")
        walker.send("开始核对")
    elif name in ("columns of a ledger", "ledger checked"):
        walker.page.goto("/desk/ledger")
        table = {"name": "台账.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
        walker.page.set_input_files("#file", table)
        walker.send("读入并核对各栏")
        if name == "ledger checked":
            walker.press("核对各行")
            walker.page.get_by_text("处错误，不能导入").wait_for()
    elif name == "proposal with errors":
        walker.act(f"{YEAR}-0012", "propose_outcome", items__1__outcome="third_party_rights")
    elif name == "asked once more":
        walker.page.goto(f"/desk/cases/panlong/{YEAR}-0009")
        walker.send(walker.page.locator("#act-serve form .button"))
    elif name == "applicant shown":
        walker.page.goto(f"/desk/cases/panlong/{YEAR}-0021/applicant")
        walker.page.locator("#look-verify").check()
        walker.send("查看")
    else:
        pages = {
            **PORTAL,
            **FILED,
            **DESK,
            **COUNTY,
            **HEAD,
            **PEOPLE,
            **TOP,
            "login": "/desk/login",
        }
        address = pages[name]
        assert walker.page.goto(address).status != 403, "nobody sees what they may not"
        meant = walker.page.evaluate("address => new URL(address, location).href", address)
        form = name in ("apply", "form of a body") and walker.page.url.startswith(f"{meant}?form=")
        assert form or name == "no such page" or walker.page.url.endswith(meant)


LONG = pytest.mark.long(reason="every page there is; a few stand for them in the short run")
SHORT = {
    "start",
    "apply with errors",
    "query case",
    "worklist",
    "register",
    "case in hand",
    "letter to be composed",
    "people",
    "report",
}
PAGES = [name if name in SHORT else pytest.param(name, marks=LONG) for name in NAMES]


@pytest.fixture(scope="module", params=PAGES)
def visited(request, visit) -> Iterator[Walker]:
    """The one visit of a page. Its scope makes pytest ask all tests of a page before the next page."""
    keep = request.config.getoption("--screenshots")
    with visit(request.param) as walker:
        for width in (PHONE, WIDE) if keep else ():
            walker.page.set_viewport_size({"width": width, "height": 844})
            picture = Path(keep) / f"{request.param.replace(' ', '-')}-{width}.png"
            walker.page.screenshot(path=picture, full_page=True)
        yield walker


@pytest.fixture
def unfolded(visited: Walker) -> Iterator[Walker]:
    """The page with everything open that can be."""
    folded = visited.page.evaluate(UNFOLD)
    yield visited
    visited.page.evaluate(FOLD, folded)
    visited.page.set_viewport_size({"width": WIDE, "height": 844})


def test_page_is_whole(unfolded):
    page = unfolded.page
    for width in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": NARROWEST, "height": 844})
    for size in ("large", "elder"):
        page.evaluate("size => document.documentElement.classList.add(`size-${size}`)", size)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, size
        page.evaluate("size => document.documentElement.classList.remove(`size-${size}`)", size)
    assert page.locator("h1").count() == 1 and page.locator("h1").inner_text().strip()
    assert page.locator("main").count() == 1 and page.title().endswith("依申请公开")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
        .filter(field => !field.labels.length && !field.getAttribute('aria-label'))
        .map(field => field.outerHTML)"""
    )
    assert nameless == []
    doubled = page.evaluate(
        """() => [...document.querySelectorAll('[id]')].map(part => part.id)
        .filter((id, at, all) => all.indexOf(id) !== at)"""
    )
    assert doubled == []
    assert unfolded.complaints == []


def test_page_goes_by_keyboard(visited):
    """The first stop skips to the text; every stop can be seen; none is a trap."""
    page = visited.page
    unseen, stops = [], []
    page.locator(".skip").focus()
    assert page.locator(".skip").bounding_box()["x"] >= 0, "the skip link is seen when focused"
    for _ in range(1000):
        stop = page.evaluate(
            """() => { const on = document.activeElement, style = getComputedStyle(on);
            if (on === document.body) return null;
            const box = on.getBoundingClientRect();
            return [on.outerHTML.slice(0, 120), box.width > 0 && box.height > 0
              && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2]; }"""
        )
        if stop is None:
            break
        stops.append(stop[0])
        if not stop[1]:
            unseen.append(stop[0])
        page.keyboard.press("Tab")
    assert unseen == []
    controls = page.evaluate(
        """() => [...document.querySelectorAll('main button, main input:not([type=hidden]):not([type=radio])'
        + ', main select, main textarea')].filter(one => one.checkVisibility() && !one.disabled).length"""
    )
    assert len(stops) >= controls + 3, "skip link, brand and what stands in the text are reached"


@pytest.mark.parametrize("name", ["start", "worklist"])
def test_the_skip_link_skips(visit, name):
    with visit(name) as walker:
        page = walker.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_axe_finds_nothing(unfolded):
    """axe runs inside the page: the security policy lets no foreign script in."""
    page = unfolded.page
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    told = [
        (one["id"], one["help"], [node["html"][:160] for node in one["nodes"]]) for one in found
    ]
    assert told == []


@pytest.mark.parametrize("slug", ["huaian_2024", "pingtan_qu_2019"])
def test_the_written_web_page_is_open_to_everybody(window, slug):
    """The report as a file of its own: at both widths, and as axe sees it."""
    with window() as walker:
        page = walker.page
        page.set_content(WRITERS["html"].write(published(slug)).decode())
        for width in (WIDE, PHONE):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(one["id"], one["help"]) for one in found] == []
