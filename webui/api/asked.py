"""What the API is asked: the query strings of its calls, as models that validate."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from config.law import load_law
from webui.places import place_of
from workflow.dates import Day

PAGE = 50
PAGE_MOST = 200
CODE_MOST = 100
"""Characters of a code as somebody may write it."""


def _known_state(value: str) -> str:
    if value not in load_law().states:
        raise ValueError(f"没有名为“{value[:40]}”的状态")
    return value


def _split(value: Any) -> Any:
    return tuple(part for part in value.split(",") if part) if isinstance(value, str) else value


def _place(value: str) -> str:
    place_of(value)
    return value


def _none_if_blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


State = Annotated[
    str,
    AfterValidator(_known_state),
    WithJsonSchema({"type": "string", "enum": list(load_law().states)}),
]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Cursor = Annotated[str, StringConstraints(max_length=400), AfterValidator(_place)]
Optional = BeforeValidator(_none_if_blank)


class Asked(BaseModel):
    """A misspelt argument is told, not passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OfOneBody(Asked):
    agency: Annotated[Code | None, Optional] = None


class Copy(Asked):
    readable: bool = False


class CopyOfOneBody(OfOneBody, Copy):
    """Both."""


class CaseList(OfOneBody):
    state: Annotated[tuple[State, ...], BeforeValidator(_split)] = ()
    due_before: Annotated[Day | None, Optional] = None
    q: Annotated[Text | None, Optional] = None
    cursor: Annotated[Cursor | None, Optional] = None
    limit: int = Field(PAGE, ge=1, le=PAGE_MOST)


class ByCode(Asked):
    query_code: str = Field("", max_length=CODE_MOST)


class InFormat(Asked):
    format: Annotated[Literal["2019", "2021"] | None, Optional] = None


class Nothing(Asked):
    """A call without arguments."""
