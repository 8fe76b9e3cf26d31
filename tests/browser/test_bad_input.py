"""What is typed wrongly is said at once, kept, and changes nothing; what is sent twice counts once."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_errors_stand_on_top_and_at_the_field_and_nothing_is_lost(window, written, scripts):
    before = written()
    with window(java_script_enabled=scripts) as walker:
        walker.fill_in(id_number="110105194912310021", phone="12", items="采矿许可证")
        walker.press("下一步：检查一遍")
        page = walker.page
        summary = page.get_by_role("alert")
        expect(summary.get_by_role("heading")).to_have_text("有 2 处需要修改")
        for field in ("id_number", "phone"):
            expect(summary.locator(f"a[href='#{field}']")).to_be_visible()
            expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")
            described = page.locator(f"#{field}").get_attribute("aria-describedby").split()
            assert all(page.locator(f"#{one}").inner_text() for one in described)
        assert page.title().startswith("有需要修改的地方")
        kept = {name: page.locator(f"#{name}").input_value() for name in ("name", "items", "phone")}
        assert kept == {"name": "张三", "items": "采矿许可证", "phone": "12"}
        assert page.locator("input[name=delivery][value=pickup]").is_checked()
        assert page.locator("input[name=agency][value=panlong]").is_checked()
        assert written() == before


def test_the_summary_of_errors_is_focused_and_leads_to_the_field(window):
    with window() as walker:
        walker.page.goto("/apply")
        walker.press("下一步：检查一遍")
        expect(walker.page.get_by_role("alert")).to_be_focused()
        link = walker.page.get_by_role("alert").locator("a[href='#phone']")
        link.focus()
        walker.page.keyboard.press("Enter")
        expect(walker.page.locator("#phone")).to_be_focused()
        assert walker.complaints == []


def test_a_refusal_at_the_desk_says_what_would_make_it_possible(window, cookies, filed, written):
    with window(storage_state=cookies("lifang")) as clerk:
        clerk.act(filed["number"], "assign")
        before = written()
        clerk.act(
            filed["number"],
            "propose_outcome",
            items__1__outcome="supplied",
            items__2__outcome="",
        )
        alert = clerk.page.get_by_role("alert")
        expect(alert).to_be_focused()
        expect(alert).to_contain_text("请选择第 2 项的答复类型")
        field = clerk.page.locator("#propose_outcome-items-2-outcome")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(clerk.page.locator("#propose_outcome-items-1-outcome")).to_have_value("supplied")
        alert.get_by_role("link").first.click()
        expect(field).to_be_focused()
        assert clerk.complaints == []
        assert written() == before


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_click_files_once(window, written, scripts):
    cases, _ = written()
    with window(java_script_enabled=scripts) as walker:
        walker.fill_in()
        walker.press("下一步：检查一遍")
        form = walker.page.locator("form", has_text="提交申请")
        carried = form.locator("input").evaluate_all("all => all.map(one => [one.name, one.value])")
        walker.page.get_by_role("button", name="提交申请").dblclick()
        number, _ = walker.slip()
        again = walker.page.request.post("/apply", form={**dict(carried), "step": "submit"})
        assert number in again.text(), "the same page sent again tells the same number"
    assert written()[0] == cases + 1
