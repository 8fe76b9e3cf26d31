"""A published report played as real cases and tallied back (`gongkai demo --from-report`)."""

from dataclasses import dataclass
from typing import Any

from workflow.docket.from_report import docket_of
from workflow.refusal import BadInput, FieldError
from workflow.report import checks
from workflow.rules.calendar import national
from workflow.service.docket.player import Player
from workflow.service.office import Office
from workflow.service.report.tables import Reports


class UnsoundTable(ValueError):
    """A table whose printed sums do not hold cannot be the sum of cases."""

    def __init__(self, findings: list[checks.Finding]) -> None:
        super().__init__("；".join(f"{f.where}：{f.message}" for f in findings))
        self.findings = findings


@dataclass(frozen=True)
class Round:
    """What came back. differences: cells that are not as printed, in words (none is the aim)."""

    agency: str
    year: int
    format: str
    table3: dict[str, dict[str, int]]
    table4: dict[str, dict[str, int]]
    cases: int
    events: int
    differences: list[str]


def play_report(office: Office, data: Any) -> Round:
    """Play the report's tables through the one door and tally them back.

    Raises BadInput for a file that is no report, UnsoundTable for one whose sums do not hold.
    """
    formats = office.law.formats
    year, fmt, table3, table4 = checks.read_tables(data, formats)
    findings = checks.sums(table3, table4, fmt, formats)
    if findings:
        raise UnsoundTable(findings)
    code = str(data.get("slug") or data.get("agency") or "report")
    if not code.isascii():
        code = f"report_{year}"
    with office.store.read() as unit:
        if unit.agency(code) is not None:
            raise BadInput([FieldError("slug", f"库中已有代码为“{code}”的机关")])
    about = {"code": code, "name": str(data.get("agency") or code), "level": "county_department"}
    docket = docket_of(about, year, table3, table4, office.law, national())
    _, played = Player(office).written(docket)
    refused = [
        f"{case.ref} {r['event']} {r['on']}：{r['message']}"
        for case in played
        for r in case.refused
    ]
    back = Reports(office).tables(code, year, fmt).tables
    return Round(
        agency=code,
        year=year,
        format=fmt,
        table3=back.table3,
        table4=back.table4,
        cases=len(docket["cases"]),
        events=sum(len(case["events"]) for case in docket["cases"]),
        differences=refused + _differences(table3, back.table3) + _differences(table4, back.table4),
    )


def _differences(printed: checks.Sheet, back: dict[str, dict[str, int]]) -> list[str]:
    return [
        f"{row}/{column}：印出 {value or 0}，算回 {back[row][column]}"
        for row, cells in printed.items()
        for column, value in cells.items()
        if back[row][column] != (value or 0) and value is not None
    ]
