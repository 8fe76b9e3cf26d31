"""One event with its keyed seals and the triggers of append-only tables, beside the same without them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import pytest

from tests.bench.conftest import interleaved
from tests.bench.test_event_speed import BY, NOW, ROUTINE, TODAY
from tests.counting import work
from tests.letter_texts import with_texts
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Actor, Applicant, Header, Logged
from workflow.people import STAFF_ROLES
from workflow.service import Office
from workflow.service.installation import temporary_office
from workflow.store import unit as units
from workflow.store import writing
from workflow.store.dialect_kept import APPEND_ONLY, release_append_only

MOST = 1.2
EVENTS = [ev.parse(one["event"], {k: v for k, v in one.items() if k != "event"}) for one in ROUTINE]


def play(office: Office, first: int, cases: int) -> None:
    """So many new cases from their receipt to their answer, each event written on its own."""
    with office.store.write() as unit:
        agency = office.found_agency(unit, "panlong")
        rules = office.rules(unit, agency, TODAY)
        for number in range(first, first + cases):
            asked = {"request": "养护合同", "items": ("养护合同",)}
            header = Header(
                f"2024-{number:04d}", "panlong", applicants=(Applicant("张三"),), **asked
            )
            row = unit.add_case(agency, header, TODAY, NOW, office.keys)
            case = Case(header, rules)
            for event in EVENTS:
                actor = Actor(BY.get(event.name, "lifang"), frozenset(STAFF_ROLES))
                line = case.apply(event, actor, today=TODAY, recorded_at=NOW)
                assert isinstance(line, Logged), line
                unit.append(row, case, line, office.keys)


@contextmanager
def unsealed() -> Iterator[None]:
    with ExitStack() as patches:
        for module, name in ((units, "seal_line"), (writing, "seal_head")):
            patches.enter_context(patch.object(module, name, lambda *_: "f" * 64))
        yield


@contextmanager
def offices() -> Iterator[tuple[Office, Office]]:
    """Two with the same body; the second one without triggers."""
    with temporary_office() as sealed, temporary_office() as bare:
        for office in (sealed, bare):
            with office.store.write() as unit:
                agency = office.add_agency(unit, code="panlong", name="盘龙乡", level="township")
                with_texts(unit, agency)
        with bare.store.engine.begin() as connection:
            for table in APPEND_ONLY:
                release_append_only(connection, table)
        yield sealed, bare


@pytest.mark.tampering(reason="half of the events are not sealed, and no numbers were counted")
def test_an_event_with_seals_and_triggers_costs_little_more(
    full: bool, tell: Callable[[str], None]
) -> None:
    """Aim: at most 1.2 times as much processor time, and not one statement more."""
    cases, rounds = (60, 7) if full else (2, 1)
    with offices() as (sealed, bare):
        numbers = {id(sealed): 1, id(bare): 1}

        def one(office: Office) -> None:
            play(office, numbers[id(office)], cases)
            numbers[id(office)] += cases

        def without() -> None:
            with unsealed():
                one(bare)

        one(sealed), without()
        with work() as said:
            one(sealed)
        with work() as said_without:
            without()
        assert said.statements == said_without.statements
        with_seals, plain = interleaved((lambda: one(sealed), without), rounds)
    ratio = with_seals / (plain or 1)
    tell(
        f"one event with seals and triggers: {ratio:.2f} × without (aim {MOST})"
        f"   [{1e6 * with_seals / cases / len(EVENTS):.0f} µs, {1e6 * plain / cases / len(EVENTS):.0f} µs without]"
    )
    assert not full or ratio <= MOST
