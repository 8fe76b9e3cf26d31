"""What of a report was not checked, because its text and its tables could not be held against each other.

A check that finds nothing to look at is silent; without this remark its silence would pass for an all-clear.
"""

import re
from collections.abc import Iterator

from workflow.report.checks.registry import Asked, Said, check

_SENTENCES = re.compile(r"[。;!\n]")
_ASKED = re.compile("申请|依申请公开")
_DISPUTE = re.compile("复议|诉讼|应诉")
_COUNT = re.compile(
    r"(\d{1,3}(?:,\d{3})+|\d{1,9}|[一二两三四五六七八九十]{1,3})(?:余)?(?:件|宗|份|条|例|次|起|个|项|人次)"
)
_NONE = re.compile(
    r"(?:未|没有|无|暂无|不存在).{0,40}?(?:申请|复议|诉讼)|(?:申请|复议|诉讼).{0,24}?(?<![\d.])(?:0|零)(?![\d.])"
    r"|(?:申请|公开|复议|诉讼)(?:情况|数量)?[:为]?无"
)
_DIGITS = "零一二三四五六七八九"


@check("V40")
def what_was_not_checked(asked: Asked) -> Iterator[Said]:
    report = asked.report
    if asked.known.cases is not None:
        # Our own report: its figures are held against the cases themselves.
        return
    left = []
    if not report.year:
        left.append("年度以及与年度有关的各项（没有找到年度）")
    if any(one.kind == "text" for one in report.oddities):
        left.append("正文（没有找到各部分的标题）")
    elif report.sections:
        if report.period is None and not any(one.kind == "period" for one in report.oddities):
            left.append("统计期限（没有找到）")
        if report.table3 is not None and not asked.unread3 and not _requests_are_tied(asked):
            left.append("收到申请的件数（正文里没有找到）")
        if report.table4 is not None and not asked.unread4 and not _disputes_are_tied(asked):
            left.append("行政复议、行政诉讼的件数（正文里的数字与表四对不上号）")
    if asked.unread3:
        how = "没有读到" if asked.unread3 == asked.lost3 else "没有读全"
        left.append(f"表三的勾稽关系，以及正文与表三（表三 {len(asked.unread3)} 行{how}）")
    if asked.unread4:
        left.append("表四的勾稽关系，以及正文与表四（表四的数字没有读全）")
    if left:
        yield "正文与表格", f"以下内容没有核对，请人工看一看：{'；'.join(left)}"


def _requests_are_tied(asked: Asked) -> bool:
    new, carried_in = (asked.report.cell3(row) for row in ("new_received", "carried_in"))
    return _tied(_sentences(asked, _ASKED), {new, new + carried_in}) or _told(asked, "表三")


def _disputes_are_tied(asked: Asked) -> bool:
    """The table alone is enough (the format asks for no words); where there are words, one of their
    numbers stands in the table."""
    blocks = [asked.report.cell4(block) for block in asked.formats.blocks]
    cells = {
        asked.report.cell4(b, cell) for b in asked.formats.blocks for cell in asked.formats.cells
    }
    said = [one for one in _sentences(asked, _DISPUTE) if _COUNT.search(one)]
    return (
        not any(blocks)
        or not said
        or _tied(said, {*cells, sum(blocks), sum(blocks[1:])})
        or _told(asked, "表四")
    )


def _sentences(asked: Asked, about: re.Pattern[str]) -> list[str]:
    return [
        sentence
        for text in asked.plain.values()
        for sentence in _SENTENCES.split(text)
        if about.search(sentence)
    ]


def _tied(sentences: list[str], right: set[int]) -> bool:
    """One of the sentences names one of the right numbers, or says that there was nothing."""
    return any(
        any(_figure(one) in right for one in _COUNT.findall(sentence))
        or (0 in right and _NONE.search(sentence) is not None)
        for sentence in sentences
    )


def _told(asked: Asked, table: str) -> bool:
    """The text was held against the table and contradicts it."""
    return any(table in said[1] for said in asked.told_by("V12"))


def _figure(text: str) -> int:
    if text[0].isdigit():
        return int(text.replace(",", ""))
    tens, ten, ones = text.replace("两", "二").rpartition("十")
    value = _DIGITS.find(ones) if len(ones) == 1 else 0
    return (max(1, _DIGITS.find(tens)) * 10 if ten else 0) + max(0, value)
