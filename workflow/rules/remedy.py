"""Remedies (救济途径): what a reply must tell, as a function of outcome and day of service.

Rule: what an applicant reads after a refusal is the remedy (`remedy_text`): organ, court and last days by the day of service.

Refusals under 条例14 to 16 that are served on or after 2024-01-01 go to review first (行政复议法23(1)(4)),
and the reply must say so (23(2)); everything else may be reviewed or sued at once. law.md §1.1,
practice.md §2.3. Review 60 days, suit 15 days after a review decision or 6 months directly.
"""

from dataclasses import dataclass
from datetime import date

from workflow.rules.outcomes import Answer, remedy_of
from workflow.rules.rulebook import Rulebook

ORGAN, COURT, ONLINE = "review_organ", "court", "online_review_url"


@dataclass(frozen=True, slots=True)
class Remedy:
    """kind: review_first, either or none. paragraphs: the text of the reply. missing: settings of the
    body without which the text cannot be complete."""

    kind: str
    paragraphs: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def remedy_text(
    outcome: str,
    served_on: date,
    rules: Rulebook,
    *,
    answer: Answer | None = None,
    electronic: bool = False,
) -> Remedy:
    """The remedy paragraph of a reply.

    outcome: a code of the contract. answer: the answers item by item, where some are refused and some
    are not. served_on: the day on which service takes effect, or is meant to. electronic: the reply is
    served on the net, which demands the online channel of review beside it (行政复议法22(2)).
    """
    kind = remedy_of(rules.law.outcomes[outcome], rules.settings, served_on)
    if kind == "none":
        return Remedy("none")
    settings = rules.settings
    organ = settings.get(ORGAN) or "【复议机关】"
    court = settings.get(COURT) or "【有管辖权的人民法院】"
    wanted = [ORGAN, COURT]
    first, either = _kinds(kind, outcome, served_on, rules, answer)
    kind = "review_first" if first else "either"
    paragraphs = []
    if first:
        what = "本答复中不予公开的部分" if either or outcome == "partial" else "本答复"
        paragraphs.append(
            f"对{what}不服的，应当先自收到本答复之日起 {rules.period('review', served_on)} 日内向"
            f"{organ}申请行政复议；对行政复议决定不服的，可以自收到行政复议决定书之日起 "
            f"{rules.period('suit_after_review', served_on)} 日内向{court}提起行政诉讼。"
        )
    if either:
        what = "本答复的其他部分" if first else "本答复"
        paragraphs.append(
            f"对{what}不服的，可以自收到本答复之日起 {rules.period('review', served_on)} 日内向{organ}"
            f"申请行政复议，或者自收到本答复之日起 {rules.period('suit_direct', served_on)} 个月内向"
            f"{court}提起行政诉讼。"
        )
    if electronic:
        wanted.append(ONLINE)
        channel = settings.get(ONLINE) or "【网上申请行政复议的网址】"
        paragraphs.append(f"可以通过网上提交行政复议申请：{channel}")
    missing = tuple(name for name in wanted if not settings.get(name))
    return Remedy(kind, tuple(paragraphs), missing)


def third_party_remedy(served_on: date, rules: Rulebook) -> Remedy:
    """What a third party is told whose information is released despite its objection (条例32): a right
    of its own."""
    organ = rules.settings.get(ORGAN) or "【复议机关】"
    court = rules.settings.get(COURT) or "【有管辖权的人民法院】"
    text = (
        f"对本决定不服的，可以自收到本告知书之日起 {rules.period('review', served_on)} 日内向{organ}申请"
        f"行政复议，或者自收到本告知书之日起 {rules.period('suit_direct', served_on)} 个月内向{court}提起"
        "行政诉讼。"
    )
    missing = tuple(name for name in (ORGAN, COURT) if not rules.settings.get(name))
    return Remedy("either", (text,), missing)


def _kinds(
    kind: str, outcome: str, served_on: date, rules: Rulebook, answer: Answer | None
) -> tuple[bool, bool]:
    """Whether a part of the reply goes to review first, and whether another part may choose."""
    chosen = outcome == "partial" and kind == "either"  # setting partial_remedy, or before 2024
    if answer is None or not answer.items or chosen:
        return kind == "review_first", kind == "either"
    law, settings = rules.law, rules.settings
    kinds = {remedy_of(law.outcomes[item.outcome], settings, served_on) for item in answer.items}
    return "review_first" in kinds, "either" in kinds
