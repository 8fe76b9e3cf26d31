"""How a call is made: tokens, keys, pages, ETags, problems, and what no program should send."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.webui.api import Program, application
from workflow.store.models import ApiCallRow, TokenRow

KEY = "a-key-of-our-own-1"
ASSIGN = {"event": "assign", "on": "2024-05-06"}


# -- tokens -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic {token}", "{token}", "Bearer é"]
)
def test_without_a_good_token_staff_calls_are_401(app, office, header):
    program = Program(app)
    program.headers = {"Authorization": header.format(token=office.create_token("lifang"))}
    for answer in (
        program.get("/cases"),
        program.get("/cases/2024-0001"),
        program.get("/cases/2024-0001/deadlines"),
        program.get("/reports/panlong/2024/tables"),
        program.get("/reports/panlong/2024/cells/new_received/total"),
        program.post("/cases", {}),
        program.post("/cases/2024-0001/events", ASSIGN),
    ):
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.mimetype == "application/problem+json"


def test_a_login_at_the_desk_opens_no_call(staff):
    assert staff("lifang").get("/api/v1/cases").status == 401


def test_a_token_ends_on_its_day(app, office, today):
    program = Program(app, office.create_token("lifang", days=7))
    today.is_("2024-05-13")
    today.moment -= timedelta(seconds=1)
    assert program.get("/cases").status_code == 200
    today.moment += timedelta(seconds=1)
    assert program.get("/cases").status_code == 401


def test_a_token_lives_a_year_unless_said_otherwise(office):
    office.create_token("lifang")
    [token] = office.tokens("lifang")
    assert token.expires_at - token.created_at == timedelta(365)


def test_a_token_does_not_outlive_its_users_activity(app, office):
    program = Program(app, office.create_token("lifang"))
    with office.store.write() as unit:
        row = unit.user("lifang")
        row.active = False
    assert program.get("/cases").status_code == 401
    [token] = office.tokens("lifang")
    assert not token.good_at(office.now())


def test_a_role_taken_away_is_taken_from_the_token(app, office):
    program = Program(app, office.create_token("lifang"))
    program.file()
    with office.store.write() as unit:
        row = unit.user("lifang")
        row.roles.clear()
    assert program.get("/cases/2024-0001").status_code == 404


def test_a_token_for_reading_does_not_write(program, counted):
    number, _ = program().file()
    reader = program("lifang", "read")
    assert reader.get(f"/cases/{number}").status_code == 200
    for answer in (
        reader.post(f"/cases/{number}/events", ASSIGN),
        reader.post("/cases", application(channel="in_person", on="2024-05-06")),
    ):
        assert answer.status_code == 403 and 'scope="write"' in answer.headers["WWW-Authenticate"]
        assert answer.mimetype == "application/problem+json" and "write" in answer.json["detail"]
    assert counted() == 1
    writer = program("lifang", "write")
    assert writer.get(f"/cases/{number}").status_code == 403
    assert writer.post(f"/cases/{number}/events", ASSIGN).status_code == 200


def test_only_the_hash_of_a_token_is_kept(office):
    token = office.create_token("lifang")
    with office.store.read() as unit:
        [row] = unit.session.scalars(select(TokenRow))
        assert token not in {str(getattr(row, column.key)) for column in TokenRow.__table__.columns}


def test_reading_writes_nothing_and_writing_notes_the_use_once_an_hour(program, office, today):
    number, _ = program().file()
    lifang = program("lifang")
    lifang.get("/cases")
    assert office.tokens("lifang")[0].last_used_at is None
    lifang.post(f"/cases/{number}/events", ASSIGN)
    first = office.tokens("lifang")[0].last_used_at
    assert first == today()
    today.moment += timedelta(minutes=59)
    lifang.post(f"/cases/{number}/events", {**ASSIGN, "to": "农业中心"})
    assert office.tokens("lifang")[0].last_used_at == first
    today.moment += timedelta(minutes=1)
    lifang.post(f"/cases/{number}/events", {**ASSIGN, "to": "财政所"})
    assert office.tokens("lifang")[0].last_used_at == today()


# -- the same call twice ----------------------------------------------------------------------------


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
    token = office.create_token("lifang")

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


# -- pages ------------------------------------------------------------------------------------------


def _pages(program, path, meanwhile=lambda: None):
    found, answer = [], program.get(path)
    while True:
        assert answer.status_code == 200, answer.json
        found.append([case["number"] for case in answer.json["cases"]])
        if answer.json["next"] is None:
            assert "Link" not in answer.headers
            return found
        target, _, rel = answer.headers["Link"].partition("; ")
        assert rel == 'rel="next"' and f"cursor={answer.json['next']}" in target
        meanwhile()
        answer = program.client.get(target.strip("<>"), headers=program.headers)


def test_pages_follow_one_another_to_the_end(program):
    for _ in range(5):
        program().file()
    numbers = [f"2024-000{n}" for n in range(1, 6)]
    assert _pages(program("lifang"), "/cases?limit=2") == [numbers[:2], numbers[2:4], numbers[4:]]
    assert _pages(program("lifang"), "/cases?limit=5") == [numbers]
    assert program("lifang").get("/cases?limit=2").json["total"] == 5


def test_what_comes_in_meanwhile_moves_no_page(program, today):
    today.is_("2024-05-08")
    for _ in range(4):
        program().file()
    lifang = program("lifang")

    def earlier_one_comes_in():
        paper = application(channel="in_person", on="2024-05-06")
        assert lifang.post("/cases", paper).status_code == 201

    assert _pages(lifang, "/cases?limit=2", earlier_one_comes_in) == [
        ["2024-0001", "2024-0002"],
        ["2024-0003", "2024-0004"],
    ]


def test_what_waits_without_a_date_comes_last_and_is_paged_too(program):
    for n in range(1, 5):
        program().file()
        if n < 4:
            program("lifang").happen(f"2024-000{n}", "withdraw", "2024-05-06")
    pages = _pages(program("lifang"), "/cases?limit=1")
    assert pages == [["2024-0004"], ["2024-0001"], ["2024-0002"], ["2024-0003"]]


def test_numbers_of_two_bodies_do_not_hide_one_another(program, office):
    for body in ("panlong", "jiangna", "panlong", "jiangna"):
        program().file(agency=body)
    with office.store.write() as unit:
        office.add_user(
            unit, name="lifang", agency=office.found_agency(unit, "jiangna"), roles=("clerk",)
        )
    pages = _pages(program("lifang"), "/cases?limit=1")
    assert pages == [["2024-0001"], ["2024-0001"], ["2024-0002"], ["2024-0002"]]


def test_state_day_and_text_narrow_the_list(program, today):
    program().file()
    program().file(request="另一件")
    program("lifang").happen("2024-0001", "assign", "2024-05-06")

    def numbers(query):
        return [case["number"] for case in program("lifang").get(f"/cases?{query}").json["cases"]]

    assert numbers("state=processing") == ["2024-0001"]
    assert numbers("state=registered,processing") == ["2024-0001", "2024-0002"]
    assert numbers("state=registered&state=processing") == ["2024-0001", "2024-0002"]
    assert numbers("q=另一件") == ["2024-0002"] and numbers("q=张三&state=registered") == [
        "2024-0002"
    ]
    assert numbers("due_before=2024-05-31") == [] and len(numbers("due_before=2024-06-01")) == 2
    assert len(numbers("state=&due_before=&q=")) == 2
    assert numbers("q=%25") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=99999999999999999999999", "limit"),
        ("limit=many", "limit"),
        ("cursor=nonsense", "cursor"),
        ("cursor=WyJcdWQ4MDAiXQ", "cursor"),
        ("cursor=W251bGwsICJcdWQ4MDAiLCAicGFubG9uZyJd", "cursor"),
        ("state=flying", "state.0"),
        ("due_before=9999-12-31", "due_before"),
        ("due_before=0", "due_before"),
        ("q=%00", "q"),
        ("due_befor=2024-05-06", "due_befor"),
    ],
)
def test_a_wrong_argument_is_named(program, query, field):
    answer = program("lifang").get(f"/cases?{query}")
    assert answer.status_code == 422 and answer.json["errors"][0]["field"] == field


# -- marks of versions ------------------------------------------------------------------------------


def test_what_the_caller_has_already_is_not_sent_again(program):
    number, code = program().file()
    lifang = program("lifang")
    for path in (
        "/cases",
        f"/cases/{number}",
        f"/cases/{number}/deadlines",
        "/reports/panlong/2024/tables",
        "/reports/panlong/2024/cells/new_received/total",
        f"/applications/{number}?query_code={code}",
    ):
        answer = lifang.get(path)
        again = lifang.get(path, if_none_match=answer.headers["ETag"])
        assert (again.status_code, again.get_data()) == (304, b""), path
        assert again.headers["ETag"] == answer.headers["ETag"]
        assert lifang.get(path, if_none_match='"other"').status_code == 200
    mark = lifang.get(f"/cases/{number}").headers["ETag"]
    lifang.post(f"/cases/{number}/events", ASSIGN)
    assert lifang.get(f"/cases/{number}", if_none_match=mark).status_code == 200


def test_of_two_clerks_who_read_the_same_the_second_is_told(program):
    number, _ = program().file()
    path = f"/cases/{number}/events"
    one, other = program("lifang"), program("chen")
    mine, theirs = (p.get(f"/cases/{number}").headers["ETag"] for p in (one, other))
    done = one.post(path, ASSIGN, if_match=mine)
    assert done.status_code == 200
    late = {"event": "extend", "on": "2024-05-06", "days": 5}
    refused = other.post(path, late, if_match=theirs)
    assert refused.status_code == 412 and refused.mimetype == "application/problem+json"
    assert "请重新读取" in refused.json["detail"]
    assert len(one.get(f"/cases/{number}").json["log"]) == 3
    again = one.post(path, {**ASSIGN, "to": "财政所"}, if_match=done.headers["ETag"])
    assert again.status_code == 200
    assert one.post(path, ASSIGN, if_match="*").status_code == 200
    assert one.post(path, ASSIGN, if_match='"nonsense"').status_code == 412


def test_a_new_day_alone_makes_no_case_stale(program, today):
    number, _ = program().file()
    mark = program("lifang").get(f"/cases/{number}").headers["ETag"]
    today.is_("2024-05-07")
    answer = program("lifang").post(f"/cases/{number}/events", ASSIGN, if_match=mark)
    assert answer.status_code == 200


# -- problems ---------------------------------------------------------------------------------------


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
    monkeypatch.setattr(app.extensions["gongkai"].cases, "worklist", lambda *a, **b: 1 // 0)
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


def test_a_revoked_token_opens_nothing(app, office):
    program = Program(app, office.create_token("lifang"))
    assert program.get("/cases").status_code == 200
    office.revoke_token(office.tokens("lifang")[0].id)
    assert program.get("/cases").status_code == 401
