"""From an applicant to the column of table 3 (law.md §6.7): one application counts in exactly one."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from config.law import Law

SOLE_TRADER = "sole_trader"
"""A column of its own kind: the setting sole_trader_col says which of two it is."""
OTHER = "other_organization"
_BEHIND = re.compile(
    r"[\s。，,.;；、!:：]+$"
    r"|\((?P<remark>[^()]*)\)$"
    r"|等?(?:共|合计)?[\d一二三四五六七八九十百两几多]+(?:人|户|名|家|位|个|人次)$"
    r"|等$"
    r"|(?:提出|提交)?申请$"
)
"""What may stand behind a description and says nothing of the column."""
_IN_THE_NAME = re.compile(r"以(?P<whose>[^以]+?)的?名义")


def column_is_known(law: Law, category: str | None, description: str | None) -> bool:
    """False where an organisation stands in 其他 only because no ending is known: somebody should look."""
    return category is not None or _found(law, description or "") is not None


def column_of(
    law: Law,
    settings: Mapping[str, Any],
    category: str | None,
    description: str | None,
    *,
    citizen: bool,
) -> str:
    """The column of table 3 for an applicant: the given category, else what the ending of the
    description says in config/law/applicants.toml.

    Rule: the column of table 3 follows from the ending of the description, not from one word inside the name
    nor from a person's employer (law.md §6.7).
    """
    if category in law.formats.applicant_columns():
        return str(category)
    found = _found(law, description or "")
    if found == SOLE_TRADER:
        return "business" if settings["sole_trader_col"] == "business" else "natural_person"
    person = citizen and not _is_a_body(law, description or "")
    return found or ("natural_person" if person else OTHER)


def _is_a_body(law: Law, description: str) -> bool:
    """No more is known than that it is no person."""
    return next(_parts(_plain(description))).endswith(law.applicants.bodies)


def _plain(description: str) -> str:
    return unicodedata.normalize("NFKC", description).lower().strip()


def _found(law: Law, description: str) -> str | None:
    """A column, or SOLE_TRADER; None where neither an own name nor an ending is known."""
    table = law.applicants
    text = _plain(description)
    if any(words in text for words in table.own_name):
        return "natural_person"
    in_the_name = _IN_THE_NAME.search(text)
    if in_the_name:
        # 律师事务所以所名义: 所 says nothing, the name before it does.
        named = _ending(table.endings, in_the_name["whose"])
        who = _found(law, text[: in_the_name.start()])
        return named if named not in (None, OTHER) or who in (None, "natural_person") else who
    found, *remarks = (_ending(table.endings, part) for part in _parts(text))
    if found in (None, OTHER):
        # 某某中心（有限合伙）: how it is registered says more than 中心.
        found = next((by for by in remarks if by not in (None, "natural_person", found)), found)
    registered = any(word in text for word in table.sole_trader)
    return SOLE_TRADER if registered and found in (None, "business") else found


def _parts(text: str) -> Iterator[str]:
    """The description without what stands behind it, then the remarks in brackets, the last first."""
    remarks = []
    while text:
        behind = _BEHIND.search(text)
        if behind is None or not behind.group() or not text[: behind.start()]:
            break
        remarks.append(behind["remark"] or "")
        text = text[: behind.start()]
    yield text
    yield from remarks


def _ending(endings: Mapping[str, str], text: str) -> str | None:
    """The column of the longest known ending; one in Latin letters begins with a word."""
    for start in range(len(text)):
        ending = text[start:]
        column = endings.get(ending)
        inside_a_word = ending[:1].isascii() and text[start - 1 : start].isascii() and start > 0
        if column and not (inside_a_word and text[start - 1].isalnum()):
            return column
    return None
