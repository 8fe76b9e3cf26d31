"""A content sealed in chunks opens as it was written, whole, in its order, of its file, or not at all."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.store import sealed_stream
from workflow.store.key import AES, SM, Key
from workflow.store.sealed_stream import (
    BEGINS,
    OpeningReader,
    SealingWriter,
    Spoilt,
    read_header,
)

CHUNK = 8
SEALED = CHUNK + 16
KEYS = {cipher: Key(3, bytes(range(32)), cipher) for cipher in (AES, SM)}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_stream, "CHUNK", CHUNK)
    monkeypatch.setattr(sealed_stream, "_SEALED", SEALED)


def sealed(content: bytes, key: Key = KEYS[AES], pieces: int = 3) -> bytes:
    file = io.BytesIO()
    writer = SealingWriter(file, key, {"of": "甲"})
    for begin in range(0, len(content), pieces):
        writer.write(content[begin : begin + pieces])
    writer.finish()
    return file.getvalue()


def opened(file: bytes, key: Key = KEYS[AES]) -> bytes:
    return io.BufferedReader(OpeningReader(io.BytesIO(file), key), 5).read()


def parts(file: bytes) -> tuple[bytes, list[bytes]]:
    """What stands before the chunks, and these."""
    begin = file.index(b"\n", len(BEGINS)) + 1
    return file[:begin], [file[at : at + SEALED] for at in range(begin, len(file), SEALED)]


@pytest.mark.parametrize("cipher", (AES, SM))
@pytest.mark.parametrize("length", (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK))
def test_it_opens_as_it_was_written(cipher: str, length: int) -> None:
    content, key = bytes(range(length)), KEYS[cipher]
    file = sealed(content, key)
    assert opened(file, key) == content
    assert content[:4] not in file or length < 4
    assert len(parts(file)[1]) == max(1, -(-length // CHUNK))
    header = read_header(io.BytesIO(file))
    assert (header["of"], header["key"], header["cipher"]) == ("甲", 3, cipher)
    assert header["check"] == key.check_value()


def test_two_of_the_same_have_nothing_in_common_but_what_everybody_may_read() -> None:
    one, other = (parts(sealed(b"x" * 20))[1] for _ in range(2))
    assert all(a != b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("length", (0, 5, CHUNK, 3 * CHUNK))
def test_what_is_cut_off_anywhere_is_noticed(length: int) -> None:
    file = sealed(bytes(range(length)))
    for end in range(len(file)):
        with pytest.raises(Spoilt):
            opened(file[:end])


def test_every_byte_counts() -> None:
    file = sealed(bytes(range(20)))
    for place in range(len(file)):
        for bit in (1, 128):
            bent = bytearray(file)
            bent[place] ^= bit
            with pytest.raises((Spoilt, UnicodeDecodeError)):
                opened(bytes(bent))


def test_chunks_stay_in_their_places() -> None:
    begin, chunks = parts(sealed(bytes(range(4 * CHUNK))))
    _, others = parts(sealed(bytes(range(4 * CHUNK))))
    one, two, three, four = chunks
    for wrong in (
        [two, one, three, four],
        [one, two, four],
        [one, three, four],
        [one, two, three, four, four],
        [one, two, three],
        [one, two, three, four, b"x"],
        [one, others[1], three, four],
        [one, two, three, others[3]],
        [],
    ):
        with pytest.raises(Spoilt):
            opened(begin + b"".join(wrong))


def test_another_key_and_another_header_open_nothing() -> None:
    file = sealed(b"abc")
    for key in (Key(3, bytes(32)), Key(3, bytes(range(32)), SM)):
        with pytest.raises(Spoilt):
            opened(file, key)
    begin, chunks = parts(file)
    said = json.loads(begin[len(BEGINS) :])
    line = json.dumps({**said, "of": "乙"}, ensure_ascii=False).encode()
    with pytest.raises(Spoilt):
        opened(BEGINS + line + b"\n" + chunks[0])


@pytest.mark.parametrize(
    "file", (b"", b"PK\x03\x04", BEGINS, BEGINS + b"{", BEGINS + b"[]\n", BEGINS + b"x" * 20_000)
)
def test_what_is_none_is_said(file: bytes) -> None:
    with pytest.raises(Spoilt, match="开头"):
        read_header(io.BytesIO(file))


@given(st.lists(st.binary(max_size=40), max_size=8), st.integers(1, 40))
def test_however_it_is_written_and_read(pieces: list[bytes], size: int) -> None:
    file = io.BytesIO()
    writer = SealingWriter(file, KEYS[AES], {})
    for piece in pieces:
        assert writer.write(piece) == len(piece)
    writer.finish()
    file.seek(0)
    reader, found = io.BufferedReader(OpeningReader(file, KEYS[AES]), size), b""
    while piece := reader.read(size):
        found += piece
    assert found == b"".join(pieces)
