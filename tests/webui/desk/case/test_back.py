"""What came back: a returned draft, one that was taken back, on the case page and in the worklist."""

from typing import Any

from tests.webui.filing import file


def in_review(staff: Any, visitor: Any) -> str:
    number, _ = file(visitor, items="养护合同")
    staff("lifang").act(number, "assign", to="农业中心")
    staff("zhaoming").act(number, "propose_outcome", items__1__outcome="supplied")
    staff("zhaoming").act(number, "send_to_secrecy_review")
    return str(number)


def test_after_a_return_the_reason_stands_on_top_and_the_work_is_next(
    visitor: Any, staff: Any
) -> None:
    """条例17: the secrecy reviewer's “ask the third party first” is read and can be obeyed."""
    number = in_review(staff, visitor)
    staff("wangqiang").act(number, "return_from_secrecy_review", reason="请先征求养护公司的意见")
    handler = staff("zhaoming")
    page = handler.get(f"/desk/cases/{number}")
    assert "退回：请先征求养护公司的意见" in page.text
    assert page.text.index("退回：请先征求养护公司的意见") < page.text.index("下一步")
    assert (
        "轮到您： 查找信息，提出拟办意见" in page.text
        or "轮到您：查找信息，提出拟办意见" in page.text
    )
    worklist = handler.get("/desk/").text
    assert "已拟稿 退回" in worklist and "查找信息，提出拟办意见" in worklist

    handler.act(number, "send_to_secrecy_review")
    assert handler.status == 409 and "稿件没有改动" in handler.alert
    handler.act(number, "consult_third_party", to="某养护公司", subject="养护合同的单价")
    assert "现在： 办理中" in handler.text or "现在：办理中" in handler.text
    assert "拟答复（已收回）" in handler.text
    assert "已拟稿 退回" not in handler.get("/desk/").text


def test_what_was_taken_back_says_why(visitor: Any, staff: Any) -> None:
    number = in_review(staff, visitor)
    clerk = staff("lifang")
    clerk.act(number, "take_back_draft", reason="漏查了财务系统")
    assert "收回重办：漏查了财务系统" in clerk.text
    assert "办理中 收回重办" in clerk.get("/desk/").text
    fields = staff("zhaoming").get(f"/desk/cases/{number}").form("/events/propose_outcome").fields
    assert fields["items-1-outcome"] == ["supplied"], "the draft stays readable"


def test_nothing_is_called_taken_back_where_nothing_was_drafted(visitor, staff):
    number, _ = file(visitor)
    page = staff("lifang").act(number, "assign")
    assert "拟答复" in page.text and "拟答复（已收回）" not in page.text
