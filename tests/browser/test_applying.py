"""Filing in a browser: back, reload, double click, two windows, a lost session, many bodies; with scripts and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.walking import CITIZEN, PHONE
from tests.samples import pdf

LONG = pytest.mark.long(reason="walks through the whole form in a browser")
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
ID = {"name": "身份证.pdf", "mimeType": "application/pdf", "buffer": pdf("身份证")}


def heading(page):
    return expect(page.get_by_role("heading", level=1))


def went(answer) -> None:
    """A page came, without being sent anew."""
    assert answer is not None and answer.status in (200, 422), answer and answer.status
    assert answer.request.method == "GET"


@LONG
@BOTH
def test_back_and_reload_meet_no_error_and_lose_nothing(window, written, scripts):
    before = written()
    with window(java_script_enabled=scripts) as walker:
        page = walker.page
        walker.fill_in(phone="12")
        page.set_input_files("#file_id_proof", ID)
        walker.press("下一步：检查一遍")
        expect(page.get_by_role("alert")).to_contain_text("联系电话")
        expect(page.get_by_text("身份证.pdf").first).to_be_visible()
        went(page.reload())
        went(page.go_back())
        heading(page).to_have_text("填写申请")
        assert page.locator("#name").input_value() == "张三"
        went(page.go_forward())
        page.locator("#phone").fill("13800000000")
        walker.press("下一步：检查一遍")
        heading(page).to_have_text("检查一遍，再提交")
        expect(page.get_by_text("身份证.pdf").first).to_be_visible()
        went(page.reload())
        went(page.go_back())
        assert page.locator("#phone").input_value() == "13800000000"
        assert page.locator("#items").input_value().splitlines() == CITIZEN["items"].splitlines()
        went(page.go_forward())
        assert written() == before, "nothing is filed by looking"
        walker.press("提交申请")
        number, code = walker.slip()
        went(page.reload())
        assert walker.slip() == (number, code)
        for _ in range(3):
            went(page.go_back())
            assert walker.slip() == (number, code), "the receipt, wherever one goes back to"
        assert written()[0] == before[0] + 1
        assert walker.complaints == []


@LONG
@BOTH
def test_several_bodies_in_two_windows_at_once(window, written, scripts):
    cases, _ = written()
    with window(java_script_enabled=scripts) as walker:
        walker.fill_in(items="第一件：2021年合同")
        walker.page.locator("input[name=agency]").nth(1).check()
        walker.press("下一步：检查一遍")
        other = walker.page.context.new_page()
        second = type(walker)(other)
        second.fill_in(items="第二件：2022年合同")
        second.press("下一步：检查一遍")
        expect(walker.page.locator("main")).to_contain_text("2 个机关")
        walker.press("提交申请")
        second.press("提交申请")
        heading(other).to_have_text("申请已经提交")
        heading(walker.page).to_have_text("2 件申请已经提交")
        codes = walker.page.locator("dd.code").all_inner_texts() + other.locator("dd.code").all_inner_texts()  # fmt: skip
        assert len(set(codes[1::2])) == 3 and len(codes) == 6
        assert written()[0] == cases + 3


@LONG
@BOTH
def test_a_lost_session_says_so_and_what_was_typed_is_sent_once_more(window, written, scripts):
    cases, _ = written()
    with window(java_script_enabled=scripts) as walker:
        page = walker.page
        walker.fill_in()
        page.set_input_files("#file_id_proof", ID)
        walker.press("下一步：检查一遍")
        page.context.clear_cookies()
        walker.press("提交申请")
        expect(page.locator("main")).to_contain_text("刚才的内容没有提交")
        walker.press("再提交一次")
        expect(page.get_by_role("alert")).to_contain_text("刚才选的文件没有保留下来")
        assert page.locator("#name").input_value() == "张三" and written()[0] == cases
        walker.press("下一步：检查一遍")
        walker.press("提交申请")
        walker.slip()
        assert written()[0] == cases + 1
        page.context.clear_cookies()
        went(page.go_back())
        assert page.locator("#name").input_value() == "", "nobody else is shown what was typed"


@LONG
@BOTH
def test_the_enter_key_goes_on_and_a_double_click_files_once(window, written, scripts):
    cases, _ = written()
    with window(java_script_enabled=scripts) as walker:
        walker.fill_in()
        walker.page.locator("#name").press("Enter")
        heading(walker.page).to_have_text("检查一遍，再提交")
        walker.page.get_by_role("button", name="提交申请").dblclick()
        walker.slip()
    assert written()[0] == cases + 1


@LONG
@BOTH
def test_a_body_is_found_and_chosen_by_keyboard(window, scripts):
    with window(PHONE, java_script_enabled=scripts) as walker:
        page = walker.page
        page.goto("/apply/bodies?about=采矿许可证")
        page.locator("#q").fill("自然资源")
        page.locator("#q").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("有“自然资源”的机关 1 个")
        box = page.locator("input[name=agency]")
        box.focus()
        page.keyboard.press("Space")
        page.locator("#q").fill("盘龙")
        page.locator("#q").press("Enter")
        expect(page.get_by_role("group", name="已经选的机关")).to_contain_text("自然资源局")
        page.get_by_label("盘龙彝族乡人民政府").check()
        walker.press("下一步：填写申请")
        heading(page).to_have_text("填写申请")
        chosen = page.locator("input[name=agency]:checked").evaluate_all("all => all.map(one => one.value)")  # fmt: skip
        assert sorted(chosen) == ["panlong", "yszrzy"]
        assert page.locator("#items").input_value() == "采矿许可证"
        went(page.go_back())
        heading(page).to_have_text("向哪个机关申请")


@LONG
@BOTH
def test_one_line_with_several_things_becomes_lines_and_hints_stop_nobody(window, scripts):
    with window(PHONE, java_script_enabled=scripts) as walker:
        page = walker.page
        walker.fill_in(items="2023年养护合同；竣工验收单；付款凭证\n为什么不修路")
        walker.press("下一步：检查一遍")
        hints = page.get_by_role("region", name="提醒")
        expect(hints).to_contain_text("这像是咨询")
        walker.press("分成一项一行")
        expect(page.locator("main")).to_contain_text("第 4 项")
        expect(page.get_by_role("button", name="分成一项一行")).to_have_count(0)
        expect(hints).to_contain_text("第 4 项：这像是咨询")
        walker.press("提交申请")
        walker.slip()


@LONG
def test_what_is_left_of_a_field_is_counted(window):
    with window() as walker:
        page = walker.page
        walker.fill_in(items="字" * 1700)
        left = page.locator("#items + .left-over")
        expect(left).to_have_text("最长的一行还可以写 300 个字")
        page.locator("#items").fill("字" * 2003)
        expect(left).to_have_text("最长的一行多了 3 个字")
        page.locator("#items").fill("甲乙\n丙丁")
        expect(left).to_have_text("2 行，最多 20 行")
        assert walker.complaints == []


@LONG
@BOTH
def test_a_phone_offers_its_camera_beside_the_files(window, scripts):
    about = {"java_script_enabled": scripts, "has_touch": True, "is_mobile": True}
    with window(PHONE, **about) as walker:
        walker.page.goto("/apply")
        camera = walker.page.get_by_label("用相机拍：身份证明")
        expect(camera).to_be_visible()
        assert camera.get_attribute("capture") == "environment" and camera.get_attribute("accept") == "image/*"  # fmt: skip
        assert walker.page.get_by_label("选择文件：身份证明").get_attribute("capture") is None
    with window(java_script_enabled=scripts) as walker:
        walker.page.goto("/apply")
        expect(walker.page.get_by_label("用相机拍：身份证明")).to_be_hidden()


@LONG
def test_script_that_is_typed_runs_nowhere(window):
    script = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    with window() as walker:
        page, heard = walker.page, []
        page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
        walker.fill_in(name=script, items=script)
        page.locator("details.more summary").last.click()
        for name in ("document_number", "other", "assistance", "address"):
            page.locator(f"#{name}").fill(script)
        walker.press("下一步：检查一遍")
        heading(page).to_have_text("检查一遍，再提交")
        assert page.locator("main img, main script").count() == 0
        walker.press("提交申请")
        walker.slip()
        page.locator("#look").fill(script)
        page.locator("#look").press("Enter")
        assert page.locator("#q").input_value() == script[:60]
        assert page.locator("main img, main script").count() == 0 and heard == []
        assert walker.complaints == []


@LONG
@pytest.mark.parametrize("width", [1280, PHONE])
def test_every_page_of_the_portal_has_the_search(window, width):
    with window(width) as walker:
        for path in ("/query", "/guide", "/directory", "/apply", "/annual-reports", "/b/panlong/calculator"):  # fmt: skip
            walker.page.goto(path)
            walker.page.get_by_role("searchbox", name="查找已经公开的信息").fill("年报")
            walker.page.keyboard.press("Enter")
            heading(walker.page).to_have_text("先找找看，也许已经公开了")
            expect(walker.page.locator("main")).to_contain_text("政府信息公开工作年度报告")


@LONG
@BOTH
def test_files_too_large_lose_nothing_typed_and_a_script_says_so_before(
    window, written, tmp_path, scripts
):
    large = tmp_path / "照片.jpg"
    large.write_bytes(b"\xff\xd8" + b"0" * 9_000_000)
    before = written()
    with window(java_script_enabled=scripts) as walker:
        page = walker.page
        walker.fill_in()
        page.set_input_files("#file_id_proof", [large] * 4)
        said = page.get_by_text("选的文件太大").first
        if scripts:
            expect(said).to_be_visible()
        sent = []
        page.on("request", lambda one: sent.append(one) if one.method == "POST" else None)
        walker.press("下一步：检查一遍")
        if scripts:
            expect(page.locator("#file_id_proof")).to_be_focused()
            assert sent == [], "it was not sent in vain"
            page.set_input_files("#file_id_proof", [])
            expect(said).to_be_hidden()
        else:
            expect(page.get_by_role("alert")).to_contain_text("合计不超过 30 MB")
            assert page.locator("#items").input_value().splitlines() == CITIZEN["items"].splitlines()  # fmt: skip
        walker.press("下一步：检查一遍")
        walker.press("提交申请")
        walker.slip()
        assert written()[0] == before[0] + 1 and walker.complaints == []


@LONG
def test_clearing_this_computer_clears_the_browser_too(window):
    with window() as walker:
        page = walker.page
        walker.file()
        page.evaluate("localStorage.setItem('gongkai-draft', '{}')")
        walker.press("清除本机上的记录")
        expect(page.get_by_role("status").first).to_contain_text("已经清除")
        assert page.evaluate("localStorage.getItem('gongkai-draft')") is None
