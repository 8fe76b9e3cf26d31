"""All tests in two processes at once, by folder, and in a third one those that ask most of the database
once more on PostgreSQL: what `make test` runs.

    python -m tests.run [what pytest takes]

Lines are printed as they come, each with the name of its part; failures follow when a part is done, then
the ten slowest of all and the time. The exit code is that of pytest; one failing part fails the whole.
Ctrl-C ends both parts, which still tell what they found; a second one ends them at once.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[1]
PAGES = (
    "tests/browser",
    "tests/notifications",
    "tests/webui",
    "tests/workflow/commands",
)
"""The folders of the first process: the pages, and what else makes both as long."""
ON_POSTGRES = (
    "tests/workflow/store/test_postgres.py",
    "tests/webui/api/test_at_once.py",
    "tests/webui/api/test_twice.py",
)
"""What the third process runs; `make test-all` runs the whole store there, `make test-postgres` everything."""
NOTHING_TO_TEST = 5
SLOWEST = 10
MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes that must be free in memory for the files of a run, which take about two gigabytes."""
_TIMED = re.compile(r"^(\d+\.\d\d)s (call|setup|teardown) ")
_SECTION = re.compile(r"^=+ (.+?) =+$")


@dataclass
class Part:
    """Some of the tests, run in a process of its own."""

    name: str
    where: tuple[str, ...]
    store: str = ""
    code: int = 0
    seconds: float = 0.0
    told: list[str] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    def start(self, given: Sequence[str], in_memory: Mapping[str, str]) -> None:
        # In a session of its own, so that Ctrl-C reaches it once, and through us.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-o", f"cache_dir=.pytest_cache/{self.name}",
             f"--durations={SLOWEST}", *self.where, *given],
            cwd=ROOT, text=True, encoding="utf-8", errors="replace", start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "110", **in_memory,
                 **({"TESTS_STORE": self.store} if self.store else {})},
        )  # fmt: skip

    def read(self) -> None:
        """Pass on lines of progress; keep what comes after, and apart from it the slowest tests."""
        assert self.process is not None and self.process.stdout is not None
        begun, section = time.monotonic(), ""
        for line in self.process.stdout:
            title = _SECTION.match(line)
            if title:
                section = title[1]
            timed = _TIMED.match(line)
            if section.startswith("slowest"):
                if timed:
                    self.slowest.append((float(timed[1]), line.rstrip()))
                elif line.startswith(("!", "FAILED", "ERROR")):
                    section = "end"
                    self.told.append(line)
            elif section in ("", "test session starts"):
                if line.startswith("tests/"):
                    print(f"{self.name:>5}  {line}", end="", flush=True)
                elif line.strip() and not title:
                    self.told.append(line)
            else:
                self.told.append(line)
        self.code = self.process.wait()
        self.seconds = time.monotonic() - begun

    def signalled(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number) if number == signal.SIGKILL else os.kill(
                self.process.pid, number
            )


def parts() -> list[Part]:
    """Pages and messages, with the browser, and all the rest: nothing is in neither. Then some of both
    on PostgreSQL, unless they are all there (TESTS_STORE=postgres)."""
    found = [
        Part("pages", PAGES),
        Part("house", ("tests", *(f"--ignore={folder}" for folder in PAGES))),
    ]
    if not os.environ.get("TESTS_STORE"):
        found.append(Part("there", ON_POSTGRES, store="postgres"))
    return found


@contextmanager
def files_in_memory(memory: Path = MEMORY, room: int = ROOM) -> Iterator[dict[str, str]]:
    """The environment by which temporary files lie in memory until the run is over: each save waits for the
    disk, and a third of the time went into that. Nothing, where there is no such place, no room, or
    nothing there may be run. Who needs a disk finds it in TESTS_DISK."""
    try:
        fits = (
            shutil.disk_usage(memory).free >= room and not os.statvfs(memory).f_flag & os.ST_NOEXEC
        )
        folder = tempfile.mkdtemp(prefix="gongkai-tests-", dir=memory) if fits else ""
    except (AttributeError, OSError):  # no such place, or none of Linux
        folder = ""
    try:
        yield {"TMPDIR": folder, "TESTS_DISK": tempfile.gettempdir()} if folder else {}
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def run(all_parts: Sequence[Part], given: Sequence[str]) -> int:
    """Run the parts at once and tell what they found; the exit code for the whole."""
    with files_in_memory() as in_memory:
        return run_there(all_parts, given, in_memory)


def run_there(all_parts: Sequence[Part], given: Sequence[str], in_memory: Mapping[str, str]) -> int:
    """The same. in_memory: the environment of the parts, of `files_in_memory`."""
    begun = time.monotonic()
    interrupted = 0

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted += 1
        for part in all_parts:
            part.signalled(signal.SIGINT if interrupted == 1 else signal.SIGKILL)

    before = {
        number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        for part in all_parts:
            part.start(given, in_memory)
        readers = [threading.Thread(target=part.read) for part in all_parts]
        for reader in readers:
            reader.start()
        for reader in readers:
            while reader.is_alive():
                reader.join(0.2)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    tell(all_parts, time.monotonic() - begun)
    return 130 if interrupted else together([part.code for part in all_parts])


def together(codes: Sequence[int]) -> int:
    """One exit code: that a part has nothing to test is only said if no part has."""
    wrong = [code for code in codes if code not in (0, NOTHING_TO_TEST)]
    if wrong:
        return next((code for code in wrong if code > 0), 1)
    return NOTHING_TO_TEST if all(code == NOTHING_TO_TEST for code in codes) else 0


def tell(all_parts: Sequence[Part], seconds: float) -> None:
    for part in all_parts:
        print(f"\n{f' {part.name}: exit code {part.code} after {clock(part.seconds)} ':=^110}")
        print("".join(part.told), end="")
    slowest = sorted((row for part in all_parts for row in part.slowest), reverse=True)
    print(f"\n{' the slowest ':=^110}")
    for _, line in slowest[:SLOWEST]:
        print(line)
    times = ", ".join(f"{part.name} {clock(part.seconds)}" for part in all_parts)
    print(f"\ntook {clock(seconds)} ({times})", flush=True)


def clock(seconds: float) -> str:
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"


if __name__ == "__main__":
    sys.exit(run(parts(), sys.argv[1:]))
