"""A letter that came back from Word, held to what was drafted: what each changed place is called, and that nothing else
is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from workflow.letters.differing import Difference, differences, lines_of_docx
from workflow.letters.letter import Contact, Gap, Letter, Paragraph

LETTER = Letter(
    kind="reply",
    label="答复书",
    to="applicant",
    title=("盘龙彝族乡人民政府", "政府信息公开申请答复书"),
    number="盘政公开答〔2024〕1号",
    addressee="张三",
    day=date(2024, 3, 18),
    elements=(
        Paragraph("text", "本机关于2024年3月4日收到您的申请（编号2024-0001）。"),
        Paragraph("text", "依据《中华人民共和国政府信息公开条例》第三十六条第（二）项，予以公开。"),
        Paragraph("text", "您写明：“养护合同正文”，共12页。"),
        Paragraph("text", "缴纳方式：【缴费的方式、账户】。"),
        Paragraph("text", "对本答复不服的，可以自收到之日起60日内申请行政复议。"),
        Paragraph("text", "特此答复。"),
    ),
    enclosed=(),
    remedy=("对本答复不服的，可以自收到之日起60日内申请行政复议。",),
    annexes=(),
    signature="盘龙彝族乡人民政府",
    contact=Contact("党政办公室", "李芳", "0876-3120000"),
    words={"received": "2024年3月4日", "number": "2024-0001", "empty": "", "unlisted": "12"},
    open=(Gap("pay_how", "缴费的方式、账户", "【缴费的方式、账户】"),),
)
LABELS = {"received": "收到之日", "number": "申请编号", "empty": "空白"}


def told(*changes: tuple[str, str], dated: bool = True) -> list[Difference]:
    """What is told of the letter with these words put in place of others."""
    lines: Sequence[str] = LETTER.texts()
    for old, new in changes:
        assert any(old in line for line in lines)
        lines = [line.replace(old, new) for line in lines]
    return differences(LETTER, lines, LABELS, dated=dated)


def test_the_same_words_differ_in_nothing_however_they_are_spaced() -> None:
    assert told() == []
    spaced = [" ".join(line) + "　" for line in LETTER.texts()]
    assert differences(LETTER, ["", *spaced, " "], LABELS) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("2024年3月4日", "2024年3月5日", "收到之日"),
        ("2024-0001）", "2024-0009）", "数字"),
        ("第三十六条第（二）项", "第三十七条", "条款"),
        ("《中华人民共和国政府信息公开条例》", "《信访工作条例》", "法律、文件的名称"),
        ("共12页", "共13页", "数字"),
        ("养护合同正文", "养护合同附件", "引用的原文"),
        ("60日内", "30日内", "救济途径"),
        ("〔2024〕1号", "〔2024〕2号", "文号"),
        ("张三：", "张山：", "收件人"),
        ("2024年3月18日", "2024年3月19日", "落款日期"),
        ("特此答复。", "特此函复。", "文字"),
    ],
)
def test_each_changed_place_is_called_what_it_is(old: str, new: str, what: str) -> None:
    found = told((old, new))
    assert {one.what for one in found} == {what}, found
    assert not any(one.filled for one in found)
    (whole,) = {one.line for one in found}
    assert "".join(new.split()) in whole, "the whole line as it stands now"


def test_a_day_that_no_value_names_is_called_a_day() -> None:
    letter = replace(LETTER, words={})
    lines = [line.replace("2024年3月4日", "2024年3月5日") for line in letter.texts()]
    (one,) = differences(letter, lines, LABELS)
    assert (one.what, one.old, one.new) == ("日期", "2024年3月4日", "2024年3月5日")


def test_the_name_of_the_body_is_known_in_title_and_signature() -> None:
    found = told(("盘龙彝族乡人民政府", "盘龙乡人民政府"))
    assert [one.what for one in found] == ["机关名称", "机关名称"]
    assert {(one.old, one.new) for one in found} == {("彝族", "")}


def test_an_open_place_that_was_filled_is_told_by_its_label() -> None:
    (one,) = told(("【缴费的方式、账户】", "到乡财政所窗口缴纳"))
    assert (one.what, one.filled, one.new) == ("缴费的方式、账户", True, "到乡财政所窗口缴纳")
    (gone,) = told(("【缴费的方式、账户】", ""))
    assert not gone.filled and gone.new == ""


def test_a_line_that_came_or_went_is_told_whole() -> None:
    lines = [line for line in LETTER.texts() if line != "特此答复。"]
    (went,) = differences(LETTER, lines, LABELS)
    assert (went.what, went.old, went.new, went.line) == ("文字", "特此答复。", "", "特此答复。")
    (came,) = differences(LETTER, [*LETTER.texts(), "另附说明一份"], LABELS)
    assert (came.old, came.new, came.line) == ("", "另附说明一份", "另附说明一份")
    gone = [line for line in LETTER.texts() if line not in LETTER.remedy]
    (lost,) = differences(LETTER, gone, LABELS)
    assert lost.what == "救济途径"


def test_lines_are_paired_with_those_that_are_like_them() -> None:
    """A line put in before a changed one is told by itself, and the changed one beside its own."""
    lines = [line.replace("共12页", "共13页") for line in LETTER.texts()]
    place = next(n for n, line in enumerate(lines) if "共13页" in line)
    lines.insert(place, "甲乙丙丁戊己庚辛")
    found = differences(LETTER, lines, LABELS)
    assert [(one.old, one.new) for one in found] == [("", "甲乙丙丁戊己庚辛"), ("12", "13")]


@pytest.mark.parametrize(("told_day", "count"), [("2024年3月25日", 0), ("", 0)])
def test_a_day_that_is_not_told_yet_may_be_any(told_day: str, count: int) -> None:
    """What is signed later bears the day of its signature."""
    lines = [line for line in LETTER.texts() if line != "2024年3月18日" or told_day]
    lines = [told_day if line == "2024年3月18日" else line for line in lines]
    assert len(differences(LETTER, lines, LABELS, dated=False)) == count
    assert len(differences(LETTER, lines, LABELS)) == 1


def test_only_the_last_line_that_is_a_day_is_the_day_of_the_letter() -> None:
    found = [*LETTER.texts(), "2024年4月1日"]
    (one,) = differences(LETTER, found, LABELS, dated=False)
    assert one.new == "2024年3月18日", "the last day stands for the letter's own"


def test_a_difference_is_written_down_whole() -> None:
    one = Difference("数字", "12", "13", line="共13页")
    assert one.as_dict() == {
        "what": "数字", "old": "12", "new": "13", "filled": False, "line": "共13页"
    }  # fmt: skip
    assert Difference(**one.as_dict()) == one


def test_lines_of_a_word_file_are_those_on_paper() -> None:
    """Breaks begin a line, tabs stand between words, what a tracked change took away is gone; cells are read too."""
    document = Document()
    paragraph = document.add_paragraph("第一行")
    paragraph.add_run().add_break()
    paragraph.add_run("第二行\t续")
    document.add_paragraph("   ")
    tracked = document.add_paragraph("留下")
    taken = OxmlElement("w:del")
    run, text = OxmlElement("w:r"), OxmlElement("w:delText")
    text.text = "去掉"
    run.append(text)
    taken.append(run)
    tracked._p.append(taken)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "名称", "合同"
    assert tracked._p.findall(qn("w:del"))
    out = BytesIO()
    document.save(out)
    assert lines_of_docx(out.getvalue()) == ["第一行", "第二行", "续", "留下", "名称", "合同"]
