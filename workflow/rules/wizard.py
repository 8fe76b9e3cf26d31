"""The ground wizard: where the answers to plain questions lead (config/law/wizard.toml)."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.law import Law
from config.law.wizard import Explained, WizardAnswer, WizardQuestion


@dataclass(frozen=True, slots=True)
class Step:
    """A question that was answered. path: the answers before it, so that it can be answered otherwise."""

    question: WizardQuestion
    answer: WizardAnswer
    path: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the answers lead. question: what is asked next; or end: the last answer, with what its outcome
    means where it has one."""

    steps: tuple[Step, ...]
    question: WizardQuestion | None
    end: WizardAnswer | None = None
    explained: Explained | None = None


def walk(law: Law, path: Sequence[int]) -> Stand:
    """Where a way of answers leads; path: the number of the answer to each question, from 0. What no
    question has is left out, with all that follows."""
    wizard, steps = law.wizard, list[Step]()
    question = wizard.question[0]
    for n in path:
        if not 0 <= n < len(question.answers):
            break
        answer = question.answers[n]
        steps.append(Step(question, answer, tuple(path[: len(steps)])))
        if answer.to is None:
            found = wizard.outcomes[answer.outcome] if answer.outcome else None
            return Stand(tuple(steps), None, answer, found)
        question = wizard.questions[answer.to]
    return Stand(tuple(steps), question)


def typed_by(law: Law, end: WizardAnswer) -> dict[str, str]:
    """What an end puts into the proposal of an item, by field: its outcome, subtype and words to begin with.
    Empty where something must be done first, or an event of its own brings the outcome about."""
    if end.outcome is None or law.outcomes[end.outcome].set_by:
        return {}
    subtype = {"subtype": end.subtype} if end.subtype else {}
    return {"outcome": end.outcome, **subtype, **law.wizard.outcomes[end.outcome].typed()}
