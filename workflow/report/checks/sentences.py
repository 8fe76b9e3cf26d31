"""Sentences of a report's sections and the quantities in them: 12件, 1,204条, 十二件, 两件, 40余篇.

A sentence that cannot be one (longer than any of a report) is left alone.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST = 1_200
"""Characters of a sentence that is looked at."""
QUANTITIES_MOST = 80
"""In a sentence; more are a table that was typed as text."""
QUOTED_LONGEST = 60

_ENDS = re.compile(r"[。!?\n]")
NUMBERED = re.compile(r"(?:\(?[一二三四五六七八九十\d]{1,3}[)、.]+)(?=\D)")
_HEADING = re.compile(r"[^。:;,.!?\d]{2,24}?(?=[。:.,]|$)")
_HEADING_ALONE = 24
_UNITS = (
    "人次|件次|条次|件|条(?![例款龙])|份|项(?!目)|篇|次|期(?!间|限)|(?<!一)起|宗|例|场"
    "|个(?!工作日|月|自然日|小时|星期|百分点|人)|人(?![民员大口均])|部(?![门分])|则|封|家|册|处(?![理罚室])|批"
)
_DIGIT_WORDS = "〇零一二两三四五六七八九十百千"
_QUANTITY = re.compile(
    rf"(?=[约近超逾大\d{_DIGIT_WORDS}])"  # most letters begin none
    r"(?P<about>约|近|超过?|逾|大概)?"
    r"(?:(?<![\d.第])(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,4})?)(?![\d.])(?P<scale>[万亿千])?"
    rf"|(?<![每第同任逐某哪这那另唯上下统进单各几万{_DIGIT_WORDS}])(?P<spelt>[{_DIGIT_WORDS}]{{1,7}}))"
    rf"(?P<more>余|多|几|来)?(?P<unit>{_UNITS})(?!事|性)"
)
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")
_CUT = re.compile(rf"{_COMMA.pattern}|[;:()]")
_PRINTED = str.maketrans(";:()", "；：（）")
_RANGE = re.compile(r"\d[-~—–至到]$")
_PLACES = {"十": 10, "百": 100, "千": 1_000}
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. before: the words since the last quantity, comma or bracket; after: those
    until the next one or 、. exact: no 余, 约 or 万. spelt: in Chinese numerals."""

    start: int
    end: int
    value: int
    unit: str
    exact: bool
    spelt: bool
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in half width. heading: of its paragraph; title: of its section, in words; previous: the
    sentence before it in the same paragraph."""

    section: str
    title: str
    heading: str
    text: str
    quantities: tuple[Quantity, ...]
    previous: "Sentence | None" = None


def sentences_of(sections: Mapping[str, str], titles: Mapping[str, str]) -> tuple[Sentence, ...]:
    """Every sentence of the sections, in their order. sections: their texts in half width."""
    return tuple(
        sentence
        for key, text in sections.items()
        for sentence in _sentences(key, f"正文“{titles.get(key, key)}”", text)
    )


def _sentences(section: str, title: str, text: str) -> Iterator[Sentence]:
    heading = ""
    for line in text.split("\n"):
        number = NUMBERED.match(line)
        found = _HEADING.match(line, number.end() if number else 0)
        if found and (number or len(line) <= _HEADING_ALONE):
            heading = found[0]
        previous = None
        for said in _ENDS.split(line):
            if not said or len(said) > LONGEST:
                previous = None
                continue
            previous = Sentence(section, title, heading, said, quantities(said), previous)
            yield previous


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a sentence in half width; none where there are too many for a sentence."""
    found = list(_QUANTITY.finditer(text))
    if not found or len(found) > QUANTITIES_MOST:
        return ()
    cuts = [cut.end() for cut in _CUT.finditer(text)]
    read: list[Quantity] = []
    for place, one in enumerate(found):
        earlier, later = bisect_right(cuts, one.start()), bisect_left(cuts, one.end() + 1)
        since = max(cuts[earlier - 1] if earlier else 0, found[place - 1].end() if place else 0)
        until = min(
            cuts[later] - 1 if later < len(cuts) else len(text),
            found[place + 1].start() if place + 1 < len(found) else len(text),
        )
        value = numeral(one["spelt"]) if one["spelt"] else _figure(one["digits"], one["scale"])
        vague = one["about"] or one["more"] or _RANGE.search(text[: one.start()][-4:])
        read.append(
            Quantity(
                start=one.start(),
                end=one.end(),
                value=value or 0,
                unit=one["unit"],
                exact=value is not None and not vague,
                spelt=bool(one["spelt"]),
                before=text[since : one.start()],
                after=text[one.end() : until].partition("、")[0],
            )
        )
    return tuple(read)


def _figure(digits: str, scale: str | None) -> int | None:
    """None for what is rounded: 1.2万."""
    return None if scale or "." in digits else int(digits.replace(",", ""))


def numeral(text: str) -> int | None:
    """The value of Chinese numerals below 10,000: 十二, 一百零三, 两百, 二〇. None for what is none, as
    一二 (one or two)."""
    if not any(char in _PLACES for char in text):
        if len(text) == 1:
            return _DIGITS[text]
        plain = "〇" in text or "零" in text
        return int("".join(str(_DIGITS[char]) for char in text)) if plain else None
    total, smallest = 0, 10_000
    digit: int | None = None
    for char in text:
        if char in _PLACES:
            place = _PLACES[char]
            if place >= smallest or (digit == 0 and place != 10):
                return None
            total, digit, smallest = total + (digit or 1) * place, None, place
        elif digit:
            return None
        else:
            digit = _DIGITS[char]
    return total + (digit or 0)


def quoted(text: str) -> str:
    """What is quoted of a sentence, cut short, with the marks as they are printed (full width)."""
    printed = _COMMA.sub("，", text).translate(_PRINTED)
    return printed if len(printed) <= QUOTED_LONGEST else printed[: QUOTED_LONGEST - 1] + "…"
