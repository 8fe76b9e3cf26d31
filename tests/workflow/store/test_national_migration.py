"""Migration 0015: loaded holiday notices come and go; the bodies' own days stay as they are."""

from datetime import date, datetime

from alembic import command
from sqlalchemy import inspect, text

from tests.stores import POSTGRES
from workflow.dates import SHANGHAI
from workflow.rules.national import Entry
from workflow.store.migrate import _config
from workflow.store.notices import entries_of_file
from workflow.store.store import Store

AGENCY = (
    "INSERT INTO agency (id, code, name, level, takes_requests)"
    " VALUES (1, 'panlong', '盘龙彝族乡人民政府', 'township', TRUE)"
)
OWN_DAY = (
    "INSERT INTO calendar_day (agency_id, day, works, source, actor)"
    " VALUES (1, '2024-04-01', FALSE, '州庆', 'chen')"
)


def test_a_store_with_days_of_its_own_gets_the_nations_and_keeps_them(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with store.engine.begin() as connection:
        command.upgrade(_config(connection), "0014")
        connection.execute(text(AGENCY))
        connection.execute(text(OWN_DAY))
        command.upgrade(_config(connection), "0015")
    when = datetime(2024, 3, 20, 9, tzinfo=SHANGHAI)
    entry = Entry("国办发明电〔2024〕1号", 2024, date(2024, 3, 28), False, "county", when)
    with store.write() as unit:
        unit.add_national([entry])
    with store.read() as unit:
        assert unit.national_entries() == [entry]
    if not POSTGRES:  # it reads the file of SQLite itself
        assert entries_of_file(tmp_path / "store.db") == [entry]
    with store.engine.begin() as connection:
        command.downgrade(_config(connection), "0014")
        assert "national_day" not in inspect(connection).get_table_names()
    if not POSTGRES:
        assert entries_of_file(tmp_path / "store.db") == []
    with store.engine.begin() as connection:
        kept = connection.execute(text("SELECT day, source FROM calendar_day")).all()
        assert [(str(day), source) for day, source in kept] == [("2024-04-01", "州庆")]
    store.close()
