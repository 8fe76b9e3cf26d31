"""From the kept counts or one by one: the tables of a body are the same (law.md §6)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from tests.workflow.report.tables.test_tally import FORMATS, LAW, SETTINGS, YEARS, mixtures
from workflow.case.counted import CountedCase
from workflow.case.row import proceeding_entry
from workflow.dates import SHANGHAI
from workflow.report.tables.kept import word_of
from workflow.report.tables.tally import links, tally
from workflow.store import kept as kept_queries
from workflow.store.counts import rebuild_counts
from workflow.store.migrate import migrate
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.store import Store

NOW = datetime(2026, 12, 31, 9, 0, tzinfo=SHANGHAI)
VOID = ("voided",)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with two bodies."""
    made = Store(f"sqlite:///{tmp_path_factory.mktemp('grouped') / 'store.db'}")
    migrate(made.engine)
    with made.write() as unit:
        for code in ("one", "other"):
            unit.add_agency(code=code, name=code, level="township")
    yield made
    made.close()


def put(store: Store, bodies: list[list[CountedCase]]) -> None:
    """Rows of these cases, in their order, in place of those before."""
    with store.write() as unit:
        unit.session.execute(delete(CaseRow))
        ids = [row.id for row in unit.agencies()]
        rows = [row for body, found in zip(ids, bodies, strict=True) for row in _rows(body, found)]
        if rows:
            unit.session.execute(insert(CaseRow), rows)
        rebuild_counts(unit.session.connection())


def _rows(body: int, found: list[CountedCase]) -> Iterator[dict[str, Any]]:
    for n, one in enumerate(found):
        # Of two cases of one letter one names it in its application, one was merged.
        merged = bool(one.joint_letter) and n % 2 == 1
        yield {
            "agency_id": body, "number": one.number, "kind": one.kind, "request": "", "items": [],
            "delivery": [], "medium": [], "joint_letter": None if merged else one.joint_letter,
            "redo_of": one.redo_of, "code_salt": "", "submitted_at": NOW,
            "opened_on": date.fromordinal(date(2018, 1, 1).toordinal() + n),
            "state": "voided" if one.void else "served",
            "received_on": one.received_on, "closed_on": one.closed_on, "result_row": one.row,
            "columns": list(one.columns), "item_rows": list(one.item_rows),
            "proceedings": [proceeding_entry(p) for p in one.proceedings],
            "has_proceedings": bool(one.proceedings),
            "merged_into": one.joint_letter if merged else None,
            "withdrawn_unaccepted": one.withdrawn_unaccepted, "counted_as": word_of(one),
        }  # fmt: skip


@st.composite
def doubled(draw: st.DrawFn) -> list[CountedCase]:
    """Cases some of which are alike but for their number and links, and some named by others."""
    found = draw(mixtures())
    numbers = [one.number for one in found]
    for one in draw(st.lists(st.sampled_from(found), max_size=12)) if found else []:
        twin = replace(one, number=f"{len(found)}")
        if draw(st.booleans()):
            twin = replace(twin, joint_letter=None, redo_of=None, proceedings=())
        elif draw(st.booleans()):
            twin = replace(twin, joint_letter=draw(st.sampled_from(numbers)))
        found.append(twin)
    return found


@pytest.mark.tampering(reason="rows without logs: only counting them is looked at")
@how(max_examples=25)
@given(st.tuples(doubled(), doubled()), SETTINGS, FORMATS)
def test_groups_give_the_tables_of_the_cases(
    store: Store, bodies: tuple[list[CountedCase], ...], settings: dict[str, Any], fmt: str
) -> None:
    put(store, list(bodies))
    with store.read() as unit:
        ids = [row.id for row in unit.session.query(AgencyRow).order_by(AgencyRow.id)]
        for year in YEARS:
            by = dict.fromkeys(ids, links(settings))
            groups = kept_queries.groups_for_tables(unit, by, year, VOID)
            for body, cases in zip(ids, bodies, strict=True):
                whole = tally(cases, year, LAW, settings, fmt)
                grouped = tally(groups.get(body, []), year, LAW, settings, fmt)
                assert (grouped.table3, grouped.table4) == (whole.table3, whole.table4)
                single = kept_queries.cases_for_tables(unit, body, year, VOID)
                assert tally(single, year, LAW, settings, fmt) == whole
                before = tally(groups.get(body, []), year - 1, LAW, settings, fmt)
                last = tally(cases, year - 1, LAW, settings, fmt)
                assert before.table3["carried_out"] == last.table3["carried_out"]


@pytest.mark.tampering(reason="rows without logs: only counting them is looked at")
def test_alike_cases_are_read_as_one_group_without_numbers(store: Store) -> None:
    def one(number: str, day: date) -> CountedCase:
        return CountedCase(
            number, "application", ("business",), day, date(2024, 12, 2), "disclosed"
        )

    alike = [one(f"2024-{n:04d}", date(2024, 1, n)) for n in range(1, 6)]
    put(store, [[*alike, replace(one("2024-0006", date(2024, 3, 4)), redo_of="2024-0002")], []])
    with store.read() as unit:
        none = {1: frozenset[str](), 2: frozenset[str]()}
        found = kept_queries.groups_for_tables(unit, none, 2024, VOID)
        linked = kept_queries.groups_for_tables(
            unit, dict.fromkeys((1, 2), frozenset({"redo_of"})), 2024, VOID
        )
    assert sorted((case.number, case.times) for case in found[1]) == [("", 1), ("", 5)]
    assert sorted((case.number, case.times) for case in linked[1]) == [
        ("", 4), ("2024-0002", 1), ("2024-0006", 1)
    ]  # fmt: skip
    assert found.get(2, []) == []
    tables = tally(found[1], 2024, LAW, LAW.defaults())
    assert tables.table3["disclosed"]["business"] == 5
    assert tables.behind3 is None


@pytest.mark.sqlite(reason="asks how it would search; PostgreSQL reads a small table through")
def test_tied_cases_are_found_by_their_own_index(store: Store) -> None:
    """In a body of many years nothing is read through for the few cases that count together."""
    query = kept_queries._tied([1], kept_queries.LINKS).compile(
        store.engine, compile_kwargs={"literal_binds": True}
    )
    with store.read() as unit:
        plan = unit.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")
        assert any("ix_case_tied" in row[3] for row in plan)
