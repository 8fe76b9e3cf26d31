"""Migration 0057: cases of before have no platform; those that were taken over stay cases when it goes back."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from tests.workflow.store.test_hastening_migration import AGENCY, CASE
from workflow.store.migrate import _config
from workflow.store.store import Store

TOLD = (
    "INSERT INTO taken_over (case_id, agency_id, platform, number, actor, at, told)"
    " VALUES (7, 1, '某平台', 'A-1', 'lifang', '2024-05-06 02:00:00', '')"
)


@pytest.mark.tampering(reason="a case row without its log, which the migration passes over")
def test_the_table_comes_and_goes_and_the_case_stays(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0043")
        for said in (AGENCY, CASE):
            connection.execute(text(said))
        command.upgrade(_config(connection), "0057")
        connection.execute(text(TOLD))
        names = {one["name"] for one in inspect(connection).get_unique_constraints("taken_over")}
        assert names == {"uq_taken_over_agency_id_platform_number"}
        command.downgrade(_config(connection), "0056")
        assert "taken_over" not in inspect(connection).get_table_names()
        command.upgrade(_config(connection), "0057")
        assert connection.execute(text("SELECT count(*) FROM taken_over")).scalar_one() == 0
        assert connection.execute(text('SELECT count(*) FROM "case"')).scalar_one() == 1
    store.close()
