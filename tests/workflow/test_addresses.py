"""Telephone numbers and e-mail addresses are taken as people write them, and kept in one form."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.addresses import TELEPHONE_MOST, email_address, mobile, telephone

MOBILES = (
    "13800000000", "138 0000 0000", "138-0000-0000", "１３８００００００００", "+86 138 0000 0000",
    "+86-13800000000", "0086 138 0000 0000", "8613800000000", "(+86)13800000000", "（+86）138 0000 0000",
    "086-13800000000", "【86】13800000000", "138\u200b0000 0000", "\u202d13800000000\u202c", "138·0000·0000",
    "138_0000_0000", "138.0000.0000", "1 3 8 0 0 0 0 0 0 0 0", "tel:+8613800000000", "电话：13800000000",
    "联系电话 138 0000 0000", "＋８６　１３８００００００００",
)  # fmt: skip
OTHERS = {
    "0876-3123456": "0876-3123456", "(0876) 312 3456": "0876-3123456", "（0876）3123456": "0876-3123456",
    "08763123456": "0876-3123456", "0876—3123456": "0876-3123456", "０８７６－３１２３４５６": "0876-3123456",
    "+86 10 6234 5678": "010-62345678", "+86 (0)10 6234 5678": "010-62345678",
    "010-62345678-801": "010-62345678转801", "010-62345678 转 801": "010-62345678转801",
    "0876-3123456分机12": "0876-3123456转12", "0876-3123456 分机号：12": "0876-3123456转12",
    "0876-3123456 ext. 12": "0876-3123456转12", "0876-3123456x12": "0876-3123456转12",
    "0876 3123456 801": "0876-3123456转801", "010-62345678（转801）": "010-62345678转801",
    "010-62345678 （转）801": "010-62345678转801", "010-62345678,801": "010-62345678转801",
    "010-62345678 内线 801": "010-62345678转801", "【010】62345678": "010-62345678",
    "+86 0876 3123456": "0876-3123456", "+86（0876）3123456": "0876-3123456", "0876~3123456": "0876-3123456",
    "0876\u2060-3123456": "0876-3123456", "400-810-8888转3": "400-810-8888转3", "400 810 8888-3": "400-810-8888转3",
    "+84 24 3825 3841": "+84 24 3825 3841", "0095 1 245678": "+95 1 245 678",
    "400-810-8888": "400-810-8888", "4008108888": "400-810-8888", "800 810 8888": "800-810-8888",
    "+852 6123 4567": "+852 6123 4567", "00852-61234567": "+852 6123 4567",
    "+886 2 2311 3731": "+886 2 2311 3731", "+1 (650) 253-0000": "+1 650-253-0000",
    "+1 (650) 253-0000 ext. 123": "+1 650-253-0000转123", "+49 30 901820": "+49 30 901820",
    # An extension that nothing parts from the number was always taken.
    "01062345678801": "01062345678801",
}  # fmt: skip
NONE = (
    "", "1", "12", "1388", "110", "12345", "95588", "3123456", "87654321", "1380000000", "138000000000",
    "13800000000-1", "11111111111", "12900000000", "13800000abc", "abc", "13800000000/13900000000",
    "010-62345678转801转2", "0876-3123456（办）", "+999 123456", "+86+13800000000", "²", "1" * 10_000,
    "13800000000" + " " * TELEPHONE_MOST,
)  # fmt: skip


@pytest.mark.parametrize("written", MOBILES)
def test_a_mobile_number_is_kept_as_its_eleven_digits(written):
    assert telephone(written) == mobile(written) == "13800000000"


@pytest.mark.parametrize("written", OTHERS)
def test_another_number_is_kept_in_one_form_and_gets_no_sms(written):
    kept = telephone(written)
    assert kept == OTHERS[written] == telephone(kept)
    assert mobile(written) == mobile(kept) == ""


@pytest.mark.parametrize("written", NONE)
def test_what_is_no_number_is_refused_with_what_is_wanted(written):
    with pytest.raises(ValueError, match=r"11 位手机号或带区号的座机；境外号码"):
        telephone(written)


def test_an_extension_gets_no_sms():
    assert telephone("13800000000转1") == "13800000000转1"
    assert mobile("13800000000转1") == ""


def test_the_eleven_digits_of_a_number_abroad_are_no_chinese_mobile():
    assert mobile("+1 650 253 0000") == mobile(telephone("+1 650 253 0000")) == ""


def test_an_area_code_that_begins_with_086_is_none_of_a_country() -> None:
    assert telephone("08613000000") == "08613000000"


BEFORE = r"(1[3-9]\d{9}|0\d{2,3}-?[2-9]\d{6,7}(-?\d{1,6})?)"


@given(st.from_regex(re.compile(BEFORE, re.ASCII), fullmatch=True))
def test_what_was_taken_before_is_taken(written):
    kept = telephone(written)
    assert telephone(kept) == kept
    if written[0] == "1":
        assert kept == mobile(kept) == written


@given(
    st.text(alphabet="0123456789+- ()转分机号xX#.（）－０１", max_size=24) | st.text(max_size=24)
)
def test_whatever_is_written_is_kept_once_or_refused(written):
    try:
        kept = telephone(written)
    except ValueError:
        return
    assert telephone(kept) == kept
    assert len(written) >= 7 and mobile(written) == mobile(kept)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("12345@qq.com", "12345@qq.com"),
        (" A.B+c@Gmail.COM ", "A.B+c@gmail.com"),
        ("ａ＠ｑｑ．ｃｏｍ", "a@qq.com"),
        ("张三@例子.中国", "张三@例子.中国"),
        ("zhang@applicant.example", "zhang@applicant.example"),
    ],
)
def test_an_address_is_taken(written, kept):
    assert email_address(written) == kept == email_address(kept)


@pytest.mark.parametrize(
    "written",
    ["", "li", "li@", "@qq.com", "a..b@163.com", "a.@163.com", "a,b@qq.com", "a;b@qq.com", "a@b@c.com",
     "a@qq..com", "a@-qq.com", "a@[127.0.0.1]", "张三 <a@qq.com>", "a@qq.com.", "li@mail", f"{'a' * 250}@qq.com"],
)  # fmt: skip
def test_what_is_no_address_is_refused(written):
    for anywhere in (True, False):
        with pytest.raises(ValueError, match="请填写有效的电子邮箱"):
            email_address(written, anywhere=anywhere)


def test_inside_an_office_its_own_net_is_enough():
    assert email_address("Li@mail.LOCAL", anywhere=False) == "Li@mail.local"
    assert email_address("li@office.example", anywhere=False) == "li@office.example"
    with pytest.raises(ValueError, match="请填写有效的电子邮箱"):
        email_address("li@mail.local")
