"""A case from the applicant's form to the cell of the annual table, by several people."""

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TODAY
from tests.browser.test_stories import uploaded
from tests.browser.walking import PHONE
from tests.proofs import upload
from tests.webui.filing import SEARCHED, judged


@pytest.mark.long(reason="walks a whole life; parts of it are walked in every run")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_form_to_the_cell_of_the_annual_table(window, cookies, scripts):
    with ExitStack() as open_windows:

        def at_the_desk(name):
            return open_windows.enter_context(
                window(storage_state=cookies(name), java_script_enabled=scripts)
            )

        applicant = open_windows.enter_context(window(PHONE, java_script_enabled=scripts))
        number, code = applicant.file()

        clerk = at_the_desk("lifang")
        clerk.page.goto("/desk/")
        while number not in clerk.text():
            clerk.send(clerk.page.get_by_role("link", name="下一页"))
        clerk.act(number, "assign", to="农业中心")
        clerk.act(number, "record_search", **SEARCHED)
        clerk.act(
            number,
            "propose_outcome",
            items__1__outcome="supplied",
            items__2__outcome="not_existing",
        )
        assert "信息不存在" in clerk.text() and "保密审查通过" in clerk.text()
        uploaded(clerk, number, "reply", "养护合同.pdf")
        clerk.act(number, "send_to_secrecy_review")

        reviewer = at_the_desk("wangqiang")
        reviewer.act(number, "pass_secrecy_review", **judged())
        assert "已登记“保密审查通过”" in reviewer.text() and "没有审查" not in reviewer.text()
        at_the_desk("yangfa").act(number, "pass_legal_check")
        leader = at_the_desk("chenxz")
        leader.act(number, "approve")
        assert "待送达" in leader.text()
        clerk.act(number, "serve", method="direct", proof_file=upload())
        assert "按期答复" in clerk.text()

        applicant.page.goto("/query")
        applicant.page.get_by_label("申请编号").fill(number)
        applicant.page.get_by_label("查询码").fill(code.lower())
        applicant.send("查询")
        assert "已作出答复" in applicant.text()
        applicant.page.locator("#files-last_four").fill("002X")
        with applicant.page.expect_download() as fetched:
            applicant.page.get_by_role("button", name=re.compile("下载 答复书")).click()
        assert fetched.value.suggested_filename.endswith(".pdf")
        clerk.page.goto(f"/desk/cases/{number}")
        assert "查阅 1 次" in clerk.text()

        clerk.page.goto(f"/desk/reports/panlong/{TODAY.year}")
        clerk.page.locator("a[href$='/cells/partially_disclosed/natural_person']").click()
        clerk.page.get_by_role("link", name=number).click()
        expect(clerk.page).to_have_url(re.compile(f"/desk/cases/panlong/{number}$"))
        for walker in (applicant, clerk, reviewer, leader):
            assert walker.complaints == []


def test_whoever_proposed_may_not_review_the_secrecy(window, cookies, filed):
    """The form of the review is not on the page of the clerk who drafts."""
    with window(storage_state=cookies("lifang")) as clerk:
        clerk.page.goto(f"/desk/cases/{filed['number']}")
        assert clerk.page.locator("#act-pass_secrecy_review").count() == 0
        assert "现在还不能办的事" in clerk.text()
