"""The database goes away while eight clients write: nothing that was confirmed is lost, and all goes on by
itself."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import Server, running
from tests.workflow.service.town import Town
from workflow.service import Unavailable
from workflow.service.cases.verify import verify
from workflow.store.models import CaseRow

CLIENTS = 8
pytestmark = pytest.mark.long(
    reason="stops and starts a PostgreSQL that flushes to the disk, a minute"
)


class Traffic:
    """Clients that file as fast as they can, and keep what they were told."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.told: list[str] = []
        self.failed = 0
        self.faults: list[Exception] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._client) for _ in range(CLIENTS)]

    def _client(self) -> None:
        while not self._over.is_set():
            try:
                self.told.append(self.town.file().number)
            except Unavailable:
                self.failed += 1
                time.sleep(0.05)
            except Exception as error:
                self.faults.append(error)
                return

    def __enter__(self) -> "Traffic":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def goes_on(self) -> None:
        """Wait until it has gone on for a while."""
        wanted = len(self.told) + 20
        begun = time.monotonic()
        while len(self.told) < wanted:
            assert not self.faults, self.faults
            assert time.monotonic() - begun < 60, "it does not go on"
            time.sleep(0.02)

    def is_whole(self) -> None:
        """Everything that was confirmed is there, once, and follows from its log."""
        assert self.faults == []
        assert len(self.told) == len(set(self.told))
        with self.town.office.store.read() as unit:
            there = {number for (number,) in unit.session.query(CaseRow.number)}
        assert set(self.told) <= there
        # Without gaps: a number of what was not confirmed is given again, or stands on a whole case.
        assert there == {f"2024-{n:04d}" for n in range(1, len(there) + 1)}
        assert verify(self.town.office, codes=False) == []


@pytest.fixture
def server() -> Iterator[Server]:
    with running(sure=True) as made:
        made.create("gongkai")
        yield made


def town_on(server: Server, folder: Path, url: str | None = None) -> Town:
    return Town(folder, "2024-05-06", url or server.url("gongkai"))


def cut_again_and_again(server: Server) -> None:
    for _ in range(10):
        server.disconnect("gongkai")
        time.sleep(0.3)


def restarted(server: Server) -> None:
    server.stop("fast")
    time.sleep(0.5)
    server.start()


def killed(server: Server) -> None:
    server.kill()
    server.start()


@pytest.mark.parametrize("fault", [cut_again_and_again, restarted, killed])
def test_nothing_confirmed_is_lost_and_it_goes_on(
    server: Server, tmp_path: Path, fault: Callable[[Server], None]
) -> None:
    town = town_on(server, tmp_path)
    with Traffic(town) as traffic:
        for _ in range(2):
            traffic.goes_on()
            fault(server)
        traffic.goes_on()
    assert traffic.failed, "nobody was disturbed"
    traffic.is_whole()
    town.office.store.close()


def test_a_standby_takes_over(server: Server, tmp_path: Path) -> None:
    """Both addresses stand in the one of the store; the standby confirms before the client hears of it."""
    server.say("ALTER SYSTEM SET synchronous_standby_names = '*'")
    standby = Server(server.folder.with_name(f"{server.folder.name}-standby"), sure=True, port=5433)
    try:
        standby.run(
            "pg_basebackup", "-D", str(standby.data), "-h", str(server.folder), "-p", "5432",
            "-U", "postgres", "-R", "-X", "stream", "-c", "fast",
        )  # fmt: skip
        standby.start()
        server.say("SELECT pg_reload_conf()")
        both = (
            f"postgresql+psycopg://postgres@/gongkai?host={server.folder},{standby.folder}"
            f"&port={server.port},{standby.port}&target_session_attrs=read-write"
        )
        town = town_on(server, tmp_path, both)
        with Traffic(town) as traffic:
            traffic.goes_on()
            server.kill()
            standby.say("ALTER SYSTEM RESET synchronous_standby_names")
            standby.promote()
            standby.say("SELECT pg_reload_conf()")
            traffic.goes_on()
        assert traffic.failed
        traffic.is_whole()
        town.office.store.close()
    finally:
        standby.stop("immediate")
        standby.remove()
