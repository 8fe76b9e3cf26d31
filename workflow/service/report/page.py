"""A version of a report with everything that its page shows, and what may be done with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from config.law.year import Step, YearRules
from workflow.refusal import Refusal
from workflow.report import checks
from workflow.report.annual import AnnualReport
from workflow.report.procedure import narrative
from workflow.report.procedure.steps import stopping
from workflow.report.procedure.versions import differences
from workflow.service.report.area import Area
from workflow.service.report.submitted import by_file
from workflow.service.report.version import ReportVersions
from workflow.store import report as report_queries
from workflow.store.models import AgencyRow
from workflow.store.report_models import ReportVersionRow
from workflow.store.unit import Unit


@dataclass(frozen=True)
class Possible:
    """A step of the report's life: possible now for this person, or why not."""

    step: Step
    refusal: Refusal | None


@dataclass(frozen=True)
class ReportFile:
    """A version of a report with everything that its page shows. area: what a government's report adds
    up now."""

    report: AnnualReport
    state: str
    state_label: str
    editable: bool
    own_texts: Mapping[str, str]
    last_problems: str
    references: Mapping[str, str]
    findings: list[checks.Finding]
    steps: list[dict[str, Any]]
    overrides: list[dict[str, Any]]
    possible: list[Possible]
    changed_since: list[str]
    earlier: AnnualReport | None
    area: Area | None
    by_file: bool
    version: int
    versions: int

    @property
    def stops(self) -> list[checks.Finding]:
        """The errors that can still be put right."""
        return stopping(self.findings)


def report_file(
    versions: ReportVersions,
    rules: YearRules,
    unit: Unit,
    body: AgencyRow,
    year: int,
    row: ReportVersionRow | None,
    refusal: Callable[[Step, list[checks.Finding]], Refusal | None],
) -> ReportFile:
    """The page of a version; row None before the draft. refusal: why a step is not possible for whoever
    looks, given what the checks say."""
    now = versions.now(unit, body, year)
    report = versions.filled(unit, body, year, row, now)
    before = versions.reports.before(unit, body, year)
    state = row.state if row else "draft"
    state_now = rules.states[state]
    rows = report_queries.report_versions(unit, body.id, year)
    earlier = next((one for one in reversed(rows) if row and one.version < row.version), None)
    found = versions.findings(unit, body, row, report, now)
    changed_since = []
    if row and row.figures and not by_file(row):
        live = versions.filled(unit, body, year, row, now, frozen=False)
        changed_since = differences(report, live, versions.law.formats)
    return ReportFile(
        report=report,
        state=state,
        state_label=state_now.label,
        editable=state_now.editable,
        own_texts=dict(row.texts) if row else {},
        last_problems=before.sections.get("problems", "") if before else "",
        references=narrative.references(report, before),
        findings=found,
        steps=list(row.steps) if row else [],
        overrides=list(row.overrides) if row else [],
        possible=[Possible(step, refusal(step, found)) for step in rules.steps.values()],
        changed_since=changed_since,
        earlier=versions.filled(unit, body, year, earlier, now) if earlier else None,
        area=now.area,
        by_file=bool(row and by_file(row)),
        version=row.version if row else 1,
        versions=len(rows),
    )
