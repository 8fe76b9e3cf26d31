"""A content of any length, sealed in chunks: what was cut off, exchanged, put elsewhere or bent is noticed, and no more
than a chunk is in memory.

A file: BEGINS, a line of JSON that everybody can read (the header), then chunks. Each is sealed with a key of this file
alone, which follows from a key of the installation and the header, under the number of the chunk and whether it is the
last one: so a chunk opens in its place of its file, and the file in no other length.
"""

import io
import json
import secrets
from typing import Any, BinaryIO

from workflow.store.key import Key, gcm, hashed

BEGINS = b"gongkai sealed 1\n"
CHUNK = 1 << 20
"""Bytes of a chunk before it is sealed; the last one may have fewer."""
_TAG = 16
_SEALED = CHUNK + _TAG
_HEADER_MOST = 8192
_MOST_CHUNKS = 1 << 32
PURPOSE = "backup"
_NONCE = 7


class Spoilt(Exception):
    """It is not whole, or not what was sealed. The message is in Chinese."""


def _nonce(number: int, *, last: bool) -> bytes:
    if number >= _MOST_CHUNKS:
        raise Spoilt("内容太长")
    return bytes(_NONCE) + number.to_bytes(4, "big") + bytes([last])


def _of_file(key: Key, line: bytes) -> tuple[Any, Any]:
    return gcm(key.cipher, hashed(key.cipher, key.key(PURPOSE), line))


class SealingWriter(io.RawIOBase):
    """Seals what is written to it; whole once it was closed without an error. `header`: what everybody may read."""

    def __init__(self, to: BinaryIO, key: Key, header: dict[str, Any]) -> None:
        self._to, self._left, self._number = to, bytearray(), 0
        said = {**header, "key": key.number, "cipher": key.cipher, "check": key.check_value()}
        line = json.dumps({**said, "salt": secrets.token_hex(16)}, ensure_ascii=False).encode()
        assert len(line) < _HEADER_MOST
        self._seal, _ = _of_file(key, line)
        to.write(BEGINS + line + b"\n")

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._left += content
        while len(self._left) > CHUNK:
            self._put(bytes(self._left[:CHUNK]), last=False)
            del self._left[:CHUNK]
        return len(content)

    def finish(self) -> None:
        """Write the last chunk: without it nobody takes the file for whole."""
        self._put(bytes(self._left), last=True)
        self._left.clear()

    def _put(self, content: bytes, *, last: bool) -> None:
        self._to.write(self._seal(_nonce(self._number, last=last), content, b""))
        self._number += 1


def read_header(file: BinaryIO) -> dict[str, Any]:
    """What everybody can read of a file; it is proved once a chunk was opened. Raises Spoilt."""
    return _header(file)[0]


def _header(file: BinaryIO) -> tuple[dict[str, Any], bytes]:
    if file.read(len(BEGINS)) != BEGINS:
        raise Spoilt("不是 Gongkai 的备份文件，或者开头已经损坏")
    line = file.readline(_HEADER_MOST)
    try:
        header = json.loads(line)
        if not line.endswith(b"\n") or not isinstance(header, dict):
            raise ValueError
    except ValueError:
        raise Spoilt("备份文件的开头已经损坏") from None
    return header, line[:-1]


class OpeningReader(io.RawIOBase):
    """Opens what `SealingWriter` sealed. Raises Spoilt where it is not as it was written; the end is told only where it is
    the end."""

    def __init__(self, file: BinaryIO, key: Key) -> None:
        self._file, self._number, self._over = file, 0, False
        self.header, line = _header(file)
        _, self._open = _of_file(key, line)
        self._ahead = file.read(_SEALED)
        self._opened = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._opened and not self._over:
            self._next()
        size = min(len(buffer), len(self._opened))
        buffer[:size] = self._opened[:size]
        self._opened = self._opened[size:]
        return size

    def _next(self) -> None:
        from cryptography.exceptions import InvalidTag

        sealed, self._ahead = self._ahead, self._file.read(_SEALED)
        self._over = not self._ahead
        try:
            nonce = _nonce(self._number, last=self._over)
            opened = self._open(nonce, sealed, b"") if len(sealed) >= _TAG else None
        except InvalidTag:
            opened = None
        if opened is None:
            raise Spoilt(f"备份文件已经损坏、被改动或者不完整（第 {self._number + 1} 段打不开）")
        self._opened = memoryview(opened)
        self._number += 1
