"""What depends on another case: duplicates."""

from tests.workflow.case.guards.walked import accepted, refused
from tests.workflow.case.walk import RECEIVED, Walk
from workflow.case.others import OtherCase, Others


def test_request_is_merged_only_once() -> None:
    walk = Walk().must(*RECEIVED)
    walk.case.others = Others(
        named=OtherCase("2023-0009", open=True, same_applicant=True, merged=False)
    )
    assert accepted(walk, "merge_duplicate", 1, into="2023-0009")
    assert refused(walk, "merge_duplicate", 2, into="2023-0009") == ("already_done", None)
