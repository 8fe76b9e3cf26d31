"""What stands behind a number of tables 三 and 四: which cases, a page at a time."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from workflow.people import Staff
from workflow.report.tables.tally import behind
from workflow.rules import permissions
from workflow.service.office import Missing
from workflow.service.own_unit import sight_in
from workflow.service.report.tables import Reports
from workflow.service.rules.settings import settings_of_year
from workflow.store import report as report_queries
from workflow.store.cells import Behind, CellCase, CellPlace, cases_behind, named, numbers_behind
from workflow.store.models import AgencyRow
from workflow.store.sight import Sight
from workflow.store.unit import Unit

__all__ = ["PAGE", "CellPage", "CellPlace", "Cells"]

PAGE = 50


@dataclass(frozen=True)
class CellPage:
    """Cases of a cell in the order of their days; without title where the person may not see what they are.
    total: the number in the cell. before, after: whether there are more."""

    total: int
    cases: tuple[CellCase, ...]
    before: bool
    after: bool
    format: str


class Cells:
    """The use cases around the numbers of the tables."""

    def __init__(self, reports: Reports) -> None:
        self.reports = reports
        self.office = reports.office
        self.law = reports.law

    def numbers(
        self, staff: Staff, agency: str, year: int, row: str, column: str, fmt: str | None = None
    ) -> list[str]:
        """The numbers of the cases behind a cell of table 3 or (row = block) of table 4, each as often as it
        stands in it; those of other units are left out for who does not see them.

        Raises Missing for an unknown body, or a row or column that the format does not have; BadInput for
        year or format.
        """
        fmt = self._format(year, fmt)
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            self._there(row, column, fmt)
            sight = self._sight(unit, staff, body)
            listed = self._listed(unit, body, year, row, column, fmt)
            if listed is not None:
                return self._seen(unit, body, listed, sight)
            return numbers_behind(unit, self._behind(unit, body, year, (row, column), fmt), sight)

    def page(
        self,
        staff: Staff,
        agency: str,
        year: int,
        row: str,
        column: str,
        fmt: str | None = None,
        beyond: CellPlace | None = None,
        *,
        back: bool = False,
    ) -> CellPage:
        """Cases of a cell, for a person who may read the body's tables. beyond: the last one that was seen,
        with back the first one, to get those before it. What a case asks for and who asked is told where the
        person may read the body's cases; of those of other units nothing to who does not see them, while total
        stays the number in the cell. Raises as `numbers`."""
        fmt = self._format(year, fmt)
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            self._there(row, column, fmt)
            listed = self._listed(unit, body, year, row, column, fmt)
            sight = self._sight(unit, staff, body)
            if listed is not None:
                total = len(listed)
                listed = self._seen(unit, body, listed, sight)
                found = self._of_list(unit, body, listed, beyond, back=back)
            else:
                behind = self._behind(unit, body, year, (row, column), fmt)
                found = cases_behind(unit, behind, PAGE + 1, beyond, back=back, sight=sight)
                total = behind.total
        more = len(found) > PAGE
        shown = found[-PAGE:] if back else found[:PAGE]
        before, after = (more, True) if back else (beyond is not None, more)
        read = agency in permissions.bodies_for(self.law, "read_cases", staff)
        lent = agency in staff.lent
        told = tuple(
            one if read and (one.held or not lent) else CellCase(one.place, often=one.often)
            for one in shown
        )
        return CellPage(total, told, before, after, fmt)

    def _sight(self, unit: Unit, staff: Staff, body: AgencyRow) -> Sight:
        """Only units keep somebody from a number: of what was transferred the page says the number without its title."""
        sight = sight_in(self.office, unit, staff, [body.code])
        return replace(sight, lent=())

    def _seen(self, unit: Unit, body: AgencyRow, numbers: list[str], sight: Sight) -> list[str]:
        if not sight:
            return numbers
        known = named(unit, body.id, [*dict.fromkeys(numbers)], sight)
        return [one for one in numbers if one in known]

    def _format(self, year: int, fmt: str | None) -> str:
        self.reports.check(year, fmt)
        return fmt or self.law.formats.format_of(year)

    def _there(self, row: str, column: str, fmt: str) -> None:
        formats = self.law.formats
        in_table3 = row in formats.rows[fmt] and column in formats.columns
        if not in_table3 and not (row in formats.blocks and column in formats.cells):
            raise Missing("年报表格中没有这一格")

    def _listed(
        self, unit: Unit, body: AgencyRow, year: int, row: str, column: str, fmt: str
    ) -> list[str] | None:
        """The numbers where they are kept as such, in a published year, or where cases of other bodies stand
        among them; None: to be found by the words."""
        published = report_queries.published_report(unit, body.id, year)
        table = "table3" if row in self.law.formats.rows[fmt] else "table4"
        if published and self.reports.kept(unit, body, year, fmt):
            place = f"{row}/{column}"
            return report_queries.behind_cell(unit, published, fmt, table, place) or []
        if self.reports.succession.stands_alone(unit, body, year):
            return None
        tables = self.reports.counted_one_by_one(unit, body, year, fmt)
        found = tables.behind3 if table == "table3" else tables.behind4
        assert found is not None
        return found.get((row, column), [])

    def _behind(
        self, unit: Unit, body: AgencyRow, year: int, place: tuple[str, str], fmt: str
    ) -> Behind:
        cases = self.reports.groups_of(unit, body, year)
        settings = settings_of_year(self.office, unit, body, year)
        words: Counter[str] = Counter()
        numbers: Counter[str] = Counter()
        for one in behind(cases, year, self.law, settings, fmt, place):
            if one.number:
                numbers[one.number] += 1
            else:
                words[one.word] += 1
        return Behind(
            body.id,
            words,
            {case.word: case.times for case in cases if case.word in words},
            numbers,
            tuple(case.number for case in cases if case.number),
        )

    def _of_list(
        self,
        unit: Unit,
        body: AgencyRow,
        numbers: list[str],
        beyond: CellPlace | None,
        *,
        back: bool,
    ) -> list[CellCase]:
        """The next ones of a list of numbers, which stand in their own order. Cases of another body are
        named by its code."""
        if beyond is None or beyond.number not in numbers:
            some = numbers[: PAGE + 1]
        elif back:
            here = numbers.index(beyond.number)
            some = numbers[max(0, here - PAGE - 1) : here]
        else:
            here = len(numbers) - numbers[::-1].index(beyond.number)
            some = numbers[here : here + PAGE + 1]
        known = named(unit, body.id, [*dict.fromkeys(some)])
        lost = CellPlace(date.min, "")
        return [known[one] if one in known else CellCase(replace(lost, number=one)) for one in some]
