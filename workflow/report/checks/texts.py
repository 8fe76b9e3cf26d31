"""Checks of what the sections say against the tables, and of the sections themselves."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workflow.report.checks.fees import has_fees
from workflow.report.checks.registry import Asked, Said, check
from workflow.report.checks.wording import half

_NONE = re.compile(
    r"^(?:(?:本机关|本单位|本年度|目前|暂)*(?:无|没有|暂无)(?:其他|需要报告|应报告|存在|问题|的|事项|内容|情况)*)?[。.]?$"
)
_SENTENCES = re.compile(r"[。；;！!\n]")
_COUNT = r"(\d{1,3}(?:,\d{3})+|\d{1,9})\s*(?:余)?\s*(?:件|宗|份|条|例|次|起|个)"
_COUNTED = re.compile(_COUNT)
_ABOUT = re.compile("信息公开申请|依申请|申请公开|政府信息.{0,12}申请|公开.{0,6}申请")
_PARTS = re.compile(
    "其中|网上|网络|在线|线上|平台|信函|邮寄|寄递|来信|当面|现场|窗口|电子邮件|邮箱|传真|口头|补正|延期|延长"
    "|转办|同比|增长|增加|减少|下降|上升|累计|以来|去年同期|投诉|热线|咨询|建议|提案|留言|登记立案"
)
_UNITS = re.compile("各县|县区|区县|各区|各部门|各乡|各镇|各街道|下属|下级|直属")
_ONE_GROUP = re.compile("自然人|个人|公民|法人|企业|机构|组织")
_BOTH_GROUPS = re.compile(
    "(?:自然人|公民|个人).{0,4}(?:法人|企业|组织|单位)|法人(?:和|及|或|、)(?:者)?其他组织"
)
_OTHER_MATTER = re.compile("复议|诉讼|应诉|起诉|败诉")
_CARRIED_OUT = re.compile(
    r"结转(?:到|至|入)?(?:下一?|次|\d{4})年|转(?:入|至|到)(?:下一?|次)年|结转下年"
)
_CARRIED_IN = re.compile(
    r"上(?:一)?年度?(?:结转|转|遗留)|\d{4}年(?:度)?结转(?!至|到|入)|结转上年|含.{0,4}结转|年初结转"
)
_NEW = re.compile("新收")
_RECEIVED = re.compile("收到|接到|受理|收办|接收|收件|共收")
_DONE = re.compile("办结|答复|办理完毕|办理完成|处理完毕")
_NOT_ASKED = re.compile(
    r"(?:未|没有|无|未曾)(?:收到|接到|受理|发生|有).{0,40}?申请|(?:收到|受理).{0,16}申请(?:为)?\s*0\s*[件宗条]"
)
_ALL_DONE = re.compile(
    r"(?:全部|均|都|皆)(?:已经?|按[期时]|予以|依法|及时)*(?:办结|办理完毕)"
    r"|(?:全部|均|都|皆)(?:已经?)?答复|办结率.{0,4}100\s*%"
)
"""Replies within their period (按期答复率100%) say nothing of those that are still open."""
_NO_DISPUTES = re.compile(
    r"(?:未|没有|无|未曾)(?:收到|接到|发生|产生|有|出现|涉及|因).{0,40}?(?:行政复议|行政诉讼)|无行政复议|无.{0,12}行政诉讼"
)
_NAMED = {
    "permits": ("行政许可", "许可"),
    "penalties": ("行政处罚", "处罚"),
    "compulsory_measures": ("行政强制", "强制"),
}


def _figure(text: str) -> int:
    return int(text.replace(",", ""))


@dataclass(frozen=True)
class _Sentence:
    section: str
    text: str
    title: str


def _sentences(asked: Asked, *keys: str) -> Iterator[_Sentence]:
    for key in keys or tuple(asked.report.sections):
        title = asked.formats.sections.get(key, key)
        for text in _SENTENCES.split(half(asked.report.sections.get(key, ""))):
            if text:
                yield _Sentence(key, text, f"正文“{title}”")


def _clauses(sentence: str) -> list[str]:
    return [clause for clause in re.split(r"[,，:：](?!\d{3}(?!\d))", sentence) if clause]


def _another_year(clause: str, year: int) -> bool:
    named = {int(one) for one in re.findall(r"(20\d\d)年", clause)}
    return bool(named) and year not in named and not _CARRIED_IN.search(clause) \
        and not _CARRIED_OUT.search(clause)  # fmt: skip


def _quoted(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


@check("V12")
def text_says_what_the_tables_say(asked: Asked) -> Iterator[Said]:
    if asked.report.table3 is not None:
        yield from _applications(asked)
    if asked.report.table4 is not None:
        yield from _disputes(asked)
    if asked.report.table2 is not None:
        yield from _decisions(asked)


def _applications(asked: Asked) -> Iterator[Said]:
    """收到 may mean new requests alone or with those carried in (law.md §5.5): both are right."""
    report = asked.report
    new, carried_in = report.cell3("new_received"), report.cell3("carried_in")
    done, carried_out = report.cell3("total"), report.cell3("carried_out")
    either = {new, new + carried_in}
    both = f"本年新收 {new}" + (f"，加上年结转为 {new + carried_in}" if carried_in else "")
    readings: tuple[tuple[re.Pattern[str], set[int], str], ...] = (
        (_CARRIED_OUT, {carried_out}, f"结转下年度 {carried_out}"),
        (_CARRIED_IN, {carried_in}, f"上年结转 {carried_in}"),
        (_NEW, {new}, f"本年新收 {new}"),
        (_RECEIVED, either, both),
        (_DONE, {done}, f"（七）总计 {done}"),
    )
    for sentence in _sentences(asked, "overview", "applications"):
        if not _ABOUT.search(sentence.text):
            continue
        none = _NOT_ASKED.search(sentence.text)
        if none and not _OTHER_MATTER.search(none[0]) and not _PARTS.search(none[0]):
            if new:
                yield (
                    sentence.title,
                    f"写的是“{_quoted(none[0])}”，表三本年新收为 {new}",
                )
            continue
        received: list[tuple[str, int]] = []
        own = True
        for clause in _clauses(sentence.text):
            if _PARTS.search(clause) or _another_year(clause, report.year):
                own = own and "其中" not in clause
                continue
            if not own or _OTHER_MATTER.search(clause):
                continue
            if _ONE_GROUP.search(clause) and not _BOTH_GROUPS.search(clause):
                continue
            verb, right, words = next(
                (
                    (found, right, words)
                    for pattern, right, words in readings
                    if (found := pattern.search(clause))
                ),
                (None, set(), ""),
            )
            number = _COUNTED.search(clause, verb.end()) if verb else None
            if number is None:
                continue
            if right is either:
                received.append((clause, _figure(number[1])))
            elif _figure(number[1]) not in right:
                yield sentence.title, f"写的是“{_quoted(clause)}”，表三为：{words}"
        if _UNITS.search(sentence.text) or sum(n for _, n in received) in either:
            # The parts of a whole: so many by the office, so many by the others.
            continue
        for clause, number_told in received:
            if number_told not in either:
                yield sentence.title, f"写的是“{_quoted(clause)}”，表三为：{both}"


def _disputes(asked: Asked) -> Iterator[Said]:
    report = asked.report
    review = report.cell4("review")
    direct, after = report.cell4("suit_direct"), report.cell4("suit_after_review")
    parts = re.compile(
        "维持|纠正|撤销|驳回|尚未审结|未审结|其他结果|撤回|履行|终止|同比|去年|上年|增|减|占|胜诉|败诉|率"
    )
    for sentence in _sentences(asked, "disputes", "applications", "overview"):
        if sentence.section != "disputes" and not re.search("信息公开|依申请", sentence.text):
            continue
        none = _NO_DISPUTES.search(sentence.text)
        if none and re.search("败诉|纠错|纠正|撤销|违法", sentence.text):
            continue
        if none:
            said = sentence.text[none.start() :]
            if "复议" in said and review:
                yield sentence.title, f"写的是“{_quoted(said)}”，表四行政复议总计为 {review}"
            if "诉讼" in said and direct + after:
                yield (
                    sentence.title,
                    f"写的是“{_quoted(said)}”，表四行政诉讼总计为 {direct + after}",
                )
            continue
        for found in re.finditer(
            rf"(行政复议|行政诉讼)(?:案件|申请|案|事项)*(?:共|为|共计|计)*{_COUNT}", sentence.text
        ):
            around = sentence.text[max(0, found.start() - 14) : found.end()]
            if parts.search(around) or _another_year(sentence.text, report.year):
                continue
            number = _figure(found[2])
            if found[1] == "行政复议" and number != review:
                yield sentence.title, f"写的是“{found[0]}”，表四行政复议总计为 {review}"
            if found[1] == "行政诉讼":
                right = {direct + after}
                if "直接" in around or "未经" in around:
                    right = {direct}
                elif "复议后" in around:
                    right = {after}
                if number not in right:
                    yield sentence.title, f"写的是“{found[0]}”，表四行政诉讼总计为 {sum(right)}"


def _decisions(asked: Asked) -> Iterator[Said]:
    """行政处罚 21 项 in the text beside a 0 in table 二: items in the format of 2019, decisions in both."""
    report = asked.report
    told: set[tuple[str, str]] = set()
    for sentence in _sentences(asked, "overview", "proactive"):
        for item, (name, _) in _NAMED.items():
            for found in re.finditer(
                rf"{name}(?:事项|决定|案件)?(\d{{1,7}})(项|件|宗|起)", sentence.text
            ):
                number, unit = int(found[1]), found[2]
                if unit == "项":
                    before, change = (
                        report.cell2(item, "items_before"),
                        report.cell2(item, "change"),
                    )
                    if report.format != "2019" or before is None:
                        continue
                    right = {before, before + (change or 0), report.cell2(item, "decisions")}
                    words = f"项目数量为 {before}" + (f"，本年增减 {change}" if change else "")
                else:
                    decisions = report.cell2(item, "decisions")
                    if decisions is None or _PARTS.search(sentence.text):
                        continue
                    right, words = {decisions}, f"本年处理决定数量为 {decisions}"
                if number not in right and (item, found[0]) not in told:
                    told.add((item, found[0]))
                    yield (
                        asked.place2(item),
                        f"正文写的是“{found[0]}”，表二的{words}，请核对",
                    )


@check("V13")
def all_done_means_nothing_carried_out(asked: Asked) -> Iterator[Said]:
    carried_out = asked.report.cell3("carried_out")
    if not carried_out:
        return
    for sentence in _sentences(asked, "overview", "applications"):
        found = _ALL_DONE.search(sentence.text)
        if found and _ABOUT.search(sentence.text) and not _CARRIED_OUT.search(sentence.text):
            yield sentence.title, f"写的是“{found[0]}”，表三结转下年度继续办理的有 {carried_out} 件"


@check("V21")
def problems_are_told(asked: Asked) -> Iterator[Said]:
    report, sections = asked.report, asked.report.sections
    if not sections:
        return
    titles = asked.formats.sections
    if "problems" not in sections or _NONE.match(half(sections["problems"]).strip()):
        what = "没有这一部分" if "problems" not in sections else "没有内容"
        yield f"“{titles['problems']}”", f"{what}；应当写明存在的主要问题和改进情况"
    other = half(sections.get("other_matters", "")).strip()
    if has_fees(asked) and "other_matters" in sections and _NONE.match(other):
        yield f"“{titles['other_matters']}”", "写的是“无”，但当年有信息处理费的收费通知"
    elif report.year and "other_matters" not in sections:
        yield f"“{titles['other_matters']}”", "没有这一部分；没有其他事项的也应写明"


@check("V22")
def period_is_the_year(asked: Asked) -> Iterator[Said]:
    report = asked.report
    for one in report.oddities:
        if one.kind == "period":
            yield one.where, one.message
        elif one.kind == "year":
            yield one.where, one.message, "warn"
    year = report.year
    named = re.search(r"(?<!\d)(\d{4})\s*年", unicodedata.normalize("NFKC", report.title))
    if named and year and int(named[1]) != year:
        yield "标题", f"标题写的是 {named[1]} 年，报告年度是 {year} 年"
    if report.period is not None and year:
        start, end = report.period
        if (start, end) != (date(year, 1, 1), date(year, 12, 31)):
            yield (
                "统计期限",
                f"写的是 {start.isoformat()} 至 {end.isoformat()}，"
                f"应为 {year} 年 1 月 1 日至 12 月 31 日",
            )
