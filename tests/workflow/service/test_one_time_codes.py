"""Codes of an app, by the examples of the standards; what people type; recovery codes."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from workflow.service import one_time_codes as codes

SECRET = b"12345678901234567890"
"""Of the examples in RFC 4226 and RFC 6238."""


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
     (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
def test_the_examples_of_rfc_6238(seconds, said):
    assert codes.code_at(SECRET, at(seconds)) == said
    assert codes.counter_of(SECRET, said, at(seconds)) == seconds // 30


def test_the_examples_of_rfc_4226():
    said = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583"]
    assert [codes.code_at(SECRET, at(30 * n)) for n in range(8)] == said


def test_a_code_is_good_one_step_aside_and_no_more():
    moment = at(1_700_000_010)
    here = codes.counter_at(moment)
    for aside in range(-3, 4):
        code = codes.code_at(SECRET, moment + timedelta(seconds=30 * aside))
        found = codes.counter_of(SECRET, code, moment)
        assert found == (here + aside if abs(aside) <= 1 else None), aside


@pytest.mark.parametrize(
    ("typed", "read"),
    [("287082", "287082"), (" 287 082 ", "287082"), ("28708", None), ("2870822", None), ("28708a", None),
     ("２８７０８２", None), ("", None), ("²87082", None)],
)  # fmt: skip
def test_six_digits_are_read_with_blanks_or_without(typed, read):
    assert codes.as_code(typed) == read


def test_a_secret_is_as_long_as_a_hash_and_never_the_same():
    one, other = codes.new_secret(), codes.new_secret()
    assert len(one) == 20 and one != other


def test_the_secret_is_shown_in_groups_and_said_to_the_app():
    assert codes.in_groups(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    parts = urlsplit(codes.address_of(SECRET, "依申请公开", "li fang"))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parts.path == "/%E4%BE%9D%E7%94%B3%E8%AF%B7%E5%85%AC%E5%BC%80:li%20fang"
    assert parse_qs(parts.query) == {
        "secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"], "issuer": ["依申请公开"],
        "algorithm": ["SHA1"], "digits": ["6"], "period": ["30"],
    }  # fmt: skip


def test_a_recovery_code_is_read_however_it_was_typed():
    code = codes.new_recovery_code()
    shown = codes.shown_recovery_code(code)
    assert len(code) == 10 and shown == f"{code[:5]}-{code[5:]}"
    assert code != codes.new_recovery_code()
    for typed in (code, shown, shown.upper(), f" {code[:5]} {code[5:]} "):
        assert codes.as_recovery_code(typed) == code
    for typed in ("", code[:9], f"{code}2", f"{code[:9]}0", "287082", "中" * 10):
        assert codes.as_recovery_code(typed) is None
