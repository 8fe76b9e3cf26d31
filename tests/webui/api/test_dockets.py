"""A platform hands over its cases, one call for each: POST /agencies/{code}/dockets."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.proofs import upload
from tests.webui.api.test_at_once import CLIENTS, at_once
from tests.workflow.service.docket.histories import ANSWERED, APPLICATION, OPEN, history
from workflow.service.cases.verify import verify
from workflow.store.call_models import ApiCallRow

WHERE = "/agencies/panlong/dockets"
CASE = "/agencies/panlong/cases/2024-0001"
KEY = "a-key-of-the-platform"


def test_a_case_is_taken_whole_and_goes_on_at_the_desk(program, office):
    lifang = program("lifang")
    answer = lifang.post(WHERE, history(events=OPEN))
    assert answer.status_code == 201, answer.json
    assert answer.headers["Location"] == f"/api/v1{CASE}"
    assert "query_code" not in answer.json and answer.json["repeated"] is False
    assert (answer.json["number"], answer.json["state"], answer.json["reply_due"]) == (
        "2024-0001", "processing", "2024-04-01",
    )  # fmt: skip
    kept = lifang.get(CASE).json
    assert kept["deadlines"] == answer.json["deadlines"]
    assert kept["handed_over"] == {
        "platform": "某省依申请公开平台", "number": "YN-000123", "by": "lifang",
        "at": "2024-05-06T10:00:00+08:00",
    }  # fmt: skip
    (listed,) = lifang.get("/cases").json["cases"]
    assert (listed["number"], listed["due"]) == ("2024-0001", "2024-04-01")
    draft = {"event": "propose_outcome", "on": "2024-05-06", "outcome": "supplied"}
    assert program("zhaoming").post(f"{CASE}/events", draft).status_code == 200
    assert verify(office) == []


def test_a_look_tells_what_would_come_of_it(program, counted):
    answer = program("lifang").post(f"{WHERE}/check", history())
    assert answer.status_code == 200 and "Location" not in answer.headers
    assert (answer.json["number"], answer.json["state"], answer.json["row"]) == (
        None, "served", "partially_disclosed",
    )  # fmt: skip
    assert answer.json["column"] == "natural_person" and counted() == 0


def test_a_refused_step_is_named_with_its_place_rule_and_day(program, counted):
    late = {"event": "extend", "on": "2024-04-20", "days": 15}
    wrong = {"event": "extend", "on": "2024-03-20", "days": 40}
    for where in (WHERE, f"{WHERE}/check"):
        answer = program("lifang").post(where, history(events=[*OPEN, late, wrong]))
        assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
        assert answer.json["title"] == "整件没有转入" and answer.json["rule"] == "too_late"
        steps = [(s["index"], s["event"], s["on"], s["rule"]) for s in answer.json["steps"]]
        assert steps == [
            (2, "extend", "2024-04-20", "too_late"), (3, "extend", "2024-03-20", "bad_field"),
        ]  # fmt: skip
        assert {error["field"] for error in answer.json["errors"]} == {
            "events.2.on", "events.3.days",
        }  # fmt: skip
        assert "第 3 步“延长答复期限”（2024-04-20）" in answer.json["detail"]
    assert counted() == 0


def test_wrong_fields_and_wrong_steps_are_told_together(program, counted):
    nobody = {**APPLICATION, "applicant": {"kind": "citizen", "name": ""}}
    answer = program("lifang").post(
        WHERE, history(events=[{"event": "nothing"}], application=nobody, colour="red")
    )
    assert answer.status_code == 422 and counted() == 0
    fields = {error["field"] for error in answer.json["errors"]}
    assert fields >= {"application.applicant.name", "colour", "events.0.event"}


def test_what_is_wrong_is_told_once_and_at_its_own_place(program):
    lifang = program("lifang")
    for event in ({**OPEN[0], "on": "2024/03/01"}, {**OPEN[0], "by": "名" * 61}):
        answer = lifang.post(WHERE, history(events=[event]))
        assert answer.status_code == 422
        fields = [error["field"] for error in answer.json["errors"]]
        assert fields == [f"events.0.{'by' if 'by' in event else 'on'}"], answer.json
    answer = lifang.post(WHERE, history(events=[{"event": "nothing"}, OPEN[0], 1]))
    fields = [error["field"] for error in answer.json["errors"]]
    assert sorted(fields) == ["events.0.event", "events.2"]


def test_the_same_again_is_answered_as_before(program, counted):
    lifang = program("lifang")
    first = lifang.post(WHERE, history(), idempotency_key=KEY)
    assert lifang.post(WHERE, history(), idempotency_key=KEY).get_data() == first.get_data()
    again = program("chen").post(WHERE, history())
    assert again.status_code == 201 and again.headers["Location"] == first.headers["Location"]
    assert again.json == {**first.json, "repeated": True, "filled": []}
    other = lifang.post(WHERE, history(events=OPEN))
    assert other.status_code == 409 and other.json["rule"] == "already_done"
    assert counted() == 1


def test_who_may_hand_over(program, counted):
    sent = history()
    for name, status in (("zhaoming", 403), ("sunli", 404), ("county", 404), (None, 401)):
        answer = program(name).post(WHERE, sent)
        assert answer.status_code == status, (name, answer.json)
        assert program(name).post(f"{WHERE}/check", sent).status_code == status
    assert program("lifang", "read").post(WHERE, sent).status_code == 403
    assert counted() == 0
    assert program("chen").post(WHERE, sent).status_code == 201


def test_the_same_case_by_eight_at_once_is_one_case(program, counted, office):
    clients = [program("lifang") for _ in range(CLIENTS)]
    answers = at_once(lambda n: clients[n].post(WHERE, history()))
    assert Counter(answer.status_code for answer in answers) == {201: CLIENTS}
    assert {answer.json["number"] for answer in answers} == {"2024-0001"} and counted() == 1
    assert [answer.json["repeated"] for answer in answers].count(False) == 1
    assert verify(office) == []


def test_eight_cases_at_once_beside_filings_get_numbers_of_their_own(program, counted, office):
    clients = [program("lifang") for _ in range(CLIENTS)]
    paper = {**APPLICATION, "agency": "panlong", "channel": "in_person", "on": "2024-05-06"}

    def come(n):
        return (
            clients[n].post("/cases", paper) if n % 2 else clients[n].post(WHERE, history(f"{n}"))
        )

    answers = at_once(come)
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(a.json["number"] for a in answers) == [f"2024-{n:04d}" for n in range(1, 9)]
    assert counted() == CLIENTS and verify(office) == []


def test_files_follow_by_the_call_for_files(program):
    lifang = program("lifang")
    lifang.post(WHERE, history())
    sent = {"kind": "id_proof", "file": upload()}
    answer = lifang.client.post(f"/api/v1{CASE}/files", headers=lifang.headers, data=sent)
    assert answer.status_code == 201, answer.json
    (kept,) = lifang.get(f"{CASE}/files").json["files"]
    assert (kept["kind"], kept["id"]) == ("id_proof", answer.json["id"])


# -- calls that nobody would write ----------------------------------------------------------------------

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 10**12) | st.floats(allow_nan=False)
    | st.text(max_size=12)
    | st.sampled_from(("2024-03-04", "receive", "serve", "2050-12-31", "0000-00-00", "applicant")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place within what is sent."""
    found = [at] if at else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += _places(inner, (*at, key))
    elif isinstance(value, list):
        for key, inner in enumerate(value):
            found += _places(inner, (*at, key))
    return found


@pytest.mark.parametrize("examples", [25, pytest.param(600, marks=pytest.mark.long(reason="many times as many"))])  # fmt: skip
def test_whatever_is_bent_in_a_history_is_no_fault(program, office, examples):
    lifang, whole = program("lifang"), history()
    places = _places(whole)
    numbers = iter(range(10**6))

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        bent=st.lists(st.tuples(st.sampled_from(places), ANYTHING), min_size=1, max_size=3),
        twice=st.lists(st.sampled_from(range(len(ANSWERED))), max_size=3),
    )
    def tried(bent: list[tuple[tuple[Any, ...], Any]], twice: list[int]) -> None:
        sent = json.loads(json.dumps(whole))
        sent["source"]["number"] = f"F-{next(numbers)}"
        sent["events"] += [json.loads(json.dumps(ANSWERED[n])) for n in twice]
        for (*path, last), value in bent:
            inner = sent
            try:
                for key in path:
                    inner = inner[key]
                if isinstance(inner, list) == isinstance(last, int):
                    inner[last] = value
            except (KeyError, IndexError, TypeError):
                continue
        answer = lifang.post(WHERE, sent)
        assert answer.status_code in (201, 400, 409, 422), answer.json

    tried()
    assert verify(office) == []


def test_keys_of_refused_calls_are_free(program, office):
    lifang = program("lifang")
    late = {"event": "extend", "on": "2024-04-20", "days": 15}
    assert lifang.post(WHERE, history(events=[*OPEN, late]), idempotency_key=KEY).status_code == 422
    with office.store.read() as unit:
        assert unit.session.scalar(select(func.count(ApiCallRow.id))) == 0
    assert lifang.post(WHERE, history(), idempotency_key=KEY).status_code == 201


@pytest.mark.parametrize(
    "at", ["2024-03-04T10:00:00", "2024-03-04 10:00", "3月4日", 5, "1709517600"]
)
def test_a_moment_without_its_zone_is_told_how_it_is_written(program: Any, at: Any) -> None:
    """A number would be seconds since 1970."""
    first, *rest = history()["events"]
    told = history(events=[{**first, "recorded_at": at}, *rest])
    answer = program("lifang").post("/agencies/panlong/dockets/check", told)
    assert answer.status_code == 422
    (step,) = answer.json["steps"]
    assert step["field"] == "recorded_at"
    assert "+08:00" in step["message"] and "时区" in step["message"]


def test_a_number_that_another_case_has_is_told_with_the_field_that_helps(program: Any) -> None:
    clerk = program("lifang")
    number, _ = program().file()
    answer = clerk.post("/agencies/panlong/dockets", history(number))
    assert (answer.status_code, answer.json["rule"]) == (409, "already_done")
    assert [one["field"] for one in answer.json["errors"]] == ["keep_number"]
    answer = clerk.post("/agencies/panlong/dockets", history(number, keep_number=False))
    assert answer.status_code == 201 and answer.json["number"] != number
