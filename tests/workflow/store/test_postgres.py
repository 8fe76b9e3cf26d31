"""What PostgreSQL does otherwise than SQLite, and what the store makes of it (docs/decisions/0020)."""

import threading
from datetime import date

import pytest
from sqlalchemy import delete, select, text, update

from config.errors import Unavailable
from tests.stores import DATABASES, POSTGRES
from tests.workflow.service.town import Town
from workflow.store.migrate import migrate
from workflow.store.models import AgencyRow, CaseRow, StampRow
from workflow.store.retried import Overtaken
from workflow.store.store import Store

pytestmark = pytest.mark.skipif(not POSTGRES, reason="about PostgreSQL (make test-postgres)")


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path, "2024-05-06")
    yield made
    made.office.store.close()


@pytest.fixture
def store(town):
    return town.office.store


@pytest.fixture
def impatient(store):
    """Connections that wait for a lock no longer than a moment."""
    with store.engine.begin() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f"ALTER DATABASE {name} SET deadlock_timeout = '50ms'"))
    from sqlalchemy import event

    def connect(connection, record):
        connection.execute("SET lock_timeout = '200ms'")
        connection.commit()

    event.listen(store.engine, "connect", connect)
    store.engine.dispose()
    return store


def meanwhile(work):
    """Work that another client does; its fault is raised here."""
    found = []

    def client():
        try:
            work()
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=client)
    thread.start()
    thread.join(20)
    if found:
        raise found[0]


# -- what a transaction sees ------------------------------------------------------------------------


def test_nothing_is_overwritten_that_was_not_seen(store):
    with pytest.raises(Overtaken), store.write() as unit:
        mine = unit.agencies()[0]

        def other():
            with store.write() as theirs:
                theirs.agencies()[0].name = "后来的名称"

        meanwhile(other)
        mine.name = "先前的名称"
    with store.read() as unit:
        assert unit.agencies()[0].name == "后来的名称"


def test_reading_sees_one_state_and_writes_nothing(store):
    with store.read() as unit:
        before = [row.name for row in unit.agencies()]

        def other():
            with store.write() as theirs:
                theirs.add_agency(code="new", name="新机关", level="township")

        meanwhile(other)
        assert [row.name for row in unit.agencies()] == before
    with pytest.raises(Unavailable, match="只能读"), store.read() as unit:
        unit.session.execute(update(AgencyRow).values(name="x"))


def test_who_moves_a_case_waits_and_sees_what_was_done(town, store):
    number = town.file().number
    with store.write_cases() as unit:
        first = unit.cases_numbered(["panlong"], number, lock=True)[0]
        seen = []

        def other():
            with store.write_cases() as theirs:
                seen.append(theirs.cases_numbered(["panlong"], number, lock=True)[0].length)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive() and not seen
        first.length += 1
        unit.session.flush()
        before = first.length
        unit.session.commit()
    thread.join(20)
    assert seen == [before]
    with store.write() as unit:
        unit.session.execute(update(CaseRow).values(length=before - 1))


def test_who_waits_too_long_is_told_to_try_later(town, impatient):
    number = town.file().number
    with impatient.write_cases() as unit:
        unit.cases_numbered(["panlong"], number, lock=True)

        def other():
            with impatient.write_cases() as theirs:
                theirs.cases_numbered(["panlong"], number, lock=True)

        with pytest.raises(Unavailable):
            meanwhile(other)


def test_rules_do_not_change_while_a_case_moves(impatient):
    def change():
        with impatient.write_rules():
            pass

    def work():
        with impatient.write_cases():
            pass

    with impatient.write_cases():
        meanwhile(work)  # cases move side by side
        with pytest.raises(Unavailable):
            meanwhile(change)
    with impatient.write_rules(), pytest.raises(Unavailable):
        meanwhile(work)


def test_of_two_who_wait_for_each_other_one_is_overtaken(impatient):
    ready, found = threading.Barrier(2), []

    def client(first, second):
        try:
            with impatient.write_cases() as unit:

                def change(code):
                    query = update(AgencyRow).where(AgencyRow.code == code).values(region=first)
                    unit.session.execute(query)

                change(first)
                ready.wait(10)
                change(second)
                found.append("done")
        except Unavailable as error:
            found.append(type(error))

    impatient.engine.dispose()
    threads = [
        threading.Thread(target=client, args=codes)
        for codes in (("panlong", "jiangna"), ("jiangna", "panlong"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert "done" in found and len(found) == 2 and (Overtaken in found or Unavailable in found)


# -- order, texts and numbers -----------------------------------------------------------------------


def test_every_text_is_ordered_by_its_code_points(store):
    other = text(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " JOIN pg_collation o ON o.oid = a.attcollation WHERE c.relkind = 'r' AND a.attnum > 0"
        " AND c.relnamespace = 'public'::regnamespace AND o.collname <> 'C'"
    )
    with store.engine.connect() as connection:
        assert connection.execute(other).all() == []
        connection.execute(
            text('ALTER TABLE agency ALTER name TYPE varchar(200) COLLATE "default"')
        )
        connection.commit()
    migrate(store.engine)
    with store.engine.connect() as connection:
        assert connection.execute(other).all() == []
        kind = "SELECT character_maximum_length FROM information_schema.columns WHERE "
        kind += "table_name = 'agency' AND column_name = 'name'"
        assert connection.scalar(text(kind)) == 200


def test_lists_stand_in_the_order_of_sqlite_and_python(store):
    names = ["（二）", "（一）", "张三", "ab", "Ab", "_x", "陈一", "a b", "1", "乙"]
    with store.write() as unit:
        unit.session.execute(delete(StampRow))
        unit.session.add_all(StampRow(name=name, value="") for name in names)
    with store.read() as unit:
        found = unit.session.scalars(select(StampRow.name).order_by(StampRow.name))
        assert list(found) == sorted(names)


def test_two_who_migrate_at_once_come_one_after_the_other(tmp_path):
    path = f"sqlite:///{tmp_path / 'new.db'}"
    stores, found = [Store(path) for _ in range(3)], []
    threads = [
        threading.Thread(target=lambda one=one: found.append(migrate(one.engine))) for one in stores
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for one in stores:
        one.close()
    assert sorted(before is None for before, _ in found) == [False, False, True]


# -- the line breaks --------------------------------------------------------------------------------


def cut(store):
    with store.engine.connect() as connection:
        name = connection.scalar(text("SELECT current_database()"))
    DATABASES.server.disconnect(name)


def test_a_connection_that_broke_while_it_rested_is_not_noticed(town, store):
    town.file()
    cut(store)
    town.file()
    with store.read() as unit:
        assert len(unit.agencies()) == 3


def test_what_was_under_way_when_it_broke_wrote_nothing_and_is_told_so(town, store):
    town.file()
    with pytest.raises(Unavailable), store.write() as unit:
        unit.add_agency(code="new", name="新机关", level="township")
        cut(store)
        unit.add_agency(code="other", name="另一机关", level="township")
    with pytest.raises(Unavailable), store.read() as unit:
        unit.agencies()
        cut(store)
        unit.session.expire_all()
        unit.agencies()
    with store.read() as unit:
        assert [row.code for row in unit.agencies()] == ["yanshan", "panlong", "jiangna"]
    assert town.file().number == f"{date(2024, 1, 1).year}-0002"
