"""Data in tables: XLSX and CSV. Their texts, and the formulas that would reach outside."""

import codecs
import csv
import html
import io
import re
import unicodedata
from collections.abc import Iterator

from workflow.files import package
from workflow.files.outside import refuse_outside
from workflow.files.package import XLSX
from workflow.files.texts import BadContent, Passage

CSV = "text/csv"
XML_MOST = 40 * 1024 * 1024
"""Bytes of XML of a workbook that are looked through."""
_TOLD_MOST = 5
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_SEPARATORS = ",\t;|"
_CALLS = re.compile(
    r"\b(WEBSERVICE|FILTERXML|IMAGE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST|ENCODEURL)\s*\(",
    re.IGNORECASE,
)
_TALKS = re.compile(r"[\w.'\" -]+\|[^!|]{1,200}!", re.IGNORECASE)
"""program|topic!item: a cell that asks another program (DDE)."""
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>([^<]+)</(?:\w+:)?f>")
_TELLING = re.compile(rb">([^<]{11,}|[^<]*[^-+0-9.eE<\s][^<]*)<")
"""What stands in a sheet besides short numbers: words, formulas, telephone and identity numbers."""
_HIDDEN = re.compile(rb"<(?:\w+:)?sheet\s[^>]*\bstate=[\"'](?:hidden|veryHidden)[\"']")


def texts_of_xlsx(data: bytes) -> Iterator[Passage]:
    """Cells, names of sheets, headers, comments, properties. Raises BadContent for macros."""
    read = 0
    for name, content in package.parts(data):
        if name.startswith("xl/macrosheets/") or (
            name == "[Content_Types].xml" and b"macroEnabled" in content
        ):
            raise BadContent("文件带有宏，请另存为不带宏的 XLSX 或者 CSV")
        refuse_outside(name, content)
        if name.endswith((".xml", ".rels", ".vml")):
            read += len(content)
            if read > XML_MOST:
                raise BadContent("表格太大，无法检查，请分成几份，或者另存为 CSV 再上传")
        if name.startswith("xl/worksheets/sheet") and _is_numbers(content):
            said = b"\n".join(_TELLING.findall(content)).decode("utf-8", "replace")
            yield Passage(html.unescape(said))
        else:
            yield from package.texts_of_part(name, content, face=name == "xl/sharedStrings.xml")


def _is_numbers(content: bytes) -> bool:
    """A sheet whose words all lie in the list of the workbook: a million numbers need no reading."""
    return not any(one in content for one in (b"inlineStr", b"<!", b"\0"))


def looks_like_text(data: bytes) -> bool:
    """No zero byte at the beginning, unless the text says itself that it has two bytes a character."""
    return b"\0" not in data[:4096] or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def text_of_csv(data: bytes) -> tuple[str, str]:
    """The text of a table and the name of its encoding: utf-8, utf-8-sig, utf-16 or gb18030.

    Raises BadContent for what is no text in any of them.
    """
    encodings = [said for mark, said in _MARKS if data.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _is_text(text):
            break
        return text, encoding
    raise BadContent("认不出 CSV 的文字编码，请另存为“CSV UTF-8”或者 XLSX 再上传")


def _is_text(text: str) -> bool:
    """No control characters, and (what GB18030 makes of any bytes) none that nobody has assigned."""
    strange = {char for char in set(text) if unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs")}
    return not strange - set("\t\r\n\x1a")


def texts_of_csv(data: bytes) -> Iterator[Passage]:
    """The text as it stands. Raises BadContent for what is no table."""
    text, _ = text_of_csv(data)
    if text.lstrip()[:1] in ("<", "{"):
        raise BadContent("文件名以“.csv”结尾，内容却不是表格，请核对后再上传")
    for _ in _cells(text):
        pass
    yield Passage(text, face=True)


def _cells(text: str) -> Iterator[tuple[int, int, str]]:
    """Row and column, from 1, and what stands there."""
    head = text[:4000].split("\n", 1)[0]
    separator = max(_SEPARATORS, key=head.count)
    try:
        for row, cells in enumerate(csv.reader(io.StringIO(text), delimiter=separator), 1):
            for column, cell in enumerate(cells, 1):
                yield row, column, cell
    except csv.Error as error:
        raise BadContent("CSV 的引号或者分隔符不规范，读不出表格，请另存一份再上传") from error


def outward(data: bytes, media_type: str) -> tuple[str, ...]:
    """Sentences in Chinese on what a table would fetch or start when it is opened."""
    found = {XLSX: _of_xlsx, CSV: _of_csv}.get(media_type)
    return tuple(dict.fromkeys(found(data))) if found else ()


def _of_xlsx(data: bytes) -> Iterator[str]:
    calls: set[str] = set()
    for name, content in package.parts(data):
        if name.startswith("xl/externalLinks/") and name.endswith(".xml"):
            if b"ddeLink" in content or b"oleLink" in content:
                yield "表格会调用别的程序（DDE、OLE 链接），打开时请不要允许更新链接"
            else:
                yield "表格引用了别的工作簿，打开时请不要允许更新链接"
        elif name in ("xl/connections.xml",) or name.startswith("xl/queryTables/"):
            yield "表格连着外部数据，打开时请不要启用数据连接"
        elif name.startswith("xl/worksheets/") and name.endswith(".xml"):
            for formula in _FORMULA.findall(content):
                said = formula.decode("utf-8", "replace")
                calls |= {one.upper() for one in _CALLS.findall(said)}
                if _TALKS.search(said):
                    yield "有公式调用别的程序（DDE），打开时请不要允许"
    if calls:
        yield f"有公式向外取数（{'、'.join(sorted(calls))}），打开时请不要启用"


def _of_csv(data: bytes) -> Iterator[str]:
    text, _ = text_of_csv(data)
    places: list[str] = []
    talks = False
    for row, column, cell in _cells(text):
        said = cell.strip()
        if said[:1] in ("=", "@") or (said[:1] in ("+", "-") and _is_formula(said)):
            places.append(f"第 {row} 行第 {column} 列")
            talks = talks or bool(_TALKS.search(said) or _CALLS.search(said))
    if places:
        shown = "、".join(places[:_TOLD_MOST])
        more = f"等 {len(places)} 处" if len(places) > _TOLD_MOST else ""
        yield f"{shown}{more}像公式，用表格软件打开时会被计算"
    if talks:
        yield "有公式会调用别的程序或者向外取数，打开时请不要允许"


def _is_formula(said: str) -> bool:
    """+ or - before anything but a number, a telephone number, a range or words."""
    return bool(re.search(r"[(|!]", said))


def left_in_xlsx(data: bytes) -> Iterator[str]:
    """What a workbook shows only to who looks for it, to be looked at before it is given out."""
    hidden = columns = 0
    for name, content in package.parts(data):
        if name == "xl/workbook.xml":
            hidden += len(_HIDDEN.findall(content))
        elif name.startswith("xl/comments") or name.startswith("xl/threadedComments/"):
            columns += content.count(b"<comment ") + content.count(b"<threadedComment ")
        elif name.startswith("xl/pivotCache/pivotCacheRecords"):
            yield "有数据透视表的缓存，里面可能留有没有显示的原始数据"
        elif name.startswith("xl/worksheets/") and re.search(
            rb"<(?:\w+:)?(?:row|col)\s[^>]*\bhidden=[\"'](?:1|true)[\"']", content
        ):
            yield "有隐藏的行或者列"
    if hidden:
        yield f"有 {hidden} 张隐藏的工作表"
    if columns:
        yield f"有 {columns} 条批注"


def left_in_csv(data: bytes) -> Iterator[str]:
    """What becomes of the table on another's screen, and what a CSV cannot say of itself."""
    yield "CSV 说不清各栏是什么：请另附一份字段说明，写明每一栏的含义、单位和日期的写法"
    _, encoding = text_of_csv(data)
    if encoding == "utf-8" and not data.isascii():
        yield "CSV 是不带标记的 UTF-8，用 Excel 打开会是乱码，提供之前请另存为“CSV UTF-8”或者 XLSX"
