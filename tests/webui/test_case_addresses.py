"""A case is addressed without doubt: two bodies have the same number, one person works in both, and every address of every
route leads to the one case that it stands beside."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile, is_zipfile

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import samples
from tests.proofs import upload
from tests.webui.api.program import application
from tests.webui.test_permissions import House
from tests.webui.test_permissions import (
    house as house,  # the application, and a value for every part of an address
)
from tests.webui.visitor import _Forms
from webui.here import gongkai
from workflow.case.application import ApplicationForm, read_form
from workflow.people import STAFF_ROLES
from workflow.rules.staffing import administering
from workflow.service.accounts import Accounts
from workflow.service.cases.reading import Reading
from workflow.service.messages.texts import digest_text
from workflow.service.messages.to_staff import tell_person
from workflow.store.message_models import MessageRow

NAMES = {"panlong": "盘龙彝族乡", "jiangna": "江那镇"}
CODES = tuple(NAMES)
ASKED = {"panlong": "2023年度农村公路养护合同", "jiangna": "高标准农田建设验收报告"}
"""What is asked for in the case of each: what a page says of the one stands beside no address of the other."""
ADDRESSES = re.compile(r'\b(?:href|src|action|formaction|data-[a-z-]*)="([^"]*)"')
ANYWHERE = re.compile(r"(?:https?://[^/\s\"'<>]+)?(/(?:desk|api)/[^\s\"'<>\\)]+)")
LINES = re.compile(r"<(?=tr\b|li\b|article\b)")


@dataclass
class Twins:
    """The house with a second case of the same number in another body, and who works in both."""

    house: House
    number: str
    codes: dict[str, str]
    of: dict[str, dict[str, int]]
    """What lies in the case of each body: its file, its note."""
    client: FlaskClient
    bearer: dict[str, str]

    def values(self, code: str) -> dict[str, Any]:
        return {
            **self.house.known,
            "agency": code,
            "code": code,
            "body": code,
            "user": "in-both",
            **self.of[code],
        }

    def address(self, rule: Rule, code: str) -> str:
        values = self.values(code)
        parts = {name: values[name] for name in rule.arguments}
        with self.house.app.test_request_context():
            return str(self.house.app.url_map.bind("localhost").build(rule.endpoint, parts))

    def ask(self, method: str, path: str, **sent: Any) -> TestResponse:
        headers = self.bearer if path.startswith("/api/") else {}
        return self.client.open(path, method=method, headers=headers, **sent)

    def named(self, address: str) -> tuple[str, dict[str, Any]] | None:
        """The route and the parts of an address of the site; None for any other."""
        found = urlsplit(html.unescape(address))
        if found.netloc not in ("", "localhost"):
            return None
        for method in ("GET", "POST"):
            try:
                where = self.house.app.url_map.bind("localhost").match(unquote(found.path), method)
            except HTTPException:
                continue
            return where[0], dict(where[1])
        return None

    def case_of(self, address: str) -> str | None:
        """The body whose case an address names: empty where it names none; None where it names no case of staff."""
        found = self.named(address)
        if found is None or "number" not in found[1]:
            return None
        if found[0] in OF_APPLICANTS:
            return None
        return str(found[1].get("code", ""))

    def bodies_in(self, page: str) -> set[str]:
        """The bodies whose cases a part of a page leads to."""
        return {code for one in ADDRESSES.findall(page) if (code := self.case_of(one)) is not None}

    def length(self, code: str) -> int:
        both = self.house.office.staff("in-both")
        assert both is not None
        return Reading(self.house.office).case(both.within(code), self.number).length


OF_APPLICANTS = {"api.get_application", "api.post_application_file", "portal.refuse"}
"""Their addresses name a number; the query code, in a header, tells two with the same number apart."""


@pytest.fixture(scope="module")
def twins(house: House) -> Iterator[Twins]:
    office, number = house.office, house.known["number"]
    roles = tuple(role for role in STAFF_ROLES if role not in administering(office.law))
    with office.store.write() as unit:
        for code in CODES:
            Accounts(office).add_user(
                unit, name="in-both", agency=office.found_agency(unit, code), roles=roles
            )
    both = office.staff("in-both")
    assert both is not None
    with house.app.app_context():
        doors = gongkai()
    sent = application(agency="jiangna", request=ASKED["jiangna"], items=[ASKED["jiangna"]])
    filed = doors.intake.file(read_form(sent, ApplicationForm, today=office.today()))
    assert filed.number == number
    paper = samples.png()
    file = doors.files.upload_as_applicant(number, filed.query_code, "id_proof", "证件.png", paper)
    of = {"panlong": {"file_id": house.known["file_id"], "note_id": 1}}
    of["jiangna"] = {"file_id": file.id, "note_id": 2}
    for code in CODES:
        mine = both.within(code)
        doors.moving.apply_and_read(mine, number, "assign", {"on": "2024-05-06", "to": "in-both"})
        doors.notes.write(mine, number, f"{ASKED[code]}在档案室", (), f"once-{code}")
        with office.store.write() as unit:
            body = office.found_agency(unit, code)
            row = unit.cases_numbered([code], number)[0]
            tell_person(
                office, unit, both.id, body.id, moment="reply", text=f"{number} 快到期", why="试",
                what=f"{code} {number}", at=office.now(), about=number, case_id=row.id, kind="reminder",
            )  # fmt: skip
    client = house.app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = house.begin(both)
        session["seen_at"] = int(house.known["now"])
    token = Accounts(office).create_token("in-both")
    codes = {"panlong": house.secret[-1], "jiangna": filed.query_code}
    yield Twins(house, number, codes, of, client, {"Authorization": f"Bearer {token}"})


def rules(twins: Twins, method: str) -> Iterator[Rule]:
    for rule in twins.house.app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint.partition(".")[0] in (
            "desk", "reports", "api",
        ):  # fmt: skip
            yield rule


def short(rule: Rule) -> bool:
    return (
        "number" in rule.arguments
        and "code" not in rule.arguments
        and rule.endpoint not in OF_APPLICANTS
    )


def addresses_in(answer: TestResponse) -> list[str]:
    """Every address that an answer gives, wherever it stands in it."""
    found = [
        answer.headers[name] for name in ("Location", "Content-Location") if name in answer.headers
    ]
    found += ANYWHERE.findall(answer.headers.get("Link", ""))
    if answer.mimetype == "text/html":
        return found + ADDRESSES.findall(answer.text)
    content = answer.get_data()
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    return found + ANYWHERE.findall(content.decode(errors="ignore"))


def wrong_in(twins: Twins, path: str, answer: TestResponse) -> list[str]:
    """The addresses of an answer that name a case without its body, or the other one's."""
    here, wrong = twins.case_of(path), []
    for one in addresses_in(answer):
        leads = twins.case_of(one)
        if leads == "":
            wrong.append(f"{path}: {one} does not say whose case it is")
        elif here and leads is not None and leads != here:
            wrong.append(f"{path}: {one} is the other body's")
    if answer.mimetype == "text/html":
        for line in LINES.split(answer.text):
            for code in CODES:
                other = ASKED[next(one for one in CODES if one != code)]
                if twins.bodies_in(line) == {code} and other in html.unescape(line):
                    wrong.append(f"{path}: {other} stands beside an address of {code}")
    return wrong


EVERY = pytest.mark.long(reason="opens every page, answer and file of staff for both bodies")
WITH_PAPER = re.compile(r"file/|letters/.+/|sheets|pdf|package|evidence")
"""Addresses of what takes long to make."""
DOCUMENT = "api.get_document"
"""What the short addresses are, it says itself."""


@pytest.mark.parametrize(
    ("codes", "every", "least"),
    [
        pytest.param(("jiangna",), False, 20, id="pages of a case and the API"),
        pytest.param(CODES, True, 60, id="all", marks=EVERY),
    ],
)
def test_no_page_answer_or_file_names_a_case_without_its_body_or_the_wrong_one(
    twins: Twins, codes: tuple[str, ...], every: bool, least: int
) -> None:
    wrong, opened, led = [], set(), set()
    for rule in rules(twins, "GET"):
        of_a_case = "number" in rule.arguments or rule.endpoint.startswith("api.")
        if short(rule) or rule.endpoint == DOCUMENT:
            continue
        if not every and (not of_a_case or WITH_PAPER.search(rule.rule)):
            continue
        for path in {twins.address(rule, code) for code in codes}:
            answer = twins.ask("GET", path)
            if answer.status_code < 400:
                opened.add(rule.endpoint)
            led |= {twins.case_of(one) for one in addresses_in(answer)}
            wrong += wrong_in(twins, path, answer)
    assert not wrong, "\n".join(wrong)
    assert led >= set(codes) and len(opened) >= least, sorted(opened)


def test_lists_lead_to_both_and_say_which_body_each_is_of(twins: Twins) -> None:
    found = twins.ask("POST", "/desk/search", data={"q": twins.number})
    wrong = []
    for path in (
        "/desk/", "/desk/?view=office", "/desk/cases", "/desk/inbox", found.headers["Location"],
    ):  # fmt: skip
        page = twins.ask("GET", path)
        main = page.text[page.text.index("<main") :]
        lines = [(twins.bodies_in(line), html.unescape(line)) for line in LINES.split(main)]
        for code, name in NAMES.items():
            mine = [line for bodies, line in lines if bodies == {code}]
            if not mine:
                wrong.append(f"{path} does not lead to {code}")
            wrong += [
                f"{path}: {line[:200]} does not say {name}" for line in mine if name not in line
            ]
    assert not wrong, "\n".join(wrong)


def test_what_was_done_with_several_is_told_with_their_bodies(twins: Twins) -> None:
    given = {
        "case": [f"{code}/{twins.number}" for code in CODES],
        "give_to": "in-both",
        "once": "both",
    }
    assert twins.ask("POST", "/desk/worklist/assign", data=given).status_code == 303
    page = twins.ask("GET", "/desk/").text
    for name in ("盘龙彝族乡人民政府", "江那镇人民政府"):
        assert f"{name} {twins.number}" in page


def forms_of(page: TestResponse) -> list[tuple[str, dict[str, list[str]]]]:
    parser = _Forms()
    parser.feed(page.text)
    return [(form.action, form.fields) for form in parser.found if form.action]


@pytest.mark.parametrize("codes", [("jiangna",), pytest.param(CODES, marks=EVERY)])
def test_what_is_sent_from_a_page_of_a_case_is_done_in_its_body_and_leads_back_there(
    twins: Twins, codes: tuple[str, ...]
) -> None:
    wrong, sent = [], set()
    other = {code: next(one for one in CODES if one != code) for code in CODES}
    for rule in rules(twins, "GET"):
        if (
            "number" not in rule.arguments
            or "code" not in rule.arguments
            or rule.endpoint.startswith("api.")
        ):
            continue
        for code in codes:
            path = twins.address(rule, code)
            page = twins.ask("GET", path)
            if page.mimetype != "text/html":
                continue
            for action, fields in forms_of(page):
                if twins.case_of(action) is None:
                    continue
                before = twins.length(other[code])
                answer = twins.ask("POST", html.unescape(action), data=fields)
                sent.add(action)
                wrong += [f"POST {action}: {one}" for one in wrong_in(twins, path, answer)]
                if twins.length(other[code]) != before:
                    wrong.append(f"POST {action} writes in {other[code]}")
    assert not wrong, "\n".join(wrong)
    assert len(sent) > 20, sorted(sent)


def test_every_short_address_is_answered_with_the_choice_and_does_nothing(twins: Twins) -> None:
    wrong, before = [], [twins.length(code) for code in CODES]
    asked = 0
    for method in ("GET", "POST"):
        for rule in filter(short, rules(twins, method)):
            path, asked = twins.address(rule, "panlong"), asked + 1
            given: dict[str, Any] = {"data": {"on": "2024-05-06"}} if method == "POST" else {}
            if rule.endpoint == "api.post_event":
                given = {"json": {"event": "assign", "on": "2024-05-06"}}
            elif rule.endpoint == "api.post_case_file":
                given = {"data": {"kind": "other", "file": upload()}}
            answer = twins.ask(method, path, **given)
            if answer.status_code != 409:
                wrong.append(f"{method} {path}: {answer.status_code}")
                continue
            if path.startswith("/api/"):
                leads = {one["agency"]: one["case"] for one in answer.json["choices"]}
            else:
                links = [
                    one for one in ADDRESSES.findall(answer.text) if twins.case_of(one) is not None
                ]
                leads = {str(twins.case_of(one)): one for one in links}
            if {code: twins.case_of(one) for code, one in leads.items()} != {
                code: code for code in CODES
            }:
                wrong.append(f"{method} {path}: {leads}")
    assert not wrong, "\n".join(wrong)
    assert asked > 40 and [twins.length(code) for code in CODES] == before


def test_the_body_named_beside_the_short_address_chooses(twins: Twins) -> None:
    for code in CODES:
        for below in ("", "/deadlines", "/files"):
            path = f"/api/v1/cases/{twins.number}{below}"
            chosen = twins.ask("GET", f"{path}?agency={code}")
            named = twins.ask("GET", f"/api/v1/agencies/{code}/cases/{twins.number}{below}")
            assert chosen.status_code == 200 and chosen.json == named.json
    event = {"event": "assign", "on": "2024-05-06", "to": "农业中心"}
    before = {code: twins.length(code) for code in CODES}
    answer = twins.ask("POST", f"/api/v1/cases/{twins.number}/events?agency=jiangna", json=event)
    assert answer.status_code == 200 and answer.json["agency"] == "jiangna"
    assert {code: twins.length(code) - before[code] for code in CODES} == {
        "panlong": 0,
        "jiangna": 1,
    }


# -- messages ---------------------------------------------------------------------------------------------


def test_a_digest_has_a_line_for_each_of_two_cases_with_the_same_number(twins: Twins) -> None:
    office, both = twins.house.office, twins.house.office.staff("in-both")
    assert both is not None
    with office.store.read() as unit:
        rows = unit.session.query(MessageRow).filter_by(kind="reminder", user_id=both.id).all()
        text = digest_text(office, unit, rows)
    assert text.startswith("提醒 2 件：")
    assert all(f"{twins.number} 快到期（{name}" in text for name in NAMES.values())


# -- applicants -------------------------------------------------------------------------------------------


def test_two_applicants_with_the_same_number_each_open_their_own(twins: Twins) -> None:
    client = twins.house.app.test_client()
    for code, asked in ASKED.items():
        answer = client.get(
            f"/api/v1/applications/{twins.number}", headers={"X-Query-Code": twins.codes[code]}
        )
        assert answer.status_code == 200 and "Deprecation" not in answer.headers
        old = client.get(f"/api/v1/applications/{twins.number}?query_code={twins.codes[code]}")
        assert old.json == answer.json and old.headers["Deprecation"] == "true"
        for site in ("", *(f"/b/{one}" for one in CODES)):
            page = twins.house.app.test_client().post(
                f"{site}/query", data={"number": twins.number, "code": twins.codes[code]},
                follow_redirects=True,
            )  # fmt: skip
            other = ASKED[next(one for one in CODES if one != code)]
            if page.request.path.endswith("/query/case"):
                assert other not in page.text
            assert asked in page.text or site not in ("", f"/b/{code}"), (site, code)
