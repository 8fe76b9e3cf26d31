"""Checks of what the sections say against the tables, and of the sections themselves."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from workflow.report.annual import AnnualReport
from workflow.report.checks.fees import FEE, has_fees
from workflow.report.checks.matters import (
    CHANNELS,
    about_applications,
    other_time,
    received,
    totals,
)
from workflow.report.checks.registry import Asked, Said, check
from workflow.report.checks.sentences import quantities
from workflow.report.checks.wording import half

_NONE = re.compile(
    r"^(?:(?:本机关|本单位|本年度|目前|暂)*(?:无|没有|暂无|不存在|未发现)(?:其他|需要报告|应报告|存在|问题|的|事项|内容|情况)*)?[。.]?$"
)
_ABOUT = re.compile("信息公开申请|依申请|申请公开|政府信息.{0,12}申请|公开.{0,6}申请")
_CARRIED_OUT = re.compile(
    r"结转(?:到|至|入)?(?:下一?|次|\d{4})年|转(?:入|至|到)(?:下一?|次)年|结转下年"
)
_ALL_DONE = re.compile(
    r"(?:全部|均|都|皆)(?:已经?|按[期时]|予以|依法|及时|按规定|在(?:法定|规定)?(?:的)?(?:时限|期限|办理期限|答复期限)内)*(?:办结|办理完毕)"
    r"|(?:全部|均|都|皆)(?:已经?)?答复|办结率.{0,4}100\s*%"
)
"""Replies within their period (按期答复率100%) say nothing of those that are still open."""
_OPEN = re.compile(
    r"正在(?:办理|办)|尚在|仍在|办理中|在办|尚未(?:办结|到期|答复)|未到(?:期|答复)|其余\d|剩余\d|余下|跨年|(?:按规定|按程序|依法|依规)结转|除[^,;]{1,20}外"
)
_SOME = re.compile(
    r"(?:上年|上一年|去年|\d年).{0,6}(?:结转|遗留)|结转的|到期的|办结的|应当?答复的|热线|工单|提案|建议|留言|咨询|信箱|网友"
)
_NONE_LEFT = re.compile(
    "(?:无|没有|未有)(?:需要?|须|任何)?(?:结转(?:到|至|入)?|转(?:入|至|到))(?:下一?|次)年度?"
    "(?:继续)?(?:办理)?的?(?:政府信息公开)?(?:申请|件|事项|办件)?|(?:无|没有)(?:申请|事项|办件)?结转(?:情况|申请|件)?(?=$|[,;])"
)
_NOT_OF_ALL = re.compile(f"提案|建议|工单|热线|信访|复议|诉讼|{CHANNELS.pattern}")
_COUNTED = frozenset("件宗份项条起封")
_SOME_ONLY = re.compile(f"相关|上述|涉及|针对|其中|类申请|{CHANNELS.pattern}")
SOME_LONGEST = 14
"""Characters before 全部办结 in which it is said what was finished: those of last year, those that were due."""

_FOUNDED = re.compile(
    r"(?:新|正式|挂牌|揭牌|组建|改革|[年月日起]|自|[我本].{1,4})(?:.{0,4})成立(?!.{0,20}(?:小组|专班|委员会|组织|机构,))"
    r"|[年月日]组建(?!.{0,16}(?:小组|专班|队|团))|成立(?:以来|之日|于|时间)|挂牌|揭牌|新组建|重新组建|机构改革|新设立?的?(?:机关|部门|单位|机构)"
    r"|[年月日](?:被|予以|正式|依法)?(?:撤销|并入|注销)(?!.{0,12}(?:答复|决定|文件|证))|[职机局委办厅镇乡会心](?:[责能构])?(?:被|已|整体)?(?:并入|划入|划归)"
    r"|撤销[,;].{0,24}(?:职责|职能|并入|划入|划归)"
    r"|(?:撤销|合并|撤并|整合|注销|划转|更名)(?:后|之日|为|至|到|以来)"
)


@check("V13")
def all_done_means_nothing_carried_out(asked: Asked) -> Iterator[Said]:
    carried_out = asked.report.cell3("carried_out")
    if not carried_out:
        return
    for sentence in asked.said_in("overview", "applications"):
        for text in sentence.text.split(";"):
            if "申请" not in text:
                continue
            none_left = _NONE_LEFT.search(text)
            about = _ABOUT.search(text) or about_applications(sentence)
            if none_left and about and not _NOT_OF_ALL.search(text):
                yield (
                    sentence.title,
                    f"写的是“{none_left[0]}”，表三结转下年度继续办理的有 {carried_out} 件",
                )
                continue
            found = next(
                (
                    one
                    for one in _ALL_DONE.finditer(text)
                    if not _SOME.search(text[max(0, one.start() - SOME_LONGEST) : one.start()])
                ),
                None,
            )
            open_still = _CARRIED_OUT.search(text) or _OPEN.search(text)
            if found and about and not open_still and _of_all(text[: found.start()], asked.report):
                yield (
                    sentence.title,
                    f"写的是“{found[0]}”，表三结转下年度继续办理的有 {carried_out} 件",
                )


def _of_all(ahead: str, report: AnnualReport) -> bool:
    """What was finished is told of all applications of the year: of those that the words count before it, else of none
    in particular."""
    if other_time(ahead, report.year):
        return False
    counted = [one for one in quantities(ahead) if one.unit in _COUNTED]
    if not counted:
        return _SOME_ONLY.search(ahead) is None
    every = received(report) | totals(report, "total")
    last = counted[-1]
    if last.value not in every and "," not in ahead[last.end :]:
        return False
    return any(one.value in every for one in counted)


@check("V21")
def problems_are_told(asked: Asked) -> Iterator[Said]:
    sections = asked.report.sections
    if not sections:
        return
    titles = asked.formats.sections
    for key in titles:
        if key not in sections and key not in ("problems", "other_matters"):
            yield f"“{titles[key]}”", "没有这一部分，或者标题无法识别"
    if "problems" not in sections or _NONE.match(asked.plain["problems"].strip()):
        what = "没有这一部分" if "problems" not in sections else "没有内容"
        yield f"“{titles['problems']}”", f"{what}；应当写明存在的主要问题和改进情况"
    other = asked.plain.get("other_matters", "").strip()
    told_apart = any(FEE.search(text) for text in asked.report.own_sections.values())
    if has_fees(asked) and "other_matters" in sections and _NONE.match(other) and not told_apart:
        yield f"“{titles['other_matters']}”", "写的是“无”，但当年有信息处理费的收费通知"
    elif "other_matters" not in sections:
        yield f"“{titles['other_matters']}”", "没有这一部分；没有其他事项的也应写明"


@check("V22")
def period_is_the_year(asked: Asked) -> Iterator[Said]:
    report = asked.report
    for one in report.oddities:
        if one.kind == "period":
            yield one.where, one.message
    year = report.year
    named = re.search(r"(?<!\d)(\d{4})\s*年", unicodedata.normalize("NFKC", report.title))
    if named and year and int(named[1]) != year:
        yield "标题", f"标题写的是 {named[1]} 年，报告年度是 {year} 年"
    if report.period is not None and year:
        start, end = report.period
        first, last = date(year, 1, 1), date(year, 12, 31)
        said = f"写的是 {start.isoformat()} 至 {end.isoformat()}"
        if first <= start < end <= last and (start, end) != (first, last) and _part_of_year(asked):
            yield "统计期限", f"{said}；机关在年内成立或者撤并的，请核对日期", "warn"
        elif (start, end) != (first, last):
            yield "统计期限", f"{said}，应为 {year} 年 1 月 1 日至 12 月 31 日"


def _part_of_year(asked: Asked) -> bool:
    """The report says that its body was founded, or came to an end, within the year."""
    return any(_FOUNDED.search(half(text)) for text in asked.report.texts)
