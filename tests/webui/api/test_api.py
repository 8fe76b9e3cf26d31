"""The JSON API: filing, cases and events, deadlines, reports, and who may see what."""

import json

import pytest
from click.testing import CliRunner

from gongkai import main
from tests.webui.api.program import APPLICATION, application
from workflow.service.accounts import Accounts

# -- applications -----------------------------------------------------------------------------------


def test_filing_gives_number_code_and_due_day(program):
    answer = program().post("/applications", application())
    assert answer.status_code == 201
    assert answer.json == {
        "agency": "panlong",
        "number": "2024-0001",
        "query_code": answer.json["query_code"],
        "state": "registered",
        "submitted_at": "2024-05-06T10:00:00+08:00",
        "receipt_date": "2024-05-06",
        "reply_due": "2024-05-31",
    }
    assert answer.headers["Location"] == "/api/v1/applications/2024-0001"


def test_number_and_code_show_where_it_stands(program):
    number, code = program().file()
    answer = program().get(f"/applications/{number}?query_code={code}")
    assert answer.status_code == 200
    assert (answer.json["number"], answer.json["state"]) == (number, "registered")
    assert answer.json["state_label"] == "已登记" and answer.json["reply_due"] == "2024-05-31"
    assert answer.json["steps"][0] == {"on": "2024-05-06", "text": "提交申请"}
    assert "张三" not in answer.get_data(as_text=True)


def test_a_wrong_number_and_a_wrong_code_get_the_same_answer(program):
    number, code = program().file()
    answers = [
        program().get(path)
        for path in (
            f"/applications/{number}?query_code=AAAAAAAAAA",
            f"/applications/2024-9999?query_code={code}",
            f"/applications/{number}",
        )
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.get_data() for answer in answers}) == 1


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"agency": "nowhere"}, "agency", "没有这个受理机关"),
        ({"agency": "yanshan"}, "agency", "没有这个受理机关"),
        ({"request": None, "items": []}, "request", "请写明要公开的信息"),
        ({"delivery": ["email"]}, "applicant.email", "选择了电子邮件"),
        ({"delivery": ["pigeon"]}, "delivery.0", "只能是其中之一"),
        ({"medium": []}, "medium", "至少填写 1 项"),
        ({"purpose": "学习"}, "purpose", "没有这一项"),
        ({"applicant": {**APPLICATION["applicant"], "phone": "1"}}, "applicant.phone", "11 位手机号"),
        ({"applicant": {**APPLICATION["applicant"], "employer": "某厂"}}, "applicant.employer", "没有"),
        ({"items": ["字" * 2001]}, "items.0", "最多 2000 个字"),
        ({"items": ["合同"] * 21}, "items", "最多填写 20 项"),
        ({"request": "机密★10年 某文件"}, "request", "密级标志"),
    ],
)  # fmt: skip
def test_each_wrong_field_is_named_in_chinese(program, counted, changed, field, message):
    answer = program().post("/applications", application(**changed))
    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
    assert answer.json["status"] == 422 and answer.json["title"] == "有几处需要修改"
    found = {error["field"]: error["message"] for error in answer.json["errors"]}
    assert message in found[field] and counted() == 0


def test_several_wrong_fields_are_told_at_once(program):
    answer = program().post("/applications", {"applicant": {"kind": "organisation"}})
    fields = {error["field"] for error in answer.json["errors"]}
    assert {"agency", "applicant.name", "applicant.phone", "applicant.credit_code"} <= fields
    assert {"delivery", "medium", "request"} <= fields


# -- registering ------------------------------------------------------------------------------------


def test_staff_register_what_came_on_paper(program):
    paper = application(channel="in_person", on="2024-04-30")
    answer = program("lifang").post("/cases", paper)
    assert answer.status_code == 201
    assert answer.json["receipt_date"] == "2024-04-30" and answer.json["state"] == "registered"
    assert answer.headers["Location"] == "/api/v1/agencies/panlong/cases/2024-0001"
    seen = program("lifang").get("/cases/2024-0001").json
    assert (seen["channel"], seen["log"][0]["actor"]) == ("in_person", "lifang")


@pytest.mark.parametrize(
    ("who", "changed", "status", "named"),
    [
        ("lifang", {"channel": None}, 422, "channel"),
        ("lifang", {"on": None}, 422, "on"),
        ("lifang", {"on": "2024-05-07"}, 422, "on"),
        ("lifang", {"confirmed_on": "2024-04-29"}, 422, "confirmed_on"),
        ("zhaoming", {}, 403, "not_your_role"),
        ("lifang", {"agency": "jiangna"}, 403, "not_your_role"),
    ],
)
def test_what_cannot_be_registered(program, counted, who, changed, status, named):
    paper = {**application(channel="in_person", on="2024-04-30"), **changed}
    answer = program(who).post("/cases", {k: v for k, v in paper.items() if v is not None})
    assert answer.status_code == status and counted() == 0
    if status == 403:
        assert answer.json["rule"] == named and answer.json["allowed_when"]
    else:
        assert named in {error["field"] for error in answer.json["errors"]}


# -- a case and its events --------------------------------------------------------------------------


def test_a_case_tells_its_log_and_what_may_happen_next_for_whom_and_why_not(program):
    number, _ = program().file()
    seen = program("lifang").get(f"/cases/{number}").json
    assert (seen["number"], seen["agency"], seen["state"]) == (number, "panlong", "registered")
    assert seen["items"] == ["合同正文", "竣工验收单"] and seen["reply_due"] == "2024-05-31"
    assert [line["event"] for line in seen["log"]] == ["submit", "receive"]
    assert seen["log"][0]["on"] == "2024-05-06"
    following = {line["event"]: line for line in seen["next"]}
    assert following["assign"]["allowed"] and following["assign"]["refusal"] is None
    assert following["approve"]["by"] == ["leader"] and not following["approve"]["allowed"]
    assert following["approve"]["refusal"]["rule"] == "not_in_this_state"
    assert following["approve"]["refusal"]["allowed_when"].startswith("须先办理")
    other = {e["event"]: e for e in program("wangqiang").get(f"/cases/{number}").json["next"]}
    assert other["assign"]["refusal"]["rule"] == "not_your_role"


def test_an_event_is_applied_and_answered_with_the_case(program):
    number, _ = program().file()
    answer = program("lifang").happen(number, "assign", "2024-05-06", to="农业中心")
    assert answer.status_code == 200 and answer.json["state"] == "processing"
    assert answer.json["log"][-1]["fields"] == {"to": "农业中心"}
    assert answer.json == program("lifang").get(f"/cases/{number}").json


def test_a_refused_event_names_rule_article_and_what_would_help(program):
    number, _ = program().file()
    answer = program("chen").happen(number, "approve", "2024-05-06")
    assert answer.status_code == 409 and answer.mimetype == "application/problem+json"
    assert answer.json["rule"] == "not_in_this_state" and answer.json["article"]
    assert answer.json["detail"] == answer.json["message"] and answer.json["allowed_when"]
    assert answer.json["type"] == "about:blank" and answer.json["status"] == 409
    assert len(program("lifang").get(f"/cases/{number}").json["log"]) == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"event": "assign"}, "on"),
        ({"event": "assign", "on": "2024-05-06", "colour": "red"}, "colour"),
        ({"event": "assign", "on": "06.05.2024"}, "on"),
        ({"event": "assign", "on": 0}, "on"),
        ({"event": "assign", "on": "9999-12-31"}, "on"),
        ({"event": "extend", "on": "2024-05-06", "days": 10**30}, "days"),
        ({"event": "extend", "on": "2024-05-06", "days": "5"}, "days"),
        ({"event": "assign", "on": "2024-05-06", "by": "king"}, "by"),
        ({"event": "fly", "on": "2024-05-06"}, "event"),
        ({"event": ["assign"], "on": "2024-05-06"}, "event"),
        ({"on": "2024-05-06"}, "event"),
        ({}, "event"),
    ],
)
def test_a_malformed_event_is_422_and_names_the_field(program, body, field):
    number, _ = program().file()
    answer = program("lifang").post(f"/cases/{number}/events", body)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.json["errors"]}
    assert len(program("lifang").get(f"/cases/{number}").json["log"]) == 2


def test_an_unknown_event_carries_the_rule(program):
    number, _ = program().file()
    answer = program("lifang").happen(number, "fly", "2024-05-06")
    assert (answer.status_code, answer.json["rule"]) == (422, "unknown_event")


def test_by_names_the_role_in_which_it_is_done(program):
    sunli = program("sunli")
    number, _ = program().file(agency="jiangna")
    refused = sunli.happen(number, "assign", "2024-05-06", by="leader")
    assert (refused.status_code, refused.json["rule"]) == (409, "not_your_role")
    assert sunli.happen(number, "assign", "2024-05-06", by="clerk").status_code == 200


# -- deadlines and reports --------------------------------------------------------------------------


def test_deadlines_are_those_of_the_command(program, tmp_path, today):
    number, _ = program().file()
    today.is_("2024-05-08")
    asked = program("lifang").happen(
        number, "require_correction", "2024-05-08", reached_on="2024-05-08", defects=["请写明年份"]
    )
    assert asked.status_code == 200, asked.json
    seen = program("lifang").get(f"/cases/{number}").json
    events = [{"event": e["event"], "on": e["on"], **e["fields"]} for e in seen["log"]]
    file = tmp_path / "timeline.json"
    file.write_text(json.dumps({"events": events}), encoding="utf-8")
    printed = CliRunner().invoke(main, ["deadline", str(file)])
    assert printed.exit_code == 0, printed.output
    answer = program("lifang").get(f"/cases/{number}/deadlines")
    assert answer.status_code == 200 and answer.json["correction_due"]
    assert answer.json == json.loads(printed.stdout) == seen["deadlines"]


def test_tables_and_cells_are_those_of_the_command(program, office, tmp_path, monkeypatch):
    for _ in range(2):
        program().file()
    answer = program("lifang").get("/reports/panlong/2024/tables?format=2021")
    assert answer.status_code == 200
    assert answer.json["table3"]["new_received"]["total"] == 2 and answer.json["format"] == "2021"
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GONGKAI_DATABASE_URL", office.store.url)
    (tmp_path / "secret.key").write_bytes(office.keys.now.secret)  # none without the store's key
    line = ["tally", "--agency", "panlong", "--year", "2024", "--format", "2021"]
    printed = CliRunner().invoke(main, line)
    assert answer.json == json.loads(printed.stdout)
    cell = program("lifang").get("/reports/panlong/2024/cells/new_received/natural_person").json
    assert cell["n"] == 2 and cell["cases"] == ["2024-0001", "2024-0002"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/panlong/2024/tables?format=2020", 422),
        ("/reports/panlong/1999/tables", 422),
        ("/reports/panlong/99999999999999999999/tables", 422),
        ("/reports/panlong/soon/tables", 404),
        ("/reports/nowhere/2024/tables", 404),
        ("/reports/panlong/2024/cells/new_received/martians", 404),
        ("/reports/panlong/2024/cells/nothing/total", 404),
    ],
)
def test_what_no_report_has(program, path, status):
    answer = program("lifang").get(path)
    assert answer.status_code == status and answer.mimetype == "application/problem+json"


# -- who may see what -------------------------------------------------------------------------------


def test_staff_of_one_body_see_nothing_of_another(program):
    number, _ = program().file()
    program().file()
    foreign, _ = program().file(agency="jiangna")
    assert foreign == "2024-0001" and number == "2024-0001"
    sunli = program("sunli")
    assert sunli.get("/cases/2024-0001").json["agency"] == "jiangna"
    for path in (
        "/cases/2024-0002",
        "/cases/2024-0002/deadlines",
        "/cases/2024-0001?agency=panlong",
    ):
        assert sunli.get(path).status_code == 404, path
    assert sunli.happen("2024-0002", "assign", "2024-05-06").status_code == 404
    assert sunli.get("/reports/panlong/2024/tables").status_code == 404
    assert [case["agency"] for case in sunli.get("/cases").json["cases"]] == ["jiangna"]
    assert sunli.get("/cases?agency=panlong").status_code == 404


def test_a_case_of_another_body_is_answered_like_one_that_does_not_exist(program):
    program().file()
    program().file()
    program().file(agency="jiangna")
    there = program("sunli").get("/cases/2024-0002")
    nowhere = program("sunli").get("/cases/2024-9999")
    assert there.get_data(as_text=True).replace("0002", "9999") == nowhere.get_data(as_text=True)


def test_the_body_above_reads_reports_below_but_no_case(program):
    program().file()
    county = program("county")
    assert county.get("/reports/panlong/2024/tables").status_code == 200
    assert county.get("/reports/panlong/2024/cells/new_received/total").status_code == 200
    assert county.get("/cases/2024-0001").status_code == 404
    assert county.get("/cases").json == {"cases": [], "total": 0, "next": None}
    assert program("lifang").get("/reports/yanshan/2024/tables").status_code == 404


def test_people_of_two_bodies_name_the_body(program, office):
    program().file()
    program().file(agency="jiangna")
    with office.store.write() as unit:
        Accounts(office).add_user(
            unit, name="lifang", agency=office.found_agency(unit, "jiangna"), roles=("handler",)
        )
    lifang = program("lifang")
    for body in ("panlong", "jiangna"):
        assert lifang.get(f"/cases/2024-0001?agency={body}").json["agency"] == body
        assert [c["agency"] for c in lifang.get(f"/cases?agency={body}").json["cases"]] == [body]
    assert lifang.get("/cases").json["total"] == 2
    refused = lifang.post(
        "/cases/2024-0001/events?agency=jiangna", {"event": "assign", "on": "2024-05-06"}
    )
    assert (refused.status_code, refused.json["rule"]) == (409, "not_your_role")


# -- cases of several bodies ------------------------------------------------------------------------


BELOW = ("", "/deadlines", "/files")


@pytest.fixture
def two_bodies(program, office):
    """The number of an application in each of two bodies; lifang works in both."""
    number, _ = program().file()
    assert program().file(agency="jiangna", request="采矿许可证")[0] == number
    with office.store.write() as unit:
        Accounts(office).add_user(
            unit, name="lifang", agency=unit.agency("jiangna"), roles=("clerk",)
        )
    return number


@pytest.mark.parametrize("below", BELOW)
def test_a_case_is_the_same_with_and_without_its_body(program, below):
    number, _ = program().file()
    lifang = program("lifang")
    long = lifang.get(f"/agencies/panlong/cases/{number}{below}")
    assert long.status_code == 200 and long.json == lifang.get(f"/cases/{number}{below}").json
    for path in (f"/agencies/jiangna/cases/{number}", "/agencies/panlong/cases/2024-9999"):
        assert lifang.get(f"{path}{below}").status_code == 404
    assert program("sunli").get(f"/agencies/panlong/cases/{number}{below}").status_code == 404
    assert lifang.get(f"/agencies/panlong/cases/{number}{below}?agency=panlong").status_code == 422


@pytest.mark.parametrize("below", BELOW)
def test_a_number_of_two_bodies_is_answered_with_the_choice(program, two_bodies, below):
    lifang = program("lifang")
    answer = lifang.get(f"/cases/{two_bodies}{below}")
    assert answer.status_code == 409 and answer.mimetype == "application/problem+json"
    assert [(one["agency"], one["name"]) for one in answer.json["choices"]] == [
        ("panlong", "盘龙彝族乡人民政府"),
        ("jiangna", "江那镇人民政府"),
    ]
    for one in answer.json["choices"]:
        path = one["case"].removeprefix("/api/v1")
        assert lifang.get(path).json["agency"] == one["agency"]
        assert lifang.get(f"{path}{below}").status_code == 200
        assert lifang.get(f"/cases/{two_bodies}{below}?agency={one['agency']}").status_code == 200


def test_an_event_of_a_number_of_two_bodies_is_not_applied(program, two_bodies):
    lifang, event = program("lifang"), {"event": "assign", "on": "2024-05-06"}
    answer = lifang.post(f"/cases/{two_bodies}/events", event)
    assert answer.status_code == 409 and len(answer.json["choices"]) == 2
    answer = lifang.post(f"/agencies/jiangna/cases/{two_bodies}/events", event)
    assert (answer.status_code, answer.json["agency"]) == (200, "jiangna")
    states = [
        lifang.get(f"/agencies/{code}/cases/{two_bodies}").json["state"]
        for code in ("panlong", "jiangna")
    ]
    assert states == ["registered", "processing"]


def test_a_registered_case_is_found_where_the_answer_says(program):
    answer = program("lifang").post("/cases", application(channel="in_person", on="2024-04-30"))
    place = answer.headers["Location"]
    assert place == f"/api/v1/agencies/panlong/cases/{answer.json['number']}"
    assert program("lifang").get(place.removeprefix("/api/v1")).status_code == 200


def test_number_that_two_bodies_have_is_told_with_its_body_to_the_applicant(program):
    for agency in ("panlong", "jiangna"):
        filed = program().post("/applications", application(agency=agency)).json
        assert (filed["number"], filed["agency"]) == ("2024-0001", agency)
        seen = program().get(f"/applications/{filed['number']}", X_Query_Code=filed["query_code"])
        assert seen.json["agency"] == agency
