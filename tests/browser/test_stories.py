"""Stories of an office, walked with pages only: from the application to the archive, and each shortcut refused.

The shortcuts belong to every run; the stories of practice.md §7 are long (test_walk.py goes one whole way in every run).
"""

import re
from io import BytesIO

import pytest

from tests.proofs import upload
from tests.samples import pdf

BROKEN = re.compile(r"系统出了问题|None|Traceback|[a-z]+_[a-z_]+")
"""What no page may say: a fault, a key of the program."""
TOLD = "本人电话告知的地址：江那镇建设路 1 号"
"""Who asked to fetch the reply left no address; the clerk says how one came to be known."""
WIZARD = ("都不是", "一份记录", "知道找什么", "没有，或者要的不一样", "是", "本机关制作", "有", "没有公开", "没有",
          "不是", "没有", "都不会", "没有", "都不是", "能")  # fmt: skip


long = pytest.mark.long(reason="walks whole cases in a browser")


def place(number, rest=""):
    return f"/desk/cases/panlong/{number}{rest}"


def plain(walker):
    """The page is whole, quiet, and speaks as people do."""
    found = BROKEN.search(walker.text())
    assert found is None, (walker.page.url, found)
    assert walker.complaints == []
    width = walker.page.viewport_size["width"]
    assert walker.page.evaluate("document.documentElement.scrollWidth") <= width, walker.page.url
    return walker.text()


def opened(walker, number, rest=""):
    walker.page.goto(place(number, rest))
    return plain(walker)


def done(walker, number, event, **typed):
    walker.act(number, event, **typed)
    alert = walker.page.get_by_role("alert")
    assert alert.count() == 0, alert.inner_text()
    assert "已登记" in plain(walker)


def alert(walker):
    return walker.page.get_by_role("alert").first.inner_text()


def searched(clerk, number, item, hits="0", **typed):
    """A record of a search, on the page of searches, as a court wants it."""
    opened(clerk, number, "/searches")
    page = clerk.page
    page.locator("#search-item").select_option(str(item))
    given = {
        "sources": "综合档案室\n财务系统", "period": "2022年1月至2024年12月", "keywords": "竣工验收单",
        "synonyms": "验收报告\n验收记录", "hits": hits, "asked-0-unit": "农业中心", "asked-0-by": "王某",
        "asked-0-on": page.locator("#search-on").input_value(), "asked-0-answer": "没有制作，也没有保存", **typed,
    }  # fmt: skip
    for name, text in given.items():
        page.locator(f"#search-{name}").fill(text)
    clerk.send("保存检索记录")
    assert "已保存检索记录" in plain(clerk)


def uploaded(walker, number, kind, name, content=None):
    opened(walker, number)
    part = walker.page.locator("#files details").first
    if part.get_attribute("open") is None:
        part.locator("> summary").click()
    walker.page.locator("#files-kind").select_option(kind)
    walker.page.locator("#files-file").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": content or pdf(name)}
    )
    form = walker.page.locator("form", has=walker.page.locator("#files-file"))
    walker.send(form.locator("button.button"))
    assert "已保存" in plain(walker), walker.text()[:300]


def judged(reviewer, number, answer="none", note=""):
    """The review, item by item, on its own page."""
    opened(reviewer, number, "/review")
    assert "张三" not in reviewer.page.content()
    for radio in reviewer.page.locator(f"input[type=radio][value={answer}]").all():
        radio.check()
    for field in reviewer.page.locator("textarea[id^=review-note-]").all() if note else ():
        field.fill(note)
    reviewer.send("审查通过")
    assert "已登记“保密审查通过”" in plain(reviewer), reviewer.text()[:500]


def signed(leader, number):
    opened(leader, number, "/sign")
    leader.send(leader.page.get_by_role("button", name="签发"))
    leader.say_yes()
    assert "已登记“签发”" in plain(leader), leader.text()[:500]


def handed_up(desk, number):
    """From the draft to the signature."""
    clerk = desk("lifang")
    opened(clerk, number)
    if clerk.page.locator("#act-send_to_secrecy_review").count():
        clerk.act(number, "send_to_secrecy_review")
        judged(desk("wangqiang"), number)
    done(desk("yangfa"), number, "pass_legal_check")
    signed(desk("chenxz"), number)


def proposed(clerk, number, **typed):
    done(clerk, number, "propose_outcome", **typed)


def registered(desk, **changed):
    applicant = desk()
    number, code = applicant.file(**changed)
    done(desk("lifang"), number, "assign", to="农业中心")
    return applicant, number, code


def letter_of(walker, number, kind="reply"):
    text = opened(walker, number, f"/letters/{kind}")
    return text, walker.page.locator(".sheet-paper").first.inner_text()


# -- one whole case -----------------------------------------------------------------------------------


@long
def test_from_the_portal_to_the_archive_with_all_papers(desk):
    applicant, number, code = registered(desk)
    clerk, page = desk("lifang"), desk("lifang").page
    assert "接收回执" in opened(clerk, number, "/letters")
    searched(clerk, number, 2)
    assert "还应当" not in clerk.text(), "a record that lacks nothing is not complained of"

    opened(clerk, number)
    page.locator("#propose_outcome-items-2-outcome").select_option("not_existing")
    page.get_by_role("button", name="第 1 项").click()
    for answer in WIZARD:
        page.locator(".ways").get_by_role("button", name=re.compile(f"^{answer}")).first.click()
    page.get_by_role("button", name="填到第 1 项的拟办意见").click()
    assert page.locator("#propose_outcome-items-1-outcome").input_value() == "supplied"
    assert page.locator("#propose_outcome-items-2-outcome").input_value() == "not_existing"
    clerk.send(page.locator("#act-propose_outcome form .button").last)
    assert "已登记“拟办意见”" in plain(clerk)
    uploaded(clerk, number, "reply", "养护合同.pdf")
    done(clerk, number, "send_to_secrecy_review")
    judged(desk("wangqiang"), number)
    done(desk("yangfa"), number, "pass_legal_check")

    leader = desk("chenxz")
    text = opened(leader, number, "/sign")
    assert "清单不缺" in text
    assert "【" not in leader.page.locator(".sheet-paper").inner_text()
    signed(leader, number)
    text, letter = letter_of(clerk, number)
    assert "60日内" in letter and "6个月内" in letter and "【" not in letter
    assert "应当出具" not in opened(clerk, number, "/letters")
    done(clerk, number, "serve", method="mail", carrier="ems", proof="1234567890123", note=TOLD, proof_file=upload())  # fmt: skip

    applicant.page.goto("/query")
    applicant.page.get_by_label("申请编号").fill(number)
    applicant.page.get_by_label("查询码").fill(code)
    applicant.send("查询")
    assert "养护合同.pdf" in plain(applicant)
    applicant.page.locator("#files-last_four").fill("0000")
    applicant.send(applicant.page.get_by_role("button", name=re.compile("下载 答复书")))
    assert "核对的内容不正确" in applicant.text()
    for name in ("答复书", "养护合同"):
        applicant.page.locator("#files-last_four").fill("002x")
        with applicant.page.expect_download() as fetched:
            applicant.page.get_by_role("button", name=re.compile(f"下载 {name}")).click()
        assert fetched.value.suggested_filename.endswith(".pdf")

    opened(clerk, number)
    clerk.act(number, "archive")
    assert "已登记“归档”" in plain(clerk)
    assert "待附" not in opened(clerk, number, "/file")
    for link, ending in (("下载证据材料（PDF）", ".pdf"), ("下载归档包（ZIP）", ".zip")):
        with page.expect_download() as fetched:
            page.get_by_text(link).click()
        assert fetched.value.suggested_filename.endswith(ending)


# -- each shortcut ------------------------------------------------------------------------------------


@long
def test_each_shortcut_is_refused_with_help(desk):
    _, number, _ = registered(desk)
    clerk, reviewer, leader = desk("lifang"), desk("wangqiang"), desk("chenxz")
    searched(clerk, number, 2)
    clerk.act(number, "propose_outcome", items__1__outcome="supplied", items__2__outcome="")
    assert "请选择第 2 项的答复类型" in alert(clerk)
    proposed(clerk, number, items__1__outcome="supplied", items__2__outcome="not_existing")
    done(clerk, number, "send_to_secrecy_review")

    opened(reviewer, number, "/review")
    reviewer.page.locator("#review-note-1").fill("看过第 2 页")
    reviewer.send("审查通过")
    assert "第 1 项还没有逐项核对" in alert(reviewer)
    assert reviewer.page.locator("#review-note-1").input_value() == "看过第 2 页"
    for radio in reviewer.page.locator("input[type=radio][value=withhold]").all():
        radio.check()
    reviewer.page.locator("#review-note-1").fill("")
    reviewer.send("审查通过")
    assert alert(reviewer), "what is not without harm is said in words, and does not go out"
    assert opened(leader, number, "/sign") and "现在不能签" in leader.text()
    judged(reviewer, number)
    done(desk("yangfa"), number, "pass_legal_check")
    assert "现在不能签" in opened(leader, number, "/sign")
    assert "答复书写了附件，案卷里还没有" in leader.text()
    uploaded(clerk, number, "reply", "养护合同.pdf")

    opened(leader, number, "/sign")
    searched(clerk, number, 2, sources="会计核算中心")
    leader.page.locator("#sign-note").fill("同意，请尽快")
    leader.send(leader.page.get_by_role("button", name="签发"))
    assert "您打开这页以后有了变化" in alert(leader)
    assert leader.page.locator("#sign-note").input_value() == "同意，请尽快"
    form = leader.page.locator("form", has=leader.page.locator("#sign-note"))
    token = form.locator("[name=csrf_token]").input_value()
    bare = {"csrf_token": token, "decision": "approve"}
    assert leader.page.request.post(place(number, "/sign"), form=bare).status == 428
    length = form.locator("[name=length]").input_value()
    other = {**bare, "length": length, "paper": "0" * 64}
    assert leader.page.request.post(place(number, "/sign"), form=other).status == 412
    leader.send(leader.page.get_by_role("button", name="签发"))
    leader.say_yes()
    assert "已登记“签发”" in plain(leader)

    for content, name, told in (
        (None, "", "没有送达凭证"),
        (b"", "回证.pdf", "选中的文件是空的"),
        (b"MZ\x90\x00" + bytes(300), "回证.pdf", "这是程序"),
    ):
        sent = {} if content is None else {"proof_file": (BytesIO(content), name)}
        clerk.act(number, "serve", method="direct", **sent)
        assert told in alert(clerk), told
        assert "已登记“送达答复”" not in plain(clerk)
    clerk.act(number, "serve", method="mail", proof_file=upload())
    assert "请选择邮政企业" in alert(clerk)
    assert clerk.page.locator("#serve-method").input_value() == "mail"
    clerk.act(number, "serve", method="mail", carrier="ems", proof_file=upload())
    assert "没有留下通信地址" in alert(clerk)
    done(clerk, number, "serve", method="direct", proof_file=upload())


# -- the other stories of practice.md §7 --------------------------------------------------------------

WITHHELD = {
    "items__1__ground": "该合同第三条载明养护单位的报价明细，属于其尚未公开的经营信息",
    "items__1__redaction": "已逐页核对，不能区分处理后提供一部分",
}


def composed(clerk, number, kind, **typed):
    """A letter on its page, seen before it is entered."""
    opened(clerk, number, f"/letters/{kind}")
    for name, value in typed.items():
        field = clerk.page.locator(f"form.composing [name='{name}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    clerk.send(clerk.page.locator("button[name=do][value=preview]"))
    paper = clerk.page.locator(".sheet-paper").first.inner_text()
    plain(clerk)
    clerk.send(clerk.page.locator("button[name=do][value=apply]"))
    assert "已经编号存档" in plain(clerk), clerk.text()[:600]
    return paper


@long
def test_what_is_unclear_is_asked_and_mended_by_the_applicant(desk):
    applicant, number, code = registered(desk, items="有关材料")
    clerk = desk("lifang")
    paper = composed(
        clerk, number, "correction_notice", defects="请写明需要哪一年、哪一条道路的材料"
    )
    assert "请写明需要哪一年" in paper and "【" not in paper and "个工作日内补正" in paper
    applicant.page.goto("/query")
    applicant.page.get_by_label("申请编号").fill(number)
    applicant.page.get_by_label("查询码").fill(code)
    applicant.send("查询")
    assert "请写明需要哪一年" in plain(applicant)
    applicant.page.locator("form[action$='/correct'] textarea").first.fill(
        "2023年盘龙至砚山道路的养护合同"
    )
    applicant.send(applicant.page.locator("form[action$='/correct'] button").first)
    plain(applicant)
    assert "2023年盘龙至砚山道路的养护合同" in opened(clerk, number)


@long
def test_a_period_is_extended_with_its_letter(desk):
    _, number, _ = registered(desk)
    head = desk("zhouli")
    paper = composed(head, number, "extension_notice", days="10", reason="须向三个单位调取合同")
    assert "第三十三条" in paper and "须向三个单位调取合同" in paper
    assert "延长" in opened(head, number)


@long
def test_a_third_party_objects_and_the_body_judges_for_itself(desk):
    _, number, _ = registered(desk, items="2023年度农村公路养护合同")
    clerk = desk("lifang")
    paper = composed(
        clerk, number, "third_party_consultation", to="某某养护有限公司",
        subject="2023年度农村公路养护合同", address="砚山县江那镇",
    )  # fmt: skip
    assert "张三" not in paper and "15个工作日" in paper
    done(clerk, number, "record_opinion", opinion="objects")
    clerk.act(number, "propose_outcome", items__1__outcome="third_party_rights", **WITHHELD)
    text = opened(clerk, number)
    assert "本机关" in text and "判断" in text, "its own assessment is asked for"
    if "已拟稿" in text:
        clerk.act(number, "take_back_draft", reason="补写判断")
    proposed(
        clerk, number, items__1__outcome="third_party_rights", **WITHHELD,
        items__1__assessment="报价明细属于商业秘密，公开会损害公平竞争，不涉及公共利益",
    )  # fmt: skip
    done(clerk, number, "send_to_secrecy_review")
    judged(desk("wangqiang"), number, "withhold", "报价明细，第三方反对")
    done(desk("yangfa"), number, "pass_legal_check")
    signed(desk("chenxz"), number)
    _, letter = letter_of(clerk, number)
    assert "先" in letter and "行政复议" in letter and "6个月内" not in letter
    done(clerk, number, "serve", method="direct", proof_file=upload())


ANSWERS = {
    "petition": ({"reason": "要求查处占道并给予补偿，没有指向已有的记录"}, "第三十九条"),
    "not_responsible": (
        {"reason": "由县交通运输局制作", "right_body__name": "砚山县交通运输局",
         "right_body__contact": "江那镇建设路 1 号"}, "砚山县交通运输局"),
    "already_public": ({"address": "https://panlong.example/gk/12.html"}, "https://panlong.example/gk/12.html"),
}  # fmt: skip


@long
@pytest.mark.parametrize("outcome", ANSWERS)
def test_an_answer_that_gives_nothing_out(desk, outcome):
    fields, told = ANSWERS[outcome]
    _, number, _ = registered(desk, items="某村占道的处理情况")
    clerk = desk("lifang")
    typed = {f"items__1__{name}": text for name, text in fields.items()}
    proposed(clerk, number, items__1__outcome=outcome, **typed)
    handed_up(desk, number)
    _, letter = letter_of(clerk, number)
    assert told in letter and "【" not in letter and "行政复议" in letter
    done(clerk, number, "serve", method="direct", proof_file=upload())


@long
def test_a_part_is_withheld_place_by_place(desk):
    _, number, _ = registered(desk, items="2023年度农村公路养护合同")
    clerk = desk("lifang")
    uploaded(clerk, number, "reply", "合同（已遮盖）.pdf")
    proposed(
        clerk, number, items__1__outcome="partial",
        items__1__ground="合同附件载明签约自然人的证件号码，公开会损害其隐私",
        items__1__redactions__0__place="第3页附件", items__1__redactions__0__withheld="证件号码",
        items__1__redactions__0__given="其余内容", items__1__redactions__0__ground="条例15，个人隐私",
    )  # fmt: skip
    done(clerk, number, "send_to_secrecy_review")
    judged(desk("wangqiang"), number, "handled", "第3页证件号码已遮盖")
    done(desk("yangfa"), number, "pass_legal_check")
    signed(desk("chenxz"), number)
    _, letter = letter_of(clerk, number)
    assert "第3页附件" in letter and "第三十七条" in letter


@long
def test_mail_that_comes_back_opens_the_reply_again(desk):
    _, number, _ = registered(desk, items="2023年度农村公路养护合同")
    clerk = desk("lifang")
    uploaded(clerk, number, "reply", "合同.pdf")
    proposed(clerk, number, items__1__outcome="supplied")
    handed_up(desk, number)
    done(clerk, number, "serve", method="mail", carrier="ems", proof="1234567890123", note=TOLD, proof_file=upload())  # fmt: skip
    done(clerk, number, "service_failed", reason="邮件退回，地址不详")
    assert "待送达" in clerk.text()
    done(
        clerk, number, "serve", method="direct", proof_file=(BytesIO(pdf("签收的回证")), "签收.pdf")
    )


@long
def test_the_applicant_withdraws_and_a_letter_confirms_it(desk):
    _, number, _ = registered(desk)
    clerk = desk("lifang")
    paper = composed(clerk, number, "withdrawal_confirmation", note="申请人11月提交书面撤回申请")
    assert "撤回" in paper
    assert "申请人撤回" in opened(clerk, number)


@long
def test_the_body_mends_its_own_reply(desk):
    _, number, _ = registered(desk, items="2023年度农村公路养护合同")
    clerk = desk("lifang")
    uploaded(clerk, number, "reply", "合同.pdf")
    proposed(clerk, number, items__1__outcome="supplied")
    handed_up(desk, number)
    done(clerk, number, "serve", method="direct", proof_file=upload())
    head = desk("zhouli")
    done(head, number, "revise_reply", mode="supplement", reason="漏了合同的附件")
    link = head.page.locator("main a", has_text=re.compile(r"^\d{4}-\d{4}$")).last
    assert link.inner_text() != number, head.text()[:900]
