"""Hints beside what somebody asks for, before it is filed: what is no request for information, what cannot be searched for,
what had better stand elsewhere. They advise; nothing is refused for them.

The rules stand in config/portal/hints.toml.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from config.portal import Hints

PERSONAL = "personal"
NAME_IN_TEXT = "这里写了申请人的姓名或者名称。申请内容会给承办科室、其他机关看，请只写要什么信息。"
SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint on one text. place: which of the texts, from 0. parts: the lines into which it might be split."""

    kind: str
    place: int
    says: str
    parts: tuple[str, ...] = ()


def hints_of(rules: Hints, texts: Sequence[str], names: Collection[str] = ()) -> tuple[Hint, ...]:
    """What might be said of these texts, text by text, each kind once a text.

    names: of who applies, which need not stand in what is asked for.
    """
    found: list[Hint] = []
    for place, text in enumerate(texts):
        found += (Hint(rule.kind, place, rule.says) for rule in rules.hint if rule.meets(text))
        kinds = {hint.kind for hint in found if hint.place == place}
        if PERSONAL not in kinds and any(
            len(one) >= SHORTEST_NAME and one in text for one in names
        ):
            found.append(Hint(PERSONAL, place, NAME_IN_TEXT))
        parts = rules.split.parts(text)
        if parts:
            found.append(Hint("several", place, rules.split.says, parts))
    return tuple(found)
