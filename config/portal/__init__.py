"""What the portal says besides the law: hints beside what an applicant has typed (hints.toml), the public pages that are
found by words (public.toml), and questions that a person answers at once and a script must first read, asked where one
address files very often (questions.toml). Read and checked once."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field

from config.errors import TableError
from config.kept import kept
from config.rows import ROW, Flag, Pattern, Text, Texts, Whole, once, read

FOLDER = Path(__file__).parent
HINTS, PAGES, QUESTIONS = "hints.toml", "public.toml", "questions.toml"
Span = tuple[Whole, Whole]
MOST = 99
"""The largest number that is said in words."""


Rule = TypeVar("Rule", "HintRule", "SplitRule")


class PortalError(TableError):
    """A row of one of these files that cannot be. Names file and row."""


@dataclass(frozen=True, slots=True)
class HintRule:
    """A hint beside what somebody asks for; never a refusal. patterns: of which one stands in the text; titles in 《》 do
    not count where bare is set. says: to the applicant. hits: a request that must be told so, passes: one that must not."""

    __pydantic_config__ = ROW
    kind: Literal["personal", "petition", "question", "vague"]
    patterns: Annotated[tuple[Pattern, ...], Field(min_length=1), AfterValidator(once)]
    says: Text
    hits: Text
    passes: Text
    bare: Flag = False

    def meets(self, text: str) -> bool:
        """Whether the text is told so."""
        plain = unicodedata.normalize("NFKC", text)
        if self.bare:
            plain = re.sub(r"《[^》]*》", "", plain)
        return any(re.search(pattern, plain) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class SplitRule:
    """One line that holds several things. between: what parts them; a part has at least shortest characters."""

    __pydantic_config__ = ROW
    between: Pattern
    shortest: Annotated[Whole, Field(ge=1, le=20)]
    says: Text
    hits: Text
    passes: Text

    def meets(self, text: str) -> bool:
        return bool(self.parts(text))

    def parts(self, line: str) -> tuple[str, ...]:
        """The things that one line asks for, where it asks for several; empty where it asks for one."""
        pieces = [one.strip(" 　,，、。.;；") for one in re.split(self.between, line)]
        pieces = [one for one in pieces if one]
        several = len(pieces) > 1 and all(len(one) >= self.shortest for one in pieces)
        return tuple(pieces) if several else ()


def _told(rule: Rule) -> Rule:
    """The rule, if it meets its one sentence and lets the other pass."""
    if not rule.meets(rule.hits):
        raise ValueError("hits is not met by the expressions")
    if rule.meets(rule.passes):
        raise ValueError("passes is met by the expressions")
    return rule


def _each_once(rules: tuple[HintRule, ...]) -> tuple[HintRule, ...]:
    once([rule.kind for rule in rules])
    return rules


@dataclass(frozen=True, slots=True)
class Hints:
    __pydantic_config__ = ROW
    hint: Annotated[
        tuple[Annotated[HintRule, AfterValidator(_told)], ...],
        Field(min_length=1),
        AfterValidator(_each_once),
    ]
    split: Annotated[SplitRule, AfterValidator(_told)]


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page that everybody may read. page: its name in the portal; words: by which it is found."""

    __pydantic_config__ = ROW
    page: Literal["guide", "annual_reports", "directory", "calculator", "complaint"]
    title: Text
    says: Text
    words: Texts


@dataclass(frozen=True, slots=True)
class _Pages:
    __pydantic_config__ = ROW
    page: Annotated[tuple[PublicPage, ...], Field(min_length=1), AfterValidator(once)]


def _counts(span: Span) -> Span:
    if not 0 < span[0] <= span[1] <= MOST:
        raise ValueError(f"two numbers are needed, the smaller first, from 1 to {MOST}")
    return span


Counts = Annotated[Span, AfterValidator(_counts)]


def _has_places(ask: str) -> str:
    if "{a}" not in ask:
        raise ValueError("{a} is needed")
    return ask


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """One form of question. ask: with the places {a} and {b}; gives: how the answer follows from the two; a, b: from
    where to where each is drawn."""

    __pydantic_config__ = ROW
    ask: Annotated[Text, AfterValidator(_has_places)]
    gives: Literal["sum", "difference", "product", "larger", "smaller"]
    a: Counts
    b: Counts


@dataclass(frozen=True, slots=True)
class _Questions:
    __pydantic_config__ = ROW
    question: Annotated[tuple[QuestionForm, ...], Field(min_length=5), AfterValidator(once)]


@cache
def load_hints(folder: Path = FOLDER) -> Hints:
    """The hints, in the order in which they are shown. Raises PortalError."""

    def rows() -> Hints:
        return read(folder / HINTS, Hints, PortalError)

    return kept("hints", rows) if folder == FOLDER else rows()


@cache
def load_pages(folder: Path = FOLDER) -> tuple[PublicPage, ...]:
    """The public pages, in order. Raises PortalError."""

    def rows() -> tuple[PublicPage, ...]:
        return read(folder / PAGES, _Pages, PortalError).page

    return kept("public_pages", rows) if folder == FOLDER else rows()


@cache
def load_questions(folder: Path = FOLDER) -> tuple[QuestionForm, ...]:
    """The forms of questions. Raises PortalError."""

    def rows() -> tuple[QuestionForm, ...]:
        return read(folder / QUESTIONS, _Questions, PortalError).question

    return kept("questions", rows) if folder == FOLDER else rows()
