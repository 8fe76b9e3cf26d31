"""What a supervising body sees of a year: who has submitted, whose figures fail, the sum, the gaps."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Literal

from config.law import Law
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
from workflow.service.report.area import Place, Tree, counts, speaks_for_its_area
from workflow.service.report.submitted import Submitted, submitted
from workflow.service.report.tables import Reports
from workflow.store import cases as case_queries
from workflow.store import kept as kept_queries
from workflow.store.bodies import Body
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit

Versions = Callable[[Unit, Sequence[Body], int], Mapping[str, Submitted]]
"""The version of each body that counts, by code, for all of them at once."""


Way = Literal["report", "live", "covered", "open"]
PER_PAGE = 50
NAMED_MOST = 50
"""So many bodies without a report are named in the warnings of a page."""
TREES_MOST = 200
"""So many bodies with those below them are kept at a time."""


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
class Shown:
    """Which of the bodies below are told of: those whose name holds the text, of them so many after the
    first ones. Where there are more than a page of them, the late ones come first, then those not in."""

    after: int = 0
    most: int = PER_PAGE
    q: str = ""


@dataclass(frozen=True)
class Overview:
    """A year of a body and all bodies below it.

    lines: the bodies that are told of; below: how many there are; found: how many of them have the text
    that was searched for. ways: how each body is in the sum that is in it by its report or its cases.
    unnamed: how many bodies without a report are too many to be named in the warnings. own: the body's own
    cases as a report, None for a body without any. entered: the report of a government on its whole area,
    which is compared with the sum.
    """

    code: str
    name: str
    year: int
    whole_area: bool
    due: date
    lines: tuple[Line, ...]
    total: Aggregate
    below: int
    found: int
    ways: Mapping[str, Way]
    unnamed: int = 0
    own: AnnualReport | None = None
    entered: Submitted | None = None
    compared: Comparison | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


class Dues:
    """The last day of each body for its report, by its setting report_dates of 31 March."""

    def __init__(self, law: Law, year: int, chosen: Mapping[int, Any]) -> None:
        self.rule, self.year, self.chosen = law.settings["report_dates"], year, chosen
        self._days: dict[tuple[str, Any], date] = {}

    def of(self, row: Body | AgencyRow) -> date:
        return self.of_level(row.level, self.chosen.get(row.id, self.rule.default))

    def of_level(self, level: str, chosen: Any) -> date:
        key = level, chosen
        if key not in self._days:
            self._days[key] = report_last_day(level, self.year, self.rule.parse(chosen))
        return self._days[key]


class AddingUp:
    """The use cases around the sum of a year."""

    def __init__(self, office: Office, versions: Versions = submitted) -> None:
        self.office = office
        self.law = office.law
        self.versions = versions
        self.reports = Reports(office)
        self._trees: tuple[object, dict[str, Tree]] = (None, {})

    def supervised(self, staff: Staff) -> list[tuple[str, str]]:
        """The bodies whose sum the person may see: the own ones and those below them, where bodies
        are below; code and name."""
        with self.office.store.read() as unit:
            rows = self.office.reach(unit, "read_reports", staff)
            parents = self.office.tree(unit).children
            return [(row.code, row.name) for row in rows if row.id in parents]

    def supervised_name(self, staff: Staff, agency: str) -> str | None:
        """The name of a body with bodies below it whose sum the person may see; None for every other one."""
        with self.office.store.read() as unit:
            tree = self.office.tree(unit)
            body = tree.by_code.get(agency)
            if body is None or body.id not in tree.children:
                return None
            within = self.office.reaches(unit, "read_reports", staff, body)
            return body.name if within else None

    def has_area(self, agency: str) -> bool:
        """True for a government with bodies below it: its report says other figures than its own."""
        with self.office.store.read() as unit:
            body = self.office.found_body(unit, agency)
            return speaks_for_its_area(body.level) and body.id in self.office.tree(unit).children

    def _tree(self, unit: Unit, body: Body) -> Tree:
        """The body with those below it; kept as the rules are."""
        mark, known = self._trees
        if mark != unit.rules_mark or len(known) >= TREES_MOST:
            known = {}
            self._trees = unit.rules_mark, known
        if body.code not in known:
            known[body.code] = Tree(self.office.tree(unit).below({body.code}), body)
        return known[body.code]

    def overview(
        self,
        agency: str,
        year: int,
        *,
        with_live: Collection[str] | Literal[True] = (),
        outside: Collection[AnnualReport] = (),
        fmt: str | None = None,
        shown: Shown | None = None,
    ) -> Overview:
        """Everything about a year of a body with bodies below it.

        with_live: codes of bodies without a report that are counted by their cases; True: all of
        them. outside: reports of bodies that the system does not have. shown: which of the bodies are told
        of; None: all of them. Raises Missing for an unknown body or one without bodies below, BadInput for
        the year and for two reports of one body.
        """
        if not 2000 <= year <= 2050:
            raise BadInput([FieldError("year", "年份须在 2000 至 2050 之间")])
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            tree = self._tree(unit, self.office.found_body(unit, agency))
            if not tree.below and not outside:
                raise Missing("这个机关没有下级机关")
            handed = self.versions(unit, tree.rows, year)
            whole_area = speaks_for_its_area(body.level)
            entered = handed.get(body.code) if whole_area else None
            dues = self._dues(unit, tree.rows, year)
            year_of = _Year(tree, handed, with_live, dues, self.office.today())
            found, places = year_of.chosen(shown)
            if shown is None or entered is not None or with_live is True:
                told = list(tree.rows)
            else:
                ticked = [tree.by_code[code] for code in with_live if code in tree.by_code]
                told = [body_ for body_, _, _ in places] + ticked
            without = {row.id: row for row in told if not counts(handed.get(row.code))}
            live = self._live(unit, list(without.values()), year, fmt)
            office, _ = Reports(self.office).counted_now(
                unit, body, year, fmt or self.law.formats.format_of(year)
            )
        lines = [self._line(place, year_of, live) for place in places]
        ways: dict[str, Way] = dict.fromkeys(year_of.reported, "report")
        ways.update(dict.fromkeys(year_of.ticked, "live"))
        reports = [one for code in ways if (one := _known(code, ways[code], handed, live))]
        reports.extend(outside)
        own = self._own(body, handed, office, whole_area)
        if own is not None:
            reports.append(own)
        open_ = len(tree.below) - len(ways) - len(year_of.covered)
        named = open_ <= NAMED_MOST or shown is None
        expected = {row.code: row.name for row, _, _ in year_of.not_in()} if named else {}
        total = add_up(reports, year, self.law.formats, fmt=fmt, expected=expected)
        if entered is not None and entered.report is None:
            report = AnnualReports(self.office).report(agency, year)
            entered = Submitted(report, entered.state, entered.on)
        compared = None
        if entered is not None and entered.report is not None:
            uncounted = (_known(row.code, "open", handed, live) for row, _, _ in year_of.not_in())
            compared = compare(total, entered.report, [one for one in uncounted if one])
        return Overview(
            body.code,
            body.name,
            year,
            whole_area,
            dues.of(body),
            tuple(lines),
            total,
            len(tree.below),
            found,
            ways,
            0 if named else open_,
            own,
            entered,
            compared,
            {
                "in": len(year_of.reported) + len(year_of.covered),
                "late": year_of.late_number(),
                "failing": sum(
                    bool(failing_sums(sent, self.law.formats))
                    for code in year_of.handed_in
                    if (sent := handed[code].report) is not None
                ),
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

    def _line(self, place: Place, year: "_Year", live: Mapping[str, AnnualReport]) -> Line:
        row, depth, _ = place
        version = year.handed.get(row.code)
        findings: tuple[Finding, ...] = ()
        if version is not None and version.report is not None and counts(version):
            findings = failing_sums(version.report, self.law.formats)
        return Line(
            row.code, row.name, depth, year.way_of(row), version, findings, live.get(row.code),
            year.dues.of(row), late=year.is_late(row),
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

    def _dues(self, unit: Unit, rows: Sequence[Body], year: int) -> Dues:
        chosen = {
            one.agency_id: one.value
            for one in case_queries.settings_of(
                unit, [row.id for row in rows], date(year + 1, 3, 31)
            )
            if one.name == "report_dates"
        }
        return Dues(self.law, year, chosen)

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


class _Year:
    """How each body below stands in a year. Only bodies that handed something in, chose a day of their own
    or were ticked are looked at one by one; the others are counted by their level."""

    def __init__(
        self,
        tree: Tree,
        handed: Mapping[str, Submitted],
        with_live: Collection[str] | Literal[True],
        dues: Dues,
        today: date,
    ) -> None:
        self.tree, self.handed, self.dues, self.today = tree, handed, dues, today
        self.covered = tree.covered(handed)
        below = tree.by_code
        self.handed_in = {code for code, one in handed.items() if code in below and counts(one)}
        self.reported = self.handed_in - self.covered
        wanted = below if with_live is True else with_live
        self.ticked = {code for code in wanted if code in below} - self.covered - self.reported

    def way_of(self, row: Body) -> Way:
        if row.code in self.covered:
            return "covered"
        if row.code in self.reported:
            return "report"
        return "live" if row.code in self.ticked else "open"

    def is_late(self, row: Body) -> bool:
        """Nothing was in by the due day, neither its own report nor one above it."""
        within = row.code in self.covered or row.code in self.handed_in
        return not within and self.today > self.dues.of(row)

    def late_number(self) -> int:
        levels, default = self.tree.levels, self.dues.rule.default
        past = {level: self.today > self.dues.of_level(level, default) for level in levels}
        late = sum(number for level, number in levels.items() if past[level])
        apart = (
            {row.code: row for row in self.tree.below if row.id in self.dues.chosen}
            if self.dues.chosen
            else {}
        )
        apart |= {code: self.tree.by_code[code] for code in self.covered | self.handed_in}
        return late + sum(self.is_late(row) - past[row.level] for row in apart.values())

    def not_in(self) -> Iterator[Place]:
        """The bodies that are not in the sum, parents first."""
        inside = self.covered | self.reported | self.ticked
        return (place for place in self.tree.walked if place[0].code not in inside)

    def chosen(self, shown: Shown | None) -> tuple[int, list[Place]]:
        """How many bodies have the text, and those of them that are told of."""
        places = self.tree.walked
        if shown is None:
            return len(places), list(places)
        if shown.q:
            places = tuple(
                one for one in places if shown.q in one[0].name or shown.q == one[0].code
            )
        ordered = iter(places) if len(places) <= PER_PAGE else self._by_need(places)
        return len(places), list(islice(ordered, shown.after, shown.after + shown.most))

    def _by_need(self, places: tuple[Place, ...]) -> Iterator[Place]:
        """The late ones, then those that are not in, then the others; each kind as they stand in the tree."""
        within = self.covered | self.handed_in
        late = self.late_number() > 0
        if late:
            yield from (one for one in places if self.is_late(one[0]))
        for one in places:
            if one[0].code not in within and not (late and self.is_late(one[0])):
                yield one
        yield from (one for one in places if one[0].code in within)


def _known(
    code: str, way: Way, handed: Mapping[str, Submitted], live: Mapping[str, AnnualReport]
) -> AnnualReport | None:
    """What is known of a body: its report, its cases where they are asked for or there is nothing else."""
    version = handed.get(code)
    if way == "live" or version is None or version.report is None:
        return live.get(code)
    return version.report


def _live_report(row: Body, tables: Tables) -> AnnualReport:
    return AnnualReport(
        row.name, tables.year, tables.format, table3=tables.table3, table4=tables.table4,
        code=row.code, level=row.level,
    )  # fmt: skip
