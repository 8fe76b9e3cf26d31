"""Which cases an address asks for: each condition finds what it names, at its first and last day, and nothing else."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Text, insert, select, type_coerce

from workflow.dates import SHANGHAI, Days
from workflow.service import Office
from workflow.store.models import CaseRow
from workflow.store.sight import Sight
from workflow.store.wanted import APPLICANT, Own, Since, Wanted

TODAY = date(2024, 5, 6)
DAY = timedelta(1)
NOON = datetime(2024, 5, 6, 12, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
CASES: dict[str, dict[str, object]] = {
    "mine": {"waits_for": "lifang", "assigned_to": "lifang", "state": "processing"},
    "roles": {"waits_for": ":clerk", "state": "registered", "news_at": NOON + HOUR, "news_by": "hegang"},
    "leader": {"waits_for": ":leader", "state": "approval", "news_at": NOON + HOUR, "news_by": "lifang"},
    "slept": {"waits_for": APPLICANT, "state": "awaiting_correction", "next_due": TODAY - DAY},
    "today": {"waits_for": APPLICANT, "state": "awaiting_correction", "next_due": TODAY},
    "unsaid": {"waits_for": APPLICANT, "state": "awaiting_correction"},
    "over": {"state": "served", "outcome": "supplied", "received_on": TODAY, "closed_on": TODAY},
    "gone": {
        "state": "served", "outcome": "partial", "received_on": TODAY + DAY, "closed_on": TODAY + DAY,
        "kind": "enquiry", "uploaded_at": NOON + HOUR,
    },
    "elsewhere": {"waits_for": "lifang", "body": 1},
    "lent": {"waits_for": ":clerk", "body": 1, "held_by": 0},
    "old": {"number": "2023-0001", "news_at": NOON, "news_by": "hegang", "uploaded_at": NOON},
    "later": {"number": "2025-0001"},
}  # fmt: skip


@pytest.mark.tampering(reason="rows without logs: only what is found counts")
def test_each_condition_finds_what_it_names_and_nothing_else(office: Office) -> None:
    with office.store.write() as unit:
        bodies = [
            office.add_agency(unit, code=f"w{n}", name=f"第 {n} 局", level="county_department").id
            for n in range(2)
        ]
        for n, (name, said) in enumerate(CASES.items(), 1):
            row = {
                "number": f"2024-{n:04d}", "kind": "application", "state": "processing", "request": name,
                "items": [], "delivery": [], "medium": [], "code_salt": "", "submitted_at": NOON, "opened_on": TODAY,
                "columns": [], "item_rows": [], "proceedings": [], **said, "agency_id": bodies[said.get("body", 0)],
            }  # fmt: skip
            row.pop("body", None)
            if "held_by" in row:
                row["held_by"] = "w0"
            unit.session.execute(insert(CaseRow), [row])
    first, second = bodies
    mine = ((first, ("lifang", ":clerk")),)
    own = Own(mine, (), TODAY)
    overdue = Own(mine, (first,), TODAY)
    only = select(CaseRow.id).where(type_coerce(CaseRow.request, Text) == "mine")
    expected: list[tuple[Wanted, str]] = [
        (Wanted(), " ".join(CASES)),
        (Wanted(own=own), "mine roles"),
        (Wanted(own=overdue), "mine roles slept"),
        (Wanted(own=Own((*mine, (second, ("lifang",))), (), TODAY)), "mine roles elsewhere"),
        (Wanted(own=Own(((first, ()),), (), TODAY)), ""),
        (Wanted(own=Own(((first, (":clerk",)), (second, (":clerk",))), (), TODAY)), "roles lent"),
        (Wanted(others=own), "leader slept today unsaid over gone elsewhere lent old later"),
        (Wanted(others=overdue), "leader today unsaid over gone elsewhere lent old later"),
        (Wanted(given="lifang"), "mine"),
        (Wanted(given="", states=("approval",)), "leader"),
        (Wanted(year=2023), "old"),
        (Wanted(year=2025), "later"),
        (Wanted(outcomes=("supplied",)), "over"),
        (Wanted(outcomes=("supplied", "partial")), "over gone"),
        (Wanted(received=Days(TODAY, TODAY)), "over"),
        (Wanted(received=Days(TODAY + DAY, None)), "gone"),
        (Wanted(answered=Days(None, TODAY)), "over"),
        (Wanted(due=Days(TODAY, None)), "today"),
        (Wanted(due=Days(None, TODAY)), "slept today"),
        (Wanted(due_before=TODAY), "slept"),
        (Wanted(since=Since(NOON, "lifang")), "roles gone"),
        (Wanted(since=Since(NOON - HOUR, "hegang")), "leader gone old"),
        (Wanted(sight=Sight(lent=(second,)), states=("processing",), own=Own(((second, (":clerk", "lifang")),), (), TODAY)), "lent"),
        (Wanted(states=("served", "approval")), "leader over gone"),
        (Wanted(kinds=("enquiry",)), "gone"),
        (Wanted(kinds=("application",), outcomes=("supplied", "partial")), "over"),
        (Wanted(kinds=("application", "enquiry"), outcomes=("supplied", "partial")), "over gone"),
        (Wanted(numbers=("2023-0001", "2025-0001")), "old later"),
        (Wanted(among=only), "mine"),
        (Wanted(among=only, states=("served",)), ""),
    ]  # fmt: skip
    with office.store.read() as unit:
        for wanted, names in expected:
            query = select(CaseRow.request).where(*wanted.clauses()).order_by(CaseRow.id)
            assert list(unit.session.scalars(query)) == names.split(), wanted
