"""The pages of each paper as PDF: letters as they were drafted, PDFs as they came, pictures on A4, the text of what
cannot be printed without its own program."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from config import fonts
from config.letters import Letters
from workflow.bundle import photograph
from workflow.bundle.binding import Unbindable, page_count
from workflow.case.case import Case
from workflow.files import mail, package, photo, sheet
from workflow.files.texts import BadContent
from workflow.letters import About, Attached, Choice, Letter, NotPossible, draft, pdf
from workflow.letters.in_file import Exhibit
from workflow.letters.kept import KeptLetter, kept_for
from workflow.letters.letter import NUMBERING, Contact, Element, Paragraph, Table, day_words
from workflow.letters.possible import as_of
from workflow.letters.said import clean
from workflow.paper.pdf import set_in_type
from workflow.refusal import BadInput

PICTURE = Path(__file__).with_name("picture.typ")
PICTURES = {"image/jpeg": "jpg", "image/png": "png"}
TABLES = {
    package.XLSX: sheet.texts_of_xlsx,
    sheet.CSV: sheet.texts_of_csv,
    mail.MAIL: mail.told_by_mail,
}
"""Tables, of which the cells are bound as text, and mails."""
FORMATS = {
    package.DOCX: "Word（DOCX）",
    package.OFD: "OFD",
    package.XLSX: "Excel（XLSX）",
    sheet.CSV: "CSV",
    mail.MAIL: "邮件（EML）",
}
WORDS = {
    package.DOCX: re.compile(r"^word/document\.xml$"),
    package.OFD: re.compile(r"Content\.xml$"),
}
"""Of a packed document, the parts that hold what it says."""
LINES_MOST = 4000


@dataclass(frozen=True, slots=True)
class Sheets:
    """A document of a paper. title: what it is; content: its PDF, with so many pages. sha256: of what was uploaded, or
    of the PDF that was drafted; size in bytes. origin: uploaded; kept; drafted, a letter of which only what is
    registered is known; made, a sheet of the file that was never anything else. note: what must be said of it."""

    title: str
    content: bytes
    pages: int
    sha256: str
    size: int
    origin: str
    note: str = ""


@dataclass(frozen=True)
class Press:
    """What sheets are made from: the case with what stands beside it, and the contents of its files by their ids.
    kept: the versions of letters that are kept, the oldest first. veiled: names and addresses that no drafted sheet
    may show."""

    case: Case
    about: About
    letters: Letters
    today: date
    contents: Mapping[int, bytes]
    kept: tuple[KeptLetter, ...] = ()
    veiled: tuple[str, ...] = ()

    def sheets_of(self, paper: Exhibit) -> tuple[Sheets, ...]:
        """The documents of a paper; none where nothing of it is in the file."""
        letters = [sheets for kind in paper.letters if (sheets := self._letter(paper, kind))]
        return (*letters, *(self._uploaded(paper.title, file) for file in paper.files))

    def number_of(self, paper: Exhibit) -> str:
        """The number of its letter, "" where none is kept."""
        found = (kept for kind in paper.letters if (kept := self._kept(paper, kind)))
        return next((one.number for one in found if one.number), "")

    def _letter(self, paper: Exhibit, kind: str) -> Sheets | None:
        """A letter of a paper: as it is kept, else drafted as the case stood with its line of the log. None where the
        case cannot have it."""
        kept = self._kept(paper, kind)
        if kept is not None and kept.file is not None:
            label = self.letters.latest(kind).head.label
            scan = "（扫描件）" if kept.source == "scan" else "（改定本）"
            return self._uploaded(paper.title, replace(kept.file, label=f"{label}{scan}"))
        if kept is not None and kept.letter is not None:
            return self._set(kept.letter, "kept")
        line = next(one for one in self.case.log if one.seq == paper.seq)
        then = self.case if paper.standing else as_of(self.case, line)
        choice = Choice(consultation=paper.consultation)
        before = tuple(one for one in self.about.earlier if one.on <= paper.on)
        about = replace(self.about, earlier=before)  # nothing that came after the paper
        try:
            drafted = draft(kind, then, about, paper.on, choice=choice, letters=self.letters)
        except NotPossible:  # of another kind of case, or of before its template
            return None
        return self._set(_unnumbered(drafted), "drafted" if drafted.signed else "made")

    def _kept(self, paper: Exhibit, kind: str) -> KeptLetter | None:
        head = self.letters.latest(kind).head
        about = (
            str(paper.consultation) if head.chosen == "consultation" and paper.consultation else ""
        )
        lines = {paper.seq or 0}
        if "serve" in head.made_by:  # a reply goes out as it was signed
            lines = {one.seq for one in self.case.log if one.event.name in ("approve", "serve")}
        return kept_for(self.kept, kind, about, frozenset(lines))

    def _set(self, letter: Letter, origin: str) -> Sheets:
        shown = _without(letter, self.veiled)
        try:
            content = pdf.write(shown)
        except BadInput:
            lacking = "、".join(sorted(set(fonts.without_glyph("".join(shown.texts())))))
            told = (
                f"本件含有没有字形的字（{lacking}），不能印成 PDF，请用 Word 文本打印后替换本页。"
            )
            return self._instead(letter.label, told, b"", origin)
        notes = [f"有{len(letter.open)}处没有填写"] if letter.open else []
        notes += ["第三方的名称已隐去"] if shown != letter else []
        return Sheets(
            letter.label, content, page_count(content), sha256(content).hexdigest(), len(content), origin,
            "，".join(notes),
        )  # fmt: skip

    def _uploaded(self, title: str, file: Attached) -> Sheets:
        data, media_type = self.contents[file.id], file.media_type
        try:
            if media_type in FORMATS:
                return self._in_words(title, file, _lines(data, media_type))
            if media_type in photo.PHOTOS:
                ending, copy = photo.readable(data)
                page = copy if ending == "pdf" else picture(copy, "image/jpeg", self.today)
                return self._of_file(file, page, "照片、扫描件的副本")
            page = picture(data, media_type, self.today) if media_type in PICTURES else data
            return self._of_file(file, page)
        except (BadContent, Unbindable):
            return self._cannot(file, data)

    def _of_file(self, file: Attached, content: bytes, note: str = "") -> Sheets:
        return Sheets(
            file.label, content, page_count(content), file.sha256, file.size, "uploaded", note
        )

    def _in_words(self, title: str, file: Attached, lines: list[str]) -> Sheets:
        """What a Word file or an OFD says, under a note that it is not how it looks."""
        ending = FORMATS[file.media_type]
        said = (
            f"本件原为 {ending} 文件（{day_words(file.on)}上传，{file.size}字节，SHA-256：{file.sha256}）。"
            "以下仅录其文字，版式、图片和印章以原件为准；原件存于案卷，归档包中附有。"
        )
        made = self.form(
            f"{title}（文字）",
            [Paragraph("flat", said), *(Paragraph("flat", one) for one in lines)],
        )
        return self._of_file(file, pdf.write(made), f"{ending} 文件，只录文字")

    def _cannot(self, file: Attached, data: bytes) -> Sheets:
        told = f"{day_words(file.on)}上传的本件（{file.size}字节，SHA-256：{file.sha256}）不能编入，请打印原件后替换本页。"
        return self._instead(file.label, told, data, "uploaded")

    def _instead(self, title: str, told: str, data: bytes, origin: str) -> Sheets:
        content = pdf.write(self.form(title, [Paragraph("text", told)]))
        return Sheets(
            title, content, page_count(content), sha256(data).hexdigest(), len(data), origin, "没有编入，须替换"
        )  # fmt: skip

    def form(self, title: str, elements: Sequence[Element], *, wide: bool = False) -> Letter:
        """A sheet of our own among the papers, printed as those of the file are."""
        body = printable(self.about.name_on(self.today))
        return Letter(
            kind="sheet", label=title, to="file", title=(body, printable(title)), number="", addressee="",
            day=self.today, elements=tuple(_printable(one) for one in elements), enclosed=(), remedy=(), annexes=(),
            signature="", contact=Contact(), signed=False, wide=wide,
        )  # fmt: skip


def _unnumbered(letter: Letter) -> Letter:
    """A letter that was never numbered, without the open places of a number: it will not get one any more."""
    gaps = [gap for gap in letter.open if gap.name in NUMBERING]
    if not any(gap.text in letter.number for gap in gaps):
        return letter
    return replace(letter, number="", open=tuple(gap for gap in letter.open if gap not in gaps))


def _without(letter: Letter, names: tuple[str, ...]) -> Letter:
    """The letter with a word in place of these names."""

    def veiled(text: str) -> str:
        for name in names:
            text = text.replace(name, "第三方")
        return text

    def element(one: Element) -> Element:
        if isinstance(one, Table):
            return replace(one, rows=tuple(tuple(map(veiled, row)) for row in one.rows))
        return replace(one, text=veiled(one.text))

    if not any(name in text for name in names for text in letter.texts()):
        return letter
    return replace(
        letter, addressee=veiled(letter.addressee), elements=tuple(map(element, letter.elements)),
        enclosed=tuple(map(element, letter.enclosed)), annexes=tuple(map(veiled, letter.annexes)),
        remedy=tuple(map(veiled, letter.remedy)),
    )  # fmt: skip


def picture(data: bytes, media_type: str, dated: date) -> bytes:
    """A picture on a page of A4, upright or across as it is. Raises Unbindable for one that cannot be read."""
    made = photograph.page_of(data) if media_type == "image/jpeg" else None
    if made is not None:
        return made
    said = {"kind": PICTURES[media_type], "bytes": list(data)}
    try:
        return set_in_type(PICTURE, "picture", said, dated, tagged=False)
    except RuntimeError as error:
        raise Unbindable("a picture that cannot be read") from error


def _lines(data: bytes, media_type: str) -> list[str]:
    """The lines of the text of a document or a table. Raises BadContent."""
    if media_type in WORDS:
        return words_of(data, WORDS[media_type])
    texts = (passage.text for passage in TABLES[media_type](data))
    return _shortened(
        [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    )


def _shortened(lines: list[str]) -> list[str]:
    return [*lines[:LINES_MOST], "……"] if len(lines) > LINES_MOST else lines


def words_of(data: bytes, parts: re.Pattern[str]) -> list[str]:
    """The lines of the text of a packed document. Raises BadContent."""
    found: list[str] = []
    for name, content in sorted(
        package.members(data, parts).items(), key=lambda one: (len(one[0]), one[0])
    ):
        if name:
            found += [
                line.strip() for line in package.xml_text(content).splitlines() if line.strip()
            ]
    return _shortened(found)


def printable(text: str) -> str:
    """The text with a mark for what no shipped font can print."""
    return fonts.printed(clean(text))


def _printable(one: Element) -> Element:
    if isinstance(one, Table):
        return Table(one.heads, tuple(tuple(map(printable, row)) for row in one.rows), one.widths)
    return Paragraph(one.kind, printable(one.text))
