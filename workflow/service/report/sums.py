"""What a supervising body sees of a year: who has submitted, whose figures fail, the sum, the gaps."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Literal

from workflow.clock import report_last_day
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.report.annual import AnnualReport
from workflow.report.checks import Finding
from workflow.report.sums.aggregate import Aggregate, add_up, failing_sums
from workflow.report.sums.difference import Comparison, compare
from workflow.report.tables.tally import Tables, links, tally
from workflow.rules.rulebook import merged_settings
from workflow.service.office import Missing, Office
from workflow.service.report.annual import AnnualReports
from workflow.service.report.area import Tree, counts, is_covered, speaks_for_its_area
from workflow.service.report.submitted import Submitted, submitted
from workflow.service.report.tables import Reports
from workflow.store import cases as case_queries
from workflow.store import kept as kept_queries
from workflow.store.bodies import Body
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit

Versions = Callable[[Unit, list[Body], int], Mapping[str, Submitted]]
"""The version of each body that counts, by code, for all of them at once."""


Way = Literal["report", "live", "covered", "open"]


@dataclass(slots=True)
class Line:
    """A body below. depth: 1 for those directly below. way: how it is in the sum — by its report, by
    its cases in the system (live), within the report of a government above it (covered), or not (open).

    live: what its cases give where no report is in. late: nothing was in by the due day.
    """

    code: str
    name: str
    depth: int
    way: Way
    submitted: Submitted | None
    findings: tuple[Finding, ...] = ()
    live: AnnualReport | None = None
    due: date | None = None
    late: bool = False

    @property
    def may_be_filed(self) -> bool:
        """Its report may be taken in as a file: it draws up none here, or a file was taken in before."""
        return self.way != "covered" and (self.submitted is None or self.submitted.by_file)

    @property
    def state(self) -> str:
        """The state of its report; `missing` where there is none."""
        return self.submitted.state if self.submitted else "missing"


@dataclass(frozen=True)
class Overview:
    """A year of a body and all bodies below it.

    own: the body's own cases as a report, None for a body without any. entered: the report of a
    government on its whole area, which is compared with the sum.
    """

    code: str
    name: str
    year: int
    whole_area: bool
    due: date
    lines: tuple[Line, ...]
    total: Aggregate
    own: AnnualReport | None = None
    entered: Submitted | None = None
    compared: Comparison | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


class AddingUp:
    """The use cases around the sum of a year."""

    def __init__(self, office: Office, versions: Versions = submitted) -> None:
        self.office = office
        self.law = office.law
        self.versions = versions
        self.reports = Reports(office)

    def supervised(self, staff: Staff) -> list[tuple[str, str]]:
        """The bodies whose sum the person may see: the own ones and those below them, where bodies
        are below; code and name."""
        with self.office.store.read() as unit:
            rows = self.office.reach(unit, "read_reports", staff)
            parents = self.office.tree(unit).children
            return [(row.code, row.name) for row in rows if row.id in parents]

    def has_area(self, agency: str) -> bool:
        """True for a government with bodies below it: its report says other figures than its own."""
        with self.office.store.read() as unit:
            body = self.office.found_body(unit, agency)
            return speaks_for_its_area(body.level) and body.id in self.office.tree(unit).children

    def overview(
        self,
        agency: str,
        year: int,
        *,
        with_live: Collection[str] | Literal[True] = (),
        outside: Collection[AnnualReport] = (),
        fmt: str | None = None,
        shown: slice | None = None,
    ) -> Overview:
        """Everything about a year of a body with bodies below it.

        with_live: codes of bodies without a report that are counted by their cases; True: all of
        them. outside: reports of bodies that the system does not have. shown: the lines of which it is told
        what their cases give; None: all of them. Raises Missing for an unknown body or one without bodies
        below, BadInput for the year and for two reports of one body.
        """
        if not 2000 <= year <= 2050:
            raise BadInput([FieldError("year", "年份须在 2000 至 2050 之间")])
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            tree = Tree(self.office.tree(unit).below({agency}), body)
            if not tree.below and not outside:
                raise Missing("这个机关没有下级机关")
            handed = self.versions(unit, tree.rows, year)
            whole_area = speaks_for_its_area(body.level)
            entered = handed.get(body.code) if whole_area else None
            told = tree.rows
            if shown is not None and entered is None and with_live is not True:
                looked_at = [row for row, _, _ in islice(tree.walk(), shown.start, shown.stop)]
                told = [*looked_at, *(row for row in tree.below if row.code in with_live)]
            without = {row.id: row for row in told if not counts(handed.get(row.code))}
            live = self._live(unit, list(without.values()), year, fmt)
            dues = self._dues(unit, tree.rows, year)
            office, _ = Reports(self.office).counted_now(
                unit, body, year, fmt or self.law.formats.format_of(year)
            )
        lines = list(self._lines(tree, handed, live, with_live, dues))
        reports = [r for line in lines if line.way in ("report", "live") if (r := _of(line))]
        reports.extend(outside)
        own = self._own(body, handed, office, whole_area)
        if own is not None:
            reports.append(own)
        expected = {line.code: line.name for line in lines if line.way == "open"}
        total = add_up(reports, year, self.law.formats, fmt=fmt, expected=expected)
        if entered is not None and entered.report is None:
            report = AnnualReports(self.office).report(agency, year)
            entered = Submitted(report, entered.state, entered.on)
        uncounted = [found for line in lines if line.way == "open" if (found := _of(line))]
        return Overview(
            body.code,
            body.name,
            year,
            whole_area,
            dues[body.id],
            tuple(lines),
            total,
            own,
            entered,
            compare(total, entered.report, uncounted) if entered and entered.report else None,
            {
                "in": sum(line.way in ("report", "covered") for line in lines),
                "late": sum(line.late for line in lines),
                "failing": sum(bool(line.findings) for line in lines),
            },
        )

    def _own(
        self,
        body: AgencyRow,
        handed: Mapping[str, Submitted],
        office: AnnualReport,
        whole_area: bool,
    ) -> AnnualReport | None:
        """The own office among those added up: a government by its cases and register (its report is
        the total), a department by its report or, without one, by those; None without any number."""
        version = handed.get(body.code)
        if not whole_area and version is not None and counts(version):
            return version.report
        tables = (office.table2, office.table3, office.table4)
        numbers = (
            n for table in tables for cells in (table or {}).values() for n in cells.values()
        )
        return office if any(numbers) else None

    def _lines(
        self,
        tree: Tree,
        handed: Mapping[str, Submitted],
        live: Mapping[str, AnnualReport],
        with_live: Collection[str] | Literal[True],
        dues: Mapping[int, date],
    ) -> Iterator[Line]:
        today = self.office.today()
        for row, depth, above in tree.walk():
            version = handed.get(row.code)
            covered = is_covered(above, handed)
            ticked = with_live is True or row.code in with_live
            way: Way = "open"
            if covered:
                way = "covered"
            elif counts(version):
                way = "report"
            elif ticked:
                way = "live"
            findings: tuple[Finding, ...] = ()
            if version is not None and version.report is not None and counts(version):
                findings = failing_sums(version.report, self.law.formats)
            yield Line(
                row.code, row.name, depth, way, version, findings, live.get(row.code), dues[row.id],
                late=not covered and not counts(version) and today > dues[row.id],
            )  # fmt: skip

    # -- many bodies at once --------------------------------------------------------------------------

    def _live(
        self, unit: Unit, rows: list[Body], year: int, fmt: str | None
    ) -> dict[str, AnnualReport]:
        """What the cases give, by code: the same few queries for all bodies, never one for each."""
        void = tuple(name for name, state in self.law.states.items() if state.stage == "void")
        settings = self._settings(unit, rows, year)
        by = {row.id: links(settings[row.id]) for row in rows}
        cases = kept_queries.groups_for_tables(unit, by, year, void)
        heirs = {body.successor for body in self.office.tree(unit).bodies} - {None}
        moved = [row.id for row in rows if row.successor is not None or row.code in heirs]
        for body in unit.agencies(moved) if moved else ():
            cases[body.id] = self.reports.groups_of(unit, body, year)
        found: dict[str, AnnualReport] = {}
        for row in rows:
            tables = tally(cases.get(row.id, []), year, self.law, settings[row.id], fmt)
            found[row.code] = _live_report(row, tables)
        return found

    def _dues(self, unit: Unit, rows: list[Body], year: int) -> dict[int, date]:
        """The last day of each body for its report, by its setting report_dates of 31 March."""
        chosen = {
            one.agency_id: one.value
            for one in case_queries.settings_of(
                unit, [row.id for row in rows], date(year + 1, 3, 31)
            )
            if one.name == "report_dates"
        }
        rule, days = self.law.settings["report_dates"], dict[tuple[str, Any], date]()
        found = {}
        for row in rows:
            key = row.level, chosen.get(row.id, rule.default)
            if key not in days:
                days[key] = report_last_day(row.level, year, rule.parse(key[1]))
            found[row.id] = days[key]
        return found

    def _settings(self, unit: Unit, rows: list[Body], year: int) -> dict[int, dict[str, Any]]:
        """The settings under which each body counts the year, as `settings_of_year` has them for one."""
        ids = [row.id for row in rows]
        chosen: dict[int, dict[str, Any]] = {}
        for one in case_queries.settings_of(unit, ids, date(year, 12, 31)):
            chosen.setdefault(one.agency_id, {})[one.name] = one.value
        frozen = {p.agency_id: p for p in unit.published_years(ids) if p.year == year}
        known = self.law.settings
        found = {}
        for row in rows:
            if row.id in frozen:
                kept = frozen[row.id].settings
                given = {name: known[name].parse(v) for name, v in kept.items() if name in known}
                found[row.id] = {**self.law.defaults(), **given}
            else:
                found[row.id] = merged_settings(self.law, chosen.get(row.id, {}))
        return found


def _of(line: Line) -> AnnualReport | None:
    """What is known of a body: its report, its cases where they are asked for or there is nothing else."""
    version = line.submitted
    if line.way == "live" or version is None or version.report is None:
        return line.live
    return version.report


def _live_report(row: Body, tables: Tables) -> AnnualReport:
    return AnnualReport(
        row.name, tables.year, tables.format, table3=tables.table3, table4=tables.table4,
        code=row.code, level=row.level,
    )  # fmt: skip
