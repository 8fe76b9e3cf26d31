"""Any events of any people over any time: the cases stay what the law says a case is.

The usual run is always the same one, and a second one gets everywhere in the table; docs/testing.md says
how to run longer, other ones.
"""

import os
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.workflow.service.any_office import EVENTS, AnyOffice
from tests.workflow.service.anybody import FIRST_DAYS, PEOPLE, VARIANTS

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
MORE = pytest.mark.long(reason="four times the runs, for longer each")


@pytest.mark.parametrize(
    ("runs", "steps"),
    [pytest.param(12, 40, id="some"), pytest.param(48, 60, id="many", marks=MORE)],
)
def test_whatever_happens_the_cases_stay_what_the_law_says(
    runs: int, steps: int, migrated: Path, tmp_path: Path
) -> None:
    usual = settings(
        max_examples=400 if LONG else runs,
        stateful_step_count=120 if LONG else steps,
        derandomize=not LONG,
        phases=(Phase.generate, Phase.shrink),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(lambda: AnyOffice(migrated, tmp_path), settings=usual)


def test_every_event_of_the_table_is_reached_and_refused(migrated: Path, tmp_path: Path) -> None:
    """The same office under one fixed seed, until nothing of the table is left out."""
    pick, applied, refused = Random(20190515), Counter[str](), Counter[str]()
    # Filing itself submits an application: nobody submits a case that is there already.
    to_apply, to_refuse = set(EVENTS) - {"submit"}, set(EVENTS)
    for _ in range(30):
        model = AnyOffice(migrated, tmp_path)
        day = pick.choice([day for day in FIRST_DAYS if day >= date(2020, 12, 1)])
        model.open(day, (pick.choice(VARIANTS), pick.choice(VARIANTS)), pick.randrange(3))
        for name in sorted(to_apply - set(applied)):
            model.somebody_works_towards(pick.randrange(8), name, pick.randrange(1000))
            model.the_office_is_in_order()
        model.one_person_tries_to_do_it_all(pick.randrange(8), pick.randrange(1000))
        model.the_office_is_in_order()
        for name in sorted(to_refuse - set(refused)):
            who = pick.choice((*PEOPLE, "applicant"))
            model.anybody_does_anything(pick.randrange(8), name, who, 0, pick.randrange(1000))
            model.the_office_is_in_order()
        applied, refused = applied + model.applied, refused + model.refusals
        model.teardown()
        if to_apply <= set(applied) and to_refuse <= set(refused):
            return
    assert to_apply - set(applied) == set(), "events that nobody got at"
    assert to_refuse - set(refused) == set(), "events that nobody was refused"
