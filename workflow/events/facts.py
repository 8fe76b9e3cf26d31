"""Facts of several parts: what an answer rests on, and what a search brought."""

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from workflow.dates import Day, in_words
from workflow.events.base import Text


class Fact(BaseModel):
    """A fact of several parts on which an outcome rests."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _body_alone(value: Any) -> Any:
    return {"body": value} if isinstance(value, str) else value


def _in_a_line(value: Any) -> Any:
    """An authority may be told by its parts: body, number, day, levels."""
    if not isinstance(value, dict):
        return value
    return "，".join(str(part) for part in value.values() if isinstance(part, str) and part)


class Derived(Fact):
    """The paper from which a level was taken over (保密法18): its body, its number."""

    body: Text
    number: Text | None = None


class Classification(Fact):
    """Fact, level and body of a classification; never the secret itself (保密法31(3)).

    authority: who gave the power to classify, with number, day and levels (保密法17).
    """

    level: Text
    body: Text
    on: Day
    authority: Annotated[Text | None, BeforeValidator(_in_a_line)] = None
    derived_from: Annotated[Derived | None, BeforeValidator(_body_alone)] = None


class Try(Fact):
    """An attempt to reach somebody: the day, and how."""

    on: Day
    how: Text


class StateArchive(Fact):
    """The State archive that holds the information, and the day of transfer (档案法15(2))."""

    name: Text | None = None
    on: Day | None = None


class RightBody(Fact):
    """The body that has to disclose, and how to reach it (条例36(5))."""

    name: Text | None = None
    contact: Text | None = None


class Counts(Fact):
    """The figures of art 35: requests and items of the applicant from the first day to the last."""

    requests: int = Field(strict=True, ge=1, le=1_000_000)
    items: int = Field(strict=True, ge=1, le=1_000_000)
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)


class Asked(Fact):
    """A unit that was asked whether it has the information, and its written answer (条例36(4)). by: who
    answered; file: the hash of the answer's file, where it lies in the case."""

    unit: Text
    answer: Text
    by: Text | None = None
    on: Day | None = None
    file: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None

    @property
    def brief(self) -> str:
        """农业中心：没有制作过."""
        return f"{self.unit}：{self.answer}"

    @property
    def told(self) -> str:
        """农业中心：没有制作过（王五，2024年5月6日）."""
        said = "，".join(text for text in (self.by, in_words(self.on) if self.on else None) if text)
        return self.brief + (f"（{said}）" if said else "")


def _kind_of_answer(value: Any) -> str:
    return "words" if isinstance(value, str) else "told"


UnitAnswer = Annotated[
    Annotated[Asked, Tag("told")] | Annotated[Text, Tag("words")], Discriminator(_kind_of_answer)
]
"""What a unit answered: by its parts, or as logs of before have it in one text."""


class Redaction(Fact):
    """One place of a paper that is withheld (条例37). withheld: what kind of thing stands there, never the
    thing itself; given: what is given instead; ground: why it is withheld."""

    place: Text
    withheld: Text
    given: Text | None = None
    ground: Text

    @property
    def told(self) -> str:
        """第3页第2行：身份证号码，不予公开；提供姓氏；理由：个人隐私."""
        instead = f"；提供{self.given}" if self.given else ""
        return f"{self.place}：{self.withheld}不予公开{instead}；理由：{self.ground}"


class FilePair(Fact):
    """The paper as it is and as it goes out, by the hashes of their files in the case."""

    original: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    redacted: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    @property
    def told(self) -> str:
        """The beginnings of both hashes, by which the files are found in the list of the case."""
        return f"原件 {self.original[:8]}，处理后 {self.redacted[:8]}"
