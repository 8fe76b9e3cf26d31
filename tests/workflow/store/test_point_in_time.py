"""What docs/running.md says of PostgreSQL's own tools: a dump, and recovery to a moment from a base backup and the log."""

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.postgres import Server, running
from tests.workflow.service.town import Town
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.store.models import CaseRow
from workflow.store.store import Store

pytestmark = pytest.mark.long(reason="starts two servers that flush, and recovers one of them")


def numbers(office: Office) -> list[str]:
    with office.store.read() as unit:
        return sorted(unit.session.scalars(select(CaseRow.number)))


def test_a_dump_is_put_back_by_pg_restore(tmp_path: Path) -> None:
    with running() as server:
        server.create("gongkai")
        town = Town(tmp_path, "2026-03-02", server.url("gongkai"))
        town.file()
        reach = ("-h", str(server.folder), "-p", str(server.port), "-U", "postgres")
        dump = str(server.folder / "gongkai.dump")
        server.run("pg_dump", *reach, "-Fc", "-f", dump, "gongkai")
        server.create("back")
        server.run("pg_restore", *reach, "-d", "back", dump)
        office = Office(Store(server.url("back")), town.office.keys, now=lambda: town.now)
        assert numbers(office) == numbers(town.office) and len(numbers(office)) == 1
        assert verify(office, full=True) == []
        office.store.close()
        town.office.store.close()


def test_a_store_is_recovered_to_a_moment_from_base_and_log(tmp_path: Path) -> None:
    with running(sure=True) as server:
        kept = server.folder / "wal"
        kept.mkdir()
        kept.chmod(0o777)  # the server runs as somebody else
        server.stop()
        with (server.data / "postgresql.conf").open("a") as conf:
            conf.write("wal_level = replica\narchive_mode = on\n")
            conf.write(f"archive_command = 'test ! -f {kept}/%f && cp %p {kept}/%f'\n")
        server.start()
        server.create("gongkai")
        town = Town(tmp_path, "2026-03-02", server.url("gongkai"))
        town.file()
        back = Server(server.folder / "back", sure=True, port=5433)
        server.run(
            "pg_basebackup", "-D", str(back.data), "-h", str(server.folder), "-p", str(server.port),
            "-U", "postgres", "-X", "none", "--checkpoint=fast", "--no-manifest",
        )  # fmt: skip
        town.file()
        ((moment,),) = server.say("SELECT now()::text")
        before = numbers(town.office)
        server.say("SELECT pg_sleep(0.2)")
        town.file()
        after = numbers(town.office)
        server.say("SELECT pg_switch_wal()")
        town.office.store.close()
        server.stop()
        with (back.data / "postgresql.conf").open("a") as conf:
            conf.write(f"restore_command = 'cp {kept}/%f %p'\n")
            conf.write(f"recovery_target_time = '{moment}'\nrecovery_target_action = promote\n")
            conf.write("archive_mode = off\n")
        (back.data / "recovery.signal").touch()
        back.start()
        try:
            office = Office(Store(back.url("gongkai")), town.office.keys, now=lambda: town.now)
            assert numbers(office) == before != after
            assert (len(before), len(after)) == (2, 3)
            assert verify(office, full=True) == []
            office.store.close()
        finally:
            back.stop("immediate")
