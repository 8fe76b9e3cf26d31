"""Classification marks (国家秘密标志): what must not come into a system that is not classified.

A document that is a state secret carries its level and period on its face, such as 机密★10年, or a
line 密级：机密 at its head. Words such as 国家秘密 or 保密审查 in a sentence are no marks.
Source: 保密法31(3); law.md §8.3.
"""

import re
import unicodedata

from workflow.refusal import Refusal

SECRET_TYPED = "内容带有密级标志，不得录入，刚才的内容没有保存"
"""What is said at the field in which it stood."""
HEAD_LINES = 20
FACE_LINES = 5
_WORDS_BEFORE = ("国家", "商业", "工作", "个人", "技术", "通信", "军事", "审判", "侦查", "保守")


def _spread(word: str) -> str:
    """The characters of a word, with any blanks or line breaks between them."""
    return r"\s*".join(word)


_LEVELS = ("绝密", "絕密", "机密", "機密", "秘密", "祕密")
_IN_EVERY_LEVEL = "密"
_LEVEL = "(?:" + "|".join(_spread(word) for word in _LEVELS) + ")"
_GRADE = r"(?:\s*级|\s*級)?"
_STAR = "[★☆✩✪✫✬✭✮✯✰✡✦✧⋆⭑⭒⭐🌟※]"
_ASTERISK = "[*∗⁎✱✲✳✴﹡]"
_NUMBER = r"(?:\d(?:\s*\d){0,3}|[一二三四五六七八九十百〇零两]{1,4})"
_PERIOD = (
    rf"(?:{_NUMBER}\s*(?:年|个\s*月|月|日|天)|{_spread('长期')}|{_spread('永久')}"
    rf"|[启公解]\s*[封用布密开]\s*(?:前|时|后)|{_spread('解密')})"
)

_STARRED = re.compile(rf"{_LEVEL}{_GRADE}(?P<gap>\s*){_STAR}\s*(?P<period>{_PERIOD})?")
_WITH_PERIOD = re.compile(rf"{_LEVEL}{_GRADE}\s*{_ASTERISK}\s*{_PERIOD}")
_STAR_FIRST = re.compile(
    rf"{_STAR}\s*{_LEVEL}{_GRADE}(?:\s*{_STAR}|\s*{_PERIOD}|(?=[ \t]*(?:\n|$|[)）】\]])))"
)
_LABEL = re.compile(
    rf"^[ \t【\[(（]*(?:文\s*件\s*)?(?:密\s*级|(?:保\s*密|涉\s*密)\s*(?:级\s*别|等\s*级))"
    rf"(?:\s*[:：]\s*|\s+|[】\])）]\s*)(?:[☑√✓✔☒■]\s*)?{_LEVEL}{_GRADE}"
    rf"(?=\s*$|[ \t】\])）]|{_STAR}|{_ASTERISK})"
    rf"(?!\s*[/、,，或☐□]?\s*[☐□]?\s*{_LEVEL})(?!\s*[☐□])",
    re.MULTILINE,
)
_TICKED = re.compile(
    rf"^[ \t]*(?:密\s*级|(?:保\s*密|涉\s*密)\s*(?:级\s*别|等\s*级))\s*[:：]?[^\n]*[☑√✓✔☒]\s*{_LEVEL}",
    re.MULTILINE,
)
_ALONE = re.compile(
    rf"[ \t【\[(（<《]*{_LEVEL}{_GRADE}(?:[】\])）>》]+.*|\s*(?:{_STAR}|{_ASTERISK})?\s*{_PERIOD}?[ \t]*)"
)


def bears_secret_mark(text: str, *, document: bool = False) -> bool:
    """True for a text that carries a classification mark such as 机密★10年 or 密级：机密.

    document: the text is the face of a document (its first page, a header, its name); there a line
    that says nothing but 机密, or begins with 【机密】, is a mark as well.
    """
    folded = unicodedata.normalize("NFKC", text.replace("﹡", "*"))
    if _IN_EVERY_LEVEL not in folded:
        return False
    plain = _plain(folded)
    if any(_counts(found, plain) for found in _STARRED.finditer(plain)):
        return True
    if _WITH_PERIOD.search(plain) or _STAR_FIRST.search(plain):
        return True
    lines = [line for line in plain.split("\n") if line.strip()]
    head = "\n".join(line[:200] for line in lines[:HEAD_LINES])
    if _LABEL.search(head) or _TICKED.search(head):
        return True
    return document and any(_ALONE.fullmatch(line[:200].strip()) for line in lines[:FACE_LINES])


def _counts(found: "re.Match[str]", text: str) -> bool:
    """Unless a period follows it, a star after 商业秘密 or 国家秘密 is an ornament, and a star at the
    beginning of the line after a sentence is the dot of a list."""
    if found["period"]:
        return True
    before = text[max(0, found.start() - 40) : found.start()]
    if "\n" in found["gap"] and before.rpartition("\n")[2].strip():
        return False
    return not re.sub(r"\s", "", before).endswith(_WORDS_BEFORE)


def _plain(folded: str) -> str:
    """A text whose full-width and compatibility characters are plain ones, without invisible ones."""
    kept = "".join(
        char
        for char in folded
        if unicodedata.category(char) not in ("Cf", "Mn", "Me", "Co") or char in "\n\t"
    )
    return re.sub(r"[\r\f\v\x85\u2028\u2029]", "\n", kept)


def secret_refusal(field: str | None = None) -> Refusal:
    """The refusal of a text or file that bears a mark. Nothing of it may be kept or logged."""
    return Refusal(
        "state_secret_content",
        "保密法31(3)",
        "内容带有密级标志。本系统不是涉密系统，不得录入国家秘密，刚才的内容没有保存",
        "删去涉密内容，只登记密级、定密机关和定密日期；涉密材料另行在涉密设备上办理",
        field,
    )
