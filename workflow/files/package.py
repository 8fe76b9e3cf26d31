"""Packed formats, DOCX, XLSX and OFD: zip files whose kind shows in the names inside."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from workflow.files.outside import refuse_outside
from workflow.files.texts import BadContent, Passage

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFD = "application/ofd"
MEMBERS_MOST = 3000
UNPACKED_MOST = 80 * 1024 * 1024
"""Bytes of a package when unpacked; counted as declared before, and as they really come while
reading."""
RATIO_MOST = 300
"""How much larger than packed a member may be, if it is larger than RATIO_FROM bytes: office programs
pack their XML to a tenth or a fiftieth, and a blank picture to a two hundredth."""
RATIO_FROM = 4 * 1024 * 1024

_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, IndexError,
    ArithmeticError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What the library raises on bytes that only look like a zip."""
_PACKED_INSIDE = (b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_XML = re.compile(r"\.(xml|rels|vml|svg|xhtml)$", re.IGNORECASE)
_PLAIN = re.compile(r"\.(txt|html?|mht|mhtml|rtf|csv)$", re.IGNORECASE)
_PARAGRAPHS = ("p", "TextObject")
"""Within these, elements do not end a line: a mark may be split into pieces of different looks."""
_READING = "rt"
_ABOUT = re.compile(
    r"^(docProps|customXml|_rels|\[Content_Types\])|/(_rels|theme|styles|settings|webSettings|fontTable|numbering)"
)
"""Parts of an office file that nobody reads."""
_SHOWN_ATTRIBUTES = ("string", "title", "descr", "alt")


def kind_of(data: bytes) -> str:
    """DOCX, XLSX or OFD, by the names inside. Raises BadContent for other packages and broken ones."""
    names = {member.filename for member in _members(_opened(data))}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadContent("文件带有宏，请另存为不带宏的 DOCX 或者 PDF")
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return DOCX
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return XLSX
    if "OFD.xml" in names:
        return OFD
    if "xl/workbook.bin" in names:
        raise BadContent("这是二进制的表格（XLSB），请另存为 XLSX 或者 CSV 再上传")
    if "[Content_Types].xml" in names:
        raise BadContent("演示文稿（PPTX、DPS）等文件请另存为 PDF 再上传")
    if "mimetype" in names and "content.xml" in names:
        raise BadContent("这是 ODF 文件（ODT、ODS），请另存为 DOCX、XLSX 或者 PDF 再上传")
    raise BadContent("不接受压缩包，请把里面的文件分别上传")


def parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every member, unpacked one after another within the limits.

    Raises BadContent for encrypted, broken and over-packed files and for files within files.
    """
    package, total = _opened(data), 0
    for member in sorted(_members(package), key=lambda one: _in_order(one.filename)):
        content = _unpacked(package, member, UNPACKED_MOST - total)
        total += len(content)
        if content.startswith(_PACKED_INSIDE):
            raise BadContent(
                "文件里嵌有其他文件（例如表格），请另存为 PDF，或者把嵌入的文件单独上传"
            )
        yield member.filename, content


def members(data: bytes, wanted: re.Pattern[str]) -> dict[str, bytes]:
    """Name and bytes of the members whose names match, within the limits; the others stay packed.

    Raises BadContent for encrypted, broken and over-packed files and for files with macros.
    """
    package, found, total = _opened(data), {}, 0
    listed = _members(package)
    if any(member.filename.lower().endswith("vbaproject.bin") for member in listed):
        raise BadContent("文件带有宏，请另存为不带宏的文件")
    for member in listed:
        if not wanted.search(member.filename):
            continue
        content = _unpacked(package, member, UNPACKED_MOST - total)
        total += len(content)
        found[member.filename] = content
    return found


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise BadContent("文件已经损坏，打不开") from error


def _members(package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    found = [member for member in package.infolist() if not member.filename.endswith("/")]
    if len(found) > MEMBERS_MOST or sum(member.file_size for member in found) > UNPACKED_MOST:
        raise BadContent("文件解开后太大，无法检查")
    if any(member.flag_bits & 0x1 for member in found):
        raise BadContent("文件设了密码，请取消密码之后再上传")
    if any(member.compress_type not in _METHODS for member in found):
        raise BadContent("文件用了少见的压缩方法，请另存一份再上传")
    if len({member.filename for member in found}) != len(found):
        raise BadContent("文件已经损坏，打不开")
    return found


def _unpacked(package: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of a member. Raises BadContent for a broken, too large and too tightly packed one."""
    try:
        with package.open(member) as stream:
            content = stream.read(most + 1)
    except _BROKEN as error:
        raise BadContent("文件已经损坏，打不开") from error
    if len(content) > most:
        raise BadContent("文件解开后太大，无法检查")
    if len(content) > max(RATIO_FROM, RATIO_MOST * member.compress_size):
        raise BadContent("文件里有一部分压缩得太紧，无法检查，请另存为 PDF 再上传")
    return content


def _in_order(name: str) -> list[tuple[int, str]]:
    """Page_2 before Page_10."""
    return [
        (int(part[:9]), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)
    ]


def texts_of_docx(data: bytes) -> Iterator[Passage]:
    """Body, headers, footers, notes, comments, properties, text boxes and water marks."""
    for name, content in parts(data):
        if name == "[Content_Types].xml" and b"macroEnabled" in content:
            raise BadContent("文件带有宏，请另存为不带宏的 DOCX 或者 PDF")
        refuse_outside(name, content)
        face = name == "word/document.xml" or name.startswith("word/header")
        yield from texts_of_part(name, content, face)


def texts_of_ofd(data: bytes) -> Iterator[Passage]:
    """The text codes of every page, templates, annotations and the document's data."""
    first = True
    for name, content in parts(data):
        page = name.endswith("Content.xml")
        yield from texts_of_part(name, content, page and first)
        first = first and not page


def texts_of_part(name: str, content: bytes, face: bool) -> Iterator[Passage]:
    """What a member says, if it is XML or plain text."""
    about = _ABOUT.search(name) is not None
    if _XML.search(name) or content[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
        yield Passage(xml_text(content), face, about=about)
    elif _PLAIN.search(name):
        for encoding in ("utf-8", "gb18030", "utf-16"):
            yield Passage(content.decode(encoding, "replace"), face, about=encoding != "utf-8")


def xml_text(content: bytes) -> str:
    """The text of an XML part, a line for each paragraph. Raises BadContent if it is broken, or
    declares a document type: no office format needs one, and entities can be made to explode.
    Readings above words (ruby) come after everything else: they would part the word that they stand above."""
    found: list[str] = []
    above: list[str] = []
    inside = readings = 0
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside, readings
        local = tag.rpartition(" ")[2]
        inside += local in _PARAGRAPHS
        readings += local == _READING
        if local == "tab":
            found.append("\t")
        elif local in ("br", "cr"):
            found.append("\n")
        elif local == "noBreakHyphen":
            found.append("-")
        for key, value in attributes.items():
            if key.rpartition(" ")[2] in _SHOWN_ATTRIBUTES:
                found.append(f"\n{value}\n")

    def end(tag: str) -> None:
        nonlocal inside, readings
        local = tag.rpartition(" ")[2]
        closing = local in _PARAGRAPHS
        inside -= closing
        readings -= local == _READING
        if closing or not inside:
            found.append("\n")

    def text(said: str) -> None:
        (above if readings else found).append(said)

    def doctype(*_: object) -> None:
        raise BadContent("文件的内部结构不规范，无法检查")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, BadContent):
            raise
        raise BadContent("文件已经损坏，打不开") from error
    return "".join((*found, "\n", *above))
