"""A version of a body's report: found, filled with figures and texts, checked, opened anew."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from config.law.year import YearRules
from workflow.report import checks
from workflow.report.annual import AnnualReport, official_title
from workflow.report.procedure.overrides import with_overrides
from workflow.report.procedure.versions import behind_kept, restored, sheet_kept
from workflow.report.tables.layout import TABLES
from workflow.service.office import Missing
from workflow.service.report.drafting import Drafting, Now, counted_now, yuan
from workflow.service.report.submitted import day_of, name_then
from workflow.service.report.tables import Reports
from workflow.service.report.year_facts import calendar_notes, case_facts, letter_gaps
from workflow.store import report as report_queries
from workflow.store.fees import fee_events_of_year
from workflow.store.models import AgencyRow
from workflow.store.report_models import ReportVersionRow
from workflow.store.unit import Unit


class ReportVersions:
    """The versions of reports, inside a transaction of the caller."""

    def __init__(self, reports: Reports, rules: YearRules) -> None:
        self.office = reports.office
        self.law = reports.law
        self.reports = reports
        self.drafting = Drafting(reports, rules)

    def now(self, unit: Unit, body: AgencyRow, year: int) -> Now:
        """The figures as they are counted now."""
        return counted_now(self.reports, unit, body, year)

    def row(
        self, unit: Unit, body: AgencyRow, year: int, version: int | None
    ) -> ReportVersionRow | None:
        """A version by its number, the last one without; None before the draft. Raises Missing."""
        rows = report_queries.report_versions(unit, body.id, year)
        if version is None:
            return rows[-1] if rows else None
        found = next((row for row in rows if row.version == version), None)
        if found is None:
            raise Missing(f"没有第 {version} 版")
        return found

    def report(
        self, unit: Unit, body: AgencyRow, year: int, row: ReportVersionRow | None
    ) -> AnnualReport:
        """A version with figures and texts, counted now unless it is frozen."""
        return self.filled(unit, body, year, row, self.now(unit, body, year))

    def filled(
        self,
        unit: Unit,
        body: AgencyRow,
        year: int,
        row: ReportVersionRow | None,
        now: Now,
        *,
        frozen: bool = True,
    ) -> AnnualReport:
        """A version with figures and texts. frozen False: as it would be signed now."""
        report = replace(
            now.report,
            title=official_title(body.name, year),
            version=row.version if row else 1,
            correction_note=row.note if row else "",
        )
        if row is None:
            return self.drafting.with_texts(unit, body, report, now.bodies, {})
        if frozen and row.figures:
            tables: dict[str, Any] = {t: restored(row.figures["tables"][t]) or None for t in TABLES}
            name = name_then(body, row)
            return replace(
                report,
                **tables,
                agency=name,
                title=official_title(name, year),
                format=row.figures["format"],
                sections=row.figures["sections"],
                marks=row.figures.get("marks", {}),
                signed_by=row.figures.get("signed_by", ""),
                published_on=day_of(row, "publish"),
            )
        report = with_overrides(report, row.overrides, self.law.formats)
        return self.drafting.with_texts(unit, body, report, now.bodies, row.texts)

    def findings(
        self,
        unit: Unit,
        body: AgencyRow,
        row: ReportVersionRow | None,
        report: AnnualReport,
        now: Now,
    ) -> list[checks.Finding]:
        """What the checks say of a version. A draft is counted anew whenever it is shown, so that its
        cells come from the cases by construction; what changes after the signature stands in
        `changed_since`."""
        fees = fee_events_of_year(unit, list(now.bodies), report.year)
        called = _called(unit, row.overrides if row else ())
        known = checks.Known(
            before=self.reports.before(unit, body, report.year),
            children=now.area.children if now.area else (),
            missing_children=now.area.missing if now.area else (),
            cases=case_facts(self.office, unit, body, report.year),
            overrides=tuple(
                checks.Override(
                    (one["table"], one["row"], one["column"]),
                    one["reason"],
                    called[one["by"]],
                    called.get(one.get("confirmed_by")),
                )
                for one in (row.overrides if row else ())
            ),
            fees_yuan=yuan(fee.amount for fee in fees if fee.event == "pay_fee"),
            today=self.office.today(),
            calendar_notes=calendar_notes(self.office, unit, body, report.year),
            letter_gaps=letter_gaps(self.office, unit, body, report.year),
        )
        found = checks.findings(report, self.law, known)
        return [*found, now.carried] if now.carried else found

    def sheets(
        self, unit: Unit, body: AgencyRow, year: int, overrides: Iterable[Mapping[str, Any]]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The body's own tables in both formats as they are signed, and what stands behind every cell.
        A government's report says other figures, those of its area; its overrides are of these."""
        formats = self.law.formats
        sheets: dict[str, Any] = {}
        behind: dict[str, Any] = {}
        counted, _, _ = self.reports.counted_report(unit, body, year, formats.format_of(year))
        for fmt in formats.rows:
            report, tables, second = self.reports.counted_report(unit, body, year, fmt)
            sheets[fmt] = sheet_kept(with_overrides(report, overrides, formats, counted))
            behind[fmt] = behind_kept(tables, second)
        return sheets, behind

    def opened(
        self,
        unit: Unit,
        body: AgencyRow,
        year: int,
        version: int,
        by: str,
        note: str,
        stands_for: str | None = None,
    ) -> ReportVersionRow:
        """A new version as a draft, without texts of its own. stands_for: as for `logged`."""
        row = ReportVersionRow(
            agency_id=body.id,
            year=year,
            version=version,
            state="draft",
            note=note,
            texts={},
            overrides=[],
            figures=None,
            steps=[self.logged("draft", by, note, stands_for)],
        )
        unit.session.add(row)
        unit.session.flush()
        return row

    def logged(
        self, step: str, by: str, note: str, stands_for: str | None = None
    ) -> dict[str, Any]:
        """A line of what was done to a version. stands_for: user name of who was away and for whom it was done."""
        said = {
            "step": step,
            "by": by,
            "at": self.office.now().isoformat(),
            "note": note.strip()[:2000],
        }
        return {**said, "stands_for": stands_for} if stands_for else said


def _called(unit: Unit, overrides: Iterable[Mapping[str, Any]]) -> dict[str | None, str]:
    """What people who put in and confirmed numbers are called; two of one name with their user names."""
    users = {one[who] for one in overrides for who in ("by", "confirmed_by") if one.get(who)}
    names = {user: user for user in users} | unit.display_names(users)
    often = Counter(names.values())
    return {user: name if often[name] == 1 else f"{name}（{user}）" for user, name in names.items()}


def day_of_last_step(row: ReportVersionRow) -> date | None:
    """The day on which something was last done to a version."""
    return date.fromisoformat(row.steps[-1]["at"][:10]) if row.steps else None
