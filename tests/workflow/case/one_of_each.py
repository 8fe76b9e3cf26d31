"""The fields without which an event of each kind cannot be read."""

from datetime import timedelta
from typing import Any

from tests.workflow.case.walk import (
    MONDAY,
)

ONE_OF_EACH: dict[str, dict[str, Any]] = {
    "submit": {"channel": "fax"}, "receive": {"channel": "fax"},
    "require_correction": {"reached_on": MONDAY, "defects": ["请写明年度"]}, "extend": {"days": 5},
    "delay_reply": {"until": MONDAY + timedelta(90)}, "charge_fee": {"reached_on": MONDAY},
    "record_search": {"sources": ["档案室"], "keywords": ["合同"], "hits": 0},
    "serve": {"method": "direct"}, "record_delivery": {"of": "serve", "reached_on": MONDAY}, "file_suit": {"via": "direct"},
    **{name: {"consultation": 1} for name in (
        "consult_third_party", "consult_joint_agency", "consult_other_agency", "record_opinion",
        "override_third_party")},
    "merge_duplicate": {"into": "2024-0001"}, "reroute": {"to": "县局"}, "record_ruling": {"ruling": "否"}, "service_failed": {"reason": "无人"},
    "return_draft": {"reason": "改"}, "return_from_secrecy_review": {"reason": "改"},
    "void": {"reason": "测试", "second_person": "甲"},
    "revise_reply": {"mode": "replace", "reason": "漏答第二项"},
    "correct_entry": {"seq": 1, "fields": {"on": "2024-03-05"}, "reason": "录错", "second_person": "甲"},
    "substitute_applicant": {"name": "李四", "reason": "继承人"},
    "transfer": {"to": "jiangna", "reason": "撤并"},
    "conclude_review": {"result": "upheld"}, "conclude_suit": {"result": "withdrawn"},
}  # fmt: skip
