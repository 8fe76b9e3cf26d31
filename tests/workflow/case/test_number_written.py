"""A number of a case however it is written."""

import pytest

from workflow.case.number import in_digits, number_of, number_written, numbers_in, order_of, year_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2026-0012", "2026-0012"),
        ("2026-12", "2026-0012"),
        (" ２０２６－００１２ ", "2026-0012"),
        ("〔2026〕12号", "2026-0012"),
        ("[2026] 12 号", "2026-0012"),
        ("2026年第12号", "2026-0012"),
        ("2026/12", "2026-0012"),
        ("20260012", "2026-0012"),
        ("2026-10000", "2026-10000"),
        ("二〇二六年第十二号", "2026-0012"),
        ("二○二六年 第一百零三号", "2026-0103"),
        ("〔二零二六〕一二号", "2026-0012"),
        ("2026 年第二十号", "2026-0020"),
        ("二〇二六年第一千二百三十号", "2026-1230"),
        ("二〇二六年第一万零二号", "2026-10002"),
        ("依申请〔2026〕12号", "2026-0012"),
        ("依申请公开 2026-12", "2026-0012"),
        ("申请编号：2026-0012", "2026-0012"),
        ("公开〔2026〕12号", None),
        ("二〇二六年第零号", None),
        ("第十二号", None),
        ("二〇二六年十二月一日", None),
        ("2026", None),
        ("202612", None),
        ("2026-0000", None),
        ("关于2026-12", None),
        ("2026-12-31", None),
        ("采矿", None),
        ("", None),
    ],
)
def test_one_number_or_none(text: str, number: str | None) -> None:
    assert number_written(text) == number


def test_numbers_of_one_body_are_sorted_by_year_and_count() -> None:
    assert (number_of(2026, 12), number_of(2026, 10000)) == ("2026-0012", "2026-10000")
    assert sorted(["2026-10000", "2026-9999", "2025-0001"], key=order_of) == [
        "2025-0001", "2026-9999", "2026-10000",
    ]  # fmt: skip
    assert order_of("2026-0012") == (2026, 12) and year_of("2026-0012") == 2026


def test_numbers_are_picked_out_of_a_text() -> None:
    text = "见2026-0012号、1999-12345，不是 2026-123、12026-0012、2126-0012"
    assert numbers_in(text) == ["2026-0012", "1999-12345"]
    assert numbers_in("没有") == []


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        ("二〇二六年十二月", "2026年12月"), ("十", "10"), ("二十", "20"), ("一百零三", "103"), ("两千", "2000"),
        ("一千二百三十四", "1234"), ("三万五千零六", "35006"), ("二十万零一", "200001"), ("零", "0"), ("合同", "合同"),
    ],
)  # fmt: skip
def test_chinese_numbers_are_said_in_figures(said: str, figures: str) -> None:
    assert in_digits(said) == figures
