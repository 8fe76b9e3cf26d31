"""Nothing personal in logs, in addresses, in names of downloads: walked from the map of routes, not by examples."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask, render_template_string
from sqlalchemy import text

from notifications.channels import Permanent
from tests.webui.api.program import APPLICATION
from tests.webui.filing import CITIZEN
from tests.webui.test_permissions import ABOVE, House
from tests.webui.test_permissions import house as house  # the walk of all routes
from workflow.service import Office
from workflow.service.scanner import Scanner

PERSON = APPLICATION["applicant"]
PERSONAL = (
    PERSON["name"], PERSON["id_number"], PERSON["phone"], *APPLICATION["items"], "欧阳小燕", "13987654321",
)  # fmt: skip
HARMLESS = {
    "agency", "channel", "code", "column", "delivery", "digest", "do", "ending", "entry", "event", "file_id", "filename",
    "kind", "message", "name", "note_id", "number", "number_id", "row", "section", "sheet", "site", "table",
    "token", "user", "version", "view", "which", "year", "body", "address", "slug",
}  # fmt: skip
"""What an address may name: bodies, cases by number, kinds, years, staff, and secrets that say nothing themselves."""
ADDRESSES = re.compile(r'\b(?:href|src|action|formaction|data-[a-z-]*url)="([^"]*)"')
WHO = ("clerk", "office_head", "archivist", "leader", "admin", ABOVE)


def personal_in(said: str) -> list[str]:
    return [one for one in PERSONAL if one in said]


# -- logs ---------------------------------------------------------------------------------------------


@pytest.fixture
def log(app: Flask, caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.DEBUG):
        yield caplog


def _database(office: Office) -> str:
    with office.store.write() as unit:
        values = {"name": PERSON["name"], "other": PERSON["id_number"]}
        unit.session.execute(
            text("INSERT INTO applicant (name, description) VALUES (:name, :other)"), values
        )
    return ""


def _literal(office: Office) -> str:
    with office.store.read() as unit:
        unit.session.execute(text(f"SELECT '{PERSON['name']}' FROM nowhere"))
    return ""


def _value(_: Office) -> str:
    return str(int(PERSON["id_number"]))


def _template(_: Office) -> str:
    return render_template_string("{{ person[name] + 1 }}", person=PERSON, name=PERSON["name"])


def _bounced(_: Office) -> str:
    raise Permanent(f"550 5.1.1 <{PERSON['phone']}@example.org>: {PERSON['name']}: no such user")


FAULTS: dict[str, Callable[[Office], str]] = {
    "a fault of the database": _database,
    "a value in the statement itself": _literal,
    "a value that cannot be read": _value,
    "a template": _template,
    "a mail that came back": _bounced,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_logged_with_its_place_and_without_anybody(
    app: Flask, office: Office, log: pytest.LogCaptureFixture, fault: Callable[[Office], str]
) -> None:
    app.view_functions["portal.start"] = lambda: fault(office)
    answer = app.test_client().get(f"/?q={PERSON['name']}")
    assert answer.status_code in (500, 503)
    assert personal_in(log.text) == []
    if answer.status_code == 500:
        assert fault.__name__ in log.text


def test_what_was_typed_wrongly_stands_in_no_log(
    program: Any, visitor: Any, log: pytest.LogCaptureFixture
) -> None:
    broken = json.dumps(APPLICATION, ensure_ascii=False)[:-9]
    call = program().client.post(
        "/api/v1/applications", data=broken.encode(), content_type="application/json"
    )
    assert call.status_code == 400
    assert program().post("/applications", {**APPLICATION, "agency": 7}).status_code == 422
    visitor.get("/apply").send("/apply", **{**CITIZEN, "id_number": PERSON["id_number"] + "9"})
    assert visitor.status in (200, 422)
    assert personal_in(log.text) == []


def test_a_scanner_that_does_not_answer_is_told_without_the_file(
    log: pytest.LogCaptureFixture,
) -> None:
    Scanner("tcp://127.0.0.1:1", required=False, seconds=0.5).ask(PERSON["name"].encode())
    assert "the scanner at" in log.text and personal_in(log.text) == []


# -- addresses ----------------------------------------------------------------------------------------


def test_addresses_name_nothing_of_a_person(app: Flask) -> None:
    named = {name for rule in app.url_map.iter_rules() for name in rule.arguments}
    assert named <= HARMLESS, f"say whether these may stand in an address: {named - HARMLESS}"


@pytest.mark.parametrize(
    ("every", "least"),
    [
        pytest.param(False, 15, id="pages of a case"),
        pytest.param(
            True, 90, id="all", marks=pytest.mark.long(reason="opens every page there is")
        ),
    ],
)
def test_no_page_leads_to_an_address_with_anything_of_a_person(
    house: House, every: bool, least: int
) -> None:
    """Every page that can be opened with the case at hand: its links, where it leads, the name of its file."""
    wrong, opened = [], 0
    for rule in house.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "site" in rule.arguments:
            continue
        if not every and ("number" not in rule.arguments or rule.endpoint.startswith("api.")):
            continue
        path = house.path(rule)
        assert personal_in(unquote(path)) == []
        answer = next(
            (one for who in WHO if (one := house.ask(who, "GET", path)).status_code < 400), None
        )
        if answer is None:
            continue
        opened += 1
        said = [
            answer.headers.get(name, "") for name in ("Location", "Content-Disposition", "Link")
        ]
        if answer.mimetype in ("text/html", "application/xml", "application/atom+xml"):
            said += ADDRESSES.findall(answer.text)
        for one in said:
            if personal_in(unquote(unescape(one))):
                wrong.append(f"{path}: {one}")
    assert not wrong, "\n".join(wrong)
    assert opened >= least


def test_no_page_tells_another_site_where_the_reader_was(app: Flask) -> None:
    assert app.test_client().get("/").headers["Referrer-Policy"] == "same-origin"


def test_the_code_is_made_into_no_address_by_us(house: House) -> None:
    """`?query_code=` of old programs is answered; nothing of ours makes one."""
    for rule in house.app.url_map.iter_rules():
        assert "query_code" not in rule.rule
    filed = house.app.test_client().post("/api/v1/applications", json=APPLICATION)
    assert filed.json["query_code"] not in str(filed.headers)
