"""What is left of a line of the log when the file of its case is destroyed."""

from typing import Any

import pytest

from tests.workflow.case.one_of_each import ONE_OF_EACH
from workflow import events as ev
from workflow.case.destroyed import GONE, without_words


@pytest.mark.parametrize(
    ("event", "fields", "left"),
    [
        ("receive", {"channel": "fax", "note": "王五送来"}, {"channel": "fax", "note": GONE}),
        ("assign", {"to": "农业中心", "unclear_items": [1]}, {"to": "农业中心", "unclear_items": [1]}),
        ("consult_third_party", {"consultation": 1, "to": "王五", "address": "人民路1号"},
         {"consultation": 1, "to": GONE, "address": GONE}),
        ("void", {"reason": "测试", "second_person": "陈静"}, {"reason": GONE, "second_person": "陈静"}),
        ("record_delivery", {"of": "serve", "reached_on": "2024-05-08", "tracking": "1234567890123"},
         {"of": "serve", "reached_on": "2024-05-08", "tracking": GONE}),
        ("correct_entry", {"seq": 1, "fields": {"on": "2024-03-05", "note": "王五"}},
         {"seq": 1, "fields": {"on": "2024-03-05", "note": GONE}}),
        ("record_search", {"sources": ["档案室", "OA"], "hits": 0, "sure": True},
         {"sources": [GONE, "OA"], "hits": 0, "sure": True}),
        ("approve", {"paper": "0" * 64}, {"paper": "0" * 64}),
        ("merge_duplicate", {"into": "2024-0001"}, {"into": "2024-0001"}),
    ],
)  # fmt: skip
def test_words_go_and_days_kinds_and_staff_stay(
    event: str, fields: dict[str, Any], left: dict[str, Any]
) -> None:
    assert without_words(event, fields) == left


@pytest.mark.parametrize("event", sorted(ONE_OF_EACH))
def test_a_line_without_its_words_can_be_read(event: str) -> None:
    fields = {"on": "2024-03-05", **ONE_OF_EACH[event]}
    said = ev.parse(event, fields).model_dump(mode="json", exclude_none=True)
    assert ev.parse(event, without_words(event, said)).name == event
