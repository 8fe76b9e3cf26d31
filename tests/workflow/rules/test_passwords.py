"""A new password: long and mixed enough, and none that is guessed first."""

import pytest

from config.passwords import common_passwords, own_words
from workflow.rules.passwords import MOST, TOO_COMMON, TOO_SIMPLE, weak_password, words_of

ABOUT = ("李芳", "panlong", "盘龙彝族乡人民政府")


def wrong(password: str, user: str = "zhaoming") -> str | None:
    return weak_password(password, user, ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "Blue-Paper-42", "Tiger-Bridge-9", "aB3$xy7!", "correct horse battery staple", "床前明月光 疑是地上霜 举头望月",
        "tiger2 bridge4 lamp6", "Panlong-river-bridge-9", "江Ab12河好了吗",
    ],
)  # fmt: skip
def test_a_good_password_is_taken(password: str) -> None:
    assert wrong(password) is None


@pytest.mark.parametrize(
    "password",
    [
        "Ab-1xyz", "alllowercase", "lower-and-sign", "correcthorsebatterystaple",
        "two kinds only", "12345678901234567",
    ],
)  # fmt: skip
def test_too_short_or_too_plain(password: str) -> None:
    assert wrong(password) == TOO_SIMPLE


def test_three_kinds_from_eight_characters_two_from_sixteen() -> None:
    assert wrong("tR7-kqz") == TOO_SIMPLE and wrong("tR7-kqzw") is None
    assert wrong("kqzw-trvb-mhcx-") == TOO_SIMPLE and wrong("kqzw-trvb-mhcx-p") is None


@pytest.mark.parametrize(
    "password",
    [
        "Password1", "Gongkai2024", "Aa123456", "Qwer1234", "P@ssw0rd!", "Passw0rd2024!", "G0ngk@i888", "Summer2024!",
        "2024Dragon!", "Admin@123", "Zhengfu#2025", "Woaini1314!", "1qaz@WSX", "Ｐassword1", "9Gongkai2024aA",
    ],
)  # fmt: skip
def test_common_ones_with_simple_changes_are_refused(password: str) -> None:
    assert wrong(password) == TOO_COMMON


@pytest.mark.parametrize(
    "password",
    ["Panlong@2024", "P@nl0ng2024", "Lifang-2024", "李芳Abc2024", "盘龙彝族乡Aa1", "Panlongyi#9"],
)
def test_names_of_the_person_and_the_body_are_refused(password: str) -> None:
    assert wrong(password) == TOO_COMMON


def test_seven_characters_beside_a_name_are_too_few_and_eight_enough() -> None:
    assert wrong("Panlong-tq7vk") == TOO_COMMON and wrong("Panlong-tq7vkw") == TOO_COMMON
    assert wrong("Panlong-tq7vkwx") is None


@pytest.mark.parametrize("password", ["Aaaa1111", "Abcd-1234-5678", "aB1aB1aB1", "123456789012 aB"])
def test_what_only_repeats_or_goes_on_is_refused(password: str) -> None:
    assert wrong(password) == TOO_COMMON


def test_four_different_characters_are_too_few_and_five_enough() -> None:
    assert wrong("aB7-aB7-") == TOO_COMMON and wrong("aB7-xaB7") is None


def test_the_user_name_may_not_stand_in_it_however_long_it_is() -> None:
    assert weak_password("Correct-ZhaoMing-battery-9", "zhaoming") == "不能包含用户名"


def test_it_has_an_end() -> None:
    long = "aB3-xk9Q" * (MOST // 8)
    assert wrong(long) is None and wrong(long + "x") == f"最多 {MOST} 个字符"


def test_a_name_is_known_in_pinyin_with_every_reading_of_the_surname() -> None:
    assert {"zengren", "cengren", "曾任"} == set(words_of("曾任"))
    whole = {"盘龙", "盘龙彝", "盘龙彝族乡", "panlong", "panlongyi", "panlongyizuxiang"}
    assert set(words_of(" 盘龙 彝族乡")) == whole
    assert list(words_of("Pan Long")) == ["panlong"]


def test_the_lists_are_whole() -> None:
    assert len(common_passwords()) == 10_000 and "password" in common_passwords()
    assert "gongkai" in own_words() and all(word == word.lower() for word in own_words())
