"""What an office document would fetch from elsewhere when it is opened: templates, pictures, objects,
fields. Plain links that are only followed when clicked are left alone."""

import re
from collections.abc import Callable
from xml.parsers import expat

from workflow.files.texts import BadContent

_FETCHING = re.compile(
    r"^\s*(DDEAUTO|DDE|INCLUDEPICTURE|INCLUDETEXT|IMPORT|INCLUDE|LINK|DATABASE)\b",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD_MARKS = ("instrText", "fldSimple")
_WORDS = (
    (
        "attachedTemplate",
        "文件套用了外部的模板，请在“开发工具—模板”中取消链接，或者另存为 PDF 再上传",
    ),
    ("image", "文件里的图片存放在别处，请把图片改为嵌入（断开链接），或者另存为 PDF 再上传"),
    ("oleObject", "文件链接了外部的对象，请断开链接，或者另存为 PDF 再上传"),
)
_ELSE = "文件引用了存放在别处的内容，请断开链接，或者另存为 PDF 再上传"
_FIELD = "文件里有会调用外部内容的域（{field}），请把它转为普通文字（选中后按 Ctrl+Shift+F9），或者另存为 PDF 再上传"
_LET_BE = (
    "hyperlink",
    "externalLinkPath",
    "xlPathMissing",
    "xlStartup",
    "xlAlternateStartup",
    "xlLibrary",
)
"""Ends of types of relations that fetch nothing by themselves; those of tables are told (`sheet.outward`)."""
_OWN_TEMPLATE = re.compile(r"[^/\\:]+|file:///[A-Za-z]:.*|[A-Za-z]:.*")
"""A template by its bare name or on a drive of the reader's own: what office programs write by
themselves, and nothing of which others could be asked for."""

Start = Callable[[str, dict[str, str]], None]


def refuse_outside(name: str, content: bytes) -> None:
    """Raises BadContent if this member of a DOCX or XLSX points to something outside it."""
    if name.endswith(".rels"):
        _parse(content, _relation)
    elif name.endswith(".xml") and _may_have_fields(content):
        _look_at_fields(content)


def _relation(tag: str, attributes: dict[str, str]) -> None:
    if not tag.endswith("Relationship") or attributes.get("TargetMode", "").lower() != "external":
        return
    kind = attributes.get("Type", "").rpartition("/")[2]
    if kind == "attachedTemplate" and _OWN_TEMPLATE.fullmatch(attributes.get("Target", "")):
        return
    if kind not in _LET_BE:
        raise BadContent(next((said for end, said in _WORDS if kind == end), _ELSE))


def _may_have_fields(content: bytes) -> bool:
    return content[:2] in (b"\xff\xfe", b"\xfe\xff") or any(
        mark.encode() in content for mark in _FIELD_MARKS
    )


def _look_at_fields(content: bytes) -> None:
    said: list[str] = []
    within = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal within
        local = tag.rpartition(" ")[2]
        if local == "instrText":
            within += 1
        elif local == "fldSimple":
            said.extend(
                f"\n{value}\n" for key, value in attributes.items() if key.endswith(" instr")
            )
        elif local == "fldChar":
            # A field may be written in pieces; between two fields its name does not run on.
            said.append("\n")

    def end(tag: str) -> None:
        nonlocal within
        within -= tag.rpartition(" ")[2] == "instrText"

    def text(words: str) -> None:
        if within:
            said.append(words)

    _parse(content, start, end, text)
    found = _FETCHING.search("".join(said))
    if found:
        raise BadContent(_FIELD.format(field=found[1].upper()))


def _parse(
    content: bytes,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Broken XML is told by who reads the texts of the same member."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError):
        return
