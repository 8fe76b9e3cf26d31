"""Two stories of an office that cost the applicant something: an answer that was given already, and a fee. Walked with
pages only, from the application to the archive (test_stories.py has the others)."""

import re

import pytest

from tests.browser.test_stories import (
    alert,
    composed,
    done,
    handed_up,
    letter_of,
    long,
    opened,
    plain,
    proposed,
    registered,
    uploaded,
)
from tests.proofs import upload


def fetched(applicant, number, code, *names):
    """What the applicant takes home from the page of the query."""
    applicant.page.goto("/query")
    applicant.page.get_by_label("申请编号").fill(number)
    applicant.page.get_by_label("查询码").fill(code)
    applicant.send("查询")
    for name in names:
        applicant.page.locator("#files-last_four").fill("002X")
        with applicant.page.expect_download() as file:
            applicant.page.get_by_role("button", name=re.compile(f"下载 {name}")).click()
        assert file.value.suggested_filename.endswith(".pdf")
    return plain(applicant)


def archived(clerk, number, *papers):
    """To the archive, with every paper in the list of the file and both packages."""
    clerk.act(number, "archive")
    assert "已登记“归档”" in plain(clerk)
    text = opened(clerk, number, "/file")
    assert "待附" not in text
    for paper in papers:
        assert paper in text, (paper, text)
    for link in ("下载证据材料（PDF）", "下载归档包（ZIP）"):
        with clerk.page.expect_download() as file:
            clerk.page.get_by_text(link).click()
        assert file.value.failure() is None


@long
def test_what_was_answered_already_is_not_handled_again(desk):
    asked = "2022年度乡道安全隐患排查报告"
    _, first, _ = registered(desk, items=asked)
    clerk = desk("lifang")
    uploaded(clerk, first, "reply", "排查报告.pdf")
    proposed(clerk, first, items__1__outcome="supplied")
    handed_up(desk, first)
    done(clerk, first, "serve", method="direct", proof_file=upload())

    applicant, number, code = registered(desk, items=asked)
    assert first in opened(clerk, number), "the earlier request of the same person is on the page"
    clerk.act(number, "propose_outcome", items__1__outcome="repeat")
    assert "此前答复的编号" in alert(clerk)
    clerk.act(number, "propose_outcome", items__1__outcome="repeat", items__1__earlier_reply=number)
    assert "本件" in alert(clerk), "a request is no repetition of itself"
    proposed(
        clerk, number, items__1__outcome="repeat", items__1__earlier_reply=first,
        items__1__reason="两次申请的都是2022年度排查报告，没有新的内容",
    )  # fmt: skip
    handed_up(desk, number)
    _, letter = letter_of(clerk, number)
    assert first in letter and "第三十六条第（六）项" in letter and "2026年5月12日送达" in letter
    assert "60日内" in letter and "6个月内" in letter and "【" not in letter
    done(clerk, number, "serve", method="direct", proof_file=upload())
    assert "重复申请" in fetched(applicant, number, code, "答复书")
    archived(clerk, number, "申请", "答复书", "送达")


ACCOUNT = "到乡财政所窗口刷卡，或者按非税缴款码缴入县财政"


@pytest.fixture
def charging(desk):
    """The head switches the fee on by page, with a reason, and off again."""

    head = desk("zhouli")

    def settled(name, value, label):
        head.page.goto(f"/desk/settings/{name}?at=panlong")
        if value in ("off", "by_page"):
            head.page.locator(f"[name=value][value={value}]").check()
        else:
            head.page.locator("[name=value]").fill(value)
        head.page.locator("[name=reason]").fill("已公示收费标准")
        head.send(head.page.locator("main form button.button").first)
        assert f"已保存“{label}”" in plain(head)

    settled("fee_policy", "by_page", "信息处理费")
    settled("fee_account", ACCOUNT, "缴费的方式、账户")
    yield
    settled("fee_policy", "off", "信息处理费")


@long
@pytest.mark.usefixtures("charging")
def test_beyond_reason_a_fee_is_asked_and_paid(desk):
    applicant, number, code = registered(desk, items="2019年至2024年全部养护合同及附件")
    clerk, head = desk("lifang"), desk("zhouli")
    head.act(number, "charge_fee", reached_on="2026-05-12", pages="30")
    assert "没有超过免费的数量" in alert(head), "thirty pages are free"
    paper = composed(head, number, "fee_notice", pages="57", reached_on="2026-05-12")
    assert (
        ACCOUNT in paper
        and "270" in paper
        and "20个工作日" in paper
        and "57" in paper
        and "【" not in paper
    )
    assert "待缴费" in opened(clerk, number)
    told = fetched(applicant, number, code)
    assert "270 元" in told and ACCOUNT in told
    clerk.act(number, "pay_fee", amount="150")
    assert "应缴 270 元" in alert(clerk)
    done(clerk, number, "pay_fee", amount="270")
    assert "办理中" in clerk.text()
    uploaded(clerk, number, "payment", "非税票据.pdf")
    uploaded(clerk, number, "reply", "养护合同57页.pdf")
    proposed(clerk, number, items__1__outcome="supplied")
    handed_up(desk, number)
    _, letter = letter_of(clerk, number)
    assert "【" not in letter
    done(clerk, number, "serve", method="direct", proof_file=upload())
    assert "已答复" in fetched(applicant, number, code, "答复书", "养护合同57页")
    archived(clerk, number, "收费通知书", "缴费凭证", "答复书", "送达")
