"""What a form may say of who applies: names and numbers in one form, tested by form only (law.md §9)."""

from datetime import date, timedelta
from typing import Any

import pytest

from workflow.case.application import ApplicationForm, read_form
from workflow.case.identity import masked_id, masked_phone
from workflow.refusal import BadInput

CODE = "91110000600037341L"
RESIDENT = "11010519491231002X"
TODAY = date(2024, 5, 6)
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


def wide(text: str) -> str:
    """The same in full-width characters."""
    return "".join(chr(ord(char) + 0xFEE0) for char in text)


def refused(data: dict[str, Any]) -> dict[str, str]:
    """Field → what is wrong with it."""
    with pytest.raises(BadInput) as caught:
        read_form(data, today=TODAY)
    return {error.field: error.message for error in caught.value.errors}


def organisation(code: object) -> dict[str, Any]:
    return form({**ORGANISATION, "credit_code": code})


@pytest.mark.parametrize("written", [CODE, CODE.lower(), f" {CODE} ", "91110000 600037341L"])
def test_a_credit_code_with_its_check_digit_is_kept_in_one_form(written):
    found = read_form(organisation(written), today=TODAY)
    assert isinstance(found, ApplicationForm) and found.applicant.credit_code == CODE


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        (CODE[:-1] + "M", "最后一位（校验码）与前 17 位不符"),
        (CODE[:4] + "1" + CODE[5:], "最后一位（校验码）与前 17 位不符"),  # one digit of the place
        ("91110000600037314L", "最后一位（校验码）与前 17 位不符"),  # two exchanged
        (CODE[:-1], "应为 18 位，填写的是 17 位"),
        (CODE + "1", "应为 18 位，填写的是 19 位"),
        ("91110000I00037341L", "第 9 位“I”不在代码的字符之内"),
        ("一二三四五六七八九十一二三四五六七八", "第 1 位“一”不在代码的字符之内"),
        ("91110000", "应为 18 位，填写的是 8 位"),
    ],
)
def test_a_wrong_credit_code_is_told_at_its_field(code, wrong):
    (field, message), *more = refused(organisation(code)).items()
    assert (field, more) == ("applicant.credit_code", [])
    assert message.startswith("统一社会信用代码") and wrong in message


@pytest.mark.parametrize("code", [None, "", "  "])
def test_an_organisation_gives_its_credit_code(code):
    assert refused(organisation(code)) == {
        "applicant.credit_code": "请填写统一社会信用代码；没有的，请写明身份证明"
    }


def test_the_code_may_stand_as_number_of_the_proof():
    code = {**ORGANISATION, "credit_code": None, "id_type": "credit_code"}
    assert (
        read_form(form({**code, "id_number": CODE.lower()}), today=TODAY).applicant.id_number
        == CODE
    )
    assert list(refused(form(code))) == ["applicant.id_number"]
    assert list(refused(form({**code, "id_number": CODE[:-1] + "M"}))) == ["applicant.id_number"]


def test_a_body_without_a_code_proves_itself_in_words():
    """contracts/application.md: 村民小组, foreign bodies."""
    group = {
        **ORGANISATION,
        "credit_code": None,
        "id_type": "no_credit_code",
        "name": "第三村民小组",
    }
    told = {"applicant.proof": "没有统一社会信用代码的，请写明能够证明身份的材料"}
    assert refused(form(group)) == refused(form({**group, "proof": " "})) == told
    kept = read_form(form({**group, "proof": "村民委员会出具的证明"}), today=TODAY).applicant
    assert (kept.proof, kept.credit_code) == ("村民委员会出具的证明", None)
    assert refused(form({**CITIZEN, "id_type": "no_credit_code"})) == {
        "applicant.id_type": "请选择本人的证件"
    }


def test_a_citizen_gives_none_and_a_wrong_one_is_still_told():
    assert read_form(form(CITIZEN), today=TODAY).applicant.credit_code is None
    assert list(refused(form({**CITIZEN, "credit_code": "91110000"}))) == ["applicant.credit_code"]


@pytest.mark.parametrize("who", ["applicant", "agent"])
def test_a_code_as_proof_of_identity_is_checked_too(who):
    wrong = {"id_type": "credit_code", "id_number": CODE[:-1] + "M"}
    if who == "applicant":
        data = form({**CITIZEN, **wrong})
    else:
        agent = {"name": "李四", "phone": "13800000000", **wrong}
        data = form(CITIZEN, agent=agent)
    assert refused(data) == {
        f"{who}.id_number": "统一社会信用代码最后一位（校验码）与前 17 位不符，请逐位核对"
    }


@pytest.mark.parametrize("number", [RESIDENT[:-1] + "1", "110105194912310", "11010519491331002X"])
def test_a_wrong_identity_number_is_told_at_its_field(number):
    (field,) = refused(form({**CITIZEN, "id_number": number}))
    assert field == "applicant.id_number"
    assert read_form(form({**CITIZEN, "id_type": "passport", "id_number": number}), today=TODAY)


def test_today_is_the_last_day_on_which_somebody_can_be_born():
    born = date(1949, 12, 31)
    assert read_form(form(CITIZEN), today=born)
    with pytest.raises(BadInput, match="还没有到的日期"):
        read_form(form(CITIZEN), today=born - timedelta(1))


@pytest.mark.parametrize(
    ("person", "field"), [(CITIZEN, "id_number"), (ORGANISATION, "credit_code")]
)
def test_a_number_is_kept_in_its_normal_form(person, field):
    number = person[field]
    habits = (number.lower(), f" {number[:6]} {number[6:14]}-{number[14:]} ", wide(number))
    for written in habits:
        kept = read_form(form({**person, field: written}), today=TODAY).applicant
        assert getattr(kept, field) == number
    passport = {**CITIZEN, "id_type": "passport", "id_number": "e 1234－5678"}
    assert read_form(form(passport), today=TODAY).applicant.id_number == "E12345678"
    agent = {
        "name": "李四",
        "phone": "13800000000",
        "id_type": "taiwan_permit",
        "id_number": "t-01",
    }
    kept = read_form(form(CITIZEN, agent=agent), today=TODAY).agent
    assert kept and kept.id_number == "T01"


def test_a_number_of_blanks_and_hyphens_is_none():
    assert refused(form({**CITIZEN, "id_type": "passport", "id_number": "- －"})) == {
        "applicant.id_number": "请填写号码"
    }


@pytest.mark.parametrize("name", ["阿依古丽·买买提", "𠮷田", "㐂乐", "〇", "O'Neill", "\ue863"])
def test_a_name_keeps_its_dots_and_rare_characters(name):
    assert read_form(form({**CITIZEN, "name": name}), today=TODAY).applicant.name == name


def test_invisible_characters_of_a_name_are_left_out():
    written = " 张\u200b三\ufeff\u2060 \u00ad"
    assert read_form(form({**CITIZEN, "name": written}), today=TODAY).applicant.name == "张三"
    assert refused(form({**CITIZEN, "name": "\u200b\u200d"})) == {
        "applicant.name": "请填写姓名或者名称"
    }


def test_who_need_not_know_a_number_sees_its_ends():
    assert masked_id(RESIDENT) == "110*************2X"
    assert (masked_id("12345"), masked_id(None)) == ("12345", "")
    assert masked_phone("13800001234") == "138****1234"
    assert (masked_phone("1380012"), masked_phone(None)) == ("****12", "")
