"""Drafts, limits and receipts in a browser: nothing typed is lost, with scripts and without, at both widths."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select
from waitress.server import create_server

from config.settings import load
from tests.browser.walking import PHONE, WIDE, Walker
from tests.samples import pdf
from tests.webui.solving import solved
from webui.app import create_app
from webui.limits import now
from webui.portal.asking import FREE, WINDOW
from workflow.service.begun import DRAFT_KEPT_FOR
from workflow.service.limits import Limits
from workflow.store.begun_models import BegunRow

pytestmark = pytest.mark.long(reason="walks through the portal in a browser")

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
WIDTHS = pytest.mark.parametrize("width", [WIDE, PHONE], ids=["desk", "phone"])
ID = {"name": "身份证.pdf", "mimeType": "application/pdf", "buffer": pdf("身份证")}
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


def quiet(walker):
    """Nothing that axe minds, nothing that runs over the edge at 320 pixels in large type, nobody complained."""
    page, before = walker.page, walker.page.viewport_size
    page.evaluate(AXE)
    found = page.evaluate(
        "async () => (await axe.run()).violations.map(one => [one.id, one.nodes.map(n => n.html)])"
    )
    assert found == []
    page.set_viewport_size({"width": 320, "height": 844})
    page.evaluate("document.documentElement.classList.add('size-elder')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate("document.documentElement.classList.remove('size-elder')")
    page.set_viewport_size(before)
    assert walker.complaints == []


def drafts_in(office):
    with office.store.read() as unit:
        drafts = select(func.count()).where(BegunRow.kept_by.is_not(None))
        return unit.session.scalar(drafts)


@WIDTHS
def test_the_device_keeps_what_was_typed_and_forgets_it_when_told(window, width):
    with window(width) as walker:
        page = walker.page
        walker.fill_in(items="没有填完的申请")
        expect(page.locator("[data-device-said]")).to_contain_text("已经留在这台设备上")
        stored = page.evaluate("localStorage.getItem('gongkai-draft')")
        assert "没有填完的申请" in stored and "11010519491231002X" not in stored
        page.goto("/apply")
        bar = page.get_by_role("region", name="这台设备上的草稿")
        expect(bar).to_contain_text("没有提交的内容")
        quiet(walker)
        bar.get_by_role("button", name="接着填").click()
        assert page.locator("#items").input_value() == "没有填完的申请"
        assert page.locator("#name").input_value() == "张三"
        assert page.locator("input[name=delivery][value=pickup]").is_checked()
        assert page.locator("input[name=agency]:checked").get_attribute("value") == "panlong"
        assert page.locator("#id_number").input_value() == ""
        page.goto("/drafts")
        card = page.locator("[data-device-draft]")
        expect(card).to_contain_text("没有发送给我们")
        quiet(walker)
        card.get_by_role("link", name="接着填").click()
        expect(page.locator("#items")).to_have_value("没有填完的申请")
        page.locator("[data-device-keep]").uncheck()
        assert page.evaluate("localStorage.getItem('gongkai-draft')") is None
        page.locator("#name").fill("李四")
        page.wait_for_timeout(600)
        assert page.evaluate("localStorage.getItem('gongkai-draft')") is None
        page.goto("/apply")
        expect(page.locator("[data-device-keep]")).not_to_be_checked()


def test_what_was_filed_does_not_lie_about(window):
    with window() as walker:
        walker.file()
        assert walker.page.evaluate("localStorage.getItem('gongkai-draft')") is None
        quiet(walker)


@WIDTHS
@SCRIPTS
def test_a_draft_goes_on_on_another_device_by_its_code(window, office, width, scripts):
    before = drafts_in(office)
    with window(width, java_script_enabled=scripts) as walker:
        walker.fill_in(items="换一台设备接着填")
        walker.page.set_input_files("#file_id_proof", ID)
        walker.press("存成草稿")
        expect(walker.page.get_by_role("status").first).to_contain_text("已经存成草稿")
        expect(walker.page.locator("main")).to_contain_text("身份证.pdf")
        code = walker.page.locator("dd.code").inner_text()
        assert code not in walker.page.url
        if scripts:
            quiet(walker)
    with window(width, java_script_enabled=scripts) as other:
        page = other.page
        page.goto("/drafts")
        page.get_by_label("草稿码").fill(f"{code[:5].lower()} {code[5:]}")
        other.press("打开草稿")
        other.send("接着填")
        assert page.locator("#items").input_value() == "换一台设备接着填"
        assert page.locator("#id_number").input_value() == "11010519491231002X"
        other.press("下一步：检查一遍")
        expect(page.locator("main")).to_contain_text("身份证.pdf")
        other.press("提交申请")
        other.slip()
    assert drafts_in(office) == before


@WIDTHS
@SCRIPTS
def test_two_devices_with_one_code_lose_nothing_of_each_other(window, office, width, scripts):
    with window(width, java_script_enabled=scripts) as one, window(width, java_script_enabled=scripts) as two:  # fmt: skip
        one.fill_in(items="两台设备")
        one.page.set_input_files("#file_id_proof", ID)
        one.send("存成草稿")
        code = one.page.locator("dd.code").inner_text()
        two.page.goto("/drafts")
        two.page.get_by_label("草稿码").fill(code)
        two.press("打开草稿")
        two.press("接着填")
        one.press("接着填")
        one.page.locator("#name").fill("甲机")
        one.press("存成草稿")
        expect(one.page.locator("dd.code")).to_have_text(code)
        two.page.goto("/drafts")
        expect(two.page.locator("main")).to_contain_text("这份草稿在别处又存过")
        if scripts:
            quiet(two)
        two.page.go_back()
        two.page.locator("#name").fill("乙机")
        two.press("存成草稿")
        expect(two.page.get_by_role("status").first).to_contain_text("草稿码是新的")
        own = two.page.locator("dd.code").inner_text()
        assert own != code
        expect(two.page.locator("main")).to_contain_text("身份证.pdf")
        if scripts:
            quiet(two)
        for walker, name in ((one, "甲机"), (two, "乙机")):
            walker.page.goto("/drafts")
            walker.send("接着填")
            assert walker.page.locator("#name").input_value() == name
            walker.page.goto("/drafts")
            walker.press("删除这份草稿")


@WIDTHS
def test_a_file_that_is_not_kept_is_named_on_the_page_of_the_draft(window, width):
    with window(width) as walker:
        walker.fill_in()
        walker.page.set_input_files("#file_id_proof", {**ID, "buffer": b"MZ"})
        walker.send("存成草稿")
        alert = walker.page.get_by_role("alert")
        expect(alert).to_contain_text("“身份证.pdf”")
        expect(alert).to_be_focused()
        expect(walker.page.locator("dd.code")).to_be_visible()
        quiet(walker)
        walker.press("接着填")
        expect(walker.page.get_by_role("alert")).to_contain_text("“身份证.pdf”")


@SCRIPTS
def test_a_double_click_keeps_one_draft(window, office, scripts):
    before = drafts_in(office)
    with window(java_script_enabled=scripts) as walker:
        walker.fill_in()
        walker.page.get_by_role("button", name="存成草稿").dblclick()
        expect(walker.page.locator("dd.code")).to_be_visible()
    assert drafts_in(office) == before + 1


@WIDTHS
def test_an_expired_draft_says_so(window, office, width):
    with window(width) as walker:
        walker.fill_in()
        walker.send("存成草稿")
        code = walker.page.locator("dd.code").inner_text()
        with office.store.write() as unit:
            rows = select(BegunRow).where(BegunRow.kept_by.is_not(None))
            for row in unit.session.scalars(rows):
                row.touched_at -= DRAFT_KEPT_FOR + timedelta(seconds=1)
                row.ends_at -= DRAFT_KEPT_FOR + timedelta(seconds=1)
        walker.page.goto("/drafts")
        expect(walker.page.get_by_role("alert")).to_contain_text("超过 30 天已经自动删除")
        walker.page.get_by_label("草稿码").fill(code)
        walker.press("打开草稿")
        expect(walker.page.get_by_role("alert")).to_contain_text("没有找到这份草稿")
        assert walker.page.get_by_label("草稿码").input_value() == code
        quiet(walker)


@WIDTHS
@SCRIPTS
def test_a_wrong_code_is_said_and_the_number_stays(window, filed, width, scripts):
    with window(width, java_script_enabled=scripts) as walker:
        page = walker.page
        page.goto(f"/query?number={filed['number']}")
        page.get_by_label("查询码").fill("ABCDEFGH0O")
        walker.press("查询")
        expect(page.get_by_role("alert")).to_contain_text("查询码里没有“0”“O”")
        assert page.get_by_label("申请编号").input_value() == filed["number"]
        page.get_by_label("查询码").fill(filed["code"].lower())
        walker.press("查询")
        page.wait_for_url("**/query/case")


@WIDTHS
@SCRIPTS
def test_a_lost_session_loses_no_form(window, written, width, scripts):
    before = written()
    with window(width, java_script_enabled=scripts) as walker:
        page = walker.page
        walker.fill_in(items="登录状态丢了也要留着")
        page.context.clear_cookies()
        walker.press("存成草稿")
        expect(page.get_by_role("heading", level=1)).to_contain_text("页面停留太久")
        walker.send(page.locator("main form button").first)
        code = page.locator("dd.code").inner_text()
        assert len(code) == 10
        walker.send("接着填")
        assert page.locator("#items").input_value() == "登录状态丢了也要留着"
    assert written() == before


def test_ten_megabytes_are_refused_in_words(window, written):
    before = written()
    with window() as walker:
        walker.page.goto("/apply")
        token = walker.page.locator("input[name=csrf_token]").first.input_value()
        for path in ("/apply", "/query", "/drafts/open", "/query/new-code"):
            answer = walker.page.request.post(
                path, form={"csrf_token": token, "items": "x" * 10_000_000, "step": "submit"}
            )
            assert answer.status == 413 and "提交的内容太大" in answer.text(), path
    assert written() == before


@pytest.fixture
def limited(office):
    """The address of the same office with its limits."""
    server = create_server(create_app(office, load({})), host="127.0.0.1", port=0, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)


@SCRIPTS
def test_forty_in_an_hour(chromium, limited, office, written, scripts):
    """A village office files forty: from the eleventh on the question stands on the page before, with everything typed."""
    Limits(office).forget()
    before = written()[0]
    context = chromium.new_context(base_url=limited, locale="zh-CN", java_script_enabled=scripts)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto("/apply")
    asked = 0
    for n in range(40):
        page.goto("/apply")
        page.locator("input[name=agency][value=panlong]").check()
        page.get_by_label("公民", exact=True).check()
        for name, value in (("name", "张三"), ("id_number", "11010519491231002X"), ("phone", "13800000000"), ("items", f"第 {n} 号合同")):  # fmt: skip
            page.locator(f"#{name}").fill(value)
        page.locator("input[name=delivery][value=pickup]").check()
        page.locator("input[name=medium][value=paper]").check()
        page.get_by_role("button", name="下一步：检查一遍").click()
        page.wait_for_url("**/apply/check?**")
        if page.locator("#answer").count():
            asked += 1
            if asked == 1:
                page.get_by_role("button", name="提交申请").click()
                expect(page.get_by_role("alert")).to_contain_text("请先回答这个问题")
                assert f"第 {n} 号合同" in page.content()
            page.locator("#answer").fill(solved(page.content()))
        page.get_by_role("button", name="提交申请").click()
        expect(page.locator("dd.code").first).to_be_visible()
    assert written()[0] == before + 40 and asked == 30
    context.close()


def test_the_question_is_open_to_everybody(chromium, limited, office):
    Limits(office).count("filing 127.0.0.1", WINDOW, now(), FREE)
    for width in (WIDE, PHONE):
        context = chromium.new_context(
            base_url=limited, locale="zh-CN", viewport={"width": width, "height": 844}
        )
        walker = Walker(context.new_page())
        walker.fill_in()
        walker.press("下一步：检查一遍")
        quiet(walker)
        walker.press("提交申请")
        expect(walker.page.get_by_role("alert")).to_be_focused()
        walker.page.get_by_role("alert").get_by_role("link").click()
        expect(walker.page.locator("#answer")).to_be_focused()
        quiet(walker)
        context.close()


@WIDTHS
def test_a_new_code_is_made_and_printed_at_the_counter(window, cookies, width):
    with window() as walker:
        number, code = walker.file()
    with window(width, storage_state=cookies("lifang")) as clerk:
        page = clerk.page
        page.goto(f"/desk/cases/{number}")
        page.get_by_role("link", name="申请人丢了查询码，换一个").click()
        quiet(clerk)
        clerk.press("更换并打印")
        expect(page.get_by_role("alert")).to_contain_text("请选择为什么要更换")
        page.get_by_label("申请人遗失或者忘记了查询码").check()
        page.get_by_label("身份证明已经核对").check()
        clerk.press("更换并打印")
        expect(page.get_by_role("heading", level=1)).to_have_text("新的查询码")
        new = page.locator("dd.code").nth(1).inner_text()
        assert new != code
        quiet(clerk)
