"""Migration 0055: addresses of other systems come and go, with what was delivered to them."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from tests.workflow.store.test_hastening_migration import AGENCY, CASE
from workflow.store.migrate import _config
from workflow.store.store import Store

HOOK = (
    "INSERT INTO hook (id, agency_id, name, below, active, sealed, created_at, failures, problem)"
    " VALUES (4, 2, 'OA', FALSE, TRUE, '', '2024-05-08 02:00:00', 0, '')"
)
DELIVERY = (
    "INSERT INTO hook_delivery (hook_id, key, case_id, about, event, payload, created_at, not_before, state,"
    " attempts, problem) VALUES (4, :key, 7, '2024-0001', 'extend', '{}', '2024-05-08 02:00:00',"
    " '2024-05-08 02:00:00', 'waiting', 0, '')"
)


@pytest.mark.tampering(reason="a case row without its log, which the migration passes over")
def test_addresses_and_deliveries_come_and_go(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0043")
        for said in (AGENCY, CASE):
            connection.execute(text(said))
        command.upgrade(_config(connection), "0055")
        connection.execute(text(HOOK))
        connection.execute(text(DELIVERY), {"key": "msg_1"})
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text(DELIVERY), {"key": "msg_1"})
        command.downgrade(_config(connection), "0054")
        assert not {"hook", "hook_delivery"} & set(inspect(connection).get_table_names())
        command.upgrade(_config(connection), "0055")
        assert connection.execute(text("SELECT count(*) FROM hook_delivery")).scalar() == 0
    store.close()
