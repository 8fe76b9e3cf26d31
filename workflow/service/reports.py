"""Reports: the tables of a body and year, what checks them, and the cases behind each number."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.report import checks, figures
from workflow.report.annual import AnnualReport, Cells
from workflow.report.table2 import Table2, table2
from workflow.report.tally import CountedCase, Tables, entries, tally
from workflow.report.versions import TABLES, restored
from workflow.service.office import Missing, Office
from workflow.service.settings import settings_of_year
from workflow.service.year_register import entry_of, standing
from workflow.store import queries
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit

YEARS_SHOWN = 6


@dataclass(frozen=True)
class YearTables:
    """The tables of one body and year with what was checked about them."""

    agency: str
    agency_name: str
    tables: Tables
    findings: list[checks.Finding]
    carried_in_matches: bool | None
    table2: Cells | None = None
    published: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The form that `gongkai tally` and the API print; table2 is counted from the year's
        register."""
        return {
            "agency": self.agency,
            "year": self.tables.year,
            "format": self.tables.format,
            "table2": _as_numbers(self.table2) if self.table2 else None,
            "table3": self.tables.table3,
            "table4": self.tables.table4,
            "checks": [finding.as_dict() for finding in self.findings],
        }


def _as_numbers(table: Cells) -> dict[str, dict[str, int | float | None]]:
    """A table for JSON: whole numbers, and decimals with their places."""
    return {
        row: {c: (float(v) if isinstance(v, Decimal) else v) for c, v in cells.items()}
        for row, cells in table.items()
    }


class Reports:
    """The use cases around the annual tables."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law

    def readable(self, staff: Staff) -> list[tuple[str, str]]:
        """Bodies whose tables the person may read: the own ones and those below, code and name."""
        with self.office.store.read() as unit:
            return [(row.code, row.name) for row in self.office.below(unit, set(staff.roles))]

    def tables(self, agency: str, year: int, fmt: str | None = None) -> YearTables:
        """Tables 3 and 4. Raises Missing for an unknown body, BadInput for year or format."""
        self._check(year, fmt)
        with self.office.store.read() as unit:
            row = self.office.found_agency(unit, agency)
            return self.tables_of(unit, row, year, fmt)

    def tables_of(
        self, unit: Unit, row: AgencyRow, year: int, fmt: str | None = None
    ) -> YearTables:
        """The published figures of a published year, else what cases and register give now."""
        this = self._tally(unit, row, year, fmt)
        cells2: Cells = self.table2_of(unit, row, year, this.format).cells
        frozen = queries.published_report(unit, row.id, year)
        published = bool(frozen and frozen.figures and frozen.figures["format"] == this.format)
        if published and frozen is not None and frozen.figures is not None:
            kept_tables = frozen.figures["tables"]
            this = replace(this, table3=kept_tables["table3"], table4=kept_tables["table4"])
            cells2 = restored(kept_tables["table2"])
        before = self._tally(unit, row, year - 1, this.format) if year > 2000 else None
        last = self.before(unit, row, year)
        if before is not None and last is not None and last.format == this.format and last.table3:
            sheet = {
                r: {c: int(n or 0) for c, n in cells.items()} for r, cells in last.table3.items()
            }
            before = replace(before, table3=sheet)
        findings = checks.sums(this.table3, this.table4, this.format, self.law.formats)
        matches = None
        if before is not None:
            matches = this.table3["carried_in"] == before.table3["carried_out"]
            if not matches:
                findings.append(
                    checks.Finding(
                        "V05", "error", "表三“上年结转”行",
                        f"与 {year - 1} 年的“结转下年度继续办理”不一致",
                    )
                )  # fmt: skip
        return YearTables(row.code, row.name, this, findings, matches, cells2, published)

    def table2_of(self, unit: Unit, body: AgencyRow, year: int, fmt: str) -> Table2:
        """Table 二 from the register of the year, with the entries behind each cell."""
        rows = standing(queries.entries_of_year(unit, body.id, year))
        entries = [entry_of(row) for row in rows if row.kind != "text"]
        return table2(entries, fmt, self.law.formats, self.before(unit, body, year))

    def before(self, unit: Unit, body: AgencyRow, year: int) -> AnnualReport | None:
        """Last year's published report, as it was published."""
        row = queries.published_report(unit, body.id, year - 1)
        if row is None or row.figures is None:
            return None
        frozen: dict[str, Any] = {name: restored(row.figures["tables"][name]) for name in TABLES}
        return AnnualReport(
            agency=body.name,
            code=body.code,
            level=body.level,
            year=year - 1,
            format=row.figures["format"],
            sections=row.figures["sections"],
            version=row.version,
            **frozen,
        )

    def _tally(self, unit: Unit, row: AgencyRow, year: int, fmt: str | None) -> Tables:
        """Tables 3 and 4 from the cases. 上年结转 is the published 结转下年度 of the year before where the
        setting carry_in_source says so and there is one."""
        cases = self._cases(unit, row, year)
        settings = settings_of_year(self.office, unit, row, year)
        found = tally(cases, year, self.law, settings, fmt)
        last = self.before(unit, row, year)
        if settings["carry_in_source"] == "published" and last is not None and last.table3:
            carried = {column: int(n or 0) for column, n in last.table3["carried_out"].items()}
            found = replace(found, table3={**found.table3, "carried_in": carried})
        return found

    def _cases(self, unit: Unit, row: AgencyRow, year: int) -> list[CountedCase]:
        void = tuple(name for name, state in self.law.states.items() if state.stage == "void")
        return queries.cases_for_tables(unit, row.id, year, void)

    def annual(self, agency: str, year: int, fmt: str | None = None) -> AnnualReport:
        """The report with the tables as the cases have them now, to be written as a file. Its texts and
        table 二 are empty: they are added when the report is drawn up. Raises as `tables`."""
        self._check(year, fmt)
        with self.office.store.read() as unit:
            return self.annual_of(unit, self.office.found_agency(unit, agency), year, fmt)

    def annual_of(
        self, unit: Unit, row: AgencyRow, year: int, fmt: str | None = None
    ) -> AnnualReport:
        """The same within a unit of work."""
        found = self._tally(unit, row, year, fmt)
        return AnnualReport(
            agency=row.name,
            code=row.code,
            level=row.level,
            year=year,
            format=found.format,
            table3=found.table3,
            table4=found.table4,
            period=(date(year, 1, 1), date(year, 12, 31)),
        )

    def figures(self, agency: str, year: int, fmt: str | None = None) -> list[figures.Figure]:
        """The year in figures: months, outcomes, durations, and the years before. Raises as `tables`."""
        self._check(year, fmt)
        with self.office.store.read() as unit:
            row = self.office.found_agency(unit, agency)
            settings = settings_of_year(self.office, unit, row, year)
            cases = [case for case in self._cases(unit, row, year) if not case.void]
            units = entries(cases, settings)
            last_day = date(year, 12, 31)
            rules = self.office.rules(unit, row, last_day)
            known = [one for one in queries.years_with_cases(unit, row.id) if one <= year]
            shown = sorted({year, *known[-YEARS_SHOWN:]})
            tables = [(one, self._tally(unit, row, one, fmt)) for one in shown]
            this = tables[-1][1]
            return [
                figures.per_month(units, year),
                figures.outcome_mix(this.table3, this.format, self.law.formats),
                figures.durations(
                    units, year, rules.calendar.count, self.law.periods["reply"].at(last_day)
                ),
                figures.over_years([(one, found.table3) for one, found in tables]),
            ]

    def behind(
        self, agency: str, year: int, row: str, column: str, fmt: str | None = None
    ) -> list[str]:
        """The numbers of the cases behind a cell of table 3 or (row = block) of table 4.

        Raises Missing for a row or column that the format does not have.
        """
        tables = self.tables(agency, year, fmt).tables
        if row in tables.table3 and column in tables.table3[row]:
            return tables.behind3.get((row, column), [])
        if row in tables.table4 and column in tables.table4[row]:
            return tables.behind4.get((row, column), [])
        raise Missing("年报表格中没有这一格")

    def years(self, agency: str) -> list[int]:
        """The years that have something to report, and this year and the last."""
        with self.office.store.read() as unit:
            row = self.office.found_agency(unit, agency)
            this = self.office.today().year
            return sorted({this, this - 1, *queries.years_with_cases(unit, row.id)}, reverse=True)

    def _check(self, year: int, fmt: str | None) -> None:
        if not 2000 <= year <= 2050:
            raise BadInput([FieldError("year", "年份须在 2000 至 2050 之间")])
        if fmt is not None and fmt not in self.law.formats.rows:
            raise BadInput([FieldError("format", "格式只能是 2019 或者 2021")])
