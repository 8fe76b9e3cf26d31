"""Every route and every event, by every role and by nobody, answers as the table of permissions says."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FunctionLoader
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from config.law import load_law, year_rules
from config.law.permissions import Action
from config.settings import load
from tests import samples
from tests.stores import mark_of
from tests.webui.api.held import HeldClient
from tests.webui.api.program import application
from tests.webui.conftest import Today
from tests.workflow.case.one_of_each import ONE_OF_EACH
from tests.workflow.service.sampling import KEYS
from webui.app import create_app
from webui.here import gongkai
from workflow.case.application import ApplicationForm, read_form
from workflow.people import STAFF_ROLES, Staff
from workflow.rules.permissions import BODIES_BELOW, OWN_CASE, TOP_BODY, refusal_by_route
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.hooks.receivers import Receivers, Wanted
from workflow.service.messages.to_staff import tell_person
from workflow.service.units import Units
from workflow.store.audit import audited
from workflow.store.store import Store

TABLE = load_law().permissions
NOBODY, STRANGER, ABOVE = "nobody", "stranger", "above"
"""Who has not logged in; who holds every role in another body, or in the one above."""
PEOPLE = (*STAFF_ROLES, STRANGER, ABOVE)
BLIND = set(STAFF_ROLES) - set(TABLE.actions["read_cases"].may)
"""Who administers: of a case and of a report they do not even learn that it exists."""
ADMINISTRATORS = TABLE.groups["administering"]
YEAR = 2023
# Where two rows carry a route, the one that says what is asked for here: an identity paper, the sheet of a review.
ABOUT = dict.fromkeys(
    ("desk.open_file", "api.get_case_file", "api.get_case_file_of_body"), "read_identity_papers"
) | {"desk.sheet": "print_review_form", "desk.change_account": "manage_staff"}
SUPERVISING = dict.fromkeys(
    ("reports.below", "reports.below_of", "reports.below_cell", "reports.take_in"), "yanshan"
)
"""Pages that only a body with bodies below it has."""
OF_THE_BODY = {"agency", "code", "number", "file_id", "note_id"}
"""Parts of an address that name a body or something of it."""


@dataclass
class House:
    """The application over one store, with somebody for every role in panlong, and a case."""

    app: Flask
    people: dict[str, Staff]
    tokens: dict[str, str]
    begin: Callable[[Staff], str]
    """A session of the desk for somebody."""
    sessions: dict[str, str]
    mark: Callable[[], object]
    """Changes with everything that is written to the store."""
    known: dict[str, Any]
    office: Office
    secret: tuple[str, ...]
    """Of the case: the applicant's name, what is asked for, the query code."""

    def client(self, who: str) -> FlaskClient:
        client = self.app.test_client()
        if who in self.people:
            with client.session_transaction() as session:
                session["_user_id"] = self.sessions[who]
                session["seen_at"] = int(self.known["now"])
        return client

    def ask(self, who: str, method: str, path: str, **sent: Any) -> TestResponse:
        """The answer to a request, unfollowed; calls of the API come with a token."""
        if path.startswith("/api/"):
            token = self.tokens.get(who)
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            return self.app.test_client().open(path, method=method, headers=headers, **sent)
        answer = self.client(who).open(path, method=method, **sent)
        if path == "/desk/logout" and who in self.people:
            self.sessions[who] = self.begin(self.people[who])
        if path == f"/desk/tokens/{self.known['which']}/end" and who in self.people:
            self.tokens[who] = used_token(self.office, self.people[who])
        return answer

    def closed(self, who: str, address: str) -> bool:
        """Whether the table closes the page of that address to them."""
        endpoint, _ = self.app.url_map.bind("localhost").match(address, "GET")
        return refusal_by_route(load_law(), endpoint, "GET", self.people[who]) is not None

    def path(self, rule: Rule) -> str:
        with self.app.test_request_context():
            known = {**self.known, "agency": SUPERVISING.get(rule.endpoint, "panlong")}
            parts = {name: known[name] for name in rule.arguments}
            found = self.app.url_map.bind("localhost").build(rule.endpoint, parts)
            return str(found)


def used_token(office: Office, staff: Staff) -> str:
    """A token that was used within the hour: another use writes nothing."""
    accounts = Accounts(office)
    token = accounts.create_token(staff.name)
    accounts.token_used(accounts.tokens(staff.name)[-1], lambda: "", writing=True)
    return token


@pytest.fixture(scope="module")
def house(
    furnished: Path, tmp_path_factory: pytest.TempPathFactory, compiled: Any
) -> Iterator[House]:
    path = tmp_path_factory.mktemp("permissions") / "store.db"
    shutil.copy(furnished, path)
    today = Today(date(2024, 5, 6))
    office = Office(Store(f"sqlite:///{path}"), KEYS, now=today)
    places = {**dict.fromkeys(STAFF_ROLES, "panlong"), STRANGER: "jiangna", ABOVE: "yanshan"}
    with office.store.write() as unit:
        for who, body in places.items():
            roles = (who,) if who in STAFF_ROLES else STAFF_ROLES
            agency = office.found_agency(unit, body)
            Accounts(office).add_user(
                unit, name=f"in-{who}", agency=agency, roles=roles, password_hash="set"
            )
    app = create_app(office, load({}))
    app.test_client_class = HeldClient
    app.config.update(RATELIMIT_ENABLED=False, WTF_CSRF_ENABLED=False)
    app.jinja_env.bytecode_cache = compiled
    people = {who: staff for who in places if (staff := office.staff(f"in-{who}"))}
    with app.app_context():
        doors = gongkai()
    form = read_form(application(), ApplicationForm, today=date(2024, 5, 6))
    filed = doors.intake.file(form)
    file = doors.files.upload_as_applicant(
        filed.number, filed.query_code, "id_proof", "身份证.png", samples.png()
    )
    doors.annual.draft(None, "panlong", YEAR)
    Units(office).add(people["system_admin"], "panlong", "农业中心")
    elsewhere = Wanted("县 OA", "https://oa.example/in", below=False, events=None)
    Receivers(office, {"hook_hosts": "oa.example"}).add(
        people["system_admin"], "panlong", elsewhere
    )
    known = {
        "agency": "panlong", "code": "panlong", "number": filed.number, "file_id": file.id, "note_id": 1,
        "year": YEAR, "digest": "0" * 64, "event": "assign", "message": 1, "name": "fee_policy", "channel": "smtp",
        "token": "0-0", "sheet": "review", "filename": "gongkai.css", "ending": "json", "table": "table3",
        "user": "in-clerk", "do": "enable", "which": 1, "body": "panlong",
        "row": "total", "column": "total", "section": "overview", "entry": 1,
        "kind": "receipt", "version": 1, "number_id": 1, "delivery": 1,
        "now": today().timestamp(),
    }  # fmt: skip
    tokens = {who: used_token(office, staff) for who, staff in people.items()}

    def begin(staff: Staff) -> str:
        return doors.sessions.begin(staff, "Firefox")

    sessions = {who: begin(staff) for who, staff in people.items()}
    with mark_of(path) as mark:
        secret = (form.applicant.name, *form.items, filed.query_code)
        yield House(app, people, tokens, begin, sessions, mark, known, office, secret)
    office.store.close()


@pytest.fixture
def blank(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages are not written out, and no password is hashed: only who may is asked here, of a thousand
    requests."""
    monkeypatch.setattr("workflow.people.password_fits", lambda stored, given: False)
    environment = house.app.jinja_env
    loader, environment.loader = environment.loader, FunctionLoader(lambda name: "")
    environment.cache.clear()
    yield
    environment.loader = loader
    environment.cache.clear()


def _asked(house: House) -> list[tuple[Rule, str]]:
    """Every route with its methods; the same page below the address of a body is carried by the same row."""
    return [
        (rule, method)
        for rule in house.app.url_map.iter_rules()
        if "site" not in rule.arguments
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})
    ]


def test_every_route_has_a_row_and_every_row_its_routes(house: House) -> None:
    routes = {(rule.endpoint, method) for rule, method in _asked(house)}
    without = [one for one in sorted(routes) if not TABLE.carried_by(*one)]
    assert not without, f"no row of config/law/permissions.toml carries {without}"
    named = {route for action in TABLE.actions.values() for route in action.carries}
    known = {name for name, _ in routes} | {f"{method} {name}" for name, method in routes}
    assert named <= known, f"no such routes: {sorted(named - known)}"


def test_a_route_without_a_row_is_closed_to_everybody(furnished: Path, tmp_path: Path) -> None:
    shutil.copy(furnished, tmp_path / "store.db")
    office = Office(Store(f"sqlite:///{tmp_path / 'store.db'}"), KEYS)
    app = create_app(office, load({}))
    app.test_client_class = HeldClient
    app.add_url_rule("/new", "new", lambda: "open")
    answer = app.test_client().get("/new")
    assert answer.status_code == 403 and "权限表里没有这一操作" in answer.get_data(as_text=True)
    office.store.close()


def _rows(rule: Rule, method: str) -> tuple[Action, ...]:
    if rule.endpoint in ABOUT:
        return (TABLE.actions[ABOUT[rule.endpoint]],)
    return TABLE.carried_by(rule.endpoint, method)


AS_FORM = {"api.post_case_file": {"content_type": "multipart/form-data; boundary=x"}}
"""What is no form is told before anybody looks whose case it is."""


def test_every_route_answers_every_role_as_the_table_says(house: House, blank: None) -> None:
    """A member of the body without the right role gets 403 and nothing is written; who has not logged
    in is sent to the login, or gets 401; of another body's matters nobody learns that they exist."""
    wrong = []
    for rule, method in _asked(house):
        rows = _rows(rule, method)
        if any(row.by_row for row in rows):
            continue
        path, open_to_all = (
            house.path(rule),
            any({"anyone", "applicant"} & {*row.may} for row in rows),
        )
        for who in (NOBODY, *PEOPLE):
            before = house.mark()
            answer = house.ask(who, method, path, **AS_FORM.get(rule.endpoint, {}))
            leads = urlsplit(answer.headers.get("Location", "")).path
            if method == "GET" and leads.startswith("/desk/cases/panlong/"):
                # A number without its body leads to the address with it, where the answer stands.
                answer = house.ask(who, method, answer.headers["Location"])
            told = _told(answer)
            if open_to_all or rule.endpoint == "portal.feed":
                right = told not in ("denied", "no login")
            elif who == NOBODY:
                right = told == "no login"
            elif who != ABOVE and all(TOP_BODY in row.may.values() for row in rows):
                right = told == "denied"
            elif who in STAFF_ROLES:
                allowed = any(
                    row.may.get(who, OWN_CASE) != OWN_CASE and who not in row.until for row in rows
                )
                right = (told != "denied") is allowed
            elif rule.arguments & OF_THE_BODY:
                below = who == ABOVE and any(BODIES_BELOW in row.may.values() for row in rows)
                right = told == "other" if below else told in ("denied", "missing")
            else:
                right = told != "denied"
            # Who signs out is led to the login, and that the session ended is written down.
            if told in ("denied", "no login") and rule.endpoint != "desk.log_out":
                right = right and house.mark() == before
            if not right:
                wrong.append(f"{method} {path} by {who}: {answer.status_code} ({told})")
    assert not wrong, "\n".join(wrong)


def _told(answer: TestResponse) -> str:
    """denied, no login, missing, or other."""
    where = answer.headers.get("Location", "")
    if answer.status_code == 401 or (answer.status_code in (302, 303) and "/desk/login" in where):
        return "no login"
    return {403: "denied", 404: "missing"}.get(answer.status_code, "other")


def test_every_event_is_refused_to_every_role_but_its_own(house: House) -> None:
    """By API 409 with the rule, as the contract has it; by the page nothing is applied either."""
    number, wrong = house.known["number"], []
    for name, row in load_law().transitions.items():
        for who in (NOBODY, *PEOPLE):
            if who in row.by:
                continue
            before = house.mark()
            typed = {key: _said(value) for key, value in ONE_OF_EACH.get(name, {}).items()}
            said = {**typed, "event": name, "on": "2024-05-06"}
            answer = house.ask(who, "POST", f"/api/v1/cases/{number}/events", json=said)
            if who == NOBODY:
                right = answer.status_code == 401
            elif who in STAFF_ROLES and who not in BLIND:
                right = answer.status_code == 409 and answer.json["rule"] == "not_your_role"
                right = right and bool(answer.json["allowed_when"])
            else:
                right = answer.status_code == 404
            if not right or house.mark() != before:
                wrong.append(
                    f"{name} by {who}: {answer.status_code} {answer.get_data(as_text=True)}"
                )
    assert not wrong, "\n".join(wrong)


def _said(value: Any) -> Any:
    """A value as a call of the API says it."""
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("who", [NOBODY, STRANGER, "handler"])
def test_the_page_applies_no_event_for_who_may_not(house: House, who: str) -> None:
    before = house.mark()
    path = f"/desk/cases/{house.known['number']}/events/assign"
    answer = house.ask(who, "POST", path, data={"on": "2024-05-06", "length": "2"})
    expected = {NOBODY: "no login", STRANGER: "missing", "handler": "other"}[who]
    assert _told(answer) == expected and house.mark() == before
    assert who != "handler" or (answer.status_code == 409 and "由经办人办理" in answer.text)


@pytest.mark.parametrize("name", list(year_rules().steps))
def test_every_step_of_a_report_is_denied_to_every_role_but_its_own(
    house: House, blank: None, name: str
) -> None:
    step = year_rules().steps[name]
    path = f"/desk/reports/panlong/{YEAR}/report/steps/{name}"
    for who in STAFF_ROLES:
        if step.where == "own" and who in step.by:
            continue
        before, denied = house.mark(), 404 if who in BLIND else 403
        assert house.ask(who, "POST", path).status_code == denied and house.mark() == before, who
    assert _told(house.ask(NOBODY, "POST", path)) == "no login"
    assert house.ask(STRANGER, "POST", path).status_code == 404


def test_the_403_page_and_problem_name_the_rule_and_who_may(house: House) -> None:
    page = house.ask("leader", "POST", "/desk/settings/fee_policy")
    for said in (
        "您没有“变更设置和本机关的放假安排”的权限",
        "条例4",
        "请系统管理员、公开工作机构负责人办理",
    ):
        assert page.status_code == 403 and said in page.text, page.text
    call = house.ask("leader", "POST", "/api/v1/cases", json={})
    assert (call.status_code, call.mimetype) == (403, "application/problem+json")
    assert call.json["rule"] == "not_your_role" and call.json["article"] == "条例29、31"
    assert call.json["allowed_when"] == "请经办人办理"


def test_every_link_and_form_of_the_desk_is_open_to_who_sees_it(
    house: House, pages: Callable[[str], list[str]]
) -> None:
    for who in STAFF_ROLES:
        for address in pages(house.ask(who, "GET", "/desk/").text):
            assert house.ask(who, "GET", address).status_code in (200, 303), (who, address)


def test_the_three_administrators_see_no_byte_of_a_case(
    house: House, pages: Callable[[str], list[str]]
) -> None:
    """On no page, in no file, by no call: neither number nor code nor name nor what is asked for, also where they were
    told of the case when they still handled it, and where the audit has it. No link leads them where they may not go."""
    number = house.known["number"]
    secret = [*house.secret, f"{number} 的标题"]
    with house.office.store.write() as unit:
        row = next(row for row in unit.cases_numbered(["panlong"], number))
        for who in ADMINISTRATORS:
            tell_person(
                house.office, unit, house.people[who].id, row.agency_id, moment="assign", why="",
                text=f"申请 {number} 还没有交办", what=f"told {who}", at=house.office.now(),
                about=number, case_id=row.id,
            )  # fmt: skip
        for action, details in (
            ("applicant_shown", {"reason": "other", "words": house.secret[0]}),
            ("answer_released", {"title": f"{number} 的标题"}),
        ):
            now = house.office.now()
            audited(unit, now, "in-clerk", row.agency_id, action, number, **details)
    seen, wrong = 0, []
    for rule, method in _asked(house):
        if method != "GET" or rule.endpoint.startswith("portal.") or rule.endpoint == "static":
            continue
        path = house.path(rule)
        for who in ADMINISTRATORS:
            answer = house.ask(who, method, path)
            seen += answer.status_code == 200
            said = _written(answer.get_data())
            # What somebody typed into the address tells them nothing.
            told = [one for one in (*secret, number) if one in said.replace(path, "")]
            if told:
                wrong.append(f"{path} by {who}: {told}")
            links = pages(said) if answer.mimetype == "text/html" else []
            wrong += [f"{path} leads {who} to {to}" for to in links if house.closed(who, to)]
    assert not wrong, "\n".join(wrong)
    assert seen > 30


def test_a_number_that_is_looked_for_in_the_audit_finds_nothing(house: House) -> None:
    found = house.ask("audit_admin", "GET", f"/desk/audit?person={house.known['number']}")
    assert "没有这样的记录" in found.text
    assert house.ask("audit_admin", "GET", "/desk/audit?group=other").status_code == 200


def _written(content: bytes) -> str:
    """What an answer says; of a workbook all its parts."""
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    return content.decode("utf-8", "replace")


@pytest.fixture
def pages() -> Callable[[str], list[str]]:
    """The addresses of the desk to which a page links."""
    import re

    def linked(html: str) -> list[str]:
        return sorted(set(re.findall(r'<a [^>]*href="(/desk/[^"#?]*)"', html)))

    return linked
