"""The application form (条例29) as a paper to be printed and filled in by hand: Word and PDF, two tables one below
the other. It asks for what the law asks for and nothing else. practice.md §1.1."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from config import fonts
from workflow.paper.docx import (
    BIAO,
    FANG,
    FORM,
    HEI,
    add_line,
    add_run,
    new_cell,
    new_document,
    new_row,
    new_table,
    row_height,
    saved,
    shape,
)
from workflow.paper.pdf import set_in_type

TEMPLATE = Path(__file__).with_name("blank_form.typ")
MADE = date(2019, 5, 15)
"""The day of the Regulations: the form changes with the law, not with the day on which it is fetched."""

SIZE = 12
WIDTHS = (2600, 6926)
BOX = "□"


@dataclass(frozen=True, slots=True)
class BlankForm:
    """What stands on the form. body: to whom it goes, empty for any body. parts: heading → rows, each a label, what
    stands in its field already, and how many lines there are to write on."""

    body: str
    parts: tuple[tuple[str, tuple[tuple[str, str, int], ...]], ...]
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        return "政府信息公开申请表"


def blank_form(
    body: str, delivery: Mapping[str, str], medium: Mapping[str, str], contact: str
) -> BlankForm:
    """The form of a body. delivery, medium: labels of config/law/words.toml. contact: where it is handed in."""
    ways = "　".join(f"{BOX}{label}" for key, label in delivery.items() if key != "portal")
    carriers = "　".join(f"{BOX}{label}" for label in medium.values())
    return BlankForm(
        body,
        (
            (
                "公民填写",
                (("姓名", "", 1), ("证件名称和号码", "", 1), ("联系电话", "", 1)),
            ),
            (
                "法人或者其他组织填写",
                (
                    ("名称", "", 1),
                    ("统一社会信用代码", "", 1),
                    ("联系人、联系电话", "", 1),
                ),
            ),
            (
                "都要填写",
                (
                    ("受理机关", body, 1),
                    ("通信地址、邮编", "", 1),
                    ("电子邮箱", "", 1),
                    ("要公开的信息", "", 6),
                    ("怎样提供", ways, 1),
                    ("哪种载体", carriers, 1),
                    ("不能这样提供时", f"{BOX}同意其他方式　{BOX}不同意", 1),
                    ("需要的协助", "", 1),
                    ("代理人", "", 1),
                    ("签名、盖章、日期", "", 1),
                ),
            ),
        ),
        tuple(
            note
            for note in (
                "不需要说明用途。“要公开的信息”写名称、文号或者便于查找的其他特征；一份申请说一件事。",
                "要求邮寄的填通信地址，要求用电子邮件的填电子邮箱；没有代理人、不需要协助的不填。",
                "请附身份证明：公民附身份证件复印件，单位附营业执照等复印件并盖章；由代理人办理的，另附授权委托书和双方的身份证明。",
                "邮寄的，信封上写明“政府信息公开申请”。书写有困难的，可以口头提出，由工作人员代为填写。",
                f"递交、邮寄：{contact}" if contact else "",
            )
            if note
        ),
    )


def docx(form: BlankForm) -> bytes:
    """The bytes of the Word document; the same form gives the same bytes."""
    document = new_document(form.title, form.body or form.title, MADE, FORM)
    add_line(document, form.title, BIAO, 22, WD_ALIGN_PARAGRAPH.CENTER, style="Title", after=6)
    for heading, rows in form.parts:
        add_line(document, heading, HEI, 13, style="Heading 1", pitch=20)
        table = new_table(document, WIDTHS, 90, heading)
        for label, said, lines in rows:
            row = new_row(table)
            row_height(row, 22 * lines + 4)
            for width, text in zip(WIDTHS, (label, said), strict=True):
                line = new_cell(row, width)
                shape(line, WD_ALIGN_PARAGRAPH.LEFT, Pt(17))
                if text:
                    add_run(line, text, FANG, SIZE)
    for number, note in enumerate(form.notes, 1):
        add_line(document, f"{number}. {note}", FANG, 10.5, pitch=15)
    return saved(document)


def pdf(form: BlankForm) -> bytes:
    """The bytes of the PDF, which a screen reader can read; the same form gives the same bytes. A character that
    no shipped font has is printed as 〓."""

    data = {
        "title": form.title,
        "parts": [
            [heading, [[label, fonts.printed(said), lines] for label, said, lines in rows]]
            for heading, rows in form.parts
        ],
        "notes": [fonts.printed(note) for note in form.notes],
    }
    return set_in_type(TEMPLATE, "form", data, MADE)


WRITERS: dict[str, Callable[[BlankForm], bytes]] = {"docx": docx, "pdf": pdf}
"""By the ending of the file."""
