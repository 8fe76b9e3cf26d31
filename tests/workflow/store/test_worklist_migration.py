"""Migration 0030: an older store learns for whom its cases wait, and nobody is told that days have moved."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import inspect, text

from workflow.service import Office
from workflow.service.docket.player import Player
from workflow.service.installation import migrate_office
from workflow.store.migrate import _config, migrate
from workflow.store.sealed import Secrets
from workflow.store.store import Store

HERE = {"code": "panlong", "name": "盘龙彝族乡人民政府", "level": "township"}
TOLD = 'SELECT number, assigned_to, waits_for, news, news_by FROM "case" ORDER BY number'


@pytest.fixture
def older(tmp_path: Path) -> Office:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    migrate(store.engine)
    office = Office(store, Secrets.throwaway())
    receive: dict[str, Any] = {"event": "receive", "on": "2024-12-20", "channel": "in_person"}
    assign = {"event": "assign", "on": "2024-12-23", "to": "规划股"}
    cases = [{"events": [receive]}, {"events": [receive, assign]}]
    Player(office).play(
        {"agency": HERE, "cases": [{**c, "ref": f"c{n}"} for n, c in enumerate(cases)]}
    )
    return office


def test_an_older_store_learns_for_whom_its_cases_wait(older: Office) -> None:
    engine = older.store.engine
    with engine.begin() as connection:
        before = [tuple(row) for row in connection.execute(text(TOLD))]
        assert [row[1:3] for row in before] == [(None, ":clerk"), ("规划股", "规划股")]
        assert [row[3] for row in before] == ["receive", "assign"]
        command.downgrade(_config(connection), "0036")
        columns = {one["name"] for one in inspect(connection).get_columns("case")}
        assert not columns & {
            "assigned_to",
            "waits_for",
            "news",
            "news_at",
            "news_by",
            "uploaded_at",
        }
        assert "kept_view" not in inspect(connection).get_table_names()
    migrate_office(older)
    with engine.begin() as connection:
        assert [tuple(row) for row in connection.execute(text(TOLD))] == before
        assert connection.execute(text("SELECT count(*) FROM due_change")).scalar() == 0
