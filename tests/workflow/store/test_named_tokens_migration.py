"""Migration 0056: tokens of before have no name and go on working; going back, tokens stay and forget theirs."""

from pathlib import Path

from alembic import command
from sqlalchemy import inspect, text

from workflow.store.migrate import _config
from workflow.store.store import Store

USER = (
    'INSERT INTO "user" (id, name, display_name, must_change_password, active, session_stamp)'
    " VALUES (3, 'lifang', '李芳', false, true, '')"
)
TOKEN = (
    "INSERT INTO token (id, user_id, hash, created_at, expires_at, scopes)"
    " VALUES ({0}, 3, 'hash{0}', '2024-05-08 02:00:00', '2025-05-08 02:00:00', 'read')"
)


def test_tokens_of_before_stay_and_a_form_makes_one(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0055")
        for said in (USER, TOKEN.format(1), TOKEN.format(2)):
            connection.execute(text(said))
        command.upgrade(_config(connection), "0056")
        query = text("SELECT name, last_used_from, ended_by, form_key, hash FROM token ORDER BY id")
        assert [tuple(row) for row in connection.execute(query)] == [
            (None, None, None, None, "hash1"), (None, None, None, None, "hash2"),
        ]  # fmt: skip
        assert ["form_key"] in [
            one["column_names"] for one in inspect(connection).get_unique_constraints("token")
        ]
        connection.execute(text("UPDATE token SET name = '公文系统', form_key = 'a' WHERE id = 1"))
    with store.engine.begin() as connection:
        command.downgrade(_config(connection), "0055")
        assert connection.execute(text("SELECT count(*) FROM token")).scalar_one() == 2
        names = {one["name"] for one in inspect(connection).get_columns("token")}
        assert not names & {"name", "last_used_from", "ended_by", "form_key"}
    store.close()
