"""Migration 0039: a store with cases gets turns of codes; numbers in another form get their hash anew."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from tests.workflow.store.test_hastening_migration import AGENCY
from workflow.store.cases import fill_query_hashes
from workflow.store.migrate import _config
from workflow.store.sealed import Secrets
from workflow.store.store import Store

CASE = (
    'INSERT INTO "case" (id, agency_id, number, kind, request, items, delivery, medium, code_salt, query_hash,'
    " submitted_at, opened_on, state, next_due_kind, columns, item_rows, proceedings, has_proceedings,"
    " withdrawn_unaccepted, length, head_hash) VALUES (:id, 2, :number, 'application', '合同', '[]', '[]',"
    " '[]', 'salt', :hash, '2024-05-06 02:00:00', '2024-05-06', 'processing', 'reply', '[]', '[]', '[]', FALSE,"
    " FALSE, 0, '')"
)
ODD = "２０２４－００７７"


@pytest.mark.tampering(reason="case rows without their logs, which the migration passes over")
def test_a_store_with_cases_gets_turns_and_the_hashes_of_odd_numbers(tmp_path: Path) -> None:
    store, keys = Store(f"sqlite:///{tmp_path / 'store.db'}"), Secrets(b"a secret of a test")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0037")
        connection.execute(text(AGENCY))
        for id_, number, hash_ in ((7, "2024-0001", "kept"), (8, ODD, "of before"), (9, "2024-12345", "too")):  # fmt: skip
            connection.execute(text(CASE), {"id": id_, "number": number, "hash": hash_})
        command.upgrade(_config(connection), "0039")
        found = connection.execute(
            text('SELECT query_hash, code_turn FROM "case" ORDER BY id')
        ).all()
        assert [tuple(row) for row in found] == [("kept", 0), (None, 0), ("too", 0)]
    with store.write() as unit:
        assert fill_query_hashes(unit, keys) == 1
    with store.engine.begin() as connection:
        filled = connection.execute(text('SELECT query_hash FROM "case" WHERE id = 8')).scalar()
        assert filled == keys.query_hash("2024-0077", keys.query_code("salt"))
        connection.execute(text('UPDATE "case" SET code_turn = 2 WHERE id = 7'))
        command.downgrade(_config(connection), "0037")
        assert "begun_application" not in inspect(connection).get_table_names()
        found = connection.execute(text('SELECT query_hash FROM "case" ORDER BY id')).all()
        assert [row[0] for row in found] == [None, filled, "too"]
    store.close()
