"""The rows of wizard.toml: from plain questions to an answer, and what every answer means."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from pydantic import Field

from config.rows import ROW, Text, Texts, Word

TYPED = (
    "ground", "citation", "reason", "assessment", "redaction", "address", "channel", "window", "earlier_reply",
)  # fmt: skip
"""Columns of an explained outcome that are put into the proposal's fields of the same names."""


@dataclass(frozen=True, slots=True)
class WizardAnswer:
    """An answer and where it leads: to a question, an outcome with its subtype, or what must be done first."""

    __pydantic_config__ = ROW
    says: Text
    to: Word | None = None
    outcome: Word | None = None
    subtype: Word | None = None
    event: Word | None = None


@dataclass(frozen=True, slots=True)
class WizardQuestion:
    __pydantic_config__ = ROW
    name: Word
    text: Text
    answers: Annotated[tuple[WizardAnswer, ...], Field(min_length=2)]
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """What an outcome means, what must be shown for it, what courts asked; and the words to begin with, by
    the field of the proposal."""

    __pydantic_config__ = ROW
    outcome: Word
    means: Text
    shown: Texts
    court: Text
    ground: Text | None = None
    citation: Text | None = None
    reason: Text | None = None
    assessment: Text | None = None
    redaction: Text | None = None
    address: Text | None = None
    channel: Text | None = None
    window: Text | None = None
    earlier_reply: Text | None = None

    def typed(self) -> dict[str, str]:
        """The words to begin with, by the field that they go into."""
        return {name: text for name in TYPED if (text := getattr(self, name))}


@dataclass(frozen=True)
class Wizard:
    """The first question begins."""

    __pydantic_config__ = ROW
    question: Annotated[tuple[WizardQuestion, ...], Field(min_length=1)]
    explained: Annotated[tuple[Explained, ...], Field(min_length=1)]

    @cached_property
    def questions(self) -> Mapping[str, WizardQuestion]:
        return {one.name: one for one in self.question}

    @cached_property
    def outcomes(self) -> Mapping[str, Explained]:
        return {one.outcome: one for one in self.explained}

    def paths(self, begin: str | None = None) -> Iterator[tuple[tuple[int, ...], WizardAnswer]]:
        """Every way through the questions: the numbers of the answers, and the last answer. Only for
        questions among which there is no circle."""
        start = self.questions[begin] if begin else self.question[0]
        for n, answer in enumerate(start.answers):
            if answer.to is None:
                yield (n,), answer
                continue
            for rest, last in self.paths(answer.to):
                yield (n, *rest), last
