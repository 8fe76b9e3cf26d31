"""Cases that are played in memory and written now and then leave what single writing leaves."""

import gc
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from config.law import Law
from tests.letter_texts import with_texts
from tests.workflow.docket.test_province import plan_of
from workflow.case.case import Case
from workflow.case.facts import Logged
from workflow.docket.province import PlannedCase, cases_of, played, tree, years_until
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.store.bulk import InHand, Opening, Rows, table

DAY = date(2026, 11, 23)
YEARS = years_until(DAY, 2)
TABLES = ("case", "event", "watched_day", "applicant")
OWN = ("code_salt", "query_hash", "seal", "head_seal", "name_hash")


def rows(office: Office, name: str) -> list[dict[str, Any]]:
    of = table(name)
    with office.store.read() as unit:
        found = unit.session.execute(select(of).order_by(*of.primary_key.columns)).mappings()
        return [{k: v for k, v in row.items() if k not in OWN and k != "id"} for row in found]


def planned(law: Law, seed: int) -> tuple[Any, list[PlannedCase]]:
    """Cases that ask about no other one."""
    body = next(b for b in tree(6, 1, YEARS.first, YEARS.last) if b.level == "county")
    plan = plan_of(body, 14)
    found = cases_of(plan, seed, YEARS, calendar(), law)
    return plan, [one for one in found if one.earlier is None and one.redo_of is None]


def calendar() -> Any:
    from workflow.rules.calendar import national

    return national()


@given(seed=st.integers(0, 10_000), cuts=st.integers(0, 10_000))
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_written_at_any_moment_and_in_the_end_the_rows_are_those_of_single_writing(
    office_on: Callable[[date], Office], law: Law, seed: int, cuts: int
) -> None:
    now_and_then, singly = office_on(DAY), office_on(DAY)
    plan, cases = planned(law, seed)
    chance = Random(cuts)
    for office in (now_and_then, singly):
        with office.store.write() as unit:
            agency = office.add_agency(
                unit, code=plan.body.code, name=plan.body.name, level=plan.body.level
            )
            with_texts(unit, agency)
            if plan.body.charges:
                unit.set_setting(agency, "fee_policy", "by_page", date(2000, 1, 1), "")
    with now_and_then.store.write() as unit:
        [agency] = unit.agencies()
        for place, one in enumerate(cases, 1):
            steps = list(played(one, plan, YEARS, calendar(), law))
            header = one.header(plan.body, None)
            case = Case(header, now_and_then.rules(unit, agency, one.opened_on))
            hand = InHand(place, agency.id, case, one.opened_on)
            opening: Opening | None = Opening(steps[0].recorded_at, medium=one.medium)
            for step in steps:
                if chance.random() < 0.3:
                    opening = write(now_and_then, unit, hand, opening)
                done = case.apply(step.event, step.actor, today=DAY, recorded_at=step.recorded_at)
                assert isinstance(done, Logged), done
            write(now_and_then, unit, hand, opening)
    with singly.store.write() as unit:
        [agency] = unit.agencies()
        for one in cases:
            steps = list(played(one, plan, YEARS, calendar(), law))
            header = one.header(plan.body, None)
            row = unit.add_case(
                agency, header, one.opened_on, steps[0].recorded_at, singly.keys, medium=one.medium
            )
            unit.session.flush()
            case = Case(header, singly.rules(unit, agency, one.opened_on))
            for step in steps:
                done = case.apply(step.event, step.actor, today=DAY, recorded_at=step.recorded_at)
                assert isinstance(done, Logged), done
                unit.append(row, case, done, singly.keys)
    for name in TABLES:
        assert rows(now_and_then, name) == rows(singly, name)
    uncounted = "有这一年的申请，却没有编号的计数"  # their numbers are those of the plan
    assert {one.message for one in verify(now_and_then)} == {uncounted}


def write(office: Office, unit: Any, hand: InHand, opening: Opening | None) -> None:
    made = Rows()
    made.add(hand, opening)
    made.seal(office.keys)
    made.write(unit)


def test_playing_makes_no_circles_of_references(law: Law) -> None:
    """workflow/service/docket/uncollected.py counts on it."""
    from workflow.rules.rulebook import Rulebook

    plan, cases = planned(law, 3)
    chosen = {**law.defaults(), **plan.body.chosen(), "review_organ": "某市人民政府"}
    rules = Rulebook(law, chosen, calendar())

    def play() -> None:
        for one in cases:
            case = Case(one.header(plan.body, None), rules)
            for step in played(one, plan, YEARS, calendar(), law):
                case.apply(step.event, step.actor, today=DAY, recorded_at=step.recorded_at)
            made = Rows()
            made.add(InHand(1, 1, case, one.opened_on), Opening(step.recorded_at))

    play()
    gc.collect()
    gc.disable()
    try:
        play()
        assert gc.collect() == 0
    finally:
        gc.enable()
