"""Numbers of identity are tested by form only, and one person is one identity (law.md §9)."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from workflow.case.identity import (
    CITIZEN_NUMBERS,
    in_normal_form,
    normal_form,
    plain_name,
    proof_of,
    wrong_number,
)

TODAY = date(2026, 11, 29)
CODE = "91110000600037341L"


def citizen_number(place: str, born: str, order: str = "001") -> str:
    front = place + born + order
    return front + ric.calc_check_digit(front + "0")


def credit_code(front: str) -> str:
    return front + uscc.calc_check_digit(front)


# -- 18 characters, a real date of birth, MOD 11-2 ------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["330113", "330103", "532622", "512501", "999999", "000000", "810000"]
)
@pytest.mark.parametrize("born", ["19320405", "19651130", "19800229", "20211212", "20261129"])
def test_the_code_of_the_place_is_not_judged(place: str, born: str) -> None:
    """Old codes of living people and new ones (330113 of 2021) are missing in every table."""
    assert wrong_number("resident_id", citizen_number(place, born), TODAY) is None


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("", "应为 18 位，填写的是 0 位"),
        ("1101051949123100", "应为 18 位，填写的是 16 位"),
        ("110105491231002", "应为 18 位，填写的是 15 位"),
        ("11010519491231002X0", "应为 18 位，填写的是 19 位"),
        ("1101O519491231002X", "第 5 位应为数字，填写的是“O”"),
        ("X1010519491231002X", "第 1 位应为数字，填写的是“X”"),
        ("11010519491231002A", "第 18 位应为数字或者字母 X，填写的是“A”"),
        ("١1010519491231002X", "第 1 位应为数字"),
        ("11010519491331002X", "第 7 至 14 位“19491331”不是真实的出生日期"),
        (citizen_number("110105", "20230229"), "第 7 至 14 位“20230229”不是真实的出生日期"),
        (citizen_number("110105", "00000101"), "不是真实的出生日期"),
        (citizen_number("110105", "20261130"), "第 7 至 14 位“20261130”是还没有到的日期"),
        ("110105194912310021", "最后一位（校验码）与前 17 位不符"),
    ],
)
def test_what_is_wrong_with_a_number_is_said(number: str, wrong: str) -> None:
    """Never "should have 18 digits" of a number that has 18."""
    said = wrong_number("resident_id", number, TODAY)
    assert said is not None and wrong in said
    assert len(number) == 18 or "18 位" in said
    assert not (len(number) == 18 and "应为 18 位" in said)


@given(
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.dates(date(1900, 1, 1), TODAY),
    st.from_regex(r"[0-9]{3}", fullmatch=True),
    st.integers(0, 17),
    st.sampled_from("0123456789X"),
)
def test_every_number_of_the_form_passes_and_one_wrong_character_does_not(
    place: str, born: date, order: str, at: int, other: str
) -> None:
    """MOD 11-2 finds every single wrong character (GB 11643)."""
    number = citizen_number(place, born.strftime("%Y%m%d"), order)
    assert wrong_number("resident_id", number, TODAY) is None
    spoilt = number[:at] + other + number[at + 1 :]
    assert (wrong_number("resident_id", spoilt, TODAY) is None) == (spoilt == number)


@pytest.mark.parametrize("place", ["810000", "820000", "830000", "810101"])
def test_residence_permits_of_hong_kong_macao_and_taiwan_are_a_kind_of_their_own(
    place: str,
) -> None:
    number = citizen_number(place, "19900101")
    assert wrong_number("hk_macao_taiwan_residence", number, TODAY) is None
    assert "校验码" in (wrong_number("hk_macao_taiwan_residence", number[:-2] + "11", TODAY) or "")
    other = wrong_number("hk_macao_taiwan_residence", citizen_number("530000", "19900101"), TODAY)
    assert other and "81、82 或者 83 开头" in other


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        (citizen_number("911840", "19810317"), None),
        ("USA110078120101", None),
        ("FRA310001234567", None),
        (citizen_number("110105", "19810317"), "以 9 开头"),
        (citizen_number("911840", "19811317"), "不是真实的出生日期"),
        ("US1110078120101", "旧版为 3 个字母和 12 位数字"),
        ("USA11007812010", "旧版为 3 个字母和 12 位数字"),
        ("E12345678", "旧版为 3 个字母和 12 位数字"),
    ],
)
def test_permanent_residence_cards_of_both_kinds(number: str, wrong: str | None) -> None:
    """2023: 18 characters beginning with 9, the same check; older: 3 letters and 12 digits."""
    said = wrong_number("foreign_permanent_resident", number, TODAY)
    assert said == wrong if wrong is None else wrong in str(said)


@pytest.mark.parametrize("front", ["N2330226MF1234567", "A1530000MC0000017", "Y1530000MC0000017", "11530000015104001", "52530000MJ0000017", "93530000MA6KXXXX1", "G1000000123456789"])  # fmt: skip
def test_credit_codes_of_every_register(front: str) -> None:
    """N, A, Y: village and township collectives (contracts/application.md)."""
    code = credit_code(front)
    assert wrong_number("credit_code", code, TODAY) is None
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert "校验码" in str(wrong_number("credit_code", wrong, TODAY))


@pytest.mark.parametrize("kind", ["passport", "hk_macao_permit", "taiwan_permit", "other"])
def test_other_papers_are_taken_as_they_are(kind: str) -> None:
    assert wrong_number(kind, "军字第1号", TODAY) is None


# -- one person, one identity ---------------------------------------------------------------------------

HABITS = st.lists(
    st.sampled_from([
        str.lower, str.upper,
        lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
        lambda text: " ".join(text), lambda text: "-".join(text), lambda text: f"\t{text}　",
        lambda text: text[:6] + "—" + text[6:], lambda text: text[:3] + "\u200b" + text[3:],
        lambda text: text[:4] + "－" + text[4:], lambda text: "\ufeff" + text,
    ]),
    max_size=5,
)  # fmt: skip
NUMBERS = st.from_regex(r"[A-Z0-9]{1,20}", fullmatch=True)


@given(NUMBERS, HABITS)
def test_identity_does_not_change_with_the_habit_of_writing(number: str, habits: list[Any]) -> None:
    """Case, width, blanks, hyphens: the month's fee and the repeated request find the same person."""
    written = number
    for habit in habits:
        written = habit(written)
    assert normal_form(written) == number
    for kind in ("passport", "resident_id", "credit_code"):
        one, other = ({"id_type": kind, "id_number": text} for text in (number, written))
        assert proof_of(one, citizen=True) == proof_of(other, citizen=True)
        assert in_normal_form(other) == one


@given(st.text(max_size=40))
def test_the_normal_form_of_the_normal_form_is_itself(written: str) -> None:
    once = normal_form(written)
    assert normal_form(once) == once
    assert not any(char.isspace() or char == "-" for char in once)


@given(st.text(max_size=40))
def test_a_plain_name_stays_as_it_is(written: str) -> None:
    try:
        name = plain_name(written)
    except ValueError:
        return
    assert plain_name(name) == name and name == name.strip()


def test_the_name_of_the_card_makes_no_other_person() -> None:
    number = citizen_number("810000", "19900101")
    proofs = {
        proof_of({"id_type": kind, "id_number": number}, citizen=True) for kind in CITIZEN_NUMBERS
    }
    assert proofs == {f"resident_id {number}"}
    old = {"id_type": "foreign_permanent_resident", "id_number": "USA110078120101"}
    assert proof_of(old, citizen=True) == "foreign_permanent_resident USA110078120101"


def test_a_credit_code_is_one_identity_in_whichever_field() -> None:
    body = {"credit_code": CODE.lower(), "id_type": None}
    trader = {"id_type": "credit_code", "id_number": f"{CODE[:8]} {CODE[8:]}"}
    assert proof_of(body, citizen=False) == proof_of(trader, citizen=True) == CODE


@pytest.mark.parametrize(
    "private", [{}, {"id_number": " - "}, {"id_type": "no_credit_code", "proof": "村委会证明"}]
)
def test_without_a_number_there_is_no_proof_to_hash(private: dict[str, Any]) -> None:
    """Two bodies may prove themselves in the same words."""
    assert proof_of(private, citizen=False) is None


def test_a_day_of_birth_is_real_up_to_today() -> None:
    tomorrow = citizen_number("530000", (TODAY + timedelta(1)).strftime("%Y%m%d"))
    assert wrong_number("resident_id", tomorrow, TODAY)
    assert wrong_number("resident_id", tomorrow, TODAY + timedelta(1)) is None
