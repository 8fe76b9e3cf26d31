"""What a form may say of who applies: the credit code and the identity number have their check digits."""

from typing import Any

import pytest

from workflow.case.application import ApplicationForm, masked_id, masked_phone, read_form
from workflow.refusal import BadInput

CODE = "91110000600037341L"
RESIDENT = "11010519491231002X"
ORGANISATION: dict[str, Any] = {
    "kind": "organisation",
    "name": "某某律师事务所",
    "credit_code": CODE,
    "contact": "李律师",
    "phone": "13800000000",
}
CITIZEN: dict[str, Any] = {
    "kind": "citizen",
    "name": "张三",
    "id_type": "resident_id",
    "id_number": RESIDENT,
    "phone": "13800000000",
}


def form(applicant: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "agency": "panlong", "applicant": applicant, "request": "养护合同", "delivery": ["pickup"],
        "medium": ["paper"], **more,
    }  # fmt: skip


def refused(data: dict[str, Any]) -> dict[str, str]:
    """Field → what is wrong with it."""
    with pytest.raises(BadInput) as caught:
        read_form(data)
    return {error.field: error.message for error in caught.value.errors}


def organisation(code: object) -> dict[str, Any]:
    return form({**ORGANISATION, "credit_code": code})


@pytest.mark.parametrize("written", [CODE, CODE.lower(), f" {CODE} ", "91110000 600037341L"])
def test_a_credit_code_with_its_check_digit_is_kept_in_one_form(written):
    found = read_form(organisation(written))
    assert isinstance(found, ApplicationForm) and found.applicant.credit_code == CODE


@pytest.mark.parametrize(
    "code",
    [
        CODE[:-1] + "M",  # another check digit
        CODE[:4] + "1" + CODE[5:],  # one digit of the place
        "91110000600037314L",  # two exchanged
        CODE[:-1],
        CODE + "1",
        "91110000I00037341L",  # a letter that does not occur
        "一二三四五六七八九十一二三四五六七八",
        "91110000",
    ],
)
def test_a_wrong_credit_code_is_told_at_its_field(code):
    assert refused(organisation(code)) == {
        "applicant.credit_code": "统一社会信用代码不正确，应为 18 位，请核对"
    }


@pytest.mark.parametrize("code", [None, "", "  "])
def test_an_organisation_gives_its_credit_code(code):
    assert refused(organisation(code)) == {"applicant.credit_code": "请填写统一社会信用代码"}


def test_a_citizen_gives_none_and_a_wrong_one_is_still_told():
    assert read_form(form(CITIZEN)).applicant.credit_code is None
    assert list(refused(form({**CITIZEN, "credit_code": "91110000"}))) == ["applicant.credit_code"]


@pytest.mark.parametrize("who", ["applicant", "agent"])
def test_a_code_as_proof_of_identity_is_checked_too(who):
    wrong = {"id_type": "credit_code", "id_number": CODE[:-1] + "M"}
    if who == "applicant":
        data = form({**CITIZEN, **wrong})
    else:
        agent = {"name": "李四", "phone": "13800000000", **wrong}
        data = form(CITIZEN, agent=agent)
    assert refused(data) == {f"{who}.id_number": "统一社会信用代码不正确，应为 18 位，请核对"}


@pytest.mark.parametrize("number", [RESIDENT[:-1] + "1", "110105194912310", "11010519491331002X"])
def test_a_wrong_identity_number_is_told_at_its_field(number):
    assert refused(form({**CITIZEN, "id_number": number})) == {
        "applicant.id_number": "身份证号不正确，应为 18 位，请核对"
    }
    assert read_form(form({**CITIZEN, "id_type": "passport", "id_number": number}))


def test_who_need_not_know_a_number_sees_its_ends():
    assert masked_id(RESIDENT) == "110*************2X"
    assert (masked_id("12345"), masked_id(None)) == ("12345", "")
    assert masked_phone("13800001234") == "138****1234"
