"""docs/api.md and docs/api-reference.zh.md say what the document says, and the calendar of changes is kept."""

import re
from datetime import date
from typing import Any

import pytest

from config.api import load_api
from tests.examples import DOCS
from tests.webui.api.held import Book, book_of
from webui.api.reference import BEGIN, END, GUIDE, REFERENCE, api_pages
from webui.api.views import PREFIX

GUIDE_TEXT = (DOCS / GUIDE).read_text(encoding="utf-8")


@pytest.fixture
def book(app: Any) -> Book:
    return book_of(app)


def test_the_pages_are_those_that_the_document_makes() -> None:
    """Stale? `make docs`."""
    for name, text in api_pages(DOCS).items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, name


def test_every_call_of_the_guide_stands_in_the_document_and_the_other_way_round(book: Book) -> None:
    known = {
        f"{method.upper()} {path}"
        for path, methods in book.document["paths"].items()
        for method in methods
    }
    listed, told = GUIDE_TEXT.split(BEGIN)[1].split(END)[0], GUIDE_TEXT.replace("…/", "")
    assert set(re.findall(r"`((?:GET|POST) [^`]+)`", listed)) == known
    patterns = [
        re.compile(re.sub(r"\\{[^}]+\\}", "[^/ ]+", re.escape(call.partition(" ")[2])) + r"\Z")
        for call in known
    ]
    for method, path in re.findall(r"\b(GET|POST) (/[^\s`?]+)", told):
        whole = path if path.startswith(PREFIX) else f"{PREFIX}{path}"
        assert any(one.match(whole) for one in patterns), f"{method} {path}"


def test_the_reference_names_every_call_model_field_and_choice(book: Book) -> None:
    text = (DOCS / REFERENCE).read_text(encoding="utf-8")
    for name in book.operations:
        assert f"### {name}\n" in text
    for name, schema in book.document["components"]["schemas"].items():
        _, _, part = text.partition(f"### {name}\n")
        part = part.split("\n### ")[0]
        for word in (*schema.get("properties", {}), *schema.get("enum", ())):
            assert f"`{word}`" in part, f"{name}.{word}"


def test_only_get_and_post_are_answered_and_another_method_is_told_which(
    app: Any, book: Book
) -> None:
    client = app.test_client()
    for path, methods in book.document["paths"].items():
        whole = re.sub(r"\{(year|file_id)\}", "1", path)
        whole = re.sub(r"\{[^}]+\}", "x", whole)
        for method in ("PUT", "PATCH", "DELETE", "POST", "GET"):
            if method.lower() in methods:
                continue
            answer = client.open(whole, method=method)
            assert answer.status_code == 405, (method, path)
            allowed = set(answer.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"}
            assert allowed == {one.upper() for one in methods}, path


# -- the calendar of changes ------------------------------------------------------------------------


def test_what_is_deprecated_says_so_in_document_and_answer(book: Book, program: Any) -> None:
    marked = {
        (name, parameter["name"]): parameter
        for name, operation in book.operations.items()
        for parameter in operation["parameters"]
        if parameter.get("deprecated")
    }
    told = {
        (call, name): change
        for change in load_api().changes
        for call in change.calls
        for name in change.names
    }
    assert set(marked) == set(told) and marked
    for place, change in told.items():
        assert change.until is not None
        assert marked[place]["x-deprecated-on"] == change.on.isoformat()
        assert marked[place]["x-until-version"] == change.until
        done = next(one for one in book.operations[place[0]]["responses"].values())
        assert "Deprecation" in done["headers"]
    number, code = program().file()
    old = program().get(f"/applications/{number}?query_code={code}")
    assert old.status_code == 200 and old.headers["Deprecation"] == "true"
    new = program().get(f"/applications/{number}", X_Query_Code=code)
    assert new.status_code == 200 and "Deprecation" not in new.headers


def test_the_document_carries_the_calendar(book: Book) -> None:
    said = book.document["info"]["x-changes"]
    days = [date.fromisoformat(one["on"]) for one in said]
    assert days == sorted(days) and len(said) == len(load_api().changes)
    assert all({"version", "on", "kind", "what"} <= set(one) for one in said)
