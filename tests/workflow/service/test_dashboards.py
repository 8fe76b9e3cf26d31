"""What a body looks over: what waits, who has how much in hand, how long it took, what was lost and why."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.workflow.service.docket.tally_dockets import answered, case, propose, receive, serve
from tests.workflow.service.supervision.county import DUE, LATE, County
from workflow.people import Staff
from workflow.refusal import Denied
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.dashboards import Dashboard, Dashboards
from workflow.service.docket.player import Player
from workflow.service.office import Missing


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County(tmp_path)


def board(county: County, name: str = "chen", agency: str | None = None) -> Dashboard:
    return county.dashboards.page(county.staff(name), agency, 2024)


def test_what_waits_stands_on_top(county: County) -> None:
    found = board(county)
    assert found.numbers == {"sign": 0, "late": 1, "due": 1, "returned": 0, "open": 3}
    assert [(one.number, one.days, one.title) for one in found.lists["late"]] == [
        (LATE, 7, "2023年度农村公路养护合同")
    ]
    assert [one.number for one in found.lists["due"]] == [DUE]
    assert found.of_year["new_received"] == 3 and found.of_year["total"] == 0


def test_what_waits_for_a_signature(county: County) -> None:
    with county.office.store.write() as unit:
        row = unit.case_row([county.office.found_agency(unit, "panlong").id], DUE)
        assert row is not None
        row.state = "approval"
    found = board(county)
    assert found.numbers["sign"] == 1 and [one.number for one in found.lists["sign"]] == [DUE]


test_what_waits_for_a_signature = pytest.mark.tampering(
    reason="a state without its log: only the list is asked for"
)(test_what_waits_for_a_signature)


def test_the_load_is_told_by_whom_a_case_was_assigned_to_last(county: County) -> None:
    """Where one clerk works alone, receipt gives a case to that clerk."""
    county.act("lifang", LATE, "assign", "2024-06-12", to="农业中心")
    load = board(county).figures[0]
    by = dict(
        zip(load.categories, zip(*(one.values for one in load.series), strict=True), strict=True)
    )
    assert by == {"农业中心": (1, 0, 0), "lifang": (0, 1, 1)}


def test_only_who_may_looks_over_and_only_the_own_body(county: County) -> None:
    with pytest.raises(Denied):
        board(county, "wang")
    with pytest.raises(Missing):
        board(county, "chen", "jiangna")
    assert county.dashboards.bodies(county.staff("chen")) == [("panlong", "盘龙彝族乡人民政府")]


HERE = {"code": "panlong", "name": "盘龙彝族乡人民政府", "level": "township"}


@pytest.fixture
def year(office_on: Callable[[date], Office]) -> Dashboard:
    """Three answers: after 10, 14 and 22 working days, the last one late and quashed."""
    office = office_on(date(2024, 12, 2))
    review = [
        {"event": "file_review", "on": "2024-08-01", "case_number": "政复〔2024〕9号"},
        {
            "event": "conclude_review",
            "on": "2024-09-20",
            "result": "quashed",
            "note": "没有检索档案室",
        },
    ]
    late = case(
        receive("2024-05-06"), propose("2024-06-03", "supplied"), serve("2024-06-04"), *review
    )
    corrected = case(
        receive("2024-03-04"),
        {"event": "require_correction", "on": "2024-03-06", "reached_on": "2024-03-06",
         "deadline_on": "2024-03-20", "defects": ["名称"]},
        {"event": "correct", "on": "2024-03-08"},
        {"event": "extend", "on": "2024-03-11", "days": 10, "reason": "查档"},
        propose("2024-03-22", "supplied"), serve("2024-03-22"),
    )  # fmt: skip
    cases = [answered("2024-01-08", "supplied", "2024-01-22"), corrected, late]
    docket = {"agency": HERE, "cases": [{**c, "ref": f"c{n}"} for n, c in enumerate(cases)]}
    result = Player(office).play(docket)
    assert not [c["refused"] for c in result["cases"] if c["refused"]]
    return Dashboards(office).page(head_of(office), None, 2024)


def head_of(office: Office) -> Staff:
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        Accounts(office).add_user(unit, name="head", agency=body, roles=("office_head",))
    staff = office.staff("head")
    assert staff is not None
    return staff


def test_how_long_it_took(year: Dashboard) -> None:
    assert (year.closed, year.middle) == (3, 14.0)
    assert [one.days for one in year.slow] == [22, 14, 10]
    assert year.mean == pytest.approx(46 / 3)
    assert [one.late for one in year.slow] == [2, 0, 0] and year.answered_late == 1


def test_what_happened_on_the_way(year: Dashboard) -> None:
    assert year.of_steps == 3
    assert year.steps == {
        "extend": 1, "require_correction": 1, "consult_third_party": 0, "charge_fee": 0,
    }  # fmt: skip


def test_what_was_lost_and_why(year: Dashboard) -> None:
    (lost,) = year.lost
    assert (lost.kind, lost.case_number, lost.on) == (
        "review",
        "政复〔2024〕9号",
        date(2024, 9, 20),
    )
    assert (lost.result, lost.outcome, lost.why) == ("quashed", "supplied", "没有检索档案室")
    assert year.disputes["review/corrected"] == 1


def test_the_year_has_its_figures(year: Dashboard) -> None:
    keys = [one.key for one in year.figures]
    assert keys == ["load", "people", "months", "outcomes", "durations", "years"]
    assert year.of_year["total"] == 3


def test_who_closed_how_many_and_how_long_it_took(county: County) -> None:
    county.act("lifang", LATE, "assign", "2024-06-12", to="农业中心")
    county.act("lifang", LATE, "assign", "2024-06-12", to="lifang")
    county.act("lifang", LATE, "withdraw", "2024-06-12")
    county.act("lifang", DUE, "withdraw", "2024-06-12")
    people = board(county).figures[1]
    assert people.categories == ("lifang",)
    assert [one.values for one in people.series] == [(2,), (21,)]
