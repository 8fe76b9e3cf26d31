"""Small real files, built byte by byte: PDF, DOCX, OFD, PNG, JPEG and packages that are none."""

import io
import struct
import zipfile
import zlib
from typing import Any

from pdfminer.cmapdb import CMapDB
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def packed(parts: dict[str, str | bytes]) -> bytes:
    """A zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def runs(*texts: str) -> str:
    """A paragraph of Word whose text is split into runs."""
    return "<w:p>" + "".join(f"<w:r><w:t>{text}</w:t></w:r>" for text in texts) + "</w:p>"


def docx(
    *paragraphs: str,
    header: str = "",
    author: str = "",
    more: dict[str, str | bytes] | None = None,
    main: str = MAIN,
) -> bytes:
    """A Word document. Paragraphs that begin with < are taken as XML."""
    body = "".join(text if text.startswith("<") else runs(text) for text in paragraphs)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org'
        f'/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="{main}"/>'
        "</Types>",
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}">'
        f"<w:body>{body}</w:body></w:document>",
    }
    if header:
        parts["word/header1.xml"] = f'<w:hdr xmlns:w="{W}">{runs(header)}</w:hdr>'
    if author:
        parts["docProps/core.xml"] = (
            '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="urn:dc">'
            f"<dc:creator>{author}</dc:creator></cp:coreProperties>"
        )
    return packed({**parts, **(more or {})})


def ofd(*pieces: str) -> bytes:
    """An OFD whose page holds these pieces of text."""
    page = "".join(
        f"<ofd:TextObject><ofd:TextCode>{piece}</ofd:TextCode></ofd:TextObject>" for piece in pieces
    )
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    return packed(
        {
            "OFD.xml": f"<ofd:OFD {space}><ofd:Title>公文</ofd:Title></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {space}/>",
            "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {space}>{page}</ofd:Page>",
        }
    )


def pdf(
    *pages: str, info: dict[str, str] | None = None, note: str = "", invisible: bool = False
) -> bytes:
    """A PDF with a text layer in Chinese, mapped to Unicode as word processors do."""
    writer = PdfWriter()
    for text in pages or ("",):
        page = writer.add_blank_page(595, 842)
        chars = sorted(set(text) - {"\n"})
        code = {char: number for number, char in enumerate(chars, 1)}
        mapped = "".join(
            f"<{n:04x}> <{char.encode('utf-16-be').hex()}>\n" for char, n in code.items()
        )
        cmap = StreamObject()
        cmap.set_data(
            (
                "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
                "/CMapName /U def /CMapType 2 def\n1 begincodespacerange <0000> <ffff> "
                f"endcodespacerange\n{len(code)} beginbfchar\n{mapped}endbfchar\nendcmap end end"
            ).encode()
        )
        descendant = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/CIDFontType2"),
                NameObject("/BaseFont"): NameObject("/SimSun"),
                NameObject("/DW"): NumberObject(1000),
            }
        )
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type0"),
                NameObject("/BaseFont"): NameObject("/SimSun"),
                NameObject("/Encoding"): NameObject("/Identity-H"),
                NameObject("/DescendantFonts"): ArrayObject([writer._add_object(descendant)]),
                NameObject("/ToUnicode"): writer._add_object(cmap),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}
        )
        lines = "".join(
            f"<{''.join(f'{code[char]:04x}' for char in line)}> Tj 0 -20 Td\n"
            for line in text.split("\n")
        )
        mode = "3 Tr" if invisible else "0 Tr"
        content = StreamObject()
        content.set_data(f"BT /F1 14 Tf {mode} 72 760 Td\n{lines}ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
        if note:
            comment = DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Annot"),
                    NameObject("/Subtype"): NameObject("/Text"),
                    NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (0, 0, 9, 9)]),
                    NameObject("/Contents"): TextStringObject(note),
                }
            )
            page[NameObject("/Annots")] = ArrayObject([writer._add_object(comment)])
    writer.add_metadata(info or {})
    return written(writer)


def pdf_with_named_font(text: str, encoding: str, *, within: bool = False) -> bytes:
    """A PDF whose font is only named, without a table to Unicode, its text written in GBK (`GBKp-EUC-H`) or by
    the numbers of Adobe's Chinese collection (`Identity-H`); `within` a drawing that the page shows."""
    if encoding == "Identity-H":
        numbers = CMapDB.get_cmap("UniGB-UTF16-H").decode(text.encode("utf-16-be"))
        code = b"".join(number.to_bytes(2) for number in numbers)
    else:
        code = text.encode("gbk")
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    named = {"/Type": "/Font", "/BaseFont": "/SimSun"}
    descendant = _named({**named, "/Subtype": "/CIDFontType2"})
    system = {"/Registry": TextStringObject("Adobe"), "/Ordering": TextStringObject("GB1")}
    descendant[NameObject("/CIDSystemInfo")] = _named({**system, "/Supplement": NumberObject(2)})
    font = _named({**named, "/Subtype": "/Type0", "/Encoding": f"/{encoding}"})
    font[NameObject("/DescendantFonts")] = ArrayObject([writer._add_object(descendant)])
    shown, fonts = StreamObject(), _named({"/Font": _named({"/F1": writer._add_object(font)})})
    shown.set_data(f"BT /F1 14 Tf 72 760 Td <{code.hex()}> Tj ET".encode())
    if within:
        shown.update(_named({"/Type": "/XObject", "/Subtype": "/Form", "/Resources": fonts}))
        shown[NameObject("/BBox")] = ArrayObject([NumberObject(n) for n in (0, 0, 595, 842)])
        fonts = _named({"/XObject": _named({"/D": writer._add_object(shown)})})
        shown = StreamObject()
        shown.set_data(b"/D Do")
    page[NameObject("/Resources")] = fonts
    page[NameObject("/Contents")] = writer._add_object(shown)
    return written(writer)


def _named(values: dict[str, Any]) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject(key): NameObject(value) if type(value) is str else value
            for key, value in values.items()
        }
    )


def heavy_pdf(commands: int) -> bytes:
    """A small PDF whose one page draws a letter again and again."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("甲"))))
    drawn = StreamObject()
    drawn.set_data(b"BT /F1 1 Tf (a) Tj ET\n" * commands)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(drawn.flate_encode())
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def png(comment: bytes = b"", packed_comment: bytes = b"", padding: int = 0) -> bytes:
    """A white picture of one pixel, with so many bytes of picture data to spare."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    found = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    if comment:
        found += chunk(b"tEXt", b"Comment\0" + comment)
    if packed_comment:
        found += chunk(b"zTXt", b"Comment\0\0" + zlib.compress(packed_comment))
    return found + chunk(b"IDAT", zlib.compress(b"\0\xff") + b"\0" * padding) + chunk(b"IEND", b"")


def jpeg(comment: bytes = b"") -> bytes:
    """The segments of a JPEG around a scan."""
    found = b"\xff\xd8" + b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\1\1\0\0\1\0\1\0\0"
    if comment:
        found += b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return found + b"\xff\xda" + struct.pack(">H", 8) + b"\1\1\0\0\x3f\0" + b"\x2a\xff\xd9"
