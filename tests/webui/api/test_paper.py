"""Programs register paper with what it lacks; what people file themselves is asked for (contracts/application.md)."""

import pytest

from tests.webui.api.program import application

BARE = {
    "agency": "panlong", "applicant": {"name": "张三"}, "request": "养护合同", "channel": "ems",
    "on": "2024-05-06",
}  # fmt: skip


def fields(answer):
    assert answer.status_code == 422, answer.json
    return {error["field"]: error["message"] for error in answer.json["errors"]}


def test_a_name_and_what_was_asked_are_enough(program):
    """law.md §3.2: every other gap is kept and offered as a ground of 补正."""
    lifang = program("lifang")
    answer = lifang.post("/cases", BARE)
    assert answer.status_code == 201, answer.json
    filed = answer.json
    assert (filed["receipt_date"], filed["reply_due"]) == ("2024-05-06", "2024-05-31")
    case = lifang.get(f"/cases/{filed['number']}").json
    assert [(gap["gap"], gap["ground"], gap["proposed"]) for gap in case["gaps"]] == [
        ("identity", "identity", True), ("contact", "contact", True),
        ("delivery", "form", True), ("medium", "form", True),
    ]  # fmt: skip
    assert case["delivery"] == case["medium"] == []
    asked = {
        "event": "require_correction", "on": "2024-05-06", "reached_on": "2024-05-06",
        "defects": [gap["defect"] for gap in case["gaps"]],
        "grounds": sorted({gap["ground"] for gap in case["gaps"]}),
    }  # fmt: skip
    answer = lifang.post(f"/cases/{filed['number']}/events", asked)
    assert answer.status_code == 200, answer.json
    assert not any(gap["proposed"] for gap in answer.json["gaps"])


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"applicant": {"kind": "citizen"}}, "applicant.name"),
        ({"request": " "}, "request"),
        ({"applicant": {"name": "某公司", "kind": "organisation", "category": "companies"}}, "applicant.category"),
        ({"applicant": {"name": "张三", "id_type": "resident_id", "id_number": "110105"}}, "applicant.id_number"),
        ({"applicant": {"name": "张三", "phone": "12"}}, "applicant.phone"),
        ({"delivery": ["pigeon"]}, "delivery.0"),
        ({"channel": None}, "channel"),
        ({"channel": "ordinary_mail", "confirmed_on": "2024-05-01"}, "confirmed_on"),
        ({"applicant": {"name": "张三", "id_type": "card"}}, "applicant.id_type"),
    ],
)  # fmt: skip
def test_what_no_clerk_would_type_is_told_at_its_field(program, counted, changed, wrong):
    assert list(fields(program("lifang").post("/cases", {**BARE, **changed}))) == [wrong]
    assert counted() == 0


def test_paper_that_is_wrong_is_registered_as_written(program):
    person = {"name": "张三", "id_type": "resident_id", "id_number": "110105", "phone": "12"}
    lifang = program("lifang")
    answer = lifang.post("/cases", {**BARE, "applicant": person, "as_written": True})
    assert answer.status_code == 201
    case = lifang.get(f"/cases/{answer.json['number']}").json
    assert {"identity_wrong", "phone_wrong"} <= {gap["gap"] for gap in case["gaps"]}


def test_an_applicant_is_asked_for_everything(program, counted):
    person = {"kind": "citizen", "name": "张三"}
    wrong = fields(program().post("/applications", {"agency": "panlong", "applicant": person}))
    assert {"applicant.phone", "applicant.id_number", "delivery", "medium", "request"} <= set(wrong)
    for category in ("companies", "total", "其他"):
        applicant = {**application()["applicant"], "kind": "organisation", "category": category}
        assert "applicant.category" in fields(
            program().post("/applications", application(applicant=applicant))
        )
    assert counted() == 0


def test_a_case_filed_on_the_net_has_no_gaps(program):
    number, _ = program().file()
    assert program("lifang").get(f"/cases/{number}").json["gaps"] == []
