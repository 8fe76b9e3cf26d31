"""Migration 0050: a store with a case gets its lists of destruction; a case stands in one of them."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from tests.workflow.store.test_hastening_migration import AGENCY, CASE
from workflow.store.migrate import _config
from workflow.store.store import Store

LIST = (
    "INSERT INTO destruction (id, agency_id, state, numbers, proposed_by, proposed_at, words, decided_words)"
    " VALUES (1, 2, 'proposed', '[\"2024-0001\"]', 'danganyuan', '2036-03-01 02:00:00', '没有保存价值', '')"
)
DESTROYED = (
    "INSERT INTO destroyed_case (case_id, destruction_id, archived_on, kept_until, rule, years, proof)"
    " VALUES (7, 1, '2024-05-08', '2034-12-31', 'retention_years', 10, 'proof')"
)


@pytest.mark.tampering(reason="a case row without its log, which the migration passes over")
def test_a_store_with_a_case_gets_its_lists_and_gives_them_up_again(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0043")
        connection.execute(text(AGENCY))
        connection.execute(text(CASE))
        command.upgrade(_config(connection), "0050")
        connection.execute(text(LIST))
        connection.execute(text(DESTROYED))
    with store.engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text(DESTROYED))
    with store.engine.begin() as connection:
        found = connection.execute(text("SELECT case_id, proof FROM destroyed_case")).all()
        assert [tuple(row) for row in found] == [(7, "proof")]
        command.downgrade(_config(connection), "0045")
        assert not {"destruction", "destroyed_case"} & set(inspect(connection).get_table_names())
        assert connection.execute(text('SELECT count(*) FROM "case"')).scalar() == 1
    store.close()
