"""V35: shares and changes in per cent beside the numbers that they are of.

People round to whole per cent or to one or two decimals, up, down or half up: any of it is right. What is asked is
whether any number that the words may mean fits; a share of something that the text does not count is left alone.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from workflow.report.checks.matters import about_applications, other_time, totals
from workflow.report.checks.registry import Asked, Said, check
from workflow.report.checks.sentences import Quantity, Sentence, quoted

_PERCENT = r"(?<![\d.])(\d{1,5}(?:\.\d{1,4})?)%(?!以上|左右)"
_SHARE = re.compile(
    rf"[,、(]?(?P<about>约)?占(?:比|(?P<of>[^,;:()、\d]{{0,14}}?)(?:的)?(?:比例|比重|比)?)(?:为|是|达到?|:)?"
    rf"(?P<near>约|近|超过?)?{_PERCENT}"
)
_OF_ALL = re.compile(
    "(?>申请|受理|答复|办结|办理|收到|公开|信息|政府|结果|予以|全部|本年|全年|已|总|件|数|量|条|篇|体|的)*+"
)
"""What may stand before a share of all that is told; of anything else it may be a share of something untold."""
_GOES_ON = re.compile("其中|在?[^,;:、\\d]{2,20}中[,:]")
_CHANGE = re.compile(rf"(增长|增加|上升|提高|增幅|下降|减少|降低|降幅)(?:了|率|达|为)*{_PERCENT}")
_BETWEEN = re.compile(
    r"[,、(]?(?>同比|[较比同与和]|上年|上一年|去年|20\d\d年|度|同期|相比|的|件数|数量|总量|总数|,)*+"
)
"""What may stand between a number and its change; anything else may be what changed."""
_GROWS = frozenset(("增长", "增加", "上升", "提高", "增幅"))
_EARLIER = re.compile(
    r"(?:上一?年|去年|前年|(20\d\d)年)度?(?:同期)?[^,;%\d]{0,12}$|^[较比与同和]?同期"
)
"""Before a number that is of an earlier year, unless the year named is that of the report."""
_MORE = "增加|增长|上升|多"
_DIFFERENCE = re.compile(f"({_MORE}|减少|下降|降低|少)(?:了)?$")
_RECEIVED = re.compile("收到|受理|新收|接到")
_YEAR = re.compile(r"(20\d\d)年")


@check("V35")
def percentages_fit_their_numbers(asked: Asked) -> Iterator[Said]:
    for sentence in asked.sentences:
        if "%" in sentence.text and sentence.quantities:
            yield from _shares(asked, sentence)
            yield from _changes(asked, sentence)


def _shares(asked: Asked, sentence: Sentence) -> Iterator[Said]:
    """信函申请39件，占83%: of a number that the sentence names, or the one before where it goes on with it."""
    told = _wholes(sentence)
    for quantity in sentence.quantities:
        found = _SHARE.match(sentence.text, quantity.end)
        if not found or not quantity.exact or found["about"] or found["near"]:
            continue
        if not _OF_ALL.fullmatch(found["of"] or ""):
            continue
        wholes = [
            one
            for one in told
            if one.unit == quantity.unit and one.value >= quantity.value and one is not quantity
        ]
        if not wholes or any(not one.exact for one in wholes):
            continue
        values = {one.value for one in wholes} | _sums(sentence, quantity)
        if about_applications(sentence) and asked.report.table3 is not None:
            values |= totals(asked.report, "new_received") | totals(asked.report, "total")
        values.discard(0)
        if any(_fits(found[4], Decimal(100 * quantity.value) / value) for value in values):
            continue
        said = sentence.text[quantity.start - len(quantity.before) : found.end()].lstrip("、")
        of = max(one.value for one in wholes)
        if of:
            yield (
                sentence.title,
                f"写的是“{quoted(said)}”，{quantity.value} 占 {of} 的 "
                f"{Decimal(100 * quantity.value) / of:.2f}%，请核对",
            )


def _wholes(sentence: Sentence) -> list[Quantity]:
    """The numbers of which others may be a share: those without a share of their own."""
    goes_on = sentence.previous if _GOES_ON.match(sentence.text) else None
    return [
        one
        for where in (goes_on, sentence)
        if where is not None
        for one in where.quantities
        if not _SHARE.match(where.text, one.end)
    ]


def _sums(sentence: Sentence, quantity: Quantity) -> set[int]:
    """The sums of numbers of one unit that stand beside each other in the sentence."""
    values = [one.value for one in sentence.quantities if one.unit == quantity.unit][:16]
    return {
        sum(values[start:end])
        for start in range(len(values))
        for end in range(start + 2, len(values) + 1)
        if sum(values[start:end]) >= quantity.value
    }


def _changes(asked: Asked, sentence: Sentence) -> Iterator[Said]:
    """收到34件，比上年的50件下降32%: where last year's number stands beside it, or in last year's report."""
    for found in _CHANGE.finditer(sentence.text):
        ahead = [
            one
            for one in sentence.quantities
            if one.end <= found.start()
            and "结转" not in one.before
            and not _in_brackets(sentence.text, one.start, found.start())
        ]
        if not ahead or not _BETWEEN.fullmatch(sentence.text[ahead[-1].end : found.start()]):
            continue
        pair = _pair(asked, sentence, ahead)
        if pair is None:
            continue
        now, thens = pair
        sign = 1 if found[1] in _GROWS else -1
        exact = [sign * Decimal(100 * (now - then)) / then for then in thens if then > 0]
        if not exact or any(_fits(found[2], one) for one in exact):
            continue
        then = next(one for one in thens if one > 0)
        told = _told_now(ahead, now)
        first = next(one for one in ahead if one.value in (told, then))
        said = sentence.text[first.start - len(first.before) : found.end()].lstrip("、")
        changed = _changed(told, then, in_number=told != now)
        yield (
            sentence.title,
            f"写的是“{quoted(said)}”，{then} 到 {told} 是{changed}，请核对",
        )


def _in_brackets(text: str, place: int, behind: int) -> bool:
    """Told in brackets that are closed before what comes behind."""
    return text.rfind("(", 0, place) > text.rfind(")", 0, place) and ")" in text[place:behind]


def _pair(asked: Asked, sentence: Sentence, ahead: list[Quantity]) -> tuple[int, list[int]] | None:
    """This year's number and what last year's may have been. None where the words do not say."""
    last = ahead[-1]
    same = [one for one in ahead if one.unit == last.unit]
    if any(not one.exact for one in same[-2:]):
        return None
    if len(same) == 1:
        return _against_last_report(asked, sentence, last)
    now = same[-2].value
    difference = _DIFFERENCE.search(last.before)
    if difference:
        more = last.value if difference[1] in _MORE.split("|") else -last.value
        if not _of_earlier_year(same[-2], asked.report.year):
            return now, [now - more]
        return (now + more, [now]) if now + more >= 0 and asked.report.year else None
    if _of_earlier_year(last, asked.report.year) and not _YEAR.search(same[-2].before):
        return now, [last.value]
    years = [_YEAR.findall(one.before) for one in same]
    if len(same) == 2 and all(years):
        first, second = (int(one[-1]) for one in years)
        if second == first + 1:
            return last.value, [now]
        if second == first - 1:
            return now, [last.value]
    return None


def _of_earlier_year(quantity: Quantity, year: int) -> bool:
    found = _EARLIER.search(quantity.before)
    return found is not None and found[1] != str(year)


def _told_now(ahead: list[Quantity], now: int) -> int:
    """收到9件，较上年的14件减少6件: this year's number as it stands before last year's and a difference that
    does not lead to it, rather than the one that follows from them."""
    same = [one for one in ahead if one.unit == ahead[-1].unit]
    stands = len(same) == 3 and same[0].exact and now not in [one.value for one in same]
    return same[0].value if stands else now


def _against_last_report(
    asked: Asked, sentence: Sentence, quantity: Quantity
) -> tuple[int, list[int]] | None:
    """The number of applications received, beside last year's report."""
    report, before = asked.report, asked.known.before
    if before is None or before.table3 is None or before.year != report.year - 1:
        return None
    if not about_applications(sentence) or other_time(sentence.text[: quantity.start], report.year):
        return None
    new, had = (report.cell3(row) for row in ("new_received", "carried_in"))
    if quantity.value not in (new, new + had) or not _RECEIVED.search(quantity.before):
        return None
    new, had = (before.cell3(row) for row in ("new_received", "carried_in"))
    return quantity.value, [new, new + had]


def _fits(printed: str, exact: Decimal) -> bool:
    """Rounded or cut off at the printed place."""
    place = len(printed.partition(".")[2])
    return abs(Decimal(printed) - exact) < Decimal(1).scaleb(-place)


def _changed(now: int, then: int, *, in_number: bool) -> str:
    if now == then:
        return "持平"
    more, word = ("增加", "增长") if now > then else ("减少", "下降")
    number = f"{more} {abs(now - then)}、" if in_number else ""
    return f"{number}{word} {Decimal(100 * abs(now - then)) / then:.2f}%"
