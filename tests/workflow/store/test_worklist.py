"""The order of a list, page by page, is that of the whole list: for one body, a few and many."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import insert

from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.store import worklist
from workflow.store.models import CaseRow
from workflow.store.worklist import Key, Wanted

STATES = ("submitted", "processing", "served", "archived")
REASON = "rows without logs: only the order of reading counts"


def _filled(office: Office) -> tuple[list[int], list[dict]]:
    """Bodies, and cases in them as they were written; every number stands in every body."""
    dice, rows = Random(7), []
    with office.store.write() as unit:
        bodies = [
            office.add_agency(unit, code=f"w{n}", name=f"第 {n} 局", level="county_department").id
            for n in range(4)
        ]
        for number in range(1, 41):
            for agency in bodies:
                due = (
                    date(2024, 5, 1) + timedelta(dice.randrange(12))
                    if dice.random() < 0.5
                    else None
                )
                rows.append(
                    {
                        "agency_id": agency, "number": f"2024-{number:04d}",
                        "kind": dice.choice(("application", "record_correction")),
                        "request": "x", "items": [], "delivery": [], "medium": [],
                        "code_salt": "", "submitted_at": datetime(2024, 5, 1, tzinfo=SHANGHAI),
                        "opened_on": date(2024, 5, 1), "state": dice.choice(STATES), "next_due": due,
                        "columns": [], "item_rows": [], "proceedings": [],
                    }
                )  # fmt: skip
        unit.session.execute(insert(CaseRow), rows)
    return bodies, rows


def _keys(rows: list[dict], bodies: list[int], wanted: Wanted) -> list[Key]:
    fitting = [
        row
        for row in rows
        if row["agency_id"] in bodies
        and (not wanted.states or row["state"] in wanted.states)
        and (not wanted.kinds or row["kind"] in wanted.kinds)
        and (not wanted.due_before or (row["next_due"] and row["next_due"] < wanted.due_before))
    ]
    found = [Key(row["next_due"], row["number"], row["agency_id"]) for row in fitting]
    return sorted(found, key=lambda k: (k.due is None, k.due or date.min, k.number, k.agency))


@pytest.mark.tampering(reason=REASON)
@pytest.mark.parametrize("few", [20, 1])
@pytest.mark.parametrize("how_many", [1, 3])
@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(states=("submitted", "processing")),
        Wanted(states=("served",)),
        Wanted(kinds=("record_correction",)),
        Wanted(due_before=date(2024, 5, 6)),
    ],
)
def test_pages_are_those_of_the_whole_list(
    office: Office, monkeypatch: pytest.MonkeyPatch, wanted: Wanted, how_many: int, few: int
) -> None:
    monkeypatch.setattr(worklist, "FEW_BODIES", few)
    worklist._query_of.cache_clear()
    all_bodies, rows = _filled(office)
    bodies = all_bodies[:how_many]
    whole = _keys(rows, bodies, wanted)
    assert whole
    with office.store.read() as unit:

        def keys(**asked) -> list[Key]:
            ids = worklist.in_order(unit, bodies, wanted, **asked)
            return [
                Key(one.next_due, one.number, one.agency_id) for one in worklist.lines(unit, ids)
            ]

        assert worklist.count_cases(unit, bodies, wanted) == len(whole)
        for start in range(0, len(whole), 7):
            assert keys(limit=7, after=start) == whole[start : start + 7]
            if start:
                assert keys(limit=7, beyond=whole[start - 1]) == whole[start : start + 7]
            back = whole[max(0, start - 7) : start]
            assert keys(limit=7, beyond=whole[start], back=True) == back
        assert keys(limit=7, after=len(whole) + 3) == []
        assert keys(limit=7, beyond=whole[-1]) == []
        assert keys(limit=7, beyond=whole[0], back=True) == []
