"""The same call twice: Idempotency-Key."""

import threading

import pytest
from sqlalchemy import func, select

from tests.webui.api.program import Program, application
from workflow.service.accounts import Accounts
from workflow.store.call_models import ApiCallRow

KEY = "a-key-of-our-own-1"
ASSIGN = {"event": "assign", "on": "2024-05-06"}


def _post(program, kind, key, **changed):
    """A POST of each kind, by a program that may do it."""
    if kind == "application":
        return program().post("/applications", application(**changed), idempotency_key=key)
    if kind == "case":
        paper = application(channel="in_person", on="2024-05-06", **changed)
        return program.lifang.post("/cases", paper, idempotency_key=key)
    body = {**ASSIGN, **({"to": changed["request"]} if changed else {})}
    return program.lifang.post("/cases/2024-0001/events", body, idempotency_key=key)


@pytest.fixture
def either(program):
    program.lifang = program("lifang")
    program().file(request="先有的一件")
    return program


KINDS = pytest.mark.parametrize("kind", ["application", "case", "event"])


@KINDS
def test_the_same_key_and_body_are_answered_as_the_first_time(either, today, kind):
    first = _post(either, kind, KEY)
    assert first.status_code == (200 if kind == "event" else 201)
    number = first.json["number"]
    either.lifang.happen(number, "withdraw", "2024-05-06")
    today.is_("2024-05-09")
    again = _post(either, kind, KEY)
    assert again.status_code == first.status_code and again.get_data() == first.get_data()
    for name in ("Location", "ETag", "Content-Type"):
        assert again.headers.get(name) == first.headers.get(name)
    events = [line["event"] for line in either.lifang.get(f"/cases/{number}").json["log"]]
    assert events.count("assign") == (1 if kind == "event" else 0)


@KINDS
def test_the_same_key_with_another_body_is_refused(either, counted, kind):
    first = _post(either, kind, KEY)
    cases = counted()
    other = _post(either, kind, KEY, request="另一件")
    assert other.status_code == 422 and counted() == cases
    assert other.json["errors"][0]["field"] == "Idempotency-Key"
    assert _post(either, kind, KEY).get_data() == first.get_data()


@KINDS
def test_without_a_key_every_call_counts(either, counted, kind):
    before = counted()
    for _ in range(2):
        assert _post(either, kind, None).status_code in (200, 201)
    assert counted() == before + (0 if kind == "event" else 2)
    log = either.lifang.get("/cases/2024-0001").json["log"]
    assert [line["event"] for line in log].count("assign") == (2 if kind == "event" else 0)


def test_a_key_belongs_to_its_token(program, counted):
    paper = application(channel="in_person", on="2024-05-06")
    one = program("lifang").post("/cases", paper, idempotency_key=KEY)
    other = program("lifang").post("/cases", paper, idempotency_key=KEY)
    assert {one.json["number"], other.json["number"]} == {"2024-0001", "2024-0002"}
    assert counted() == 2


def test_a_refused_call_leaves_the_key_free(either):
    lifang = either.lifang
    path = "/cases/2024-0001/events"
    refused = lifang.post(path, {**ASSIGN, "event": "archive"}, idempotency_key=KEY)
    assert refused.status_code == 409
    assert lifang.post(path, ASSIGN, idempotency_key=KEY).status_code == 200


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "with a blank in it", "钥匙钥匙钥匙钥匙"])
def test_a_key_has_8_to_200_visible_characters(app, counted, key):
    answer = app.test_client().post(
        "/api/v1/applications", json=application(), headers=[("Idempotency-Key", key)]
    )
    assert answer.status_code == 422 and counted() == 0
    assert answer.json["errors"][0]["field"] == "Idempotency-Key"


def test_calls_at_the_same_time_with_one_key_apply_once(app, office, counted):
    answers = []
    token = Accounts(office).create_token("lifang")

    def call():
        paper = application(channel="in_person", on="2024-05-06")
        answers.append(Program(app, token).post("/cases", paper, idempotency_key=KEY))

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_data() for answer in answers}) == 1 and counted() == 1


def test_kept_answers_are_sealed_and_go_after_a_week(program, office, today):
    number, code = "2024-0001", None
    answer = program().post("/applications", application(), idempotency_key=KEY)
    code = answer.json["query_code"]
    with office.store.read() as unit:
        [row] = unit.session.scalars(select(ApiCallRow))
        assert code.encode() not in row.answer and number.encode() not in row.answer
        assert KEY not in row.key
    today.is_("2024-05-14")
    program().post("/applications", application(request="另一件"), idempotency_key="another-key")
    with office.store.read() as unit:
        kept = unit.session.scalar(
            select(func.count(ApiCallRow.id)).where(ApiCallRow.answer.is_not(None))
        )
    assert kept == 1
    again = program().post("/applications", application(), idempotency_key=KEY)
    assert (again.status_code, again.json["number"]) == (201, number)
