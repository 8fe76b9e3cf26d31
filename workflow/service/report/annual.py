"""The annual report of a body: drawn up from cases and register, checked, signed, published, corrected."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from config.law import year_rules
from config.law.year import Step
from workflow.people import SYSTEM, Staff
from workflow.refusal import BadInput, Denied, FieldError, Refusal, Refused
from workflow.report import checks
from workflow.report.annual import AnnualReport
from workflow.report.procedure import narrative
from workflow.report.procedure.steps import Asked, refusal_by_role, refusal_of, stopping
from workflow.report.procedure.versions import kept
from workflow.report.tables.layout import TABLES
from workflow.rules import permissions
from workflow.rules.secrecy import bears_secret_mark
from workflow.service.office import Missing, Office
from workflow.service.report.page import ReportFile, report_file
from workflow.service.report.submitted import by_file
from workflow.service.report.tables import Reports
from workflow.service.report.version import ReportVersions, day_of_last_step
from workflow.service.rules.settings import freeze_year
from workflow.store import report as report_queries
from workflow.store.models import AgencyRow
from workflow.store.report_models import ReportVersionRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

OWN_TEXTS = ("overview", "proactive", "applications", "disputes", "problems", "other_matters")
ARTICLE = "条例49、50"

BY_FILE = Refusal(
    "not_in_this_state",
    ARTICLE,
    "这份年报由主管部门按文件代收，不在系统里编制",
    "请主管部门重新收一份文件",
)


class AnnualReports:
    """The use cases around a body's report."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law
        self.rules = year_rules()
        self.reports = Reports(office)
        self.kept = ReportVersions(self.reports, self.rules)

    # -- reading ----------------------------------------------------------------------------------------

    def versions(self, agency: str, year: int) -> list[tuple[int, str, date | None]]:
        """The versions of a report: number, state, and the day of its last step; [] before the draft."""
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            return [
                (row.version, row.state, day_of_last_step(row))
                for row in report_queries.report_versions(unit, body.id, year)
            ]

    def report(self, agency: str, year: int, version: int | None = None) -> AnnualReport:
        """The report with everything filled in: figures and texts. Without any version: as a draft made
        today would be. Raises Missing for an unknown body or version."""
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            row = self.kept.row(unit, body, year, version)
            return self.kept.report(unit, body, year, row)

    def file(self, staff: Staff, agency: str, year: int, version: int | None = None) -> ReportFile:
        """A version with what may be done with it by this person. Raises Missing if they may not see it."""
        self._may_read(staff, agency)
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            row = self.kept.row(unit, body, year, version)
            found = report_file(
                self.kept, self.rules, unit, body, year, row,
                lambda step, found: self.refusal(unit, body, row, step, staff, found),
            )  # fmt: skip
        if agency in staff.of_units:
            return replace(found, findings=[one for one in found.findings if not one.names_a_case])
        return found

    # -- writing ----------------------------------------------------------------------------------------

    @retried
    def draft(self, staff: Staff | None, agency: str, year: int) -> int:
        """Open the first version if there is none. Returns the number of the version at work.

        staff None: the system, on 1 January. Raises Missing, Denied for the wrong role, or Refused
        for a year that has not ended.
        """
        with self.office.store.write() as unit:
            body = self._editor(unit, staff, agency)
            rows = report_queries.report_versions(unit, body.id, year)
            if rows:
                return rows[-1].version
            if year > self.office.today().year:
                raise Refused(Refusal("too_early", ARTICLE, f"{year} 年还没有到", "年度结束之后"))
            by, away = (staff.name, self.away(staff, agency)) if staff else (SYSTEM.name, None)
            self.kept.opened(unit, body, year, 1, by, "", away)
            return 1

    @retried
    def correct(self, staff: Staff, agency: str, year: int, note: str) -> int:
        """A new version of a published report, with a note of what is corrected."""
        with self.office.store.write() as unit:
            body = self._editor(unit, staff, agency)
            row = self.kept.row(unit, body, year, None)
            if row is None or row.state != "published":
                raise Refused(
                    Refusal(
                        "not_in_this_state", ARTICLE, "报告还没有公布，可以直接修改", "公布之后"
                    )
                )
            if not note.strip():
                raise BadInput([FieldError("note", "请写明更正什么、为什么")])
            made = self.kept.opened(
                unit, body, year, row.version + 1, staff.name, note.strip()[:2000],
                self.away(staff, agency),
            )  # fmt: skip
            made.texts, made.overrides = dict(row.texts), list(row.overrides)
            return made.version

    @retried
    def save_text(self, staff: Staff, agency: str, year: int, section: str, text: str) -> None:
        """The clerk's own words for a section; references in braces are filled in when it is shown.

        Raises BadInput for an unknown section or reference, Refused when it may not be edited.
        """
        with self.office.store.write() as unit:
            body, row = self.editable(unit, staff, agency, year)
            if section not in OWN_TEXTS:
                raise BadInput([FieldError("text", "没有这一部分")])
            report = self.kept.report(unit, body, year, row)
            known = narrative.references(report, self.reports.before(unit, body, year))
            wrong = narrative.unknown_references(text, known)
            if wrong:
                raise BadInput(
                    [FieldError("text", f"没有名为“{{{wrong[0]}}}”的数字，请从右边的列表中选用")]
                )
            if len(text) > 20_000:
                raise BadInput([FieldError("text", "最多 20000 个字")])
            if bears_secret_mark(text):
                raise BadInput(
                    [FieldError("text", "内容带有密级标志，不得录入，刚才的内容没有保存")]
                )
            row.texts = {**row.texts, section: text.strip()}

    @retried
    def step(self, staff: Staff, agency: str, year: int, name: str, note: str = "") -> str:
        """Take a step of the report's life. Returns the new state.

        Raises Missing, Denied, or Refused with what would make it possible; then nothing is written.
        """
        with self.office.store.write() as unit:
            body = self.office.found_agency(unit, agency)
            self._may_read(staff, agency)
            row = self.kept.row(unit, body, year, None)
            step = self.rules.steps.get(name)
            if row is None or step is None:
                raise Missing("报告还没有起草")
            denied = refusal_by_role(
                step, self._held(unit, body, step, staff), self.law.words.roles
            )
            if denied is not None:
                raise Denied(denied)
            refusal = self.refusal(unit, body, row, step, staff)
            if refusal is not None:
                raise Refused(refusal)
            if name == "return" and not note.strip():
                raise BadInput([FieldError("note", "请写明退回的理由")])
            if name == "publish" and not note.strip():
                # Nothing leads back from here: what has come to light since the signature is answered for in words.
                errors = self._errors(unit, body, row, None)
                if errors:
                    said = f"核对有 {len(errors)} 处错误。{errors[0]}。仍然公布的，请写明理由"
                    raise BadInput([FieldError("note", said)])
            self._take(unit, body, year, row, step, staff, note)
            return row.state

    def _take(
        self,
        unit: Unit,
        body: AgencyRow,
        year: int,
        row: ReportVersionRow,
        step: Step,
        staff: Staff,
        note: str,
    ) -> None:
        if step.name == "sign":
            now = self.kept.now(unit, body, year)
            report = self.kept.filled(unit, body, year, row, now, frozen=False)
            sheets, row.behind = self.kept.sheets(
                unit, body, year, () if now.area else row.overrides
            )
            row.figures = {
                "format": report.format,
                "tables": {name: kept(getattr(report, name) or {}) for name in TABLES},
                "sheets": sheets,
                "sections": dict(report.sections),
                "marks": dict(report.marks),
                "signed_by": body.name,
            }
        if step.name in ("reopen", "return") and not by_file(row):
            row.figures = row.behind = None
        row.state = step.to
        where = body.code if step.where == "own" else self._parent(unit, body)
        away = staff.stands_for(where or "", step.by)
        row.steps = [*row.steps, self.kept.logged(step.name, staff.name, note, away)]
        if step.name == "publish":
            if unit.published_year(body, year) is None:
                freeze_year(self.office, unit, body, year)
            unit.rules_changed()

    # -- who may ----------------------------------------------------------------------------------------

    def _may_read(self, staff: Staff, agency: str) -> None:
        if self.reports.readable_name(staff, agency) is None:
            raise Missing(f"没有代码为“{agency}”的机关，或者您不能查看")

    def _editor(self, unit: Unit, staff: Staff | None, agency: str) -> AgencyRow:
        body = self.office.found_agency(unit, agency)
        if staff is not None and agency not in staff.roles:
            raise Missing(f"没有代码为“{agency}”的机关，或者不是您的机关")
        held = staff.roles[agency] if staff is not None else SYSTEM.roles
        permissions.ask(self.law, "edit_report", held)
        return body

    def away(self, staff: Staff, agency: str, action: str = "edit_report") -> str | None:
        """In whose place somebody works at the report of a body."""
        return staff.stands_for(agency, self.law.permissions.actions[action].may)

    def editable(
        self, unit: Unit, staff: Staff, agency: str, year: int
    ) -> tuple[AgencyRow, ReportVersionRow]:
        """The version at work, for one of its editors. Raises Missing, Denied or Refused."""
        self._editor(unit, staff, agency)
        return self.open_version(unit, agency, year)

    def open_version(
        self, unit: Unit, agency: str, year: int
    ) -> tuple[AgencyRow, ReportVersionRow]:
        """The version at work. Raises Missing without one, Refused when it may not be changed."""
        body = self.office.found_agency(unit, agency)
        row = self.kept.row(unit, body, year, None)
        if row is None:
            raise Missing("报告还没有起草")
        if by_file(row):
            raise Refused(BY_FILE)
        state = self.rules.states[row.state]
        if not state.editable:
            raise Refused(
                Refusal(
                    "not_in_this_state", ARTICLE, f"报告现在是“{state.label}”，不能修改",
                    "退回修改之后；已经公布的，另作更正版本",
                )
            )  # fmt: skip
        return body, row

    def refusal(
        self,
        unit: Unit,
        body: AgencyRow,
        row: ReportVersionRow | None,
        step: Step,
        staff: Staff,
        found: Iterable[checks.Finding] | None = None,
    ) -> Refusal | None:
        """Why a step is not possible now for this person, None if it is. found: what the checks say,
        where it is known already."""
        if row and by_file(row) and step.where == "own":
            return BY_FILE
        parent = self._parent(unit, body)
        asked = Asked(
            row.state if row else None,
            row.year if row else 0,
            self.office.today(),
            held=self._held(unit, body, step, staff),
            who=staff.name,
            checked_by=_last_by(row, "check"),
            has_parent=parent is not None,
            errors=self._errors(unit, body, row, found)
            if row and step.name in ("check", "sign") and row.state in step.sources
            else (),
        )
        return refusal_of(step, asked, self.law.words.roles)

    def _held(self, unit: Unit, body: AgencyRow, step: Step, staff: Staff) -> frozenset[str]:
        """The person's roles where the step is taken: in the body, or in the one that supervises it."""
        where = body.code if step.where == "own" else self._parent(unit, body)
        return staff.roles.get(where or "", frozenset())

    def _errors(
        self,
        unit: Unit,
        body: AgencyRow,
        row: ReportVersionRow,
        found: Iterable[checks.Finding] | None,
    ) -> tuple[str, ...]:
        """What the checks call an error and can still be put right."""
        if found is None:
            now = self.kept.now(unit, body, row.year)
            report = self.kept.filled(unit, body, row.year, row, now)
            found = self.kept.findings(unit, body, row, report, now)
        return tuple(f"{one.where}，{one.message}" for one in stopping(found))

    def _parent(self, unit: Unit, body: AgencyRow) -> str | None:
        line = unit.ancestors(body)
        return line[-2].code if len(line) > 1 else None


def _last_by(row: ReportVersionRow | None, step: str) -> str | None:
    """Who took the step last."""
    by = [str(one["by"]) for one in row.steps if one["step"] == step] if row else []
    return by[-1] if by else None
