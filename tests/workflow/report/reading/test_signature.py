"""The name and the day below a report are read, and are no part of its last section."""

from datetime import date

import pytest

from config.law import load_law
from workflow.report.reading.prose import read_prose

FORMATS = load_law().formats
ABOVE = ["六、其他需要报告的事项", "无其他需要报告的事项。"]


def read(*below: str):
    return read_prose([*ABOVE, *below], "2023.txt", FORMATS)


@pytest.mark.parametrize(
    "below",
    [
        ("青禾县某某局", "2024年1月3日"),
        ("青禾县某某局", "（2024年1月3日）"),
        ("青禾县某某局　2024年1月3日",),
        ("青禾县某某局2024 年 1 月 3 日",),
        ("青禾县某某局", "二〇二四年一月三日"),
    ],
)
def test_on_two_lines_or_on_one(below):
    prose = read(*below)
    assert (prose.signed_by, prose.signed_on) == ("青禾县某某局", date(2024, 1, 3))
    assert prose.sections["other_matters"] == "无其他需要报告的事项。"


def test_a_day_alone_is_one():
    prose = read("2024年1月3日")
    assert (prose.signed_by, prose.signed_on) == ("", date(2024, 1, 3))


def test_a_day_that_does_not_exist_is_none():
    prose = read("青禾县某某局", "2024年2月30日")
    assert (prose.signed_by, prose.signed_on) == ("青禾县某某局", None)


@pytest.mark.parametrize(
    "last",
    [
        "本报告电子版公布于2024年1月3日",
        "联系电话：0876-1234567。",
        "无其他需要报告的事项2024年1月3日",
    ],
)
def test_a_sentence_that_ends_with_a_day_is_no_signature(last):
    prose = read(last)
    assert (prose.signed_by, prose.signed_on) == ("", None)
    assert prose.sections["other_matters"].endswith(last)
