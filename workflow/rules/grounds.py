"""What proves a ground of an answer, as far as its words can tell (law.md §6.5A, §6.5B, §8.1A).

The words stand in config/law/grounds.toml; here is how a text is held to them.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from config.law import Law
from config.law.grounds import Classifier, NoConsultation, Rank
from workflow import events as ev

LATER = "（随案卷补充）"
"""How words end that replay filled in: they point to the file and are not judged."""
SHORTEST = 3


def is_later(text: str | None) -> bool:
    """True for words that replay filled in."""
    return bool(text) and str(text).endswith(LATER)


def is_bare(text: str | None, law: Law) -> bool:
    """True for nothing, and for words that only name the kind of an answer: 属于信访, 不归我局管."""
    if is_later(text):
        return False
    plain = _stripped(re.sub(r"\s", "", text or ""), law)
    labels = {outcome.label for outcome in law.outcomes.values()}
    return len(plain) < SHORTEST or plain in labels or bool(_bare(law).fullmatch(plain))


def names(what: str, law: Law, *texts: str | None) -> bool:
    """True if one of the texts names the thing of grounds.toml, or is to be filled in from the file."""
    found = [re.sub(r"\s", "", text) for text in texts if text]
    return any(is_later(text) or re.search(law.grounds.pattern(what), text) for text in found)


def _stripped(text: str, law: Law) -> str:
    """Without the words that open and end every such sentence."""
    rows = {row.name: row.pattern for row in law.grounds.bare}
    while (shorter := re.sub(rf"^(?:{rows['opening']})", "", text)) != text:
        text = shorter
    while (shorter := re.sub(rf"(?:{rows['ending']})$", "", text)) != text and len(shorter) > 1:
        text = shorter
    return text


def _bare(law: Law) -> "re.Pattern[str]":
    rows = [row.pattern for row in law.grounds.bare if row.name not in ("opening", "ending")]
    return _joined(tuple(rows))


@cache
def _joined(patterns: tuple[str, ...]) -> "re.Pattern[str]":
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


# -- why a third party was not asked -----------------------------------------------------------------


def lawful_reason(text: str | None, tries: tuple[ev.Try, ...], law: Law) -> NoConsultation | None:
    """The lawful reason not to ask a third party that the words give (条例15, 32); None for none.

    tries: attempts to reach the third party, told with their days.
    """
    for row in law.grounds.no_consultation:
        if is_later(text) or (text and re.search(row.pattern, text)):
            also = row.also is None or (row.also == "day" and bool(tries))
            if also or names(str(row.also), law, text):
                return row
    return None


# -- the citation test -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cited:
    """A norm that a text cites. rank: None while nobody tells it. told: by the clerk, not by the table.

    against: the clerk tells another rank than the table.
    """

    title: str
    rank: Rank | None
    told: bool
    article: bool
    against: bool = False

    @property
    def counts(self) -> bool:
        """A law or an administrative regulation, cited by its article (条例14, 36(7))."""
        return self.rank is not None and self.rank.counts and self.article and not self.against


_QUOTED = re.compile(r"《([^》]+)》")
_NORM = re.compile(
    r"[\u4e00-\u9fff]{1,40}?(?:法典|条例|办法|规定|细则|法|决定|决议|解释|通知|规则)"
    r"(?=[第（(，。；、\s\d]|$)"
)
_ARTICLE = re.compile(
    r"第\s*[\d〇零一二三四五六七八九十百千]+\s*(条|款|项|部分)|[一二三四五六七八九十]+、"
)
_CITING = re.compile(r"^(根据|依据|依照|按照|参照|适用|违反|属于|按|依|和|及|以及|或者)+")


def cited(text: str, law: Law) -> list[Cited]:
    """The norms that a text cites, in order, each with its rank as the table or the clerk tells it."""
    plain = unicodedata.normalize("NFKC", text)
    places = [(m.start(), m.group(1)) for m in _QUOTED.finditer(plain)]
    if not places:
        places = _unquoted(plain, law)
    ends = [*(start for start, _ in places[1:]), len(plain)][: len(places)]
    return [
        _judged(_title(title), plain[start:end], law)
        for (start, title), end in zip(places, ends, strict=True)
    ]


def _unquoted(plain: str, law: Law) -> list[tuple[int, str]]:
    """What looks like a title without marks; words before a known title are no part of it, unless they
    name a place."""
    known = {title for row in law.grounds.rank for title in row.titles or ()}
    found = []
    for match in _NORM.finditer(plain):
        title = _title(_CITING.sub("", match.group()))
        inner = max((one for one in known if title.endswith(one)), key=len, default="")
        place = re.search(r"[省市州县区]", title.removesuffix(inner))
        found.append((match.start(), inner if inner and not place else title))
    return found


def _title(title: str) -> str:
    """A title as the table writes it: without 中华人民共和国 and without its year."""
    plain = re.sub(r"\s|\([^)]*\)$", "", title)
    return plain.removeprefix("中华人民共和国")


def _judged(title: str, said: str, law: Law) -> Cited:
    article = bool(_ARTICLE.search(said))
    told = next((row for row in law.grounds.rank if row.told and re.search(row.told, said)), None)
    fixed = _fixed(title, said, law)
    if fixed is not None:
        return Cited(title, fixed, False, article, told is not None and told is not fixed)
    if told is not None:
        return Cited(title, told, True, article)
    ending = next(
        (row for row in law.grounds.rank if row.ending and re.search(row.ending, title)), None
    )
    return Cited(title, ending, False, article)


def _fixed(title: str, said: str, law: Law) -> Rank | None:
    """The rank that the table gives whatever the clerk tells: by title, else by its shape."""
    rows = law.grounds.rank
    for row in rows:
        if title in (row.titles or ()) and (row.article is None or re.search(row.article, said)):
            return row
    return next((row for row in rows if row.shape and re.search(row.shape, title)), None)


# -- who may classify --------------------------------------------------------------------------------


def classifier(body: str, own_name: str, own_level: str, law: Law) -> Classifier | None:
    """What a body may classify (保密法17): our own body by its level, another by its name; None where
    neither tells."""
    rows = law.grounds.classifier
    by_name = next((row for row in rows if re.search(row.pattern, body)), None)
    if body and body == own_name and not (by_name and by_name.name == "field"):
        by_level = next((row for row in rows if own_level in row.levels), None)
        return by_level or by_name
    return by_name
