"""The tables of a body and a year in which a million cases stand, beside the bare SQL aggregate."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, text

from config.law import load_law
from tests.bench.conftest import cpu_side_by_side
from workflow.case.counted import CountedCase
from workflow.case.row import proceeding_of
from workflow.dates import SHANGHAI
from workflow.people import Staff
from workflow.report.tables.kept import word_of
from workflow.service import Office
from workflow.service.report.cells import Cells
from workflow.service.report.tables import Reports
from workflow.store.counts import rebuild_counts
from workflow.store.migrate import migrate
from workflow.store.models import CaseRow
from workflow.store.sealed import Secrets
from workflow.store.store import Store

YEAR = 2024
LAW = load_law()
COLUMNS = LAW.formats.applicant_columns()
ROWS = LAW.formats.result_rows("2021")
REVIEW = {
    "number": 1, "kind": "review", "filed_on": "2024-11-04", "case_number": None, "via": None,
    "instance": "first", "role": "respondent", "concluded_on": None, "result": None,
}  # fmt: skip

BARE = """
SELECT columns, CASE WHEN closed_on <= :last THEN result_row END AS row,
       sum(received_on >= :first), sum(received_on < :first),
       sum(coalesce(closed_on <= :last, 0)), sum(coalesce(closed_on > :last, 1))
  FROM "case"
 WHERE agency_id = :agency AND kind = 'application' AND state != 'voided' AND redo_of IS NULL
   AND received_on <= :last
   AND (closed_on IS NULL OR closed_on >= :first AND result_row IS NOT NULL)
 GROUP BY columns, row
"""
"""The cells of table 三 under the settings that hold by default, as one would ask for them by hand; the
first of several applicants decides."""


def cases(agency: int, number: int) -> Iterator[dict[str, Any]]:
    """So many cases that stand in the year's tables, and a twentieth more that were closed before.

    Of every hundred: 10 carried in, 9 still open, 3 closed only in the next year, 2 of two applicants,
    3 answered item by item, 2 corrections of records, 1 voided, 1 withdrawn before acceptance; of every
    thousand 5 with a review, 3 answered by one letter with others, 3 a new reply after a review.
    """
    dice = Random(YEAR)
    now = datetime(2025, 3, 1, 9, 0, tzinfo=SHANGHAI)
    for n in range(number + number // 20):
        before = n < number // 20
        # Rows lie in the order in which they came in: first those of the year before.
        share = (n - number // 20) / number
        received = date(YEAR - 1, 1, 1) + timedelta(days=dice.randrange(250))
        if not before and share < 0.1:
            received = date(YEAR - 1, 9, 8) + timedelta(days=int(share * 1140))
        elif not before:
            received = date(YEAR, 1, 1) + timedelta(days=int((share - 0.1) / 0.9 * 366))
        ended = date(YEAR, 1, 1) + timedelta(days=dice.randrange(366))
        lot = dice.random()
        closed = (
            received + timedelta(days=dice.randrange(100)) if before
            else None if lot < 0.09
            else date(YEAR + 1, 1, 1) + timedelta(days=dice.randrange(50)) if lot < 0.12
            else max(ended, received)
        )  # fmt: skip
        row = dice.choice(ROWS) if closed else None
        joint = 2 if dice.random() < 0.02 else 1
        kind = "record_correction" if dice.random() < 0.02 else "application"
        plain = dice.random()
        review = closed is not None and dice.random() < 0.005
        made: dict[str, Any] = {
            "agency_id": agency,
            "number": f"{received.year}-{n + 1:04d}",
            "kind": kind,
            "request": "申请公开本辖区 2023 年度农村公路养护工程的合同、验收单和资金拨付凭证",
            "items": [],
            "delivery": ["email"],
            "medium": ["electronic"],
            "joint_letter": f"函 {n // 1000}" if plain < 0.003 else None,
            "redo_of": f"{YEAR}-{n // 2 + 1:04d}" if 0.003 < plain < 0.006 else None,
            "code_salt": "",
            "submitted_at": now,
            "opened_on": received,
            "state": "voided" if dice.random() < 0.01 else "served" if closed else "processing",
            "received_on": received,
            "closed_on": closed,
            "result_row": None if kind == "record_correction" else row,
            "columns": [dice.choice(COLUMNS) for _ in range(joint)],
            "item_rows": [row, "disclosed"] if row and dice.random() < 0.03 else [],
            "proceedings": [REVIEW] if review else [],
            "has_proceedings": review,
            "withdrawn_unaccepted": row == "other_misc" and dice.random() < 0.2,
        }
        yield {**made, "counted_as": word_of(seen(made))}


def seen(made: dict[str, Any]) -> CountedCase:
    """A case as the tally sees it."""
    return CountedCase(
        number=made["number"],
        kind=made["kind"],
        columns=tuple(made["columns"]),
        received_on=made["received_on"],
        closed_on=made["closed_on"],
        row=made["result_row"],
        void=made["state"] == "voided",
        item_rows=tuple(made["item_rows"]),
        withdrawn_unaccepted=made["withdrawn_unaccepted"],
        redo_of=made["redo_of"],
        proceedings=tuple(proceeding_of(one) for one in made["proceedings"]),
    )


BARE_CELL = """
SELECT number, request, state FROM "case"
 WHERE agency_id = 1 AND kind = 'application' AND state != 'voided' AND redo_of IS NULL
   AND result_row = 'partially_disclosed' AND columns LIKE '["business"%'
   AND received_on <= :last AND closed_on >= :first AND closed_on <= :last
 ORDER BY received_on, number LIMIT 50
"""
"""The first page behind a cell, as one would ask for it by hand."""


def body_with(folder: Path, number: int) -> Office:
    """A body with so many cases in the tables of the year."""
    store = Store(f"sqlite:///{folder / 'body.db'}")
    migrate(store.engine)
    now = datetime(2025, 3, 1, 9, 0, tzinfo=SHANGHAI)
    office = Office(store, Secrets.throwaway(), now=lambda: now)
    with store.write() as unit:
        row = office.add_agency(unit, code="body", name="某市人民政府", level="city")
        made = cases(row.id, number)
        while some := list(islice(made, 20_000)):
            unit.session.execute(insert(CaseRow), some)
        rebuild_counts(unit.session.connection())
    return office


def bare(office: Office) -> dict[tuple[str, str], int]:
    """The cells of table 三 by row and column, straight from the database."""
    asked = {"agency": 1, "first": f"{YEAR}-01-01", "last": f"{YEAR}-12-31"}
    found: dict[tuple[str, str], int] = {}
    with office.store.read() as unit:
        for columns, row, *numbers in unit.session.execute(text(BARE), asked):
            new, carried_in, ended, carried_out = numbers
            column = json.loads(columns)[0]
            for place, number in (
                ("new_received", new),
                ("carried_in", carried_in),
                ("carried_out", carried_out),
                ("total", ended),
                (row, ended),
            ):
                if place:
                    for cell in ((place, column), (place, "total")):
                        found[cell] = found.get(cell, 0) + number
    return found


@pytest.mark.tampering(
    reason="rows without logs: a million cases are made at once, only reading counts"
)
def test_the_tables_of_a_million_cases(tmp_path, full, tell):
    """Aim: at most a tenth of the bare aggregate over the same rows."""
    number = 1_000_000 if full else 2_000
    office = body_with(tmp_path, number)
    reports = Reports(office)
    found = reports.tables("body", YEAR)
    by_hand = bare(office)
    for row, cells in found.tables.table3.items():
        assert cells == {column: by_hand.get((row, column), 0) for column in cells}
    assert found.tables.table4["review"]["pending"]
    rounds = 3 if full else 1
    taken = cpu_side_by_side(
        {"bare": lambda: bare(office), "product": lambda: reports.tables("body", YEAR)}, rounds
    )
    tell(
        f"{number} cases in the tables of one body and year: {taken['product'] / taken['bare']:.3f} ×"
        f" the bare SQL aggregate of table 三 (aim: 0.1; {taken['product'] * 1000:.0f} ms against"
        f" {taken['bare'] * 1000:.0f} ms of CPU)"
    )
    cells, staff = Cells(reports), Staff(1, "li", "李某", {"body": frozenset({"clerk"})})
    days = {"first": f"{YEAR}-01-01", "last": f"{YEAR}-12-31"}

    def by_hand_cell() -> list[str]:
        with office.store.read() as unit:
            return [row.number for row in unit.session.execute(text(BARE_CELL), days)]

    def cell(row: str, column: str) -> list[str]:
        page = cells.page(staff, "body", YEAR, row, column)
        return [one.place.number for one in page.cases]

    assert cell("partially_disclosed", "business") == by_hand_cell()
    opened = cpu_side_by_side(
        {
            "bare": by_hand_cell,
            "cell": lambda: cell("partially_disclosed", "business"),
            "largest": lambda: cell("new_received", "total"),
        },
        rounds,
    )
    tell(
        f"opening a cell of them: {opened['cell'] / opened['bare']:.2f} × the bare query for its 50 cases"
        f" (aim: 3; {opened['cell'] * 1000:.0f} ms against {opened['bare'] * 1000:.0f} ms of CPU; the largest"
        f" cell {opened['largest'] * 1000:.0f} ms)"
    )
    office.store.close()
