"""A letter that was edited outside, held to what was drafted: what it says otherwise, place by place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import BytesIO
from typing import Any

from workflow.letters.letter import Letter, day_words

_WORDS = re.compile(
    r"\d{4}年\d{1,2}月\d{1,2}日|《[^《》]*》|第[一二三四五六七八九十百零〇\d]+(?:条|款|项|次)(?:第?[（(]?[一二三四五六七八九十\d]+[）)]?[款项])*"
    r"|【[^【】]*】|\d+(?:\.\d+)?|."
)
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零〇\d]+[条款项]")
_LIKE = 0.4
"""From this likeness on two lines are one line that was changed; below, one went and another came."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A place in which the paper differs from the facts. what: which kind of place, in Chinese; old: what was
    drafted, new: what stands there now, either empty where nothing does. filled: only an open place was
    filled in. line: the whole of the line as it stands now, or stood."""

    what: str
    old: str
    new: str
    filled: bool = False
    line: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "what": self.what, "old": self.old, "new": self.new, "filled": self.filled, "line": self.line
        }  # fmt: skip


def lines_of_docx(data: bytes) -> list[str]:
    """The lines of a Word file as they stand on paper: paragraphs and cells in order, without what a change that
    is tracked takes away. For a file that was checked."""
    from docx import Document
    from docx.oxml.ns import qn

    found = []
    for paragraph in Document(BytesIO(data)).element.body.iter(qn("w:p")):
        said = []
        for node in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab")):
            said.append(node.text or "" if node.tag == qn("w:t") else "\n")
        found += "".join(said).split("\n")
    return [line for line in map(_bare, found) if line]


def differences(
    letter: Letter, lines: Iterable[str], labels: Mapping[str, str], *, dated: bool = True
) -> list[Difference]:
    """What the lines of a paper say otherwise than the letter, in their order; nothing where they are the same.

    labels: of the values, by name. dated: the day of the letter is told; else any day may stand in its place.
    """
    old = [line for line in map(_bare, letter.texts()) if line]
    new = [line for line in map(_bare, lines) if line]
    if not dated:
        old, new = _without_day(letter, old), _without_last_day(letter, new)
    places = _Places(letter, labels)
    found: list[Difference] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            for was, now in _paired(old[a:b], new[c:d]):
                found += places.between(was, now)
    return found


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _without_day(letter: Letter, lines: list[str]) -> list[str]:
    day = day_words(letter.day)
    places = [n for n, line in enumerate(lines) if line == day]
    return [line for n, line in enumerate(lines) if n not in places[-1:]]


def _without_last_day(letter: Letter, lines: list[str]) -> list[str]:
    places = [n for n, line in enumerate(lines) if _DAY.fullmatch(line)]
    return [line for n, line in enumerate(lines) if n not in places[-1:]]


def _paired(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """The lines that belong together; what has no other half stands beside nothing."""
    left = list(new)
    for was in old:
        ratios = [SequenceMatcher(None, was, now, autojunk=False).ratio() for now in left]
        best = max(range(len(left)), key=ratios.__getitem__, default=None)
        if best is None or ratios[best] < _LIKE:
            yield was, ""
            continue
        for now in left[:best]:
            yield "", now
        yield was, left[best]
        left = left[best + 1 :]
    for now in left:
        yield "", now


class _Places:
    """What stands in which line of a letter."""

    def __init__(self, letter: Letter, labels: Mapping[str, str]) -> None:
        self.letter = letter
        self.remedy = {_bare(text) for text in letter.remedy}
        self.bodies = {_bare(text) for text in (letter.title[0], letter.signature) if text}
        self.gaps = {_bare(gap.text): gap.label for gap in letter.open}
        self.named = {
            _bare(words): labels[name]
            for name, words in letter.words.items()
            if words and name in labels
        }

    def between(self, old: str, new: str) -> Iterator[Difference]:
        """What changed from one line to the other."""
        if not old or not new:
            yield Difference(self._of_line(old or new, "文字"), old, new, line=new or old)
            return
        was, now = _WORDS.findall(old), _WORDS.findall(new)
        for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
            if tag != "equal":
                yield self._changed(old, new, "".join(was[a:b]), "".join(now[c:d]))

    def _changed(self, line: str, new_line: str, old: str, new: str) -> Difference:
        gap = self.gaps.get(old)
        if gap is not None and new:
            return Difference(gap, old, new, filled=True, line=new_line)
        return Difference(self._what(line, old, new), old, new, line=new_line)

    def _what(self, line: str, old: str, new: str) -> str:
        if old in self.named:
            return self.named[old]
        if _DAY.search(old) or _DAY.search(new):
            return "落款日期" if line == day_words(self.letter.day) else self._of_line(line, "日期")
        if _ARTICLE.search(old) or _ARTICLE.search(new):
            return self._of_line(line, "条款")
        if old.startswith("《") or new.startswith("《"):
            return self._of_line(line, "法律、文件的名称")
        if re.search(r"\d", old + new):
            return self._of_line(line, "数字")
        return self._of_line(line, "文字")

    def _of_line(self, line: str, else_: str) -> str:
        letter = self.letter
        if line == _bare(letter.number):
            return "文号"
        if line in self.bodies:
            return "机关名称"
        if line == _bare(f"{letter.addressee}："):
            return "收件人"
        if line in self.remedy:
            return "救济途径"
        if "".join(re.findall("“[^“”]*”", line)):
            return "引用的原文" if else_ == "文字" else else_
        return else_
