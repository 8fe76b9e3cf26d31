"""A scanner beside the program, asked on loopback as clamd is: found, clean, silent, absent."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.errors import BadSetting
from config.settings import load
from tests import samples
from tests.workflow.service.files.papers import PDF, PNG, counts
from workflow.files import BadContent
from workflow.refusal import BadInput
from workflow.service import Office
from workflow.service.doors import doors_of
from workflow.service.files import Files
from workflow.service.incoming import Sent
from workflow.service.scanner import FOUND, NOT_NOW, TOO_LARGE, Scanner, scanner_of

Answering = Callable[[bytes], bytes]


class Clamd:
    """Speaks INSTREAM as clamd does: a command, pieces with their length before them, an empty piece."""

    def __init__(self, door: socket.socket, answer: Answering, most: int = 1 << 30) -> None:
        self.door, self.answer, self.most = door, answer, most
        self.seen: list[bytes] = []
        self.faults: list[str] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            with line:
                self._speak(line)

    def _speak(self, line: socket.socket) -> None:
        stream = line.makefile("rb")
        if stream.read(10) != b"zINSTREAM\0":
            self.faults.append("another command")
            return
        content = b""
        while True:
            (length,) = struct.unpack(">I", stream.read(4))
            if not length:
                break
            content += stream.read(length)
            if len(content) > self.most:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.seen.append(content)
        line.sendall(self.answer(content))


def says(content: bytes) -> bytes:
    return b"stream: Test-Signature FOUND\0" if b"harmless test" in content else b"stream: OK\0"


@pytest.fixture
def clamd() -> Iterator[Callable[..., tuple[Clamd, str]]]:
    doors = []

    def opened(answer: Answering = says, path: Path | None = None, **more) -> tuple[Clamd, str]:
        door = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        door.bind(str(path) if path else ("127.0.0.1", 0))
        door.listen()
        doors.append(door)
        where = f"unix:{path}" if path else f"tcp://127.0.0.1:{door.getsockname()[1]}"
        return Clamd(door, answer, **more), where

    yield opened
    for door in doors:
        door.close()


def nobody() -> str:
    """An address at which nobody listens."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{door.getsockname()[1]}"


@pytest.mark.parametrize("unix", [False, True], ids=["tcp", "unix"])
def test_a_file_is_sent_whole_and_a_found_one_is_refused(clamd, tmp_path, unix):
    server, where = clamd(path=tmp_path / "c" if unix else None)
    large = samples.png(padding=300_000)
    Scanner(where).ask(large)
    assert server.seen == [large] and not server.faults
    with pytest.raises(BadContent, match="有害"):
        Scanner(where).ask(b"a harmless test")
    Scanner(where, required=False).ask(large)
    with pytest.raises(BadContent, match="有害"):
        Scanner(where, required=False).ask(b"a harmless test")


@pytest.mark.parametrize(
    "answer",
    [b"", b"stream: broken ERROR\0", b"UNKNOWN COMMAND\0", b"\xff\xfe\0", b"x" * 9000],
    ids=["silent", "error", "unknown", "bytes", "long"],
)
def test_an_answer_that_is_none_is_not_a_clean_file(clamd, answer, caplog):
    _, where = clamd(lambda _: answer)
    with (
        caplog.at_level("WARNING", logger="workflow.service.scanner"),
        pytest.raises(BadContent, match="暂时无法检查"),
    ):
        Scanner(where).ask(PNG)
    assert "cannot be asked" in caplog.text
    Scanner(where, required=False).ask(PNG)


def test_a_scanner_that_is_away_or_slow_is_told(clamd, tmp_path):
    for where in (nobody(), f"unix:{tmp_path / 'nobody'}"):
        with pytest.raises(BadContent) as caught:
            Scanner(where).ask(PNG)
        assert str(caught.value) == NOT_NOW
        Scanner(where, required=False).ask(PNG)
    free = threading.Event()
    _, where = clamd(lambda _: (free.wait(10) and b"stream: OK\0") or b"")
    with pytest.raises(BadContent, match="暂时无法检查"):
        Scanner(where, seconds=0.2).ask(PNG)
    free.set()


def test_a_file_too_large_for_the_scanner_is_told(clamd):
    _, where = clamd(most=100_000)
    with pytest.raises(BadContent) as caught:
        Scanner(where).ask(b"x" * 8_000_000)
    assert str(caught.value) in (TOO_LARGE, NOT_NOW)
    Scanner(where, required=False).ask(b"x" * 8_000_000)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1:3310", "tcp://a", "tcp://a:0", "tcp://a:70000", "unix:clamd", "http://a:1"],
)
def test_a_wrong_address_is_told_at_the_start(address):
    with pytest.raises(BadSetting, match="scanner"):
        scanner_of(address, True)
    assert scanner_of("", True) is None
    assert scanner_of("tcp://[::1]:3310", False) == Scanner("tcp://[::1]:3310", required=False)


def test_every_upload_is_scanned_and_of_a_found_one_nothing_is_kept(
    office: Office, filed, person, clamd
):
    server, where = clamd()
    files = doors_of(office, {**load({}), "scanner": where}).files
    bad = samples.png(b"harmless test")
    files.upload_as_applicant(*filed, "id_proof", "a.png", PNG)
    for send in (
        lambda: files.upload_as_applicant(*filed, "id_proof", "b.png", bad),
        lambda: files.upload(person("clerk"), filed[0], "reply", "b.png", bad),
    ):
        with pytest.raises(BadInput) as caught:
            send()
        assert [one.message for one in caught.value.errors] == [FOUND]
    assert server.seen == [PNG, bad, bad] and counts(office) == (1, 1, 0)
    taken = files.send(person("clerk"), filed[0], "other", [Sent("b.png", bad), Sent("c.pdf", PDF)])
    assert [one.name for one in taken.files] == ["c.pdf"] and FOUND in taken.refused[0]


def test_by_default_nothing_is_asked_and_an_absent_scanner_stops_uploads(office, filed, person):
    assert doors_of(office, load({})).files.judge.scanner is None
    files = doors_of(office, {**load({}), "scanner": nobody()}).files
    with pytest.raises(BadInput) as caught:
        files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    assert [one.message for one in caught.value.errors] == [NOT_NOW] and counts(office)[0] == 0
    lenient = Files(
        office, most_megabytes=10, most_files=5, scanner=Scanner(nobody(), required=False)
    )
    assert lenient.upload(person("clerk"), filed[0], "other", "a.pdf", PDF).name == "a.pdf"
