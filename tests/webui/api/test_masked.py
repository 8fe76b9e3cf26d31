"""Who asks is masked in every answer, and told whole to who says why; the audit has it without names."""

from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import text

from tests.webui.api.program import application
from workflow.service import Office

ASKED = {"request": "张三的宅基地审批", "items": ["张三的宅基地审批表", "电话13800000000的登记"]}


@pytest.fixture
def number(program: Any) -> str:
    filed, _ = program().file(**application(**ASKED))
    return str(filed)


def looked(office: Office) -> list[str]:
    with office.store.read() as unit:
        rows = unit.session.execute(
            text("SELECT actor, about, details FROM audit WHERE action = 'applicant_shown'")
        )
        return [str(tuple(row)) for row in rows]


def test_lists_and_cases_tell_nobody_whole(program: Any, office: Office, number: str) -> None:
    clerk = program("lifang")
    (line,) = clerk.get("/cases").json["cases"]
    assert line["applicant"] == "张某"
    for path in (f"/cases/{number}", f"/agencies/panlong/cases/{number}"):
        answer = clerk.get(path)
        assert [one["name"] for one in answer.json["applicants"]] == ["张某"]
        assert answer.json["items"] == ["张某的宅基地审批表", "电话138****0000的登记"]
        assert "张三" not in answer.text and "13800000000" not in answer.text
    said = {"event": "assign", "on": "2024-05-06", "to": "zhaoming", "note": "张三来过"}
    answer = clerk.post(f"/cases/{number}/events", said)
    assert answer.status_code == 200 and answer.json["log"][-1]["fields"]["note"] == "张某来过"
    assert looked(office) == []


@pytest.mark.parametrize(("reason", "words"), [("verify", None), ("other", quote("核对身份证件"))])
def test_who_says_why_is_told_whole_and_noted(
    program: Any, office: Office, number: str, reason: str, words: str | None
) -> None:
    answer = program("lifang").get(f"/cases/{number}", X_Look_Reason=reason, X_Look_Words=words)
    assert [one["name"] for one in answer.json["applicants"]] == ["张三"]
    assert answer.json["items"][1] == "电话13800000000的登记"
    (line,) = looked(office)
    assert "lifang" in line and reason in line and "张三" not in line and "13800000000" not in line


def test_words_that_come_as_they_are_are_kept_as_they_are(
    program: Any, office: Office, number: str
) -> None:
    """Many programs send UTF-8 in a header; the audit shall not read æ ¸å¯¹."""
    headers = {**program("lifang").headers, "X-Look-Reason": "other"}
    words = "核对身份证件".encode().decode("latin-1")
    answer = program("lifang").client.get(
        f"/api/v1/cases/{number}", headers={**headers, "X-Look-Words": words}
    )
    assert answer.status_code == 200
    (line,) = looked(office)
    assert ascii("核对身份证件").strip("'") in line.replace(r"\\", "\\")
    answer = program("lifang").client.get(
        f"/api/v1/cases/{number}", headers={**headers, "X-Look-Words": "%E6%A0%B8%00"}
    )
    assert answer.status_code == 422 and len(looked(office)) == 1


@pytest.mark.parametrize(
    ("reason", "field"),
    [("", "X-Look-Reason"), ("curious", "X-Look-Reason"), ("other", "X-Look-Words")],
)
def test_without_a_reason_nobody_is_told(
    program: Any, office: Office, number: str, reason: str, field: str
) -> None:
    answer = program("lifang").client.get(
        f"/api/v1/cases/{number}",
        headers={**program("lifang").headers, "X-Look-Reason": reason},
    )
    assert answer.status_code == 422 and "张三" not in answer.text and looked(office) == []
    assert [one["field"] for one in answer.json["errors"]] == [field]


def test_who_need_not_know_is_refused_whatever_the_reason(
    program: Any, office: Office, number: str
) -> None:
    answer = program("wangqiang").get(f"/cases/{number}", X_Look_Reason="verify")
    assert answer.status_code == 403 and looked(office) == []
