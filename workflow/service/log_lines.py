"""How lines of the log are written: plain or JSON, to the terminal or to a file that several processes share, each
with the number of the request to which it belongs.

The file is opened to append and every line is one write, so that lines of several processes stay whole. Before a
line the file is looked at: where it is another one by now (logrotate or another process has moved it away) it is opened
anew, so that nobody has to be told by a signal. Whoever finds it full moves it away under a lock on it.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any

from config.errors import in_chinese
from workflow.dates import SHANGHAI

try:
    import fcntl
except ImportError:  # Windows, where one process serves alone
    fcntl = None  # type: ignore[assignment]

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The number of the request that is answered now in this thread; empty outside of one."""
ACCESS = "gongkai.access"
"""The logger that has a line for every request."""
FIELDS = "fields"
"""Under this name a record carries what a line of JSON has beside the sentence: word → value."""
MEGABYTE = 1024 * 1024
OURS_ALONE = 0o600
SAY_SECONDS = 60
"""So often the terminal is told that the file cannot be written."""
PLAIN = "%(asctime)s %(levelname)s %(name)s%(request_in_words)s %(message)s"


def write_logs(settings: Mapping[str, Any], level: int = logging.WARNING) -> None:
    """Let the logs of this process go where the settings say. level: of what is written of everybody's lines; those of
    requests are asked for by a setting of their own. Where something takes the logs already, it goes on taking them.
    Raises OSError where the file cannot be opened."""
    file = str(settings["log_file"])
    handler: logging.Handler = (
        SharedFile(Path(file), settings["log_megabytes"] * MEGABYTE, settings["log_files"])
        if file
        else logging.StreamHandler()
    )
    handler.setFormatter(InJson() if settings["log_format"] == "json" else Plain(PLAIN))
    handler.addFilter(_with_request)
    logging.basicConfig(level=level, handlers=[handler])
    wanted = settings["access_log"] != "off"
    logging.getLogger(ACCESS).setLevel(logging.INFO if wanted else logging.WARNING)


def _with_request(record: logging.LogRecord) -> bool:
    number = REQUEST.get()
    vars(record).update(request=number, request_in_words=f" [{number}]" if number else "")
    return True


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, SHANGHAI).isoformat(timespec="milliseconds")


class Plain(logging.Formatter):
    """A line for people: when (time of China), how grave, who says it, the number of the request, what."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - of logging
        return _moment(record)


class InJson(logging.Formatter):
    """A line for programs: an object, a fault with its places under `fault`."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "at": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if request := getattr(record, "request", ""):
            said["request"] = request
        if record.exc_text:
            said["fault"] = record.exc_text
        said |= getattr(record, FIELDS, {})
        return json.dumps(said, ensure_ascii=False, default=str)


class SharedFile(logging.Handler):
    """A file to which several processes append. most: bytes after which it is moved away, 0: never by us; keep: how
    many of those that were moved away stay (`.1` is the latest)."""

    def __init__(self, path: Path, most: int = 0, keep: int = 1) -> None:
        super().__init__()
        self.path, self.most, self.keep = path, most, keep
        self._file = -1
        self._say_at = -float("inf")
        os.close(self._opened())  # a folder that is not there is told at the start

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = (self.format(record) + "\n").encode("utf-8", "backslashreplace")
            self._look(len(line))
            _write_whole(self._file, line)
        except OSError as error:
            self._complain(error)
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        self._let_go()
        super().close()

    def _opened(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OURS_ALONE)

    def _let_go(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _look(self, more: int) -> None:
        """Have the file open that bears the name now, with room for so many bytes."""
        if not self._is_there():
            self._let_go()
            self._file = self._opened()
        if self.most and 0 < self.most - more < os.fstat(self._file).st_size:
            self._move_away(more)

    def _is_there(self) -> bool:
        if self._file < 0:
            return False
        try:
            return _same(os.stat(self.path), os.fstat(self._file))
        except FileNotFoundError:
            return False

    def _move_away(self, more: int) -> None:
        # Opened anew: a lock belongs to what was opened, and a child shares what its parent had opened.
        lock = self._opened()
        try:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            found = os.fstat(lock)
            # Who was quicker has moved it: then the name is another file's, or nobody's for a moment.
            if self._bears_the_name(found) and found.st_size > self.most - more:
                self._let_go()
                for number in range(self.keep - 1, 0, -1):
                    if self._moved(number).exists():
                        os.replace(self._moved(number), self._moved(number + 1))
                if fcntl is None:
                    os.close(lock)
                    lock = -1
                os.replace(self.path, self._moved(1))
        finally:
            if lock >= 0:
                os.close(lock)
        self._let_go()
        self._file = self._opened()

    def _bears_the_name(self, found: os.stat_result) -> bool:
        try:
            return _same(os.stat(self.path), found)
        except FileNotFoundError:
            return False

    def _moved(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")

    def _complain(self, error: OSError) -> None:
        if time.monotonic() >= self._say_at:
            self._say_at = time.monotonic() + SAY_SECONDS
            print(f"日志文件 {self.path} 无法写入：{in_chinese(error)}", file=sys.stderr)


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)


def _write_whole(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]
