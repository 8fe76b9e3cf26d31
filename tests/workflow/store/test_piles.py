"""What the desk counts of open cases is what counting them one by one gives; and an index answers it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, text

from tests.stores import POSTGRES
from workflow.dates import SHANGHAI, Days
from workflow.service import Office
from workflow.store import supervision, worklist
from workflow.store.desk import Pile, piles
from workflow.store.dialect import among
from workflow.store.models import CaseRow
from workflow.store.sight import Sight
from workflow.store.worklist import Own, Since, Wanted

REASON = "rows without logs: only counting them counts"
TODAY = date(2024, 5, 6)
SINCE = datetime(2024, 5, 4, 12, tzinfo=SHANGHAI)
WORDS = (None, ":clerk", ":applicant", "lifang", "规划股")
RUNNING = ("registered", "processing")
STATES = (*RUNNING, "awaiting_correction")
Row = dict[str, Any]


@pytest.fixture
def filled(office: Office) -> tuple[list[int], list[Row]]:
    """Bodies, and cases in them as they were written."""
    dice, rows = Random(11), list[Row]()

    def moment() -> datetime | None:
        return dice.choice((None, SINCE - timedelta(1), SINCE, SINCE + timedelta(hours=1)))

    with office.store.write() as unit:
        bodies = [
            office.add_agency(unit, code=f"w{n}", name=f"第 {n} 局", level="county_department").id
            for n in range(3)
        ]
        for number in range(1, 81):
            for agency in bodies:
                word = dice.choice(WORDS)
                rows.append(
                    {
                        "agency_id": agency, "number": f"{2023 + number % 2}-{number:04d}",
                        "kind": dice.choice(("application", "application", "record_correction")),
                        "request": "x", "items": [], "delivery": [], "medium": [], "code_salt": "",
                        "submitted_at": SINCE, "opened_on": TODAY, "columns": [], "item_rows": [], "proceedings": [],
                        "state": dice.choice(STATES) if word else "served",
                        "next_due": dice.choice((None, *(TODAY + timedelta(n) for n in range(-4, 5)))),
                        "waits_for": word, "held_by": dice.choice((None, None, "w1")),
                        "assigned_to": dice.choice((None, "lifang")), "length": dice.randrange(9),
                        "news_at": moment(), "news_by": dice.choice((None, "lifang", "chen")), "uploaded_at": moment(),
                    }
                )  # fmt: skip
        unit.session.execute(insert(CaseRow), rows)
    return bodies, rows


def _new(row: Row) -> bool:
    by_others = row["news_at"] and row["news_at"] > SINCE and row["news_by"] not in (None, "lifang")
    return bool(by_others or (row["uploaded_at"] and row["uploaded_at"] > SINCE))


def _urgent(row: Row) -> bool:
    return row["state"] in RUNNING and row["next_due"] is not None and row["next_due"] <= TODAY


def _counted(rows: list[Row], told: bool = True) -> Pile:
    return Pile(
        len(rows),
        sum(_urgent(row) for row in rows) if told else 0,
        sum(_new(row) for row in rows) if told else 0,
        sum(row["length"] for row in rows),
        max((row["uploaded_at"] for row in rows if row["uploaded_at"]), default=None),
    )


def _past(row: Row) -> bool:
    return row["waits_for"] == ":applicant" and bool(row["next_due"] and row["next_due"] < TODAY)


@pytest.mark.tampering(reason=REASON)
@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("transferred_only", [(), (1,)])
def test_piles_are_what_counting_gives(
    office: Office,
    filled: tuple[list[int], list[Row]],
    transferred_only: tuple[int, ...],
    told: bool,
) -> None:
    bodies, rows = filled
    lent = [bodies[n] for n in transferred_only]
    since = Since(SINCE, "lifang") if told else None
    own = Own(tuple((body, (":clerk", "lifang")) for body in bodies), (bodies[0], bodies[1]), TODAY)
    with office.store.read() as unit:
        found = piles(unit, bodies, own.overdue, TODAY, since, RUNNING, Sight(lent=tuple(lent)))
        nothing = piles(unit, [], (), TODAY, since, RUNNING)
    here = [
        row for row in rows if row["waits_for"] and (row["agency_id"] not in lent or row["held_by"])
    ]
    for body in bodies:
        for word in filter(None, WORDS):
            some = [row for row in here if (row["agency_id"], row["waits_for"]) == (body, word)]
            assert found.by_word[body].get(word, Pile()) == _counted(some, told)
    assert found.all == _counted(here, told)
    mine = [
        row
        for row in here
        if row["waits_for"] in (":clerk", "lifang")
        or (_past(row) and row["agency_id"] in own.overdue)
    ]
    assert found.of(own) == _counted(mine, told)
    assert 0 < len(mine) < len(here)
    assert nothing.all == nothing.of(own) == Pile()


FILTERS: dict[str, tuple[Wanted, Callable[[Row], bool]]] = {
    "none": (Wanted(waiting=True), lambda row: True),
    "state": (Wanted(waiting=True, states=("processing",)), lambda row: row["state"] == "processing"),
    "year": (Wanted(waiting=True, year=2024), lambda row: row["number"].startswith("2024-")),
    "given": (Wanted(waiting=True, given=""), lambda row: row["assigned_to"] is None),
    "due": (
        Wanted(waiting=True, due=Days(TODAY, TODAY + timedelta(2))),
        lambda row: bool(row["next_due"] and 0 <= (row["next_due"] - TODAY).days <= 2),
    ),
}  # fmt: skip


@pytest.mark.tampering(reason=REASON)
@pytest.mark.parametrize("how", FILTERS)
def test_filtered_lists_are_counted_and_ordered_as_they_stand(
    office: Office, filled: tuple[list[int], list[Row]], how: str
) -> None:
    bodies, rows = filled
    wanted, fits = FILTERS[how]
    some = [row for row in rows if row["waits_for"] and fits(row)]
    order = sorted(
        some,
        key=lambda r: (r["next_due"] is None, r["next_due"] or TODAY, r["number"], r["agency_id"]),
    )
    fresh = Wanted(since=Since(SINCE, "lifang"))
    with office.store.read() as unit:
        assert worklist.tallies(unit, bodies, wanted, fresh) == (len(some), sum(map(_new, some)))
        ids = worklist.in_order(unit, bodies, wanted, limit=len(rows))
        shown = [(one.number, one.agency_id) for one in worklist.lines(unit, ids)]
    assert shown == [(row["number"], row["agency_id"]) for row in order]
    assert some


@pytest.mark.tampering(reason=REASON)
@pytest.mark.parametrize("overdue", [True, False])
@pytest.mark.parametrize("mine", [True, False])
def test_the_first_cases_of_each_day(
    office: Office, filled: tuple[list[int], list[Row]], mine: bool, overdue: bool
) -> None:
    bodies, rows = filled
    words = tuple((body, (":clerk", "lifang")) for body in bodies)
    own = Own(words, tuple(bodies) if overdue else (), TODAY)
    days = [TODAY + timedelta(n) for n in range(-3, 4)]
    wanted = Wanted(waiting=True, own=own if mine else None)
    with office.store.read() as unit:
        ids = worklist.first_of_days(unit, bodies, wanted, days, 4)
        shown = [(one.next_due, one.number, one.agency_id) for one in worklist.lines(unit, ids)]
        assert worklist.first_of_days(unit, [], wanted, days, 4) == []
        assert worklist.first_of_days(unit, bodies, wanted, [], 4) == []
    there = [
        (row["next_due"], row["number"], row["agency_id"])
        for row in rows
        if row["waits_for"]
        and (not mine or row["waits_for"] in (":clerk", "lifang") or (overdue and _past(row)))
    ]
    assert shown == [
        one for day in days for one in sorted(key for key in there if key[0] == day)[:4]
    ]


@pytest.mark.tampering(reason=REASON)
def test_open_applications_are_counted_by_who_has_them(
    office: Office, filled: tuple[list[int], list[Row]]
) -> None:
    bodies, rows = filled
    with office.store.read() as unit:
        found = {(a, held): n for a, held, n in supervision.open_of(unit, bodies)}
    places = [
        (row["agency_id"], row["held_by"])
        for row in rows
        if row["waits_for"] and row["kind"] == "application"
    ]
    assert found == {place: places.count(place) for place in places}


@pytest.mark.skipif(POSTGRES, reason="how SQLite finds rows; PostgreSQL is asked in tests/bench")
def test_of_many_numbers_an_index_is_used(office: Office) -> None:
    """A truth value compared with 1 would be none of an index."""
    with office.store.read() as unit:
        query = CaseRow.__table__.select().where(among(CaseRow.agency_id, range(40)))
        said = str(query.compile(unit.connection.engine, compile_kwargs={"literal_binds": True}))
        plan = [row[3] for row in unit.connection.execute(text(f"EXPLAIN QUERY PLAN {said}"))]
    assert any("SEARCH" in step and "agency_id=?" in step for step in plan), plan
