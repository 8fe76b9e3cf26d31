"""A city's published table: every case played through the one door and tallied back."""

import json
from datetime import date
from time import perf_counter

import pytest
from sqlalchemy.orm import Session

from tests.bench.test_event_speed import Bare, BareCase, bare_event
from tests.examples import ACCEPTANCE
from workflow.service.docket.from_report import play_report
from workflow.service.installation import temporary_office

TABLES = ACCEPTANCE / "tables"


def test_a_citys_year_is_played_and_tallied(full, tell):
    """Aim: under a minute."""
    city = TABLES / "huaian_2024.json"
    if not city.exists():
        pytest.skip(f"{city.name} is not among the published tables of tests/acceptance")
    if not full:
        pytest.skip("a city's year takes long: measured by make bench only")
    with temporary_office() as office:
        begun = perf_counter()
        found = play_report(office, json.loads(city.read_text(encoding="utf-8")))
        taken = perf_counter() - begun
        assert found.differences == []
        Bare.metadata.create_all(office.store.engine)
        with Session(office.store.engine) as session, session.begin():
            plain = BareCase(state="start", due=date(2024, 1, 2), length=0)
            session.add(plain)
            session.flush()
            bare = sorted(bare_event(session, plain) for _ in range(200))[100]
    tell(
        f"a city's year: {found.cases} cases, {found.events} events in {taken:.1f} s (aim < 60);"
        f" a case costs {taken / found.cases / bare:.0f} × a bare insert and update"
    )
