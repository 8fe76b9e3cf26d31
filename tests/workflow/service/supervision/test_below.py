"""What a supervising body sees of those below it: numbers of each, lists, points, days of the reports."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.counting import work
from tests.workflow.service.supervision.county import DUE, FAR, LATE, County
from workflow.refusal import Denied
from workflow.service.office import Missing
from workflow.service.report.annual import AnnualReports
from workflow.service.rules.settings import BodySettings
from workflow.store.report_models import ReportVersionRow


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County(tmp_path)


def test_each_body_below_has_its_numbers(county: County) -> None:
    panlong, jiangna = county.body("panlong"), county.body("jiangna")
    assert (panlong.open, panlong.late, panlong.due, panlong.returned) == (3, 1, 1, 0)
    assert (panlong.longest, panlong.rest, panlong.points) == (7, 1, -1.0)
    assert (jiangna.open, jiangna.late, jiangna.due, jiangna.points) == (1, 0, 0, 0)
    found = county.overview()
    assert (found.below, found.found, found.quiet) == (2, 2, 0)
    assert [one.code for one in found.bodies] == ["panlong", "jiangna"]
    totals = found.totals
    assert (totals.open, totals.late, totals.due, totals.longest) == (4, 1, 1, 7)


def test_who_is_late_comes_first_with_its_numbers(county: County) -> None:
    ((body, matters),) = county.overview().first
    assert body.code == "panlong"
    assert [(one.number, one.standing.days) for one in matters] == [(LATE, 7)]


def test_lists_hold_body_number_and_days(county: County) -> None:
    assert county.numbers("late") == [("panlong", LATE, 7)]
    assert county.numbers("due") == [("panlong", DUE, 5)]
    assert county.numbers("returned") == [] and county.numbers("done_late") == []
    with pytest.raises(Missing):
        county.numbers("everything")


def test_a_list_can_be_of_one_body(county: County) -> None:
    staff = county.staff("county")
    assert county.below.listed(staff, None, "late", body="jiangna")[1] == []
    assert len(county.below.listed(staff, "yanshan", "late", body="panlong")[1]) == 1
    with pytest.raises(Missing):
        county.below.listed(staff, None, "late", body="yanshan")


def test_what_was_answered_late_moves_to_its_own_list(county: County) -> None:
    county.act("lifang", LATE, "withdraw", "2024-06-12")
    county.is_("2024-06-20")
    assert [number for _, number, _ in county.numbers("late")] == [DUE]
    assert county.numbers("done_late") == [("panlong", LATE, 7)]
    assert county.body("panlong").points == -2.0


def test_nothing_of_a_case_but_number_and_days_comes_through(county: County) -> None:
    _, found = county.below.listed(county.staff("county"), None, "late")
    assert "张三" not in repr(found) and "公路" not in repr(found)
    assert "张三" not in repr(county.overview())


@pytest.mark.tampering(reason="a transfer without its log: only where it stands is asked for")
def test_a_case_that_went_to_another_body_counts_there(county: County) -> None:
    with county.office.store.write() as unit:
        row = unit.case_row([county.office.found_agency(unit, "panlong").id], LATE)
        assert row is not None
        row.held_by = "jiangna"
    assert (county.body("panlong").late, county.body("jiangna").late) == (0, 1)
    assert (county.body("panlong").open, county.body("jiangna").open) == (2, 2)
    assert county.numbers("late") == [("jiangna", LATE, 7)]


def test_an_ended_body_s_cases_count_with_who_goes_on(county: County) -> None:
    with county.office.store.write() as unit:
        body = county.office.found_agency(unit, "panlong")
        body.until, body.successor = date(2024, 5, 31), "jiangna"
        unit.rules_changed()
    assert county.numbers("late") == [("jiangna", LATE, 7)]
    assert county.body("jiangna").open == 4


def test_the_county_s_own_cases_are_not_below_it(county: County) -> None:
    county.file("yanshan")
    assert county.overview().totals.open == 4


def test_who_has_nobody_below_sees_that(county: County) -> None:
    assert county.overview("chen") is None
    assert county.below.heads(county.staff("chen")) == []
    assert county.below.heads(county.staff("county")) == [("yanshan", "砚山县人民政府")]
    with pytest.raises(Missing):
        county.below.listed(county.staff("chen"), None, "late")


def test_who_has_no_role_for_it_is_denied(county: County) -> None:
    with pytest.raises(Denied):
        county.overview("wang")
    with pytest.raises(Missing):
        county.overview("county", agency="panlong")


def test_bodies_are_found_by_name(county: County) -> None:
    assert [one.code for one in county.overview(q="江那").bodies] == ["jiangna"]
    assert county.overview(q="没有这个").found == 0


def test_points_have_their_grounds(county: County) -> None:
    found = county.below.score(county.staff("county"), None, "panlong", 2024)
    assert found.counts == {"late": 1} and found.total == -1.0
    (ground,) = found.grounds
    assert (ground.number, ground.day) == (LATE, date(2024, 5, 31))
    assert ground.why.endswith("还没有答复，已经逾期 7 个工作日")
    assert county.below.score(county.staff("county"), None, "panlong", 2023).grounds == ()
    with pytest.raises(Missing):
        county.below.score(county.staff("county"), None, "yanshan", 2024)


def test_the_days_of_the_reports_with_how_many_are_in(county: County) -> None:
    """From April on the running year's, due in January (townships) and March (governments)."""
    found = county.overview()
    townships, own = found.reports
    assert (found.report_year, townships.day, townships.workday) == (
        2024, date(2025, 1, 31), date(2025, 1, 27),
    )  # fmt: skip
    assert (townships.bodies, townships.handed_in, townships.own) == (2, 0, False)
    assert (own.day, own.bodies, own.own) == (date(2025, 3, 31), 1, True)
    county.is_("2024-02-05")
    assert county.overview().report_year == 2023


def test_a_place_with_an_earlier_day_says_so(county: County) -> None:
    BodySettings(county.office).set_setting(
        county.staff("chen"), "panlong", "report_dates", "01-20", "2024-06-12", "县政府办通知"
    )
    days = [(one.day, one.bodies, one.local) for one in county.overview().reports]
    assert days[:2] == [(date(2025, 1, 20), 1, True), (date(2025, 1, 31), 1, False)]


def test_two_hundred_bodies_take_no_more_statements_than_two(county: County) -> None:
    with county.office.store.write() as unit:
        above = unit.agency("yanshan")
        assert above is not None
        for n in range(200):
            unit.add_agency(
                code=f"town{n}", name=f"第{n}镇", level="township", region=None, parent_id=above.id,
                takes_requests=True,
            )  # fmt: skip
        unit.rules_changed()
    county.overview()
    with work() as done:
        assert county.overview().below == 202
    assert done.statements <= 15


def test_far_is_neither_due_nor_late(county: County) -> None:
    assert FAR not in {
        number for which in ("late", "due") for _, number, _ in county.numbers(which)
    }


def test_a_paper_that_came_back_is_told_until_it_goes_out_again(county: County) -> None:
    county.act("lifang", FAR, "assign", "2024-06-11")
    county.act("lifang", FAR, "require_correction", "2024-06-11", defects=["没有写明年度"],
               deadline_on="2024-07-01")  # fmt: skip
    county.act("lifang", FAR, "record_delivery", "2024-06-13", of="require_correction",
               returned_on="2024-06-13")  # fmt: skip
    county.is_("2024-06-17")
    assert county.numbers("returned") == [("panlong", FAR, 2)]
    assert county.body("panlong").returned == 1 and county.overview().totals.returned == 1


def test_the_nearest_day_and_the_longest_lateness_come_first(county: County) -> None:
    county.is_("2024-05-16")
    near = county.file("jiangna").number
    assert county.numbers("due") == []
    county.is_("2024-06-12")
    assert county.numbers("due") == [("jiangna", near, 2), ("panlong", DUE, 5)]
    county.is_("2024-06-20")
    assert county.numbers("late") == [
        ("panlong", LATE, 13), ("jiangna", near, 4), ("panlong", DUE, 1),
    ]  # fmt: skip
    assert [one.code for one in county.overview().bodies] == ["panlong", "jiangna"]


def test_what_was_answered_last_comes_first(county: County) -> None:
    county.act("lifang", LATE, "withdraw", "2024-06-12")
    county.act("lifang", DUE, "withdraw", "2024-06-20")
    assert county.numbers("done_late") == [("panlong", DUE, 1), ("panlong", LATE, 7)]


def ended(county: County, code: str, until: date, successor: str | None) -> None:
    with county.office.store.write() as unit:
        body = county.office.found_agency(unit, code)
        body.until, body.successor = until, successor
        unit.rules_changed()


def test_a_body_s_last_day_is_still_its_own(county: County) -> None:
    ended(county, "panlong", date(2024, 6, 12), "jiangna")
    assert county.body("panlong").open == 3
    county.is_("2024-06-13")
    assert county.body("jiangna").open == 4


def test_cases_of_a_body_with_which_nobody_goes_on_stay_with_it(county: County) -> None:
    ended(county, "panlong", date(2024, 5, 31), None)
    assert county.body("panlong").open == 3


def test_duties_go_in_and_out_of_the_area_with_their_cases(county: County) -> None:
    with county.office.store.write() as unit:
        for code in ("heir", "old"):
            county.office.add_agency(unit, code=code, name=code, level="township")
    county.is_("2024-05-06")
    county.file("old")
    county.is_("2024-06-12")
    ended(county, "old", date(2024, 5, 31), "jiangna")
    assert (county.body("jiangna").open, county.body("jiangna").late) == (2, 1)
    ended(county, "panlong", date(2024, 5, 31), "heir")
    assert county.numbers("late") == [("jiangna", LATE, 7)]
    assert county.overview().totals.open == 2


def test_a_report_counts_once_it_is_handed_in(county: County) -> None:
    reports = AnnualReports(county.office)
    reports.draft(None, "panlong", 2024)
    for state, number in (("signed", 0), ("submitted", 1), ("returned", 0), ("published", 1)):
        with county.office.store.write() as unit:
            unit.session.execute(update(ReportVersionRow).values(state=state))
        assert county.overview().reports[0].handed_in == number, state
