"""V34: the parts of a total that a sentence names, beside the total.

40条，其中政策文件4条，行政许可6条，其他信息25条. What is asked is whether any reading adds up; a list that ends
in 等, names one part only, or whose parts may overlap (the same item on two channels) is left alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.report.checks.matters import CHANNELS, about_applications
from workflow.report.checks.registry import Asked, Said, check
from workflow.report.checks.sentences import (
    LONGEST,
    NUMBERED,
    Quantity,
    Sentence,
    quantities,
    quoted,
)

SUMS_MOST = 5_000
"""Different sums of parts that are looked at; a list that has more is left alone."""
_ITEMS = frozenset("条件份项篇部封起宗例则")
"""Units of what can be in one part only; of meetings and people several things are told at once."""
NEARLY_ALL_OF_FEW, NEARLY_ALL_OF_MANY, MANY = 0.9, 0.8, 5
"""The share of a total from which a list of three, or of many parts is taken for a whole one."""

_MARK = re.compile(
    r"(?P<chosen>主要)?(?:其中(?:包括|包含|含|有|的)?[,:]?|(?P<whole>分别(?:为|是|有))[,:]?"
    r"|\((?:含|包括|其中|包含)[,:]?|(?P<told>包括|包含|(?<=[条件份篇项部]):)[,:]?|(?:^在?|[,;]在?)[^,;:、\d]{2,20}中[,:])"
)
_OPEN = re.compile("等|(?<!其)余|不限于|主要|部分为|大部分")
_OPEN_BEHIND = re.compile("等|以上|左右|多|余")
_OPEN_TAIL = re.compile(
    "^[,、]?(?:以及|还有|及|和|与)[^;]{0,40}等|等(?:各类|相关|政府|其[他它]|方面|的)*(?:信息|内容|栏目|事项|类|形式)?$"
)
_NOT_A_PART = re.compile(
    "占|同比|环比|[较比]20\\d\\d|[较比]上|[较比]去|增长|增加|减少|下降|上升|增幅|降幅|率|阅读|浏览|点击|访问|粉丝|关注"
)
_STOPS = re.compile(
    "(?:并|且|已|共|均|另|还|同时|全年|本年|截至|目前|累计)*(?:收到|受理|接到|办结|答复|回复|结转|共|合计|总计|全年|本年|截至"
    "|发布|召开|举办|开展|印发|新增|未)"
)
_REST = re.compile("其[他它余]|剩余")
_NATURAL = re.compile("自然人|公民|个人")
_LEGAL = re.compile("法人|组织|单位")
_OUTCOME = re.compile("予以公开|部分公开|不予公开|无法提供|不予处理|其[他它]处理|不存在|结转")
_ANSWERED = re.compile("办结|答复|办理")
_CHANNEL = re.compile(
    "通过|平台|网|公众号|微信|微博|抖音|客户端|[开示传]栏|显示屏|新媒体|渠道|报|广播|电视|短信|群|依托|利用"
)
_TOTAL_BEHIND = re.compile("(?:合计|共计|总计|总共|共)(?:为|达|:)?$")
_SMALLER = re.compile("较|比|增|减|下降|上升")
_NO_PART = re.compile(
    "(?:共|另|还|新|已|并|均|全年|本年度?|累计|同时|其中)*(?:收到|受理|接到|接收|办结|办理|答复|处理|印发|制定|制发|出台|召开|举办|开展|组织|发布"
    "|公开|公布|更新|报送|上报|修订|废止|转发|结转|撤回|撤销|补正|延期)"
)
"""How what is told next begins, where no word says that parts follow."""
_FOLLOW = re.compile("(?:如下|其中|包括|分别[为是]|具体[为是])?:$")
_ITEM = re.compile(f"{NUMBERED.pattern}|[一二三四五六七八九十]是")
_TRIMMED = "、,;:和及与以“”\"' "


@dataclass(frozen=True, slots=True)
class _List:
    """A total, every number that it may be meant for, its parts, and whatever else may be a part.
    whole: the words say that nothing is left out; close: in brackets right behind the total, and of no other number."""

    total: int
    candidates: frozenset[int]
    parts: tuple[Quantity, ...]
    perhaps: tuple[Quantity, ...]
    said: str
    whole: bool
    chosen: bool = False
    close: bool = False


@check("V34")
def parts_add_up_to_their_total(asked: Asked) -> Iterator[Said]:
    for sentence in asked.sentences:
        if len(sentence.quantities) < 2:
            continue
        told = [*_lists(sentence), *_totals_behind(sentence)]
        for one in (*(told or _unmarked(sentence)), *_in_brackets(sentence)):
            yield from _wrong(sentence.title, one)
    for key, text in asked.plain.items():
        for one in _in_paragraphs(text):
            yield from _wrong(asked.title(key), one)


def _wrong(title: str, one: _List) -> Iterator[Said]:
    added = sum(part.value for part in one.parts)
    if _claims(one, added) and not _adds_up(one):
        yield (
            title,
            f"写的是“{quoted(one.said)}”，各项相加为 {added}，总数写的是 {one.total}，请核对",
        )


def _lists(sentence: Sentence) -> Iterator[_List]:
    """Lists behind 其中, 分别为, (含, 包括: and …中，."""
    text = sentence.text
    marks = list(_MARK.finditer(text))
    for place, mark in enumerate(marks):
        until = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        if text.rfind("(", 0, mark.start() + 1) > text.rfind(")", 0, mark.start() + 1):
            closed = text.find(")", mark.end(), until)
            until = closed if closed >= 0 else until
        parts, perhaps, is_open = _parts(sentence, mark.end(), until)
        if is_open or len(parts) < 2:
            continue
        scope = _scope(sentence, mark.start(), parts[0].unit)
        heads = [one for one in scope if not _SMALLER.search(one.before)]
        if not heads or any(not one.exact for one in scope):
            continue
        head = heads[-1]
        labels = [part.before for part in parts]
        if sum(map(bool, map(_OUTCOME.search, labels))) > 1 and not _ANSWERED.search(head.before):
            # Results are of what was carried in as well; the tables are asked for them (V02, V38).
            continue
        since = head.start - len(head.before) if head in sentence.quantities else 0
        yield _List(
            total=head.value,
            candidates=_candidates(scope, head.value),
            parts=tuple(parts),
            perhaps=tuple(perhaps),
            said=text[since : parts[-1].end].lstrip(",;:、"),
            whole=bool(mark["whole"])
            or any(map(_REST.search, labels))
            or (any(map(_NATURAL.search, labels)) and any(map(_LEGAL.search, labels))),
            chosen=bool(mark["chosen"] or mark["told"]) and not any(map(_REST.search, labels)),
            close=mark[0].startswith("(") and head.end == mark.start(),
        )


def _scope(sentence: Sentence, before: int, unit: str) -> list[Quantity]:
    """The numbers that the total may be: those before the mark, else those of the sentence before."""
    own = [one for one in sentence.quantities if one.end <= before and one.unit == unit]
    if own or sentence.text[:before].strip(_TRIMMED):
        return own
    earlier = sentence.previous
    return [one for one in earlier.quantities if one.unit == unit] if earlier else []


def _parts(
    sentence: Sentence, since: int, until: int
) -> tuple[list[Quantity], list[Quantity], bool]:
    """The parts behind a mark; what else may be one; whether the list shows that it is not all."""
    parts: list[Quantity] = []
    perhaps: list[Quantity] = []
    inside = [one for one in sentence.quantities if since <= one.start and one.end <= until]
    ended = False
    for one in inside:
        label = one.before.strip(_TRIMMED)
        if parts and one.unit != parts[0].unit:
            ended = True
        elif ended or _NOT_A_PART.search(label) or (parts and _STOPS.match(label)):
            ended = ended or not _NOT_A_PART.search(label)
            perhaps.append(one)
        elif not one.exact or not label or _OPEN.search(label) or _OPEN_BEHIND.match(one.after):
            return parts, perhaps, True
        else:
            parts.append(one)
    tail = sentence.text[parts[-1].end if parts else since : until].split(";")[0]
    clauses = [clause for clause in tail.split(",") if clause][:2]
    return parts, perhaps, any(_OPEN_TAIL.search(clause) for clause in clauses)


def _candidates(scope: Sequence[Quantity], total: int) -> frozenset[int]:
    """Each number, and the sums of those that stand beside each other: 复议3件、诉讼3件，其中…"""
    values = [one.value for one in scope][-12:]
    sums = (
        sum(values[start:end])
        for start in range(len(values))
        for end in range(start + 1, len(values) + 1)
    )
    return frozenset(one for one in sums if 2 * one >= total)


def _totals_behind(sentence: Sentence) -> Iterator[_List]:
    """网上申请8件，信函3件，合计12件."""
    listed = sentence.quantities
    for place, total in enumerate(listed):
        if not _TOTAL_BEHIND.fullmatch(total.before.strip(_TRIMMED)) or not total.exact:
            continue
        parts: list[Quantity] = []
        for one in reversed(listed[:place]):
            if one.unit != total.unit or not one.exact or _NOT_A_PART.search(one.before):
                break
            parts.insert(0, one)
        sums = {sum(part.value for part in parts[start:]) for start in range(len(parts))}
        if len(parts) < 2 or total.value in sums or "其中" in sentence.text[: total.start]:
            continue
        if re.search("\\d", sentence.text[parts[-1].end : total.start]) or _OPEN.search(
            sentence.text[parts[0].start : total.start]
        ):
            continue
        said = sentence.text[parts[0].start - len(parts[0].before) : total.end]
        yield _List(total.value, frozenset({total.value}), tuple(parts), (), said, True)


def _unmarked(sentence: Sentence) -> Iterator[_List]:
    """收到申请34件，网上20件、信函12件、其他3件: parts that no word announces. Only where the last is the rest or all
    are ways of filing, and they come near the number before them."""
    listed = sentence.quantities
    for place, total in enumerate(listed):
        if not total.exact or total.unit not in _ITEMS:
            continue
        parts: list[Quantity] = []
        for one in listed[place + 1 :]:
            between = sentence.text[(parts[-1] if parts else total).end : one.start]
            if one.unit != total.unit or not one.exact or ";" in between or not _a_part(one):
                break
            parts.append(one)
        near = _nearly_whole(sentence, parts) if len(parts) >= 3 else None
        off = abs(sum(part.value for part in parts) - total.value)
        if near is not None and off <= (1 - near) * total.value:
            scope = [one for one in listed[: place + 1] if one.unit == total.unit]
            said = sentence.text[total.start - len(total.before) : parts[-1].end]
            candidates = _candidates(scope, total.value)
            yield _List(total.value, candidates, tuple(parts), (), said.lstrip(",;:、"), True)


def _in_brackets(sentence: Sentence) -> Iterator[_List]:
    """1204条(原创502条、转载802条): no word says that they are parts, so only more than there is is told."""
    for total in sentence.quantities:
        if not total.exact or sentence.text[total.end : total.end + 1] != "(":
            continue
        closed = sentence.text.find(")", total.end)
        inside = [one for one in sentence.quantities if total.end < one.start < closed]
        said = sentence.text[total.start - len(total.before) : closed + 1].lstrip(",;:、")
        if _MARK.match(sentence.text, total.end) or len(inside) < 2 or total.unit not in _ITEMS:
            continue
        if all(one.unit == total.unit and one.exact and _a_part(one) for one in inside):
            values = frozenset({total.value})
            yield _List(total.value, values, tuple(inside), (), said, False, True, True)


def _a_part(one: Quantity) -> bool:
    label = one.before.strip(_TRIMMED)
    return bool(label) and not (
        _NO_PART.match(label)
        or _NOT_A_PART.search(label)
        or _OPEN.search(label)
        or _OPEN_BEHIND.match(one.after)
    )


def _nearly_whole(sentence: Sentence, parts: Sequence[Quantity]) -> float | None:
    """The share of their total that parts may be short of, or above it, and still be meant to be all of it; None
    where they need not be parts."""
    labels = [part.before.strip(_TRIMMED) for part in parts]
    if _REST.match(labels[-1]):
        return None if any(map(_OUTCOME.search, labels)) else NEARLY_ALL_OF_MANY
    ways = about_applications(sentence) and all(map(CHANNELS.search, labels))
    return NEARLY_ALL_OF_FEW if ways else None


def _in_paragraphs(text: str) -> Iterator[_List]:
    """发布信息40条: with its parts in the paragraphs below, numbered one by one."""
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if not line.endswith(":") or len(line) > LONGEST or not _FOLLOW.search(line):
            continue
        heads = quantities(line[max(line.rfind(end) for end in "。;!?") + 1 :])
        parts: list[Quantity] = []
        for item in lines[place + 1 :]:
            number = _ITEM.match(item)
            if number is None:
                break
            found = quantities(item[number.end() : LONGEST])
            if not found or not _a_part(found[0]) or not found[0].exact:
                # An item without a number: what is listed is not what was counted.
                parts = []
                break
            parts.append(found[0])
        if len(parts) < 2 or len({one.unit for one in parts}) > 1 or parts[0].unit not in _ITEMS:
            continue
        scope = [one for one in heads if one.unit == parts[0].unit]
        if not scope or any(not one.exact or _SMALLER.search(one.before) for one in scope):
            continue
        labels = [one.before.strip(_TRIMMED) for one in parts]
        yield _List(
            total=scope[-1].value,
            candidates=_candidates(scope, scope[-1].value),
            parts=tuple(parts),
            perhaps=(),
            said=line,
            whole=any(map(_REST.match, labels)) or "分别" in line,
            chosen="主要" in line,
        )


def _adds_up(one: _List) -> bool:
    """Some reading fits: all parts, the first of them, or any of them where some are parts of others. Asked
    from the other side: whether what is too much is the sum of some."""
    values = [part.value for part in (*one.parts, *one.perhaps)]
    too_much = {sum(values) - candidate for candidate in one.candidates}
    highest = max(too_much, default=-1)
    left_out = {0}
    for value in values:
        left_out |= {sofar + value for sofar in left_out if sofar + value <= highest}
        if len(left_out) > SUMS_MOST:
            return True
    return not left_out.isdisjoint(too_much)


def _claims(one: _List, added: int) -> bool:
    """The list is one of all parts, or names more than there is."""
    if added > (one.total if one.close else max(one.candidates, default=added)):
        if one.parts[0].unit not in _ITEMS and not one.whole:
            return False
        overlapping = sum(bool(_CHANNEL.search(part.before)) for part in one.parts) >= 2
        return one.whole or not overlapping or any("申请" in part.before for part in one.parts)
    if one.chosen:
        return False
    if one.whole:
        return True
    if len(one.parts) < 3:
        return False
    least = NEARLY_ALL_OF_MANY if len(one.parts) >= MANY else NEARLY_ALL_OF_FEW
    return added >= least * one.total
