"""Bulk work beside the own core in memory: a province, and a published table played back. CPU time, so that
a busy machine says the same."""

import json
from collections.abc import Callable
from datetime import date, datetime
from time import process_time
from typing import Any

import pytest
from sqlalchemy import select

from tests.examples import ACCEPTANCE
from workflow.case.case import Case
from workflow.case.facts import Actor, Logged
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.service.docket import side_by_side
from workflow.service.docket.from_report import play_report
from workflow.service.docket.simulate import simulate
from workflow.service.installation import temporary_office
from workflow.store.models import CaseRow
from workflow.store.restored import header_of, logged_of

TODAY = date(2026, 11, 23)
TABLE = ACCEPTANCE / "tables" / "pingtan_qu_2023.json"


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Statements and tables are read once, whatever is measured after them."""
    with temporary_office() as office:
        simulate(office, 30, 3, 1, 1)


def core_of(office: Office) -> tuple[float, int]:
    """The CPU time of the same events applied once more in memory, and how many there are."""
    work = []
    with office.store.read() as unit:
        for row in unit.session.scalars(select(CaseRow).order_by(CaseRow.id)):
            rules = office.rules(unit, row.agency, row.opened_on)
            work.append((header_of(row), rules, [logged_of(line) for line in row.log]))
    begun, events = process_time(), 0
    for header, rules, log in work:
        case = Case(header, rules)
        case.papers_taken_as_there = True
        for line in log:
            done = case.apply(
                line.event, Actor(line.actor, frozenset((line.role,))), today=TODAY, recorded_at=line.recorded_at
            )  # fmt: skip
            # What it must know of others is not asked here: a repeated request, a transfer.
            events += isinstance(done, Logged)
    return process_time() - begun, events


def times(data: Any, factor: int) -> Any:
    """A table with every number multiplied: its sums still hold."""
    if isinstance(data, dict):
        return {key: times(value, factor) for key, value in data.items()}
    return data * factor if isinstance(data, int) else data


def test_a_simulated_case_costs_less_than_twice_the_core(
    full: bool, tell: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Aim: a million in under 15 minutes on two processors, 1.8 ms of CPU time a case."""
    cases = 4000 if full else 40
    monkeypatch.setattr(side_by_side, "ALONE", cases)
    with temporary_office() as office:
        office.now = lambda: datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)
        begun = process_time()
        made = simulate(office, cases, 20, 3, 1)
        whole = process_time() - begun
        assert (made.cases, made.refused) == (cases, 0)
        core, events = core_of(office)
        assert events > 0.95 * made.events
    tell(
        f"a simulated case: {whole / core:.2f} × its events in memory"
        f"   [{1e3 * whole / cases:.2f} ms of CPU time (aim < 1.8), core {1e3 * core / cases:.2f};"
        f" a million on two processors {1e6 * whole / cases / 2 / 60:.1f} minutes]"
    )


def test_a_played_table_costs_few_times_the_core(full: bool, tell: Callable[[str], None]) -> None:
    """Aim: at most twice the core in memory."""
    if not TABLE.exists():
        pytest.skip(f"{TABLE.name} is not among the published tables of tests/acceptance")
    data = json.loads(TABLE.read_text(encoding="utf-8"))
    for name in ("table3", "table4"):
        data[name] = times(data[name], 12 if full else 1)
    with temporary_office() as office:
        begun = process_time()
        found = play_report(office, data)
        whole = process_time() - begun
        assert found.differences == []
        core, events = core_of(office)
    tell(
        f"a published table played back: {whole / core:.2f} × its events in memory (aim ≤ 2)"
        f"   [{found.cases} cases, {events} events, {found.cases / whole:.0f} cases a second of CPU time]"
    )
