"""Whether two requests ask for the same."""

import pytest

from workflow.case.alike import ALIKE, likeness, pairs_of


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("2023年度农村公路养护合同", "请公开２０２３年度农村公路养护合同，谢谢", True),
        ("农村公路、养护合同", "农村公路养护 合同", True),
        ("农村公路养护合同", "征地补偿款分户明细", False),
        ("合同", "合同", False),
        ("", "农村公路养护合同", False),
    ],
)
def test_likeness(one, other, alike):
    assert (likeness(pairs_of(one), pairs_of(other)) >= ALIKE) is alike


def test_the_shorter_one_counts():
    assert likeness(pairs_of("公路养护合同"), pairs_of("公路养护办法和别的很多东西")) == 0.6
