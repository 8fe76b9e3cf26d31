"""Number and query code as people write them: one form each, before anything is hashed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.case.number import NOT_IN_CODES, code_given, number_given
from workflow.store.key import _ALPHABET
from workflow.store.sealed import Secrets

KEYS = Secrets(b"a secret of a test")


@pytest.mark.parametrize(
    "written",
    [
        "2026-0012", "２０２６－００１２", "编号：2026-0012", "申请编号: 2026-0012", "申请编号２０２６－００１２",
        "2026 0012", "20260012", " 2026 - 0012 ", "2026—0012", "2026_0012", "2026-12", "〔2026〕12号",
        "二〇二六年第十二号", "2O26-OO12", "2026-00l2", "2026-ooI2", "2026-00|2", "2026 0 0 1 2", "（编号）2026-0012",
    ],
)  # fmt: skip
def test_a_number_is_one_however_it_is_written(written):
    assert number_given(written) == "2026-0012"
    assert KEYS.query_hash(written, "AB2") == KEYS.query_hash("2026-0012", "AB2")


@pytest.mark.parametrize("written", ["", "编号", "甲-1", "2026", "Oil", "2026.0012", "2026-0000"])
def test_what_is_no_number_of_ours_stays_as_it_is(written):
    assert number_given(f" {written} ") == written


@pytest.mark.parametrize(
    "written",
    ["ABCDEF2345", "abcdef2345", "ＡＢＣＤＥＦ２３４５", "ABCD EF23 45", "abcd-ef23-45", "查询码：ABCDEF2345", " ABCDEF2345。"],
)  # fmt: skip
def test_a_code_is_one_however_it_is_written(written):
    assert code_given(written) == "ABCDEF2345"
    assert KEYS.query_hash("2026-0012", written) == KEYS.query_hash("2026-0012", "ABCDEF2345")


def test_another_code_or_number_is_another_hash():
    hashes = {
        KEYS.query_hash(*pair)
        for pair in (("2026-0012", "AB"), ("2026-0012", "AC"), ("2026-0013", "AB"), ("2026-1", "2AB"))
    }  # fmt: skip
    assert len(hashes) == 4


@given(st.text(max_size=30))
def test_a_form_is_its_own_form(text):
    assert number_given(number_given(text)) == number_given(text)
    assert code_given(code_given(text)) == code_given(text)


def test_no_code_has_what_looks_like_something_else():
    assert not set(_ALPHABET) & set(NOT_IN_CODES)
    codes = {KEYS.code_for(str(n)) for n in range(100)}
    assert len(codes) == 100 and all(len(code) == 10 for code in codes)
    assert set("".join(codes)) <= set(_ALPHABET)


def test_a_renewed_code_follows_from_its_turn():
    codes = {KEYS.query_code("salt", turn) for turn in range(5)}
    assert len(codes) == 5 and KEYS.query_code("salt") == KEYS.query_code("salt", 0)
