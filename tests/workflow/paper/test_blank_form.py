"""The form to be filled in by hand asks for what 条例29 asks for, on one page, in both formats alike."""

from io import BytesIO

from docx import Document
from pypdf import PdfReader

from config.law import load_law
from tests.workflow.letters.reading import in_pdf
from workflow.paper.blank_form import WRITERS, BlankForm, blank_form, docx, pdf

WORDS = load_law().words


def form(body: str = "盘龙彝族乡人民政府", contact: str = "党政办公室，正街 1 号") -> BlankForm:
    return blank_form(body, WORDS.delivery, WORDS.medium, contact)


def test_it_asks_for_what_the_law_asks_for_and_no_purpose() -> None:
    labels = [label for _, rows in form().parts for label, _, _ in rows]
    for asked in ("姓名", "证件名称和号码", "联系电话", "要公开的信息", "怎样提供", "代理人"):
        assert asked in labels
    said = " ".join((*labels, *form().notes))
    assert "不需要说明用途" in said and "用途" not in " ".join(labels)
    ways = dict((label, said) for _, rows in form().parts for label, said, _ in rows)
    assert "□邮寄" in ways["怎样提供"] and "本网站下载" not in ways["怎样提供"]
    assert ways["哪种载体"] == "□纸质　□电子件"
    assert ways["受理机关"] == "盘龙彝族乡人民政府" and "正街 1 号" in form().notes[-1]
    assert not any("递交" in note for note in form("", "").notes)


def test_word_holds_every_row_and_note_and_the_same_form_the_same_bytes() -> None:
    document = Document(BytesIO(docx(form())))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert cells == [text for _, rows in form().parts for row in rows for text in row[:2]]
    lines = "\n".join(line.text for line in document.paragraphs)
    assert all(note in lines for note in form().notes)
    assert docx(form()) == docx(form()) and pdf(form()) == pdf(form())


def test_pdf_is_one_page_with_every_label() -> None:
    said = in_pdf(pdf(form()))
    for _, rows in form().parts:
        for label, _, _ in rows:
            assert label in said
    long = pdf(form("某县𪚥乡", "地址" * 40))
    assert [len(PdfReader(BytesIO(one)).pages) for one in (pdf(form()), long)] == [1, 1]
    assert set(WRITERS) == {"docx", "pdf"}
