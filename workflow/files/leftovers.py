"""What a file tells besides its letter: authors, comments, tracked changes, hidden text, numbers of
identity cards. A hint for whoever serves an answer; it forbids nothing."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from workflow.files import package, photo, sheet
from workflow.files.check import texts
from workflow.files.texts import Passage

_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_INVISIBLE = re.compile(rb"(?<![\d.])3\s+Tr\b")
_COVERS = ("/Redact", "/Square", "/Highlight", "/Ink", "/Polygon", "/FreeText", "/Stamp", "/Text")
_PROPERTIES = {
    "docProps/core.xml": (
        ("dc:creator", "作者"), ("cp:lastModifiedBy", "最后修改人"), ("dc:description", "备注"),
        ("cp:keywords", "关键词"),
    ),
    "docProps/app.xml": (("Company", "单位"), ("Manager", "主管")),
}  # fmt: skip
_INFO = {"/Author": "作者", "/Keywords": "关键词", "/Subject": "主题"}


def leftovers(data: bytes, media_type: str) -> tuple[str, ...]:
    """Sentences in Chinese, one for each thing to look at before the file is given out."""
    found: list[str] = []
    if media_type == package.DOCX:
        found.extend(_of_docx(data))
    elif media_type == "application/pdf":
        found.extend(_of_pdf(data))
    elif media_type == package.XLSX:
        found.extend(_of_properties(data))
        found.extend(sheet.left_in_xlsx(data))
    elif media_type == sheet.CSV:
        found.extend(sheet.left_in_csv(data))
    elif media_type in photo.PHOTOS:
        if photo.has_place(data):
            found.append("照片中记有拍摄的地点，便于阅读的副本里没有")
        if media_type == photo.HEIC:
            found.append("HEIC 照片在许多电脑上打不开，对方可以下载便于阅读的副本")
    found.extend(_numbers(texts(data, media_type)))
    return tuple(found)


def _of_properties(data: bytes) -> Iterator[str]:
    for name, content in package.parts(data):
        for tag, label in _PROPERTIES.get(name, ()):
            value = re.search(rf"<{tag}[^>]*>([^<]+)</{tag}>", content.decode("utf-8", "replace"))
            if value and value[1].strip():
                yield f"文档属性中的{label}：{value[1].strip()[:60]}"


def _of_docx(data: bytes) -> Iterator[str]:
    yield from _of_properties(data)
    for name, content in package.parts(data):
        if name == "word/comments.xml" and b"<w:comment " in content:
            yield f"有 {content.count(b'<w:comment ')} 条批注"
        if name == "word/document.xml":
            changes = len(re.findall(rb"<w:(?:ins|del|moveFrom|moveTo)[ >]", content))
            if changes:
                yield f"有 {changes} 处修订痕迹，删去的文字仍可看到"
            if re.search(rb'<w:vanish(?:\s*/>|\s+w:val="(?:1|true|on)"\s*/>)', content):
                yield "有隐藏的文字"


def _of_pdf(data: bytes) -> Iterator[str]:
    noted, invisible = 0, []
    from workflow.files import pdf  # loaded with the first file, as in check.py

    with pdf.read(data) as reader:
        about: Mapping[str, Any] = reader.metadata or {}
        for key, label in _INFO.items():
            if str(about.get(key, "")).strip():
                yield f"文档属性中的{label}：{str(about[key]).strip()[:60]}"
        for number, page in enumerate(reader.pages, 1):
            noted += sum(note.get("/Subtype") in _COVERS for note in pdf.notes(page))
            contents = page.get_contents()
            if contents is not None and _INVISIBLE.search(contents.get_data()):
                invisible.append(number)
        if "/OCProperties" in reader.root_object:
            yield "有可以打开和关闭的图层，请确认没有隐藏的内容"
    if noted:
        yield f"有 {noted} 处批注或者遮盖；遮盖只挡住画面，下面的文字仍可复制"
    if invisible:
        pages = "、".join(map(str, invisible[:10]))
        yield f"第 {pages} 页有看不见的文字层（例如扫描件识别出的文字），涂黑画面并不会去掉它"


def _numbers(said: Iterator[Passage]) -> Iterator[str]:
    identities: set[str] = set()
    phones: set[str] = set()
    for one in said:
        identities.update(filter(_is_identity, _ID.findall(one.text)))
        phones.update(_PHONE.findall(one.text))
    if identities:
        yield f"正文中有 {len(identities)} 个身份证号码，请确认可以提供"
    if phones:
        yield f"正文中有 {len(phones)} 个手机号码，请确认可以提供"


def _is_identity(number: str) -> bool:
    """By its day of birth and its last character. The county is not asked: a list of them lacks the newest, and the
    county of a birth long ago may be on none (findings/stdnum_county_of_2021.sh)."""
    from stdnum.cn import ric  # loaded with the first file, as in check.py
    from stdnum.exceptions import InvalidComponent

    try:
        ric.get_birth_date(number)
    except InvalidComponent:
        return False
    return number[-1].upper() == ric.calc_check_digit(number)
