"""What waits for a person comes before what does not, page by page and back, for one body and several."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert

from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.store import worklist
from workflow.store.models import CaseRow
from workflow.store.worklist import Key, Own, Wanted

REASON = "rows without logs: only the order of reading counts"
TODAY = date(2024, 5, 6)
WORDS = (None, ":clerk", ":handler", ":applicant", "lifang", "规划股")


def _filled(office: Office) -> tuple[list[int], list[dict[str, Any]]]:
    dice, rows = Random(3), list[dict[str, Any]]()
    with office.store.write() as unit:
        bodies = [
            office.add_agency(unit, code=f"w{n}", name=f"第 {n} 局", level="county_department").id
            for n in range(3)
        ]
        for number in range(1, 31):
            for agency in bodies:
                word = dice.choice(WORDS)
                due = date(2024, 5, 1) + timedelta(dice.randrange(12))
                rows.append(
                    {
                        "agency_id": agency, "number": f"2024-{number:04d}", "kind": "application",
                        "request": "x", "items": [], "delivery": [], "medium": [], "code_salt": "",
                        "submitted_at": datetime(2024, 5, 1, tzinfo=SHANGHAI), "opened_on": TODAY,
                        "state": "processing", "next_due": due if dice.random() < 0.7 else None,
                        "waits_for": word, "columns": [], "item_rows": [], "proceedings": [],
                    }
                )  # fmt: skip
        unit.session.execute(insert(CaseRow), rows)
    return bodies, rows


def _is_own(row: dict[str, Any], own: Own) -> bool:
    late = row["next_due"] is not None and row["next_due"] < own.today
    return row["waits_for"] in dict(own.words).get(row["agency_id"], ()) or (
        row["waits_for"] == ":applicant" and row["agency_id"] in own.overdue and late
    )


@pytest.mark.tampering(reason=REASON)
@pytest.mark.parametrize("few", [20, 1])
@pytest.mark.parametrize("how_many", [1, 3])
def test_own_ones_come_first_on_every_page(
    office: Office, monkeypatch: pytest.MonkeyPatch, how_many: int, few: int
) -> None:
    monkeypatch.setattr(worklist, "FEW_BODIES", few)
    worklist._query_of.cache_clear()
    every, rows = _filled(office)
    bodies = every[:how_many]
    words = tuple(
        (body, ("lifang", ":clerk") if n else (":clerk",)) for n, body in enumerate(bodies)
    )
    own = Own(words, (bodies[0],), TODAY)

    def key(row: dict[str, Any], mine: bool) -> Key:
        return Key(row["next_due"], row["number"], row["agency_id"], mine)

    whole = sorted(
        (key(row, _is_own(row, own)) for row in rows if row["agency_id"] in bodies),
        key=lambda k: (not k.own, k.due is None, k.due or date.min, k.number, k.agency),
    )
    mine = {(k.agency, k.number) for k in whole if k.own}
    assert 0 < len(mine) < len(whole)
    with office.store.read() as unit:

        def keys(**asked: Any) -> list[Key]:
            ids = worklist.in_order(unit, bodies, Wanted(), own_first=own, **asked)
            return [
                Key(one.next_due, one.number, one.agency_id, (one.agency_id, one.number) in mine)
                for one in worklist.lines(unit, ids)
            ]

        assert worklist.count_cases(unit, bodies, Wanted(own=own)) == len(mine)
        assert worklist.count_cases(unit, bodies, Wanted(others=own)) == len(whole) - len(mine)
        late = Wanted(due_before=TODAY)
        told = worklist.tallies(unit, bodies, Wanted(own=own), late, Wanted())
        assert told == (
            len(mine),
            sum(k.own and k.due is not None and k.due < TODAY for k in whole),
            len(mine),
        )
        for start in range(0, len(whole), 7):
            assert keys(limit=7, after=start) == whole[start : start + 7]
            if start:
                assert keys(limit=7, beyond=whole[start - 1]) == whole[start : start + 7]
            assert keys(limit=7, beyond=whole[start], back=True) == whole[max(0, start - 7) : start]
        assert keys(limit=7, beyond=whole[-1]) == []
        assert keys(limit=7, beyond=whole[0], back=True) == []


@pytest.mark.tampering(reason=REASON)
def test_days_on_which_something_is_due_are_counted(office: Office) -> None:
    bodies, rows = _filled(office)
    with office.store.read() as unit:
        found = worklist.due_on(unit, bodies[:1], Wanted())
        assert worklist.due_on(unit, [], Wanted()) == {}
        assert worklist.tallies(unit, [], Wanted(), Wanted()) == (0, 0)
    dues = [row["next_due"] for row in rows if row["agency_id"] == bodies[0] and row["next_due"]]
    assert found == {day: dues.count(day) for day in dues}
