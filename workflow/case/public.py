"""What an applicant reads of a case: the public step of each event, from the words of its row.

A row's `public` is a list of texts; the first one whose values are all known is taken. What stands in [ ]
is said only if its own values are known. Names and opinions of people never stand there.
"""

import re
from collections.abc import Iterable, Mapping
from string import Formatter

from config.law import Law
from workflow import events as ev
from workflow.case.facts import CaseView
from workflow.dates import in_words

FROM_CASE = ("due", "outcome", "method")
"""What a public text may name beside the fields of its event: the due day that it sets, the answer and the
way of service in words."""
_PART = re.compile(r"\[([^\[\]]*)\]")


def public_steps(case: CaseView, law: Law) -> list[dict[str, str]]:
    """The steps that concern the applicant, oldest first: the day (`on`) and the text."""
    steps = []
    for line in case.log:
        text = said(law.transitions[line.event.name].public, known(case, line.event, law))
        if text:
            steps.append({"on": line.event.on.isoformat(), "text": text})
    return steps


def said(texts: Iterable[str], values: Mapping[str, str]) -> str:
    """The first text whose values are known, filled; empty where there is none."""
    for text in texts:
        if all(name in values for name in named_in([_PART.sub("", text)])):
            return _PART.sub(lambda part: _filled(part[1], values), text).format_map(values)
    return ""


def _filled(part: str, values: Mapping[str, str]) -> str:
    if all(name in values for name in named_in([part])):
        return part.format_map(values)
    return ""


def named_in(texts: Iterable[str]) -> set[str]:
    """The {names} that stand in the texts."""
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


def known(case: CaseView, event: ev.Event, law: Law) -> dict[str, str]:
    """What can be said of an event to the applicant, in words."""
    values = {
        name: "；".join(value) if name == "defects" else str(value)
        for name, value in event
        if value is not None and value != () and name not in FROM_CASE
    }
    days = {
        "require_correction": case.deadlines.correction_due,
        "charge_fee": case.deadlines.fee_due,
    }
    due = days.get(event.name)
    if due:
        values["due"] = in_words(due)
    if isinstance(event, ev.Serve):
        values["method"] = law.words.methods[event.method]
        if case.facts.outcome:
            values["outcome"] = law.outcomes[case.facts.outcome].label
    return values
