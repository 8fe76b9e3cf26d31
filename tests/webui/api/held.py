"""Every answer of the API, in whichever test it is given, is one that the document describes."""

from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from webui.api.document import written
from webui.api.problems import MIMETYPE

SOMETIMES = {
    "Link": "the last page has none",
    "Deprecation": "told to who uses what is deprecated",
    "WWW-Authenticate": "of 403: only where the token lacks the scope",
}
"""Described headers that need not come, and why."""
OF_CALLS = {"Deprecation"}
"""Told with every answer of a call."""
PREFIX = "/api/v1/"
_BOOKS: "WeakKeyDictionary[Flask, Book]" = WeakKeyDictionary()


class Book:
    """The document of an application, ready to hold answers to it, and what was seen of it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.document: dict[str, Any] = written(app)  # type: ignore[arg-type]  # ours is one of APIFlask
        self.operations = {
            operation["operationId"]: operation
            for methods in self.document["paths"].values()
            for operation in methods.values()
        }
        self._validators: dict[str, Draft202012Validator] = {}
        self._routes = app.url_map.bind("localhost")
        self.seen: set[tuple[str, int]] = set()
        self.said: set[str] = set()

    def call_of(self, path: str, method: str) -> str | None:
        """The operationId of a request; None where no call has that address and method."""
        try:
            endpoint, _ = self._routes.match(path, "GET" if method == "HEAD" else method)
        except (HTTPException, RequestRedirect):
            return None
        spec = getattr(self.app.view_functions[endpoint], "_spec", {})
        name = spec.get("operation_id")
        return name if isinstance(name, str) else None

    def hold(self, answer: TestResponse) -> None:
        """Raises AssertionError where the answer is none of those that the document has for the call."""
        request = answer.request
        name = self.call_of(request.path, request.method)
        where = f"{request.method} {request.path}: {answer.status_code}"
        if name is None:
            if answer.status_code in (404, 405):
                assert answer.mimetype == MIMETYPE, where
                self.fits("ProblemAnswer", answer.json, where)
                assert answer.status_code == 404 or answer.headers["Allow"], where
            return
        described = self.answer_of(name, answer.status_code)
        assert described is not None, f"{where} is not described of {name}"
        self.seen.add((name, answer.status_code))
        for header in set(described.get("headers", {})) - set(SOMETIMES):
            assert header in answer.headers, f"{where} lacks {header}"
        known = {*described.get("headers", {}), *(OF_CALLS & self._told_when_done(name))}
        for header in set(SOMETIMES) & set(answer.headers.keys()):
            assert header in known, f"{where} has {header}"
        content = described.get("content", {})
        if not content:
            assert not answer.data, where
        elif request.method != "HEAD":
            assert answer.mimetype in content, f"{where} is {answer.mimetype}"
            schema = content[answer.mimetype]["schema"]
            if "$ref" in schema:
                self.fits(schema["$ref"].rpartition("/")[2], answer.json, where)

    def _told_when_done(self, name: str) -> set[str]:
        """Headers of the answer to a call that was done."""
        done = next(
            answer for answer in self.operations[name]["responses"].values() if "content" in answer
        )
        return set(done.get("headers", {}))

    def answer_of(self, name: str, status: int) -> dict[str, Any] | None:
        """What the document says of an answer."""
        found = self.operations[name]["responses"].get(str(status))
        if found and "$ref" in found:
            found = self.document["components"]["responses"][found["$ref"].rpartition("/")[2]]
        return found  # type: ignore[no-any-return]  # a part of the JSON document

    def fits(self, model: str, said: Any, where: str) -> None:
        """Raises AssertionError where the value is none of the model's; notes which of its fields were told."""
        if model not in self._validators:
            schemas = {
                "$ref": f"#/components/schemas/{model}",
                "components": self.document["components"],
            }
            self._validators[model] = Draft202012Validator(schemas, validate_formats=True)
        for error in self._validators[model].iter_errors(said):
            raise AssertionError(f"{where}: {error.message} at {error.instance_path}")
        self.said.update(self._told({"$ref": f"#/components/schemas/{model}"}, said))

    def _told(self, schema: Mapping[str, Any], said: Any) -> Iterator[str]:
        """`Model.field` of what is told, null left out."""
        for kind in (schema, *schema.get("anyOf", [])):
            name = kind.get("$ref", "").rpartition("/")[2]
            fields = self.document["components"]["schemas"].get(name, {}).get("properties", {})
            if isinstance(said, dict):
                for field in set(fields) & set(said):
                    if said[field] is not None:
                        yield f"{name}.{field}"
                        yield from self._told(fields[field], said[field])
            elif isinstance(said, list) and "items" in kind:
                for one in said:
                    yield from self._told(kind["items"], one)


def book_of(app: Flask) -> Book:
    """The book of an application, opened once."""
    if app not in _BOOKS:
        _BOOKS[app] = Book(app)
    return _BOOKS[app]


class HeldClient(FlaskClient):
    """A client that looks up every answer of the API."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        if answer.request.path.startswith(PREFIX) and answer.request.method != "OPTIONS":
            book_of(self.application).hold(answer)
        return answer
