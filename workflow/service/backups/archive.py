"""A backup as one file: a store of SQLite, whatever the store in force lies on, and what it says of itself, sealed."""

import gzip
import hashlib
import io
import json
import os
import secrets
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from config.errors import in_chinese
from workflow.service.backups.told import CannotRestore
from workflow.store.key import Key
from workflow.store.key_folder import sync_folder
from workflow.store.sealed_stream import CHUNK, OpeningReader, SealingWriter, Spoilt, read_header

FORMAT = 1
ENDING = ".backup"
"""Of the name of such a file, as `gongkai backup` is told it in the docs and the worker gives it."""
STORE, MANIFEST = "store.db", "manifest.json"
_MANIFEST_MOST = 1 << 28
_SAYS = "gongkai backup"
_QUICK = 1
"""Of gzip: what is sealed does not get smaller, and the rest by most of what there is to win."""


@dataclass(frozen=True)
class Header:
    """What everybody can read of a backup without a key. revision: the shape of its store; key: the number of the key by
    which it opens; check: the check value of that key."""

    made_at: datetime
    version: str
    revision: str
    key: int
    check: str
    format: int


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. rows: by table; head: how far the chains went (a file of `gongkai head`), tables: by body and year
    the hash of tables 3 and 4, both None where the store had the shape of an earlier version; indexed: the index of terms
    is in it; lacking: files of which the content is not whole in it."""

    made_at: datetime
    version: str
    revision: str
    rows: Mapping[str, int]
    cases: int
    files: int
    lacking: int
    indexed: bool
    head: str | None
    tables: Mapping[str, str] | None

    def text(self, size: int, digest: str) -> bytes:
        """As it lies in the backup. size, digest: of the store."""
        said = {
            **vars(self),
            "made_at": self.made_at.isoformat(),
            "store": {"size": size, "sha256": digest},
        }
        return json.dumps(said, ensure_ascii=False).encode()


class _Hashing:
    """Reads or writes a file, and hashes what goes by."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest, self.size = file, hashlib.sha256(), 0

    def read(self, size: int) -> bytes:
        return self._seen(self.file.read(size))

    def write(self, content: bytes) -> None:
        self.file.write(self._seen(content))

    def _seen(self, content: bytes) -> bytes:
        self.digest.update(content)
        self.size += len(content)
        return content


# -- writing ----------------------------------------------------------------------------------------


def write_archive(place: Path, key: Key, store: Path, manifest: Manifest) -> None:
    """Write a backup into a new file for its owner alone, and read all of it again; it is on the disk then.

    Raises OSError, Spoilt where what was read is not what was written.
    """
    header = {
        _SAYS: FORMAT, "made_at": manifest.made_at.isoformat(), "version": manifest.version,
        "revision": manifest.revision,
    }  # fmt: skip
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        sealing = SealingWriter(file, key, header)
        with (
            gzip.GzipFile("", "wb", _QUICK, sealing, mtime=0) as packing,
            tarfile.open(
                mode="w|", fileobj=packing, format=tarfile.PAX_FORMAT, bufsize=CHUNK
            ) as tar,
            store.open("rb") as read,
        ):
            hashing = _Hashing(read)
            tar.addfile(_member(STORE, store.stat().st_size), hashing)  # type: ignore[arg-type]
            said = manifest.text(hashing.size, hashing.digest.hexdigest())
            tar.addfile(_member(MANIFEST, len(said)), io.BytesIO(said))
        sealing.finish()
        file.flush()
        os.fsync(file.fileno())
    if read_archive(place, key) != manifest:
        raise Spoilt("备份写出之后读回来不一样，请检查磁盘")


def _member(name: str, size: int) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.size, made.mode = size, 0o600
    return made


# -- reading ----------------------------------------------------------------------------------------


def header_of(place: Path) -> Header:
    """What a backup says to everybody. Raises CannotRestore."""
    try:
        with place.open("rb") as file:
            said = read_header(file)
        return Header(
            datetime.fromisoformat(said["made_at"]), str(said["version"]), str(said["revision"]),
            int(said["key"]), str(said["check"]), int(said[_SAYS]),
        )  # fmt: skip
    except OSError as error:
        raise CannotRestore(f"备份文件 {place} 无法读取（{in_chinese(error)}）") from error
    except (Spoilt, KeyError, TypeError, ValueError) as error:
        why = (
            str(error) if isinstance(error, Spoilt) else "不是 Gongkai 的备份文件，或者开头已经损坏"
        )
        raise CannotRestore(f"{place}：{why}") from error


def read_archive(place: Path, key: Key, into: Path | None = None) -> Manifest:
    """Read a whole backup, to its last byte; the store goes into a new file where one is named.

    Raises Spoilt where anything of it is not as it was written, OSError.
    """
    try:
        with place.open("rb", buffering=0) as raw, io.BufferedReader(raw, CHUNK) as file:
            opening = io.BufferedReader(OpeningReader(file, key), CHUNK)
            with gzip.GzipFile(fileobj=opening, mode="rb") as packed:
                found = _members(packed, into)  # type: ignore[arg-type]
                while packed.read(CHUNK):
                    pass  # what stands behind the last member is proved as well
            return found
    except (
        tarfile.TarError,
        zlib.error,
        EOFError,
        gzip.BadGzipFile,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise Spoilt("备份文件的内容不对") from error


def _members(packed: IO[bytes], into: Path | None) -> Manifest:
    size, digest, manifest = -1, "", None
    with tarfile.open(mode="r|", fileobj=packed, bufsize=CHUNK) as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None or member.name not in (STORE, MANIFEST):
                raise Spoilt("备份文件里有不认识的内容")
            if member.name == STORE:
                size, digest = _stored(content, into)
            elif member.size <= _MANIFEST_MOST:
                manifest = json.loads(content.read())
    if manifest is None or manifest["store"] != {"size": size, "sha256": digest}:
        raise Spoilt("备份文件里的库与清单不符")
    said = {name: manifest[name] for name in Manifest.__dataclass_fields__}
    return Manifest(**{**said, "made_at": datetime.fromisoformat(said["made_at"])})


def _stored(content: IO[bytes], into: Path | None) -> tuple[int, str]:
    with into.open("xb") if into else io.BytesIO() as file:
        hashing = _Hashing(file)
        while piece := content.read(CHUNK):
            if into is None:
                hashing._seen(piece)
            else:
                hashing.write(piece)
        if into is not None:
            file.flush()
            os.fsync(file.fileno())
    return hashing.size, hashing.digest.hexdigest()


# -- a file that is whole or not there ----------------------------------------------------------------


@contextmanager
def parts_of(*places: Path) -> Iterator[list[Path]]:
    """For each place a name beside it, to write to; nothing is left under these at the end. What an earlier work that was
    cut off left under such names is removed."""
    for place in places:
        for left in place.parent.glob(f".{_plain(place.name)}.????????????????.part"):
            left.unlink(missing_ok=True)
    parts = [place.with_name(f".{place.name}.{secrets.token_hex(8)}.part") for place in places]
    try:
        yield parts
    finally:
        for part in parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _plain(name: str) -> str:
    """For a pattern: a name that means itself."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def write_private(place: Path, content: bytes) -> None:
    """A new file for its owner alone, on the disk."""
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def publish(parts: list[Path], places: list[Path]) -> None:
    """Give the files their names, all or none of those that were not there before: the last one says that all is whole."""
    done: list[Path] = []
    try:
        for part, place in zip(parts, places, strict=True):
            new = not place.exists()
            os.replace(part, place)
            if new:
                done.append(place)
        sync_folder(places[-1].parent)
    except OSError:
        for place in done:
            place.unlink(missing_ok=True)
        raise
