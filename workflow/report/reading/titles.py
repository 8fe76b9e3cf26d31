"""The titles of the six sections of a report, recognised by their wording with any numeral or none.

Bodies number them by hand (一、 1. （一） 第一部分) or let Word do it, which leaves no numeral in the text;
put sections of their own between them, or word a title otherwise. The same wordings stand below: 总体情况
has parts (一)主动公开政府信息情况, (二)依申请公开情况. So the titles are those of one manner of numbering:
the one that most of the official wordings have.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from workflow.report.annual import Oddity
from workflow.report.reading.labels import alike, official_title, wording
from workflow.report.reading.numbers import shown

TITLE_LONGEST = 50
OWN_LONGEST = 30
WITH_A_NUMERAL = frozenset(("其他", "其它"))
"""Titles only under a numeral: alone they are words of the tables."""
NEARLY, NEARLY_IN_PLACE = 0.75, 0.55
"""How much of a title has to be the official wording; less will do where its numeral is the right one."""
EXACT, INLINE, MERGED, WORDED = 1.0, 0.95, 0.9, 0.6
_DIGITS = "一二三四五六七八九十"
_FORMAL = "壹贰叁肆伍陆柒捌玖拾"
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_NUMBERED = re.compile(
    rf"[ #*>·•●■◆▶☆★-]*(?P<open>[(\[【〔〈<{{])?\s*(?P<of>第)?\s*"
    rf"(?:(?P<cn>[{_DIGITS}{_FORMAL}]{{1,2}})|(?P<num>\d{{1,2}})(?!\d)|(?P<roman>[IVX]{{1,4}})(?![A-Za-z]))\s*"
    r"(?P<part>部分|章|项|节)?\s*(?P<close>[)\]】〕〉>}])?\s*(?P<sep>[、丶﹑.,:;·—–~_-]+)?\s*(?P<rest>\S.*)"
)
_AND_NUMBERED = re.compile(rf"^(?:[、,和与及]?\s*[{_DIGITS}]\s*[、.,:]\s*)+")
_LEADER = re.compile(r"(?:\s*[.·…⋯_-]{2,}\s*|\s+)\d{1,3}$")
_MARKS = " #*>·•●■◆▶☆★-"
_ENDS = " .:。;,*#"
_SENTENCE = re.compile(r"[。;:,!?]")
_INLINE = re.compile(r"\s*[。:;\s(](?=\s*\S)")
TOP = ("cn", "none", "part", "num", "roman")
"""Manners of numbering that stand above (一) and (1), the likeliest first."""

_WORDED: dict[str, re.Pattern[str]] = {
    "overview": re.compile(r".{0,10}(?:总体|基本|整体).{0,6}情况|.{0,10}概[述况]"),
    "proactive": re.compile(
        r"(?:政府信息)?主动公开(?:政府|政务)?(?:信息)?(?:工作)?的?(?:基本|总体)?(?:情况)?"
    ),
    "applications": re.compile(
        r".{0,4}(?:收到|接收).{0,4}(?:处理|办理).{0,16}申请.{0,6}|(?:政府信息)?依?申请公开.{0,12}"
        r"|.{0,12}申请.{0,8}(?:收到|办理|处理|受理).{0,6}"
    ),
    "disputes": re.compile(
        r"(?!.*问题).{0,22}复议.{0,12}诉讼.{0,6}|(?!.*问题).{0,14}诉讼.{0,8}复议.{0,6}"
    ),
    "problems": re.compile(
        r"(?=.*(?:问题|不足|困难))(?=.*(?:存在|主要|改进|整改|打算|措施|[与和及])).{4,30}"
    ),
    "other_matters": re.compile(
        r"(?:其[他它]|需要|应当?|须|还)(?:需要|应当?|须|的)*(?:报告|说明|披露)?的?(?:其[他它])?的?(?:重要|有关)?"
        r"(?:事项|情况|内容)(?:.{0,3}附[表件录].{0,3})?|其[他它]"
    ),
}  # fmt: skip
_CORE = {
    "overview": re.compile("总体情况"),
    "proactive": re.compile("主动公开"),
    "applications": re.compile("收到和处理|依申请公开"),
    "disputes": re.compile("行政复议"),
    "problems": re.compile("存在的?(?:主要)?问题|主要问题"),
    "other_matters": re.compile("其[他它](?:需要|应当|应)?(?:报告|说明)?的?(?:事项|情况)"),
}
"""What a title that stands for two sections at once says of each."""


@dataclass(frozen=True)
class _Title:
    """A line that may be a title. keys: of the sections, more than one for a title of two. by: manner of
    numbering. text: what stands behind the title in its line."""

    line: int
    keys: tuple[str, ...]
    score: float
    by: str
    number: int
    printed: str
    text: str = ""
    listed: bool = False


@dataclass
class Cut:
    """A report cut at its titles. before: the lines above the first; texts: key → lines; own: title of a
    section of the body's own → lines; last: the lines of the section that stands last."""

    before: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    own: dict[str, list[str]] = field(default_factory=dict)
    last: list[str] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)


def cut_at_titles(lines: Sequence[str], official: Mapping[str, str]) -> Cut:
    """The sections of a report, and what is odd about their titles. official: key → title, in order."""
    plain = [unicodedata.normalize("NFKC", line).strip() for line in lines]
    found = [
        title
        for place, line in enumerate(plain)
        if (title := _read(place, line, lines[place], official)) is not None
    ]
    chosen, again = _chosen(_without_contents(found), official)
    cut = Cut()
    if not chosen:
        cut.before = list(lines)
        return cut
    own = _own(lines, plain, chosen)
    first = _first_in_other_words(lines, plain, chosen, own, next(iter(official)))
    if first:
        chosen = [first, *chosen]
        del own[first.line]
    at = {title.line: title for title in (*chosen, *again)}
    into: list[list[str]] = [cut.before]
    for place, line in enumerate(lines):
        if place in at:
            title = at[place]
            into = [cut.texts.setdefault(key, []) for key in title.keys]
            if title.text:
                for text in into:
                    text.append(title.text)
        elif place in own:
            into = [cut.own.setdefault(own[place], [])]
        else:
            for text in into:
                text.append(line)
    cut.last = into[-1]
    cut.oddities = list(_odd(chosen, again, own, official))
    return cut


# -- a line --------------------------------------------------------------------------------------------


def _read(place: int, plain: str, line: str, official: Mapping[str, str]) -> _Title | None:
    """The title that a line may be; None for a line of text. plain: the line in half width."""
    numbered = _NUMBERED.fullmatch(plain)
    by, number, rest, bare = "none", 0, plain.lstrip(_MARKS), False
    if numbered:
        by, number, rest = _manner(numbered), _number(numbered), numbered["rest"]
        bare = not (numbered["close"] or numbered["sep"] or numbered["part"])
    numeral = rest[-1:].isdigit() and len(rest) <= 2 * TITLE_LONGEST
    leader = _LEADER.search(rest) if numeral else None
    if leader:
        rest = rest[: leader.start()]
    keys, score, text = _matched(rest, by, number if by == "cn" else 0, official)
    if not keys or (bare and score < WORDED):
        return None
    return _Title(place, keys, score, by, number, line, text, bool(leader))


def _manner(numbered: re.Match[str]) -> str:
    kind = "cn" if numbered["cn"] else "num" if numbered["num"] else "roman"
    if numbered["part"] and numbered["of"]:
        return "part"
    if numbered["open"] or numbered["close"]:
        return f"({kind})"
    return kind


def _number(numbered: re.Match[str]) -> int:
    if numbered["num"]:
        return int(numbered["num"])
    if numbered["roman"]:
        return _ROMAN.index(numbered["roman"]) + 1 if numbered["roman"] in _ROMAN else 0
    values = [(_DIGITS.find(c) if c in _DIGITS else _FORMAL.find(c)) + 1 for c in numbered["cn"]]
    return values[0] if len(values) == 1 else 10 + values[1] if values[0] == 10 else values[0] * 10


def _matched(
    rest: str, by: str, number: int, official: Mapping[str, str]
) -> tuple[tuple[str, ...], float, str]:
    """The sections that a line without its numeral is the title of, how surely, and what follows."""
    nothing: tuple[tuple[str, ...], float, str] = ((), 0.0, "")
    begin = next(filter(str.isalnum, rest), "")
    for key, title in official.items():
        known = official_title(title)
        if known[:1] != begin:
            continue
        text = _behind(rest, known)
        if text == "":
            return (key,), EXACT, ""
        second = _second(text, key, official) if text else None
        if second:
            return (key, second), MERGED, ""
        if (text and by != "none") or (text and text[0] in ":。"):
            return (key,), INLINE, text.lstrip(":。; ")
    rest = _AND_NUMBERED.sub("", rest).rstrip(_ENDS)
    if _SENTENCE.search(rest):
        return nothing
    words = wording(rest[: 2 * TITLE_LONGEST])
    if not words or len(words) > TITLE_LONGEST:
        return nothing
    both = tuple(key for key in official if _CORE[key].search(words))
    if len(both) == 2 and _CORE[both[0]].match(words.removeprefix("政府信息公开工作")):
        return both, MERGED, ""
    # 依申请公开政府信息情况 is nearly the wording of 主动公开政府信息情况 and says another thing.
    worded = [
        key
        for key in official
        if _WORDED[key].fullmatch(words) and (by != "none" or words not in WITH_A_NUMERAL)
    ]
    ranked = []
    for place, (key, title) in enumerate(official.items(), 1):
        if worded and key not in worded:
            continue
        likeness = alike(words, official_title(title), NEARLY_IN_PLACE)
        if key in worded:
            ranked.append((max(WORDED, likeness * INLINE), key))
        elif likeness >= (NEARLY_IN_PLACE if place == number else NEARLY):
            ranked.append((likeness * INLINE, key))
    if not ranked:
        return nothing
    score, key = max(ranked)
    return (key,), score, ""


def _second(text: str, first: str, official: Mapping[str, str]) -> str | None:
    """The section whose title follows that of another in its line: 五、…；六、…."""
    rest = wording(_AND_NUMBERED.sub("", text.lstrip(":。; ")))
    return next((k for k in official if k != first and official_title(official[k]) == rest), None)


def _behind(rest: str, official: str) -> str | None:
    """What follows the official wording at the beginning of a line, with the mark that parts them; None
    if the line does not begin with it, or goes on without a mark."""
    left = official
    for place, char in enumerate(rest):
        if not left:
            tail = rest[place:]
            if not tail.rstrip(_ENDS):
                return ""
            return tail.strip() or "" if _INLINE.match(tail) else None
        if not char.isalnum():
            continue
        if char != left[0]:
            return None
        left = left[1:]
    return None if left else ""


# -- which lines are the titles ------------------------------------------------------------------------


def _without_contents(found: list[_Title]) -> list[_Title]:
    """Leave out a table of contents: lines with page numbers, and a run of titles that all come again."""
    kept = [
        title
        for title in found
        if not title.listed or not any(o.keys == title.keys and not o.listed for o in found)
    ]
    runs: list[list[_Title]] = []
    for title in kept:
        if (
            runs
            and runs[-1][-1].line + 1 == title.line
            and title.keys not in [o.keys for o in runs[-1]]
        ):
            runs[-1].append(title)
        else:
            runs.append([title])
    contents = [
        run
        for run in runs
        if len(run) >= 3
        and all(
            any(o.keys == t.keys and o.by == t.by and o.line > run[-1].line for o in kept)
            for t in run
        )
    ]
    return [title for title in kept if not any(title in run for run in contents)]


def _chosen(found: list[_Title], official: Mapping[str, str]) -> tuple[list[_Title], list[_Title]]:
    """One title for each section, in the order of the report, and those that stand there again."""
    by = _main(found)
    if by is None:
        return [], []
    tops = [
        title for title in found if title.by == by or (title.by in TOP and title.score >= INLINE)
    ]
    chosen: dict[str, _Title] = {}
    places = {key: place for place, key in enumerate(official, 1)}
    for key in official:
        of_key = [title for title in tops if key in title.keys]
        if of_key:
            chosen[key] = max(
                of_key,
                key=lambda t: (t.by == by, round(t.score, 2), t.number == places[key], -t.line),
            )
    for key in official:
        if key not in chosen:
            odd = [t for t in found if t.keys == (key,) and _fits(t, places[key], chosen, places)]
            if odd:
                chosen[key] = odd[0]
    used = sorted(set(chosen.values()), key=lambda title: title.line)
    again = [
        title
        for title in tops
        if title.by == by
        and title.score == EXACT
        and title not in used
        # (一)主动公开政府信息情况 is a part of 总体情况, not （二）主动公开政府信息情况 once more.
        and title.number >= chosen[title.keys[0]].number
    ]
    return used, again


def _fits(
    title: _Title, place: int, chosen: Mapping[str, _Title], places: Mapping[str, int]
) -> bool:
    """The official title under the numeral of its section and between its neighbours, though in another
    manner than the others. (二)主动公开政府信息情况 is a part of 总体情况 more often than that."""
    before = [t.line for key, t in chosen.items() if places[key] < place]
    behind = [t.line for key, t in chosen.items() if places[key] > place]
    return (
        title.score == EXACT
        and title.number == place != 2
        and max(before, default=-1) < title.line < min(behind, default=title.line + 1)
    )


def _main(found: Iterable[_Title]) -> str | None:
    """The manner of numbering that the titles have: the one with the most of them."""
    best: dict[str, dict[tuple[str, ...], float]] = {}
    for title in found:
        weight = 2.0 if title.score >= INLINE else 1.0
        of_manner = best.setdefault(title.by, {})
        of_manner[title.keys] = max(of_manner.get(title.keys, 0.0), weight)
    ranked = []
    for by, weights in best.items():
        exact = sum(weight == 2.0 for weight in weights.values())
        if exact < (1 if by in TOP else 2) and not (by in TOP and len(weights) >= 2):
            continue
        ranked.append((sum(weights.values()), -TOP.index(by) if by in TOP else -len(TOP), by))
    return max(ranked)[2] if ranked else None


def _own(lines: Sequence[str], plain: Sequence[str], chosen: list[_Title]) -> dict[int, str]:
    """Line → title of the sections that a body put between the official ones: numbered as those are, by
    a number that the official ones leave free. plain: the lines in half width."""
    found: dict[int, str] = {}
    numbered = [title for title in chosen if title.number]
    if not numbered:
        return found
    by = max(numbered, key=lambda t: t.score).by
    taken = {title.line: title for title in chosen}
    last = 0
    for place, line in enumerate(lines):
        if place in taken:
            last = taken[place].number or last
            continue
        match = _NUMBERED.fullmatch(plain[place])
        if (
            not match
            or _manner(match) != by
            or not (match["sep"] or match["close"] or match["part"])
        ):
            continue
        rest = match["rest"].rstrip(_ENDS)
        sentence = match["rest"].rstrip().endswith(("。", ";")) or _SENTENCE.search(rest)
        if not wording(rest) or len(rest) > OWN_LONGEST or sentence:
            continue
        number = _number(match)
        next_ = next((t.number for t in chosen if t.line > place and t.number), 0)
        if last < number < next_ or (not next_ and number == last + 1):
            found[place] = shown(line)
            last = number
    return found


def _first_in_other_words(
    lines: Sequence[str],
    plain: Sequence[str],
    chosen: list[_Title],
    own: Mapping[int, str],
    key: str,
) -> _Title | None:
    """A first title that says nothing known (一、工作情况) stands for 总体情况, if that stands nowhere."""
    place = min(own, default=len(lines))
    if place > chosen[0].line or any(key in title.keys for title in chosen):
        return None
    numbered = _NUMBERED.fullmatch(plain[place])
    if numbered is None or _number(numbered) != 1:
        return None
    return _Title(place, (key,), 0.0, _manner(numbered), 1, lines[place])


# -- what is odd about them ----------------------------------------------------------------------------


def _odd(
    chosen: list[_Title],
    again: list[_Title],
    own: Mapping[int, str],
    official: Mapping[str, str],
) -> Iterator[Oddity]:
    for title in chosen:
        names = "、".join(f"“{official[key]}”" for key in title.keys)
        if len(title.keys) > 1:
            yield Oddity("section", names, f"合在一个标题“{shown(title.printed)}”下，应当分开写")
        elif title.score < INLINE:
            yield Oddity("section", names, f"标题印的是“{shown(title.printed)}”")
    first = {title.keys: title.line for title in reversed(chosen)}
    # A title above its section and once more above its table is one title.
    twice = [title for title in again if abs(title.line - first[title.keys]) > 1]
    for key in dict.fromkeys(title.keys[0] for title in twice):
        yield Oddity("section", f"“{official[key]}”", "这个标题出现了不止一次")
    moved = list(_moved(chosen, list(official)))
    for before, title in moved:
        where = f"排在“{official[before.keys[-1]]}”之后" if before else "排在最前面"
        yield Oddity("section", f"“{official[title.keys[0]]}”", f"顺序不对，{where}")
    if not moved and not own:
        numbers = [title for title in chosen if title.number]
        for one, other in pairwise(numbers):
            if other.number <= one.number and other.by == one.by:
                yield Oddity(
                    "section", f"“{official[other.keys[0]]}”",
                    f"标题的编号有误：“{shown(one.printed)}”之后是“{shown(other.printed)}”",
                )  # fmt: skip


def _moved(chosen: list[_Title], order: list[str]) -> Iterator[tuple[_Title | None, _Title]]:
    """The fewest titles that would have to be put elsewhere, each with the one before it."""
    ranks = [order.index(title.keys[0]) for title in chosen]
    kept = next(
        places
        for count in range(len(chosen), 0, -1)
        for places in combinations(range(len(chosen)), count)
        if all(ranks[one] < ranks[other] for one, other in pairwise(places))
    )
    for place, title in enumerate(chosen):
        if place not in kept:
            yield (chosen[place - 1] if place else None), title
