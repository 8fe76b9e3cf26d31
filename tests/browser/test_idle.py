"""Before a session ends by itself the desk says so; what was typed afterwards stands in its form again."""

from playwright.sync_api import expect

from tests.workflow.service.sampling import PASSWORD


def test_a_warning_before_the_end_and_a_way_to_stay(window, cookies):
    with window(storage_state=cookies("lifang")) as clerk:
        page = clerk.page
        page.clock.install()
        page.goto("/desk/register")
        bar = page.locator("#idle")
        page.clock.fast_forward("27:30")
        expect(bar).to_be_hidden()
        page.clock.fast_forward("00:40")
        expect(bar).to_contain_text("2 分钟 之后自动退出")
        bar.get_by_role("button", name="继续办理").click()
        expect(bar).to_be_hidden()
        page.clock.fast_forward("29:40")
        expect(bar).to_contain_text("20 秒 之后自动退出")
        page.clock.fast_forward("00:30")
        expect(bar).to_contain_text("已经自动退出。填写的内容还在")
        expect(bar.get_by_role("button")).to_be_hidden()
        assert clerk.complaints == []


def test_another_window_keeps_this_one_from_warning(window, cookies):
    with window(storage_state=cookies("lifang")) as clerk:
        page = clerk.page
        page.clock.install()
        page.goto("/desk/register")
        page.clock.fast_forward("29:00")
        expect(page.locator("#idle")).to_contain_text("之后自动退出")
        page.evaluate("localStorage.setItem('gongkai-seen', String(Date.now()))")
        page.clock.fast_forward("00:06")
        expect(page.locator("#idle")).to_be_hidden()


def test_what_was_typed_stands_in_its_form_after_the_login(window, cookies):
    with window(storage_state=cookies("lifang")) as clerk:
        page = clerk.page
        page.goto("/desk/register")
        page.get_by_label("姓名", exact=True).first.fill("王小明")
        page.get_by_label("要公开的信息").fill("2023年村道维修合同\n验收单")
        page.get_by_label("法人或者其他组织").check()
        page.context.clear_cookies()
        clerk.press("登记")
        expect(page.get_by_role("heading", level=1)).to_have_text("工作人员登录")
        page.get_by_label("用户名").fill("lifang")
        page.get_by_label("密码").fill(PASSWORD)
        clerk.press("登录")
        expect(page.get_by_role("heading", level=1)).to_have_text("登记线下申请")
        expect(page.get_by_label("要公开的信息")).to_have_value("2023年村道维修合同\n验收单")
        expect(page.get_by_label("法人或者其他组织")).to_be_checked()
        clerk.press("不要了")
        expect(page.get_by_label("要公开的信息")).to_have_value("")
