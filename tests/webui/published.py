"""A report as it lies in the store once it is signed or published, without the way there."""

from tests.workflow.report.annual import published
from workflow.report.procedure.versions import TABLES, kept
from workflow.service import Office
from workflow.store.report_models import ReportVersionRow


def publish(
    office: Office,
    year: int = 2023,
    agency: str = "panlong",
    state: str = "published",
    version: int = 1,
) -> None:
    """A version of the year's report with the figures of a real one (the way there: reports/test_annual.py)."""
    report = published()
    with office.store.write() as unit:
        unit.session.add(
            ReportVersionRow(
                agency_id=office.found_agency(unit, agency).id,
                year=year,
                version=version,
                state=state,
                note="更正说明&" if version > 1 else "",
                texts={},
                overrides=[],
                figures={
                    "format": report.format,
                    "tables": {name: kept(getattr(report, name) or {}) for name in TABLES},
                    "sheets": {},
                    "sections": {"overview": f"第 {version} 版的概述"},
                    "signed_by": "盘龙彝族乡人民政府",
                },
                steps=[{"step": "publish", "by": "chen", "at": f"{year + 1}-01-20T10:00:00+08:00"}],
            )
        )
