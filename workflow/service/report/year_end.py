"""The facts of a body's year-end, gathered with a few queries, and the drafts of 1 January."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from workflow.clock import report_last_day
from workflow.dates import month_day
from workflow.people import Staff
from workflow.report import checks
from workflow.report.annual import AnnualReport
from workflow.report.checks import Finding
from workflow.report.procedure.year_end import CaseFact, Facts, Todo, year_end
from workflow.rules.columns import column_is_known
from workflow.service.office import Office
from workflow.service.report.annual import AnnualReports
from workflow.service.report.submitted import COUNTED, submitted
from workflow.service.report.tables import Reports
from workflow.service.report.year_facts import case_facts
from workflow.store import report as report_queries
from workflow.store.file_models import FileRow
from workflow.store.models import AgencyRow, ApplicantRow, CaseRow, EventRow
from workflow.store.report_models import YearEntryRow
from workflow.store.unit import Unit


class Keeper(Protocol):
    """What keeps the versions of reports. states: code → state of the latest version. draft makes the
    first version of a body's year."""

    def states(self, unit: Unit, bodies: list[AgencyRow], year: int) -> dict[str, str]: ...

    def draft(self, agency: str, year: int) -> None: ...


class ReportShelf:
    """Where the year-end looks for reports: states of many bodies, and the draft of one."""

    def __init__(self, office: Office) -> None:
        self.annual = AnnualReports(office)

    def states(self, unit: Unit, bodies: list[AgencyRow], year: int) -> dict[str, str]:
        """Code → state of the version that counts."""
        return {code: one.state for code, one in submitted(unit, bodies, year).items()}

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
        """The lists of the person's own bodies, without those that have nothing to do."""
        found = [self.todos(code) for code in staff.roles]
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
            below = [row for row in self.office.below(unit, {agency}) if row.id != body.id]
            if not _has_cases(unit, [body, *below], year):
                return None, body.name
            state = self._state(unit, body, year)
            rules = self.office.rules(unit, body, today)
            last_day = report_last_day(body.level, year, rules["report_dates"])
            if state == "published" or today < date(year, 12, 1):
                return Facts(agency, year, last_day, rules.calendar, state), body.name
            below_by, not_in = self._below(unit, below, year)
            facts = Facts(
                agency,
                year,
                last_day,
                rules.calendar,
                state,
                open_cases=tuple(self._open_cases(unit, body, year)),
                missing=tuple(self._missing(unit, body, year, today)),
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
            rows = unit.agencies()
            states = self.keeper.states(unit, rows, year)
            first = _first_years(unit)
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
        self, unit: Unit, below: list[AgencyRow], year: int
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

    def _cases_of(self, body: AgencyRow, year: int) -> list[ColumnElement[bool]]:
        void = [name for name, state in self.law.states.items() if state.stage == "void"]
        return [
            CaseRow.agency_id == body.id,
            CaseRow.kind == "application",
            CaseRow.state.not_in(void),
            CaseRow.received_on <= date(year, 12, 31),
            or_(CaseRow.closed_on.is_(None), CaseRow.closed_on >= date(year, 1, 1)),
        ]

    def _open_cases(self, unit: Unit, body: AgencyRow, year: int) -> Iterator[CaseFact]:
        """Received and not closed by the last day of the year, with where each stands."""
        last = date(year, 12, 31)
        query = (
            select(CaseRow.number, CaseRow.state, CaseRow.next_due, CaseRow.next_due_kind)
            .where(
                *self._cases_of(body, year),
                or_(CaseRow.closed_on.is_(None), CaseRow.closed_on > last),
            )
            .order_by(CaseRow.next_due.is_(None), CaseRow.next_due, CaseRow.number)
        )
        words = {"reply": "答复", "correction": "补正", "fee": "缴费"}
        for number, state, due, kind in unit.session.execute(query):
            what = self.law.states[state].label
            if due:
                what += f"，{words[kind]}期限 {month_day(due)}"
            yield CaseFact(number, what)

    def _missing(self, unit: Unit, body: AgencyRow, year: int, today: date) -> Iterator[CaseFact]:
        """Facts that the tables or the file need and that are not there; no case is loaded whole."""
        cases = self._cases_of(body, year)
        late = (
            select(CaseRow.number, CaseRow.next_due_kind)
            .where(*cases, CaseRow.closed_on.is_(None), CaseRow.next_due < today)
            .order_by(CaseRow.next_due, CaseRow.number)
        )
        for number, kind in unit.session.execute(late):
            yield CaseFact(number, LAPSED[kind])
        for (number,) in unit.session.execute(_served_without_proof().where(*cases)):
            yield CaseFact(number, "没有送达凭证")
        unclear = (
            select(CaseRow.number, ApplicantRow.description, ApplicantRow.name)
            .join(ApplicantRow, ApplicantRow.case_id == CaseRow.id)
            .where(*cases, ApplicantRow.citizen.is_(False), ApplicantRow.category.is_(None))
            .order_by(CaseRow.number, ApplicantRow.position)
        )
        for number, description, name in unit.session.execute(unclear):
            if not column_is_known(self.law, None, description or name):
                yield CaseFact(number, "申请人属于哪一类单位没有确定，暂计入“其他”")
        yield from self._records(unit, body, year)

    def _records(self, unit: Unit, body: AgencyRow, year: int) -> Iterator[CaseFact]:
        """What the checks of the report will ask of answered cases (V19, V20, V28), told while there is
        time."""
        empty = AnnualReport(body.name, year, self.law.formats.format_of(year))
        for case in case_facts(self.office, unit, body, year):
            known = checks.Known(cases=(case,))
            for found in checks.findings(empty, self.law, known, only=RECORDS):
                yield CaseFact(case.number, found.message)


RECORDS = ("V19", "V20", "V28")
LAPSED = {
    "reply": "已经超过答复期限",
    "correction": "补正期限已过，还没有终止办理",
    "fee": "缴费期限已过，还没有终止办理",
}


def _served_without_proof() -> Select[str]:
    """Numbers of cases whose reply was served with neither a proof in the event nor a file of it."""
    proof = EventRow.fields["proof"].as_string()
    later = aliased(EventRow)
    corrected = exists().where(
        later.case_id == EventRow.case_id,
        later.event == "correct_entry",
        later.fields["seq"].as_integer() == EventRow.seq,
        or_(
            later.fields[("fields", "proof")].as_string() != "",
            later.fields[("fields", "taken_back")].as_boolean(),
        ),
    )
    filed = exists().where(FileRow.case_id == CaseRow.id, FileRow.kind == "proof_of_service")
    return (
        select(CaseRow.number)
        .join(EventRow, EventRow.case_id == CaseRow.id)
        .where(EventRow.event == "serve", or_(proof.is_(None), proof == ""), ~filed, ~corrected)
        .distinct()
        .order_by(CaseRow.number)
    )


def _registered(unit: Unit, body: AgencyRow, year: int) -> bool:
    """True when the register of the year has an entry for table 二."""
    query = select(YearEntryRow.id).where(
        YearEntryRow.agency_id == body.id, YearEntryRow.year == year, YearEntryRow.kind != "text"
    )
    return unit.session.scalar(query.limit(1)) is not None


def _has_cases(unit: Unit, rows: list[AgencyRow], year: int) -> bool:
    first = _first_years(unit, [row.id for row in rows])
    return any(one <= year for one in first.values())


def _with_those_above(first: dict[int, int], rows: list[AgencyRow]) -> None:
    """Give every body the earliest year of those below it: it reports on them."""
    parents = {row.id: row.parent_id for row in rows}
    for body, year in list(first.items()):
        above = parents.get(body)
        while above is not None:
            first[above] = min(first.get(above, year), year)
            above = parents.get(above)


def _first_years(unit: Unit, ids: list[int] | None = None) -> dict[int, int]:
    """The year of the first receipt of each body that had one."""
    query = select(CaseRow.agency_id, func.min(CaseRow.received_on)).group_by(CaseRow.agency_id)
    if ids is not None:
        query = query.where(CaseRow.agency_id.in_(ids))
    return {agency: day.year for agency, day in unit.session.execute(query) if day is not None}
