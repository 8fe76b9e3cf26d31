"""The sum of a city: 200 bodies below, counted by their cases, in a fixed number of queries."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from config.law import load_law
from tests.bench.conftest import seconds
from tests.workflow.report.reports_made import units_of_pingtan
from workflow.dates import SHANGHAI
from workflow.report.sums.aggregate import add_up
from workflow.service import Office
from workflow.service.report.sums import AddingUp
from workflow.service.report.year_end import YearEnd
from workflow.store.migrate import migrate
from workflow.store.models import ApplicantRow, CaseRow
from workflow.store.sealed import Secrets
from workflow.store.store import Store

CASES = 12


def city(folder: Path, bodies: int) -> Office:
    """A city with bodies below it, each with CASES answered applications of 2024."""
    store = Store(f"sqlite:///{folder / f'city{bodies}.db'}")
    migrate(store.engine)
    now = datetime(2025, 1, 10, 9, 0, tzinfo=SHANGHAI)
    office = Office(store, Secrets.throwaway(), now=lambda: now)
    with store.write() as unit:
        office.add_agency(unit, code="city", name="某市人民政府", level="city")
        for body in range(bodies):
            row = office.add_agency(
                unit, code=f"b{body}", name=f"第 {body} 局", level="city_department", parent="city"
            )
            for n in range(CASES):
                unit.session.add(_answered(row.id, n, now))
    return office


def _answered(agency: int, n: int, now: datetime) -> CaseRow:
    day = date(2024, 1 + n % 12, 10)
    return CaseRow(
        agency_id=agency, number=f"2024-{n + 1:04d}", kind="application", request="养护合同",
        items=[], delivery=[], medium=[], code_salt="", submitted_at=now, opened_on=day,
        state="served", received_on=day, closed_on=day, result_row="disclosed",
        columns=["natural_person"], item_rows=[], proceedings=[],
        applicants=[ApplicantRow(position=0, name="张三", citizen=True)],
    )  # fmt: skip


def queries_of(office: Office) -> int:
    """How many statements the sum of the city takes."""
    count = 0

    def one(*_) -> None:
        nonlocal count
        count += 1

    engine = office.store._reading
    event.listen(engine, "before_cursor_execute", one)
    try:
        AddingUp(office).overview("city", 2024, with_live=True)
    finally:
        event.remove(engine, "before_cursor_execute", one)
    return count


@pytest.mark.tampering(
    reason="rows without logs: 2,400 cases are made at once, only reading counts"
)
def test_the_sum_of_200_bodies(tmp_path, full, tell):
    few = city(tmp_path, 2)
    many = city(tmp_path, 200 if full else 6)
    asked = [queries_of(office) for office in (few, many)]
    assert asked[0] == asked[1]
    service, year_end = AddingUp(many), YearEnd(many)
    found = service.overview("city", 2024, with_live=True)
    assert found.total.number(("table3", "new_received", "total")) == CASES * len(found.lines)
    taken = seconds(lambda: service.overview("city", 2024, with_live=True), 5 if full else 1)
    plain = seconds(lambda: add_up(units_of_pingtan(), 2022, load_law().formats), 3)
    todo = seconds(lambda: year_end.todos("city"), 3 if full else 1)
    tell(
        f"{len(found.lines)} bodies with {CASES} cases each: {taken:.2f} s in {asked[1]} queries"
        f" (17 published reports read and added: {plain:.3f} s); year-end list {todo:.3f} s"
    )
    few.store.close()
    many.store.close()
