"""A report goes from draft to published; what was published stands still, whatever happens afterwards."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.law import year_rules
from tests.proofs import proofs_for
from tests.workflow.service.town import Town
from workflow.case.application import OfflineForm, read_form
from workflow.refusal import BadInput, Denied, Refused
from workflow.report.annual import AnnualReport
from workflow.service import Missing
from workflow.service.accounts import Accounts
from workflow.service.report.annual import AnnualReports
from workflow.service.report.cells import Cells
from workflow.service.report.page import ReportFile
from workflow.service.report.register import YearRegister
from workflow.service.report.tables import Reports
from workflow.service.rules.bodies import Bodies
from workflow.service.rules.settings import BodySettings

WAY = (
    ("chen", "check"), ("zhang", "sign"), ("lifang", "submit"), ("county", "accept"), ("chen", "publish"),
)  # fmt: skip


class Year(Town):
    """The town at the end of a year, with a deputy who signs and a second clerk."""

    def __init__(self, folder: Path, day: str = "2024-03-20") -> None:
        super().__init__(folder, day)
        self.reports = AnnualReports(self.office)
        self.register = YearRegister(self.office)
        with self.office.store.write() as unit:
            body = self.office.found_agency(unit, "panlong")
            Accounts(self.office).add_user(unit, name="zhang", agency=body, roles=("leader",))
            Accounts(self.office).add_user(unit, name="zhao", agency=body, roles=("clerk",))

    def withdrawn(self, filed: str, on: str) -> str:
        """An application that was filed and taken back: the shortest case with a result. One of a year that is
        published came on paper and is registered late."""
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, "panlong")
            late = int(filed[:4]) in self.office.published(unit, body.id)
        if late:
            number, said = self.late(filed), {"on": on, "keep_published": True}
            given = proofs_for("withdraw")
            self.moving.apply(self.staff("lifang"), number, "withdraw", said, attached=given)
            return number
        self.is_(filed)
        number = self.file().number
        self.act("lifang", number, "withdraw", on, keep_published=True)
        return number

    def late(self, on: str) -> str:
        """An application that was handed in on the day and is registered when its year is published."""
        self.is_(f"{int(on[:4]) + 1}-02-01")
        given = {**self.form().model_dump(exclude_none=True), "channel": "in_person", "on": on}
        form = read_form(given, OfflineForm, today=self.office.today())
        return self.intake.register(form, self.staff("lifang")).number

    def typed_late(self, number: str, **fields: Any) -> None:
        """A withdrawal of 20 December, typed in now."""
        said = {"on": "2024-12-20", **fields}
        self.moving.apply(self.staff("lifang"), number, "withdraw", said)

    def note(self, year: int, **given: str) -> None:
        """A line of the register by the clerk."""
        self.register.add(self.staff("lifang"), "panlong", year, given)

    def take(self, name: str, step: str, note: str = "", year: int = 2024) -> str:
        return self.reports.step(self.staff(name), "panlong", year, step, note)

    def shown(
        self, version: int | None = None, name: str = "lifang", year: int = 2024
    ) -> ReportFile:
        return self.reports.file(self.staff(name), "panlong", year, version)

    def says(self, section: str, text: str, name: str = "lifang", year: int = 2024) -> None:
        self.reports.save_text(self.staff(name), "panlong", year, section, text)

    def written(self, year: int = 2024, day: str | None = None) -> None:
        """A draft with its section 五."""
        self.is_(day or f"{year + 1}-01-06")
        self.reports.draft(self.staff("lifang"), "panlong", year)
        self.says("problems", "更新不够及时。今后每季度检查一次。", year=year)

    def published(self, year: int = 2024, day: str | None = None) -> AnnualReport:
        self.written(year, day)
        for name, step in WAY:
            self.take(name, step, year=year)
        return self.reports.report("panlong", year)

    def tables(self, year: int = 2024, fmt: str | None = None) -> dict[str, Any]:
        return Reports(self.office).tables("panlong", year, fmt).as_dict()


@pytest.fixture
def town(tmp_path: Path) -> Year:
    return Year(tmp_path)


# -- steps ----------------------------------------------------------------------------------------------


def test_every_state_is_reached_by_a_step() -> None:
    rules = year_rules()
    assert {"draft"} | {step.to for step in rules.steps.values()} == set(rules.states)


def test_a_report_goes_its_whole_way(town: Year) -> None:
    town.written()
    states = [town.take(name, step) for name, step in WAY]
    assert states == ["checked", "signed", "submitted", "accepted", "published"]
    made = town.reports.report("panlong", 2024)
    # It goes out over the name of the body; who signed stands in its history.
    assert (made.signed_by, made.published_on) == ("盘龙彝族乡人民政府", date(2025, 1, 6))


@pytest.mark.parametrize("who", ["lifang", "zhang", "wang", "county"])
def test_only_the_head_of_the_office_checks(town: Year, who: str) -> None:
    town.written()
    with pytest.raises(Denied) as caught:
        town.take(who, "check")
    assert caught.value.refusal.rule == "not_your_role"


def test_what_went_wrong_after_the_check_is_not_signed(town: Year) -> None:
    """Last year's report is corrected meanwhile: its 结转下年度 is no longer this year's 上年结转."""
    BodySettings(town.office).set_setting(
        town.staff("chen"), "panlong", "carry_in_source", "system", "2024-01-01", "本地要求"
    )
    town.is_("2023-11-28")
    number = town.file().number
    town.published(2023, "2024-01-08")
    town.act("lifang", number, "withdraw", "2024-01-09")
    town.written()
    town.take("chen", "check")
    town.withdrawn("2023-12-20", "2024-01-10")
    town.is_("2025-01-07")
    with pytest.raises(Refused) as caught:
        town.take("zhang", "sign")
    assert caught.value.refusal.rule == "missing_evidence"
    assert "退回修改" in caught.value.refusal.allowed_when


def test_a_neighbour_does_not_see_the_report_at_all(town: Year) -> None:
    town.written()
    with pytest.raises(Missing):
        town.shown(name="sunli")
    with pytest.raises(Missing):
        town.take("sunli", "check")


def test_a_year_that_is_not_over_cannot_be_checked(town: Year) -> None:
    town.written(day="2024-12-31")
    with pytest.raises(Refused) as caught:
        town.take("chen", "check")
    assert caught.value.refusal.rule == "too_early"
    town.is_("2025-01-01")
    assert town.take("chen", "check") == "checked"


def test_where_nobody_supervises_a_signed_report_is_published_at_once(town: Year) -> None:
    with town.office.store.write() as unit:
        town.office.found_agency(unit, "panlong").parent_id = None
    town.written()
    town.take("chen", "check")
    town.take("zhang", "sign")
    with pytest.raises(Refused):
        town.take("lifang", "submit")
    assert town.take("chen", "publish") == "published"


def test_own_text_follows_the_table_until_it_is_signed(town: Year) -> None:
    town.written()
    town.says("applications", "收到 {new_received.total} 件。")
    assert town.reports.report("panlong", 2024).sections["applications"] == "收到 0 件。"
    town.withdrawn("2024-06-03", "2024-06-05")
    town.is_("2025-01-07")
    town.take("chen", "check")
    town.take("zhang", "sign")
    town.withdrawn("2024-06-03", "2024-06-05")
    assert town.reports.report("panlong", 2024).sections["applications"] == "收到 1 件。"


# -- frozen ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fmt", [None, "2019", "2021"])
def test_a_published_year_gives_its_figures_in_every_format(town: Year, fmt: str | None) -> None:
    town.withdrawn("2024-03-20", "2024-03-22")
    town.published()
    before = town.tables(fmt=fmt)
    town.withdrawn("2024-06-03", "2024-06-05")
    town.note(2024, item="permits", kind="decisions", on="2024-06-03", title="补登", number="3")
    town.is_("2025-02-03")
    assert town.tables(fmt=fmt) == before
    assert before["table3"]["new_received"]["total"] == 1


def test_a_published_cell_opens_into_the_cases_that_it_counted(town: Year) -> None:
    first = town.withdrawn("2024-03-20", "2024-03-22")
    town.published()
    town.withdrawn("2024-06-03", "2024-06-05")
    assert Cells(Reports(town.office)).numbers(
        town.staff("lifang"), "panlong", 2024, "new_received", "total"
    ) == [first]


def test_a_file_of_a_published_year_holds_the_published_tables(town: Year) -> None:
    made = town.published()
    town.withdrawn("2024-06-03", "2024-06-05")
    town.is_("2025-02-03")
    written = Reports(town.office).annual("panlong", 2024)
    assert (written.table2, written.table3, written.table4) == (
        made.table2,
        made.table3,
        made.table4,
    )


def test_what_changed_after_publication_is_listed(town: Year) -> None:
    town.published()
    town.withdrawn("2024-06-03", "2024-06-05")
    town.is_("2025-02-03")
    changed = town.shown().changed_since
    assert any("本年新收" in line and "报告 0，现在 1" in line for line in changed)


def test_a_correction_is_a_new_version_and_the_first_one_stays(town: Year) -> None:
    town.published()
    town.withdrawn("2024-06-03", "2024-06-05")
    town.is_("2025-02-03")
    assert town.reports.correct(town.staff("lifang"), "panlong", 2024, "补录一件") == 2
    assert town.tables()["table3"]["new_received"]["total"] == 0
    for name, step in WAY:
        town.take(name, step)
    assert town.tables()["table3"]["new_received"]["total"] == 1
    both = [town.reports.report("panlong", 2024, number) for number in (1, 2)]
    assert [one.cell3("new_received") for one in both] == [0, 1]
    assert both[1].correction_note == "补录一件"


# -- 上年结转 -------------------------------------------------------------------------------------------


def test_carry_in_comes_from_the_published_report_and_the_difference_is_told(town: Year) -> None:
    town.is_("2024-11-28")
    number = town.file().number
    town.published()
    town.act("lifang", number, "withdraw", "2025-01-08")
    town.withdrawn("2024-12-02", "2025-01-09")
    town.is_("2025-02-03")
    found = Reports(town.office).tables("panlong", 2025)
    assert found.tables.table3["carried_in"]["total"] == 1
    (told,) = [finding for finding in found.findings if finding.rule == "V05"]
    assert told.level == "warn" and "1 件" in told.message and "2 件" in told.message
    # The correction of last year's report heals it.
    town.reports.correct(town.staff("lifang"), "panlong", 2024, "补录一件")
    for name, step in WAY:
        town.take(name, step)
    healed = Reports(town.office).tables("panlong", 2025)
    assert (healed.tables.table3["carried_in"]["total"], healed.findings) == (2, [])


def test_carry_in_over_the_change_of_format_is_that_of_the_published_report(town: Year) -> None:
    town.is_("2020-12-14")
    town.file()
    town.published(2020, "2021-01-06")
    town.withdrawn("2020-12-14", "2021-01-08")
    found = Reports(town.office).tables("panlong", 2021)
    assert found.tables.table3["carried_in"]["total"] == 1
    assert found.carried_in_matches is True


def test_carry_in_of_the_system_where_the_setting_says_so(town: Year) -> None:
    BodySettings(town.office).set_setting(
        town.staff("chen"), "panlong", "carry_in_source", "system", "2025-01-01", "本地要求"
    )
    town.published()
    town.withdrawn("2024-12-02", "2025-01-09")
    town.is_("2025-02-03")
    found = Reports(town.office).tables("panlong", 2025)
    assert found.tables.table3["carried_in"]["total"] == 1
    assert [(f.rule, f.level) for f in found.findings] == [("V05", "error")]


AFTERWARDS = st.lists(
    st.tuples(
        st.sampled_from(["file", "withdraw", "note", "setting"]),
        st.integers(1, 12),
        st.integers(1, 28),
    ),
    max_size=5,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(AFTERWARDS)
def test_frozen_figures_never_change_whatever_happens_afterwards(
    tmp_path_factory: pytest.TempPathFactory, happenings: list[tuple[str, int, int]]
) -> None:
    town = Year(tmp_path_factory.mktemp("year"))
    town.withdrawn("2024-03-20", "2024-03-22")
    town.is_("2024-11-28")
    still_open = [town.file().number]
    before = town.published()
    told = {fmt: town.tables(fmt=fmt) for fmt in ("2019", "2021")}
    for what, month, day in happenings:
        on = f"2024-{month:02}-{day:02}"
        if what == "file":
            still_open.append(town.late(on))
        elif what == "withdraw" and still_open:
            town.act("lifang", still_open.pop(), "withdraw", f"2025-{month:02}-{day:02}")
        elif what == "note":
            town.is_("2025-12-31")
            town.note(2024, item="permits", kind="decisions", on=on, title="补登", number="3")
        elif what == "setting":
            town.is_("2025-12-31")
            with pytest.raises((Refused, BadInput)):
                BodySettings(town.office).set_setting(
                    town.staff("chen"), "panlong", "sole_trader_col", "natural", on, "试"
                )
        town.is_("2026-01-05")
        assert {fmt: town.tables(fmt=fmt) for fmt in told} == told
        assert town.reports.report("panlong", 2024) == before
        carried = town.tables(2025)["table3"]["carried_in"]
        assert carried == (before.table3 or {})["carried_out"]


def test_entry_that_keeps_the_published_figures_shows_as_a_difference(town: Year) -> None:
    """law.md §7A: a withdrawal of last year typed late; the report stays, the next year says so (V05)."""
    town.is_("2024-12-10")
    number = town.file().number
    before = town.published().table3
    with pytest.raises(Refused) as caught:
        town.typed_late(number)
    assert caught.value.refusal.rule == "frozen_year"
    town.typed_late(number, keep_published=True)
    assert town.reports.report("panlong", 2024).table3 == before
    assert town.shown(year=2024).changed_since
    assert any("结转" in one["where"] for one in town.tables(2025)["checks"])


def test_late_entry_passes_while_a_new_version_is_drawn_up_and_not_once_it_is_signed(
    town: Year,
) -> None:
    """law.md §7A (a): officer and head draw up the new version, then the entry is repeated."""
    town.is_("2024-12-10")
    first, second = town.file().number, town.file().number
    town.published()
    town.reports.correct(town.staff("lifang"), "panlong", 2024, "补录上年撤回的申请")
    town.typed_late(first)
    town.says("problems", "更新不够及时。今后每季度检查一次。")
    town.take("chen", "check")
    town.take("zhang", "sign")
    with pytest.raises(Refused) as caught:
        town.typed_late(second)
    assert "退回修改" in caught.value.refusal.allowed_when


def test_correction_of_a_report_is_told_in_section_six_of_the_next(town: Year) -> None:
    """law.md §7A: the old figures and the reason."""
    town.is_("2024-12-10")
    number = town.file().number
    town.published()
    town.reports.correct(town.staff("lifang"), "panlong", 2024, "补录上年撤回的申请")
    town.typed_late(number)
    for name, step in WAY:
        town.take(name, step)
    town.is_("2026-01-06")
    town.reports.draft(town.staff("lifang"), "panlong", 2025)
    text = town.shown(year=2025).report.sections["other_matters"]
    assert "2024 年年度报告更正：补录上年撤回的申请" in text
    assert "原为 1，更正为 0" in text


def test_a_report_keeps_the_name_under_which_it_was_signed(town: Year) -> None:
    """law.md §7A: a body takes another name; its old papers keep the old one, its new ones do not."""
    old = town.published()
    Bodies(town.office).rename("panlong", "盘龙镇人民政府", date(2025, 1, 31))
    kept = town.reports.report("panlong", 2024)
    assert (kept.agency, kept.title) == (old.agency, old.title)
    assert kept.title.startswith("盘龙彝族乡人民政府2024年")
    town.written(2025)
    assert town.reports.report("panlong", 2025).title.startswith("盘龙镇人民政府2025年")
