"""What is said beside a form before it is filed: hints, what is public already, who has it, what was asked before. Nothing of
it keeps anybody from filing."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.portal import load_hints
from webui.here import gongkai
from workflow.case.application import ApplicationForm
from workflow.case.hints import Hint, hints_of
from workflow.service.cases.alike import Own
from workflow.service.public import Answer, Elsewhere


@dataclass(frozen=True)
class Advice:
    """hints: each with the words for the text that it is about; similar: what was released to everybody; elsewhere: who
    has it, where the chosen bodies do something else; own: earlier requests from this browser or of the account."""

    hints: Sequence[tuple[str, Hint]]
    similar: Sequence[Answer]
    elsewhere: Elsewhere | None
    own: Sequence[Own]


def advice_on(
    wanted: ApplicationForm, bodies: Sequence[str], filed: Sequence[tuple[str, str]]
) -> Advice:
    """filed: the cases that were filed from this browser, or stand in the account of whoever has signed in."""
    items = list(wanted.wanted())
    labels = [f"第 {n} 项" if len(items) > 1 else "要公开的信息" for n in range(1, len(items) + 1)]
    described = wanted.description if wanted.items else None
    for label, text in (("文号", described and described.document_number), ("其他特征", described and described.other)):  # fmt: skip
        if text:
            labels.append(label)
            items.append(text)
    names = [name for name in (wanted.applicant.name, wanted.agent and wanted.agent.name) if name]
    if not wanted.applicant.citizen:
        names = names[1:]  # what a company asks about itself bears its name
    found = hints_of(load_hints(), items, names)
    hints = [
        (labels[hint.place], hint)
        for hint in found
        if hint.kind != "several" or hint.place < len(wanted.items)
    ]
    doors, asked = gongkai(), "\n".join(wanted.wanted())
    return Advice(
        hints, doors.public.similar(items), doors.public.elsewhere(asked, bodies),
        doors.alike.own(wanted, bodies, filed) if filed else (),
    )  # fmt: skip


def split_lines(items: str) -> str:
    """What was typed, with each line that asks for several things in as many lines."""
    rule = load_hints().split
    return "\n".join(part for line in items.splitlines() for part in rule.parts(line) or (line,))
