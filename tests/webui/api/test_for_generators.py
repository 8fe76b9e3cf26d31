"""What generators of clients choke on, asked of the document without them (`make clients` asks the generators)."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.webui.api.held import book_of

Document = dict[str, Any]
KNOWN = {"application/json", "application/problem+json", "application/octet-stream", "multipart/form-data"}  # fmt: skip
"""What they make something of; of several kinds of one answer the first has to be one."""


def _within(value: Any, place: str = "") -> Iterator[tuple[str, Document]]:
    if isinstance(value, dict):
        yield place, value
        for name, inner in value.items():
            if name not in ("example", "examples", "default", "x-changes"):
                yield from _within(inner, f"{place}/{name}")
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _within(inner, f"{place}/{n}")


def complaints(document: Document) -> Iterator[str]:
    """What a generator would warn of, drop or get wrong; by what was seen of both, and place."""
    schemas = document["components"]["schemas"]
    calls = [one for methods in document["paths"].values() for one in methods.values()]
    names = [call["operationId"].lower() for call in calls], [name.lower() for name in schemas]
    for many in names:
        yield from (f"alike but for case: {name}" for name in set(many) if many.count(name) > 1)
    for place, one in _within(document):
        ref = one.get("$ref")
        if (
            isinstance(ref, str)
            and ref.removeprefix("#/components/").split("/")[1]
            not in (document["components"][ref.split("/")[2]])
        ):
            yield f"leads nowhere: {place}"
        if "nullable" in one and isinstance(one["nullable"], bool):
            yield f"a word of 3.0: {place}"
        if isinstance(one.get("enum"), list) and None in one["enum"]:
            yield f"null among words: {place}"
        if "default" in one and one["default"] is None:
            yield f"null by default: {place}"
        if isinstance(one.get("title"), str) and not one["title"].isascii():
            yield f"a name that is none: {place}"
        if isinstance(one.get("pattern"), str):
            try:
                re.compile(one["pattern"])
            except re.error:
                yield f"no expression: {place}"
        if isinstance(one.get("content"), dict) and next(iter(one["content"])) not in KNOWN:
            yield f"unknown content first: {place}"
        if one.get("format") == "binary" and one.get("type") != "string":
            yield f"bytes that are no text: {place}"
        if "discriminator" in one:
            yield from (f"{said}: {place}" for said in _discriminated(one, schemas))


def _discriminated(one: Document, schemas: Document) -> Iterator[str]:
    field, mapping = one["discriminator"]["propertyName"], one["discriminator"]["mapping"]
    if sorted(mapping.values()) != sorted(kind["$ref"] for kind in one["oneOf"]):
        yield "not each kind has its word"
    for word, place in mapping.items():
        schema = schemas[place.rpartition("/")[2]]
        if schema["properties"][field].get("const") != word or field not in schema["required"]:
            yield f"{word} does not say which it is"


@pytest.fixture
def document(app: Any) -> Document:
    return copy.deepcopy(book_of(app).document)


def test_no_generator_has_to_be_helped(document: Document) -> None:
    assert list(complaints(document)) == []


def _bent(document: Document, way: str) -> None:
    schemas = document["components"]["schemas"]
    match way:
        case "alike but for case":
            schemas["caseanswer"] = schemas["CaseAnswer"]
        case "leads nowhere":
            del schemas["Letter"]
        case "a word of 3.0":
            schemas["Letter"]["properties"]["on"]["nullable"] = True
        case "null among words":
            schemas["State"]["enum"].append(None)
        case "null by default":
            schemas["Assign"]["properties"]["to"]["default"] = None
        case "a name that is none":
            schemas["Assign"]["title"] = "交办"
        case "no expression":
            schemas["Letter"]["properties"]["title"]["pattern"] = "["
        case "unknown content first":
            answer = document["paths"]["/api/v1/cases"]["get"]["responses"]["200"]
            answer["content"] = {"application/pdf": {}, **answer["content"]}
        case "bytes that are no text":
            schemas["Letter"]["properties"]["on"] = {"format": "binary"}
        case "not each kind has its word":
            del schemas["Event"]["discriminator"]["mapping"]["assign"]
        case _:
            del schemas["Assign"]["properties"]["event"]["const"]


@pytest.mark.parametrize(
    "way",
    [
        "alike but for case", "leads nowhere", "a word of 3.0", "null among words", "null by default",
        "a name that is none", "no expression", "unknown content first", "bytes that are no text",
        "not each kind has its word", "assign does not say which it is",
    ],
)  # fmt: skip
def test_each_of_these_is_found(document: Document, way: str) -> None:
    _bent(document, way)
    assert any(said.startswith(way) for said in complaints(document))
