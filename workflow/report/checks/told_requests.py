"""What the text says of applications beside table 三 (a part of V12).

A sentence is held against the table only where it can mean nothing else: numbers of a channel, a month, another
year, another body, another matter or of some applications only are left alone, and so is what follows 其中.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from workflow.report.annual import AnnualReport
from workflow.report.checks.matters import (
    CHANNELS,
    COMPARED,
    SUB_BODIES,
    about_applications,
    clause,
    of_the_whole_place,
    other_time,
    received,
    totals,
)
from workflow.report.checks.registry import Asked, Said
from workflow.report.checks.sentences import Quantity, Sentence, quoted

_UNITS = frozenset("件宗份条例次起项封个")
_VAGUE_UNITS = frozenset("份条次个")
"""Units in which other things are counted too: the words must name the application."""
_NAMED = re.compile("(?<!依)申请")
_LARGEST = 10**7
_OTHER_MATTER = re.compile(
    "复议|诉讼|应诉|起诉|败诉|投诉|举报|信访|热线|咨询|建议|提案|议案|留言|信箱|诉求|工单|舆情|补正|延期|延长|(?<!结)转办|转交|移送|撤回|撤销"
    "|公文|发文|许可|补贴|救助|低保|仲裁|工伤|援助|听证|证明|超期|逾期"
)
_ONE_GROUP = re.compile("自然人|个人|公民|法人|企业|公司|机构|组织|律师")
_ONE_APPLICANT = re.compile(
    "[一二两三四五六七八九十\\d][名位]|同一|某(?![某局委办厅院处所县市区旗省乡镇村部街]|公司|单位)|[\u4e00-\u9fff][×*]{1,2}(?=[提向等一于因就通])"
)
_WITHDRAWN = re.compile("撤回|撤销|撤件")
_BOTH_GROUPS = re.compile(
    "(?:自然人|公民|个人|群众|公众).{0,4}(?:法人|企业|组织|单位)|法人(?:和|或|及|、|或者)?其[他它]组织"
)
_CARRIED_OUT = re.compile(
    r"结转(?:到|至|入)?(?:下一?|次|明|\d{4})年|转(?:入|至|到)(?:下一?|次|明)年|结转下年|跨年度?办理"
)
_CARRIED_IN = re.compile(
    r"上(?:一)?年度?(?:结转|转|遗留)|去年(?:结转|遗留)|\d{4}年(?:度)?结转(?!至|到|入)|结转上年|含.{0,4}结转|年初结转"
)
_NEW = re.compile("新收")
_RECEIVED = re.compile("共?收[到悉件办]|接到|受理|接收|共收|接获|发生|产生")
_HANDLED = re.compile(
    "(?<!正在)(?<!尚在)(?<!仍在)(?<!还在)办理|(?<!不予)(?<!其[他它])(?<!其[他它]情[形况])(?<!其[他它]方式)处理"
)
_DONE = re.compile("办结|办理完毕|办理完成|处理完毕|办复")
_REPLIED = re.compile("答复|回复")
_ENDED = re.compile("|".join(one.pattern for one in (_HANDLED, _DONE, _REPLIED)))
_VERB = re.compile("|".join(one.pattern for one in (_NEW, _RECEIVED, _HANDLED, _DONE, _REPLIED)))
_IN_TIME = re.compile("按[时期]|如期|限内|期限")
_OF_ALL = (
    "政府|政务|信息|公开|依申请|相关|有关|公民|自然人|个人|群众|社会|公众|申请人|法人|组织|单位|其[他它]|各类|各种|任何|形式|向|我[局委办厅院县市区乡镇]|本机关|本单位|本局|方面|该项"
    "|或者|主动|提出|提交|要求|需要?|全部|本年度?|年度|当年|新|并|收到|接到|受理|接收|办理|处理|办结|答复|回复|登记|结转|上年度?|上一年度?"
    '|下年度?|下一年度?|继续|申请[书表]?|事项|件数?|表|数量?|总数|总量|总|办件|案件|业务|工作|共计|合计|总计|累计|共|计|为|有|达|了|到|的|和|或|及|与|在|、|:|[“”"]'
)
_OBJECT = re.compile(f"(?>{_OF_ALL})*+")
"""What may stand between a verb and its number, or behind it, where all applications are meant; atomic, so that no
text is tried twice. Of anything else (征地拆迁的) only some are counted."""
_LEAD = re.compile(
    rf"(?>新增|20\d\d年|\d{{1,2}}[月日]|[今当全]年|全[省市县区镇乡局]|截至|截止|年?[底末]|依法|规范|实际|期间|以来|另外?有?|此外|同时|情况|数据|中"
    rf"|[我本](?:机关|单位|街道|[局委办厅院县市区乡镇站所队馆会社旗盟州处校])?|{_OF_ALL})*+"
)
"""What may stand before the name of applications where no verb does: a day, the office itself; of 涉农 only some are told."""
_FOR_OTHERS = re.compile(
    "牵头|会同|协助|配合|指导|引导|帮助|督办|督促|抽查|评查|检查|审核|审查|会商|研判|代拟|代为|代办|参与|研究|沟通|回访"
)
"""What an office does for others, or with an application that it counts elsewhere."""
_OF_SOME = re.compile("关于|涉及|就|[类对]|(?:申请|事项|件)中")
_ON_SOME = re.compile("针对|围绕|涉及|其中")
_UNSAID = re.compile(
    "(?:信息公开申请|公开申请|依申请公开(?:政府)?(?:信息|事项|申请|件)?)(?:数量|总数|总量|件数)?(?:共计|共|计|为|有)?$"
    "|申请(?:总量|总数|数量|件数|量)(?:共计|共|计|为|有)?$"
)
_THERE_ARE = re.compile("(?:共有|共计有?|总共有?|合计)$")
_DOCUMENTS = re.compile("公文|发文|制作.{0,6}信息|属性|不公开|主动公开.{0,12}\\d")
_NOT_ASKED = re.compile(
    "(?P<no>未|没有|无|未曾|尚未|从未)(?:收到|接到|受理|收悉|发生|产生|有|出现)(?P<what>.{0,40}?)(?:申请公开|申请|依申请公开)"
    "|(?:没有|无)(?P<who>[^,;:]{0,40}?)(?:提出|提交)[^,;:]{0,12}?申请|(?:无|没有)(?:政府信息公开申请|依申请公开|申请公开)|无人(?:提出)?申请|零申请|(?:收到|受理)(?P<none>.{0,16}?)申请(?:公开)?(?:为)?(?:(?<!\\d)0[件宗条]|零)"
    "|依申请公开(?:事项|件|申请|数量|共?受理|为)*(?:零(?:申请)?|(?<!\\d)0件)"
)
_BEHIND_NONE = re.compile(
    "(?:的|等)?(?:事项|件|情况|情形|信息|政府信息|公开|案件|表)*(?:$|[,;:()、])"
)
_SLOGAN = re.compile("每(?:收到|接到|受理|办理|答复)|做到|确保|坚持|力争|实现|一件.{0,6}一件")
_OTHERS_OFFICE = re.compile("[府委局厅]办(?:公室|公厅)?|办公[室厅]|信息中心|政务服务中心|[乡镇街]")
_QUOTED_BEFORE = 12


@dataclass(frozen=True)
class _Table3:
    """The numbers that a text may mean, each with its words."""

    report: AnnualReport
    new: set[int]
    carried_in: set[int]
    carried_out: set[int]
    received: set[int]
    done: set[int]
    replied: range
    received_words: str
    done_words: str

    @classmethod
    def of(cls, report: AnnualReport) -> "_Table3":
        new, had = report.cell3("new_received"), report.cell3("carried_in")
        return cls(
            report=report,
            new=totals(report, "new_received"),
            carried_in=totals(report, "carried_in"),
            carried_out=totals(report, "carried_out"),
            received=received(report),
            done=totals(report, "total"),
            replied=_replied(report),
            received_words=f"本年新收 {new}" + (f"，加上年结转为 {new + had}" if had else ""),
            done_words=f"（七）总计 {report.cell3('total')}",
        )


def beside_table3(asked: Asked) -> Iterator[Said]:
    """Numbers of applications that table 三 has otherwise."""
    table = _Table3.of(asked.report)
    for sentence in asked.said_in("overview", "applications"):
        if not about_applications(sentence) or SUB_BODIES.search(sentence.text):
            continue
        if of_the_whole_place(sentence.text, asked.report.agency):
            continue
        if sentence.text.lstrip('“"').startswith("其中"):
            continue
        none = _none_asked(sentence, asked.report)
        if none:
            new = asked.report.cell3("new_received")
            if new:
                yield sentence.title, f"写的是“{quoted(none)}”，表三本年新收为 {new}"
        elif sentence.quantities:
            yield from _counted(sentence, table)


def _none_asked(sentence: Sentence, report: AnnualReport) -> str | None:
    """The words that say that nobody asked for information."""
    found = next(
        (one for one in _NOT_ASKED.finditer(sentence.text) if _says_none(sentence, one)), None
    )
    if found is None or other_time(sentence.text[: found.end()], report.year):
        return None
    return sentence.text[max(0, found.start() - _QUOTED_BEFORE) : found.end()].split(",")[-1]


def _says_none(sentence: Sentence, found: re.Match[str]) -> bool:
    said, text = found[0], sentence.text
    if _OTHER_MATTER.search(said) or CHANNELS.search(said):
        return False
    if _ONE_GROUP.search(said) and not _BOTH_GROUPS.search(said):
        return False
    if not all(_OBJECT.fullmatch(found[name] or "") for name in ("what", "none", "who")):
        return False
    if _DOCUMENTS.search(text) and "申请" not in said.replace("依申请", ""):
        return False
    return bool(_BEHIND_NONE.match(text, found.end()))


def _counted(sentence: Sentence, table: _Table3) -> Iterator[Said]:
    open_ones: list[Quantity] = []
    withdrawn = _withdrawn(sentence)
    for quantity in sentence.quantities:
        if _ON_SOME.search(sentence.text, 0, quantity.start):
            break
        if _left_alone(sentence, quantity, table.report) or _of_one_way(sentence, quantity):
            continue
        right, words = _meant(sentence, quantity, table)
        if withdrawn and quantity.value - withdrawn in right:
            continue
        if right == table.received:
            open_ones.append(quantity)
        elif right and quantity.value not in right:
            yield sentence.title, f"写的是“{clause(sentence, quantity)}”，表三为：{words}"
    if sum(one.value for one in open_ones) in table.received:
        # The parts of a whole: so many by the office, so many by the others.
        return
    for quantity in open_ones:
        if quantity.value not in table.received:
            words = clause(sentence, quantity)
            yield sentence.title, f"写的是“{words}”，表三为：{table.received_words}"


def _of_one_way(sentence: Sentence, quantity: Quantity) -> bool:
    """网上申请32件，办结28件: what was finished of those that came one way, also behind the number of all."""
    since = sentence.text.rfind(";", 0, quantity.start)
    earlier = [
        one
        for one in sentence.quantities
        if since < one.start < quantity.start and not _ENDED.search(one.before)
    ]
    if not earlier or not _ENDED.search(quantity.before):
        return False
    last = earlier[-1]
    return all(CHANNELS.search(one.before) for one in earlier) or (
        CHANNELS.search(last.before) is not None and quantity.value <= last.value
    )


def _withdrawn(sentence: Sentence) -> int:
    """Requests that were taken back: 收到 may count them, and the table not."""
    return sum(
        one.value
        for one in sentence.quantities
        if one.exact and _WITHDRAWN.search(one.before + one.after)
    )


def _left_alone(sentence: Sentence, quantity: Quantity, report: AnnualReport) -> bool:
    before, after = quantity.before, quantity.after
    words = before + after
    if quantity.unit not in _UNITS or not quantity.exact or quantity.value >= _LARGEST:
        return True
    if quantity.unit in _VAGUE_UNITS and not (
        _NAMED.search(words) or ("依申请" in words and _VERB.search(before))
    ):
        return True
    if quantity.spelt and _SLOGAN.search(sentence.text):
        return True
    if _OTHER_MATTER.search(words) or CHANNELS.search(words) or _OF_SOME.search(before):
        return True
    if _FOR_OTHERS.search(before):
        return True
    so_many_people = sentence.text[: quantity.start - len(before)].endswith("人")
    if so_many_people or _ONE_APPLICANT.search(before):
        return True
    if _ONE_GROUP.search(before) and not _BOTH_GROUPS.search(before):
        return True
    others = _OTHERS_OFFICE.findall(before)
    if any(name not in report.agency for name in others):
        return True
    carried = _CARRIED_IN.search(words)
    if carried and f"{report.year + 1}年" in before:
        # What this report carries out, told of the year after.
        return True
    if COMPARED.search(before) and not carried:
        return True
    return not (carried or _CARRIED_OUT.search(words)) and other_time(
        sentence.text[: quantity.start], report.year
    )


def _meant(sentence: Sentence, quantity: Quantity, table: _Table3) -> tuple[Collection[int], str]:
    """The numbers of table 三 that a quantity may name, and their words; none where it may be anything."""
    before, after = quantity.before, quantity.after
    if _CARRIED_OUT.search(before) or (_CARRIED_OUT.search(after) and not _RECEIVED.search(before)):
        return table.carried_out, f"结转下年度 {table.report.cell3('carried_out')}"
    carried = _CARRIED_IN.search(before)
    if carried and not _NEW.search(before, carried.end()):
        return table.carried_in, f"上年结转 {table.report.cell3('carried_in')}"
    if after and not _OBJECT.fullmatch(after) and not _CARRIED_OUT.search(after):
        return (), ""
    either = table.received | table.done
    both_words = f"{table.received_words}，{table.done_words}"
    verbs: tuple[tuple[re.Pattern[str], Collection[int], str], ...] = (
        (_NEW, table.new, f"本年新收 {table.report.cell3('new_received')}"),
        (_RECEIVED, table.received, table.received_words),
        (_DONE, table.done, table.done_words),
        (_REPLIED, table.replied, table.done_words),
        (_HANDLED, either, both_words),
    )
    for verb, right, words in verbs:
        found = verb.search(before)
        if found is None:
            continue
        of_it = before[found.end() :]
        if not _OBJECT.fullmatch(of_it):
            return (), ""
        if verb is _DONE and _of_the_new(sentence, quantity, found.start(), table):
            return (), ""
        if verb in (_DONE, _REPLIED) and _IN_TIME.search(before) and quantity.value < max(right):
            return (), ""
        if verb is _RECEIVED and (_DONE.search(of_it) or _REPLIED.search(of_it)):
            return either, both_words
        return right, words
    if _THERE_ARE.search(before) and _NAMED.search(after):
        return either, both_words
    unsaid = _UNSAID.search(before)
    lead = before[: unsaid.start()].replace(table.report.agency or " ", "") if unsaid else ""
    if unsaid and _LEAD.fullmatch(lead) and not _DOCUMENTS.search(sentence.text):
        return either, both_words
    return (), ""


def _of_the_new(sentence: Sentence, quantity: Quantity, verb: int, table: _Table3) -> bool:
    """新收34件中，办结30件, or 办结30件，加上年结转2件，共办结32件 (or 上年结转2件已办结): without those
    that were carried in."""
    behind = sentence.text[: quantity.start - len(quantity.before) + verb]
    of_them = re.search("中[,已]*(?:经)?$", behind) is not None
    beside = _CARRIED_IN.search(sentence.text) is not None and any(
        (one.value in table.done and _DONE.search(one.before))
        or (
            one.value in table.carried_in
            and _CARRIED_IN.search(one.before)
            and _DONE.search(one.before + one.after)
        )
        for one in sentence.quantities
    )
    left = range(min(table.done) - max(table.carried_in), max(table.done))
    return (of_them or beside) and quantity.value in left


def _replied(report: AnnualReport) -> range:
    """Replies given: what was not processed, withdrawn or lapsed may have had none."""
    closed = [row for row in report.table3 or {} if row.startswith(("other", "not_processed_"))]
    unanswered = max(totals(report, *closed, "unable_unclear_after_correction"))
    done = totals(report, "total")
    return range(min(done) - unanswered, max(done) + 1)
