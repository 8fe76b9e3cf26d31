"""The law linter: old numbers and phrases that drafts, forms and guides still carry (practice.md §7, 19)."""

import re
from dataclasses import dataclass
from datetime import date

from config.law import Law


@dataclass(frozen=True, slots=True)
class Outdated:
    """A phrase that no longer fits the law: the words found, what holds now, and its article."""

    name: str
    found: str
    message: str
    article: str


def lint(text: str, law: Law, on: date) -> list[Outdated]:
    """Every outdated phrase in a text that is used on the day, in the order of the table."""
    plain = re.sub(r"\s+", "", text)
    hits = []
    for rule in law.outdated.values():
        match = re.search(rule.pattern, plain) if rule.holds_from <= on else None
        if match:
            hits.append(Outdated(rule.name, match.group(), rule.message, rule.article))
    return hits
