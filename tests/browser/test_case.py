"""The page of a case: what to do first on a phone, one form at a time, and a question that loses nothing, also
without scripts."""

import pytest

from tests.browser.conftest import TODAY
from tests.browser.walking import PHONE

AT = f"/desk/cases/panlong/{TODAY.year}"


def test_the_first_screen_of_a_phone_shows_the_day_and_the_step(window, cookies):
    with window(PHONE, storage_state=cookies("lifang")) as clerk:
        clerk.page.goto(f"{AT}-0009")
        for part in (".next .due-line", ".next .do-line"):
            box = clerk.page.locator(part).bounding_box()
            assert box is not None and box["y"] + box["height"] < 844, part


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_forms_open_one_at_a_time(window, cookies, scripts):
    with window(storage_state=cookies("lifang"), java_script_enabled=scripts) as clerk:
        page = clerk.page
        page.goto(f"{AT}-0009")
        opened = page.locator("details[name=act][open]")
        assert opened.count() == 1 and opened.get_attribute("id") == "act-serve"
        page.locator("#act-serve [name=note]").evaluate("field => { field.value = '在窗口' }")
        page.locator("details.others > summary").first.click()
        page.locator("#act-withdraw > summary").click()
        assert opened.count() == 1 and opened.get_attribute("id") == "act-withdraw"
        page.locator("#act-serve > summary").click()
        assert page.locator("#act-serve [name=note]").input_value() == "在窗口"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_who_goes_back_from_the_question_finds_the_form_as_it_was(
    window, cookies, scripts, written
):
    before = written()
    with window(storage_state=cookies("lifang"), java_script_enabled=scripts) as clerk:
        page = clerk.page
        page.goto(f"{AT}-0009")
        page.locator("#act-serve [name=method]").select_option("entrusted")
        clerk.send(page.locator("#act-serve form .button"))
        assert page.locator("h1").inner_text() == "确认送达答复？"
        assert "委托送达" in clerk.text() and "不能撤销" in clerk.text()
        clerk.send("回去修改")
        assert page.locator("#act-serve").get_attribute("open") is not None
        assert page.locator("#act-serve [name=method]").input_value() == "entrusted"
        assert clerk.complaints == []
    assert written() == before


def test_the_walk_leads_over_the_page_by_links(window, cookies):
    with window(PHONE, storage_state=cookies("lifang"), java_script_enabled=False) as clerk:
        clerk.page.goto(f"{AT}-0009")
        clerk.send(clerk.page.get_by_role("link", name="带您看一遍"))
        for step in range(1, 9):
            assert clerk.page.locator("#tour").inner_text().startswith(f"{step} / 9")
            clerk.send(clerk.page.get_by_role("link", name="下一处"))
        clerk.send("看完了，不再提示")
        assert clerk.page.get_by_role("link", name="带您看一遍").count() == 0
