"""Year-end: what is to be done from 1 December to publication, its days, and the facts behind it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.service.town import Town, freeze
from workflow.case.application import ApplicationForm
from workflow.clock import report_last_day
from workflow.report.checks import Finding
from workflow.report.procedure.year_end import CaseFact, Facts, year_end
from workflow.rules.calendar import national
from workflow.service.docket.player import Player
from workflow.service.report.annual import AnnualReports
from workflow.service.report.sums import AddingUp
from workflow.service.report.year_end import YearEnd

CALENDAR = national()
QUIET = Facts("panlong", 2024, date(2025, 1, 31), CALENDAR)
BUSY = replace(
    QUIET,
    open_cases=(CaseFact("2024-0003", "办理中，答复期限 1 月 8 日"),),
    missing=(CaseFact("2024-0001", "没有送达凭证"),),
    findings=(Finding("V05", "error", "表三", "不一致"), Finding("V21", "warn", "五", "空")),
    holidays_known=False,
    register_empty=True,
    promises_open=True,
    not_in=("江那镇人民政府",),
)


def keys(facts: Facts, today: date) -> list[str]:
    return [one.key for one in year_end(facts, today)]


# -- the pure list ------------------------------------------------------------------------------------


def test_nothing_is_asked_before_1_december() -> None:
    assert year_end(BUSY, date(2024, 11, 30)) == []
    assert year_end(BUSY, date(2024, 12, 1)) != []


def test_nothing_is_asked_of_a_published_year() -> None:
    assert year_end(replace(BUSY, state="published"), date(2025, 1, 20)) == []


def test_a_quiet_year_still_has_the_steps_of_its_report() -> None:
    assert keys(QUIET, date(2024, 12, 1)) == [
        "draft",
        "checked",
        "signed",
        "submitted",
        "published",
    ]


def test_everything_that_is_open_is_on_the_list() -> None:
    assert set(keys(BUSY, date(2024, 12, 2))) == {
        "carry_over", "missing_facts", "checks", "holidays", "register", "promises",
        "draft", "checked", "signed", "submitted", "published",
    }  # fmt: skip


def test_bodies_below_are_asked_for_in_the_new_year_only() -> None:
    assert "not_in" not in keys(BUSY, date(2024, 12, 31))
    assert "not_in" in keys(BUSY, date(2025, 1, 1))


def test_open_cases_are_pressed_until_31_december_and_counted_after() -> None:
    before = next(
        t for t in year_end(BUSY, date(2024, 12, 31)) if t.cases and "0003" in t.cases[0].number
    )
    assert (before.key, before.due, before.days_left) == ("carry_over", date(2024, 12, 31), 0)
    after = year_end(BUSY, date(2025, 1, 1))
    assert "carry_over" not in [t.key for t in after]
    assert next(t for t in after if t.key == "carried_over").cases == BUSY.open_cases


@pytest.mark.parametrize(
    ("year", "last"),
    [(2024, date(2025, 1, 27)), (2025, date(2026, 1, 30)), (2022, date(2023, 1, 31))],
)
def test_the_aim_is_the_last_working_day_on_or_before_31_january(year: int, last: date) -> None:
    facts = replace(QUIET, year=year, last_day=report_last_day("township", year, None))
    found = {t.key: t for t in year_end(facts, date(year, 12, 1))}
    assert found["published"].due == found["submitted"].due == last


def test_a_county_has_until_31_march_and_a_local_day_is_earlier() -> None:
    assert report_last_day("county", 2024, None) == date(2025, 3, 31)
    assert report_last_day("county", 2024, "02-20") == date(2025, 2, 20)
    assert report_last_day("county_department", 2024, "01-26") == date(2025, 1, 26)
    assert report_last_day("township", 2024, "02-20") == date(2025, 1, 31)


@pytest.mark.parametrize(
    ("state", "left"),
    [
        (None, ["draft", "checked", "signed", "submitted", "published"]),
        ("draft", ["checked", "signed", "submitted", "published"]),
        ("checked", ["signed", "submitted", "published"]),
        ("signed", ["submitted", "published"]),
        ("submitted", ["published"]),
        ("accepted", ["published"]),
        ("returned", ["checked", "signed", "returned", "published"]),
        ("published", []),
    ],
)
def test_the_steps_that_are_left_follow_from_the_state(state: str | None, left: list[str]) -> None:
    assert keys(replace(QUIET, state=state), date(2025, 1, 2)) == left


def test_only_what_fails_is_a_failing_check() -> None:
    found = next(t for t in year_end(BUSY, date(2024, 12, 1)) if t.key == "checks")
    assert found.title.startswith("1 处") and "表三：不一致" in found.detail


@given(st.dates(date(2024, 12, 1), date(2025, 4, 30)))
def test_every_thing_has_its_day_its_days_left_and_its_article(today: date) -> None:
    found = year_end(BUSY, today)
    assert [t.due for t in found] == sorted(t.due for t in found)
    for one in found:
        assert one.days_left == (one.due - today).days and one.late == (today > one.due)
        assert one.article and one.title and one.detail.endswith("。")


# -- the facts of a body ------------------------------------------------------------------------------


@pytest.fixture
def town(tmp_path) -> Town:
    return Town(tmp_path, "2024-12-02")


def test_open_cases_stand_with_their_state_and_day(town: Town) -> None:
    number = town.file().number
    facts, _ = YearEnd(town.office).facts("panlong", 2024)
    assert facts is not None
    assert facts.open_cases == (CaseFact(number, "办理中，答复期限 12 月 30 日"),)
    assert facts.missing == ()


def test_an_overdue_case_is_a_missing_fact(town: Town) -> None:
    number = town.file().number
    town.is_("2025-01-06")
    facts, _ = YearEnd(town.office).facts("panlong", 2024)
    assert facts is not None
    assert CaseFact(number, "已经超过答复期限") in facts.missing


def test_a_lapsed_correction_is_a_missing_fact(town: Town) -> None:
    number = town.file().number
    town.act("lifang", number, "require_correction", "2024-12-03", reached_on="2024-12-03",
             grounds=["content"], defects=["写明年度"])  # fmt: skip
    town.is_("2025-01-20")
    facts, _ = YearEnd(town.office).facts("panlong", 2024)
    assert facts is not None
    assert [(f.number, "补正期限已过" in f.what) for f in facts.missing] == [(number, True)]


def _played(town: Town, **case: object) -> tuple[CaseFact, ...]:
    serve = {
        "event": "serve",
        "on": "2024-03-13",
        "method": "direct",
        **dict(case.pop("served", {})),
    }
    events = [
        {"event": "receive", "on": "2024-03-01", "channel": "in_person"},
        {"event": "propose_outcome", "on": "2024-03-10", "outcome": "supplied"},
        serve,
    ]
    docket = {"agency": {"code": "panlong"}, "cases": [{"ref": "A", "events": events, **case}]}
    played = Player(town.office).play(docket)
    assert not played["cases"][0]["refused"]
    facts, _ = YearEnd(town.office).facts("panlong", 2024)
    assert facts is not None
    return facts.missing


def test_a_reply_without_proof_of_service_is_a_missing_fact(town: Town) -> None:
    assert [fact.what for fact in _played(town)] == ["没有送达凭证"]


def test_a_proof_of_service_is_enough(town: Town) -> None:
    assert _played(town, served={"proof": "送达回证"}) == ()


@pytest.mark.parametrize(
    ("name", "unclear"),
    [("某某工作室", True), ("某某村民委员会", False), ("某某有限公司", False)],
)
def test_an_applicant_whom_no_rule_knows_is_a_missing_fact(
    town: Town, name: str, unclear: bool
) -> None:
    form = ApplicationForm.model_validate(
        {
            "agency": "panlong",
            "applicant": {
                "kind": "organisation", "name": name, "contact": "李四", "phone": "13800000000",
                "id_type": "credit_code", "id_number": "91110000600037341L",
            },
            "items": ["采矿许可证"], "delivery": ["pickup"], "medium": ["paper"],
        }
    )  # fmt: skip
    town.intake.file(form)
    facts, _ = YearEnd(town.office).facts("panlong", 2024)
    assert facts is not None
    said = [fact.what.startswith("申请人属于哪一类") for fact in facts.missing]
    assert said == [True] * unclear


def test_a_body_without_cases_has_nothing_to_do(town: Town) -> None:
    assert YearEnd(town.office).todos("panlong").todos == ()


def test_a_county_has_to_do_when_a_body_below_has_cases(town: Town) -> None:
    town.file()
    assert YearEnd(town.office).todos("yanshan").todos
    assert YearEnd(town.office).todos("jiangna").todos == ()


def test_staff_see_the_lists_of_their_own_bodies(town: Town) -> None:
    town.file()
    assert [one.agency for one in YearEnd(town.office).for_staff(town.staff("lifang"))] == [
        "panlong"
    ]
    assert YearEnd(town.office).for_staff(town.staff("sunli")) == []


def test_the_list_ends_when_the_year_is_published(town: Town) -> None:
    town.file()
    town.is_("2025-01-20")
    assert YearEnd(town.office).todos("panlong").todos
    freeze(town.office, "panlong", 2024)
    assert YearEnd(town.office).todos("panlong").todos == ()


class Shelf:
    """Keeps which drafts were made."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def states(self, unit, bodies, year):
        return {row.code: self.kept[row.code] for row in bodies if row.code in self.kept}

    def draft(self, agency: str, year: int) -> None:
        assert agency not in self.kept and year == 2024
        self.kept[agency] = "draft"


def test_drafts_are_made_from_1_january_and_only_once(town: Town) -> None:
    town.file()
    shelf = Shelf()
    service = YearEnd(town.office, shelf)
    assert service.make_drafts(date(2024, 12, 31)) == []
    assert service.make_drafts(date(2025, 1, 1)) == ["yanshan", "panlong"]
    assert service.make_drafts(date(2025, 1, 2)) == []


def test_the_drafts_of_1_january_stand_in_the_store(town: Town) -> None:
    town.file()
    town.is_("2025-01-02")
    made = YearEnd(town.office).make_drafts(date(2025, 1, 2))
    assert made == ["yanshan", "panlong"]
    assert AnnualReports(town.office).versions("panlong", 2024)[0][:2] == (1, "draft")
    assert YearEnd(town.office).make_drafts(date(2025, 1, 3)) == []
    facts, _ = YearEnd(town.office).facts("panlong", 2024)
    assert facts is not None and facts.state == "draft" and facts.register_empty is True
    found = AddingUp(town.office).overview("yanshan", 2024)
    assert {line.code: line.state for line in found.lines} == {
        "panlong": "draft", "jiangna": "missing",
    }  # fmt: skip
    assert found.entered is not None and found.compared is not None


def test_bodies_below_that_have_not_submitted_are_on_the_list_of_the_county(town: Town) -> None:
    town.file()
    town.is_("2025-01-02")
    listed = {todo.key: todo for todo in YearEnd(town.office).todos("yanshan").todos}
    assert "盘龙彝族乡人民政府" in listed["not_in"].detail
