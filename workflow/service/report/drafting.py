"""A report as cases, registers and the bodies below have it now: its figures, and the texts drafted from them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from config.law.year import YearRules
from workflow.report.annual import AnnualReport
from workflow.report.checks import Finding
from workflow.report.procedure import narrative
from workflow.report.procedure.marked import unmarked
from workflow.report.procedure.versions import differences
from workflow.service.report.area import Area, area_of
from workflow.service.report.register import standing
from workflow.service.report.submitted import frozen_report
from workflow.service.report.tables import Reports
from workflow.store import kept as kept_queries
from workflow.store import report as report_queries
from workflow.store.fees import fee_events_of_year
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit


@dataclass(frozen=True)
class Now:
    """The tables of a report as they are counted now. area: what a government's report adds up; None
    where the report speaks for the body alone. bodies: ids of the bodies whose applications are in it.
    carried: where the own office's 上年结转 is not what its cases give (law.md §6.3)."""

    report: AnnualReport
    bodies: tuple[int, ...]
    carried: Finding | None = None
    area: Area | None = None


def counted_now(reports: Reports, unit: Unit, body: AgencyRow, year: int) -> Now:
    """Count a report in the format of its year."""
    fmt = reports.law.formats.format_of(year)
    own, carried = reports.counted_now(unit, body, year, fmt)
    area = area_of(reports.office, unit, body, own, fmt)
    if area is None:
        return Now(own, (body.id,), carried)
    summed = area.total.report(body.name, body.code)
    report = replace(summed, level=body.level, period=own.period)
    return Now(report, area.bodies, carried, area)


class Drafting:
    """Drafts the texts of a year's report (sections 一, 五 and 六) from its figures and the register."""

    def __init__(self, reports: Reports, rules: YearRules) -> None:
        self.reports = reports
        self.law = reports.law
        self.rules = rules

    def with_texts(
        self,
        unit: Unit,
        body: AgencyRow,
        report: AnnualReport,
        bodies: tuple[int, ...],
        own: Mapping[str, str],
    ) -> AnnualReport:
        """The report with its six sections: what is drafted, then the office's own words."""
        before = self.reports.before(unit, body, report.year)
        beside = self._beside(unit, body, report.year, bodies)
        drafted = {
            "overview": narrative.overview(report, before, beside["overview"], self.law.formats),
            "problems": "\n".join(text for _, text in beside["problems"].texts),
            "other_matters": narrative.other_matters(report, beside["other_matters"]),
        }
        marks = {
            name: "\n".join(
                part
                for part in (
                    drafted.get(name, ""),
                    narrative.rendered(own.get(name, ""), report, before),
                )
                if part
            )
            for name in self.law.formats.sections
        }
        sections = {name: unmarked(text) for name, text in marks.items()}
        return replace(report, sections=sections, marks=marks)

    def _beside(
        self, unit: Unit, body: AgencyRow, year: int, bodies: tuple[int, ...]
    ) -> dict[str, narrative.Beside]:
        """What the texts of each section tell besides the tables."""
        ids = list(bodies)
        fees = fee_events_of_year(unit, ids, year)
        channels = kept_queries.channels_of_year(unit, ids, year)
        running = tuple(n for n, s in self.law.states.items() if s.stage == "running")
        today = self.reports.office.today()
        late = kept_queries.overdue_of_year(unit, ids, year, running, today)
        told = narrative.Beside(
            channels={
                entry["label"]: channels.get(name, 0)
                for name, entry in self.law.words.channels.items()
            },
            fee_notices=sum(fee.event == "charge_fee" for fee in fees),
            fee_notified_yuan=yuan(fee.amount for fee in fees if fee.event == "charge_fee"),
            fee_paid_yuan=yuan(fee.amount for fee in fees if fee.event == "pay_fee"),
            answered_late=late[0],
            open_late=late[1],
        )
        texts = self._texts(unit, body, year)
        return {
            section: replace(
                told,
                texts=tuple((head, unmarked(text)) for head, text in texts.get(section, ())),
            )
            for section in self.law.formats.sections
        }

    def _texts(
        self, unit: Unit, body: AgencyRow, year: int
    ) -> dict[str, tuple[tuple[str, str], ...]]:
        """The texts of the year's register by section: (heading, text), in the order of the topics."""
        topics, order = self.rules.topics, list(self.rules.topics)
        rows = [
            row
            for row in standing(report_queries.entries_of_year(unit, body.id, year))
            if row.item in topics
        ]
        by_topic: dict[str, list[str]] = {}
        for row in sorted(rows, key=lambda row: (order.index(row.item), row.on, row.id)):
            by_topic.setdefault(row.item, []).append(row.title)
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        for item, texts in by_topic.items():
            section = topics[item].section
            found[section] = (*found.get(section, ()), (topics[item].label, "".join(texts)))
        corrected = tuple(self._corrected(unit, body, year - 1))
        if corrected:
            found["other_matters"] = (*found.get("other_matters", ()), *corrected)
        return found

    def _corrected(self, unit: Unit, body: AgencyRow, year: int) -> Iterator[tuple[str, str]]:
        """Corrections of the report on a year, for section 六 of the next: why, and the old figures
        (law.md §7A)."""
        rows = [
            row
            for row in report_queries.report_versions(unit, body.id, year)
            if row.state == "published" and row.figures
        ]
        for before, after in pairwise(rows):
            old, new = frozen_report(body, before), frozen_report(body, after)
            assert old is not None and new is not None
            found = [
                one.replace("：报告 ", "：原为 ").replace("，现在 ", "，更正为 ")
                for one in differences(old, new, self.law.formats)
            ]
            figures = f"{'；'.join(found)}。" if found else "表格数字没有变化。"
            yield "上年报告更正", f"{year} 年年度报告更正：{after.note.rstrip('。')}。{figures}"


def yuan(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of amounts in yuan."""
    return sum(amounts, Decimal(0))
