"""Texts cut into terms, and words found in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.case.terms import (
    TERM_MOST,
    WORDS_MOST,
    Word,
    folded,
    loose_terms,
    marked,
    said_in,
    terms,
    words_of,
)


def test_every_two_neighbours_are_a_term_and_the_last_character() -> None:
    assert terms("青石采石场") == ["青石", "石采", "采石", "石场", "场"]
    assert terms("矿") == ["矿"]
    assert terms("采矿，许可") == ["采矿", "矿", "许可", "可"]
    assert terms("采矿", "许可") == ["采矿", "矿", "许可", "可"]
    assert terms("采\n矿 许") == ["采矿", "矿许", "许"], "lines break within words"
    assert terms("") == [] and terms("——。") == []


def test_width_case_and_leading_zeros_do_not_count() -> None:
    assert terms("ＡＢＣ") == ["abc"] and terms("ß") == ["ss"]
    assert terms("第３６号") == ["第", "36", "号"] and terms("0036") == ["36"] == terms("36")
    assert terms("000") == ["0"] and terms("0a") == ["0a"]
    assert terms("PM2.5监测") == ["pm2", "5", "监测", "测"]
    assert terms("2026-0087") == ["2026", "87"]
    assert terms("\ue001某") == ["\ue001某", "某"], "a rare name in the office's own font"
    assert terms("a" * 80) == ["a" * TERM_MOST]


def test_without_order_single_characters_are_none() -> None:
    assert loose_terms(["采石场 A", "矿"]) == {"采石", "石场", "a"}


def test_of_an_event_what_people_wrote_counts() -> None:
    fields = {
        "channel": "in_person", "on": "2024-05-06", "hits": 2, "file": "a" * 64, "reason": "理由",
        "asked": [{"unit": "农业中心", "answer": "没有", "on": "2024-05-01"}, "档案室：有"],
        "counts": {"from": "2024-01-01"}, "ABC": "ABC", "none": None, "yes": True,
    }  # fmt: skip
    assert said_in(fields) == ["理由", "农业中心", "没有", "档案室：有", "ABC"]


@pytest.mark.parametrize(
    ("typed", "phrase", "opens"),
    [
        ("采石场", ("采石", "石场"), False),
        ("矿", ("矿",), True),
        ("abc", ("abc",), False),
        ("监测A", ("监测", "测", "a"), False),
        ("5监", ("5", "监"), True),
        ("第36号", ("第", "36", "号"), True),
    ],
)
def test_a_word_is_a_row_of_terms(typed: str, phrase: tuple[str, ...], opens: bool) -> None:
    assert (Word(typed).phrase, Word(typed).opens) == (phrase, opens)


def test_words_are_parted_by_blanks_each_once_and_a_number_is_one() -> None:
    def said(typed: str) -> list[str]:
        return [one.typed for one in words_of(typed)]

    assert said("复垦　采石场 复垦") == ["复垦", "采石场"]
    assert said("…… 、") == []
    assert said("138 0013 8000") == ["13800138000"]
    assert said("1101 0119 9003 0788 3X") == ["11010119900307883x"]
    assert said("2024 年第 2 号") == ["2024年第2号"]
    assert said("36 2024") == ["36", "2024"]
    assert len(said(" ".join(chr(0x4E00 + n) for n in range(20)))) == WORDS_MOST


@pytest.mark.parametrize(
    ("word", "text", "stands"),
    [
        ("采石场", "北山采石场", True),
        ("采石场", "采石 场", True),
        ("采石场", "采石、场", False),
        ("36", "第036号", True),
        ("36", "第136号", False),
        ("36", "a36", False),
        ("ABC", "ａｂｃ公司", True),
        ("pm2.5", "PM2-5", True),
        ("云〔2025〕52号", "云[2025]52 号", True),
        ("……", "……", False),
    ],
)
def test_where_a_word_stands(word: str, text: str, stands: bool) -> None:
    assert Word(word).stands_in(text) is stands


def test_the_words_are_marked_in_the_part_around_the_first() -> None:
    text = "前" * 50 + "采石场复垦" + "后" * 200
    found = marked(text, words_of("复垦 采石场"))
    assert found[0] == ("…", False) and found[1] == ("前" * 16, False)
    assert found[2:4] == (("采石场", True), ("复垦", True)) and found[-1] == ("…", False)
    assert marked(text, words_of("复垦"), whole=True)[0] == ("前" * 50 + "采石场", False)
    assert marked("ＡＢＣ ㎏", words_of("abc kg")) == (("ＡＢＣ", True), (" ", False), ("㎏", True))
    assert marked("没有", words_of("别的")) == ()
    assert marked("采石场石场", [Word("采石场"), Word("石场")]) == (("采石场", True), ("石场", True))


@given(st.text(alphabet="采石场矿ab1 ０２，\n", max_size=30), st.integers(0, 29), st.integers(1, 6))
def test_what_stands_in_a_text_stands_in_its_terms(text: str, begin: int, length: int) -> None:
    """Of any piece of a text, cut where words may be cut, the terms stand one behind the other in those of the text."""
    piece = text[begin : begin + length]
    word = Word(piece)
    if not word.runs or not word.stands_in(text):
        return
    where = terms(text)
    rows = [where[n : n + len(word.phrase)] for n in range(len(where))]

    def fits(row: list[str]) -> bool:
        if len(row) < len(word.phrase) or row[:-1] != list(word.phrase[:-1]):
            return False
        last = word.phrase[-1]
        return row[-1].startswith(last) if word.opens else row[-1] == last

    assert any(map(fits, rows)), (where, word.phrase)
    assert set(word.loose) <= loose_terms([text])
    marks = marked(text, [word])
    assert "".join(one for one, _ in marks).strip("…") in " ".join(text.split())
    assert any(word.stands_in(one) for one, hit in marks if hit)


@given(st.text(max_size=40))
def test_any_text_can_be_cut_and_folded_again(text: str) -> None:
    assert all(term and term == folded(term) for term in terms(text))
