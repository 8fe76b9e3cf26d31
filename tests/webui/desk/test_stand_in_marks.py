"""Who did something in place of a colleague is named with that colleague: beside letters, in their book, in a report."""

from typing import Any

from tests.webui.filing import file
from workflow.service import Office
from workflow.service.letters.door import CaseLetters
from workflow.service.report.annual import AnnualReports
from workflow.service.standing_in import StandIns


def test_pages_say_for_whom_it_was_done(
    visitor: Any, staff: Any, office: Office, today: Any
) -> None:
    number, _ = file(visitor)
    day = today().date().isoformat()
    StandIns(office).make(
        office.staff("guanli"), "panlong", "lifang", "wangqiang", ["clerk"], day, day
    )
    acting = office.staff("wangqiang")
    assert acting is not None
    CaseLetters(office).issue(acting, "panlong", number, "receipt")
    AnnualReports(office).draft(acting, "panlong", 2023)
    clerk = staff("lifang")
    for path in (
        f"/desk/cases/panlong/{number}/letters", "/desk/letters?agency=panlong", "/desk/reports/panlong/2023/report",
    ):  # fmt: skip
        assert "wangqiang（代lifang）" in clerk.get(path).text, path
    book = clerk.get("/desk/letters/book/csv?agency=panlong").page.get_data().decode("utf-8-sig")
    assert "wangqiang（代lifang）" in book
