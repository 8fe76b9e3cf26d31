"""A scanner for harmful files beside the program: clamd, asked over its socket (INSTREAM).

Only what has passed `workflow.files.checked` is sent there, and nothing of it is logged.
"""

import contextlib
import logging
import re
import socket
import struct
from dataclasses import dataclass

from config.errors import BadSetting
from workflow.files import BadContent

SECONDS_MOST = 30.0
"""How long one answer may take: clamd reads a file of 10 MB in a second or two."""
_PIECE = 64 * 1024
_ANSWER_MOST = 4096
_ADDRESS = re.compile(r"tcp://(?P<host>\[[^\]]+\]|[^:/]+):(?P<port>\d{1,5})|unix:(?P<path>/.+)")
FOUND = "安全扫描认为文件有害，没有保存。请检查电脑，换一份干净的文件再上传"
NOT_NOW = "暂时无法检查文件，没有保存，请稍后再试"
TOO_LARGE = "文件超过安全扫描能检查的大小，没有保存，请压缩或者分开上传"

_log = logging.getLogger(__name__)


class _Unanswered(Exception):
    """The scanner said nothing that can be understood; the text tells the operator why."""


@dataclass(frozen=True)
class Scanner:
    """clamd at an address. required: what cannot be scanned is not taken; else it is, and logged."""

    address: str
    required: bool = True
    seconds: float = SECONDS_MOST

    def ask(self, content: bytes) -> None:
        """Raises BadContent for a harmful file, one too large for the scanner and, if the scanner is
        required, one that could not be looked at."""
        try:
            answer = self._answer(content)
            if answer.endswith(" FOUND"):
                raise BadContent(FOUND)
            if "size limit exceeded" in answer:
                if self.required:
                    raise BadContent(TOO_LARGE)
            elif not answer.endswith(": OK"):
                raise _Unanswered("an answer that is neither OK nor FOUND")
        except (OSError, _Unanswered) as error:
            _log.warning("the scanner at %s cannot be asked: %s", self.address, str(error))
            if self.required:
                raise BadContent(NOT_NOW) from error

    def _answer(self, content: bytes) -> str:
        with self._connected() as line:
            # clamd may answer and hang up in the middle of a file that is too large for it.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                line.sendall(b"zINSTREAM\0")
                for place in range(0, len(content), _PIECE):
                    piece = content[place : place + _PIECE]
                    line.sendall(struct.pack(">I", len(piece)) + piece)
                line.sendall(struct.pack(">I", 0))
            said = b""
            while not said.endswith(b"\0") and len(said) < _ANSWER_MOST:
                more = line.recv(_ANSWER_MOST)
                if not more:
                    break
                said += more
        if not said:
            raise _Unanswered("it hung up without an answer")
        return said.rstrip(b"\0\r\n").decode("utf-8", "replace")

    def _connected(self) -> socket.socket:
        found = _ADDRESS.fullmatch(self.address)
        assert found, self.address
        if found["path"]:
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(self.seconds)
            try:
                line.connect(found["path"])
            except OSError:
                line.close()
                raise
            return line
        host = found["host"].strip("[]")
        return socket.create_connection((host, int(found["port"])), self.seconds)


def scanner_of(address: str, required: bool) -> Scanner | None:
    """The scanner of the settings; None where none is set. Raises BadSetting for a bad address."""
    if not address:
        return None
    found = _ADDRESS.fullmatch(address)
    if found is None or (found["port"] and not 0 < int(found["port"]) < 65536):
        raise BadSetting(
            f"scanner 须形如 tcp://127.0.0.1:3310 或者 unix:/run/clamav/clamd.ctl，现为 {address!r}"
        )
    return Scanner(address, required)
