"""Which body does what somebody asks about, by the words of its duties (职责)."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from workflow.case.alike import pairs_of

NEAR = 0.6
"""The share of the pairs of characters of a duty that a text has that is about it."""
_BETWEEN = re.compile(r"[\s、，,；;。.（）()：:]+")
_AROUND = re.compile(r"^(?:负责|承担|组织|指导|拟订|以及|和|及)+|(?:等|等工作|工作)$")
_SAYS_NOTHING = frozenset(("管理", "服务", "监督", "其他", "职责", "本级", "依法", "行政"))


def duties_of(text: str) -> list[str]:
    """The duties that a text of a body names, one by one."""
    found = [_AROUND.sub("", one) for one in _BETWEEN.split(text)]
    return [one for one in dict.fromkeys(found) if len(one) > 1 and one not in _SAYS_NOTHING]


@dataclass
class Duties:
    """The duties of many bodies. What a question costs follows its text and the duties that share words with it."""

    of_duty: dict[str, list[str]] = field(default_factory=dict)
    by_pair: dict[str, list[str]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    @classmethod
    def gathered(cls, bodies: Iterable[tuple[str, str]]) -> "Duties":
        """bodies: the code of each with what it says of its duties."""
        made = cls()
        for code, text in bodies:
            for duty in duties_of(text):
                made.known.add(code)
                if duty not in made.of_duty:
                    for pair in pairs_of(duty):
                        made.by_pair.setdefault(pair, []).append(duty)
                made.of_duty.setdefault(duty, []).append(code)
        return made

    def about(self, text: str) -> dict[str, list[str]]:
        """The duties that a text is about, the nearest first, each with the codes of the bodies that have it."""
        shared: Counter[str] = Counter()
        for pair in pairs_of(text):
            shared.update(self.by_pair.get(pair, ()))
        shares = {duty: number / len(pairs_of(duty)) for duty, number in shared.items()}
        near = sorted((duty for duty in shares if shares[duty] >= NEAR), key=lambda one: (-shares[one], -len(one)))  # fmt: skip
        return {duty: self.of_duty[duty] for duty in near}

    def elsewhere(self, text: str, chosen: Iterable[str]) -> tuple[str, list[str]] | None:
        """The duty that a text is about and the bodies that have it, where every chosen body has said what it does and
        none of it is what the text is about; None where it is theirs, or nobody knows."""
        asked = set(chosen)
        if not asked or not asked <= self.known:
            return None
        about = self.about(text)
        if not about or any(asked & set(codes) for codes in about.values()):
            return None
        return next(iter(about.items()))
