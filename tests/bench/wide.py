"""Stores as wide as one likes: a few real cases, copied row by row into many bodies.

The copies carry the logs of the real ones and no hashes that fit: they are there to be read beside.
"""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import Table, func, insert, select

from workflow.service import Office
from workflow.store.count_models import NumberRow
from workflow.store.counts import rebuild_counts
from workflow.store.message_models import MessageRow
from workflow.store.models import AgencyRow, ApplicantRow, CaseRow, EventRow, WatchedDayRow

FIRST_COPY = 1001
"""The number of the first copy in a year: the real cases keep theirs."""
LOT = 2_000


def widen(
    office: Office, *, bodies: int, cases: int, large: str, in_large: int, year: int = 2023
) -> None:
    """Add bodies below the first one until there are so many, then copies of the real cases, numbered
    in that year, until there are so many cases: `in_large` of them in the body of that code, the others
    in the other bodies in turn."""
    with office.store.write() as unit:
        session = unit.session
        known = list(session.execute(select(AgencyRow.id, AgencyRow.code, AgencyRow.region)))
        further = [
            {
                "code": f"w{n}", "name": f"第 {n} 镇人民政府", "level": "township",
                "region": known[0].region, "parent_id": known[0].id, "takes_requests": True,
            }
            for n in range(len(known), bodies)
        ]  # fmt: skip
        if further:
            session.execute(insert(AgencyRow), further)
        home = next(row.id for row in known if row.code == large)
        others = list(session.scalars(select(AgencyRow.id).where(AgencyRow.id != home)))
        real = [row for row in _rows(session, CaseRow) if row["query_hash"]]
        samples = [_sample(session, row) for row in real]
        held = session.scalar(select(func.count(CaseRow.id))) or 0
        first = (session.scalar(select(func.max(CaseRow.id))) or 0) + 1
        in_home = select(func.count(CaseRow.id)).where(CaseRow.agency_id == home)
        made = _copies(
            samples, others, home, in_large - (session.scalar(in_home) or 0), cases - held
        )
        last: dict[int, int] = {}
        while some := list(islice(made, LOT)):
            for table, name in (
                (CaseRow, "case"), (ApplicantRow, "applicants"), (EventRow, "log"),
                (WatchedDayRow, "watched"), (MessageRow, "messages"),
            ):  # fmt: skip
                rows: list[dict[str, Any]] = []
                for place, (agency, number, sample) in enumerate(some):
                    case = first + place
                    if name == "case":
                        last[agency] = number
                        rows.append(_case(sample["case"], case, agency, f"{year}-{number:04d}"))
                        continue
                    for row in sample[name]:
                        copy = {**row, "case_id": case}
                        if "agency_id" in copy:
                            copy["agency_id"] = agency
                        if name == "applicants" and (agency != home or number % 10):
                            who = f"{number % 997} {agency}"
                            copy.update(
                                name=f"申请人{number % 997}",
                                identity=sha256(who.encode()).hexdigest() if number % 3 else None,
                            )
                        if name == "messages":
                            copy["key"] = f"copy {case} {len(rows)}"
                        rows.append(copy)
                if rows:
                    session.execute(insert(table), rows)
            first += len(some)
        session.execute(
            insert(NumberRow),
            [{"agency_id": a, "year": year, "last": number} for a, number in last.items()],
        )
        rebuild_counts(session.connection())
        unit.rules_changed()
    office.store.gather_statistics()


def _copies(
    samples: list[dict[str, Any]], others: list[int], home: int, in_large: int, cases: int
) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Body, number and sample of each copy."""
    given: dict[int, int] = {}
    for n in range(cases):
        agency = home if n < in_large else others[n % len(others)]
        given[agency] = given.get(agency, FIRST_COPY - 1) + 1
        yield agency, given[agency], samples[(n // len(others) + n) % len(samples)]


def _case(sample: dict[str, Any], case: int, agency: int, number: str) -> dict[str, Any]:
    moved = timedelta(days=case % 40)
    copy = {
        **sample, "id": case, "agency_id": agency, "number": number,
        "submit_key": None, "query_hash": None, "request": f"{sample['request']} {number}",
    }  # fmt: skip
    for name in ("next_due", "reply_due"):
        copy[name] = copy[name] and copy[name] + moved
    return copy


def _rows(session: Any, model: type) -> list[dict[str, Any]]:
    table = model.__table__
    assert isinstance(table, Table)
    return [dict(row._mapping) for row in session.execute(select(table))]


def _sample(session: Any, case: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"case": case}
    for model, name in (
        (ApplicantRow, "applicants"), (EventRow, "log"), (WatchedDayRow, "watched"),
        (MessageRow, "messages"),
    ):  # fmt: skip
        rows = [row for row in _rows(session, model) if row["case_id"] == case["id"]]
        if "id" in model.__table__.c:
            rows = [{k: v for k, v in row.items() if k != "id"} for row in rows]
        found[name] = rows
    return found
