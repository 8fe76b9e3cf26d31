"""The letters of a case at the desk: composed with their event, kept with numbers, brought back, the book."""

import csv
import re
from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
from docx import Document
from openpyxl import load_workbook

from tests.samples import pdf
from tests.webui.filing import file as file_one
from tests.webui.visitor import Visitor
from workflow.service import Office
from workflow.service.rules.settings import BodySettings

HOME = "panlong"


@pytest.fixture
def number(visitor: Visitor, staff: Callable[[str], Visitor]) -> str:
    found, _ = file_one(visitor)
    return found


def letters(who: Visitor, number: str, rest: str = "") -> Visitor:
    return who.get(f"/desk/cases/{HOME}/{number}/letters{rest}")


def previewed(who: Visitor, number: str, kind: str = "correction_notice", **typed: str) -> Visitor:
    page = letters(who, number, f"/{kind}")
    return page.send(f"/letters/{kind}", **{"defects": "请写明年度", "do": "preview", **typed})


def test_letter_is_composed_seen_and_kept_in_two_steps(
    number: str, staff: Callable[[str], Visitor]
) -> None:
    clerk = staff("lifang")
    assert "补正告知书" in letters(clerk, number).text
    page = previewed(clerk, number)
    assert page.status == 200 and "请写明年度" in page.text and "这样发出，日子是" in page.text
    assert "还没有" in letters(clerk, number).text  # nothing was written
    page = previewed(clerk, number)
    page.send("/letters/correction_notice", do="apply")
    assert page.status == 200 and "已经编号存档" in page.text, page.text[:900]
    assert "公开补〔2024〕1号" in page.text


def test_an_event_leads_to_the_letter_that_is_composed_with_it(
    number: str, staff: Callable[[str], Visitor]
) -> None:
    page = staff("lifang").get(f"/desk/cases/{HOME}/{number}")
    led = re.search(r'value="(\w+)" formaction="([^"]+)">连同补正告知书一起办', page.html)
    assert led is not None and page.html.count("连同补正告知书一起办") == 1
    first = page.html.index("<button", page.html.index("/events/require_correction"))
    assert (
        first < led.start() and "formaction" not in page.html[first : page.html.index(">", first)]
    ), "Enter in a field registers the event, as it does in every other form"
    assert "连同答复书一起办" not in page.html, "that one is signed, not composed with its event"
    typed = page.form("/events/require_correction").fields | {
        "defects": "请写明年度",
        "event": led[1],
    }
    page.post(led[2], typed)
    assert page.status == 200 and "通知补正，连同补正告知书" in page.text
    assert page.form("/letters/correction_notice").fields["defects"] == ["请写明年度"]
    assert "（文号在登记时编上）" in page.text and "【机关代字】" not in page.text, (
        "the body has said it"
    )
    assert "还没有存档" in page.text and "需要修改" not in page.text


def test_what_the_letter_says_is_asked_before_days_that_may_be_left_out(
    number: str, staff: Callable[[str], Visitor]
) -> None:
    page = letters(staff("lifang"), number, "/correction_notice")
    names = [name for name in page.form("/letters/correction_notice").fields if name != "do"]
    wanted = ["on", "defects", "sent_on", "reached_on", "period_days", "note"]
    assert [name for name in names if name in wanted] == wanted


def test_letter_that_is_entered_has_no_open_place(
    number: str, staff: Callable[[str], Visitor]
) -> None:
    """Whoever gets it reads a period, where the day on which it arrives is not known yet."""
    clerk = staff("lifang")
    page = previewed(clerk, number)
    assert "文号在登记时编上" in page.text and "没有填写" not in page.text
    paper = page.html.partition('class="sheet-paper"')[2].partition("</article>")[0]
    assert "【" not in paper and "自收到本告知书之日起15个工作日内补正" in paper
    page = previewed(clerk, number, period_days="10")
    assert "自收到本告知书之日起10个工作日内补正" in page.text
    page.send("/letters/correction_notice", do="apply")
    kept = letters(clerk, number, "/correction_notice").html
    assert "【" not in kept.partition('class="sheet-paper"')[2].partition("</article>")[0]


def test_act_without_a_letter_that_was_seen_is_not_done(
    number: str, staff: Callable[[str], Visitor]
) -> None:
    clerk = staff("lifang")
    page = letters(clerk, number, "/correction_notice")
    page.send("/letters/correction_notice", defects="请写明年度", do="apply")
    assert page.status == 428


def test_letter_that_moved_is_shown_beside_the_one_that_was_seen(
    number: str, staff: Callable[[str], Visitor]
) -> None:
    clerk = staff("lifang")
    page = previewed(clerk, number)
    page.send("/letters/correction_notice", defects="请写明月份", do="apply")
    assert page.status == 412
    assert "没有登记任何内容" in page.text and "您看过的" in page.text
    assert "请写明月份" in page.text and "请写明年度" in page.text
    assert re.search(r"<del>年度?</del> → <ins>月份?</ins>", page.html)
    page.send("/letters/correction_notice", do="apply")
    assert page.status == 200 and "公开补〔2024〕1号" in page.text


def test_case_that_moved_is_told_and_nothing_typed_is_lost(
    number: str, staff: Callable[[str], Visitor]
) -> None:
    page = previewed(staff("lifang"), number, defects="请写明合同的年度")
    staff("chen").act(number, "extend", days="5", reason="需查阅纸质档案")
    page.send("/letters/correction_notice", do="apply")
    assert page.status == 412 and "请写明合同的年度" in page.text


def test_what_is_missing_is_told_at_its_field(number: str, staff: Callable[[str], Visitor]) -> None:
    page = previewed(staff("chen"), number, "extension_notice", days="x", reason="需查阅")
    assert page.status == 422 and "请填写整数" in page.text and "需查阅" in page.text
    page = previewed(staff("chen"), number, "extension_notice", days="90", reason="需查阅")
    assert page.status == 409 and "怎样才可以" in page.text


def test_sentence_is_put_into_its_field(number: str, staff: Callable[[str], Visitor]) -> None:
    page = previewed(
        staff("chen"), number, "extension_notice", do="sentence-0", days="5", reason=""
    )
    assert "需要查阅{年份}的纸质档案" in page.text
    page = letters(staff("chen"), number, "/extension_notice")
    page.send("/letters/extension_notice", do="sentence-99")
    assert page.status == 422


@pytest.mark.parametrize(
    ("kind", "about"),
    [("evidence_list", "今天"), ("assistance_request", "x"), ("service_record", "no_letter")],
)
def test_address_or_form_about_nothing_that_is_there_is_told_so(
    number: str, staff: Callable[[str], Visitor], kind: str, about: str
) -> None:
    clerk = letters(staff("lifang"), number)
    form = {"csrf_token": clerk.form("/desk/logout").fields["csrf_token"], "about": about}
    for action in ("issue", "back"):
        clerk.post(
            f"/desk/cases/{HOME}/{number}/letters/{kind}/{action}",
            {**form, "file": (BytesIO(pdf("章")), "章.pdf")},
        )
        assert clerk.status == 404 and "没有这种文书" in clerk.text
    assert letters(clerk, number, f"/{kind}/pdf?about={about}").status == 404


def kept(clerk: Visitor, number: str) -> None:
    clerk.act(number, "require_correction", defects="请写明年度")


def test_word_file_comes_back_and_what_differs_is_told(
    number: str, staff: Callable[[str], Visitor]
) -> None:
    clerk = staff("lifang")
    kept(clerk, number)
    answer = clerk.client.get(f"/desk/cases/{HOME}/{number}/letters/correction_notice/docx")
    assert answer.status_code == 200 and answer.data[:2] == b"PK"
    document = Document(BytesIO(answer.data))
    for line in document.paragraphs:
        for run in line.runs:
            run.text = run.text.replace("请写明年度", "请写明月份")
    out = BytesIO()
    document.save(out)
    page = letters(clerk, number, "/correction_notice")
    page.send("/letters/correction_notice/back", file=(BytesIO(out.getvalue()), "改.docx"))
    assert page.status == 200 and "1 处不同" in page.text, page.text[:600]
    assert re.search(r"<del>.+?</del> → <ins>.+?</ins>", page.html)
    page = letters(clerk, number, "/correction_notice")
    page.send("/letters/correction_notice/back", file=(BytesIO(pdf("章")), "章.pdf"), scan="1")
    assert "盖章扫描件" in page.text
    page = letters(clerk, number, "/correction_notice")
    page.send("/letters/correction_notice/back", file=(BytesIO(b"nothing"), "坏.docx"))
    assert page.status == 422 and "只接受" in page.text


def test_number_is_voided_with_its_reason_and_stays_in_the_book(
    number: str, staff: Callable[[str], Visitor]
) -> None:
    clerk = staff("lifang")
    kept(clerk, number)
    page = letters(clerk, number)
    page.send("/letters/numbers/1/void", reason="")
    assert page.status == 422 and "请写明为什么作废" in page.text
    page.send("/letters/numbers/1/void", reason="=打印错误")
    assert page.status == 200 and "文号已作废" in page.text
    book = clerk.get("/desk/letters")
    assert "<s>" in book.html and "=打印错误" in book.text
    found = clerk.client.get("/desk/letters/book/csv").data.decode("utf-8-sig")
    head, row = csv.reader(StringIO(found))
    assert head[0] == "文号" and row[0].endswith("1号") and row[-1] == "'=打印错误"
    sheet = load_workbook(BytesIO(clerk.client.get("/desk/letters/book/xlsx").data)).active
    assert sheet is not None and sheet["A3"].value == row[0]
    assert sheet["A3"].font.strike and not sheet["I3"].font.strike
    assert sheet["I3"].value == "=打印错误" and sheet["I3"].data_type == "s"


def test_letter_without_an_event_is_numbered_on_its_page(
    number: str, staff: Callable[[str], Visitor]
) -> None:
    clerk = staff("lifang")
    clerk.act(number, "assign", to="农业中心")
    page = letters(clerk, number, "/assistance_request")
    assert "编号存档" in page.text
    again = page.form("/letters/assistance_request/issue")
    page.send("/letters/assistance_request/issue")
    assert page.status == 200 and "公开协〔2024〕1号" in page.text
    page = letters(clerk, number, "/assistance_request")
    assert "第 1 稿" in page.text and "编号存档" not in page.text.replace("已经编号存档", "")
    page.post(again.action, again.fields)
    assert page.status == 409 and "已经出具" in page.text


def test_every_letter_that_a_case_can_have_has_its_page(
    number: str, staff: Callable[[str], Visitor]
) -> None:
    clerk = staff("lifang")
    page = letters(clerk, number)
    found = set(re.findall(rf"/desk/cases/{HOME}/{number}/letters/(\w+)\"", page.html))
    assert {"registration_form", "receipt", "correction_notice"} <= found
    for kind in found:
        one = letters(clerk, number, f"/{kind}")
        assert one.status == 200, kind
        assert "sheet-paper" in one.html or "看看信怎么写" in one.text, kind
    assert letters(clerk, number, "/nothing").status == 404
    assert (
        "编号存档" not in letters(clerk, number, "/extension_notice").text
    )  # no head has extended
    assert letters(clerk, number, "/review_answer").status == 200  # says what would help
    assert letters(clerk, number, "/reply/exe").status == 404


@pytest.mark.parametrize("who", ["wangqiang"])
def test_who_may_not_draft_gets_no_letter(
    number: str, staff: Callable[[str], Visitor], who: str
) -> None:
    assert letters(staff(who), number).status == 403
    assert "这件申请的文书" not in staff(who).get(f"/desk/cases/{HOME}/{number}").text


def test_a_number_without_the_short_name_of_the_body_is_marked_in_the_book(
    number: str, visitor: Visitor, staff: Callable[[str], Visitor], office: Office
) -> None:
    clerk = staff("lifang")
    kept(clerk, number)
    assert "代字" not in clerk.get("/desk/letters").text.replace("机关代字、文号的写法", "")
    BodySettings(office).set_setting(None, "panlong", "letter_code", "", "2024-01-01", "未定")
    other, _ = file_one(visitor)
    kept(clerk, other)
    book = clerk.get("/desk/letters")
    assert book.text.count("代字待填") == 1 and "有 1 个文号还没有机关代字" in book.text
