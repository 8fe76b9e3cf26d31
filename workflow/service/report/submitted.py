"""Where the reports of bodies stand, asked for many bodies at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from workflow.report.annual import AnnualReport
from workflow.report.procedure.versions import restored
from workflow.store import report as report_queries
from workflow.store.bodies import Body
from workflow.store.models import AgencyRow
from workflow.store.report_models import ReportVersionRow
from workflow.store.unit import Unit

COUNTED = ("submitted", "accepted", "published")
"""States in which a report counts: it has been handed in and was not sent back."""


@dataclass(frozen=True)
class Submitted:
    """A body's version of a year that counts: the latest that was handed in, else the latest.

    by_file: the supervising office took it in as a file. report: None while its figures are not frozen. on: the day of submission, else of publication; None
    before both.
    """

    report: AnnualReport | None
    state: str
    on: date | None = None
    by_file: bool = False


def submitted(unit: Unit, bodies: Sequence[AgencyRow | Body], year: int) -> Mapping[str, Submitted]:
    """The version of each body that counts, by its code: one query for all. A published version counts
    on while its correction is being drawn up."""
    by_id = {row.id: row for row in bodies}
    found: dict[str, Submitted] = {}
    for row in report_queries.report_versions_of(unit, list(by_id), year):
        body = by_id[row.agency_id]
        known = found.get(body.code)
        if known is None or row.state in COUNTED or known.state not in COUNTED:
            found[body.code] = Submitted(
                frozen_report(body, row),
                row.state,
                day_of(row, "submit") or day_of(row, "publish"),
                by_file(row),
            )
    return found


def states_of(unit: Unit, bodies: Sequence[AgencyRow | Body], year: int) -> dict[str, str]:
    """The state of the version of each body that counts, by its code, without its figures."""
    codes = {row.id: row.code for row in bodies}
    found: dict[str, str] = {}
    for agency, state in report_queries.report_states_of(unit, list(codes), year):
        known = found.get(codes[agency])
        if known is None or state in COUNTED or known not in COUNTED:
            found[codes[agency]] = state
    return found


def by_file(row: ReportVersionRow) -> bool:
    """True for a report that the supervising office took in as a file: there are no cases behind it."""
    return bool(row.figures and row.figures.get("by_file"))


def frozen_report(body: AgencyRow | Body, row: ReportVersionRow) -> AnnualReport | None:
    """A version as it was signed or came in; None while its figures are not frozen."""
    if not row.figures:
        return None
    tables: dict[str, Any] = {
        name: restored(t) or None for name, t in row.figures["tables"].items()
    }
    return AnnualReport(
        name_then(body, row), row.year, row.figures["format"], code=body.code, level=body.level,
        sections=row.figures["sections"], marks=row.figures.get("marks", {}),
        version=row.version, **tables,
    )  # fmt: skip


def name_then(body: AgencyRow | Body, row: ReportVersionRow) -> str:
    """The name that the body bore when the version was signed: a paper of before keeps the old name."""
    signed_on = day_of(row, "sign")
    return body.name_on(signed_on) if signed_on else body.name


class Stepped(Protocol):
    """Whatever keeps the steps of a version."""

    @property
    def steps(self) -> Any: ...


def day_of(row: Stepped, step: str) -> date | None:
    """The day on which a step was taken last."""
    days = [date.fromisoformat(one["at"][:10]) for one in row.steps if one["step"] == step]
    return days[-1] if days else None
