"""The number of the notice by which a day rests or works."""

from datetime import date

import pytest
from chinese_calendar import constants

from config.calendars import nation, notice_of, statutory_days


@pytest.mark.parametrize(
    ("day", "number"),
    [
        ("2024-05-01", "国办发明电〔2023〕7号"),
        ("2025-01-28", "国办发明电〔2024〕12号"),
        ("2026-02-28", "国办发明电〔2025〕7号"),
        ("2018-12-31", "国办发明电〔2018〕15号"),
        ("2022-12-31", "国办发明电〔2022〕16号"),
        ("2019-05-03", "国办发明电〔2019〕3号"),
        ("2019-10-01", "国办发明电〔2018〕15号"),
        ("2020-02-01", "国办发明电〔2020〕1号"),
        ("2020-01-30", "国办发明电〔2019〕16号"),
        ("2015-09-03", "国发明电〔2015〕1号"),
        ("2027-01-01", None),
        ("2007-05-01", None),
    ],
)
def test_day_has_the_number_of_its_notice(day: str, number: str | None) -> None:
    assert notice_of(date.fromisoformat(day)) == number


def test_every_day_that_a_notice_names_has_a_number() -> None:
    for day in (*constants.holidays, *constants.workdays):
        if day.year >= 2008:
            assert notice_of(day), day


def test_days_that_were_changed_are_days_of_the_table() -> None:
    named = nation().holidays | nation().workdays
    assert [day for row in statutory_days().notice for day in row.days if day not in named] == []
