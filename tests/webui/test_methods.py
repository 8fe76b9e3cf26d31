"""Only POST writes, and a form only with its token: for every route, every method and every kind of visitor."""

import ast
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config.law import load_law
from tests.examples import ROOT
from tests.webui.api.program import application
from tests.webui.every_route import NOT_OURS, SAFE, addresses, changed, whole_store
from tests.webui.filing import CITIZEN, review
from tests.webui.test_permissions import NOBODY, PEOPLE, House, blank, house
from webui.here import gongkai

__all__ = [
    "blank",
    "house",
]  # the application and its people, as the table of permissions is tried on them
SEEN = {
    "file_view": "who opened a file that may hold personal data is noted (个人信息保护法51)",
    "audit": "who looked at the data of an applicant is noted (个人信息保护法51)",
    "journal": "the line of what was noted so",
    "journal_head": "where the journal ends with it",
    "rate": "how often an address came, by which guessing is slowed down",
}
"""What safe methods may write, and why."""
FORM = {
    "step": "submit", "on": "2024-05-06", "value": "by_page", "name": "张三", "user": "in-clerk", "reason": "试",
    "password": "Blue-Paper-42", "holds_from": "2024-06-01", "day": "2024-05-07", "kind": "rest", "length": "2",
}  # fmt: skip
"""A body as forms have it."""
OVERRIDES = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "POST"}


@pytest.fixture
def guarded(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """With the tokens of forms."""
    monkeypatch.setitem(house.app.config, "WTF_CSRF_ENABLED", True)
    return house


def _clients(
    house: House, people: tuple[str, ...]
) -> Iterator[tuple[str, FlaskClient, dict[str, str]]]:
    """For each kind of visitor a browser, and what their programs send along."""
    for who in people:
        token = house.tokens.get(who)
        yield who, house.client(who), {"Authorization": f"Bearer {token}"} if token else {}


EVERYBODY = pytest.mark.long(reason="every route by every role; every run has two kinds of visitor")


@pytest.mark.parametrize(
    ("people", "safe"),
    [
        ((NOBODY, "clerk"), ("HEAD", "OPTIONS")),
        pytest.param((NOBODY, *PEOPLE), SAFE, marks=EVERYBODY),
    ],
    ids=["usual", "everybody"],
)
def test_safe_methods_write_nothing(
    guarded: House, blank: None, people: tuple[str, ...], safe: tuple[str, ...]
) -> None:
    """With a body as a form has it, and a word for another method in header, form and address."""
    office = _office(guarded)
    wrong, kept, mark = [], whole_store(office), guarded.mark()
    for who, client, headers in _clients(guarded, people):
        for _, path, methods in addresses(guarded):
            for method in methods & set(safe):
                answer = client.open(
                    path, method=method, data={**FORM, "_method": "POST"}, headers={**headers, **OVERRIDES},
                    query_string={"_method": "POST"},
                )  # fmt: skip
                if answer.status_code >= 500:
                    wrong.append(f"{method} {path} by {who}: {answer.status_code}")
                if guarded.mark() != mark:
                    now = whole_store(office)
                    if found := changed(kept, now) - set(SEEN):
                        wrong.append(f"{method} {path} by {who} writes {sorted(found)}")
                    kept, mark = now, guarded.mark()
    assert not wrong, "\n".join(wrong)


def test_other_methods_are_answered_with_those_that_there_are(guarded: House, blank: None) -> None:
    before, wrong = guarded.mark(), []
    ((_, client, headers),) = _clients(guarded, ("clerk",))
    for place, (_, path, methods) in enumerate(addresses(guarded)):
        for method in {"PUT", NOT_OURS[place % len(NOT_OURS)]} - methods:
            answer = client.open(path, method=method, data=FORM, headers=headers)
            allowed = {one.strip() for one in answer.headers.get("Allow", "").split(",")}
            if answer.status_code != 405 or not methods <= allowed or allowed & set(NOT_OURS):
                wrong.append(f"{method} {path}: {answer.status_code}, {allowed}")
    assert not wrong, "\n".join(wrong)
    assert guarded.mark() == before


def test_no_form_is_taken_without_its_token(guarded: House, blank: None) -> None:
    """By nobody and by who may send it: 400; nothing is written."""
    wrong, asked, before = [], 0, guarded.mark()
    for who, client, _ in _clients(guarded, (NOBODY, "clerk")):
        for endpoint, path, methods in addresses(guarded):
            if "POST" not in methods or endpoint.startswith("api."):
                continue
            asked += 1
            for token in ({}, {"csrf_token": "IjAwMDAi.aaaaaa.bbbbbb"}):
                answer = client.post(path, data={**FORM, **token})
                cleared = endpoint in CLEARED and who == NOBODY and token
                knows = endpoint in BY_ADDRESS and answer.status_code == 404
                if not _refused(answer) and not cleared and not knows:
                    wrong.append(f"POST {path} by {who}: {answer.status_code}")
                if guarded.mark() != before:
                    wrong.append(f"POST {path} by {who} writes")
                    before = guarded.mark()
    assert not wrong, "\n".join(wrong)
    assert asked > 150


CLEARED = {"portal.leave", "portal.account_sign_out"}
"""Who clears a session in which nothing is any more is told that it is done (`when_empty` in webui/errors.py)."""
BY_ADDRESS = {"portal.refuse"}
"""Where who knows the address may, a mailbox provider too, which has no form (RFC 8058): another address is nowhere."""


def _refused(answer: TestResponse) -> bool:
    """400; or led to the login where the session is needed first."""
    return answer.status_code == 400 or (
        answer.status_code in (302, 303) and "/desk/login" in answer.headers["Location"]
    )


def test_calls_need_no_token_of_forms_and_no_word_makes_another_method_of_theirs(
    guarded: House,
) -> None:
    """Their bearer token is sent by no browser by itself."""
    client = guarded.app.test_client()
    assert client.post("/api/v1/applications", json=application()).status_code == 201
    before = guarded.mark()
    for _, client, headers in _clients(guarded, (NOBODY, "clerk")):
        answer = client.get(
            "/api/v1/applications", json=application(), headers={**headers, **OVERRIDES},
            query_string={"_method": "POST"},
        )  # fmt: skip
        assert answer.status_code == 405
        assert client.get("/api/v1/cases", json=application(), headers={**headers, **OVERRIDES}).status_code in (200, 401)  # fmt: skip
    assert guarded.mark() == before


def _office(house: House):
    with house.app.app_context():
        return gongkai().office


# -- what a body in a safe method does ----------------------------------------------------------------------


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_form_sent_with_another_method_files_nothing(visitor, counted, method):
    review(visitor)
    fields = {**visitor.form("/apply").fields, "step": "submit"}
    fields.pop("csrf_token", None)
    answer = visitor.client.open("/apply", method=method, data=fields, follow_redirects=True)
    assert answer.status_code == 200 and answer.request.path == "/apply"
    assert counted() == 0


def test_a_letter_typed_in_and_sent_as_head_registers_nothing(staff, counted):
    page = staff("lifang").get("/desk/register")
    fields = {**page.form("/desk/register").fields, **CITIZEN, "channel": "in_person"}
    fields.pop("csrf_token", None)
    answer = page.client.open("/desk/register", method="HEAD", data=fields)
    assert answer.status_code == 200
    assert counted() == 0


def test_a_password_sent_as_head_logs_nobody_in(app):
    client = app.test_client()
    client.open("/desk/login", method="HEAD", data={"user": "lifang", "password": "Blue-Paper-42"})
    assert client.get("/desk/").status_code in (302, 303)


# -- how views are written ----------------------------------------------------------------------------------


def test_every_view_asks_for_post_and_not_for_what_is_not_get():
    """A condition on GET takes HEAD for a form."""
    for file in (ROOT / "webui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and ast.unparse(node.left) == "request.method":
                wanted = ast.unparse(node.comparators[0])
                alone = wanted == "'GET'" and file.name != "site.py"
                assert not alone, f"{file.relative_to(ROOT)}:{node.lineno}"


def test_who_asks_for_post_takes_both_methods(house: House) -> None:
    """Elsewhere the method stands at the route, and a view that asks for it would say it twice."""
    views, takes = set(), set()
    for rule in house.app.url_map.iter_rules():
        view = house.app.view_functions[rule.endpoint]
        views.add((view.__module__, view.__name__))
        if {"GET", "POST"} <= set(rule.methods or ()):
            takes.add((view.__module__, view.__name__))
    for file in (ROOT / "webui").rglob("*.py"):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and (module, node.name) in views - takes:
                assert "request.method" not in ast.unparse(node), f"{module}.{node.name}"


def test_the_table_names_a_method_where_two_rows_carry_one_page():
    for action in load_law().permissions.actions.values():
        for carried in action.carries:
            method = carried.rpartition(" ")[0]
            assert method in ("", "GET", "POST"), carried
