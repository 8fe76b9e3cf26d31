"""A real clamd, where Debian's is installed: a harmless text for which a signature of our own stands is found."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflow.service.files.papers import PDF, PNG
from workflow.files import BadContent
from workflow.service.scanner import FOUND, TOO_LARGE, Scanner

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
SIGNED = b"gongkai harmless test text"
STARTS_WITHIN, MOST = 60, "1M"
pytestmark = [
    pytest.mark.long(reason="starts a real clamd with a database of its own"),
    pytest.mark.skipif(CLAMD is None, reason="clamd is not installed (Debian: clamav-daemon)"),
]


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where it listens. Its one signature is ours; nothing is fetched."""
    folder = tmp_path_factory.mktemp("clamd")
    database, socket = folder / "database", folder / "socket"
    database.mkdir()
    (database / "ours.ndb").write_text(f"Gongkai.Harmless:0:*:{SIGNED.hex()}\n")
    settings = folder / "clamd.conf"
    settings.write_text(
        f"DatabaseDirectory {database}\nLocalSocket {socket}\nForeground yes\nUser root\n"
        f"StreamMaxLength {MOST}\nTemporaryDirectory {folder}\n"
    )
    assert CLAMD
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen([CLAMD, "-c", str(settings)], stdout=log, stderr=log)
        try:
            _wait(socket, running, folder / "log")
            yield f"unix:{socket}"
        finally:
            running.terminate()
            running.wait(30)


def _wait(socket: Path, running: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while not socket.exists():
        assert running.poll() is None and time.monotonic() < until, log.read_text()
        time.sleep(0.1)


@pytest.mark.parametrize("content", [PDF, PNG, b"a text"], ids=["pdf", "png", "text"])
def test_what_is_clean_passes(clamd: str, content: bytes) -> None:
    Scanner(clamd).ask(content)


def test_what_bears_the_signature_is_refused(clamd: str) -> None:
    for required in (True, False):
        with pytest.raises(BadContent, match=FOUND):
            Scanner(clamd, required).ask(b"before " + SIGNED + b" after")


def test_what_is_too_large_for_it_is_told_so(clamd: str) -> None:
    with pytest.raises(BadContent, match=TOO_LARGE):
        Scanner(clamd).ask(b"x" * (3 * 1024 * 1024))
    Scanner(clamd, required=False).ask(b"x" * (3 * 1024 * 1024))
