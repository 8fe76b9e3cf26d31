"""Remedies by the API: no signature under a gap, and whose review it is."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.webui.conftest import Today
from tests.webui.filing import file
from tests.webui.visitor import Visitor
from tests.workflow.case.proved import EVIDENCE
from workflow.service import Office

STEPS: list[tuple[str, str, dict[str, Any]]] = [
    ("lifang", "assign", {}),
    (
        "zhaoming",
        "propose_outcome",
        {
            "items": [
                {"item": n, "outcome": "in_state_archive", **EVIDENCE["in_state_archive"]}
                for n in (1, 2)
            ]
        },
    ),
    ("falv", "pass_legal_check", {}),
]


@pytest.fixture
def act(program: Callable[..., Any], today: Today) -> Callable[..., Any]:
    def acting(who: str, number: str, event: str, **fields: Any) -> Any:
        body = {"event": event, "on": today().date().isoformat(), **fields}
        return program(who).post(f"/cases/{number}/events", body)

    return acting


@pytest.mark.parametrize(
    ("name", "label"), [("court", "管辖法院"), ("online_review_url", "网上申请复议的网址")]
)
def test_leader_does_not_sign_a_letter_with_a_gap(
    visitor: Visitor, act: Callable[..., Any], office: Office, name: str, label: str
) -> None:
    """行政复议法22(2), 23(2): missing_evidence that names the setting; with it set, the signature is possible."""
    number, _ = file(visitor, delivery=["email"], email="zhangsan@example.org")

    def set_to(value: str) -> None:
        with office.store.write() as unit:
            unit.set_setting(
                office.found_agency(unit, "panlong"), name, value, date(2024, 5, 6), "核对"
            )

    set_to("")
    for who, event, fields in STEPS:
        assert act(who, number, event, **fields).status_code == 200
    refused = act("chen", number, "approve")
    assert refused.status_code == 409
    assert refused.json["rule"] == "missing_evidence"
    assert label in refused.json["message"] and label in refused.json["allowed_when"]
    set_to("https://xzfy.example.org" if name.endswith("url") else "砚山县人民法院")
    assert act("chen", number, "approve").status_code == 200


@pytest.mark.parametrize("by", ["applicant", "third_party"])
def test_who_asked_for_review_is_told_in_the_same_field_as_the_role(
    visitor: Visitor, act: Callable[..., Any], by: str
) -> None:
    """contracts/events.json v2: `by` of file_review and file_suit; other events name a role."""
    number, _ = file(visitor)
    filed = act("lifang", number, "file_review", by=by, copy_received_on="2024-05-06")
    assert filed.status_code == 200
    assert filed.json["log"][-1]["fields"]["by"] == by
    assert filed.json["log"][-1]["role"] == "经办人"
    assert act("lifang", number, "file_suit", by="clerk", via="direct").status_code == 200
    assert act("lifang", number, "file_suit", by="somebody", via="direct").status_code == 422
