"""The base of every Word document: A4 as GB/T 9704 wants it, the fonts of official letters by name, page numbers.

No content control, no macro: Word, WPS and LibreOffice open it unchanged. practice.md §2.1, §5.3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph as Line

FANG, BIAO, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
SUBSTITUTES = {
    FANG: "仿宋,FangSong,STFangsong,FandolFang,Noto Serif CJK SC",
    BIAO: "华文中宋,STZhongsong,Noto Serif CJK SC",
    HEI: "SimHei,Noto Sans CJK SC",
    KAI: "楷体,KaiTi,STKaiti,FandolKai,Noto Serif CJK SC",
    SONG: "SimSun,STSong,Noto Serif CJK SC",
}
"""Fonts that stand on the computers of offices, and what takes their place where they do not."""

STYLES = {"Normal": (FANG, 16), "Title": (BIAO, 22), "Heading 1": (HEI, 16), "Heading 2": (KAI, 16)}
"""The styles that are used: font and size in points."""
LANGUAGE = '<w:lang %s w:val="zh-CN" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
"""Chinese for all characters: without it 。，、 sit in the middle of their square, as in Taiwan."""


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet with its margins and the distance of the page number from the edge, in millimetres."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    number: float

    @property
    def text_twips(self) -> int:
        """The width of the text."""
        return round((self.width - self.left - self.right) * 56.7)


LETTER = Page(210, 297, 37, 35, 28, 26, 25)
"""What GB/T 9704 wants: a text of 156 by 225 mm."""
FORM = Page(210, 297, 20, 18, 22, 20, 10)
"""A sheet for the file: as much as can be on one page."""
ACROSS = Page(297, 210, 20, 20, 20, 20, 10)
"""The same for wide tables."""


def new_document(title: str, author: str, dated: date, page: Page = LETTER) -> Any:
    """An empty document with page, page numbers, styles and properties; what python-docx's own empty document
    brings along is gone."""
    document = Document()
    section = document.sections[0]
    if page.width > page.height:
        section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(page.width), Mm(page.height)
    section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
    section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
    section.footer_distance = Mm(page.number)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        _page_number(footer.paragraphs[0], side)
    for name, (font, size) in STYLES.items():
        _style(document.styles[name], font, size)
    _keeps_its_punctuation(document.styles["Normal"])
    _speaks_chinese(document)
    core = document.core_properties
    core.title, core.author = printable(title)[:255], printable(author)[:255]
    core.language = "zh-CN"
    core.created = core.modified = datetime.combine(dated, time(), UTC)
    core.comments, core.last_modified_by, core.revision = "", "", 1
    for key, relation in list(document.part.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            relation.target_part._blob = _font_table()
        elif relation.reltype.endswith(("/customXml", "/stylesWithEffects")):
            # The second is the same styles once more, as Word of 2010 keeps them, in English.
            document.part.rels.pop(key)
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            package.rels.pop(key)
    return document


def saved(document: Any) -> bytes:
    """The bytes of the file; the same document gives the same bytes."""
    out = BytesIO()
    document.save(out)
    return _repacked(out.getvalue())


def printable(text: str) -> str:
    """Without the characters that no XML may hold; a new line stays."""
    return "".join(char for char in text if char in "\t\n\r" or _in_xml(ord(char)))


def _in_xml(code: int) -> bool:
    return 0x20 <= code < 0xD800 or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _keeps_its_punctuation(style: Any) -> None:
    """What Word takes for granted, said: without it LibreOffice loses the 。 at the end of some lines."""
    hanging = OxmlElement("w:overflowPunct")
    hanging.set(qn("w:val"), "1")
    style.element.get_or_add_pPr().insert_element_before(
        hanging, "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd",
        "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl",
    )  # fmt: skip


def _speaks_chinese(document: Any) -> None:
    """zh-CN in the defaults and in every style that is used: WPS does not ask the defaults for each."""
    styles = document.styles.element
    for run in styles.iter(qn("w:rPr")):
        for lang in run.findall(qn("w:lang")):
            run.remove(lang)
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    used = [document.styles[name].element.get_or_add_rPr() for name in STYLES]
    for run in (defaults, *used):
        run.append(parse_xml(LANGUAGE % nsdecls("w")))
    fonts = document.settings.element.find(qn("w:themeFontLang"))
    if fonts is not None:
        fonts.set(qn("w:val"), "zh-CN")
        fonts.set(qn("w:eastAsia"), "zh-CN")


def _font_table() -> bytes:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, others in SUBSTITUTES.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()


def _style(style: Any, font: str, size: int) -> None:
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    properties.append(font_names(font))
    style.font.size = Pt(size)
    frame = style.element.find(qn("w:pPr"))
    if frame is not None:
        for name in ("w:pBdr", "w:spacing", "w:contextualSpacing"):
            for child in frame.findall(qn(name)):
                frame.remove(child)


def font_names(font: str) -> Any:
    """Digits and Latin letters in Times, quotation marks with the Chinese ones."""
    return parse_xml(
        f'<w:rFonts {nsdecls("w")} w:ascii="Times New Roman" w:hAnsi="Times New Roman" '
        f'w:eastAsia="{font}" w:cs="Times New Roman" w:hint="eastAsia"/>'
    )


def add_run(
    line: Line, text: str, font: str, size: float, *, bold: bool = False, marked: bool = False
) -> None:
    """Words in a font. marked: with a yellow ground, for a place that is still open."""
    made = line.add_run(printable(text))
    made.font.size = Pt(size)
    if bold:
        made.font.bold = True
    if marked:
        made.font.highlight_color = WD_COLOR_INDEX.YELLOW
    properties = made._r.get_or_add_rPr()
    properties.insert(0, font_names(font))
    properties.append(parse_xml(LANGUAGE % nsdecls("w")))


def add_line(
    document: Any,
    text: str,
    font: str,
    size: float,
    side: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    *,
    style: str = "Normal",
    indented: bool = False,
    after: float = 0,
    pitch: float | None = None,
) -> Line:
    """A paragraph at its end. indented: by two characters. pitch: from line to line, in points."""
    line: Line = document.add_paragraph(style=style)
    shape(line, side, Pt(pitch or (28 if size < 20 else 34)), after)
    if indented:
        indent(line, size, firstLineChars=200)
    if text:
        add_run(line, text, font, size)
    return line


def shape(line: Line, side: WD_ALIGN_PARAGRAPH, pitch: Length, after: float = 0) -> None:
    """How a paragraph stands: its side, a fixed pitch, what follows it in points."""
    form = line.paragraph_format
    form.alignment = side
    form.line_spacing = pitch
    form.space_before, form.space_after = Pt(0), Pt(after)


def indent(line: Line, size: float, **characters: int) -> None:
    """In hundredths of a character, as Word and WPS count, and in twips for who does not."""
    made = OxmlElement("w:ind")
    for name, value in characters.items():
        made.set(qn(f"w:{name}"), str(value))
        made.set(qn(f"w:{name.removesuffix('Chars')}"), str(round(value * size / 5)))
    properties = line._p.get_or_add_pPr()
    for former in properties.findall(qn("w:ind")):
        properties.remove(former)
    properties._insert_ind(made)


def frame(line: Line) -> None:
    """A border around a paragraph."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right")
    )
    made = parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>")
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(
        made, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
    line.paragraph_format.space_after = Pt(6)


def _page_number(line: Line, side: WD_ALIGN_PARAGRAPH) -> None:
    line.alignment = side
    add_run(line, "— ", SONG, 14)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), " PAGE ")
    line._p.append(field)
    made = OxmlElement("w:r")
    field.append(made)
    properties = OxmlElement("w:rPr")
    properties.append(font_names(SONG))
    properties.append(parse_xml(f'<w:sz {nsdecls("w")} w:val="28"/>'))
    properties.append(parse_xml(LANGUAGE % nsdecls("w")))
    made.append(properties)
    made.append(parse_xml(f"<w:t {nsdecls('w')}>1</w:t>"))
    add_run(line, " —", SONG, 14)
    indent(line, 14, **{"rightChars" if side == WD_ALIGN_PARAGRAPH.RIGHT else "leftChars": 100})


# -- tables -------------------------------------------------------------------------------------------


def new_table(document: Any, widths: Sequence[int], margin: int, caption: str) -> Any:
    """An empty plain table at the end of the document; widths and the margin in a cell in twips."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(
        f"<w:{side} w:val='single' w:sz='4' w:space='0' w:color='000000'/>" for side in sides
    )
    made = parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblW w:w='{sum(widths)}' w:type='dxa'/>"
        f"<w:jc w:val='center'/><w:tblBorders>{borders}</w:tblBorders>"
        f"<w:tblLayout w:type='fixed'/><w:tblCellMar><w:left w:w='{margin}' w:type='dxa'/>"
        f"<w:right w:w='{margin}' w:type='dxa'/></w:tblCellMar>"
        f"<w:tblCaption w:val={quoteattr(printable(caption))}/></w:tblPr><w:tblGrid>"
        + "".join(f"<w:gridCol w:w='{width}'/>" for width in widths)
        + "</w:tblGrid></w:tbl>"
    )
    document.element.body.insert(len(document.element.body) - 1, made)
    return made


def new_row(table: Any, *, head: bool = False) -> Any:
    """A further row, which no page tears; a head stands again on every page."""
    row = parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/></w:trPr></w:tr>")
    if head:
        row[0].append(OxmlElement("w:tblHeader"))
    table.append(row)
    return row


def row_height(row: Any, points: float) -> None:
    """The least height of a row, so that there is room to write in it by hand."""
    height = OxmlElement("w:trHeight")
    height.set(qn("w:val"), str(round(points * 20)))
    height.set(qn("w:hRule"), "atLeast")
    row[0].append(height)


def new_cell(row: Any, width: int, merged: str = "") -> Line:
    """A further cell and its one paragraph. merged: gridSpan and vMerge."""
    cell = parse_xml(
        f"<w:tc {nsdecls('w')}><w:tcPr><w:tcW w:w='{width}' w:type='dxa'/>{merged}"
        "<w:vAlign w:val='center'/></w:tcPr><w:p/></w:tc>"
    )
    row.append(cell)
    return Line(cell[-1], None)  # type: ignore[arg-type]  # no parent is asked for


def _repacked(data: bytes) -> bytes:
    """The same parts with one fixed date in the archive."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as given, ZipFile(out, "w", ZIP_DEFLATED) as made:
        names = sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            made.writestr(entry, given.read(name))
    return out.getvalue()
