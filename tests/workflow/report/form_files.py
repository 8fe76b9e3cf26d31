"""Reports as files of the other forms that offices have: OpenDocument, RTF, MHT, CSV, one cell on a line."""

import csv
import io
import quopri
import zipfile
import zlib
from collections.abc import Callable
from html import escape

from tests.samples import packed
from tests.workflow.report.report_files import (
    Grid,
    as_docx,
    as_html,
    as_tabs,
    content,
    grid4,
    placed,
)
from workflow.report.annual import AnnualReport

ODF = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = " ".join(
    f'xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "table", "text", "style")
)
NUMBER = 'office:value-type="float" office:value="{0}"'


def odf(body: str, kind: str, *, styles: str = "") -> bytes:
    """A packed OpenDocument file of this body; kind: text or spreadsheet."""
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES}>'
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def _odf_table(grid: Grid) -> str:
    spots = {
        (row, column): (text, columns, rows) for row, column, text, columns, rows in placed(grid)
    }
    width = max(column + columns for (_, column), (_, columns, _) in spots.items())
    rows = []
    for line in range(len(grid)):
        cells = []
        for column in range(width):
            if (line, column) not in spots:
                cells.append("<table:covered-table-cell/>")
                continue
            text, columns, down = spots[line, column]
            value = NUMBER.format(text) if text.replace(".", "").isdigit() else ""
            cells.append(
                f'<table:table-cell {value} table:number-columns-spanned="{columns}" table:number-rows-spanned="{down}">'
                f"<text:p>{escape(text)}</text:p></table:table-cell>"
            )
        rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    return "".join(rows)


def as_odt(report: AnnualReport) -> bytes:
    return odf(
        "".join(
            f"<text:p>{escape(part)}</text:p>" if isinstance(part, str) else f"<table:table>{_odf_table(part)}</table:table>"
            for part in content(report)
        ),
        "text",
    )  # fmt: skip


def as_ods(report: AnnualReport) -> bytes:
    """Everything on one sheet, with the blank cells and rows to its edges that Calc writes."""
    rest = '<table:table-cell table:number-columns-repeated="1012"/>'
    rows = "".join(
        f"<table:table-row><table:table-cell><text:p>{escape(part)}</text:p></table:table-cell>{rest}</table:table-row>"
        if isinstance(part, str)
        else _odf_table(part)
        for part in content(report)
    )  # fmt: skip
    below = '<table:table-row table:number-rows-repeated="1048400"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    return odf(f'<table:table table:name="年报">{rows}{below}</table:table>', "spreadsheet")


def rtf_text(text: str) -> str:
    """Letters as Word of China writes them, bytes of GBK, and the rest by their numbers."""
    found = []
    for char in text:
        try:
            data = char.encode("gbk")
        except UnicodeEncodeError:
            units = char.encode("utf-16-le")
            for place in range(0, len(units), 2):
                number = int.from_bytes(units[place : place + 2], "little", signed=True)
                found.append(rf"\u{number} ?")
            continue
        found.append(
            char
            if char.isascii() and char not in "\\{}"
            else "".join(rf"\'{one:02x}" for one in data)
        )
    return "".join(found)


def as_rtf(report: AnnualReport) -> bytes:
    said = [r"{\rtf1\ansi\ansicpg936\uc1{\fonttbl{\f0 SimSun;}}{\*\generator x;}"]
    for part in content(report):
        if isinstance(part, str):
            said.append(rf"\pard\plain {rtf_text(part)}\par")
            continue
        spots = placed(part)
        over = {
            (row + down, column): (columns, down)
            for row, column, _, columns, rows in spots
            for down in range(rows)
        }
        text = {(row, column): text for row, column, text, _, _ in spots}
        tall = {(row, column) for row, column, _, _, rows in spots if rows > 1}
        for line in range(len(part)):
            begun = sorted((column, *over[line, column]) for row, column in over if row == line)
            said.append(r"\trowd")
            for column, columns, down in begun:
                mark = r"\clvmrg" if down else r"\clvmgf" if (line, column) in tall else ""
                said.append(rf"{mark}\cellx{(column + columns) * 900}")
            for column, _, down in begun:
                said.append(rf"\pard\intbl {'' if down else rtf_text(text[line, column])}\cell")
            said.append(r"\row")
    return ("\n".join(said) + "}").encode("ascii")


def as_mht(report: AnnualReport) -> bytes:
    page = quopri.encodestring(as_html(report, "gb18030"))
    return (
        b"From: <Saved by a browser>\r\nSubject: =?gb2312?B?xOqxqA==?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="----=_Part"\r\n\r\n'
        b"------=_Part\r\nContent-Type: text/css\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\np{}\r\n"
        b'------=_Part\r\nContent-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        + page.replace(b"\n", b"\r\n")
        + b"\r\n------=_Part--\r\n"
    )


def as_csv(report: AnnualReport, mark: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """As Excel saves it: every cell in its own column, quotes where they are needed."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark)
    for line in as_tabs(report).decode().splitlines():
        writer.writerow(line.split("\t"))
    return out.getvalue().encode(encoding)


def as_lines(report: AnnualReport) -> bytes:
    """As a page is copied: every cell on a line of its own."""
    lines: list[str] = []
    for part in content(report):
        lines.extend(
            [part] if isinstance(part, str) else [text for row in part for text, _, _ in row]
        )
    return "\n".join(lines).encode()


def as_stroked_lines(report: AnnualReport) -> bytes:
    """One cell on a line, a stroke on a line between them, a rule between the rows."""
    lines: list[str] = []
    for part in content(report):
        if isinstance(part, str):
            lines.append(part)
            continue
        for row in part:
            lines.append("+------+------+")
            lines.extend(piece for text, _, _ in row for piece in ("|", text))
            lines.append("|")
    return "\n".join(lines).encode()


def as_pdf4(report: AnnualReport) -> bytes:
    """Title and table 四 alone, ruled, in a font that is not within the file: a few thousand bytes."""
    drawn = [_at(40, 780, report.title)]
    for row, column, text, columns, rows in placed(grid4(report.table4 or {})):
        left, top = 40 + column * 34, 750 - row * 40
        drawn.append(f"{left} {top - rows * 40} {columns * 34} {rows * 40} re S")
        drawn += [
            _at(left + 2, top - 12 - 10 * n, text[n * 3 : n * 3 + 3])
            for n in range(-(-len(text) // 3))
        ]
    stream = zlib.compress("\n".join(drawn).encode())
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 820]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    )
    out, places = bytearray(b"%PDF-1.4\n"), list[int]()
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 8\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    return bytes(out + b"trailer\n<</Size 8/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start)


def _at(x: int, y: int, text: str) -> str:
    return f"BT /F 9 Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET"


def as_zip(report: AnnualReport) -> bytes:
    """One report with what a Mac puts beside it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("年报/报告.docx", as_docx(report))
        archive.writestr("__MACOSX/年报/._报告.docx", b"\0")
    return out.getvalue()


FORMS: dict[str, Callable[[AnnualReport], bytes]] = {
    "odt": as_odt,
    "ods": as_ods,
    "rtf": as_rtf,
    "mht": as_mht,
    "csv": as_csv,
    "semicolon.csv": lambda report: as_csv(report, ";"),
    "tab.csv": lambda report: as_csv(report, "\t", "utf-16"),
    "gb18030.csv": lambda report: as_csv(report, encoding="gb18030"),
    "lines.txt": as_lines,
    "stroked.txt": as_stroked_lines,
    "utf16.html": lambda report: as_html(report, "utf-16"),
    "utf16le.txt": lambda report: as_tabs(report).decode().encode("utf-16-le"),
    "zip": as_zip,
}
"""Forms beside those of `report_files.WRITERS`."""
