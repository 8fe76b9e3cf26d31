"""The facts of a body's year-end, gathered with a few queries, and the drafts of 1 January."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from sqlalchemy import select

from workflow.clock import report_last_day
from workflow.dates import month_day
from workflow.people import Staff
from workflow.report import checks
from workflow.report.annual import AnnualReport
from workflow.report.checks import Finding
from workflow.report.procedure.year_end import CaseFact, Facts, Todo, year_end
from workflow.rules import permissions
from workflow.rules.columns import column_is_known
from workflow.service.office import Office
from workflow.service.report.annual import AnnualReports
from workflow.service.report.submitted import COUNTED, states_of
from workflow.service.report.tables import Reports
from workflow.service.report.year_facts import case_facts
from workflow.store import kept as kept_queries
from workflow.store import report as report_queries
from workflow.store import year_end as year_end_queries
from workflow.store.bodies import Body
from workflow.store.models import AgencyRow
from workflow.store.report_models import YearEntryRow
from workflow.store.unit import Unit

HANDS = ("edit_report", "keep_register", "confirm_number")
"""The actions by which somebody has a hand in a report."""


class Keeper(Protocol):
    """What keeps the versions of reports. states: code → state of the latest version. draft makes the
    first version of a body's year."""

    def states(
        self, unit: Unit, bodies: Sequence[AgencyRow | Body], year: int
    ) -> dict[str, str]: ...

    def draft(self, agency: str, year: int) -> None: ...


class ReportShelf:
    """Where the year-end looks for reports: states of many bodies, and the draft of one."""

    def __init__(self, office: Office) -> None:
        self.annual = AnnualReports(office)

    def states(self, unit: Unit, bodies: Sequence[AgencyRow | Body], year: int) -> dict[str, str]:
        """Code → state of the version that counts."""
        return states_of(unit, bodies, year)

    def draft(self, agency: str, year: int) -> None:
        """The first version, drawn up by the system."""
        self.annual.draft(None, agency, year)


@dataclass(frozen=True)
class BodyTodo:
    """What a body has to do for its report on a year."""

    agency: str
    name: str
    year: int
    todos: tuple[Todo, ...]


def _without_cases(said: BodyTodo) -> BodyTodo:
    """For who sees only the cases of their unit: nothing that counts or checks those of the body."""
    left = (one for one in said.todos if not one.cases and one.place not in ("cases", "tables"))
    return replace(said, todos=tuple(left))


class YearEnd:
    """The use cases around the end of a year."""

    def __init__(self, office: Office, keeper: Keeper | None = None) -> None:
        self.office = office
        self.law = office.law
        self.keeper: Keeper = keeper or ReportShelf(office)
        self.reports = Reports(office)

    @staticmethod
    def year_of(today: date) -> int:
        """The year whose report is being prepared: this year in December, else the last."""
        return today.year if today.month == 12 else today.year - 1

    def for_staff(self, staff: Staff) -> list[BodyTodo]:
        """The lists of the bodies where the person has a hand in the report, without those that have nothing to
        do."""
        hands = {
            code for action in HANDS for code in permissions.bodies_for(self.law, action, staff)
        }
        found = [self.todos(code) for code in staff.roles if code in hands]
        found = [_without_cases(one) if one.agency in staff.of_units else one for one in found]
        return [one for one in found if one.todos]

    def todos(self, agency: str) -> BodyTodo:
        """What is to be done today. Raises Missing for an unknown body."""
        facts, name = self.facts(agency, self.year_of(self.office.today()))
        found = year_end(facts, self.office.today()) if facts else []
        year = self.year_of(self.office.today())
        return BodyTodo(agency, name, year, tuple(found))

    def facts(self, agency: str, year: int) -> tuple[Facts | None, str]:
        """What is known of a body's year, and its name. None: the body has nothing to report on, since
        it had no case until the year ended, nor had a body below it."""
        today = self.office.today()
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            below = [one for one in self.office.tree(unit).below({agency}) if one.id != body.id]
            if not kept_queries.has_cases_until(unit, [body.id, *(one.id for one in below)], year):
                return None, body.name
            state = self._state(unit, body, year)
            rules = self.office.rules(unit, body, today)
            last_day = report_last_day(body.level, year, rules["report_dates"])
            if state == "published" or today < date(year, 12, 1):
                return Facts(agency, year, last_day, rules.calendar, state), body.name
            below_by, not_in = self._below(unit, below, year)
            open_cases, open_number = self._open_cases(unit, body, year)
            missing, missing_number = self._missing(unit, body, year, today)
            facts = Facts(
                agency,
                year,
                last_day,
                rules.calendar,
                state,
                open_cases=open_cases,
                open_number=open_number,
                missing=missing,
                missing_number=missing_number,
                findings=tuple(self._findings(unit, body, year)),
                register_empty=not _registered(unit, body, year),
                promises_open=self._promises_open(unit, body, year),
                holidays_known=not rules.calendar.is_provisional(date(year + 1, 1, 1)),
                not_in=not_in,
                below_by=below_by,
            )
            return facts, body.name

    def make_drafts(self, today: date) -> list[str]:
        """Draft the report on the last year for every body that has none yet; the codes of those
        bodies. Nothing in December; may be called every day, a draft is made once."""
        if today.month == 12:
            return []
        year = today.year - 1
        with self.office.store.read() as unit:
            rows = self.office.tree(unit).bodies
            states = self.keeper.states(unit, rows, year)
            known = kept_queries.years_with_cases(unit, [row.id for row in rows])
            first = {body: years[0] for body, years in known.items()}
            _with_those_above(first, rows)
            published = {one.agency_id for one in unit.published_years([row.id for row in rows])
                         if one.year == year}  # fmt: skip
            wanted = [
                row.code
                for row in rows
                if row.code not in states
                and row.id not in published
                and first.get(row.id, year + 1) <= year
            ]
        for code in wanted:
            self.keeper.draft(code, year)
        return wanted

    # -- facts ----------------------------------------------------------------------------------------

    def _state(self, unit: Unit, body: AgencyRow, year: int) -> str | None:
        if unit.published_year(body, year) is not None:
            return "published"
        return self.keeper.states(unit, [body], year).get(body.code)

    def _below(
        self, unit: Unit, below: list[Body], year: int
    ) -> tuple[date | None, tuple[str, ...]]:
        """By when the bodies below have to report, and those that have not."""
        if not below:
            return None, ()
        states = self.keeper.states(unit, below, year)
        due = min(report_last_day(row.level, year, None) for row in below)
        return due, tuple(row.name for row in below if states.get(row.code) not in COUNTED)

    def _promises_open(self, unit: Unit, body: AgencyRow, year: int) -> bool | None:
        """True while section 五 of this year has no words of its own though last year's promised
        something; None where last year's report is not known."""
        before = self.reports.before(unit, body, year)
        if before is None or not before.sections.get("problems"):
            return None
        rows = report_queries.report_versions(unit, body.id, year)
        return not (rows and rows[-1].texts.get("problems"))

    def _findings(self, unit: Unit, body: AgencyRow, year: int) -> list[Finding]:
        return self.reports.tables_of(unit, body, year).findings

    def _open_cases(
        self, unit: Unit, body: AgencyRow, year: int
    ) -> tuple[tuple[CaseFact, ...], int]:
        """Received and not closed by the last day of the year, with where each stands."""
        words = {"reply": "答复", "correction": "补正", "fee": "缴费"}
        rows, number = year_end_queries.open_at_the_end(unit, body.id, year, SHOWN)
        return tuple(
            CaseFact(
                number,
                self.law.states[state].label
                + (f"，{words[kind]}期限 {month_day(due)}" if due else ""),
            )
            for number, state, due, kind in rows
        ), number

    def _missing(
        self, unit: Unit, body: AgencyRow, year: int, today: date
    ) -> tuple[tuple[CaseFact, ...], int]:
        """Facts that the tables or the file need and that are not there; no case is loaded whole."""
        void = [name for name, state in self.law.states.items() if state.stage == "void"]
        late = [
            CaseFact(number, LAPSED[kind])
            for number, kind in year_end_queries.overdue_now(unit, body.id, year, today, void)
        ]
        others = [
            CaseFact(number, "申请人属于哪一类单位没有确定，暂计入“其他”")
            for number, told, name in year_end_queries.unclear_applicants(unit, body.id, year)
            if not column_is_known(self.law, None, told or name)
        ]
        others.extend(self._records(unit, body, year))
        room = max(0, SHOWN - len(late))
        first, unproven = year_end_queries.served_without_proof(unit, body.id, year, room)
        found = [*late, *(CaseFact(number, "没有送达凭证") for number in first), *others]
        return tuple(found[:SHOWN]), len(late) + unproven + len(others)

    def _records(self, unit: Unit, body: AgencyRow, year: int) -> Iterator[CaseFact]:
        """What the checks of the report will ask of answered cases (V19, V20, V28), told while there is
        time."""
        empty = AnnualReport(body.name, year, self.law.formats.format_of(year))
        for case in case_facts(self.office, unit, body, year):
            known = checks.Known(cases=(case,))
            for found in checks.findings(empty, self.law, known, only=RECORDS):
                yield CaseFact(case.number, found.message)


SHOWN = 20
"""So many cases are named in the list; of the others it is said how many there are."""
RECORDS = ("V19", "V20", "V28")
LAPSED = {
    "reply": "已经超过答复期限",
    "correction": "补正期限已过，还没有终止办理",
    "fee": "缴费期限已过，还没有终止办理",
}


def _registered(unit: Unit, body: AgencyRow, year: int) -> bool:
    """True when the register of the year has an entry for table 二."""
    query = select(YearEntryRow.id).where(
        YearEntryRow.agency_id == body.id, YearEntryRow.year == year, YearEntryRow.kind != "text"
    )
    return unit.session.scalar(query.limit(1)) is not None


def _with_those_above(first: dict[int, int], rows: Sequence[Body]) -> None:
    """Give every body the earliest year of those below it: it reports on them."""
    parents = {row.id: row.parent_id for row in rows}
    for body, year in list(first.items()):
        above = parents.get(body)
        while above is not None:
            first[above] = min(first.get(above, year), year)
            above = parents.get(above)
