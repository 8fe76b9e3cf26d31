"""Who asks, masked: enough to know whom one speaks to, too little to take away."""

import pytest

from workflow.case.facts import Applicant
from workflow.case.identity import masked_address, masked_email, masked_person
from workflow.case.unnamed import masked, masks_of

PRIVATE = {
    "id_number": "11010519491231002X", "phone": "13800000000", "email": "zhang@example.com",
    "address": "云南省文山州砚山县盘龙乡 8 号", "contact": "李四", "gaps": ["phone"],
    "agent": {"name": "王五", "phone": "13911112222", "id_number": "532622198001010018"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张某"), ("买买提·艾力", "买某"), ("王", "王某"), ("", "")]
)
def test_a_person_is_the_first_character(name: str, shown: str) -> None:
    assert masked_person(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [("zhang@example.com", "z***@example.com"), ("a@b", "a***@b"), ("zhang", "***"), ("@b", "***@b")],
)  # fmt: skip
def test_a_mailbox_keeps_its_first_letter_and_its_host(address: str, shown: str) -> None:
    assert masked_email(address) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [("云南省文山州砚山县盘龙乡 8 号", "云南省文山州****"), ("某村8号", "某村****"), ("甲", "****"), ("", "")],
)  # fmt: skip
def test_an_address_keeps_no_more_than_its_first_half(address: str, shown: str) -> None:
    assert masked_address(address) == shown


def test_every_mark_of_the_applicant_is_masked_wherever_it_stands() -> None:
    masks = masks_of([Applicant("张三"), Applicant("某某公司", citizen=False)], PRIVATE)
    said = {
        "a": "张三来电 13800000000，由王五（13911112222）代办",
        "b": ["李四", ("zhang@example.com",)],
        "c": 3,
    }
    assert masked(said, masks) == {
        "a": "张某来电 138****0000，由王某（139****2222）代办", "b": ["李某", ("z***@example.com",)], "c": 3,
    }  # fmt: skip
    text = (
        "号码 11010519491231002X 和 532622198001010018，住云南省文山州砚山县盘龙乡 8 号；某某公司"
    )
    assert masked(text, masks) == (
        "号码 110*************2X 和 532*************18，住云南省文山州****；某某公司"
    )


def test_the_longest_mark_comes_first_and_one_character_is_none() -> None:
    masks = masks_of([Applicant("张三"), Applicant("张三丰"), Applicant("甲")], {})
    assert list(masks) == ["张三丰", "张三"]
    assert masked("张三丰和张三在甲地", masks) == "张某和张某在甲地"
    assert masked("没有人", {}) == "没有人"
