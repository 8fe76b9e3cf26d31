"""A number of a case however it is written."""

import pytest

from workflow.case.number import number_written


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
