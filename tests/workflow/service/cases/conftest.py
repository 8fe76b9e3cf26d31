"""A small town to bend: made once, copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflow.service.town import Town
from workflow.service import Office
from workflow.service.cases.renewing import QueryCodes
from workflow.service.cases.verify import verify
from workflow.service.rules.calendar import BodyDays
from workflow.store.store import Store


@pytest.fixture(scope="session")
def bent_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town with two cases of one body, the due day of the first of which has moved there and back, and one of another
    body a year later."""
    town = Town(tmp_path_factory.mktemp("bent"), "2024-03-04")
    number = town.file().number
    town.act("lifang", number, "assign", "2024-03-05", to="lifang")
    search = {"sources": ["档案室"], "keywords": ["合同"], "hits": 1}
    town.act("lifang", number, "record_search", "2024-03-05", **search)
    days = BodyDays(town.office)
    days.enter(town.staff("chen"), "panlong", "rest", "2024-03-28", "2024-03-29", "州庆")
    town.is_("2024-03-06")
    days.enter(town.staff("chen"), "panlong", "remove", "2024-03-28", "2024-03-29", "撤销")
    second = town.file().number
    town.act("lifang", second, "assign", "2024-03-07", to="lifang")
    QueryCodes(town.office).renew(town.staff("lifang"), second, "lost", "", proved=True)
    town.is_("2025-01-06")
    town.file("jiangna")
    assert verify(town.office) == []
    town.office.store.close()
    return town


@pytest.fixture
def office_to_bend(bent_town: Town, tmp_path: Path) -> Iterator[Office]:
    """A copy of it, to spoil. Its rules are those of the kept one."""
    path = tmp_path / "store.db"
    shutil.copyfile(Path(bent_town.office.store.url.removeprefix("sqlite:///")), path)
    store = Store(f"sqlite:///{path}")
    yield Office(store, bent_town.office.keys, law=bent_town.office.law, now=bent_town.office.now)
    store.close()
