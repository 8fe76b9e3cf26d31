"""What the logs say of a fault: its kind and the places in the program, never what was handled there.

The text of an exception quotes what it stumbled over: a database its values, a parser the line that it could not
read. A log is read by more people than a case and lies longer in more places, so the text stays out of it; kind,
file and line lead to the fault all the same.
"""

import logging
import sys
import threading
import time
import traceback
from types import TracebackType
from typing import Any

from workflow.store.dialect import code_of

AGAIN_SECONDS = 600
"""What goes on is said again after so long."""
TOLD = (ImportError, NameError, AttributeError)
"""Their texts name parts of the program, nothing that was handled."""
MOST_CAUSES = 10
_made = logging.LogRecord


class Seldom:
    """Lines of the log about a trouble that many meet one after the other: the first says it, and while it goes on one in
    ten minutes, with how many met it since."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._said: dict[str, float] = {}
        self._met: dict[str, int] = {}
        self._lock = threading.Lock()

    def warn(self, trouble: str, where: str) -> None:
        """where: what met it, in words without anything that was handled."""
        with self._lock:
            now = time.monotonic()
            met = self._met[trouble] = self._met.get(trouble, 0) + 1
            if now - self._said.get(trouble, -AGAIN_SECONDS) < AGAIN_SECONDS:
                return
            self._said[trouble], self._met[trouble] = now, 0
        more = f" ({met} times since this was said last)" if met > 1 else ""
        self._log.warning("%s: %s%s", where, trouble, more)


def in_places(error: BaseException | None) -> str:
    """A fault and what led to it, the first one first: of each its kind and the places, without texts."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(seen) < MOST_CAUSES:
        seen.add(id(error))
        places = traceback.format_tb(error.__traceback__)
        lines[:0] = [*places, f"{kind_of(error)}\n"]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "".join(lines).rstrip("\n")


def kind_of(error: BaseException) -> str:
    """What kind of fault it is, in a word; of the system's its own sentence, of the database's which kind it gave."""
    said = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, TOLD):
        return f"{said}: {error}"
    if isinstance(error, OSError) and error.strerror:
        return f"{said}: [{error.errno}] {error.strerror}"
    original = getattr(error, "orig", None)
    if isinstance(original, BaseException):
        return f"{said}: {type(original).__qualname__} {code_of(original)}".rstrip()
    return said


def without_values() -> None:
    """Let no log tell more of a fault than `in_places`. Whoever writes to a log in this process is held to it, the
    packages below included."""
    logging.setLogRecordFactory(_record)


def end_without_values() -> None:
    """The same, and for a program that a fault ends."""
    without_values()
    sys.excepthook = _ended


def _record(*said: Any, **more: Any) -> logging.LogRecord:
    record = _made(*said, **more)
    if record.exc_info:
        record.exc_text = in_places(record.exc_info[1])
        record.exc_info = None
    record.msg = _told(record.msg)
    if isinstance(record.args, tuple):
        record.args = tuple(_told(one) for one in record.args)
    return record


def _told(one: Any) -> Any:
    return kind_of(one) if isinstance(one, BaseException) else one


def _ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    print(in_places(error), file=sys.stderr)
