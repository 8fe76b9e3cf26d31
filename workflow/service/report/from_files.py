"""Reports that come to a supervising office as files: from bodies that do not work in this system."""

from collections.abc import Iterable

from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.report.annual import AnnualReport, Cells
from workflow.report.procedure.versions import kept
from workflow.report.sums.aggregate import shape
from workflow.report.tables.layout import TABLES, format_in
from workflow.rules import permissions
from workflow.rules.secrecy import bears_secret_mark
from workflow.service.office import Missing
from workflow.service.report.annual import ARTICLE, AnnualReports
from workflow.service.report.submitted import by_file
from workflow.store import report as report_queries
from workflow.store.models import AgencyRow
from workflow.store.report_models import ReportVersionRow
from workflow.store.retried import retried
from workflow.store.unit import Unit


class ReportsFromFiles:
    """Takes a report in for a body below."""

    def __init__(self, annual: AnnualReports) -> None:
        self.annual = annual
        self.office = annual.office

    @retried
    def take_in(
        self,
        staff: Staff,
        agency: str,
        year: int,
        report: AnnualReport,
        name: str,
        *,
        surely_its: bool = False,
    ) -> None:
        """Keep a report that was read from a file as the body's report on the year, as submitted.

        What the body printed stays as printed; an earlier file stays as an earlier version. surely_its:
        the person says that it is this body's though it names another. Raises Missing for a body that
        is not below the person's, Denied for the wrong role, Refused where the body draws up its own report
        here, BadInput for a file of another year or body or without tables.
        """
        with self.office.store.write() as unit:
            body = self.office.found_agency(unit, agency)
            away = staff.stands_for(*self._may(unit, staff, body))
            said = f"按文件代收：{name[:200]}"
            rows = report_queries.report_versions(unit, body.id, year)
            if rows and not by_file(rows[-1]):
                raise Refused(
                    Refusal(
                        "not_in_this_state", ARTICLE, "这个机关在本系统里编制这一年的报告",
                        "请它在系统里报送",
                    )
                )  # fmt: skip
            self._check(body, year, report, surely_its)
            row = ReportVersionRow(
                agency_id=body.id,
                year=year,
                version=len(rows) + 1,
                state="submitted",
                note="",
                texts={},
                overrides=[],
                figures={
                    "format": report.format,
                    "tables": {one: kept(self._whole(report, one)) for one in TABLES},
                    "sheets": {},
                    "sections": dict(report.sections),
                    "signed_by": "",
                    "by_file": name[:200],
                },
                steps=[self.annual.kept.logged("submit", staff.name, said, away)],
            )
            unit.session.add(row)

    def _whole(self, report: AnnualReport, name: str) -> Cells:
        """A table with every row and column of its format, blank where the file has none; {} without
        the table."""
        table = getattr(report, name)
        formats = self.annual.law.formats
        rows = shape(name, format_in(report, name, formats), formats) if table else {}
        return {
            row: {c: table.get(row, {}).get(c) for c in columns} for row, columns in rows.items()
        }

    def _may(self, unit: Unit, staff: Staff, body: AgencyRow) -> tuple[str, Iterable[str]]:
        """The body above in which the person may, and the roles that do. Raises Missing, Denied."""
        above = [row.code for row in unit.ancestors(body)[:-1]]
        if not any(code in staff.roles for code in above):
            raise Missing(f"没有代码为“{body.code}”的机关，或者不是您的下级机关")
        allowed = permissions.heads_for(self.annual.law, "take_in_report", staff)
        where = next((code for code in reversed(above) if code in allowed), None)
        if where is None:
            permissions.ask(self.annual.law, "take_in_report", permissions.NOBODY)
        return where or "", self.annual.law.permissions.actions["take_in_report"].may

    def _check(self, body: AgencyRow, year: int, report: AnnualReport, surely_its: bool) -> None:
        if report.table3 is None:
            raise BadInput([FieldError("file", "文件里没有读到表三，不能计入汇总")])
        if report.year and report.year != year:
            message = f"这是 {report.year} 年的报告，不能计入 {year} 年的汇总"
            raise BadInput([FieldError("file", message)])
        if bears_secret_mark("\n".join((report.title, *report.sections.values()))):
            raise BadInput([FieldError("file", "内容带有密级标志，这份文件没有保存")])
        named = report.agency
        if named and not surely_its and named not in body.name and body.name not in named:
            message = f"文件写的机关是“{named}”。确是{body.name}的报告的，请勾选后再提交"
            raise BadInput([FieldError("surely_its", message)])
