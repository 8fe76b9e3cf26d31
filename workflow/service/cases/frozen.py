"""Published figures and entries that come later (law.md §7A): what was published stays as it was published.

An entry that would change a figure of a published report is refused, naming the two ways on: a new version
of that report first, or the entry with the published figures kept. One that changes none passes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.counted import CountedCase, counted
from workflow.refusal import Refusal, Refused
from workflow.report.tables.kept import with_marks
from workflow.report.tables.tally import links, tally
from workflow.service.office import Office
from workflow.service.rules.settings import settings_of_year
from workflow.store import beside
from workflow.store import kept as kept_queries
from workflow.store import report as report_queries
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.report_models import ReportVersionRow
from workflow.store.unit import Unit

ARTICLE = "条例49、50"


@dataclass(frozen=True, slots=True)
class Figures:
    """What the tables of any year take from a case: itself, and the fees that were paid in each year."""

    counted: CountedCase
    fees: Mapping[int, Decimal]


def figures_of(case: Case) -> Figures:
    """What the tables see of a case as it stands."""
    fees: dict[int, Decimal] = {}
    void = case.rules.law.stage(case.state) == "void"
    for line in case.log:
        if isinstance(line.event, ev.PayFee) and not void:
            year = line.event.on.year
            fees[year] = fees.get(year, Decimal(0)) + (line.event.amount or 0)
    return Figures(counted(case), fees)


def asks_about_years(event: ev.Event) -> bool:
    """The event may be typed in late and change what was published: it can say that that stays."""
    return "keep_published" in type(event).model_fields


def check_published(
    office: Office, unit: Unit, row: CaseRow, event: ev.Event, before: Figures, after: Figures
) -> None:
    """Raises Refused (frozen_year) where a figure of a published report would change, unless the event
    says that the published figures are kept or a new version of that report is at work."""
    if before == after or getattr(event, "keep_published", None):
        return
    unit.attach()
    for year in sorted(one.year for one in unit.published_years([row.agency_id])):
        versions = report_queries.report_versions(unit, row.agency_id, year)
        last = versions[-1] if versions else None
        if last is not None and last.state != "published" and last.figures is None:
            continue
        if before.fees.get(year, 0) != after.fees.get(year, 0) or _changes(
            office, unit, row, year, before.counted, after.counted
        ):
            raise Refused(_refusal(year, last))


def _refusal(year: int, last: ReportVersionRow | None) -> Refusal:
    if last is not None and last.state != "published":
        first = f"先把 {year} 年年度报告的新版本退回修改，再登记"
    else:
        first = f"先更正 {year} 年的年度报告（经办人起草新的版本，负责人签批），再登记"
    return Refusal(
        "frozen_year",
        ARTICLE,
        f"{year} 年的年度报告已经公布，这样登记会改变其中的数字",
        f"{first}；或者选择“保留已公布的数字”，登记照办，公布的数字不变，差异注明",
        "keep_published",
    )


def _changes(
    office: Office,
    unit: Unit,
    row: CaseRow,
    year: int,
    before: CountedCase,
    after: CountedCase,
) -> bool:
    """A table of the year would say another number. The case alone is asked first; with all others only
    where it counts together with some of them."""
    agency: AgencyRow = row.agency
    settings = settings_of_year(office, unit, agency, year)
    alone = _tables(office, settings, year, [before]), _tables(office, settings, year, [after])
    tied = any(
        one.redo_of or one.joint_letter or one.proceedings for one in (before, after)
    ) or bool(beside.linked_to(unit, row))
    if not tied:
        return alone[0] != alone[1]
    void = tuple(name for name, state in office.law.states.items() if state.stage == "void")
    by = {agency.id: links(settings)}
    named = (number for one in (before, after) for number in (one.redo_of, one.joint_letter))
    numbers = {row.number, *(number for number in named if number)}
    others = [
        one
        for one in kept_queries.groups_for_tables(unit, by, year, void, numbers)[agency.id]
        if one.number != row.number
    ]
    return _tables(office, settings, year, [*others, with_marks(before)]) != _tables(
        office, settings, year, [*others, with_marks(after)]
    )


def _tables(
    office: Office, settings: Mapping[str, Any], year: int, cases: list[CountedCase]
) -> tuple[Any, Any]:
    found = tally(cases, year, office.law, settings)
    return found.table3, found.table4
