"""The due reminders of many open cases: found by a range of an index, nothing else is read."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import Column, MetaData, Table, event, insert, select, text

from tests.bench.conftest import interleaved
from tests.counting import work
from tests.workflow.reminders.telling import case, rules
from workflow.case.case import Case
from workflow.case.row import projection
from workflow.dates import SHANGHAI
from workflow.reminders.due import reminders_on, windows
from workflow.reminders.watched import watched_days
from workflow.rules.calendar import national
from workflow.service import Office
from workflow.service.messages.due_today import days_in_reach, find_reminders
from workflow.service.messages.outbox import TOGETHER, Outbox
from workflow.service.messages.watched import WatchedCases
from workflow.store import cases as case_queries
from workflow.store.message_models import MessageRow
from workflow.store.messages import BATCH
from workflow.store.migrate import migrate
from workflow.store.models import CaseRow, RoleRow, UserRow, WatchedDayRow
from workflow.store.sealed import Secrets
from workflow.store.store import Store

MESSAGE = MessageRow.__table__
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


@pytest.fixture(scope="module")
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Office, list[Case]]]:
    """An office with many open cases, and the different ones of them."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('open') / 'store.db'}")
    migrate(store.engine)
    moment = datetime.combine(TODAY, time(9), SHANGHAI)
    office = Office(store, Secrets.throwaway(), now=lambda: moment)
    yield office, fill(office, 100_000 if request.config.getoption("--benchmark") else 2_160)
    store.close()


@pytest.mark.tampering(reason="rows without logs: only reading them counts")
def test_due_reminders_of_a_hundred_thousand_open_cases(filled, full, tell):
    """Aim: half of what it was, 1.4 s."""
    office, different = filled
    store = office.store
    with store.engine.connect() as connection:
        number = connection.scalar(text('SELECT count(*) FROM "case"'))
    found = find_reminders(office, TODAY)
    of_cases = [r for r in found if r.number.startswith("2024-")]
    due = [len(reminders_on(TODAY, watched_days(one), rules())) for one in different]
    assert len(of_cases) == sum(due[n % len(due)] for n in range(number))
    assert len({r.key for r in of_cases}) == len(of_cases) > 0

    spans = [(kind, *span) for kind, listed in windows(rules(), TODAY).items() for span in listed]
    bare_rows: list[int] = []

    def bare() -> None:
        with store.engine.connect() as connection:
            raw = connection.connection.cursor()
            for kind, first, last in spans:
                for body in range(1, BODIES + 1):
                    raw.execute(RANGE, (body, kind, first.isoformat(), last.isoformat()))
                    bare_rows.append(len(raw.fetchall()))

    ways = (lambda: find_reminders(office, TODAY), bare)
    taken, alone = interleaved(ways, 5 if full else 1)
    with store.engine.connect() as connection:
        every = connection.scalar(text("SELECT count(*) FROM watched_day"))
    cases = WatchedCases(office)
    read = len(days_in_reach(cases, cases.rules_on(TODAY), TODAY))
    assert read == sum(bare_rows[: len(spans) * BODIES]) < every
    tell(
        f"due reminders of {number} open cases: {len(of_cases)} reminders in {taken:.2f} s of the processor (aim 0.7);"
        f" {read} of {every} watched days read; {taken / (alone or 1):.1f} × the bare ranges of the"
        " index"
    )


@pytest.mark.tampering(reason="rows without logs: only reading them counts")
def test_a_round_of_reminders_is_put_into_the_outbox_at_once(filled, tell):
    """The people of a body, its cases and the keys of their lines are asked for together: of a body and
    a thousand reminders, not of each of them."""
    office, _ = filled
    store, moment = office.store, office.now()
    with store.write() as unit:
        for body in unit.agencies():
            for role in ("clerk", "office_head"):
                row = UserRow(name=f"{role}.{body.code}", display_name=role, password_hash="set")
                row.roles = [RoleRow(agency=body, role=role)]
                unit.session.add(row)
    reminders = find_reminders(office, TODAY)
    outbox, made = Outbox(office), []
    with work() as first:
        (taken,) = interleaved([lambda: made.append(outbox.round_made(reminders, moment))], 1)
    with store.read() as unit:
        lines = [dict(line) for line in unit.session.execute(select(MESSAGE)).mappings()]
    assert len(lines) == made[0] > len(reminders)
    moments = {(r.agency, r.moment.name) for r in reminders}
    batches = len(reminders) / TOGETHER + made[0] / BATCH + BODIES
    assert first.statements < 12 * len(moments) + 8 * batches
    with work() as again:
        assert outbox.round_made(reminders, moment) == 0
    assert again.statements <= first.statements
    alike = Table("bare_message", MetaData(), *(Column(c.name, c.type) for c in MESSAGE.c))

    def bare() -> None:
        with store.engine.begin() as connection:
            alike.create(connection)
            connection.execute(insert(alike), lines)
            alike.drop(connection)

    (alone,) = interleaved([bare], 1)
    tell(
        f"{len(reminders)} reminders of a morning as {made[0]} messages in the outbox: {taken:.1f} s of"
        f" the processor, {taken / (alone or 1):.1f} × inserting the rows alone; {first.statements}"
        " statements"
    )


RANGE = (
    'SELECT c.number, w.day FROM watched_day w JOIN "case" c ON c.id = w.case_id'
    " WHERE w.agency_id = ? AND w.kind = ? AND w.day BETWEEN ? AND ?"
)


def test_the_question_is_answered_by_a_range_of_the_index(filled):
    """Neither table is scanned, whatever the day; the days are not looked up in their table at all."""
    store = filled[0].store
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
    assert (
        "COVERING INDEX ix_watched_day_window (agency_id=? AND kind=? AND day>? AND day<?)"
        in plan[0]
    )
    assert not any(step.startswith("SCAN") for step in plan), plan
