"""The nation's days from loaded notices: law.md §3.1 (4) to (6), 放假办法 (2024) 2, 6."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import calendars
from config.calendars import nation
from workflow.refusal import BadInput
from workflow.rules.calendar import LocalDays, calendar_for, national
from workflow.rules.national import (
    NOTHING,
    Entry,
    LoadedDays,
    Notice,
    days_in_text,
    differences,
    forgotten,
    in_force,
    loaded_days,
    missing_of,
    read_notice,
    steps_of,
)

NOW = datetime(2026, 11, 5, 9)
DAY = timedelta(1)
YEAR = 2027
ALL = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")


def whole(year: int = YEAR) -> dict:
    """A made-up notice that names every day off of 放假办法2 and nothing else."""
    days = sorted(calendars.statutory(year, year))
    return {"year": year, "notice": f"{year} 年通知", "holidays": [str(day) for day in days]}


def recorded(*notices: dict) -> list[Entry]:
    """What loading the notices one after another leaves."""
    entries: list[Entry] = []
    for data in notices:
        notice = read_notice(data)
        entries += [
            Entry(notice.name, notice.year, day, works, "system", NOW)
            for day, works in steps_of(notice, entries).items()
        ]
    return entries


def places(data: object) -> list[str]:
    with pytest.raises(BadInput) as error:
        read_notice(data)
    return [item.field for item in error.value.errors]


# -- reading ------------------------------------------------------------------------------------------


def test_a_notice_is_read_with_its_days_in_order():
    found = read_notice(
        {"year": 2027, "notice": " 国办发明电 ", "holidays": ["2027-01-02", "2027-01-01"],
         "workdays": ["2026-12-27"]}
    )  # fmt: skip
    assert found == Notice(
        2027, "国办发明电", (date(2027, 1, 1), date(2027, 1, 2)), (date(2026, 12, 27),)
    )


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"year": "2027"}, "year"),
        ({"year": True}, "year"),
        ({"year": 1999}, "year"),
        ({"notice": ""}, "notice"),
        ({"notice": 5}, "notice"),
        ({"notice": "两\n行"}, "notice"),
        ({"notice": "长" * 201}, "notice"),
        ({"holidays": "2027-01-01"}, "holidays"),
        ({"holidays": ["2027-02-30"]}, "holidays.0"),
        ({"holidays": ["2027-01-01", "2028-01-01"]}, "holidays.1"),
        ({"holidays": ["2026-11-30"]}, "holidays.0"),
        ({"holidays": ["2027-01-01", "2027-01-01"]}, "holidays.1"),
        ({"holidays": [], "workdays": []}, "holidays"),
        ({"holiday": ["2027-01-01"]}, "holiday"),
    ],
)
def test_what_is_wrong_with_a_notice_is_named_at_its_place(changed, place):
    data = {"year": 2027, "notice": "通知", "holidays": ["2027-01-01"], "workdays": []}
    assert places({**data, **changed}) == [place]


def test_a_day_that_rests_and_works_in_one_layer_is_refused():
    """Law.md §3.1(4)."""
    data = {"year": 2027, "notice": "通知", "holidays": ["2027-01-02"], "workdays": ["2027-01-02"]}
    assert places(data) == ["workdays.0"]


def test_a_notice_that_is_no_object_is_named():
    assert places([]) == ["文件"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1月1日至3日", ["2027-01-01", "2027-01-02", "2027-01-03"]),
        ("1 月 1 日（周五）至 1 月 3 日（周日）", ["2027-01-01", "2027-01-02", "2027-01-03"]),
        ("2月14日（周日）、9月26日", ["2027-02-14", "2027-09-26"]),
        ("2027-01-30\n2027-02-13", ["2027-01-30", "2027-02-13"]),
        ("2027年1月30日，2月13日。", ["2027-01-30", "2027-02-13"]),
        ("2026年12月31日至1月2日", ["2026-12-31", "2027-01-01", "2027-01-02"]),
        ("2027-01-01至2027-01-02", ["2027-01-01", "2027-01-02"]),
        ("", []),
    ],
)
def test_days_are_read_as_the_notice_writes_them(text, days):
    assert days_in_text(text, YEAR) == days


@pytest.mark.parametrize("text", ["春节", "2月30日", "3月5日至1日", "13月1日", "1月1日至12月31日"])
def test_what_is_no_day_is_named(text):
    with pytest.raises(ValueError, match=text[:3]):
        days_in_text(text, YEAR)


# -- what holds ---------------------------------------------------------------------------------------


def test_what_a_notice_names_holds_over_the_package():
    """2020-01-26: 31 January and 1 February became days off; 1 February had been a make-up day."""
    package = national()
    known = [day for day in sorted(nation().workdays) if day.year == 2026][-1]
    rest = Notice(2026, "变动", (known,), ())
    changed = national(loaded_days(recorded_of(rest)))
    assert package.is_workday(known) and not changed.is_workday(known)
    assert changed.kind(known) == "holiday"
    others = [date(2026, 1, 1) + n * DAY for n in range(365)]
    assert all(package.is_workday(day) == changed.is_workday(day) for day in others if day != known)


def recorded_of(notice: Notice) -> list[Entry]:
    return [Entry(notice.name, notice.year, d, w, "system", NOW) for d, w in notice.days.items()]


def test_part_of_a_year_is_taken_and_the_year_stays_provisional():
    loaded = loaded_days(
        recorded(
            {"year": YEAR, "notice": "元旦", "holidays": ["2027-01-01"], "workdays": ["2027-01-09"]}
        )
    )
    calendar = national(loaded)
    assert calendar.is_workday(date(2027, 1, 9)) and calendar.kind(date(2027, 1, 9)) == "makeup"
    assert calendar.is_provisional(date(2027, 1, 9))
    assert missing_of(nation(), loaded, YEAR) == ALL[1:]
    assert calendar.kind(date(2027, 4, 5)) == "statutory", "the rest as 放假办法 says"


@pytest.mark.parametrize("left_out", ALL)
def test_a_year_is_known_when_the_last_of_its_seven_festivals_is_named(left_out):
    data = whole()
    day = calendars.festivals(YEAR)[left_out][0]
    without = {**data, "holidays": [one for one in data["holidays"] if one != str(day)]}
    loaded = loaded_days(recorded(without))
    assert missing_of(nation(), loaded, YEAR) == (left_out,)
    assert national(loaded).is_provisional(day)
    rest = {"year": YEAR, "notice": "另一通知", "holidays": [str(day)]}
    loaded = loaded_days(recorded(without, rest))
    assert missing_of(nation(), loaded, YEAR) == ()
    assert not national(loaded).is_provisional(day)


def test_the_festivals_of_2027_are_where_the_calendar_puts_them():
    found = {name: days[0] for name, days in calendars.festivals(YEAR).items()}
    assert found == {
        "元旦": date(2027, 1, 1), "春节": date(2027, 2, 6), "清明节": date(2027, 4, 5),
        "劳动节": date(2027, 5, 1), "端午节": date(2027, 6, 9), "中秋节": date(2027, 9, 15),
        "国庆节": date(2027, 10, 1),
    }  # fmt: skip


def test_a_year_whose_lunar_days_are_not_laid_out_stays_provisional():
    assert missing_of(nation(), NOTHING, 2053) == ALL
    assert calendars.missing(2053, [date(2053, 1, 1)]) == ALL[1:]


def test_a_day_off_of_the_law_that_a_whole_notice_forgets_rests_all_the_same():
    """放假办法2: the eve of the Spring Festival is a day off by the law itself."""
    eve = date(2027, 2, 5)
    data = whole()
    without = {**data, "holidays": [one for one in data["holidays"] if one != str(eve)]}
    loaded = loaded_days(recorded(without))
    assert forgotten(loaded, [YEAR]) == {eve} and not national(loaded).is_workday(eve)
    said = {**without, "workdays": [str(eve)]}
    assert national(loaded_days(recorded(said))).is_workday(eve), "where the notice says so"


def test_package_data_that_later_differs_is_shown_and_the_notice_holds():
    package = nation()
    later = type(package)(
        package.name, package.source,
        package.holidays | {date(2027, 3, 1), date(2027, 1, 1)}, package.workdays | {date(2027, 5, 8)},
        package.years | {YEAR},
    )  # fmt: skip
    data = {**whole(), "workdays": ["2027-05-09"]}
    data["holidays"] = [day for day in data["holidays"] if day != "2027-05-08"]
    loaded = loaded_days(recorded(data))
    found = {one.day: (one.loaded, one.package) for one in differences(later, loaded, YEAR)}
    assert found[date(2027, 3, 1)] == ("工作日", "放假")
    assert found[date(2027, 5, 8)] == ("周末", "调休上班")
    assert found[date(2027, 5, 9)] == ("调休上班", "周末")
    assert date(2027, 1, 1) not in found
    assert differences(package, loaded, YEAR) == [], "a year that the package does not know"


def test_loading_the_same_notice_twice_changes_nothing():
    once = recorded(whole())
    assert steps_of(read_notice(whole()), once) == {}


def test_the_same_notice_again_replaces_what_it_said_before():
    first = {"year": YEAR, "notice": "甲", "holidays": ["2027-01-01", "2027-01-04"]}
    second = {**first, "holidays": ["2027-01-01"], "workdays": ["2027-01-09"]}
    entries = recorded(first, second)
    assert {day: entry.works for day, entry in in_force(entries).items()} == {
        date(2027, 1, 1): False,
        date(2027, 1, 9): True,
    }


def test_a_change_that_is_taken_back_leaves_what_held_before_it():
    plan = {"year": YEAR, "notice": "年度", "holidays": [], "workdays": ["2027-02-13"]}
    change = {"year": YEAR, "notice": "变动", "holidays": ["2027-02-13", "2027-02-14"]}
    less = {**change, "holidays": ["2027-02-14"]}
    assert national(loaded_days(recorded(plan, change))).kind(date(2027, 2, 13)) == "holiday"
    assert national(loaded_days(recorded(plan, change, less))).kind(date(2027, 2, 13)) == "makeup"


def test_the_last_notice_that_speaks_of_a_day_holds():
    plan = {"year": YEAR, "notice": "年度", "holidays": [], "workdays": ["2027-02-13"]}
    change = {"year": YEAR, "notice": "变动", "holidays": ["2027-02-13"]}
    assert national(loaded_days(recorded(plan, change, plan))).kind(date(2027, 2, 13)) == "makeup"
    assert steps_of(read_notice(plan), recorded(plan, change, plan)) == {}


def test_local_days_stand_over_loaded_ones_and_the_national_calendar_leaves_them_out():
    loaded = loaded_days(recorded({"year": YEAR, "notice": "甲", "holidays": ["2027-03-01"]}))
    local = LocalDays("州", frozenset(), frozenset((date(2027, 3, 1),)))
    calendar = calendar_for(None, (local,), loaded)
    assert calendar.is_workday(date(2027, 3, 1))
    assert not calendar.national.is_workday(date(2027, 3, 1))
    assert calendar.national is national(loaded) and national(loaded).national is national(loaded)


# -- for any notice -----------------------------------------------------------------------------------

days_of_year = st.dates(date(2026, 12, 1), date(2027, 12, 31))
notices = st.builds(
    lambda name, rest, work: Notice(YEAR, name, tuple(rest - work), tuple(work)),
    st.sampled_from("甲乙丙"),
    st.frozensets(days_of_year, max_size=25),
    st.frozensets(days_of_year, max_size=8),
)


def loaded_one_after_another(listed: list[Notice]) -> list[Entry]:
    entries: list[Entry] = []
    for notice in listed:
        entries += [
            Entry(notice.name, notice.year, day, works, "system", NOW)
            for day, works in steps_of(notice, entries).items()
        ]
    return entries


@given(st.lists(notices, min_size=1, max_size=4))
def test_after_loading_any_notices_the_last_one_holds_and_again_changes_nothing(listed):
    entries = loaded_one_after_another(listed)
    holding, last = in_force(entries), listed[-1]
    assert {day: holding[day].works for day in last.days} == last.days
    assert steps_of(last, entries) == {}
    assert {entry.notice for entry in holding.values()} <= {one.name for one in listed}


@given(st.lists(notices, min_size=1, max_size=3), days_of_year, st.integers(0, 60))
def test_counting_and_adding_agree_under_any_notices(listed, day, workdays):
    calendar = national(loaded_days(loaded_one_after_another(listed)))
    due = calendar.add(day, workdays)
    assert calendar.count(day, due) == workdays
    assert due == day or calendar.is_workday(due)
    by_hand = [day + n * DAY for n in range(1, (due - day).days + 1)]
    assert sum(calendar.is_workday(one) for one in by_hand) == workdays


@given(st.lists(notices, min_size=1, max_size=3))
def test_a_day_that_no_notice_names_stays_as_it_was_while_the_year_is_not_known(listed):
    loaded = loaded_days(loaded_one_after_another(listed))
    if calendars.missing(YEAR, loaded.holidays):
        named = loaded.holidays | loaded.workdays
        calendar = national(loaded)
        for n in range(365):
            day = date(YEAR, 1, 1) + n * DAY
            expected = day in loaded.workdays if day in named else national().is_workday(day)
            assert calendar.is_workday(day) == expected


@given(st.frozensets(days_of_year, max_size=40), st.frozensets(days_of_year, max_size=10))
def test_a_year_is_provisional_exactly_while_a_festival_is_not_named(rest, work):
    loaded = LoadedDays(rest | frozenset(calendars.statutory(YEAR, YEAR)), work - rest)
    assert not national(loaded).is_provisional(date(YEAR, 6, 1))
    loaded = LoadedDays(rest - {date(YEAR, 10, 1)}, work)
    assert national(loaded).is_provisional(date(YEAR, 6, 1))
