"""What cases are found by: texts cut into terms, and the words that somebody looks for.

Width, case and leading zeros do not count (ＡＢＣ = abc, ３６ = 036). Chinese has no blanks: of a run of
characters every two neighbours are a term, and its last one, so that a single character is found as the beginning
of a term. Everything else between is no term and parts nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import add
from typing import Any

from workflow.case.number import number_written

WORDS_MOST = 8
"""So many words are looked for at once."""
TERM_MOST = 64
"""Characters of a term; of a longer one its beginning counts."""
_CHARACTERS = (
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\ue000-\uf8ff\uf900-\ufaff"
    "\U00020000-\U0003ffff\U000f0000-\U0010fffd"
)
"""Han, and what is written as it is; rare names in an office's own font among them."""
_OTHER = f"[^\\W_{_CHARACTERS}]"
_RUN = re.compile(f"([{_CHARACTERS}]+(?:\\s+[{_CHARACTERS}]+)*)|({_OTHER}+)")
_CODES = re.compile(r"[a-z_]*|[0-9a-f]{64}|\d{4}-\d\d-\d\d")
"""What an event says in words of the program: kinds, hashes, days."""
_NUMBER = re.compile(r"(?:[\s()+-]*\d){9,}[\s]*x?")
"""Of identity or a telephone, in groups of digits."""


def folded(text: str) -> str:
    """The text as it is compared."""
    return unicodedata.normalize("NFKC", text).casefold()


def _runs(texts: Iterable[str]) -> list[tuple[str, str]]:
    """What texts are made of, in order: runs of characters, or something else, the other one empty."""
    return [
        ("".join(characters.split()), "")
        if characters
        else ("", (other.lstrip("0") or "0" if other.isdigit() else other)[:TERM_MOST])
        for characters, other in _RUN.findall(folded("|".join(texts)))
    ]


def _pairs(run: str) -> Iterator[str]:
    return map(add, run, run[1:])


def terms(*texts: str) -> list[str]:
    """The terms of texts, in order."""
    found: list[str] = []
    for characters, other in _runs(texts):
        found += _pairs(characters)
        found.append(characters[-1] if characters else other)
    return found


_CHARACTER = re.compile(f"[{_CHARACTERS}]")


def is_single(term: str) -> bool:
    """It is a single character, which is kept with its order only."""
    return len(term) == 1 and _CHARACTER.match(term) is not None


def loose_terms(texts: Iterable[str]) -> set[str]:
    """The terms of texts that are kept without their order: single characters are none."""
    return {term for text in texts for term in (_known if len(text) <= SHORT else _loose)(text)}


SHORT, KNOWN = 400, 256
"""Letters say much in the same words: the terms of so many short texts (in characters) are remembered."""


def _loose(text: str) -> frozenset[str]:
    runs = _runs([text])
    pairs = {term for characters, _ in runs for term in _pairs(characters)}
    return frozenset(pairs.union(other for _, other in runs if other))


_known = lru_cache(KNOWN)(_loose)


def said_in(value: Any) -> list[str]:
    """The texts that people wrote into an event, from its fields, in order."""
    if isinstance(value, str):
        return [] if _CODES.fullmatch(value) else [value]
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, Sequence):
        return []
    return [text for one in value for text in said_in(one)]


@dataclass(frozen=True)
class Word:
    """A word that is looked for, as it was typed: blanks part words."""

    typed: str

    @cached_property
    def runs(self) -> tuple[tuple[str, str], ...]:
        """Each is of characters, or something else, the other one empty."""
        return tuple(_runs([self.typed]))

    @property
    def opens(self) -> bool:
        """It ends with a single character, with which a term begins."""
        return bool(self.runs) and len(self.runs[-1][0]) == 1

    @property
    def single(self) -> bool:
        """It is a single character, which no sealed text is found by."""
        return len(self.runs) == 1 and len(self.runs[0][0]) == 1

    @property
    def exact(self) -> bool:
        """It is a single term: what has that has the word."""
        return len(self.runs) == 1 and len(self.runs[0][0]) in (0, 2)

    @property
    def phrase(self) -> tuple[str, ...]:
        """Terms that stand one behind the other where the word does. Of `opens` the last one is only begun."""
        found = terms(self.typed)
        ends_inside = bool(self.runs) and len(self.runs[-1][0]) > 1
        return tuple(found[:-1] if ends_inside else found)

    @property
    def loose(self) -> tuple[str, ...]:
        """Terms that a text with the word has, in whatever order."""
        return tuple(sorted(loose_terms([self.typed])))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Where the word stands in a text that is folded."""
        parts = []
        for characters, other in self.runs:
            if characters:
                parts.append(r"\s*".join(map(re.escape, characters)))
            else:
                ends = f"(?!{_OTHER})" if len(other) < TERM_MOST else f"{_OTHER}*"
                zeros = "0*" if other.isdigit() else ""
                parts.append(rf"(?<!{_OTHER}){zeros}{re.escape(other)}{ends}")
        found = r"[\W_]*".join(parts) or r"(?!)"
        number = number_written(self.typed)
        if number is not None and number != self.typed:
            found = f"{found}|{Word(number).pattern.pattern}"
        return re.compile(found)

    def stands_in(self, text: str) -> bool:
        return self.pattern.search(folded(text)) is not None


def words_of(typed: str, most: int = WORDS_MOST) -> tuple[Word, ...]:
    """The words of what was typed, each once, so many at most; what has no term is none. A number with blanks in it
    is one."""
    if number_written(typed) or _NUMBER.fullmatch(folded(typed)):
        typed = "".join(typed.split())
    found = {word.runs: word for word in map(Word, folded(typed).split()) if word.runs}
    return tuple(found.values())[:most]


Marked = tuple[tuple[str, bool], ...]
"""A text in pieces, and of each whether it is what was looked for."""
_BEFORE, _LENGTH = 16, 90


def marked(text: str, words: Iterable[Word], *, whole: bool = False) -> Marked:
    """The part of a text in which the first of the words stands, or the whole of it, with every word in it marked;
    nothing where none does."""
    text = " ".join(text.split())
    plain, places = _placed(text)
    found = sorted(
        span.span() for word in words for span in word.pattern.finditer(plain) if span.group()
    )
    if not found:
        return ()
    spans = [(places[begin], places[end - 1] + 1) for begin, end in found]
    first = 0 if whole else max(0, spans[0][0] - _BEFORE)
    last = len(text) if whole else min(len(text), first + max(_LENGTH, spans[0][1] - first))
    pieces: list[tuple[str, bool]] = [("…", False)] if first else []
    here = first
    for begin, end in spans:
        if begin < here or end > last:
            continue
        pieces += [(text[here:begin], False), (text[begin:end], True)]
        here = end
    pieces += [(text[here:last], False), ("…" if last < len(text) else "", False)]
    return tuple((piece, hit) for piece, hit in pieces if piece)


def _placed(text: str) -> tuple[str, Sequence[int]]:
    """The text folded, and of each of its characters the place in the text."""
    plain = folded(text)
    if len(plain) == len(text) and unicodedata.is_normalized("NFC", text):
        return plain, range(len(text))
    found: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = folded(char)
        found.append(plain)
        places += [place] * len(plain)
    return "".join(found), places
