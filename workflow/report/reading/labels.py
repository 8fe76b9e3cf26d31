"""Labels of the official tables, recognised with the slips of real reports.

What counts is the wording: blanks, punctuation, half and full width do not. A wording that is nearly
one label and clearly no other is that label, with a slip.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from config.law import TableFormats

NEAR = 0.72
MARGIN = 0.12
LONGEST = 80
KEPT_MOST = 4096
"""Texts that are remembered as labels."""
CORNER = "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)"
CONTENT = "信息内容"
RESULTS = "三、本年度办理结果"
HEADINGS = (CORNER, "申请人情况", "法人或其他组织")
_OLD_WORDING = {"合计": "总计"}
_NUMBERING = re.compile(
    r"^\(?(?:[一二三四五六七八九十]{1,2}|\d{1,2})(?:\)|[、.,:]|(?<=\d)(?=\D))\s*"
)
BEGUN_LEAST = 8
"""Characters of a label that say which it is."""
_MARKS = re.compile("[、(（,，]")
_NOTE = re.compile(r"[(（][^()（）]*[)）]\s*$")
_NUMBER = re.compile(r"[\d.,/\s-]+")
_TITLE2 = re.compile(r"二十条第?([一二三四五六七八九十])项?$")


def wording(text: str) -> str:
    """Letters and digits of a text in half width: two labels with the same are the same label."""
    return _letters(unicodedata.normalize("NFKC", text))


def _letters(text: str) -> str:
    return text if text.isalnum() else "".join(filter(str.isalnum, text))


def unnumbered(text: str) -> str:
    """The wording without the 一、 (二) 3. in front."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return _letters(_NUMBERING.sub("", plain, count=1))


@cache
def official_wording(label: str) -> str:
    """The wording of a label of the tables. Kept, so that nothing of a report may be asked."""
    return wording(label)


@cache
def official_title(title: str) -> str:
    """The wording of the title of a section without its number. Kept, as those of labels."""
    return unnumbered(title)


def item_of_article20(text: str) -> str | None:
    """五 for 第二十条第(五)项, the title of a block of table 二."""
    found = _TITLE2.search(wording(text)) if "条" in text and len(text) <= LONGEST else None
    return found[1] if found else None


@cache
def official_item(title: str) -> str | None:
    """The item of article 20 that an official title of a block names. Kept, as those of labels."""
    return item_of_article20(title)


@dataclass(frozen=True, slots=True)
class Match:
    """What a text was taken for. exact: not one character differs in the wording."""

    key: str
    official: str
    exact: bool


class Labels:
    """A set of labels, key → official wordings, the first of them the one that is shown."""

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        self._exact: dict[str, tuple[str, str]] = {}
        self._bare: dict[str, list[tuple[str, str]]] = {}
        self.keys = tuple(labels)
        for key, officials in labels.items():
            for official in officials:
                self._exact.setdefault(wording(official), (key, official))
                self._bare.setdefault(unnumbered(official), []).append((key, official))
        self._letters = {bare: frozenset(bare) for bare in self._bare}
        self.official = frozenset(self._exact)
        self._known: dict[str, Match | None] = {}

    def match(self, text: str) -> Match | None:
        """The label that a cell means, or None if it is none or might be two. What is no label of any table is
        looked at anew each time and not kept: nothing of a report stays here."""
        if text in self._known:
            return self._known[text]
        if not text or len(text) > LONGEST or _NUMBER.fullmatch(text):
            return None
        found = self._match(text)
        if len(self._known) < KEPT_MOST and (found is not None or wording(text) in self.official):
            self._known[text] = found
        return found

    def _match(self, text: str) -> Match | None:
        plain = wording(text)
        plain = _OLD_WORDING.get(plain, plain)
        if plain in self._exact:
            return Match(*self._exact[plain], exact=True)
        without = wording(_NOTE.sub("", text))
        if without in self._exact:
            # 规章（县级无此项）: a label with a note behind it.
            return Match(*self._exact[without], exact=False)
        bare = unnumbered(text)
        if not bare or bare.isdigit():
            return None
        same = {key: official for key, official in self._bare.get(bare, ())}
        if len(same) == 1:
            return Match(*next(iter(same.items())), exact=False)
        return self._begun(bare) or self._nearest(bare, plain.removesuffix(bare))

    def _begun(self, bare: str) -> Match | None:
        """The one label that begins so, up to a mark: 1.申请人无正当理由逾期不补正."""
        if len(bare) < BEGUN_LEAST:
            return None
        found = {
            key: official
            for official_bare, known in self._bare.items()
            if official_bare.startswith(bare)
            for key, official in known
            if _cut_off(official, bare)
        }
        return Match(*next(iter(found.items())), exact=False) if len(found) == 1 else None

    def _nearest(self, bare: str, number: str) -> Match | None:
        """The one label that is near while no other is; the same number in front counts for it."""
        best: dict[str, tuple[float, str]] = {}
        for official_bare, known in self._bare.items():
            # More than the letters that both have cannot be alike.
            least = (NEAR - MARGIN) * (len(bare) + len(official_bare)) / 2
            if len(bare) < least or len(official_bare) < least:
                continue
            if sum(map(self._letters[official_bare].__contains__, bare)) < least:
                continue
            score = alike(bare, official_bare)
            if score < NEAR - MARGIN:
                continue
            for key, official in known:
                same_number = bool(number) and wording(official) == number + official_bare
                if score + MARGIN * same_number > best.get(key, (0.0, ""))[0]:
                    best[key] = (score + MARGIN * same_number, official)
        ranked = sorted(((score, key, official) for key, (score, official) in best.items()))[::-1]
        if not ranked or alike(bare, unnumbered(ranked[0][2])) < NEAR:
            return None
        if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN:
            return None
        return Match(ranked[0][1], ranked[0][2], exact=False)


def _cut_off(official: str, bare: str) -> bool:
    """The wording ends where a mark stands in the official one."""
    return any(unnumbered(part) == bare for part in _parts_of(official))


@cache
def _parts_of(official: str) -> tuple[str, ...]:
    """A label up to each of its marks."""
    return tuple(official[: mark.start()] for mark in _MARKS.finditer(official))


def alike(one: str, other: str, least: float = 0.0) -> float:
    """0 to 1: how much of two wordings is the same, in the same order; 0 for lengths too far apart, and for what
    is sure to be less than the least that counts."""
    if one == other:
        return 1.0
    both = len(one) + len(other)
    if 4 * min(len(one), len(other)) < both:
        return 0.0
    if least and 2 * sum(map(set(other).__contains__, one)) < least * both:
        # More than the letters that both have cannot be alike.
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


GROUP = "group "
HEADING = "heading "


@dataclass(frozen=True)
class LabelBook:
    """All labels of tables 二, 三 and 四. side: what stands beside the numbers of table 三, rows and
    the headings before them (keys with GROUP or HEADING in front); above: what stands above them."""

    side: Labels
    above: Labels
    blocks: Labels
    cells: Labels
    items: Labels
    columns: tuple[str, ...]

    @classmethod
    def of(cls, formats: TableFormats) -> "LabelBook":
        """The book of these formats, made once: what it has known for a label it knows again."""
        kept = _BOOKS.get(id(formats))
        if kept is None or kept[0] is not formats:
            while len(_BOOKS) >= _BOOKS_KEPT:
                _BOOKS.pop(next(iter(_BOOKS)), None)
            kept = _BOOKS[id(formats)] = (formats, cls._made(formats))
        return kept[1]

    @classmethod
    def _made(cls, formats: TableFormats) -> "LabelBook":
        side: dict[str, list[str]] = {HEADING + RESULTS: [RESULTS]}
        for labels in formats.rows.values():
            for key, label in labels.items():
                side.setdefault(key, []).append(label)
        for group, label in formats.groups.items():
            # In the format of 2019 (六)其他处理 is a row, the only heading that can be one.
            if group not in side:
                side[GROUP + group] = [label]
        items: dict[str, list[str]] = {}
        for blocks in formats.table2.values():
            for block in blocks:
                for key, label in block.items.items():
                    items.setdefault(key, []).append(label)
        book = cls(
            side=Labels({key: dict.fromkeys(labels) for key, labels in side.items()}),
            above=Labels(
                {key: [label] for key, label in formats.columns.items()}
                | {HEADING + label: [label] for label in HEADINGS}
            ),
            blocks=Labels(
                {key: [label.rpartition("/")[2]] for key, label in formats.blocks.items()}
                | {HEADING + "suit": ["行政诉讼"]}
            ),
            cells=Labels({key: [label] for key, label in formats.cells.items()}),
            items=Labels(items),
            columns=tuple(formats.columns),
        )
        every = (book.side, book.above, book.blocks, book.cells, book.items)
        printed = {CONTENT} | {
            text
            for blocks in formats.table2.values()
            for block in blocks
            for text in (block.title, *block.fields.values())
        }
        official = frozenset(map(wording, printed)).union(*(one.official for one in every))
        for one in every:
            one.official = official
        return book


_BOOKS_KEPT = 4
_BOOKS: dict[int, tuple[TableFormats, LabelBook]] = {}
