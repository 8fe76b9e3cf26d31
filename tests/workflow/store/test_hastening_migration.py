"""Migration 0034: a store with bodies and cases gets its hastenings, one of a case and body a day."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from workflow.store.migrate import _config
from workflow.store.store import Store

AGENCY = (
    "INSERT INTO agency (id, code, name, level, takes_requests)"
    " VALUES (1, 'yanshan', '砚山县人民政府', 'county', FALSE), (2, 'panlong', '盘龙乡', 'township', TRUE)"
)
CASE = (
    'INSERT INTO "case" (id, agency_id, number, kind, request, items, delivery, medium, code_salt,'
    " submitted_at, opened_on, state, next_due_kind, columns, item_rows, proceedings, has_proceedings,"
    " withdrawn_unaccepted, length, head_hash) VALUES (7, 2, '2024-0001', 'application', '合同', '[]', '[]',"
    " '[]', 'salt', '2024-05-06 02:00:00', '2024-05-06', 'processing', 'reply', '[]', '[]', '[]', FALSE, FALSE,"
    " 0, '')"
)
HASTENING = (
    "INSERT INTO hastening (id, case_id, agency_id, by_id, actor, made_on, made_at, matter, day, days)"
    " VALUES (:id, 7, 2, 1, 'county', '2024-06-12', '2024-06-12 02:00:00', 'late', '2024-05-31', 7)"
)


@pytest.mark.tampering(reason="a case row without its log, which the migration passes over")
def test_a_store_with_cases_gets_its_hastenings(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0029")
        connection.execute(text(AGENCY))
        connection.execute(text(CASE))
        command.upgrade(_config(connection), "0034")
        connection.execute(text(HASTENING), {"id": 1})
    with store.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text(HASTENING), {"id": 2})
    with store.engine.begin() as connection:
        found = connection.execute(text("SELECT case_id, answer, done_by FROM hastening")).all()
        assert [tuple(row) for row in found] == [(7, None, None)]
        command.downgrade(_config(connection), "0029")
        assert "hastening" not in inspect(connection).get_table_names()
        assert connection.execute(text('SELECT count(*) FROM "case"')).scalar() == 1
    store.close()
