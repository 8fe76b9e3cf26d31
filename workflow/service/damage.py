"""Whether something was left out of what was read, because it lies damaged in the store."""

from workflow.store.dialect_read import times_unread

LEFT_OUT = (
    "库中有损坏的数据，这一页上读不出来的没有显示：请告诉运行人员运行 gongkai verify，查看是哪一件"
)


def mark() -> int:
    """Of now, in this thread."""
    return times_unread()


def left_out_since(before: int) -> bool:
    """Whether something was left out since the mark was made."""
    return times_unread() != before
