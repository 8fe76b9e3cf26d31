"""Migration 0018: an older store gets its counts, and gives them back, with its cases as they were."""

import json
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text

from tests.workflow.service.docket.tally_dockets import answered
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.service.docket.player import Player
from workflow.service.installation import migrate_office
from workflow.service.report.counting import complete_counts
from workflow.service.report.tables import Reports
from workflow.store import report as report_queries
from workflow.store.migrate import _config, migrate
from workflow.store.sealed import Secrets
from workflow.store.store import Store

HERE = {"code": "panlong", "name": "盘龙彝族乡人民政府", "level": "township"}
OTHERS = 'SELECT id, number, state, received_on, closed_on, result_row, head_hash FROM "case" ORDER BY id'


@pytest.fixture
def older(tmp_path: Path) -> Office:
    """A store with answered and open cases that was taken back to before they were counted."""
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    migrate(store.engine)
    office = Office(store, Secrets.throwaway())
    cases: list[dict[str, Any]] = [
        answered("2024-05-06", "supplied", "2024-05-20"),
        answered("2024-05-07", "not_existing", "2024-05-21"),
        {"events": [{"event": "receive", "on": "2024-12-20", "channel": "window"}]},
    ]
    Player(office).play(
        {"agency": HERE, "cases": [{**c, "ref": f"c{n}"} for n, c in enumerate(cases)]}
    )
    return office


def rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(sql))]


def test_an_older_store_is_counted_once_and_taken_back_without_loss(older: Office) -> None:
    engine = older.store.engine
    before = Reports(older).tables("panlong", 2024).tables
    with engine.begin() as connection:
        kept = rows(connection, "SELECT * FROM kept_count WHERE times > 0 ORDER BY agency_id, word")
        cases = rows(connection, OTHERS)
        command.downgrade(_config(connection), "0017")
        assert "kept_count" not in inspect(connection).get_table_names()
        assert "counted_as" not in {c["name"] for c in inspect(connection).get_columns("case")}
        assert rows(connection, OTHERS) == cases
    migrate_office(older)
    with engine.begin() as connection:
        assert rows(connection, OTHERS) == cases
        assert kept == rows(connection, "SELECT * FROM kept_count ORDER BY agency_id, word")
    assert Reports(older).tables("panlong", 2024).tables == before
    assert verify(older, codes=False) == []
    assert complete_counts(older) == 0
    older.store.close()


FIGURES = {
    "format": "2021",
    "tables": {"table3": {"total": {"total": 1}}},
    "sheets": {
        "2021": {
            "table3": {"total": {"total": 1}},
            "behind": {"table2": {}, "table3": {"total/total": ["2024-0001"]}, "table4": {}},
        },
        "2019": {"table3": {"total": {"total": 1}}, "behind": {"table3": {}}},
    },
    "sections": {},
}


def test_what_is_behind_a_signed_report_moves_and_comes_back(older: Office) -> None:
    engine = older.store.engine
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0017")
        connection.execute(
            text(
                "INSERT INTO report_version (id, agency_id, year, version, state, note, texts, overrides,"
                " figures, steps) VALUES (1, 1, 2024, 1, 'published', '', '{}', '[]', :figures, '[]'),"
                " (2, 1, 2024, 2, 'draft', '', '{}', '[]', NULL, '[]')"
            ),
            {"figures": json.dumps(FIGURES)},
        )
    migrate_office(older)
    with older.store.read() as unit:
        published = report_queries.published_report(unit, 1, 2024)
        assert published is not None and published.figures is not None
        assert published.figures["sheets"]["2021"] == {"table3": {"total": {"total": 1}}}
        asked = (published, "2021", "table3")
        assert report_queries.behind_cell(unit, *asked, "total/total") == ["2024-0001"]
        assert report_queries.behind_cell(unit, *asked, "total/business") is None
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0017")
        kept = rows(connection, "SELECT id, CAST(figures AS TEXT) FROM report_version ORDER BY id")
    assert [(key, figures and json.loads(figures)) for key, figures in kept] == [
        (1, FIGURES),
        (2, None),
    ]
    migrate_office(older)
    older.store.close()
