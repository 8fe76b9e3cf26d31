"""A fold is kept from one event to the next, and only as long as it is that of the log as it stands."""

from datetime import date
from typing import Any

import pytest

from tests.counting import work
from tests.workflow.service.township import HOME, Town
from workflow.refusal import Refused
from workflow.service import Office
from workflow.service.installation import temporary_office
from workflow.store.folds import Folds
from workflow.store.store import Store

ON = "2024-03-21"


@pytest.fixture
def town() -> Any:
    with temporary_office() as office:
        town = Town(office)
        town.clock(date(2024, 5, 6))
        yield town


def elsewhere(town: Town) -> Town:
    """The same town in another process."""
    office = Office(Store(town.office.store.url), town.office.keys, now=lambda: town.office.now())
    other = Town.__new__(Town)
    other.__dict__ |= town.__dict__ | {"office": office}
    other.moving = type(town.moving)(office)
    return other


def folds_of(town: Town, number: str, name: str, **fields: Any) -> int:
    """How often the log was folded from its beginning for an event."""
    with work() as done:
        town.moving.apply(town.drafter.within(HOME), number, name, {"on": ON, **fields})
    return done.folds


def test_an_event_after_another_folds_nothing_and_reads_the_row_once(town: Town) -> None:
    number = town.register("2024-03-20")
    assert folds_of(town, number, "assign", to="农业中心") == 0
    with work() as done:
        said = {"on": ON, "sources": ["档案室"], "keywords": ["合同"], "hits": 2}
        town.moving.apply(town.drafter.within(HOME), number, "record_search", said)
    # On PostgreSQL one more: the rules of the house are held meanwhile.
    asked = 7 + (town.office.store.engine.dialect.name != "sqlite")
    assert (done.folds, done.statements) == (0, asked), "\n".join(done.said)
    assert town.case(number).length == 3


def test_what_another_process_wrote_is_followed(town: Town) -> None:
    number, other = town.register("2024-03-20"), elsewhere(town)
    assert folds_of(other, number, "assign", to="农业中心") == 1
    assert folds_of(town, number, "extend", days=5, reason="需要查阅历年纸质档案") == 0
    assert folds_of(other, number, "propose_outcome", outcome="supplied") == 0
    assert [line.event for line in town.case(number).log] == [
        "receive", "assign", "extend", "propose_outcome",
    ]  # fmt: skip
    other.office.store.close()


def test_after_a_refusal_or_a_change_of_the_rules_the_log_is_folded_anew(town: Town) -> None:
    number = town.register("2024-03-20")
    with pytest.raises(Refused):
        folds_of(town, number, "approve")
    assert folds_of(town, number, "assign", to="农业中心") == 1
    with town.office.store.write_rules() as unit:
        agency = town.office.found_agency(unit, HOME)
        unit.set_setting(agency, "secrecy_review_days", 7, date(2024, 1, 1), "测试")
    assert folds_of(town, number, "propose_outcome", outcome="supplied") == 1
    assert folds_of(town, number, "send_to_secrecy_review") == 0


def test_a_body_that_was_renamed_is_named_so_in_the_case(town: Town) -> None:
    number = town.register("2024-03-20")
    assert folds_of(town, number, "assign", to="农业中心") == 0
    with town.office.store.write_rules() as unit:
        town.office.found_agency(unit, HOME).name = "盘龙镇人民政府"
    assert folds_of(town, number, "propose_outcome", outcome="supplied") == 1
    assert town.case(number).agency_name == "盘龙镇人民政府"


def test_no_more_folds_are_kept_than_fit(town: Town) -> None:
    town.office.folds = Folds(most=2)
    numbers = [town.register("2024-03-20", proof=f"E1000000{n}") for n in range(3)]
    assert len(town.office.folds) == 2
    assert [folds_of(town, number, "assign", to="农业中心") for number in numbers] == [1, 1, 1]
