"""What was published of the API stays, or the calendar of changes tells that it goes."""

import copy
import shutil
from typing import Any

import pytest

from config.api import CHANGES, FOLDER, ApiError, load_api
from tests.examples import DOCS
from tests.webui.api.held import book_of
from webui.api.promised import PROMISED, broken, kept, picture_of, read, told, written

Document = dict[str, Any]


@pytest.fixture
def document(app: Any) -> Document:
    return copy.deepcopy(book_of(app).document)


def _told() -> list[str]:
    return [line for change in load_api().changes for line in change.gone]


def test_nothing_that_was_published_goes_in_silence(document: Document) -> None:
    """A line here? Let it be as it was; or tell it, with `gone`, in config/api/changes.toml, and `make docs`."""
    before = read((DOCS / PROMISED).read_text(encoding="utf-8"))
    assert [line for line in broken(before, picture_of(document)) if not told(line, _told())] == []


def test_what_the_calendar_tells_as_gone_is_gone(document: Document) -> None:
    now = written(picture_of(document)).splitlines()
    for said in _told():
        heading, _, line = said.partition(": ")
        lines = next((one.partition(": ")[2].split(", ") for one in now if one.startswith(f"{heading}:")), [])  # fmt: skip
        assert (line in lines) is heading.startswith("needs") if line else not lines, said


def _bent(document: Document, way: str) -> None:
    schemas, paths = document["components"]["schemas"], document["paths"]
    events = paths["/api/v1/cases/{number}/events"]["post"]
    match way:
        case "a call":
            del paths["/api/v1/cases/{number}/paper"]
        case "an address":
            paths["/api/v1/case"] = paths.pop("/api/v1/cases")
        case "an argument":
            events["parameters"] = [one for one in events["parameters"] if one["name"] != "agency"]
        case "an argument is needed":
            paths["/api/v1/cases"]["get"]["parameters"][0]["required"] = True
        case "an answer":
            del events["responses"]["412"]
        case "a header":
            del events["responses"]["200"]["headers"]["ETag"]
        case "a type of file":
            answers = paths["/api/v1/cases/{number}/files/{file_id}"]["get"]["responses"]
            del answers["200"]["content"]["application/pdf"]
        case "a header of a problem":
            del document["components"]["responses"]["Problem429"]["headers"]["Retry-After"]
        case "a field":
            del schemas["ListedCase"]["properties"]["due"]
        case "a field that is not always there":
            schemas["ListedCase"]["required"].remove("due")
        case "a type":
            schemas["ListedCase"]["properties"]["due"] = {"type": "string", "format": "date-time"}
        case "a field is needed":
            schemas["Assign"]["required"].append("to")
        case "a new field is needed":
            schemas["RightBody"]["properties"]["postcode"] = {"type": "string"}
            schemas["RightBody"]["required"] = ["postcode"]
        case "a word":
            schemas["State"]["enum"].remove("ready")
        case "a word of a field":
            schemas["Serve"]["properties"]["method"]["enum"].remove("mail")
        case "a kind of event":
            del schemas["Event"]["discriminator"]["mapping"]["void"]
        case _:
            del document["webhooks"]["testDelivery"]


WAYS = {
    "a call": "call getPaper: GET /api/v1/cases/{number}/paper",
    "an address": "call listCases: GET /api/v1/cases",
    "an argument": "takes applyEvent: query agency string",
    "an argument is needed": "needs listCases: query agency",
    "an answer": "answers applyEvent: 412 Problem412",
    "a header": "answers applyEvent: 200 header ETag",
    "a type of file": "answers openCaseFile: 200 application/pdf binary",
    "a header of a problem": "answer Problem429: header Retry-After",
    "a field": "fields ListedCase: due date|null",
    "a field that is not always there": "always ListedCase: due",
    "a type": "fields ListedCase: due date|null",
    "a field is needed": "needs Assign: to",
    "a new field is needed": "needs RightBody: postcode",
    "a word": "choice State: ready",
    "a word of a field": "choice Serve.method: mail",
    "a kind of event": "kinds Event: void Void",
    "a delivery": "delivery testDelivery: HookTest",
}


@pytest.mark.parametrize("way", WAYS)
def test_each_of_these_is_named_and_stays_until_it_is_told(document: Document, way: str) -> None:
    before = picture_of(document)
    _bent(document, way)
    now, line = picture_of(document), WAYS[way]
    gone = broken(before, now)
    assert line in gone
    still = read(written(kept(before, now, ())))
    assert broken(still, now) == gone, "making the file again forgets nothing"
    assert line not in broken(kept(before, now, [line]), now)
    assert broken(kept(before, now, gone), now) == []
    assert kept(before, now, gone) == now


def test_what_is_added_breaks_nothing_and_is_kept_from_then_on(document: Document) -> None:
    before = picture_of(document)
    schemas, paths = document["components"]["schemas"], document["paths"]
    schemas["ListedCase"]["properties"]["colour"] = {"type": "string"}
    schemas["ListedCase"]["required"].append("colour")
    schemas["Assign"]["properties"]["colour"] = {"type": "string"}
    schemas["State"]["enum"].append("forgotten")
    schemas["Colour"] = {"type": "object", "properties": {}, "required": []}
    paths["/api/v1/colours"] = {"get": {**paths["/api/v1/cases"]["get"], "operationId": "colours"}}
    now = picture_of(document)
    assert broken(before, now) == [] and kept(before, now, ()) == now != before
    assert read(written(now)) == now
    assert "needs Arrival:\n" in written(now), "what needs nothing is told too"


def test_only_what_is_changed_or_removed_has_gone(tmp_path: Any) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "api")
    row = '[[change]]\nversion = "0.2"\non = 2026-12-01\nkind = "{}"\nwhat = "甲"\ngone = ["call a: b"]\n'
    (folder / CHANGES).write_text(row.format("removed"), encoding="utf-8")
    assert load_api.__wrapped__(folder).changes[-1].gone == ("call a: b",)
    (folder / CHANGES).write_text(row.format("added"), encoding="utf-8")
    with pytest.raises(ApiError, match="甲: only what is changed or removed"):
        load_api.__wrapped__(folder)
