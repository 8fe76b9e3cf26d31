"""The law linter: old numbers and phrases that drafts, forms and guides still carry (practice.md §7, 7A)."""

import re
from dataclasses import dataclass
from datetime import date

from config.law import Law
from config.law.tables import OutdatedPhrase


@dataclass(frozen=True, slots=True)
class Outdated:
    """A phrase that no longer fits the law: the words found, what holds now, and its article."""

    name: str
    found: str
    message: str
    article: str


_SENTENCE = re.compile(r"[^。；！？;!?]+[。；！？;!?]?")
_APPLICANTS_WORDS = re.compile(
    r"(申请人|您|你|来信|申请书?|原文)[^。；“”]{0,20}(称|写明?|提出|表示|认为|说|所述|陈述|载明|要求|引用|表述)"
    r"(为|是|的是|道|的)?[：:，,]?“[^”]*”"
)
_ARTICLE = r"(第[^，。；、]{1,24})?"
_DATED_LAW = re.compile(
    rf"《[^》]*(19|20)\d{{2}}[^》]*》{_ARTICLE}"
    rf"|《[^》]*》[(（](19|20)\d{{2}}[^)）]*[)）]{_ARTICLE}"
    rf"|(19|20)\d{{2}}年的?《[^》]*》{_ARTICLE}"
)


def lint(text: str, law: Law, on: date) -> list[Outdated]:
    """Every outdated phrase in a text that is used on the day, in the order of the table.

    The applicant's own words in quotation marks, and a law quoted with its year, are left alone.
    """
    plain = _DATED_LAW.sub("", _APPLICANTS_WORDS.sub("", re.sub(r"\s+", "", text)))
    sentences = _SENTENCE.findall(plain)
    hits = []
    for rule in law.outdated.values():
        if rule.holds_from > on or (rule.within and not re.search(rule.within, plain)):
            continue
        found = next((hit for sentence in sentences if (hit := _hit(rule, sentence))), None)
        if found:
            hits.append(Outdated(rule.name, found, rule.message, rule.article))
    return hits


def _hit(rule: OutdatedPhrase, sentence: str) -> str | None:
    """What a sentence says that no longer holds."""
    if rule.only and not re.search(rule.only, sentence):
        return None
    if rule.right and re.search(rule.right, sentence):
        return None
    match = re.search(rule.pattern, sentence)
    return match.group() if match else None
