"""Days that cannot be: a signature before the year was over (V36), a plan for the year that is over (V39), a
document cited before it existed (V41)."""

import re
from collections.abc import Iterator
from datetime import date

from workflow.dates import in_words
from workflow.report.checks.registry import Asked, Said, check
from workflow.report.checks.sentences import quoted
from workflow.report.checks.wording import half

DECEMBER = 12
_PLANS = re.compile(
    r"(?:^|[,;:)、在是])(?P<year>20\d\d)年度?(?:的?(?:工作|一年)(?:中|里|当中))?[,]?"
    r"(?P<who>[^,;:\d《》]{0,12}?)(?:将|计划|拟|打算|准备)(?P<rest>[^,;]*)"
)
_NEXT = re.compile(
    r"(?:下一?步|接下来|今后|下一?阶段)[^;]{0,40}?(?P<plan>(?:将|计划|拟|打算|准备|力争|争取|确保)(?:力争|争取|确保)?"
    r"(?:在|于|到)?(?P<year>20\d\d)年(?:度|底|末|内|初|上半年|下半年|\d{1,2}月)[^,;]*)"
)
"""What comes next, with the day by which it is to be done."""
_BY_DAY = re.compile(
    r"(?P<plan>(?<!原)(?:将|拟|力争|争取|确保)(?:在|于)(?P<year>20\d\d)年(?:度|底|末|内|年|[上下]半年|\d{1,2}月|[一二三四]季度)*"
    r"底?(?:之?前|以前)?(?:全部|全面|基本)?(?:完成|实现|建成|达到|出台|上线|启动)[^,;的]*)(?=$|[,;])"
)
"""A plan with its day and nothing of what comes next before it."""
_DONE_THEN = re.compile(
    "才|已|(?:启动|印发|出台|实施|施行|开展|建成|建立|成立|制定|发布|修订|完成|上线|推出|存在|收到|发现|指出|反馈)的"
)
"""What was done in the year named, and goes on: 2024年底启动的治理将持续推进."""
_GOES_ON = re.compile(
    "(?:要|会)?(?:继续|进一步|持续|着力|重点|从|认真|不断|努力|加大|加强|按照|以|围绕|深入|坚持|严格|全面|积极|切实|大力|通过|采取|做好|抓好"
    "|强化|完善|着重|紧紧|根据|结合|突出|健全|提高|提升|推进|推动|深化|针对|紧扣|改进|优化|扎实|加快|聚焦|在|对)"
)
"""How a plan goes on; 将政务公开纳入考核 is none: there 将 marks the object."""
_NO_PLAN = re.compile(
    "纳入|列入|列为|作为|提出|要求|指出|上年|去年|上一年|已经?[完落实按建制]|完成了|目前|取得|当时|曾|针对20\\d\\d年"
)
_HEADING = re.compile(
    r"^(?:\(?[一二三四五六七八九十\d]{1,3}[)、.]+)?(?P<year>20\d\d)年度?(?:下一步)?(?:政务公开|政府信息公开|信息公开)?(?:工作)?(?:的)?(?:重点)?(?:工作)?(?:打算|计划|思路|安排)(?:$|[:。])"
)
_BRACKETS = re.compile(r"[〔\[【(﹝](20\d\d)[〕\]】)﹞](?=第?\d{1,5}号)")
_LINES = re.compile(r"[^\n]*(?:根据|依据|依照|按照|遵照|要求|规定|编制)[^\n]*")
"""Above the first section pages print the numbers and days of their own notice; what a report is based on is said in words."""
_CITED = re.compile(r"[\u4e00-\u9fff]{1,12}〔(?P<year>20\d\d)〕第?\d{1,5}号")


@check("V36")
def signed_when_the_year_was_over(asked: Asked) -> Iterator[Said]:
    report = asked.report
    signed = report.signed_on
    if signed is None or not report.year:
        return
    end = report.period[1] if report.period else date(report.year, 12, 31)
    if end.year != report.year or signed > end:
        return
    message = f"写的是{in_words(signed)}，统计期限到{in_words(end)}才届满，请核对年份"
    in_december = (signed.year, signed.month) == (report.year, DECEMBER)
    if in_december or not (report.period or str(report.year) in half(report.title)):
        # Written a few days early; or the year of the report itself was guessed.
        yield "落款日期", message, "warn"
    else:
        yield "落款日期", message


@check("V39")
def plans_are_for_days_to_come(asked: Asked) -> Iterator[Said]:
    year = asked.report.year
    if not year:
        return
    for sentence in asked.said_in("problems"):
        heading = _HEADING.match(sentence.text)
        if heading and int(heading["year"]) <= year:
            yield sentence.title, _over(heading[0], heading["year"])
            continue
        if _NO_PLAN.search(sentence.text):
            continue
        coming = {found["plan"]: found["year"] for found in _NEXT.finditer(sentence.text)}
        by_day = {found["plan"]: found["year"] for found in _BY_DAY.finditer(sentence.text)}
        told = coming or by_day
        for plan, of_year in told.items():
            if int(of_year) <= year:
                yield sentence.title, _over(plan, of_year)
        for found in _PLANS.finditer(sentence.text):
            if _DONE_THEN.search(found["who"]):
                continue
            if int(found["year"]) <= year and _GOES_ON.match(found["rest"]):
                yield sentence.title, _over(found[0].lstrip(",;:、"), found["year"])


def _over(said: str, year: str) -> str:
    return f"写的是“{quoted(said)}”，{year} 年已经过去，请核对年份"


@check("V41")
def documents_existed_when_cited(asked: Asked) -> Iterator[Said]:
    """A report is written by the day below it, at the latest by the last statutory day (条例49)."""
    report = asked.report
    if not report.year:
        return
    last = date(report.year + 1, 3, 31)
    if report.signed_on and report.signed_on > date(report.year, 12, 31):
        last = report.signed_on
    told: set[str] = set()
    for place, text in _texts(asked):
        for words, message in _too_early(asked, text, last):
            if words not in told:
                told.add(words)
                yield place, message


def _too_early(asked: Asked, text: str, last: date) -> Iterator[tuple[str, str]]:
    """The documents of a text that were not there by the last day, and what is said of each."""
    plain = _BRACKETS.sub(lambda found: f"〔{found[1]}〕", text)
    documents = asked.law.documents.values()
    for one in documents:
        named = next((name for name in (one.number, one.title) if name and name in plain), None)
        if named and one.made_on > last:
            yield one.number, f"引用了{named}，该文件{in_words(one.made_on)}才印发，请核对"
    for found in _CITED.finditer(plain) if "〔" in plain else ():
        if int(found["year"]) > last.year and not any(one.number in found[0] for one in documents):
            yield (
                found[0],
                f"引用了“{found[0]}”，报告的年度是 {asked.report.year} 年，请核对文号的年份",
            )


def _texts(asked: Asked) -> Iterator[tuple[str, str]]:
    yield "正文开头", "\n".join(one for one in _LINES.findall(half(asked.report.preface)))
    for key, text in asked.plain.items():
        yield asked.title(key), text
