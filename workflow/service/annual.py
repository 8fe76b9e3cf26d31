"""The annual report of a body: drawn up from cases and register, checked, signed, published, corrected."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.report import checks, narrative
from workflow.report.annual import AnnualReport, Cells
from workflow.report.life import Asked, refusal_of
from workflow.report.versions import (
    TABLES,
    differences,
    kept,
    restored,
    sheets_kept,
    with_overrides,
)
from workflow.report.year import Step, year_rules
from workflow.secrecy import bears_secret_mark
from workflow.service.office import Missing, Office
from workflow.service.reports import Reports
from workflow.service.settings import freeze_year
from workflow.service.year_register import standing
from workflow.store import queries
from workflow.store.models import AgencyRow, ReportVersionRow
from workflow.store.unit import Unit

EDITORS = ("clerk", "office_head")
OWN_TEXTS = ("overview", "proactive", "applications", "disputes", "problems", "other_matters")
ARTICLE = "条例49、50"


@dataclass(frozen=True)
class Possible:
    """A step of the report's life: possible now for this person, or why not."""

    step: Step
    refusal: Refusal | None


@dataclass(frozen=True)
class ReportFile:
    """A version of a report with everything that its page shows."""

    report: AnnualReport
    state: str
    state_label: str
    editable: bool
    own_texts: Mapping[str, str]
    drafts: Mapping[str, str]
    last_problems: str
    references: Mapping[str, str]
    findings: list[checks.Finding]
    steps: list[dict[str, Any]]
    overrides: list[dict[str, Any]]
    behind2: Mapping[tuple[str, str], list[int]]
    possible: list[Possible]
    changed_since: list[str]
    before: AnnualReport | None
    earlier: AnnualReport | None
    version: int
    versions: int


class AnnualReports:
    """The use cases around a body's report."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law
        self.rules = year_rules()
        self.reports = Reports(office)

    # -- reading ----------------------------------------------------------------------------------------

    def versions(self, agency: str, year: int) -> list[tuple[int, str, date | None]]:
        """The versions of a report: number, state, and the day of its last step; [] before the draft."""
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            return [
                (row.version, row.state, _day_of_last_step(row))
                for row in queries.report_versions(unit, body.id, year)
            ]

    def report(self, agency: str, year: int, version: int | None = None) -> AnnualReport:
        """The report with everything filled in: figures and texts. Without any version: as a draft made
        today would be. Raises Missing for an unknown body or version."""
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            row = self._row(unit, body, year, version)
            return self._report(unit, body, year, row)

    def file(self, staff: Staff, agency: str, year: int, version: int | None = None) -> ReportFile:
        """A version with what may be done with it by this person. Raises Missing if they may not see it."""
        self._may_read(staff, agency)
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            row = self._row(unit, body, year, version)
            return self._file(unit, body, year, row, staff)

    def _file(
        self, unit: Unit, body: AgencyRow, year: int, row: ReportVersionRow | None, staff: Staff
    ) -> ReportFile:
        report = self._report(unit, body, year, row)
        live = self._report(unit, body, year, row, frozen=False)
        before = self.reports.before(unit, body, year)
        state = row.state if row else "draft"
        rows = queries.report_versions(unit, body.id, year)
        earlier = next((one for one in reversed(rows) if row and one.version < row.version), None)
        overview = narrative.overview(
            report, before, self._beside(unit, body, year, "overview"), self.law.formats
        )
        drafts = {
            "overview": overview,
            "problems": "\n".join(t for _, t in self._beside(unit, body, year, "problems").texts),
            "other_matters": narrative.other_matters(
                report, self._beside(unit, body, year, "other_matters")
            ),
        }
        return ReportFile(
            report=report,
            state=state,
            state_label=self.rules.states[state].label,
            editable=self.rules.states[state].editable,
            own_texts=dict(row.texts) if row else {},
            drafts=drafts,
            last_problems=before.sections.get("problems", "") if before else "",
            references=narrative.references(report, before),
            findings=self._findings(unit, body, report, before),
            steps=list(row.steps) if row else [],
            overrides=list(row.overrides) if row else [],
            behind2=self.reports.table2_of(unit, body, year, report.format).behind,
            possible=[
                Possible(step, self.refusal(unit, body, row, step, staff))
                for step in self.rules.steps.values()
            ],
            changed_since=differences(report, live, self.law.formats)
            if row and row.figures
            else [],
            before=before,
            earlier=self._report(unit, body, year, earlier) if earlier else None,
            version=row.version if row else 1,
            versions=len(rows),
        )

    def _row(
        self, unit: Unit, body: AgencyRow, year: int, version: int | None
    ) -> ReportVersionRow | None:
        rows = queries.report_versions(unit, body.id, year)
        if version is None:
            return rows[-1] if rows else None
        found = next((row for row in rows if row.version == version), None)
        if found is None:
            raise Missing(f"没有第 {version} 版")
        return found

    def _report(
        self,
        unit: Unit,
        body: AgencyRow,
        year: int,
        row: ReportVersionRow | None,
        *,
        frozen: bool = True,
    ) -> AnnualReport:
        live = self.reports.counted_now(unit, body, year, self.law.formats.format_of(year))
        report = replace(
            live,
            title=f"{body.name}{year}年政府信息公开工作年度报告",
            version=row.version if row else 1,
            correction_note=row.note if row else "",
        )
        if row is None:
            return self._with_texts(unit, body, year, report, {})
        report = with_overrides(report, row.overrides)
        if frozen and row.figures:
            tables: dict[str, Any] = {t: restored(row.figures["tables"][t]) for t in TABLES}
            return replace(
                report,
                **tables,
                sections=row.figures["sections"],
                signed_by=row.figures.get("signed_by", ""),
                published_on=_day_of(row, "publish"),
            )
        return self._with_texts(unit, body, year, report, row.texts)

    def _with_texts(
        self, unit: Unit, body: AgencyRow, year: int, report: AnnualReport, own: Mapping[str, str]
    ) -> AnnualReport:
        before = self.reports.before(unit, body, year)
        values = narrative.references(report, before)
        formats = self.law.formats
        drafted = {
            "overview": narrative.overview(
                report, before, self._beside(unit, body, year, "overview"), formats
            ),
            "problems": "\n".join(t for _, t in self._beside(unit, body, year, "problems").texts),
            "other_matters": narrative.other_matters(
                report, self._beside(unit, body, year, "other_matters")
            ),
        }
        sections = {
            name: "\n".join(
                part
                for part in (drafted.get(name, ""), narrative.rendered(own.get(name, ""), values))
                if part
            )
            for name in self.law.formats.sections
        }
        return replace(report, sections=sections)

    def _beside(self, unit: Unit, body: AgencyRow, year: int, section: str) -> narrative.Beside:
        topics = self.rules.topics
        rows = [
            row
            for row in standing(queries.entries_of_year(unit, body.id, year))
            if row.item in topics and topics[row.item].section == section
        ]
        order = list(topics)
        by_topic: dict[str, list[str]] = {}
        for row in sorted(rows, key=lambda row: (order.index(row.item), row.on, row.id)):
            by_topic.setdefault(row.item, []).append(row.title)
        fees = queries.fee_events_of_year(unit, body.id, year)
        channels = queries.channels_of_year(unit, body.id, year)
        running = tuple(n for n, s in self.law.states.items() if s.stage == "running")
        return narrative.Beside(
            channels={
                entry["label"]: channels.get(name, 0)
                for name, entry in self.law.words.channels.items()
            },
            fee_notices=sum(name == "charge_fee" for name, _ in fees),
            fee_notified_yuan=_sum(amount for name, amount in fees if name == "charge_fee"),
            fee_paid_yuan=_sum(amount for name, amount in fees if name == "pay_fee"),
            overdue=queries.overdue_of_year(unit, body.id, year, running),
            texts=tuple((topics[item].label, "".join(texts)) for item, texts in by_topic.items()),
        )

    def _findings(
        self, unit: Unit, body: AgencyRow, report: AnnualReport, before: AnnualReport | None
    ) -> list[checks.Finding]:
        paid = _sum(
            amount
            for name, amount in queries.fee_events_of_year(unit, body.id, report.year)
            if name == "pay_fee"
        )
        known = checks.Known(before=before, fees_yuan=paid, today=self.office.today())
        found = checks.findings(report, self.law, known)
        _, carried = self.reports.counted(unit, body, report.year, report.format)
        return [*found, carried] if carried else found

    # -- writing ----------------------------------------------------------------------------------------

    def draft(self, staff: Staff | None, agency: str, year: int) -> int:
        """Open the first version if there is none. Returns the number of the version at work.

        staff None: the system, on 1 January. Raises Missing, or Refused for the wrong role or a year
        that has not ended.
        """
        with self.office.store.write() as unit:
            body = self._editor(unit, staff, agency)
            rows = queries.report_versions(unit, body.id, year)
            if rows:
                return rows[-1].version
            if year > self.office.today().year:
                raise Refused(Refusal("too_early", ARTICLE, f"{year} 年还没有到", "年度结束之后"))
            self._open(unit, body, year, 1, staff.name if staff else "system", "")
            return 1

    def correct(self, staff: Staff, agency: str, year: int, note: str) -> int:
        """A new version of a published report, with a note of what is corrected."""
        with self.office.store.write() as unit:
            body = self._editor(unit, staff, agency)
            row = self._row(unit, body, year, None)
            if row is None or row.state != "published":
                raise Refused(
                    Refusal(
                        "not_in_this_state", ARTICLE, "报告还没有公布，可以直接修改", "公布之后"
                    )
                )
            if not note.strip():
                raise BadInput([FieldError("note", "请写明更正什么、为什么")])
            made = self._open(unit, body, year, row.version + 1, staff.name, note.strip()[:2000])
            made.texts, made.overrides = dict(row.texts), list(row.overrides)
            return made.version

    def save_text(self, staff: Staff, agency: str, year: int, section: str, text: str) -> None:
        """The clerk's own words for a section; references in braces are filled in when it is shown.

        Raises BadInput for an unknown section or reference, Refused when it may not be edited.
        """
        with self.office.store.write() as unit:
            body, row = self._editable(unit, staff, agency, year)
            if section not in OWN_TEXTS:
                raise BadInput([FieldError("text", "没有这一部分")])
            report = self._report(unit, body, year, row)
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

    def override(self, staff: Staff, agency: str, year: int, given: Mapping[str, str]) -> None:
        """Put a number in the place of the counted one: with a reason and a second person (V26).

        given: table, row, column, value, reason, second.
        """
        with self.office.store.write() as unit:
            body, row = self._editable(unit, staff, agency, year)
            report = self._report(unit, body, year, row)
            errors = []
            cells: Cells = getattr(report, given.get("table", ""), None) or {}
            place = cells.get(given.get("row", ""), {})
            if given.get("table") not in TABLES or given.get("column") not in place:
                errors.append(FieldError("row", "年报表格中没有这一格"))
            value = (given.get("value") or "").strip()
            if not value.isascii() or not value.isdigit() or len(value) > 9:
                errors.append(FieldError("value", "请填写不小于 0 的整数"))
            if not (given.get("reason") or "").strip():
                errors.append(FieldError("reason", "请写明理由"))
            second = unit.user((given.get("second") or "").strip())
            if (
                second is None
                or not second.active
                or body.id not in {r.agency_id for r in second.roles}
            ):
                errors.append(FieldError("second", "没有这位工作人员"))
            elif second.name == staff.name:
                errors.append(FieldError("second", "复核人不能是自己"))
            if errors:
                raise BadInput(errors)
            names = ("table", "row", "column", "reason")
            made: dict[str, Any] = {key: (given.get(key) or "").strip() for key in names}
            made |= {"value": int(value), "by": staff.name, "second": second.name if second else ""}
            made["at"] = self.office.now().isoformat()
            kept = [o for o in row.overrides if _place(o) != _place(made)]
            row.overrides = [*kept, made]

    def take_back_override(self, staff: Staff, agency: str, year: int, place: str) -> None:
        """Let the counted number stand again. place: table.row.column."""
        with self.office.store.write() as unit:
            _, row = self._editable(unit, staff, agency, year)
            row.overrides = [o for o in row.overrides if ".".join(_place(o)) != place]

    def step(self, staff: Staff, agency: str, year: int, name: str, note: str = "") -> str:
        """Take a step of the report's life. Returns the new state.

        Raises Missing, or Refused with what would make it possible; then nothing is written.
        """
        with self.office.store.write() as unit:
            body = self.office.found_agency(unit, agency)
            self._may_read(staff, agency)
            row = self._row(unit, body, year, None)
            step = self.rules.steps.get(name)
            if row is None or step is None:
                raise Missing("报告还没有起草")
            refusal = self.refusal(unit, body, row, step, staff)
            if refusal is not None:
                raise Refused(refusal)
            if name == "return" and not note.strip():
                raise BadInput([FieldError("note", "请写明退回的理由")])
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
            report = self._report(unit, body, year, row, frozen=False)
            row.figures = {
                "format": report.format,
                "tables": {name: kept(getattr(report, name) or {}) for name in TABLES},
                "sheets": self._sheets(unit, body, year, row),
                "sections": dict(report.sections),
                "signed_by": staff.display_name,
            }
        if step.name in ("reopen", "return"):
            row.figures = None
        row.state = step.to
        row.steps = [*row.steps, self._logged(step.name, staff.name, note)]
        if step.name == "publish":
            if unit.published_year(body, year) is None:
                freeze_year(self.office, unit, body, year)
            unit.rules_changed()

    def _sheets(
        self, unit: Unit, body: AgencyRow, year: int, row: ReportVersionRow
    ) -> dict[str, Any]:
        """The tables in both formats as they are signed, with what stands behind every cell."""
        found = {}
        for fmt in self.law.formats.rows:
            report, tables, second = self.reports.counted_report(unit, body, year, fmt)
            found[fmt] = sheets_kept(with_overrides(report, row.overrides), tables, second)
        return found

    def _logged(self, step: str, by: str, note: str) -> dict[str, Any]:
        return {
            "step": step,
            "by": by,
            "at": self.office.now().isoformat(),
            "note": note.strip()[:2000],
        }

    def _open(
        self, unit: Unit, body: AgencyRow, year: int, version: int, by: str, note: str
    ) -> ReportVersionRow:
        row = ReportVersionRow(
            agency_id=body.id,
            year=year,
            version=version,
            state="draft",
            note=note,
            texts={},
            overrides=[],
            figures=None,
            steps=[self._logged("draft", by, note)],
        )
        unit.session.add(row)
        unit.session.flush()
        return row

    # -- who may ----------------------------------------------------------------------------------------

    def _may_read(self, staff: Staff, agency: str) -> None:
        if agency not in {code for code, _ in self.reports.readable(staff)}:
            raise Missing(f"没有代码为“{agency}”的机关，或者您不能查看")

    def _editor(self, unit: Unit, staff: Staff | None, agency: str) -> AgencyRow:
        body = self.office.found_agency(unit, agency)
        if staff is not None and agency not in staff.roles:
            raise Missing(f"没有代码为“{agency}”的机关，或者不是您的机关")
        if staff is not None and not any(staff.may(role, agency) for role in EDITORS):
            raise Refused(
                Refusal("not_your_role", "条例4", "您没有编制年度报告的角色", "请经办人编制")
            )
        return body

    def _editable(
        self, unit: Unit, staff: Staff, agency: str, year: int
    ) -> tuple[AgencyRow, ReportVersionRow]:
        body = self._editor(unit, staff, agency)
        row = self._row(unit, body, year, None)
        if row is None:
            raise Missing("报告还没有起草")
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
        self, unit: Unit, body: AgencyRow, row: ReportVersionRow | None, step: Step, staff: Staff
    ) -> Refusal | None:
        """Why a step is not possible now for this person, None if it is."""
        parent = self._parent(unit, body)
        where = body.code if step.where == "own" else parent
        asked = Asked(
            row.state if row else None,
            row.year if row else 0,
            self.office.today(),
            held=staff.roles.get(where or "", frozenset()),
            who=staff.name,
            checked_by=_last_by(row, "check"),
            has_parent=parent is not None,
            errors=self._errors(unit, body, row) if row and step.name == "check" else (),
        )
        return refusal_of(step, asked, self.law.words.roles)

    def _errors(self, unit: Unit, body: AgencyRow, row: ReportVersionRow) -> tuple[str, ...]:
        """What the checks call an error, but for the day of publication."""
        if row.state not in self.rules.steps["check"].sources:
            return ()
        report = self._report(unit, body, row.year, row, frozen=False)
        found = self._findings(unit, body, report, self.reports.before(unit, body, row.year))
        return tuple(
            f"{f.where}，{f.message}" for f in found if f.level == "error" and f.rule != "V23"
        )

    def _parent(self, unit: Unit, body: AgencyRow) -> str | None:
        line = unit.ancestors(body)
        return line[-2].code if len(line) > 1 else None


def _last_by(row: ReportVersionRow | None, step: str) -> str | None:
    """Who took the step last."""
    by = [str(one["by"]) for one in row.steps if one["step"] == step] if row else []
    return by[-1] if by else None


def _place(override: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(override["table"]), str(override["row"]), str(override["column"])


def _sum(amounts: Any) -> Decimal:
    return sum((Decimal(amount) for amount in amounts if amount), Decimal(0))


def _day_of(row: ReportVersionRow, step: str) -> date | None:
    days = [date.fromisoformat(one["at"][:10]) for one in row.steps if one["step"] == step]
    return days[-1] if days else None


def _day_of_last_step(row: ReportVersionRow) -> date | None:
    return date.fromisoformat(row.steps[-1]["at"][:10]) if row.steps else None
