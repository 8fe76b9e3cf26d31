"""Migration 0052: a store with an applicant gets a place for the name that was filed; going back gives that name back,
to which the chain is tied."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from tests.workflow.store.test_hastening_migration import AGENCY, CASE
from workflow.store.migrate import _config
from workflow.store.store import Store

APPLICANTS = (
    "INSERT INTO applicant (id, case_id, position, name, citizen) VALUES (1, 7, 0, '张三', TRUE),"
    " (2, 7, 1, '李四', TRUE)"
)


@pytest.mark.tampering(reason="a case row without its log, which the migration passes over")
def test_the_name_that_was_filed_comes_back_with_the_older_shape(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0043")
        for statement in (AGENCY, CASE, APPLICANTS):
            connection.execute(text(statement))
        command.upgrade(_config(connection), "0052")
        known = text("SELECT name, filed_as FROM applicant ORDER BY id")
        assert connection.execute(known).all() == [("张三", None), ("李四", None)]
        connection.execute(
            text("UPDATE applicant SET name = '章叁', filed_as = '张三' WHERE id = 1")
        )
        command.downgrade(_config(connection), "0050")
        names = connection.execute(text("SELECT * FROM applicant ORDER BY id")).mappings().all()
        assert [row["name"] for row in names] == ["张三", "李四"] and "filed_as" not in names[0]
    store.close()
