"""How a good input is bent: by one seed always in the same way."""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

WORDS: tuple[str, ...] = (
    "", " ", "0", "-1", "1", "00", "007", "1e9", "-0", "+1", "1.5", "NaN", "Infinity", "null", "true", "[]", "{}",
    str(2**31 - 1), str(2**31), str(2**63 - 1), str(2**63), str(10**30), "9" * 5000, "-" + "9" * 400,
    "²", "½", "１２３", "٣٤", "一二三", "〇", "𠮷", "é", "e\u0301", "\u202e", "\u200b", "\ufeff", "\u0130", "\ud7ff",
    "\x00", "\x1b[31m", "\r\n", "\n\n\n", "a\r\nSet-Cookie: x=1", "\t", "\\", "/", "..", "../../etc/passwd", "//", "?", "#", "%", "%00",
    "%s%n", "{0}", "{{7*7}}", "${x}", "'", '"', "' OR 1=1 --", "<b>", "<script>", "&amp;", "]]>", "--", ";", "|",
    "2024-05-06", "2024-02-30", "0000-00-00", "9999-12-31", "1970-01-01", "2024-5-6", "20240506", "2024-05-06T00:00:00",
    "2050-12-31", "2051-01-01", "2024-0001", "2024-00001", "2024-9999999", "0-0", "-", "panlong", "nobody", "字" * 3000,
    "a" * 300, "a@b", "a@b\nBcc: c@d", "11010519491231002X", "绝密★", "on", "same", "{", "[", "\u2028", "x" * 65,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    *WORDS, None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, 10**30, 1.5, -0.0, 1e308, [], {}, [[]], [None], {"": None},
    {"a": {"b": {"c": [1]}}}, ["a"] * 50, [{}], {"on": "2024-05-06"},
)  # fmt: skip
BYTES: tuple[bytes, ...] = (
    b"", b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\x80", b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff",
    b"<", b">", b"&#0;", b"&x;", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"PK\x03\x04", b"%PDF-1.7\n", b"endobj", b"stream\r\n",
    b"9999999999", b"-1", b"\r\n\r\n", b"=?utf-8?b?//8=?=", b"\xc0\xaf", b"\xed\xa0\x80", b"{" * 200, b"[" * 2000, b"\"", b",,,,,",
    "合计".encode(), "绝密".encode(), "绝密".encode("gb18030"), "２".encode(),
)  # fmt: skip


def word(random: Random, known: str = "") -> str:
    """An odd text, or a known one bent a little."""
    if not known or random.random() < 0.6:
        return random.choice(WORDS)
    place = random.randrange(len(known) + 1)
    return random.choice(
        (
            known[:place],
            known[:place] + random.choice(WORDS) + known[place:],
            known[:place]
            + chr(random.choice((0, 9, 13, 127, 0x3000, 0xFF11, 0x20BB7)))
            + known[place:],
            known * random.randint(2, 40),
            known[::-1],
            known.swapcase(),
        )
    )


def tree(random: Random, known: Any, changes: int = 2) -> Any:
    """What JSON holds, with so many of its values exchanged, taken away or added."""
    bent = json.loads(json.dumps(known))
    for _ in range(changes):
        bent = _bent(random, bent)
    return bent


def _bent(random: Random, value: Any) -> Any:
    if isinstance(value, dict) and value and random.random() < 0.85:
        name = random.choice(sorted(value))
        return random.choice(
            (
                {**value, name: _bent(random, value[name])},
                {**value, name: _bent(random, value[name])},
                {**value, name: random.choice(VALUES)},
                {key: kept for key, kept in value.items() if key != name},
                {**value, word(random, name): value[name]},
            )
        )
    if isinstance(value, list) and value and random.random() < 0.85:
        place = random.randrange(len(value))
        one = [_bent(random, value[place])]
        return random.choice(
            (value[:place] + one + value[place + 1 :], value[:place] + value[place + 1 :], value + value[place:], value[::-1])
        )  # fmt: skip
    return (
        word(random, value)
        if isinstance(value, str) and random.random() < 0.5
        else random.choice(VALUES)
    )


def data(random: Random, known: bytes) -> bytes:
    """Bytes with a few changes; of a package also within its members."""
    if known.startswith(b"PK\x03\x04") and random.random() < 0.75:
        return package(random, known)
    for _ in range(random.choice((1, 1, 2, 5, 20))):
        known = random.choice(_CHANGES)(random, known)
    return known


def report(random: Random, known: bytes) -> bytes:
    """A report with a few changes: of its bytes, of what stands between its marks, of the order of its elements, of
    its values; of a package within its members, of a PDF also within its packed streams."""
    if known.startswith(b"{") and not known.startswith(b"{\\rtf") and random.random() < 0.6:
        return json.dumps(tree(random, json.loads(known), random.randint(1, 4))).encode()
    if known.startswith(b"%PDF-") and random.random() < 0.6:
        return _in_streams(random, known)
    if b"<" in known[:400] and not known.startswith(b"PK") and random.random() < 0.5:
        return random.choice((_in_markup, _moved))(random, known)
    return data(random, known)


_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def _in_streams(random: Random, known: bytes) -> bytes:
    """One packed stream bent and packed again. Its length and all places behind it are then wrong, which readers
    have to bear; half of the time the length is put right by spaces or a cut, so that the rest is found."""
    streams = list(_STREAM.finditer(known))
    if not streams:
        return data(random, known)
    chosen = random.choice(streams)
    try:
        inside = zlib.decompress(chosen[1])
    except zlib.error:
        return data(random, known)
    for _ in range(random.choice((1, 1, 2, 5, 20))):
        inside = random.choice(_CHANGES)(random, inside)
    packed = zlib.compress(inside)
    room = len(chosen[1])
    if random.random() < 0.5 and len(packed) <= room:
        packed = packed.ljust(room)
    return known[: chosen.start(1)] + packed + known[chosen.end(1) :]


_TAG = re.compile(rb"<[^<>]{1,200}>")


def _moved(random: Random, known: bytes) -> bytes:
    """A mark-up of which tags stand elsewhere, twice or not at all."""
    tags = list(_TAG.finditer(known))
    if not tags:
        return data(random, known)
    for _ in range(random.choice((1, 1, 3, 10))):
        one, other = random.choice(tags), random.choice(tags)
        piece = one[0] * random.choice((0, 1, 1, 2, 300))
        place = other.start() if other.start() < len(known) else 0
        known = known[:place] + piece + known[place + random.choice((0, 0, len(other[0]))) :]
    return known


def package(random: Random, known: bytes) -> bytes:
    """A package with one member bent, lost, doubled or named otherwise."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(known)) as there,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        names = there.namelist()
        chosen = random.choice(names)
        for name in names:
            content = there.read(name)
            if name != chosen:
                made.writestr(zipfile.ZipInfo(name), content)
                continue
            way = random.random()
            if way < 0.75:
                made.writestr(
                    zipfile.ZipInfo(name),
                    random.choice((_in_markup, _moved, data))(random, content),
                )
            elif way < 0.9:
                # zipfile writes no other characters into a name than these.
                said = (
                    word(random, name).replace("\x00", "").encode("utf-8", "ignore").decode()[:200]
                )
                made.writestr(zipfile.ZipInfo(said or "x"), content)
    return out.getvalue()


_MARK = re.compile(b'[">]')


def _in_markup(random: Random, known: bytes) -> bytes:
    """A value between quotes or marks exchanged: what is said, not how it is written."""
    marks = [mark.start() for mark in _MARK.finditer(known)]
    if not marks:
        return data(random, known)
    start = random.choice(marks) + 1
    end = min((found for found in (known.find(b'"', start), known.find(b"<", start)) if found >= 0), default=len(known))  # fmt: skip
    said = (
        word(random, known[start:end].decode("utf-8", "ignore"))
        .replace("<", "&lt;")
        .replace('"', "&quot;")
    )
    return known[:start] + said.encode("utf-8", "surrogatepass") + known[end:]


def _cut(random: Random, known: bytes) -> bytes:
    start = random.randrange(len(known) + 1)
    return known[:start] + known[start + random.choice((1, 2, 10, 200, len(known))) :]


def _put(random: Random, known: bytes) -> bytes:
    start = random.randrange(len(known) + 1)
    return known[:start] + random.choice(BYTES) + known[start:]


def _over(random: Random, known: bytes) -> bytes:
    start, said = random.randrange(len(known) + 1), random.choice(BYTES)
    return known[:start] + said + known[start + len(said) :]


def _flip(random: Random, known: bytes) -> bytes:
    if not known:
        return known
    start = random.randrange(len(known))
    return known[:start] + bytes([known[start] ^ (1 << random.randrange(8))]) + known[start + 1 :]


def _twice(random: Random, known: bytes) -> bytes:
    start = random.randrange(len(known) + 1)
    piece = known[start : start + random.choice((1, 8, 64, 512))]
    return known[:start] + piece * random.choice((2, 3, 30)) + known[start:]


_CHANGES: Sequence[Callable[[Random, bytes], bytes]] = (
    _cut,
    _put,
    _put,
    _over,
    _flip,
    _flip,
    _twice,
)
