"""The ledger (台账) of a body and year, written from its cases in the columns of practice.md §3.4."""

from collections.abc import Iterator
from dataclasses import dataclass

from config.errors import Damaged
from config.ledger import load_ledger
from workflow.case.case import Case
from workflow.docket.ledger.written import Row
from workflow.paper.columns import Column, as_metadata, described
from workflow.paper.workbook import Cell, Sheet, as_csv, as_xlsx
from workflow.service.docket.uncollected import uncollected
from workflow.service.office import Office
from workflow.store import ledger as ledger_queries
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.restored import case_of, first_private
from workflow.store.unit import Unit

DAMAGED = "这件申请在库中的数据已经损坏，没有列出：请告诉运行人员运行 gongkai verify"


@dataclass(frozen=True, slots=True)
class Written:
    """A ledger as a file. rows: how many requests it has."""

    name: str
    content: bytes
    rows: int


class LedgerExport:
    """Writing the ledger of one body and year."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.columns = load_ledger().written()

    def write(self, agency: str, year: int, ending: str = "xlsx", *, whole: bool = True) -> Written:
        """The ledger as xlsx or csv. whole: with the names of citizens. Raises Missing for an unknown body."""
        with self.office.store.read() as unit, uncollected():
            row = self.office.found_agency(unit, agency)
            rows = list(self._rows(unit, row, year, whole))
            name = row.name
        sheet = self._sheet(name, year, rows)
        if ending == "csv":
            made = as_csv(sheet)
        else:
            made = as_xlsx(sheet, *described(sheet), dated=self.office.today())
        return Written(f"{_file(name, year)}.{ending}", made, len(rows))

    def described(self, agency: str, year: int, csv_name: str = "") -> Written:
        """What the columns of the csv are, beside which it lies; csv_name: of that file, else the one that `write` gives
        it. Raises Missing for an unknown body."""
        with self.office.store.read() as unit:
            name = self.office.found_agency(unit, agency).name
        beside = csv_name or f"{_file(name, year)}.csv"
        made = as_metadata(self._sheet(name, year, []), beside)
        return Written(f"{beside}-metadata.json", made, 0)

    def _sheet(self, name: str, year: int, rows: list[list[Cell]]) -> Sheet:
        heads = tuple(Column(one.head, one.kind, one.meaning, one.name) for one in self.columns)
        return Sheet(f"{name} {year} 年政府信息公开申请台账", heads, rows, name=f"{year}年台账")

    def _rows(self, unit: Unit, agency: AgencyRow, year: int, whole: bool) -> Iterator[list[Cell]]:
        place = 0
        for cases in ledger_queries.cases_of_year(unit, agency.id, year):
            letters = ledger_queries.letters_of(unit, [row.id for row in cases])
            folded = [(row, self._case(unit, row)) for row in cases]
            people = {name for _, case in folded if case for name in _people(case)}
            names = unit.display_names(people)
            for row, case in folded:
                if case is not None and not _in_year(case, year):
                    continue
                place += 1
                told: dict[str, Cell] = {"number": row.number, "request": DAMAGED}
                if case is not None:
                    private = first_private(self.office.keys, row)
                    told = Row(case, private, names, letters.get(row.id), whole=whole).cells()
                told["place"] = place
                yield [told.get(column.name) for column in self.columns]

    def _case(self, unit: Unit, row: CaseRow) -> Case | None:
        """None where the store holds none that can be read: the others are listed all the same."""
        try:
            return case_of(row, self.office.rules(unit, row.agency, row.opened_on))
        except Damaged:
            return None


def _file(name: str, year: int) -> str:
    return f"{name}{year}年依申请公开台账"


def _people(case: Case) -> set[str]:
    return {line.actor for line in case.log} | {case.facts.assigned_to or ""}


def _in_year(case: Case, year: int) -> bool:
    """It stands in table 三 or 四 of the year, or in none and was filed in it."""
    facts, received = case.facts, case.received_on
    if received is None:
        return bool(case.log) and case.log[0].event.on.year == year
    if received.year <= year and (facts.closed_on is None or facts.closed_on.year >= year):
        return True
    return any(
        one.filed_on.year <= year and (one.concluded_on is None or one.concluded_on.year >= year)
        for one in facts.proceedings.values()
    )
