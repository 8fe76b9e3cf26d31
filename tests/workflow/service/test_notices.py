"""The nation's loaded days are read alike with and without what the rest of the store needs."""

from datetime import date, datetime

import pytest

from config.settings import load
from workflow.dates import SHANGHAI
from workflow.rules.national import Entry
from workflow.service.installation import entries_in_store, migrate_office, open_office
from workflow.service.notices import national_entries
from workflow.store.standing import NotReady

ENTRIES = [
    Entry("国办发明电〔2026〕7号", 2027, date(2027, 1, 1), False, "county",
          datetime(2026, 11, 3, 9, 30, 15, 250, tzinfo=SHANGHAI)),
    Entry("国办发明电〔2026〕7号", 2027, date(2027, 1, 3), True, "county",
          datetime(2026, 11, 3, 9, 30, tzinfo=SHANGHAI)),
    Entry("国办发明电〔2026〕7号", 2027, date(2027, 1, 1), None, "county",
          datetime(2026, 11, 4, 0, 0, tzinfo=SHANGHAI)),
]  # fmt: skip


@pytest.mark.parametrize("named", [False, True])
def test_what_was_loaded_is_read_alike_on_both_ways(tmp_path, named):
    env = {"GONGKAI_DATA_DIR": str(tmp_path)}
    if named:
        env["GONGKAI_DATABASE_URL"] = f"sqlite:///{tmp_path / 'own.db'}"
    settings = load(env)
    assert national_entries(settings) == [] and list(tmp_path.iterdir()) == []
    office = open_office(settings)
    migrate_office(office)
    with office.store.write() as unit:
        unit.add_national(ENTRIES)
    assert national_entries(settings) == entries_in_store(settings) == ENTRIES
    office.store.close()
    assert national_entries(settings) == ENTRIES


def test_a_file_that_is_no_store_is_told_in_one_sentence(tmp_path):
    (tmp_path / "gongkai.db").write_bytes(b"something else, long enough to be read" * 10)
    with pytest.raises(NotReady, match="不是数据库"):
        national_entries(load({"GONGKAI_DATA_DIR": str(tmp_path)}))
