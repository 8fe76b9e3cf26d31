"""Events as they are read: by name and fields, with what is wrong at which field, in Chinese."""

import re
from datetime import date
from typing import Any, Literal, get_args

from pydantic import ValidationError

from config.law import load_law
from workflow.events.base import Event
from workflow.events.facts import Classification, Counts, Fact, RightBody, StateArchive
from workflow.events.models import MODELS, ProposeOutcome
from workflow.refusal import BadInput, FieldError


class UnknownEvent(ValueError):
    """A name that is not in the contract."""


def parse(name: Any, fields: dict[str, Any]) -> Event:
    """The event of that name with its fields.

    Raises UnknownEvent, or BadInput naming each wrong field in Chinese.
    """
    model = MODELS.get(name) if isinstance(name, str) else None
    if model is None:
        raise UnknownEvent(f"没有名为“{name}”的事项")
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise BadInput(field_errors(error)) from error


_MESSAGES = {
    "missing": "请填写这一项",
    "extra_forbidden": "没有这一项",
    "string_type": "请填写文字",
    "string_too_short": "请填写这一项",
    "string_too_long": "最多 {max_length} 个字",
    "int_type": "请填写整数",
    "int_parsing": "请填写整数",
    "int_from_float": "请填写整数",
    "bool_parsing": "请选择是或否",
    "bool_type": "请选择是或否",
    "decimal_parsing": "请填写数字",
    "decimal_type": "请填写数字",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是其中之一：{expected}",
    "tuple_type": "请填写列表",
    "list_type": "请填写列表",
    "dict_type": "请填写名称和内容的对应表",
    "model_type": "请填写名称和内容的对应表",
    "model_attributes_type": "请填写名称和内容的对应表",
    "too_short": "至少填写 {min_length} 项",
    "too_long": "最多填写 {max_length} 项",
    "finite_number": "请填写数字",
    **dict.fromkeys(
        (
            "timezone_aware",
            "datetime_type",
            "datetime_parsing",
            "datetime_from_date_parsing",
            "datetime_object_invalid",
        ),
        "请按 2026-01-31T09:30:00+08:00 的格式填写时间，带时区",
    ),
}
_OF_TEXTS = {"too_short": "string_too_short", "too_long": "string_too_long"}
"""What pydantic says of a text that is measured after another check, as of one that is measured at once."""


def field_errors(error: ValidationError) -> list[FieldError]:
    """pydantic's findings as fields and messages in Chinese."""
    found = []
    for item in error.errors(include_url=False):
        context = dict(item.get("ctx", {}))
        if "expected" in context:
            context["expected"] = "、".join(re.findall(r"'([^']*)'", str(context["expected"])))
        if item["type"] in ("value_error", "assertion_error"):
            message = str(context["error"])
        else:
            kind = _OF_TEXTS.get(item["type"]) if isinstance(item["input"], str) else None
            message = _MESSAGES.get(kind or item["type"], "无法识别，请检查").format(**context)
        found.append(FieldError(".".join(str(part) for part in item["loc"]), message))
    return found


FACTS: dict[str, type[Fact]] = {
    "classification": Classification,
    "right_body": RightBody,
    "counts": Counts,
    "archive": StateArchive,
}
"""Fields of a proposal that have parts of their own; a part is titled `field_part`."""


def parts_of(field: str) -> tuple[str, ...]:
    """The parts of such a field, as they are written."""
    return tuple(info.alias or name for name, info in FACTS[field].model_fields.items())


def fields_of(event: str) -> tuple[str, ...]:
    """The names of an event's fields, those of an answer to one item and of their parts too."""
    names = tuple(MODELS[event].model_fields)
    if event == ProposeOutcome.name:
        names += ("item", *(f"{field}_{part}" for field in FACTS for part in parts_of(field)))
    return names


def field_title(event: str, field: str) -> str:
    """The label of an event's field on the pages (config/law/transitions.toml)."""
    return load_law().title(event, field)


def field_called(event: str, key: str) -> str | None:
    """The field of the event's model that a log or a file calls so; None if there is none."""
    for name, info in MODELS[event].model_fields.items():
        if key in (name, info.alias):
            return name
    return None


def days_of(event: Event) -> list[tuple[str, date]]:
    """Every day that an event names, with its field."""
    return [(name, value) for name, value in vars(event).items() if isinstance(value, date)]


def names_who_filed(event: Any, by: Any) -> bool:
    """Whether `by` of an event as it was written says whose review or suit it is, and not who applies it."""
    model = MODELS.get(event) if isinstance(event, str) else None
    field = model.model_fields.get("by") if model else None
    return field is not None and by in literal_values(field.annotation)


def literal_values(annotation: Any) -> tuple[str, ...]:
    """The words that a field accepts, () for free fields."""
    for part in (annotation, *get_args(annotation)):
        if getattr(part, "__origin__", None) is Literal:
            return get_args(part)
        inner = get_args(part)
        if inner and getattr(inner[0], "__origin__", None) is Literal:
            return get_args(inner[0])
    return ()
