"""A rehearsal of an upgrade on PostgreSQL: another database on the server, with every row, that goes away."""

import pytest
from sqlalchemy import Connection, create_engine, select

from tests.stores import POSTGRES
from tests.workflow.service.sampling import KEYS
from tests.workflow.store.old_stores import REVISIONS, old_store, reflected
from tests.workflow.store.test_old_stores import LATER
from workflow.service import Office
from workflow.service.upgrading import rehearse, upgrade
from workflow.store.dialect_beside import MayNotMake, database_beside
from workflow.store.migrate import newest, revision
from workflow.store.store import Store

pytestmark = [
    pytest.mark.skipif(not POSTGRES, reason="another database on its server (make test-postgres)"),
    pytest.mark.tampering(reason="the store stays in the shape of before"),
]
OLDEST, NEWEST = REVISIONS[0], REVISIONS[-1]


def differing(one: Connection, other: Connection) -> list[str]:
    """Tables whose rows are not the same."""
    return [
        table.name
        for table in reflected(one).sorted_tables
        if sorted(map(str, one.execute(select(table))))
        != sorted(map(str, other.execute(select(table))))
    ]


def names(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT datname FROM pg_database").scalars().all()
    return [one for one in found if one.startswith("gongkai_rehearsal_")]


@pytest.mark.parametrize("shape", REVISIONS)
def test_it_has_every_row_of_any_shape_and_goes(tmp_path, shape):
    store = old_store(shape, tmp_path / "store.db")
    with database_beside(store.engine, shape) as made:
        assert revision(made.engine) == shape and len(names(store)) == 1
        with store.engine.connect() as one, made.engine.connect() as other:
            assert differing(one, other) == []
        office = Office(made, KEYS, now=lambda: LATER)
        assert upgrade(office).broken == ()
    assert revision(store.engine) == shape and names(store) == []
    store.close()


def test_the_store_is_rehearsed_and_what_a_killed_one_left_goes(tmp_path):
    store = old_store(NEWEST, tmp_path / "store.db")
    server = store.engine.execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE gongkai_rehearsal_0123456789abcdef")
        connection.exec_driver_sql("CREATE DATABASE gongkai_rehearsal_of_ours")
    done = rehearse(Office(store, KEYS, now=lambda: LATER))
    assert (done.before, done.after, done.broken) == (NEWEST, newest(), ())
    assert revision(store.engine) == NEWEST and names(store) == ["gongkai_rehearsal_of_ours"]
    with server.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE gongkai_rehearsal_of_ours")
    store.close()


def test_it_goes_where_the_upgrade_fails(tmp_path):
    store = old_store(OLDEST, tmp_path / "store.db")
    with pytest.raises(ZeroDivisionError), database_beside(store.engine, OLDEST):
        raise ZeroDivisionError
    assert names(store) == []
    store.close()


def test_who_may_make_no_database_is_told_what_to_ask_for(tmp_path):
    store = old_store(OLDEST, tmp_path / "store.db")
    server = store.engine.execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql("CREATE ROLE nobody_much LOGIN")
    other = create_engine(store.engine.url.set(username="nobody_much"))
    try:
        with (
            pytest.raises(MayNotMake, match=r"nobody_much.*CREATEDB"),
            database_beside(other, OLDEST),
        ):
            pass
    finally:
        other.dispose()
        with server.connect() as connection:
            connection.exec_driver_sql("DROP ROLE nobody_much")
        store.close()
