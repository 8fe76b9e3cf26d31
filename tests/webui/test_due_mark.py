"""How urgent a case is, in words: only past the last day to reply is a reply late."""

from datetime import date

import pytest

from webui.wording import DueMark, due_mark

DAY = date(2024, 5, 31)


@pytest.mark.parametrize(
    ("left", "mark"),
    [(6, DueMark("ok", "剩 6 个工作日")), (5, DueMark("soon", "剩 5 个工作日")),
     (0, DueMark("today", "今天到期")), (-1, DueMark("late", "逾期 1 个工作日"))],
)  # fmt: skip
def test_a_running_case_by_its_days(left: int, mark: DueMark) -> None:
    assert due_mark("processing", DAY, left, kind="reply", reply_left=left) == mark
    assert due_mark("processing", DAY, left) == mark


@pytest.mark.parametrize("reply_left", [0, 3])
def test_past_the_safe_day_alone_a_reply_is_urgent_and_not_late(reply_left: int) -> None:
    mark = due_mark("processing", DAY, -2, kind="reply", reply_left=reply_left)
    assert mark.level == "late" and "逾期" not in mark.text
    assert mark.text.endswith(f"法定期限还有 {reply_left} 个工作日")
    assert due_mark("processing", DAY, -2, kind="reply", reply_left=-1).text == "逾期 2 个工作日"


def test_while_a_correction_is_awaited_the_applicant_is_waited_for() -> None:
    assert due_mark("awaiting_correction", DAY, 3, kind="correction").text == "待补正，计时已停"
    assert "申请人已逾期 2" in due_mark("awaiting_correction", DAY, -2, kind="correction").text


def test_where_the_notice_came_too_late_the_reply_runs_on() -> None:
    assert due_mark("awaiting_correction", DAY, 3, kind="reply", reply_left=3).level == "soon"
    late = due_mark("awaiting_correction", DAY, -3, kind="reply", reply_left=-3)
    assert late.text == "逾期 3 个工作日"


def test_what_excludes_days_or_is_over_is_said() -> None:
    assert due_mark("processing", DAY, 3, "excluding").text == "征求意见中，不计时"
    assert due_mark("processing", DAY, -1, "excluding").level == "late"
    assert due_mark("served", DAY, -9).level == "done"
    assert due_mark("processing", None, None).level == "still"
