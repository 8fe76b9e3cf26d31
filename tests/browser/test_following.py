"""Following an application in a browser: with and without scripts, at desk and phone width, twice, late and back."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from tests.browser.conftest import TODAY
from tests.browser.test_pages import AXE, NARROWEST
from tests.browser.walking import CITIZEN, PHONE, WIDE
from tests.samples import pdf
from workflow.store.models import AgencyRow, CaseRow, EventRow

pytestmark = pytest.mark.long(reason="walks whole applications in a browser")
WAYS = [(WIDE, True), (PHONE, True), (PHONE, False)]
both = pytest.mark.parametrize(("width", "scripts"), WAYS, ids=["desk", "phone", "no scripts"])
LAST_FOUR = CITIZEN["id_number"][-4:]
DEFECTS = "请写明是哪一条公路\n请写明年度"


@pytest.fixture
def seen(request):
    """Keeps a picture of the page at both widths, where pictures are asked for."""
    keep = request.config.getoption("--screenshots")

    def look(walker, name):
        page, before = walker.page, walker.page.viewport_size
        for width in (PHONE, WIDE) if keep else ():
            page.set_viewport_size({"width": width, "height": 844})
            page.screenshot(path=Path(keep) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size(before)

    return look


def whole(walker):
    """Nothing runs over the edge of the narrowest phone, every field has a name, axe finds nothing."""
    page, before = walker.page, walker.page.viewport_size
    page.set_viewport_size({"width": NARROWEST, "height": 844})
    for size in ("large", "elder"):
        page.evaluate("size => document.documentElement.classList.add(`size-${size}`)", size)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, page.url
        page.evaluate("size => document.documentElement.classList.remove(`size-${size}`)", size)
    page.set_viewport_size(before)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    page.evaluate(AXE)
    found = page.evaluate("axe.run().then(found => found.violations.map(one => `${one.id} ${one.nodes[0].html}`))")  # fmt: skip
    assert found == [], page.url
    doubled = page.evaluate(
        """() => [...document.querySelectorAll('[id]')].map(one => one.id)
        .filter((id, at, all) => all.indexOf(id) !== at)"""
    )
    assert doubled == []
    assert walker.complaints == []


def times(office, number, event):
    """How often the event stands in the log of a case of the township."""
    with office.store.read() as unit:
        query = select(func.count(EventRow.id)).join(CaseRow, CaseRow.id == EventRow.case_id)
        query = query.join(AgencyRow, AgencyRow.id == CaseRow.agency_id)
        wanted = (AgencyRow.code == "panlong", CaseRow.number == number, EventRow.event == event)
        return unit.session.scalar(query.where(*wanted))


def look_up(walker, filed):
    walker.page.goto("/query")
    walker.page.get_by_label("申请编号").fill(filed[0])
    walker.page.get_by_label("查询码").fill(filed[1])
    walker.press("查询")


@both
def test_correct_item_by_item_message_twice_and_back(
    window, desk, office, written, seen, width, scripts
):
    with window(width, java_script_enabled=scripts) as walker:
        filed = walker.file()
        clerk = desk("lifang")
        clerk.act(filed[0], "require_correction", defects=DEFECTS, reached_on=TODAY.isoformat())
        page = walker.page
        page.goto("/query/case")
        expect(page.get_by_role("heading", name="请补正这 2 项")).to_be_visible()
        page.get_by_label("请写明是哪一条公路").fill("盘龙至平远")
        walker.press("提交补正")
        expect(page.get_by_role("alert")).to_contain_text("请写明第")
        expect(page.get_by_label("请写明是哪一条公路")).to_have_value("盘龙至平远")
        page.get_by_label("请写明年度").fill("2023 年")
        page.get_by_role("button", name="提交补正").dblclick()
        expect(page.get_by_text("补正已经提交")).to_be_visible()
        assert times(office, filed[0], "correct") == 1
        before = written()
        page.get_by_label("新留言").fill("请问什么时候答复")
        page.locator("#write button").dblclick()
        expect(page.locator(".talk li")).to_have_count(1)
        assert written() == before, "a message is no step"
        for _ in range(3):
            page.go_back()
            assert "不能" not in page.title() and page.locator("h1").count() == 1, page.url
        page.goto("/query/case")
        clerk.page.goto(f"/desk/cases/panlong/{filed[0]}")
        clerk.page.get_by_label("回复", exact=True).fill("按 20 个工作日")
        clerk.page.get_by_role("button", name="发送回复").dblclick()
        expect(clerk.page.locator("#talk .talk li")).to_have_count(2)
        seen(clerk, "desk-talk")
        page.reload()
        expect(page.locator(".talk li.ours")).to_contain_text("按 20 个工作日")
        seen(walker, f"talk-{'js' if scripts else 'plain'}")
        if scripts:
            whole(walker)


@both
def test_a_lost_session_keeps_what_was_typed(window, written, seen, width, scripts):
    with window(width, java_script_enabled=scripts) as walker:
        filed, page = walker.file(), walker.page
        page.goto("/query/case")
        page.get_by_label("新留言").fill("写了很久的话")
        page.context.clear_cookies()
        walker.press("发送")
        expect(page.get_by_role("alert")).to_contain_text("请再填写一次编号和查询码")
        seen(walker, "lost")
        if scripts:
            whole(walker)
        page.get_by_label("申请编号").fill(filed[0])
        page.get_by_label("查询码").fill("AAAAAAAAAA")
        walker.press("查询")
        expect(page.get_by_role("alert")).to_contain_text("查询码不正确")
        page.get_by_label("申请编号").fill(filed[0])
        page.get_by_label("查询码").fill(filed[1])
        walker.press("查询")
        expect(page.get_by_text("已经放回表单，还没有提交")).to_be_visible()
        expect(page.get_by_label("新留言")).to_have_value("写了很久的话")
        seen(walker, "brought-back")
        walker.press("发送")
        expect(page.get_by_text("留言已经发送")).to_be_visible()


@both
def test_two_windows_and_a_page_that_is_older_than_its_case(
    window, desk, office, written, width, scripts
):
    with window(width, java_script_enabled=scripts) as walker:
        first, second = walker.file(), walker.file(items="另一件\n和它的附件")
        look_up(walker, first)
        page, other = walker.page, walker.page.context.new_page()
        other.goto("/query")
        other.get_by_label("申请编号").fill(second[0])
        other.get_by_label("查询码").fill(second[1])
        other.get_by_role("button", name="查询", exact=True).click()
        before = written()
        page.locator("summary", has_text="撤回这件申请").click()
        page.get_by_label("我确认撤回", exact=True).check()
        walker.press("撤回申请")
        expect(page.get_by_role("alert")).to_contain_text("另一个窗口")
        assert written() == before
        page.get_by_label("申请编号").fill(first[0])
        page.get_by_label("查询码").fill(first[1])
        walker.press("查询")
        expect(page.get_by_label("我确认撤回", exact=True)).to_be_checked()
        desk("lifang").act(first[0], "assign")
        before = written()
        walker.press("撤回申请")
        expect(page.get_by_role("alert")).to_contain_text("又有了新的办理记录")
        assert written() == before
        expect(page.get_by_label("我确认撤回", exact=True)).to_be_checked()
        page.get_by_role("button", name="撤回申请").dblclick()
        expect(page.get_by_text("申请已经撤回")).to_be_visible()
        assert times(office, first[0], "withdraw") == 1
        page.go_back()
        assert page.locator("h1").count() == 1


@both
def test_one_item_a_wrong_paper_and_everything_that_was_asked(window, desk, seen, width, scripts):
    with window(width, java_script_enabled=scripts) as walker:
        filed, page = walker.file(), walker.page
        page.goto("/query/case")
        page.locator("summary", has_text="上传身份证明").click()
        page.get_by_label("材料种类").select_option("supplement")
        page.set_input_files("#files-file", {"name": "别人的.pdf", "mimeType": "application/pdf", "buffer": pdf("错")})  # fmt: skip
        walker.press("上传")
        expect(page.get_by_text("已收到补充材料")).to_be_visible()
        page.get_by_role("link", name="申请的全部内容和材料").click()
        page.get_by_label("证件号码的后四位").fill("0000")
        walker.press("核对")
        expect(page.get_by_role("alert")).to_contain_text("核对的内容不正确")
        page.get_by_label("证件号码的后四位").fill(LAST_FOUR)
        walker.press("核对")
        expect(page.get_by_text(CITIZEN["phone"])).to_be_visible()
        seen(walker, "application")
        if scripts:
            whole(walker)
        with page.expect_download() as fetched:
            page.get_by_role("button", name="下载 别人的.pdf").click()
        assert fetched.value.suggested_filename == "别人的.pdf"
        page.get_by_role("button", name="传错了，收回 别人的.pdf").click()
        expect(page.get_by_text("这份材料已经收回")).to_be_visible()
        assert "别人的.pdf" not in page.content()
        page.goto("/query/case")
        page.locator("summary", has_text="只撤回其中一项").click()
        page.get_by_label("第 2 项").check()
        page.get_by_label("我确认撤回这一项").check()
        seen(walker, "withdraw-item")
        walker.press("撤回这一项")
        expect(page.get_by_text("已经记下您撤回第 2 项")).to_be_visible()
        clerk = desk("lifang")
        clerk.page.goto(f"/desk/cases/panlong/{filed[0]}")
        expect(clerk.page.locator("table.items")).to_contain_text("撤回这一项")
        expect(clerk.page.locator("#files")).to_contain_text("申请人上传后又收回")
        seen(clerk, "desk-taken-back")
        if scripts:
            whole(clerk)


def test_every_page_of_following_at_every_state_of_the_sample(window, office, seen):
    """The states that the sample has: due days, corrections, reasons, fees, answers, each whole and open to everybody."""
    with office.store.read() as unit:
        by_state = {}
        for row in unit.session.scalars(select(CaseRow).order_by(CaseRow.id.desc())):
            key = row.state if row.outcome != "partial" else "partial"
            code = office.keys.query_code(row.code_salt)
            by_state.setdefault(key, (row.number, code))
    assert {"awaiting_payment", "awaiting_reasons", "partial", "awaiting_correction"} <= set(by_state)  # fmt: skip
    with window() as walker:
        for state, filed in sorted(by_state.items()):
            look_up(walker, filed)
            expect(walker.page.locator("h1")).to_have_count(1)
            assert walker.page.url.endswith("/query/case"), state
            seen(walker, f"state-{state}")
            whole(walker)
            if state == "awaiting_payment":
                walker.page.get_by_role("link", name="缴费单").click()
                seen(walker, "fee-slip")
                whole(walker)
