"""Migration 0043: both indexes hold what is counted; both ways."""

from pathlib import Path

from alembic import command
from sqlalchemy import Connection, inspect

from workflow.store.migrate import _config
from workflow.store.models import WAITING
from workflow.store.store import Store


def _columns(connection: Connection) -> dict[str, list[str | None]]:
    found = {
        str(one["name"]): one["column_names"] for one in inspect(connection).get_indexes("case")
    }
    return {name: found[name] for name in ("ix_case_waiting", "ix_case_worklist")}


def test_indexes_are_widened_and_taken_back(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0042")
        before = _columns(connection)
        command.upgrade(_config(connection), "0043")
        after = _columns(connection)
        command.downgrade(_config(connection), "0042")
        assert _columns(connection) == before
    store.close()
    assert after == {
        "ix_case_waiting": list(WAITING),
        "ix_case_worklist": [*before["ix_case_worklist"], "waits_for"],
    }
    assert before["ix_case_waiting"] == list(WAITING[:4])
