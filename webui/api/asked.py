"""What the API is asked: the query strings of its calls, as models that validate."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
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
from workflow.dates import Day, parse_day
from workflow.service.cases.views import Place

PAGE = 50
PAGE_MOST = 200


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
    agency: Annotated[Code | None, Optional] = Field(
        None, description="Code of a body: only its cases. For people who work in several bodies."
    )


class CaseList(OfOneBody):
    state: Annotated[tuple[State, ...], BeforeValidator(_split)] = Field(
        (), description="Only these states, with commas between."
    )
    due_before: Annotated[Day | None, Optional] = Field(
        None, description="Only what is due before this day."
    )
    q: Annotated[Text | None, Optional] = Field(
        None, description="A text in number, request or applicant's name."
    )
    cursor: Annotated[Cursor | None, Optional] = Field(
        None, description="`next` of the page before; opaque."
    )
    limit: int = Field(PAGE, ge=1, le=PAGE_MOST, description="Cases on a page.")


class ByCode(Asked):
    query_code: str = Field("", max_length=100, description="The code given with the number.")


class InFormat(Asked):
    format: Annotated[Literal["2019", "2021"] | None, Optional] = Field(
        None, description="Format of the report; the year's own if left out."
    )


class Nothing(Asked):
    """A call without arguments."""


def cursor_of(place: Place) -> str:
    """An opaque word for a place in the worklist."""
    said = [place.due.isoformat() if place.due else None, place.number, place.agency]
    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def place_of(cursor: str) -> Place:
    """The place that `cursor_of` named. Raises ValueError, in Chinese."""
    try:
        said = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        due, number, agency = said
        if not (isinstance(number, str) and isinstance(agency, str) and number.isprintable()):
            raise ValueError(cursor)
        return Place(parse_day(due) if due is not None else None, number, agency)
    except (ValueError, TypeError) as error:
        raise ValueError("不是有效的翻页标记，请使用上一页的 next") from error
