"""What every event has, and the kinds of values that fields share."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from config.law import load_law
from workflow.dates import Day

LONGEST_TEXT = 2000
"""Characters of a text that somebody types."""
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)
]


def _channel(value: Any) -> Any:
    return load_law().words.channel_aliases.get(value, value) if isinstance(value, str) else value


Channel = Annotated[
    Literal["portal", "email", "fax", "ordinary_mail", "ems", "in_person", "oral"],
    BeforeValidator(_channel),
]
Number = Annotated[int, Field(strict=True, ge=1, le=999)]


CorrectionGround = Literal["content", "identity", "contact", "form", "authority"]
"""What a correction may ask for (苏政办函〔2019〕98号): a clear description, proof of identity, a way of
contact, the form of supply, an agent's authority. Nothing else."""


class Event(BaseModel):
    """What happened to a case on a day."""

    # Of sixty models a command or page uses a few: each is built when it is first used.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
    name: ClassVar[str]

    on: Day
    note: Text | None = None
