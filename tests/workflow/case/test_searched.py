"""What a court would still ask of a search, item by item (practice.md §7, 8 to 11)."""

from typing import Any

from tests.workflow.case.walk import ASSIGNED, TODAY, Walk
from workflow.case.searched import weak_points

GOOD: dict[str, Any] = {
    "sources": ["综合档案室", "财务系统"], "keywords": ["养护合同"], "synonyms": ["养护协议"], "hits": 0,
    "scope": "full_text", "period": "三年", "asked": [{"unit": "农业中心", "answer": "没有"}],
}  # fmt: skip


def weak(of: int = 1, **changes: Any) -> tuple[str, ...]:
    walk = Walk(items=("养护合同", "名册")).must(
        *ASSIGNED, ("record_search", 3, {**GOOD, **changes})
    )
    return weak_points(walk.case, of, TODAY)


def test_a_whole_search_lacks_nothing() -> None:
    assert weak(1) == () and weak(2) == ()


def test_each_gap_is_told_by_itself() -> None:
    for said, changes in (
        ("至少查", {"sources": ["综合档案室"]}),
        ("纸质档案", {"sources": ["办公系统", "财务系统"]}),
        ("原话", {"synonyms": None}),
        ("题名", {"scope": "title"}),
        ("书面答复", {"asked": None}),
        ("哪一段时间", {"period": None}),
        ("下落", {"mentions": ["关于拨款的请示"]}),
        ("逐件写明", {"hits": 2}),
    ):
        found = weak(**changes)
        assert len(found) == 1 and said in found[0], (said, found)
    assert weak(hits=2, why_not_these="年份不同") == ()


def test_a_record_of_another_item_is_none_of_this() -> None:
    """Nobody has searched for the first: there is nothing to find fault with yet."""
    walk = Walk(items=("养护合同", "名册")).must(
        *ASSIGNED, ("record_search", 3, {**GOOD, "item": 2, "scope": "title"})
    )
    assert weak_points(walk.case, 1, TODAY) == () and len(weak_points(walk.case, 2, TODAY)) == 1
