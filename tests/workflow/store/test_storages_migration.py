"""Migration 0054: contents that lie in the database stay there; none that lie outside are left behind by going back."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from tests.workflow.store.test_hastening_migration import AGENCY, CASE
from workflow.store.migrate import _config
from workflow.store.store import Store

FILE = (
    "INSERT INTO file (id, case_id, kind, media_type, size, sha256, actor, role, uploaded_at, sealed)"
    " VALUES (3, 7, 'other', 'application/pdf', 4, 'hash', 'lifang', 'clerk', '2024-05-08 02:00:00', '')"
)


@pytest.mark.tampering(reason="a case row without its log, which the migration passes over")
def test_contents_stay_where_they_lie(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0043")
        for said in (AGENCY, CASE, FILE):
            connection.execute(text(said))
        connection.execute(text("INSERT INTO file_content (file_id, sealed) VALUES (3, 'abcd')"))
        command.upgrade(_config(connection), "0054")
        query = text("SELECT file_id, storage, key, length(sealed) FROM file_content")
        assert [tuple(row) for row in connection.execute(query)] == [(3, None, None, 4)]
        connection.execute(text("UPDATE file_content SET storage = 'mark', key = 'name'"))
    with (
        store.engine.begin() as connection,
        pytest.raises(RuntimeError, match="gongkai files move"),
    ):
        command.downgrade(_config(connection), "0053")
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE file_content SET storage = NULL, key = NULL"))
        command.downgrade(_config(connection), "0053")
        assert "file_left" not in inspect(connection).get_table_names()
        assert {one["name"] for one in inspect(connection).get_columns("file_content")} == {
            "file_id",
            "sealed",
        }
    store.close()
