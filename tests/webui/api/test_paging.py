"""The worklist page by page, and marks of versions (ETag)."""

import pytest
from sqlalchemy import select

from tests.webui.api.program import application
from workflow.service.accounts import Accounts
from workflow.store.models import CaseRow
from workflow.store.worklist import last_of

ASSIGN = {"event": "assign", "on": "2024-05-06"}


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


def test_the_last_step_of_each_log_says_where_its_line_stands(program, office):
    lifang, numbers = program("lifang"), [program().file()[0] for _ in range(2)]
    assert lifang.happen(numbers[1], "assign", "2024-05-06", to="农业中心").status_code == 200
    logs = {number: lifang.get(f"/cases/{number}").json["log"] for number in numbers}
    with office.store.read() as unit:
        ids = dict(list(unit.session.execute(select(CaseRow.number, CaseRow.id))))
        names = frozenset(line["event"] for line in logs[numbers[1]])
        assert len(names) > 1
        assert last_of(unit, list(ids.values()), names) == {
            ids[number]: log[-1]["event"] for number, log in logs.items()
        }
        assert last_of(unit, list(ids.values()), frozenset({"assign"})) == {
            ids[numbers[1]]: "assign"
        }


def test_numbers_of_two_bodies_do_not_hide_one_another(program, office):
    for body in ("panlong", "jiangna", "panlong", "jiangna"):
        program().file(agency=body)
    with office.store.write() as unit:
        Accounts(office).add_user(
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
        ("cursor=NQ", "cursor"),
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
    [error] = answer.json["errors"]
    assert answer.status_code == 422 and error["field"] == field
    assert "\u4e00" <= error["message"][0] <= "\u9fff"


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


def test_a_look_at_the_head_alone_gives_the_mark(program):
    number, _ = program().file()
    lifang = program("lifang")
    answer = lifang.client.head(f"/api/v1/cases/{number}", headers=lifang.headers)
    assert answer.headers["ETag"] == lifang.get(f"/cases/{number}").headers["ETag"]
