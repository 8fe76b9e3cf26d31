"""What a filled-in form says, found by the words before it: in the text of a mail, or in a form of a document.

Only a help for whoever types it in: everything is shown and can be changed, and what is not found is left empty.
"""

import re
import unicodedata
from collections.abc import Iterable

LABELS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "申请人姓名", "申请人", "公民姓名"),
    "org_name": ("单位名称", "机构名称", "组织名称", "法人或者其他组织名称", "法人或其他组织名称"),
    "credit_code": ("统一社会信用代码", "组织机构代码", "社会信用代码"),
    "contact": ("联系人", "联系人姓名"),
    "id_number": ("证件号码", "身份证号", "身份证号码", "公民身份号码", "有效证件号码"),
    "phone": ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "联系人电话"),
    "email": ("电子邮箱", "邮箱", "电子邮件", "e-mail", "email", "电子邮箱地址"),
    "address": ("通信地址", "通讯地址", "联系地址", "邮寄地址", "地址"),
    "postcode": ("邮政编码", "邮编"),
    "items": (
        "所需信息的内容描述", "所需政府信息内容描述", "所需信息内容描述", "所需信息", "所需政府信息",
        "所需政府信息的名称", "申请公开的政府信息", "申请公开的内容", "申请公开内容", "申请内容", "申请事项",
        "申请公开事项", "所需信息的名称", "信息名称", "政府信息名称", "名称",
    ),
    "document_number": ("文号", "所需信息的文号", "信息文号"),
    "other": ("其他特征描述", "特征描述", "其他特征", "用于查找的其他特征"),
    "": (
        "证件名称", "工作单位", "法定代表人", "传真", "获取方式", "提供方式", "获取信息的方式", "载体形式",
        "信息的载体形式", "用途", "所需信息的用途", "申请时间", "申请日期", "申请人签名", "签名", "代理人",
        "受理机关", "申请人信息", "公民", "法人或者其他组织", "法人或其他组织", "联系信息", "备注", "日期",
        "此致", "敬礼", "附件", "政府信息公开申请表", "职业", "性别", "承诺",
    ),
}  # fmt: skip
"""The words of each field; under the empty name those that end a field and are asked of nobody here."""
_OF = {word: field for field, words in LABELS.items() for word in words}
_LONGEST_LABEL = max(map(len, _OF))
_SEVERAL_LINES = ("items", "other", "address")
MOST = 2000


def fields_of(lines: Iterable[str]) -> dict[str, str]:
    """What stands behind the words of a form: 姓名：张三, or the word in a line (a cell) and what it says in the next.
    Of a word that stands twice the first that says something counts."""
    found: dict[str, list[str]] = {}
    field, open_ = "", False
    for line in (unicodedata.normalize("NFKC", one).strip() for one in _cells(lines)):
        label = _label(line)
        if label is not None:
            field, said = label
            open_ = bool(field) and not found.get(field)
            if open_ and said:
                found[field] = [said]
                open_ = field in _SEVERAL_LINES
        elif open_ and line:
            found.setdefault(field, []).append(line)
            open_ = field in _SEVERAL_LINES
    return {
        name: ("\n" if name == "items" else " ").join(said)[:MOST] for name, said in found.items()
    }


def _cells(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        yield from line.split("\t")


def _label(line: str) -> tuple[str, str] | None:
    """The field that a line names at its head, and what it says behind it."""
    before, colon, behind = line.partition(":")
    word = _plain(before)
    if word in _OF and (colon or len(_plain(line)) <= _LONGEST_LABEL):
        return _OF[word], behind.strip()
    return None


def _plain(text: str) -> str:
    """Without blanks, stars, numbers before it, and what stands in brackets behind it."""
    bare = re.sub(r"\(.*?\)|【.*?】", "", re.sub(r"[\s*_]", "", text)).lower()
    return (
        re.sub(r"^(?:\d+[.、)]|[一二三四五六七八九十]+、)", "", bare)
        .removesuffix("是")
        .removesuffix("为")
    )
