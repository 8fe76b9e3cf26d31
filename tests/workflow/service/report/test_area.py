"""A government's own report: its office and all bodies below, drawn from their reports, frozen as signed."""

from pathlib import Path

import pytest

from tests.workflow.service.report.test_annual import Year
from workflow.report.annual import AnnualReport
from workflow.service.accounts import Accounts
from workflow.service.report.overrides import Overrides
from workflow.service.report.page import ReportFile
from workflow.service.report.sums import AddingUp
from workflow.service.report.tables import Reports

NEW = "new_received"


class County(Year):
    """The town, in a county with people who draw up, check and sign its report."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        with self.office.store.write() as unit:
            body = self.office.found_agency(unit, "yanshan")
            Accounts(self.office).add_user(
                unit, name="xiao", agency=body, roles=("clerk", "handler")
            )
            Accounts(self.office).add_user(unit, name="lead", agency=body, roles=("leader",))

    def withdrawn_at(self, agency: str, clerk: str, on: str) -> None:
        self.is_(on)
        number = self.file(agency).number
        self.act(clerk, number, "withdraw", on)

    def submitted(self) -> None:
        """The township's report, up to its submission."""
        self.written()
        for name, step in (("chen", "check"), ("zhang", "sign"), ("lifang", "submit")):
            self.take(name, step)

    def drafted(self) -> None:
        self.reports.draft(self.staff("xiao"), "yanshan", 2024)
        self.reports.save_text(
            self.staff("xiao"), "yanshan", 2024, "problems", "指导不够。今后每季度检查。"
        )

    def seen(self, version: int | None = None) -> ReportFile:
        return self.reports.file(self.staff("xiao"), "yanshan", 2024, version)

    def county(self, name: str, step: str) -> str:
        return self.reports.step(self.staff(name), "yanshan", 2024, step)

    def made(self) -> AnnualReport:
        return self.reports.report("yanshan", 2024)

    def own(self, year: int = 2024) -> dict[str, dict[str, int]]:
        return Reports(self.office).tables("yanshan", year).tables.table3


@pytest.fixture
def town(tmp_path: Path) -> County:
    town = County(tmp_path)
    town.withdrawn_at("yanshan", "xiao", "2024-03-05")
    town.withdrawn("2024-04-08", "2024-04-10")
    town.withdrawn("2024-05-08", "2024-05-10")
    town.withdrawn_at("jiangna", "sunli", "2024-06-05")
    town.note(2024, item="permits", kind="decisions", number="5", on="2024-06-05", title="许可")
    return town


def test_a_government_adds_up_its_own_office_and_the_reports_that_are_in(town: County) -> None:
    town.submitted()
    found = town.seen()
    assert found.report.cell3(NEW) == 3
    assert found.report.cell2("permits", "decisions") == 5
    assert found.area is not None
    assert (found.area.expected, found.area.missing) == (2, ("江那镇人民政府",))
    assert [f.where for f in found.findings if f.rule == "V24"] == ["江那镇人民政府"]
    assert "新收政府信息公开申请 3 件" in found.report.sections["overview"]
    assert town.own()[NEW]["total"] == 1


def test_a_department_and_a_body_without_others_below_speak_for_themselves(town: County) -> None:
    town.written()
    assert town.shown().area is None
    assert town.shown().report.cell3(NEW) == 2


def test_the_sum_of_the_area_and_the_report_of_the_government_agree(town: County) -> None:
    town.submitted()
    town.drafted()
    found = AddingUp(town.office).overview("yanshan", 2024)
    assert found.compared is not None and not found.compared.differences
    assert found.entered is not None and found.entered.report is not None
    assert found.entered.report.table2 == found.total.table("table2")


def test_what_is_signed_stands_while_a_late_report_comes_in(town: County) -> None:
    town.submitted()
    town.drafted()
    assert [town.county("county", "check"), town.county("lead", "sign")] == ["checked", "signed"]
    town.reports.draft(town.staff("sunli"), "jiangna", 2024)
    with town.office.store.write() as unit:
        body = town.office.found_agency(unit, "jiangna")
        Accounts(town.office).add_user(unit, name="mayor", agency=body, roles=("leader",))
    town.reports.save_text(town.staff("sunli"), "jiangna", 2024, "problems", "更新不及时，已改。")
    for name, step in (("sunli", "check"), ("mayor", "sign"), ("sunli", "submit")):
        town.reports.step(town.staff(name), "jiangna", 2024, step)
    found = town.seen()
    assert found.report.cell3(NEW) == 3
    assert any("报告 3，现在 4" in line for line in found.changed_since)
    assert town.county("county", "reopen") == "draft"
    assert town.made().cell3(NEW) == 4


def test_the_own_office_of_a_published_government_keeps_its_own_figures(town: County) -> None:
    town.is_("2024-12-20")
    town.file("yanshan")
    town.submitted()
    town.drafted()
    for name, step in (("county", "check"), ("lead", "sign"), ("county", "publish")):
        town.county(name, step)
    assert town.made().cell3(NEW) == 4
    assert (town.own()[NEW]["total"], town.own()["carried_out"]["total"]) == (2, 1)
    # Next year goes on from the own office's figures, and from the area's in the area's report.
    assert town.own(2025)["carried_in"]["total"] == 1
    later = town.reports.file(town.staff("xiao"), "yanshan", 2025)
    assert later.report.cell3("carried_in") == 1
    assert not [f for f in later.findings if f.rule == "V05"]


def test_a_number_put_in_by_hand_is_one_of_the_area(town: County) -> None:
    town.submitted()
    town.drafted()
    overrides = Overrides(town.reports)
    given = {
        "table": "table2",
        "row": "permits",
        "column": "decisions",
        "value": "8",
        "reason": "漏报",
    }
    overrides.put(town.staff("xiao"), "yanshan", 2024, given)
    overrides.confirm(town.staff("county"), "yanshan", 2024, "table2.permits.decisions", "8")
    town.county("county", "check")
    town.county("lead", "sign")
    assert town.made().cell2("permits", "decisions") == 8
    with town.office.store.read() as unit:
        body = town.office.found_agency(unit, "yanshan")
        sheets = Reports(town.office).counted2(unit, body, 2024, "2021")
    assert sheets.cells["permits"]["decisions"] == 0
