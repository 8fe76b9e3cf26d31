"""The same work on SQLite and on PostgreSQL: CPU of the application and of the server (docs/scale.md)."""

from collections import defaultdict
from pathlib import Path
from statistics import median
from time import process_time

import pytest

from tests.postgres import Server, running
from tests.stores import on_sqlite
from tests.workflow.service.town import Town
from workflow.service.copying import copy_installation
from workflow.store.key_folder import KEY_FILE
from workflow.store.sealed import Secrets

pytestmark = pytest.mark.filterwarnings("ignore")


class Measured:
    """A town on one database, and what its work cost: milliseconds of CPU, application and server."""

    def __init__(self, town: Town, server: Server | None) -> None:
        self.town, self.server = town, server
        self.found: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def round(self, calls: int) -> None:
        filed: list[str] = []
        clerk = self.town.staff("lifang")
        self.of("filing", calls, lambda: filed.append(self.town.file().number))
        numbers = iter(filed)
        self.of(
            "event", calls, lambda: self.town.act("lifang", next(numbers), "assign", "2024-05-06")
        )
        numbers = iter(filed)
        self.of("reading a case", calls, lambda: self.town.reading.case(clerk, next(numbers)))

    def of(self, what, calls, work) -> None:
        begun, server = process_time(), self.server.cpu() if self.server else 0.0
        for _ in range(calls):
            work()
        there = (self.server.cpu() - server) if self.server else 0.0
        self.found[what].append(((process_time() - begun) / calls * 1000, there / calls * 1000))

    def told(self, what: str) -> tuple[float, float]:
        here, there = zip(*self.found[what], strict=True)
        return median(here), median(there)


def test_the_same_work_on_both(full, tell, tmp_path: Path):
    calls, rounds = (40, 5) if full else (1, 1)
    with running(sure=True) as server:
        server.create("gongkai")
        both = [
            Measured(Town(tmp_path, "2024-05-06", on_sqlite(tmp_path / "a.db")), None),
            Measured(Town(tmp_path, "2024-05-06", server.url("gongkai")), server),
        ]
        for _ in range(rounds):
            for one in both:
                one.round(calls)
        for what in ("filing", "event", "reading a case"):
            (sqlite, _), (ours, theirs) = (one.told(what) for one in both)
            tell(
                f"{what}: SQLite {sqlite:.2f} ms; PostgreSQL {ours:.2f} ms and {theirs:.2f} of the server, "
                f"{(ours + theirs) / sqlite:.1f} ×"
            )
        for one in both:
            one.town.office.store.close()


def test_copying(full, tell, tmp_path: Path, monkeypatch):
    """Rows a second of CPU, copied and compared."""
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)
    source = on_sqlite(tmp_path / "data" / "gongkai.db")
    (tmp_path / "data").mkdir()
    key = bytes(range(32))
    (tmp_path / "data" / KEY_FILE).write_bytes(key)
    town = Town(tmp_path, "2024-05-06", source, Secrets(key))
    for _ in range(2000 if full else 2):
        town.file()
    town.office.store.close()
    with running() as server:
        server.create("gongkai")
        begun, there = process_time(), server.cpu()
        done = copy_installation(
            source, server.url("gongkai"), tmp_path / "data", lambda *_: None, lambda _: None
        )
        here, there = process_time() - begun, server.cpu() - there
        size = server.say("SELECT pg_database_size('gongkai')")[0][0]
        tell(
            f"copying {done.rows} rows of {done.cases} cases: {done.rows / (here + there):.0f} rows a second, "
            f"{here:.1f} s here, {there:.1f} s in the server; "
            f"{(tmp_path / 'data' / 'gongkai.db').stat().st_size / done.cases / 1024:.1f} KB a case on SQLite, "
            f"{int(str(size)) / done.cases / 1024:.1f} on PostgreSQL"
        )
