"""The sum of a city: the bodies below, counted by their cases, in a fixed number of queries."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from config.law import load_law
from tests.bench.conftest import cpu_side_by_side
from tests.workflow.report.reports_made import units_of_pingtan
from workflow.case.counted import CountedCase
from workflow.dates import SHANGHAI
from workflow.report.sums.aggregate import add_up
from workflow.report.tables.kept import word_of
from workflow.service import Office
from workflow.service.report.sums import AddingUp, Shown
from workflow.service.report.year_end import YearEnd
from workflow.store.counts import rebuild_counts
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
        unit.session.flush()
        rebuild_counts(unit.session.connection())
    return office


def _answered(agency: int, n: int, now: datetime) -> CaseRow:
    day = date(2024, 1 + n % 12, 10)
    return CaseRow(
        agency_id=agency, number=f"2024-{n + 1:04d}", kind="application", request="养护合同",
        items=[], delivery=[], medium=[], code_salt="", submitted_at=now, opened_on=day,
        state="served", received_on=day, closed_on=day, result_row="disclosed",
        columns=["natural_person"], item_rows=[], proceedings=[],
        counted_as=word_of(
            CountedCase("", "application", ("natural_person",), day, day, "disclosed")
        ),
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
    reason="rows without logs: 24,000 cases are made at once, only reading counts"
)
def test_the_sum_of_200_bodies(tmp_path, full, tell):
    """Aim: a page of the overview beside 2,000 bodies at most 1.5 times what it costs beside 3."""
    few, some = city(tmp_path, 3), city(tmp_path, 200 if full else 6)
    asked = [queries_of(office) for office in (few, some)]
    assert asked[0] == asked[1]
    service, year_end = AddingUp(some), YearEnd(some)
    found = service.overview("city", 2024, with_live=True)
    assert found.total.number(("table3", "new_received", "total")) == CASES * len(found.lines)
    many = city(tmp_path, 2_000) if full else some
    page, of_few, of_many = Shown(), AddingUp(few), AddingUp(many)
    works = {
        "whole": lambda: service.overview("city", 2024, with_live=True),
        "published": lambda: add_up(units_of_pingtan(), 2022, load_law().formats),
        "year end": lambda: year_end.todos("city"),
        "few": lambda: of_few.overview("city", 2024, shown=page),
        "many": lambda: of_many.overview("city", 2024, shown=page),
    }
    taken = cpu_side_by_side(works, 7 if full else 1)
    ms = {name: f"{one * 1000:.0f} ms" for name, one in taken.items()}
    tell(
        f"{len(found.lines)} bodies with {CASES} cases each, all counted by their cases: {ms['whole']} of"
        f" CPU in {asked[1]} queries (17 published reports read and added: {ms['published']}); year-end"
        f" list {ms['year end']}"
    )
    tell(
        f"a page of the overview beside 2,000 bodies: {taken['many'] / taken['few']:.2f} × the one beside 3"
        f" (aim: 1.5; {ms['many']} against {ms['few']})"
    )
    for office in {few, some, many}:
        office.store.close()
