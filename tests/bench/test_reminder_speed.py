"""The due reminders of many open cases: found by a range of an index, nothing else is read."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, event, insert, text

from tests.bench.conftest import seconds
from tests.workflow.reminders.telling import case, rules
from workflow.case.case import Case
from workflow.case.row import projection
from workflow.dates import SHANGHAI
from workflow.reminders.due import reminders_on, windows
from workflow.reminders.watched import watched_days
from workflow.rules.calendar import national
from workflow.service import Office
from workflow.service.messages.due_today import days_in_reach, find_reminders
from workflow.service.messages.watched import WatchedCases
from workflow.store import cases as case_queries
from workflow.store.migrate import migrate
from workflow.store.models import CaseRow, WatchedDayRow
from workflow.store.sealed import Secrets
from workflow.store.store import Store

TODAY = date(2024, 9, 24)
BODIES = 20
LAST_DAYS = 45
"""The open cases came in over so many working days: most are in time, some are late."""


def shapes(on: str) -> list[Case]:
    """How cases that were received on a day may stand."""
    received = ("receive", on, {"channel": "in_person"})
    assigned = (received, ("assign", on, {}))
    draft = ("propose_outcome", on, {"outcome": "supplied"})
    return [
        case(("submit", on, {"channel": "ordinary_mail"})),
        case(received),
        case(*assigned),
        case(*assigned, draft),
        case(*assigned, draft, ("send_to_secrecy_review", on, {})),
        case(*assigned, ("consult_third_party", on, {"consultation": 1})),
        case(*assigned, ("extend", on, {"days": 20, "reached_on": on})),
        case(received, ("require_correction", on, {"reached_on": on})),
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    migrate(store.engine)
    yield store
    with store.engine.begin() as connection:
        # Cases without a log are good for measuring only: nobody is to find them in a store.
        connection.execute(delete(WatchedDayRow))
        connection.execute(delete(CaseRow))
    store.close()


def fill(office: Office, number: int) -> list[Case]:
    """So many open cases, their rows as the log of one like them says; returns the different ones."""
    days = [national().add(TODAY, -n) for n in range(LAST_DAYS)]
    different = [shape for day in days for shape in shapes(day.isoformat())]
    rows = [projection(shape) for shape in different]
    seen = [watched_days(shape) for shape in different]
    with office.store.write() as unit:
        bodies = [
            office.add_agency(unit, code=f"b{n}", name=f"第 {n} 局", level="county_department").id
            for n in range(BODIES)
        ]
        for begin in range(0, number, 10_000):
            cases, watching = [], []
            for n in range(begin, min(begin + 10_000, number)):
                which, body = n % len(different), bodies[n % BODIES]
                cases.append(
                    {
                        "id": n + 1, "agency_id": body, "number": f"2024-{n:06d}", "request": "公路",
                        "kind": "application", "items": [], "delivery": [], "medium": [],
                        "code_salt": "", "submitted_at": datetime.combine(TODAY, time(9), SHANGHAI),
                        "opened_on": different[which].log[0].event.on, "length": 1, "head_hash": "",
                        **rows[which],
                    }
                )  # fmt: skip
                watching += [
                    {"case_id": n + 1, "agency_id": body, "kind": one.kind, "day": one.day}
                    for one in seen[which]
                ]
            unit.session.execute(insert(CaseRow), cases)
            unit.session.execute(insert(WatchedDayRow), watching)
    return different


def test_due_reminders_of_a_hundred_thousand_open_cases(store, full, tell):
    """Aim: under 5 s."""
    number = 100_000 if full else 720
    moment = datetime.combine(TODAY, time(9), SHANGHAI)
    office = Office(store, Secrets.throwaway(), now=lambda: moment)
    different = fill(office, number)
    found = find_reminders(office, TODAY)
    of_cases = [r for r in found if r.number.startswith("2024-")]
    due = [len(reminders_on(TODAY, watched_days(one), rules())) for one in different]
    assert len(of_cases) == sum(due[n % len(due)] for n in range(number))
    assert len({r.key for r in of_cases}) == len(of_cases) > 0

    taken = seconds(lambda: find_reminders(office, TODAY), 5 if full else 1)
    spans = [(kind, *span) for kind, listed in windows(rules(), TODAY).items() for span in listed]
    bare_rows: list[int] = []

    def bare() -> None:
        with store.engine.connect() as connection:
            raw = connection.connection.cursor()
            for kind, first, last in spans:
                for body in range(1, BODIES + 1):
                    raw.execute(RANGE, (body, kind, first.isoformat(), last.isoformat()))
                    bare_rows.append(len(raw.fetchall()))

    alone = seconds(bare, 5 if full else 1)
    with store.engine.connect() as connection:
        every = connection.scalar(text("SELECT count(*) FROM watched_day"))
    cases = WatchedCases(office)
    read = len(days_in_reach(cases, cases.rules_on(TODAY), TODAY))
    assert read == sum(bare_rows[: len(spans) * BODIES]) < every
    tell(
        f"due reminders of {number} open cases: {len(of_cases)} reminders in {taken:.2f} s (aim < 5);"
        f" {read} of {every} watched days read; {taken / alone:.0f} × the bare ranges of the"
        " index"
    )


RANGE = (
    'SELECT c.number, w.day FROM watched_day w JOIN "case" c ON c.id = w.case_id'
    " WHERE w.agency_id = ? AND w.kind = ? AND w.day BETWEEN ? AND ?"
)


def test_the_question_is_answered_by_a_range_of_the_index(store):
    """Neither table is scanned, whatever the day."""
    asked = []

    def listen(connection, cursor, statement, parameters, context, executemany):
        if "watched_day" in statement:
            asked.append((statement, parameters))

    with store.read() as unit:
        engine = unit.session.get_bind()
        event.listen(engine, "before_cursor_execute", listen)
        case_queries.watched_in_window(unit, [1, 2, 3], "reply", TODAY, TODAY + timedelta(9))
        ((statement, parameters),) = asked
        raw = unit.session.connection().connection.cursor()
        plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert "ix_watched_day_window (agency_id=? AND kind=? AND day>? AND day<?)" in plan[0]
    assert not any(step.startswith("SCAN") for step in plan), plan
