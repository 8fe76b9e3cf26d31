"""What a body itself is reminded of: its report, those below it, next year's holidays, what it refused."""

from datetime import date

from tests.workflow.reminders.telling import between, day, rules
from workflow.reminders.due import reminders_on
from workflow.reminders.watched import WatchedBody, days_of_body, report_due
from workflow.rules.calendar import national

CALENDAR = national()
TOWN = WatchedBody("panlong", "township", 2023)
PUBLISHED = frozenset(range(2023, 2040))


def of_body(body: WatchedBody, on: str) -> dict[str, tuple[int, str]]:
    return {
        r.moment.name: (r.days_left, r.number)
        for r in reminders_on(day(on), days_of_body(body, rules(), day(on)), rules())
    }


def test_annual_report_of_a_township_is_told_before_the_spring_festival():
    assert of_body(TOWN, "2025-01-27")["annual_report_0"] == (0, "2024")
    assert of_body(TOWN, "2025-02-05")["annual_report_late"] == (-1, "2024")


def test_annual_report_of_a_government_is_due_at_the_end_of_march():
    county = WatchedBody("yanshan", "county", 2023)
    assert "annual_report_0" not in of_body(county, "2025-01-27")
    assert of_body(county, "2025-03-31")["annual_report_0"] == (0, "2024")


def test_earlier_day_of_the_place_counts_and_a_later_one_does_not():
    for local, last in (("01-26", "2025-01-26"), ("03-01", "2025-01-31"), (None, "2025-01-31")):
        assert report_due("township", 2024, rules(report_dates=local)) == day(last)
    told_on = {
        r.on.isoformat()
        for r in between(
            days_of_body(TOWN, rules(report_dates="01-20"), day("2025-01-20")),
            day("2025-01-06"),
            day("2025-01-20"),
        )
    }
    assert told_on == {"2025-01-06", "2025-01-13", "2025-01-20"}


def test_published_report_is_not_told():
    published = WatchedBody("panlong", "township", 2023, published=frozenset((2024,)))
    assert of_body(published, "2025-01-27") == {}


def test_year_before_the_body_kept_its_cases_here_is_not_told():
    assert of_body(WatchedBody("panlong", "township", 2025), "2025-01-27") == {}


def test_missing_reports_of_bodies_below_are_told_to_the_one_above():
    above = WatchedBody("yanshan", "county", None, missing_below=(day("2025-01-31"),))
    assert set(of_body(above, "2025-01-21")) == {"reports_below_5"}
    assert set(of_body(above, "2025-02-05")) == {"reports_below_late"}


def test_next_years_holidays_that_are_not_loaded_are_told_before_the_year_ends():
    body = WatchedBody("panlong", "township", 2023, PUBLISHED)
    assert of_body(body, "2024-12-02") == {}
    known = max(year for year in range(2020, 2040) if not CALENDAR.is_provisional(date(year, 1, 1)))
    told_on = CALENDAR.on_or_before(date(known, 12, 1)).isoformat()
    assert of_body(body, told_on)["calendar_missing"][1] == str(known + 1)


def test_refused_information_is_looked_at_again_every_year():
    refused = WatchedBody("panlong", "township", 2023, PUBLISHED, refused=True)
    assert of_body(refused, "2025-12-01")["re_evaluation"][1] == "2025"
    assert of_body(refused, "2025-12-02") == {}
