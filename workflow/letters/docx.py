"""The letter as a Word document that stays editable: the look of GB/T 9704, open places on a yellow ground."""

import re
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from docx.text.paragraph import Paragraph as Line

from workflow.letters.letter import Element, Letter, Paragraph, Table, day_words
from workflow.letters.looks import cell_size, centred, signature_indents
from workflow.paper.docx import (
    ACROSS,
    BIAO,
    FANG,
    FORM,
    HEI,
    KAI,
    LETTER,
    SONG,
    add_line,
    add_run,
    indent,
    new_cell,
    new_document,
    new_row,
    new_table,
    row_height,
    saved,
)

PITCH, SIZE = 28.8, 16
PAGES = {"letter": LETTER, "form": FORM, "wide": ACROSS}
SMALL = {"title": 18, "heading": 12, "subheading": 12, "flat": 10.5, "text": 10.5}
"""Sizes on a sheet of the file; a letter is set in 16 points throughout, its title in 22."""
LEFT, RIGHT, CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER


def write(letter: Letter) -> bytes:
    """The bytes of the document; the same letter gives the same bytes."""
    return saved(_Writer(letter).document)


class _Writer:
    """One document while it is written."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self.page = PAGES[letter.shape]
        self.small = letter.shape != "letter"
        self.document = new_document("".join(letter.title), letter.title[0], letter.day, self.page)
        gaps = sorted({re.escape(gap.text) for gap in letter.open}, key=len, reverse=True)
        self.gaps = re.compile(f"({'|'.join(gaps)})") if gaps else None
        self._head()
        self._elements(letter.elements, last=letter.signed and not letter.annexes)
        self._foot()
        if letter.enclosed:
            self._elements(letter.enclosed, new_page=True)

    def _head(self) -> None:
        letter = self.letter
        size = SMALL["title"] if self.small else 22
        title = add_line(
            self.document, "", BIAO, size, CENTRE, style="Title", after=6, pitch=1.5 * size
        )
        for number, part in enumerate(letter.title):
            if number:
                title.add_run().add_break()
            self._runs(title, part, BIAO, size)
        if letter.number:
            self._line(letter.number, side=CENTRE).paragraph_format.space_after = Pt(PITCH)
        if letter.addressee:
            self._line(f"{letter.addressee}：", side=LEFT)

    def _foot(self) -> None:
        letter = self.letter
        for number, annex in enumerate(letter.annexes):
            line = self._line(f"附件：{annex}" if number == 0 else annex, side=LEFT)
            line.paragraph_format.space_before = Pt(PITCH if number == 0 else 0)
            line.paragraph_format.keep_with_next = letter.signed and number + 3 >= len(
                letter.annexes
            )
            indent(
                line,
                SIZE,
                **({"leftChars": 500, "hangingChars": 300} if number == 0 else {"leftChars": 500}),
            )
        if not letter.signed:
            return
        of_name, of_day = signature_indents(letter)
        for text, right, before in (
            (letter.signature, of_name, 1.5 * PITCH),
            (day_words(letter.day), of_day, 0),
        ):
            line = self._line(text, side=RIGHT)
            line.paragraph_format.space_before = Pt(before)
            line.paragraph_format.keep_with_next = True
            indent(line, SIZE, rightChars=round(right * 100))
        contact = self._line(letter.contact.line(), indented=True)
        contact.paragraph_format.space_before = Pt(4)

    def _line(
        self, text: str, font: str = FANG, *, side: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
        style: str = "Normal", indented: bool = False, size: float = SIZE,
    ) -> Line:  # fmt: skip
        pitch = PITCH if size == SIZE else size * 1.5
        line = add_line(
            self.document, "", font, size, side, style=style, indented=indented, pitch=pitch
        )
        self._runs(line, text, font, size)
        return line

    def _runs(self, line: Line, text: str, font: str, size: float, *, bold: bool = False) -> None:
        """Words, the open places among them on yellow."""
        for place, piece in enumerate(self.gaps.split(text) if self.gaps else [text]):
            if piece:
                add_run(line, piece, font, size, bold=bold, marked=bool(place % 2))

    def _elements(
        self, elements: tuple[Element, ...], *, last: bool = False, new_page: bool = False
    ) -> None:
        for place, element in enumerate(elements):
            if isinstance(element, Table):
                self._table(element)
                continue
            line = self._paragraph(element)
            line.paragraph_format.page_break_before = (new_page and place == 0) or None
            if last and place == len(elements) - 1:
                line.paragraph_format.keep_with_next = True

    def _paragraph(self, element: Paragraph) -> Line:
        size = SMALL.get(element.kind, SMALL["text"]) if self.small else SIZE
        if element.kind in ("heading", "subheading"):
            font, style = (HEI, "Heading 1") if element.kind == "heading" else (KAI, "Heading 2")
            line = self._line(element.text, font, style=style, indented=not self.small, size=size)
            line.paragraph_format.keep_with_next = True
            return line
        return self._line(element.text, indented=element.kind != "flat", size=size)

    # -- tables -------------------------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        letter, total = self.letter, self.page.text_twips
        widths = [share * total // sum(table.widths) for share in table.widths]
        size = cell_size(letter, table)
        made = new_table(self.document, widths, 80, letter.label)
        if table.heads:
            row = new_row(made, head=True)
            for width, head in zip(widths, table.heads, strict=True):
                self._cell(row, width, head, size, CENTRE, bold=True)
        for cells in table.rows:
            row = new_row(made)
            if not any(cells[-1:]):
                row_height(row, 21)
            for place, (width, text) in enumerate(zip(widths, cells, strict=True)):
                self._cell(row, width, text, size, CENTRE if centred(table, place) else LEFT)
        add_line(self.document, "", FANG, SIZE, pitch=10)

    def _cell(
        self,
        row: Any,
        width: int,
        text: str,
        size: float,
        side: WD_ALIGN_PARAGRAPH,
        *,
        bold: bool = False,
    ) -> None:
        line = new_cell(row, width)
        form = line.paragraph_format
        form.alignment, form.line_spacing = side, Pt(size + 4.5)
        form.space_before = form.space_after = Pt(3)
        self._runs(line, text, SONG if size < 12 else FANG, size, bold=bold)
