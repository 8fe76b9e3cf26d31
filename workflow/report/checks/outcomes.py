"""V38: outcomes and kinds of applicants that the text tells, beside table 三."""

import re
from collections.abc import Iterator, Mapping

from workflow.report.annual import AnnualReport
from workflow.report.checks.matters import (
    CHANNELS,
    COMPARED,
    SUB_BODIES,
    about_applications,
    clause,
    has_numbers,
    other_time,
    received,
    summed,
    totals,
)
from workflow.report.checks.registry import Asked, Said, check
from workflow.report.checks.sentences import Quantity, Sentence, quoted

_COUNTED = frozenset("件宗份例起")
_FILLED = "(?:政府信息|信息|类|的|答复|决定|处理|申请|情形|情况|办理|结果|[“”\"'])*+(?:共计|共|计|为|有|是|:)*+$"
_ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("(?:予以|(?<!不)同意|全部)公开", ("disclosed",)),
    ("部分公开", ("partially_disclosed",)),
    ("不予公开|不同意公开", ("refused_",)),
    ("无法提供", ("unable_",)),
    ("不予处理", ("not_processed_",)),
    ("其[他它]处理", ("other",)),
    ("不掌握(?:相关)?(?:政府)?信息|本机关不掌握|信息不存在", ("unable_not_held",)),
    ("没有现成信息|需要?另行制作", ("unable_needs_creation",)),
    ("补正后(?:申请内容)?仍不明确", ("unable_unclear_after_correction",)),
    ("属于国家秘密", ("refused_state_secret",)),
    ("内部事务信息", ("refused_internal_affairs",)),
    ("(?:涉及|保护|属于|损害)第三[方人]合法权益", ("refused_third_party_rights",)),
    ("过程性信息", ("refused_deliberative",)),
    ("行政执法案卷", ("refused_enforcement_file",)),
    ("行政查询事项", ("refused_administrative_query",)),
    ("重复申请", ("not_processed_repeat",)),
)
_OUTCOMES = tuple((re.compile(f"(?:{words}){_FILLED}"), rows) for words, rows in _ROWS)
_JOINED = re.compile(
    f"({'|'.join(f'(?:{words})' for words, _ in _ROWS)})(?:政府信息|信息|的|[“”\"'])*(?:和|或|及|以及|与|、)+$"
)
"""An outcome that is told together with the one behind it: 不予公开、无法提供共12件."""
_BEHIND = tuple(
    (re.compile(f"(?:为|是|属于|系|均)?(?:{words})(?:的|信息|$)"), rows) for words, rows in _ROWS
)
_APPLICANTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(f"(?:{words})(?:提出|提交|申请|的|为|是|共|:|、)*+$"), kind)
    for words, kind in (
        (
            "法人(?:和|或|及|、|或者)?其[他它](?:组织|社会组织)|法人(?:单位|组织)?|单位|社会组织",
            "organizations",
        ),
        ("(?:商业)?企业|公司", "business"),
        ("科研机构", "research_institute"),
        ("社会公益组织", "public_welfare"),
        ("法律服务机构|律师事务所", "legal_service"),
        ("自然人|公民(?:个人)?|个人", "natural_person"),
    )
)
_ALL_ONE_KIND = re.compile("(?:全部|均|都)(?:为|是|系)(?:自然人|公民|个人)")
_ALL_DISCLOSED = re.compile(
    "(?:全部|均|都|皆)(?:已经?|依法|依规|按[时期]|按规定|及时)*(?:予以|同意)公开(?:$|[,;])"
)
_ALL_MEANT = re.compile("(?>政府信息公开|依申请公开|申请|事项|上述|以上|对|的|已|,)*+")
"""What may stand between all applications and their outcome."""
_DOCUMENTS = re.compile("公文|发文|属性|制作|主动公开|印发|文件\\d|\\d[件条份]文件|查阅|政策文件")
_OTHER = re.compile(
    "复议|诉讼|提案|建议|热线|信访件|投诉|举报件|许可申请|留言|调查|占|第三[方人](?:均|都)?不?同意|征[求询]"
)
_ON_SOME = re.compile(
    f"针对|围绕|涉及(?!第三[方人]|国家秘密|过程性|内部事务)|类申请|{CHANNELS.pattern}"
)
"""Before a number: it may be the outcome of some applications only."""
_OF_CARRIED = re.compile(
    r"结转[^,;]{0,8}\d件[^,;\d]{0,6}(?:予以公开|同意公开|部分公开|不予|无法提供)"
)
"""Outcomes of those carried in told apart, 上年结转的2件予以公开: the others in the sentence are without them."""
_NAMED = {
    "organizations": "法人或其他组织",
    "business": "商业企业",
    "research_institute": "科研机构",
    "public_welfare": "社会公益组织",
    "legal_service": "法律服务机构",
    "natural_person": "自然人",
}


@check("V38")
def outcomes_and_applicants_are_those_of_the_table(asked: Asked) -> Iterator[Said]:
    report = asked.report
    if not has_numbers(report.table3) or asked.unread3:
        return
    every = (received(report) | totals(report, "total")) - {0}
    for sentence in asked.said_in("overview", "applications"):
        if not _of_applications(sentence):
            continue
        yield from _all_disclosed(asked, sentence, every)
        if not sentence.quantities:
            continue
        # The sentence, or the one before, tells all applications of the year: what is told of their
        # applicants and outcomes is of all.
        whole = any(one.value in every for each in _near(sentence) for one in each.quantities)
        for quantity in sentence.quantities:
            if _ON_SOME.search(sentence.text, 0, quantity.start):
                break
            if _left_alone(sentence, quantity, report.year):
                continue
            if whole or quantity is sentence.quantities[0]:
                yield from _outcome(asked, sentence, quantity)
            if whole:
                yield from _applicant(asked, sentence, quantity)
        if whole and _ALL_ONE_KIND.search(sentence.text):
            yield from _one_kind(asked, sentence)


def _left_alone(sentence: Sentence, quantity: Quantity, year: int) -> bool:
    before = quantity.before
    if quantity.unit not in _COUNTED or not quantity.exact:
        return True
    if _OTHER.search(before) or COMPARED.search(before):
        return True
    return other_time(sentence.text[: quantity.start], year)


def _near(sentence: Sentence) -> list[Sentence]:
    return [sentence] if sentence.previous is None else [sentence, sentence.previous]


def _of_applications(sentence: Sentence) -> bool:
    """About applications of this body, by its own words or those of the sentence before; not about
    documents."""
    near = _near(sentence)
    return (
        any(about_applications(one) for one in near)
        and not any(_DOCUMENTS.search(one.text) for one in near)
        and not SUB_BODIES.search(sentence.text)
    )


def _outcome(asked: Asked, sentence: Sentence, quantity: Quantity) -> Iterator[Said]:
    report = asked.report
    if _OF_CARRIED.search(sentence.text):
        return
    found = next((rows for words, rows in _OUTCOMES if words.search(quantity.before)), None)
    if found is None and not quantity.before.strip('、和有“"') and quantity.after:
        found = next((rows for words, rows in _BEHIND if words.match(quantity.after)), None)
    if found is None:
        return
    rows = [row for row in report.table3 or {} if row.startswith(found)]
    right = totals(report, *rows)
    together = [row for row in report.table3 or {} if row.startswith(_together(quantity.before))]
    if len(together) > len(rows):
        right = right | totals(report, *together)
    if found == ("disclosed",) and "部分公开" not in sentence.text:
        right = right | summed(right, totals(report, "partially_disclosed"))
    if found == ("unable_not_held",):
        right = right | totals(
            report, *(row for row in report.table3 or {} if row.startswith("unable_"))
        )
    if found == ("other",) and "逾期" in sentence.text:
        return
    if quantity.value not in right:
        value = sum(report.cell3(row) for row in rows)
        yield (
            sentence.title,
            f"写的是“{clause(sentence, quantity)}”，表三“{_label(asked, found[0])}”总计为 {value}",
        )


def _together(before: str) -> tuple[str, ...]:
    """The rows of the outcomes that are told together in front of a number."""
    last = next((one for words, _ in _OUTCOMES if (one := words.search(before))), None)
    ahead = before[: last.start()] if last else ""
    rows = tuple(row for words, some in _OUTCOMES if words.search(before) for row in some)
    while joined := _JOINED.search(ahead):
        rows += tuple(row for words, some in _OUTCOMES if words.search(joined[1]) for row in some)
        ahead = ahead[: joined.start()]
    return rows


def _all_disclosed(asked: Asked, sentence: Sentence, every: set[int]) -> Iterator[Said]:
    """收到34件，均予以公开, beside other outcomes in the table."""
    if "以公开" not in sentence.text and "同意公开" not in sentence.text:
        return
    found = _ALL_DISCLOSED.search(sentence.text)
    if found is None or "其中" in sentence.text[: found.start()]:
        return
    ahead = [one for one in sentence.quantities if one.end <= found.start()]
    before = sentence.previous.quantities if sentence.previous and not ahead else ()
    last = next(reversed(ahead or before), None)
    since = ahead[-1].end if ahead else 0
    if last is None or last.value not in every or not last.exact or last.unit not in _COUNTED:
        return
    where = sentence if ahead else sentence.previous
    if where is None or not _ALL_MEANT.fullmatch(sentence.text, since, found.start()):
        return
    if _ON_SOME.search(where.text, 0, last.start) or _left_alone(where, last, asked.report.year):
        return
    report = asked.report
    disclosed = totals(report, "disclosed")
    # What was withdrawn, or lapsed, got no answer.
    others = totals(report, *(row for row in report.table3 or {} if row.startswith("other")))
    right = summed(disclosed, {0} | totals(report, "partially_disclosed"))
    right = right | summed(right, others)
    if totals(report, "total").isdisjoint(right):
        yield (
            sentence.title,
            f"写的是“{quoted(found[0].rstrip(',;'))}”，表三（七）总计为 {report.cell3('total')}，"
            f"其中予以公开 {report.cell3('disclosed')}",
        )


def _label(asked: Asked, name: str) -> str:
    formats = asked.formats
    if name.endswith("_"):
        label = formats.groups[name[:-1]]
    else:
        label = formats.rows[asked.report.format].get(name) or formats.groups.get(name, name)
    return label.split("(区分")[0]


def _applicant(asked: Asked, sentence: Sentence, quantity: Quantity) -> Iterator[Said]:
    report = asked.report
    kind = next((kind for words, kind in _APPLICANTS if words.search(quantity.before)), None)
    if kind is None:
        return
    right = _of_kind(report, kind)
    if kind == "organizations":
        right |= _of_kind(report, "business") | _of_kind(report, "other_organization")
        right.add(_new_of_kind(report, "organizations") - _new_of_kind(report, "business"))
    if kind == "business":
        right |= _of_kind(report, "organizations")
    if quantity.value not in right:
        yield (
            sentence.title,
            f"写的是“{clause(sentence, quantity)}”，表三本年新收的“{_NAMED[kind]}”为 "
            f"{_new_of_kind(report, kind)}",
        )


def _one_kind(asked: Asked, sentence: Sentence) -> Iterator[Said]:
    others = _new_of_kind(asked.report, "organizations")
    if others:
        found = _ALL_ONE_KIND.search(sentence.text)
        said = found[0] if found else ""
        yield sentence.title, f"写的是“{quoted(said)}”，表三本年新收的“法人或其他组织”为 {others}"


def _of_kind(report: AnnualReport, kind: str) -> set[int]:
    """All numbers that a text may tell of a kind of applicants: new, with those carried in, or answered."""
    new, had, done = (_number(report, row, kind) for row in ("new_received", "carried_in", "total"))
    return {new, new + had, done}


def _new_of_kind(report: AnnualReport, kind: str) -> int:
    return _number(report, "new_received", kind)


def _number(report: AnnualReport, row: str, kind: str) -> int:
    cells: Mapping[str, object] = (report.table3 or {}).get(row, {})
    if kind == "organizations":
        names = [one for one in cells if one not in ("natural_person", "total")]
        return sum(report.cell3(row, one) for one in names)
    return report.cell3(row, kind)
