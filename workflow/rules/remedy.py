"""Remedies (救济途径): which way is open, and the words that say so, by what was done and on which day.

Rule: what an applicant reads after a refusal is the remedy (`remedy_text`): organ, court and last days by the day of service.

Refusals under 条例14 to 16 that are served on or after 2024-01-01 go to review first (行政复议法23(1)(4)),
and so does silence (23(1)(3)); the body must say so (23(2)), with what follows when review does nothing
(34). Everything else may be reviewed or sued at once. The rows with their days: config/law/outcomes.toml
(`remedy`) and remedies.toml. law.md §1.1, practice.md §2.3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.dates import in_words
from workflow.rules.outcomes import Answer, remedy_of, way_of
from workflow.rules.rulebook import Rulebook

ORGAN, COURT, ONLINE = "review_organ", "court", "online_review_url"
IN_GENERAL = {
    ORGAN: "该机关的复议机关（一般是它的本级人民政府或者上一级人民政府）",
    COURT: "有管辖权的人民法院",
    "complaint_body": "它的上一级政府信息公开工作主管部门（一般是上一级人民政府办公厅、办公室）",
}
"""What pages for anybody say where it is not known whose reply it is about, or the body has not told it."""
FIRST, EITHER = "review_first", "either"


@dataclass(frozen=True, slots=True)
class Remedy:
    """kinds: review_first, either, or both in this order where parts of a reply go different ways; none
    where there is no remedy. paragraphs: the text, one for each kind, then the address on the net.
    missing: settings of the body without which the text cannot be complete."""

    kinds: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The stricter of its kinds; none where there is no remedy."""
        return self.kinds[0] if self.kinds else "none"


def in_general(rules: Rulebook) -> Rulebook:
    """The rules with IN_GENERAL where a body has set nothing: for pages, never for letters."""
    said = {name: rules[name] or words for name, words in IN_GENERAL.items()}
    return Rulebook(rules.law, {**rules.settings, **said}, rules.calendar)


def remedy_text(
    outcome: str,
    served_on: date,
    rules: Rulebook,
    *,
    answer: Answer | None = None,
    electronic: bool = False,
    body: str = "",
) -> Remedy:
    """The remedy paragraphs of a reply.

    outcome: a code of the contract. answer: the answers item by item, where some are refused and some
    are not. served_on: the day on which service takes effect, or is meant to. electronic: the reply is
    served on the net, which demands the online channel of review beside it (行政复议法22(2)). body: the
    name of the body, which may be its own organ of review (24(2), 25).
    """
    kinds = kinds_of(outcome, served_on, rules, answer)
    if not kinds:
        return Remedy()
    words = _Words(rules, served_on, body)
    both = len(kinds) > 1
    parts = {FIRST: "本答复中不予公开的部分", EITHER: "本答复的其他部分"}
    said = {
        kind: words.by(kind, f"对{parts[kind] if both else '本答复'}不服的", "本答复")
        for kind in kinds
    }
    return words.remedy(kinds, said, electronic)


def third_party_remedy(served_on: date, rules: Rulebook, body: str = "") -> Remedy:
    """What a third party is told whose information is released despite its objection (条例32; 法释〔2025〕8号
    1(4)): a right of its own, from its own receipt."""
    words = _Words(rules, served_on, body)
    kinds = (way_of("third_party", rules.law, rules.settings, served_on),)
    said = {kind: words.by(kind, "对本决定不服的", "本告知书") for kind in kinds}
    return words.remedy(kinds, said, electronic=False)


def record_correction_remedy(
    served_on: date, rules: Rulebook, *, electronic: bool = False, body: str = ""
) -> Remedy:
    """What is told beside the answer to a request to correct a record about oneself (条例41)."""
    words = _Words(rules, served_on, body)
    kinds = (way_of("record_correction", rules.law, rules.settings, served_on),)
    said = {kind: words.by(kind, "对本答复不服的", "本答复") for kind in kinds}
    return words.remedy(kinds, said, electronic)


def silence_kind(reply_due: date, rules: Rulebook) -> str:
    """The way against silence; the day after the last day of reply decides."""
    return way_of("silence", rules.law, rules.settings, reply_due + timedelta(1))


def silence_remedy(reply_due: date, rules: Rulebook, *, body: str = "") -> Remedy:
    """What is told to who got no reply until the last day (行政复议法23(1)(3)): the days run from the day
    after it. No letter says it; the applicant's page does."""
    since = reply_due + timedelta(1)
    words, kind = _Words(rules, since, body), silence_kind(reply_due, rules)
    what = f"答复期限已于 {in_words(reply_due)}届满，没有收到答复的"
    text = words.by(kind, what, f" {in_words(since)}", named=False)
    if kind == FIRST:
        text += "须先复议，不能直接起诉。"
    return words.remedy((kind,), {kind: text}, electronic=False)


def kinds_of(
    outcome: str, served_on: date, rules: Rulebook, answer: Answer | None = None
) -> tuple[str, ...]:
    """The ways that are open against a reply: of a partial one that of what is withheld and that of the
    rest, with items and without (行诉解释64: who is not told has a year)."""
    law, settings = rules.law, rules.settings
    whole = remedy_of(law.outcomes[outcome], settings, served_on)
    if whole == "none":
        return ()
    found = {whole}
    if answer is not None and answer.items:
        chosen = outcome == "partial" and whole == EITHER  # partial_remedy, or before 2024
        codes = [] if chosen else [item.outcome for item in answer.items]
        found = {remedy_of(law.outcomes[code], settings, served_on) for code in codes} or found
        partial = "partial" in (outcome, *codes)
    else:
        partial = outcome == "partial"
    if partial and FIRST in found:
        found.add(EITHER)
    return tuple(kind for kind in (FIRST, EITHER) if kind in found)


class _Words:
    """The sentences of a body on a day."""

    def __init__(self, rules: Rulebook, day: date, body: str) -> None:
        self.settings = rules.settings
        self.organ = rules.settings.get(ORGAN) or "【复议机关】"
        self.court = rules.settings.get(COURT) or "【有管辖权的人民法院】"
        self.review = rules.period("review", day)
        self.direct = rules.period("suit_direct", day)
        self.after = rules.period("suit_after_review", day)
        self.itself = bool(body) and body == self.organ

    def by(self, kind: str, what: str, letter: str, *, named: bool = True) -> str:
        """The sentence of a kind. letter: the paper from whose receipt the days run, or where not
        `named` the day itself."""
        say = self.first if kind == FIRST else self.either
        return say(what, f"收到{letter}之日" if named else letter)

    def first(self, what: str, since: str) -> str:
        """Review first, then the court; and what follows when review does nothing (行政复议法34)."""
        ruling = "，也可以向国务院申请裁决" if self.itself else ""
        return (
            f"{what}，应当先自{since}起 {self.review} 日内向{self.organ}申请行政复议；对行政复议决定不服的，"
            f"可以自收到行政复议决定书之日起 {self.after} 日内向{self.court}提起行政诉讼{ruling}；复议机关不予"
            f"受理、驳回申请或者逾期不作决定的，可以自收到决定书或者复议期限届满之日起 {self.after} 日内向"
            f"{self.court}提起行政诉讼。"
        )

    def either(self, what: str, since: str) -> str:
        """Review or the court, as the applicant chooses."""
        return (
            f"{what}，可以自{since}起 {self.review} 日内向{self.organ}申请行政复议，或者自{since}起 "
            f"{self.direct} 个月内向{self.court}提起行政诉讼。"
        )

    def remedy(self, kinds: Iterable[str], said: dict[str, str], electronic: bool) -> Remedy:
        kinds = tuple(kind for kind in kinds if kind != "none")
        paragraphs, wanted = [said[kind] for kind in kinds], [ORGAN, COURT] if kinds else []
        if electronic and kinds:
            wanted.append(ONLINE)
            channel = self.settings.get(ONLINE) or "【网上申请行政复议的网址】"
            paragraphs.append(f"可以通过网上提交行政复议申请：{channel}")
        missing = tuple(name for name in wanted if not self.settings.get(name))
        return Remedy(kinds, tuple(paragraphs), missing)
