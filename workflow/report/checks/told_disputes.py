"""What the text says of reviews and suits beside table 四 (a part of V12)."""

import re
from collections.abc import Iterator

from workflow.report.annual import AnnualReport
from workflow.report.checks.matters import COMPARED, clause, other_time
from workflow.report.checks.registry import Asked, Said
from workflow.report.checks.sentences import Quantity, Sentence, quoted

_UNITS = frozenset("件宗例起项")
_NONE = re.compile(
    "(?:未|没有|无|未曾|尚未)(?:收到|接到|发生|产生|有|出现|涉及|因).{0,40}?(?:行政复议|行政诉讼)|无行政复议|无.{0,12}行政诉讼"
)
_OF_BOTH = "(?:行政|提起|复议|诉讼|应诉|案件?|事项|情况|情形|申请|的|类|方面|或|和|及|与|、)*"
_NONE_AT_ALL = re.compile(
    f"(?:没有|不存在|无)(?:政府信息公开|信息公开|相关|任何|类|的)*行政(?:复议|诉讼){_OF_BOTH}$"
    f"|(?:行政)?(?:复议|诉讼){_OF_BOTH}(?:(?:数量?|件数|总数)?(?:均|都|皆)?为|[:为])(?:无|零|0)$|(?<!力争)(?<!实现)(?<!确保)(?<!做到)(?<!达到)零(?:行政)?(?:复议|诉讼)(?:$|[、和])"
)
"""In so many words, to the end of the clause: 没有行政复议被纠错 says nothing of how many there were."""
_EARLIER = re.compile(f"{COMPARED.pattern}|上一?年|往年|前年")
_NOT_NONE = re.compile("败诉|纠错|纠正|撤销|违法|决定书|判决|审结|除|其[他它]|不服|超期|责令|履行")
_PARTS = re.compile(
    "维持|纠[正错]|撤销|驳回|审结|[已未办]结|在[审办]|未决|中止|其他结果|撤回|履行|终止|占|胜诉|败诉|率|结转|决定|判决|意见|建议|答辩|答复|上年|去年|出庭|培训|会议|审理"
    "|调解|和解|赔偿|共同被告|复议机关|听证|[一二再]审|其[他它]"
)
_OF_ONE_RESULT = re.compile("(?:审结|维持|纠正|撤销|败诉)的[^,;]*$")
"""尚未审结的复议1件、诉讼1件."""
_BOTH = re.compile("复议.{0,14}(?:诉讼|应诉|起诉)")
_BEHIND = re.compile(
    "(?:因.{0,16})?(?:被)?(?:申请)?(?:行政复议|行政诉讼|复议|诉讼)(?:案|案件|事项)?中?"
)
_NAMED = re.compile("复议|诉讼|起诉|应诉")
_DISCLOSURE = re.compile("信息公开|依申请")
_AROUND_BEFORE, _AROUND_AFTER = 40, 20
_SOME_OF_THEM = re.compile(
    "结转|新发生|新增|新收|涉及(?:政府)?信息公开的|其中.{0,12}信息公开|信息公开(?:类|方面).{0,6}\\d"
)
_REVIEW_ORGAN = re.compile(
    "审理|作为复议|复议机关|复议机构|司法局|代理|复议委员会|各部门|各县|各乡"
)

_NOT_OURS = re.compile(
    "(?:作为|列为|追加为|系)(?:案件)?第三[方人]|第三[方人](?:的)?(?:身份|参[加与]|应诉)"
    "|与(?:政府)?信息公开(?:工作)?(?:均|都|皆)?(?:无关|没有关系)|(?:不涉及|不属于|非)(?:政府)?信息公开"
)
"""The body is not the one complained of, or it is not about disclosure."""
_OF_ONE_KIND = re.compile(
    "不(?:规范|及时|到位|当|作为|准确|完整|全面|充分|清|实|符)|未(?:按|及时|依法|履行|予|在)|没有按|逾期|错误|失误|失当|瑕疵|问题"
    "|重大|群体|二审|再审|(?<![、和或及])(?:法人|企业)提[出起]"
)
"""Between 未发生 and its dispute: 未发生因答复不规范引起的行政复议 says nothing of other reviews,
未发生重大行政诉讼 nothing of others."""
_RESULT = re.compile(
    "(?<![重再另])(?:结果)?(?P<what>维持|纠正|尚未审结|未审结|其[他它]结果)(?:的)?(?:共计|共|计|为|有|:)*$"
)
_CELL_OF = {
    "维持": "upheld", "纠正": "corrected", "尚未审结": "pending", "未审结": "pending",
    "其他结果": "other", "其它结果": "other",
}  # fmt: skip
_KIND = re.compile(
    "(?P<direct>未经复议(?:直接)?(?:起诉|提起)?|直接起诉)|(?P<after>复议后(?:起诉|诉讼|提起)|经复议(?:后)?(?:起诉|提起))"
    "|(?P<suit>行政诉讼|诉讼|起诉|应诉)|(?P<review>复议)"
)
_BLOCKS = {
    "direct": ("suit_direct",), "after": ("suit_after_review",), "suit": ("suit_direct", "suit_after_review"),
    "review": ("review",),
}  # fmt: skip
_KIND_NAMES = {
    "direct": "未经复议直接起诉", "after": "复议后起诉", "suit": "行政诉讼（直接起诉、复议后起诉）", "review": "行政复议",
}  # fmt: skip


def beside_table4(asked: Asked) -> Iterator[Said]:
    """Numbers of reviews and suits that table 四 has otherwise."""
    report = asked.report
    for sentence in asked.said_in("disputes", "applications", "overview"):
        if "诉" not in sentence.text and "复议" not in sentence.text:
            continue
        if sentence.section != "disputes" and not (
            _DISCLOSURE.search(sentence.text) or _DISCLOSURE.search(sentence.heading)
        ):
            continue
        none = list(_none_told(sentence, report))
        if none:
            yield from none
        elif not any(
            words.search(sentence.text) for words in (_REVIEW_ORGAN, _SOME_OF_THEM, _NOT_OURS)
        ):
            yield from _numbers(sentence, report)
            yield from _results(sentence, report)


def _none_told(sentence: Sentence, report: AnnualReport) -> Iterator[Said]:
    review, suits = report.cell4("review"), _suits(report)
    if _NOT_NONE.search(sentence.text):
        return
    for said in re.split("[,;]", sentence.text):
        found = _NONE.search(said) or _NONE_AT_ALL.search(said)
        if found is None or re.search(r"\d[件起宗例]", said) or _OF_ONE_KIND.search(found[0]):
            continue
        ahead = said[: found.start()]
        if other_time(said[: found.end()], report.year) or _EARLIER.search(ahead):
            continue
        words = said[found.start() :]
        if "复议" in words and review:
            yield sentence.title, f"写的是“{quoted(words)}”，表四行政复议总计为 {review}"
        if "诉讼" in words and suits:
            yield sentence.title, f"写的是“{quoted(words)}”，表四行政诉讼总计为 {suits}"


def _numbers(sentence: Sentence, report: AnnualReport) -> Iterator[Said]:
    for quantity in sentence.quantities:
        before = quantity.before
        if quantity.unit not in _UNITS or not quantity.exact:
            continue
        if _PARTS.search(before + quantity.after) or COMPARED.search(before):
            continue
        if other_time(sentence.text[: quantity.start], report.year):
            continue
        behind = quantity.after if _BEHIND.fullmatch(quantity.after) else ""
        if _OF_ONE_RESULT.search(sentence.text, 0, quantity.start):
            continue
        name = before if _NAMED.search(before) else behind
        if not name or not _of_disclosure(sentence, quantity):
            continue
        right, words = _meant(name, report)
        if quantity.value not in right:
            yield sentence.title, f"写的是“{clause(sentence, quantity)}”，表四{words}"


def _results(sentence: Sentence, report: AnnualReport) -> Iterator[Said]:
    """行政复议3件，维持2件: of the kind of dispute that was named last, or of those that were named together."""
    if _EARLIER.search(sentence.text) or other_time(sentence.text, report.year):
        return
    for quantity in sentence.quantities:
        found = _RESULT.search(quantity.before)
        named = list(_KIND.finditer(sentence.text, 0, quantity.start))
        if found is None or not named or quantity.unit not in _UNITS or not quantity.exact:
            continue
        if not _of_disclosure(sentence, quantity):
            continue
        cell, kind = _CELL_OF[found["what"]], named[-1].lastgroup
        values = [report.cell4(block, cell) for block in _BLOCKS[str(kind)]]
        together = _together(sentence, named)
        right = {sum(report.cell4(block, cell) for block in blocks) for blocks in together}
        if quantity.value not in {*values, *right}:
            name, told = _KIND_NAMES[str(kind)], "、".join(map(str, values))
            yield (
                sentence.title,
                f"写的是“{clause(sentence, quantity)}”，表四{name}的这一项为 {told}",
            )


def _together(sentence: Sentence, named: list[re.Match[str]]) -> Iterator[set[str]]:
    """The blocks of the kind that was named last, then with those before it that have no result of their own:
    直接起诉1件、复议后起诉2件，结果维持2件."""
    results = [one.start for one in sentence.quantities if _RESULT.search(one.before)]
    blocks: set[str] = set()
    later = len(sentence.text)
    for one in reversed(named):
        if blocks and any(one.start() < result < later for result in results):
            return
        blocks |= set(_BLOCKS[str(one.lastgroup)])
        later = one.start()
        yield set(blocks)


def _of_disclosure(sentence: Sentence, quantity: Quantity) -> bool:
    """Not one of all disputes of the body: the section is about disclosure, or the words around are."""
    since = max(0, quantity.start - _AROUND_BEFORE)
    around = sentence.text[since : quantity.end + _AROUND_AFTER]
    return sentence.section == "disputes" or any(
        _DISCLOSURE.search(words) for words in (around, sentence.heading)
    )


def _suits(report: AnnualReport) -> int:
    return report.cell4("suit_direct") + report.cell4("suit_after_review")


def _meant(name: str, report: AnnualReport) -> tuple[set[int], str]:
    """The numbers of table 四 that a name may mean, and their words."""
    review, suits = report.cell4("review"), _suits(report)
    direct, after = report.cell4("suit_direct"), report.cell4("suit_after_review")
    if re.search("未经复议|直接", name):
        return {direct}, f"未经复议直接起诉总计为 {direct}"
    if re.search("复议后|经复议", name):
        return {after}, f"复议后起诉总计为 {after}"
    if _BOTH.search(name):
        words = f"行政复议总计为 {review}，行政诉讼总计为 {suits}"
        if "各" in name:
            return ({review} if review == suits else set()), words
        return {review + suits, suits}, words
    if re.search("诉讼|起诉|应诉", name):
        return {suits}, f"行政诉讼总计为 {suits}"
    return {review}, f"行政复议总计为 {review}"
