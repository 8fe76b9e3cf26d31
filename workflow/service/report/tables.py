"""Reports: the tables of a body and year, what checks them, and the cases behind each number."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from workflow.case.counted import CountedCase
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.report import checks
from workflow.report.annual import AnnualReport, Cells
from workflow.report.procedure.versions import cells2_restored, tables_restored
from workflow.report.tables import figures
from workflow.report.tables.succession import taken_over
from workflow.report.tables.table2 import Entry, Table2, carried_over, table2
from workflow.report.tables.tally import Entry as Entry3
from workflow.report.tables.tally import Tables, entries, links, tally
from workflow.service.office import Missing, Office
from workflow.service.report.register import TEXT, entry_of, standing
from workflow.service.report.submitted import frozen_report
from workflow.service.report.succession import Successions
from workflow.service.rules.settings import settings_of_year
from workflow.store import kept as kept_queries
from workflow.store import report as report_queries
from workflow.store.fees import fee_events_of_year
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit

YEARS_SHOWN = 6
FIRST_YEAR = 2000


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


FEW = 50
"""So many bodies stand on a page to choose from; of more it is searched for one."""


@dataclass(frozen=True)
class Choice:
    """Bodies to choose from: code and name of the first FEW, the own ones before the others. found: how
    many have the text that was searched for; of: how many there are."""

    bodies: tuple[tuple[str, str], ...]
    found: int
    of: int

    @property
    def many(self) -> bool:
        return self.of > FEW


class Reports:
    """The use cases around the annual tables."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law
        self.succession = Successions(office)

    def readable(self, staff: Staff) -> list[tuple[str, str]]:
        """Bodies whose tables the person may read: the own ones and those below, code and name."""
        with self.office.store.read() as unit:
            return [(row.code, row.name) for row in self.office.reach(unit, "read_reports", staff)]

    def choice(self, staff: Staff, q: str = "") -> Choice:
        """The bodies of `readable` to choose from; of many those whose name holds the text."""
        with self.office.store.read() as unit:
            rows = self.office.reach(unit, "read_reports", staff)
            found = [row for row in rows if q in row.name] if q else rows
            first = sorted(found, key=lambda row: row.code not in staff.roles)[:FEW]
            return Choice(tuple((row.code, row.name) for row in first), len(found), len(rows))

    def readable_name(self, staff: Staff, agency: str) -> str | None:
        """The name of a body whose tables the person may read; None for every other one."""
        with self.office.store.read() as unit:
            body = self.office.tree(unit).by_code.get(agency)
            within = body is not None and self.office.reaches(unit, "read_reports", staff, body)
            return body.name if body is not None and within else None

    def tables(self, agency: str, year: int, fmt: str | None = None) -> YearTables:
        """Tables 3 and 4. Raises Missing for an unknown body, BadInput for year or format."""
        self.check(year, fmt)
        with self.office.store.read() as unit:
            row = self.office.found_agency(unit, agency)
            return self.tables_of(unit, row, year, fmt)

    def tables_of(
        self, unit: Unit, row: AgencyRow, year: int, fmt: str | None = None
    ) -> YearTables:
        """The published figures of a published year, else what cases and register give now."""
        fmt = fmt or self.law.formats.format_of(year)
        kept = self.kept(unit, row, year, fmt)
        before = self.kept(unit, row, year - 1, fmt)
        groups = [] if kept and before else self.groups_of(unit, row, year)
        carried = None
        if kept:
            this = tables_restored(kept, year, fmt)
        else:
            this, carried = self._counted(unit, row, year, fmt, groups)
        cells2 = self.cells2_of(unit, row, year, fmt)
        findings = checks.sums(this.table3, this.table4, this.format, self.law.formats)
        matches = None
        if year > FIRST_YEAR:
            last = before["table3"] if before else self._before(unit, row, year, fmt, groups)
            left = last["carried_out"]
            if before:
                left = self._with_predecessors(unit, row, year, fmt, left)
            matches = this.table3["carried_in"] == left
            if not matches:
                findings.append(
                    checks.Finding(
                        "V05", "error", "表三“上年结转”行",
                        f"与 {year - 1} 年的“结转下年度继续办理”不一致",
                    )
                )  # fmt: skip
        if carried is not None:
            findings.append(carried)
        return YearTables(row.code, row.name, this, findings, matches, cells2, bool(kept))

    def kept(self, unit: Unit, body: AgencyRow, year: int, fmt: str) -> Any:
        """The frozen tables of a published year in a format; None where no report is published."""
        row = report_queries.published_report(unit, body.id, year)
        return row.figures["sheets"].get(fmt) if row and row.figures else None

    def _last_year(self, unit: Unit, body: AgencyRow, year: int) -> tuple[Any, str]:
        """The frozen tables of the year before in that year's own format, None where it is not
        published; and the format, "" where there is none."""
        if year <= FIRST_YEAR:
            return None, ""
        fmt = self.law.formats.format_of(year - 1)
        return self.kept(unit, body, year - 1, fmt), fmt

    def cells2_of(self, unit: Unit, body: AgencyRow, year: int, fmt: str) -> Cells:
        """Table 二 as everybody reads it: frozen in a published year, else from the register."""
        kept = self.kept(unit, body, year, fmt)
        return cells2_restored(kept) if kept else self.counted2(unit, body, year, fmt).cells

    def counted2(self, unit: Unit, body: AgencyRow, year: int, fmt: str) -> Table2:
        """Table 二 from the register of the year as it is now, with the entries behind each cell.

        信息处理费 that were paid are 行政事业性收费 and come in by themselves (law.md §2). What is carried
        over comes from last year's published table, else from last year's register, unless this year's
        says itself what there was at its beginning.
        """
        rows = report_queries.entries_of_year(unit, body.id, year)
        found = [entry_of(row) for row in standing(rows) if row.kind != TEXT]
        fees = fee_events_of_year(unit, [body.id], year)
        found.extend(
            Entry(fee.number, "charges", "charged", fee.on, "信息处理费", 1, fee.amount)
            for fee in fees
            if fee.event == "pay_fee"
        )
        return table2(found, fmt, self.law.formats, self._table2_before(unit, body, year, found))

    def _table2_before(
        self, unit: Unit, body: AgencyRow, year: int, entries: list[Entry]
    ) -> AnnualReport | None:
        """Last year as far as table 二 goes on from it."""
        kept, fmt = self._last_year(unit, body, year)
        cells: Cells = {}
        if kept:
            cells = cells2_restored(kept)
        elif fmt and report_queries.has_register_until(unit, body.id, year - 1):
            told = {entry.item for entry in entries if entry.kind == "before"}
            last = self.counted2(unit, body, year - 1, fmt).cells
            cells = {item: found for item, found in last.items() if item not in told}
        return AnnualReport(body.name, year - 1, fmt, table2=cells) if cells else None

    def behind2(self, agency: str, year: int, item: str, name: str) -> tuple[list[int | str], int]:
        """What stands behind a cell of table 二: ids of entries and numbers of cases with paid fees, and
        what was carried over from the year before. Raises Missing for a cell that is not there."""
        self.check(year, None)
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            fmt = self.law.formats.format_of(year)
            published = report_queries.published_report(unit, body.id, year)
            if published and self.kept(unit, body, year, fmt):
                cells = self.cells2_of(unit, body, year, fmt)
                place = (fmt, "table2", f"{item}/{name}")
                behind = report_queries.behind_cell(unit, published, *place)
            else:
                second = self.counted2(unit, body, year, fmt)
                cells, behind = second.cells, second.behind.get((item, name))
            if behind is None:
                raise Missing("年报表格中没有这一格")
            rows = {row.id: row for row in report_queries.entries_of_year(unit, body.id, year)}
            own = [entry_of(rows[one]) for one in behind if isinstance(one, int)]
            put_in = published.overrides if published else ()
            if any(one["table"] == "table2" and one["row"] == item for one in put_in):
                return behind, 0
            return behind, carried_over(name, cells[item][name], own)

    def before(self, unit: Unit, body: AgencyRow, year: int) -> AnnualReport | None:
        """Last year's published report, as it was published."""
        row = report_queries.published_report(unit, body.id, year - 1)
        report = frozen_report(body, row) if row else None
        if report is None or report.table3 is None:
            return report
        fmt, out = report.format, report.table3["carried_out"]
        both = self._with_predecessors(
            unit, body, year, fmt, {c: int(n or 0) for c, n in out.items()}
        )
        return replace(report, table3={**report.table3, "carried_out": both})

    def _tally(self, unit: Unit, row: AgencyRow, year: int, fmt: str | None) -> Tables:
        """Tables 三 and 四 as everybody reads them."""
        return self._shown(unit, row, year, fmt or self.law.formats.format_of(year))[0]

    def _shown(
        self, unit: Unit, row: AgencyRow, year: int, fmt: str
    ) -> tuple[Tables, checks.Finding | None]:
        """Tables 三 and 四: frozen in a published year, else counted now; as `counted`."""
        kept = self.kept(unit, row, year, fmt)
        if kept:
            return tables_restored(kept, year, fmt), None
        return self.counted(unit, row, year, fmt)

    def counted(
        self, unit: Unit, row: AgencyRow, year: int, fmt: str
    ) -> tuple[Tables, checks.Finding | None]:
        """Tables 三 and 四 from the cases as they are now, without the numbers of the cases.

        上年结转 is the published 结转下年度 of the year before where the setting carry_in_source says so
        and there is one; a difference to the cases is told (law.md §6.3).
        """
        return self._counted(unit, row, year, fmt, self.groups_of(unit, row, year))

    def _counted(
        self, unit: Unit, row: AgencyRow, year: int, fmt: str, cases: list[CountedCase]
    ) -> tuple[Tables, checks.Finding | None]:
        settings = settings_of_year(self.office, unit, row, year)
        found = tally(cases, year, self.law, settings, fmt)
        last, _ = self._last_year(unit, row, year)
        if settings["carry_in_source"] != "published" or last is None:
            return found, None
        carried = {column: int(n or 0) for column, n in last["table3"]["carried_out"].items()}
        carried = self._with_predecessors(unit, row, year, fmt, carried)
        own = found.table3["carried_in"]
        found = replace(found, table3={**found.table3, "carried_in": carried})
        return found, None if carried == own else _carried_differs(carried, own, year)

    def _with_predecessors(
        self, unit: Unit, row: AgencyRow, year: int, fmt: str, left: Mapping[str, int]
    ) -> dict[str, int]:
        """结转下年度 of the year before with what came from bodies whose duties went to this one in the
        year: as they published it, else as their cases have it (V05)."""
        found = {column: int(n or 0) for column, n in left.items()}
        for body, given in self.succession.begun(unit, row, year):
            kept = self.kept(unit, body, year - 1 if given.adds_both else year, fmt)
            if kept:
                out = kept["table3"]["carried_out"]
            else:
                cases = kept_queries.cases_for_tables(unit, body.id, year, self._void())
                settings = settings_of_year(self.office, unit, row, year)
                both = taken_over(cases, year, given)
                out = tally(both, year - 1, self.law, settings, fmt).table3["carried_out"]
            for column, n in out.items():
                found[column] = found.get(column, 0) + int(n or 0)
        return found

    def _before(
        self, unit: Unit, row: AgencyRow, year: int, fmt: str, groups: list[CountedCase]
    ) -> dict[str, dict[str, int]]:
        """Table 三 of the year before as far as 结转下年度 goes: all that it carried out stands among the
        cases of this year."""
        settings = settings_of_year(self.office, unit, row, year - 1)
        return tally(groups, year - 1, self.law, settings, fmt).table3

    def _cases(self, unit: Unit, row: AgencyRow, year: int) -> list[CountedCase]:
        return self.succession.reported(
            unit, row, year,
            lambda body: kept_queries.cases_for_tables(unit, body.id, year, self._void()),
        )  # fmt: skip

    def groups_of(self, unit: Unit, row: AgencyRow, year: int) -> list[CountedCase]:
        """The cases of a body's report, alike ones in groups; also those of the year before that were not
        closed in it."""
        by = links(settings_of_year(self.office, unit, row, year))
        by |= links(settings_of_year(self.office, unit, row, year - 1))

        def groups(body: AgencyRow) -> list[CountedCase]:
            found = kept_queries.groups_for_tables(unit, {body.id: by}, year, self._void())
            return found.get(body.id, [])

        return self.succession.reported(unit, row, year, groups)

    def _void(self) -> tuple[str, ...]:
        return tuple(name for name, state in self.law.states.items() if state.stage == "void")

    def annual(self, agency: str, year: int, fmt: str | None = None) -> AnnualReport:
        """The tables to be written as a file: the frozen ones of a published year, else as cases and
        register have them now. The texts are empty: they are added when the report is drawn up. Raises
        as `tables`."""
        self.check(year, fmt)
        with self.office.store.read() as unit:
            row = self.office.found_agency(unit, agency)
            found = self._tally(unit, row, year, fmt)
            return self._annual(row, found, self.cells2_of(unit, row, year, found.format))

    def counted_report(
        self, unit: Unit, row: AgencyRow, year: int, fmt: str
    ) -> tuple[AnnualReport, Tables, Table2]:
        """The tables as cases and register have them now, whatever is published, and what is behind."""
        found = self.counted_one_by_one(unit, row, year, fmt)
        second = self.counted2(unit, row, year, fmt)
        return self._annual(row, found, second.cells), found, second

    def counted_now(
        self, unit: Unit, row: AgencyRow, year: int, fmt: str
    ) -> tuple[AnnualReport, checks.Finding | None]:
        """The same tables without what is behind; and the finding of `counted`."""
        found, carried = self.counted(unit, row, year, fmt)
        return self._annual(row, found, self.counted2(unit, row, year, fmt).cells), carried

    def counted_one_by_one(self, unit: Unit, row: AgencyRow, year: int, fmt: str) -> Tables:
        """Tables 三 and 四 as the cases have them now, with the numbers behind every cell."""
        return self._counted(unit, row, year, fmt, self._cases(unit, row, year))[0]

    def _annual(self, row: AgencyRow, found: Tables, cells2: Cells) -> AnnualReport:
        return AnnualReport(
            agency=row.name,
            code=row.code,
            level=row.level,
            year=found.year,
            format=found.format,
            table2=cells2,
            table3=found.table3,
            table4=found.table4,
            period=(date(found.year, 1, 1), date(found.year, 12, 31)),
        )

    def figures(self, agency: str, year: int, fmt: str | None = None) -> list[figures.Figure]:
        """The year in figures: months, outcomes, durations, and the years before. Raises as `tables`."""
        self.check(year, fmt)
        with self.office.store.read() as unit:
            row = self.office.found_agency(unit, agency)
            units = self._units_by_days(unit, row, year)
            last_day = date(year, 12, 31)
            rules = self.office.rules(unit, row, last_day)
            known = [one for one in self._years_of(unit, row) if one <= year]
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

    def _units_by_days(self, unit: Unit, row: AgencyRow, year: int) -> list[Entry3]:
        """The units of table 三 that were received or closed in the year, those of the same days together."""
        settings = settings_of_year(self.office, unit, row, year)
        if not self.succession.stands_alone(unit, row, year):
            return entries(
                [case for case in self._cases(unit, row, year) if not case.void], settings
            )
        cases = [case for case in self.groups_of(unit, row, year) if not case.void]
        units, often = list[Entry3](), Counter[str]()
        for one in entries(cases, settings):
            if one.number:
                units.append(one)
            elif year in (one.received_on.year, one.closed_on.year if one.closed_on else 0):
                often[one.word] += 1
        apart = [case.number for case in cases if case.number]
        for times in {*often.values()}:
            words = [word for word, n in often.items() if n == times]
            days = kept_queries.days_of(unit, row.id, words, apart)
            units += [Entry3("", "", came, ended, None, times * n) for came, ended, n in days]
        return units

    def years(self, agencies: Collection[str]) -> list[int]:
        """The years in which one of the bodies has something to report, and this year and the last; the
        latest first."""
        with self.office.store.read() as unit:
            tree = self.office.tree(unit).by_code
            ids = [tree[code].id for code in agencies if code in tree]
            this = self.office.today().year
            known = kept_queries.years_with_cases(unit, ids).values()
            return sorted(
                {this, this - 1, *(year for some in known for year in some)}, reverse=True
            )

    @staticmethod
    def _years_of(unit: Unit, row: AgencyRow) -> list[int]:
        return kept_queries.years_with_cases(unit, [row.id]).get(row.id, [])

    def check(self, year: int, fmt: str | None) -> None:
        """Raises BadInput for a year or format that there is not."""
        if not FIRST_YEAR <= year <= 2050:
            raise BadInput([FieldError("year", "年份须在 2000 至 2050 之间")])
        if fmt is not None and fmt not in self.law.formats.rows:
            raise BadInput([FieldError("format", "格式只能是 2019 或者 2021")])


def _carried_differs(
    published: dict[str, int], counted: dict[str, int], year: int
) -> checks.Finding:
    """The difference between last year's published 结转 and what the cases give, by column."""
    return checks.Finding(
        "V05", "warn", "表三“上年结转”行",
        f"取自 {year - 1} 年已公布的报告（总计 {published['total']} 件），系统中的申请为 "
        f"{counted['total']} 件。上年数字有误的，先更正上年报告",
    )  # fmt: skip
