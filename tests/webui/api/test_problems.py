"""Problem details, and what no program should send."""

import pytest

from tests.proofs import upload
from tests.webui.api.program import Program, application

ASSIGN = {"event": "assign", "on": "2024-05-06"}


def _is_problem(answer, status):
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == status and answer.json["type"] == "about:blank"
    assert all("\u4e00" <= answer.json[name][0] <= "\u9fff" for name in ("title", "detail"))


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/cases"])
def test_an_address_that_does_not_exist_is_a_problem_too(app, path):
    _is_problem(app.test_client().get(path), 404)
    _is_problem(app.test_client().post(path, json={}), 404)


def test_a_method_that_is_not_there_names_those_that_are(app):
    answer = app.test_client().delete("/api/v1/cases")
    _is_problem(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}


@pytest.mark.parametrize(
    "sent",
    [b"", b"{", b'{"a": NaN}', b'{"a": Infinity}', b"\xff\xfe", b'{"a": ' + b"9" * 5000 + b"}"],
)
def test_broken_json_is_400(app, sent):
    answer = app.test_client().post(
        "/api/v1/applications", data=sent, content_type="application/json"
    )
    _is_problem(answer, 400)


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        (b'{"agency": "panlong", "agency": "bama"}', ["agency"]),
        (b'{"applicant": {"name": "a", "name": "a", "kind": "b"}}', ["name"]),
    ],
)
def test_a_field_that_stands_twice_is_refused(app, sent, fields):
    """Programs differ in which of the two they take."""
    answer = app.test_client().post(
        "/api/v1/applications", data=sent, content_type="application/json"
    )
    _is_problem(answer, 422)
    assert [one["field"] for one in answer.json["errors"]] == fields


@pytest.mark.parametrize(("days", "status"), [("5.0", 200), ("5e0", 200), ("5.5", 422), ("true", 422), ('"5"', 422)])  # fmt: skip
def test_a_whole_number_is_one_however_json_writes_it(program, days, status):
    number, _ = program().file()
    chen = program("chen")
    sent = f'{{"event": "extend", "on": "2024-05-06", "days": {days}, "reached_on": "2024-05-06", "reason": "情况复杂"}}'
    answer = chen.client.post(
        f"/api/v1/cases/{number}/events",
        data=sent.encode(),
        content_type="application/json",
        headers=chen.headers,
    )
    assert answer.status_code == status, answer.json
    if status == 200:
        assert answer.json["log"][-1]["fields"]["days"] == 5


def test_the_document_need_not_be_fetched_again_while_it_stands(program):
    """Every GET has its mark, also this one."""
    answer = program().get("/openapi.json")
    mark = answer.headers["ETag"]
    again = program().get("/openapi.json", If_None_Match=mark)
    assert again.status_code == 304 and not again.data
    assert program().get("/openapi.json", If_None_Match='"other"').data == answer.data


def test_a_field_of_a_form_that_nobody_knows_is_refused(program):
    number, code = program().file()
    form = {"kind": "supplement", "file": upload(), "note": "x"}
    answer = program().client.post(
        f"/api/v1/applications/{number}/files", data=form, headers={"X-Query-Code": code}
    )
    _is_problem(answer, 422)
    assert answer.json["errors"] == [{"field": "note", "message": "没有这一项"}]


@pytest.mark.parametrize("sent", [b"null", b"[]", b'"text"', b"1", b"true"])
def test_json_that_is_no_object_is_422(app, sent):
    answer = app.test_client().post(
        "/api/v1/applications", data=sent, content_type="application/json"
    )
    _is_problem(answer, 422)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_415(app, kind):
    _is_problem(app.test_client().post("/api/v1/applications", data="{}", content_type=kind), 415)


def test_too_much_is_413(app):
    _is_problem(
        app.test_client().post("/api/v1/applications", json=application(request="字" * 1_500_000)),
        413,
    )


@pytest.mark.parametrize("depth", [20, 900, 100_000])
def test_deep_nesting_is_refused(app, depth):
    sent = b'{"agency": ' + b"[" * depth + b"]" * depth + b"}"
    answer = app.test_client().post(
        "/api/v1/applications", data=sent, content_type="application/json"
    )
    assert answer.status_code in (400, 422) and answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("text", ["\x00", "\ud800", "甲\x1b乙"])
def test_characters_that_are_no_text_are_refused_wherever_they_stand(program, counted, text):
    for changed in ({"request": text}, {"items": [text]}, {"agency": text}, {text: "x"}):
        _is_problem(program().post("/applications", application(**changed)), 422)
    assert counted() == 0
    program().file()
    for event in ({"to": text}, {"event": text}, {"on": text}, {"note": text}):
        answer = program("lifang").post("/cases/2024-0001/events", {**ASSIGN, **event})
        _is_problem(answer, 422)
    _is_problem(program("lifang").get("/cases/%00"), 404)
    _is_problem(program().get("/applications/2024-0001%00?query_code=%00"), 404)


def test_guessing_codes_and_tokens_is_slowed_down(app, program):
    app.config["RATELIMIT_ENABLED"] = True
    for path, program_ in (("/applications/2024-0001", program()), ("/cases", Program(app, "x"))):
        for _ in range(31):
            answer = program_.get(path)
        _is_problem(answer, 429)
        assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert program("lifang").get("/cases").status_code == 429


def test_good_tokens_are_not_slowed_down(app, program):
    lifang = program("lifang")
    app.config["RATELIMIT_ENABLED"] = True
    assert {lifang.get("/cases").status_code for _ in range(40)} == {200}


def test_filing_is_rate_limited(app, program):
    app.config["RATELIMIT_ENABLED"] = True
    for _ in range(31):
        answer = program().post("/applications", {})
    _is_problem(answer, 429)
    assert int(answer.headers["Retry-After"]) > 60


def test_a_fault_shows_a_number_that_is_in_the_log_and_nothing_else(
    app, program, caplog, monkeypatch
):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(app.extensions["gongkai"].worklist, "cases", lambda *a, **b: 1 // 0)
    answer = program("lifang").get("/cases")
    _is_problem(answer, 500)
    assert answer.json["request_id"] in caplog.text and "division" not in answer.get_data(
        as_text=True
    )


def test_no_answer_stays_in_a_shared_cache(program):
    answer = program("lifang").get("/cases")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_names_stay_out_of_the_log(program, caplog):
    with caplog.at_level("INFO"):
        number, code = program().file()
        program("lifang").get(f"/cases/{number}")
        program().get(f"/applications/{number}?query_code={code}")
    assert "张三" not in caplog.text and code not in caplog.text
