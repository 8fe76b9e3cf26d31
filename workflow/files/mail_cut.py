"""A mail without some of what hangs on it: in the place of each stands what it was and why it is not there.

Everything else stays byte by byte as it came, its header above all, which proves when the mailbox took it (decision 36).
"""

import re
from base64 import encodebytes
from collections.abc import Mapping

from workflow.files.mail import Hanging

_HEAD = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
_LINE = re.compile(rb"[^\n]*\n")
_OF_CONTENT = re.compile(rb"content-", re.IGNORECASE)


def without(data: bytes, hanging: tuple[Hanging, ...], said: Mapping[int, str]) -> bytes | None:
    """The mail with words in the place of some of what hangs on it.

    hanging: all of it, in its order (`read_mail`); said: by the place in that order, what is said instead. None where
    the bytes of one are not found in the mail.
    """
    found: list[bytes] = []
    here = seen = 0
    for place, one in enumerate(hanging):
        begins = _place_of(data, one.raw, seen)
        if begins is None:
            if place in said:
                return None
            continue
        seen = begins + len(one.raw)
        if place in said:
            first = _head_of(data, begins)
            found += [data[here:first], _kept(data[first:begins]), _words(said[place])]
            here = seen
    return b"".join([*found, data[here:]])


def _place_of(data: bytes, raw: bytes, first: int) -> int | None:
    """Where the bytes stand behind the empty line of a header."""
    while raw and (first := data.find(raw, first)) >= 0:
        if data[:first].endswith((b"\n\n", b"\n\r\n")):
            return first
        first += 1
    return None


def _head_of(data: bytes, begins: int) -> int:
    """Where the header begins that ends before a place: behind a boundary, an empty line, or at the beginning."""
    first = data.rfind(b"\n", 0, begins - 2) + 1
    while first > 0:
        before = data.rfind(b"\n", 0, first - 1) + 1
        line = data[before:first].strip()
        if not line or line.startswith(b"--"):
            return first
        first = before
    return 0


def _kept(head: bytes) -> bytes:
    """Of a header the lines that say nothing of what stood there."""
    kept: list[bytes] = []
    goes = False
    for line in _LINE.findall(head):
        if not line.startswith((b" ", b"\t")):
            goes = _OF_CONTENT.match(line) is not None or not line.strip()
        if not goes:
            kept.append(line)
    return b"".join(kept) + (_HEAD.replace(b"\n", b"\r\n") if b"\r\n" in head else _HEAD)


def _words(said: str) -> bytes:
    return encodebytes(said.encode()).rstrip(b"\n")
