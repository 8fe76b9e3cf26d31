"""Migration 0051: who asks is found by the keyed hash of a name; nobody goes back over what is sealed."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text

from tests.tampering import tampering
from tests.workflow.service.sampling import KEYS, migrated_store
from tests.workflow.service.town import Town
from workflow.service.cases.verify import verify
from workflow.service.installation import migrate_office
from workflow.store.migrate import _config, migrate

HASHED = "SELECT name_hash FROM applicant"


def town(tmp_path: Path) -> Town:
    migrated_store(tmp_path / "store.db").close()
    url = f"sqlite:///{tmp_path / 'store.db'}"
    found = Town(tmp_path, "2024-05-06", url, keys=KEYS)
    found.file()
    return found


def test_names_of_an_older_store_get_their_hashes_from_the_keys(tmp_path: Path) -> None:
    here = town(tmp_path)
    engine = here.office.store.engine
    with engine.begin() as connection:
        (before,) = connection.execute(text(HASHED)).scalars()
        command.downgrade(_config(connection), "0050")
        found = inspect(connection)
        assert "name_hash" not in {one["name"] for one in found.get_columns("applicant")}
        names = {one["name"]: one["column_names"] for one in found.get_indexes("applicant")}
        assert names["ix_applicant_name"] == ["name"]
        assert names["ix_applicant_unproved"] == ["name", "citizen", "case_id"]
    migrate(engine)
    with engine.connect() as connection:
        assert list(connection.execute(text(HASHED)).scalars()) == [None]
        names = {
            one["name"]: one["column_names"] for one in inspect(connection).get_indexes("applicant")
        }
        assert names["ix_applicant_name_hash"] == ["name_hash"] and "ix_applicant_name" not in names
        assert names["ix_applicant_unproved"] == ["name_hash", "citizen", "case_id"]
    assert [one.message for one in verify(here.office)] == ["申请人姓名查找用的校验值与姓名不符"]
    migrate_office(here.office)
    with engine.connect() as connection:
        assert list(connection.execute(text(HASHED)).scalars()) == [before]
    assert before == KEYS.name_hash("张三") and verify(here.office) == []
    here.office.store.close()


ALONE = {
    "applicant.name": "UPDATE applicant SET name = 'sealed-0:AAAA'",
    "applicant.description": "UPDATE applicant SET description = 'sealed-1:AAAA'",
    "case.applicant_now": "UPDATE \"case\" SET applicant_now = 'sealed-0:AAAA'",
    "case.request": "UPDATE \"case\" SET request = 'sealed-0:AAAA'",
    "case.items": 'UPDATE "case" SET items = \'["sealed-0:AAAA", "sealed-0:AAAA"]\'',
    "event.fields": "UPDATE event SET fields = '\"sealed-12:AAAA\"'",
}


@pytest.mark.tampering(reason="one column alone is sealed, as a turn that was cut off leaves some")
@pytest.mark.parametrize("column", ALONE)
def test_nobody_goes_back_over_what_is_sealed(tmp_path: Path, column: str) -> None:
    here = town(tmp_path)
    with tampering(here.office.store) as connection:
        connection.execute(text(ALONE[column]))
    with here.office.store.engine.connect() as connection:
        with pytest.raises(RuntimeError, match=rf"{column}: run gongkai key unseal-texts"):
            command.downgrade(_config(connection), "0050")
        connection.rollback()
        names = {one["name"] for one in inspect(connection).get_indexes("applicant")}
        assert "ix_applicant_name_hash" in names
    here.office.store.close()
