"""A backup as a file: what it says to everybody, what it holds, and what is taken for none. No installation is needed."""

import gzip
import io
import json
import os
import stat
import tarfile
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from workflow.dates import SHANGHAI
from workflow.service.backups import archive
from workflow.service.backups.archive import (
    CHUNK,
    Manifest,
    header_of,
    parts_of,
    publish,
    read_archive,
    write_archive,
    write_private,
)
from workflow.service.backups.told import CannotRestore
from workflow.store.key import AES, Key
from workflow.store.sealed_stream import SealingWriter, Spoilt

KEY = Key(0, bytes(range(32))).next(AES)
AT = datetime(2026, 3, 4, 9, 30, tzinfo=SHANGHAI)
STORE, MANIFEST = "store.db", "manifest.json"
"""Of every backup that was ever written: they are not to be changed."""
ABOUT = Manifest(
    AT, "0.1.0", "0054", {"case": 6, "甲": 1}, 6, 1, 2, True, "{}", {"panlong 2026": "0"}
)
CONTENT = os.urandom(CHUNK + CHUNK // 2)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    place = tmp_path / "snapshot.db"
    place.write_bytes(CONTENT)
    return place


def members(manifest: object, *, content: bytes = CONTENT, **bent: Any) -> list[tuple[str, bytes]]:
    said = {
        **vars(ABOUT), "made_at": AT.isoformat(), "store": {"size": len(content), "sha256": sha256(content).hexdigest()},
    }  # fmt: skip
    return [
        (STORE, content),
        (MANIFEST, json.dumps({**said, **bent} if manifest is None else manifest).encode()),
    ]


def sealed(
    place: Path, files: list[tuple[str, bytes]], *, kind: bytes = tarfile.REGTYPE, **header: Any
) -> Path:
    """A backup file with whatever in it, as nobody but who has the key can make it."""
    said = {
        "gongkai backup": 1,
        "made_at": AT.isoformat(),
        "version": "0",
        "revision": "0",
        **header,
    }
    with place.open("wb") as file:
        sealing = SealingWriter(file, KEY, said)
        with (
            gzip.GzipFile("", "wb", 1, sealing) as packing,
            tarfile.open(mode="w|", fileobj=packing) as tar,
        ):
            for name, content in files:
                made = tarfile.TarInfo(name)
                made.size, made.type = len(content), kind
                tar.addfile(made, io.BytesIO(content))
        sealing.finish()
    return place


def test_what_is_written_is_read_as_it_was(tmp_path: Path, store: Path) -> None:
    place = tmp_path / "a.backup"
    write_archive(place, KEY, store, ABOUT)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    into = tmp_path / "into.db"
    assert read_archive(place, KEY, into) == read_archive(place, KEY) == ABOUT
    assert into.read_bytes() == CONTENT
    with pytest.raises(FileExistsError):
        write_archive(place, KEY, store, ABOUT)
    with pytest.raises(FileExistsError):
        read_archive(place, KEY, into)
    none = replace(ABOUT, head=None, tables=None, indexed=False, lacking=0)
    write_archive(tmp_path / "b.backup", KEY, store, none)
    assert read_archive(tmp_path / "b.backup", KEY) == none


def test_everybody_can_read_when_and_by_which_version_it_was_made(
    tmp_path: Path, store: Path
) -> None:
    place = tmp_path / "a.backup"
    write_archive(place, KEY, store, replace(ABOUT, made_at=AT.astimezone(UTC)))
    found = header_of(place)
    assert (found.made_at, found.version, found.revision) == (AT, "0.1.0", "0054")
    assert (found.key, found.check, found.format) == (1, KEY.check_value(), 1)


def test_one_that_reads_otherwise_than_it_was_written_is_none(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "read_archive", lambda *_: replace(ABOUT, cases=7))
    with pytest.raises(Spoilt, match="读回来不一样"):
        write_archive(tmp_path / "a.backup", KEY, store, ABOUT)


@pytest.mark.parametrize("lacks", ["made_at", "version", "revision"])
def test_a_header_that_lacks_something_is_none(tmp_path: Path, lacks: str) -> None:
    place = sealed(tmp_path / "a.backup", members(None))
    line = json.loads(place.read_bytes().split(b"\n")[1])
    del line[lacks]
    place.write_bytes(b"gongkai sealed 1\n" + json.dumps(line).encode() + b"\n")
    with pytest.raises(CannotRestore, match=r"a\.backup：不是 Gongkai 的备份文件"):
        header_of(place)


def test_why_a_header_cannot_be_read_is_said(tmp_path: Path) -> None:
    place = tmp_path / "a.backup"
    with pytest.raises(CannotRestore, match=r"a\.backup 无法读取（没有这个文件"):
        header_of(place)
    place.write_bytes(b"gongkai sealed 1\n{")
    with pytest.raises(CannotRestore, match=r"a\.backup：备份文件的开头已经损坏"):
        header_of(place)
    for bent in ({"made_at": "yesterday"}, {"gongkai backup": None}):
        with pytest.raises(CannotRestore, match="不是 Gongkai 的备份文件"):
            header_of(sealed(place, members(None), **bent))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "不符"),
        (members(None)[:1], "不符"),
        (members(None)[1:], "不符"),
        ([(STORE, CONTENT[:-1]), *members(None)[1:]], "不符"),
        ([(STORE, CONTENT[:-1] + b"x"), *members(None)[1:]], "不符"),
        ([*members(None), ("passwd", b"x")], "不认识"),
        ([(STORE, CONTENT), (MANIFEST, b"{")], "内容不对"),
        ([(STORE, CONTENT), (MANIFEST, b'"store"')], "内容不对"),
        (members({}), "内容不对"),
        (members({"store": {"size": len(CONTENT), "sha256": sha256(CONTENT).hexdigest()}}), "内容不对"),
        (members(None, made_at="yesterday"), "内容不对"),
    ],
)  # fmt: skip
def test_what_does_not_hold_what_it_says_is_spoilt(
    tmp_path: Path, files: list[tuple[str, bytes]], said: str
) -> None:
    with pytest.raises(Spoilt, match=said):
        read_archive(sealed(tmp_path / "a.backup", files), KEY)


def test_what_is_no_file_and_what_is_no_archive_is_spoilt(tmp_path: Path) -> None:
    with pytest.raises(Spoilt, match="不认识"):
        read_archive(sealed(tmp_path / "a.backup", [(STORE, b"")], kind=tarfile.DIRTYPE), KEY)
    for content in (b"", b"x" * 2000, gzip.compress(b"x" * 2000), gzip.compress(CONTENT)[:-9]):
        with (tmp_path / "b.backup").open("wb") as file:
            sealing = SealingWriter(file, KEY, {"gongkai backup": 1})
            sealing.write(content)
            sealing.finish()
        with pytest.raises(Spoilt, match="内容不对"):
            read_archive(tmp_path / "b.backup", KEY)


def test_a_manifest_that_fills_the_memory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = sealed(tmp_path / "a.backup", members(None))
    size = len(members(None)[1][1])
    monkeypatch.setattr(archive, "_MANIFEST_MOST", size)
    assert read_archive(place, KEY) == ABOUT
    monkeypatch.setattr(archive, "_MANIFEST_MOST", size - 1)
    with pytest.raises(Spoilt, match="不符"):
        read_archive(place, KEY)


def test_what_was_written_is_on_the_disk_before_anybody_relies_on_it(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup after which the power goes is whole."""
    synced: list[tuple[int, int]] = []

    def fsync(descriptor: int) -> None:
        found = os.fstat(descriptor)
        synced.append((found.st_ino, found.st_size))

    monkeypatch.setattr(archive.os, "fsync", fsync)
    place, into, keys = (tmp_path / name for name in ("a.backup", "into.db", "keys"))
    write_archive(place, KEY, store, ABOUT)
    read_archive(place, KEY, into)
    write_private(keys, b"secret")
    assert synced == [(one.stat().st_ino, one.stat().st_size) for one in (place, into, keys)]


# -- names ------------------------------------------------------------------------------------------------


def test_what_a_work_that_was_cut_off_left_of_this_file_goes_and_nothing_else(
    tmp_path: Path,
) -> None:
    place, other = tmp_path / "a[1]*?.backup", tmp_path / "b.backup"
    with parts_of(place, other) as parts:
        assert [part.parent for part in parts] == [tmp_path, tmp_path]
        assert [part.name.rsplit(".", 2)[0] for part in parts] == [
            f".{place.name}",
            f".{other.name}",
        ]
        assert all(len(part.name.split(".")[-2]) == 16 and part.suffix == ".part" for part in parts)
        left = {parts[0].with_name(f".{place.name}.0123456789abcdef.part")}
        stays = {
            tmp_path / name
            for name in (
                ".a1x.backup.0123456789abcdef.part", ".a[1]*?.backup.0123.part", "notes.part",
                ".c.backup.0123456789abcdef.part",
            )
        }  # fmt: skip
        for one in (*left, *stays, parts[0]):
            one.touch()
    assert set(tmp_path.iterdir()) == left | stays, "the own part goes at the end"
    with parts_of(place, other):
        assert set(tmp_path.iterdir()) == stays
    with pytest.raises(RuntimeError), parts_of(place) as parts:
        parts[0].touch()
        raise RuntimeError
    assert set(tmp_path.iterdir()) == stays


def test_a_private_file_is_its_owners_and_never_over_another(tmp_path: Path) -> None:
    place = tmp_path / "keys"
    write_private(place, b"secret")
    assert place.read_bytes() == b"secret" and stat.S_IMODE(place.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_private(place, b"other")
    assert place.read_bytes() == b"secret"


def test_names_are_given_in_their_order_and_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Any] = []
    plain = os.replace

    def named(part: Path, place: Path) -> None:
        done.append(place)
        plain(part, place)

    monkeypatch.setattr(archive.os, "replace", named)
    monkeypatch.setattr(archive, "sync_folder", done.append)
    places = [tmp_path / "a.backup.keys", tmp_path / "a.backup"]
    with parts_of(*places) as parts:
        for part in parts:
            part.touch()
        publish(parts, places)
    assert done == [*places, tmp_path]


def test_where_the_folder_cannot_be_written_down_what_is_new_goes_and_what_was_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(archive, "sync_folder", fails)
    places = [tmp_path / "a.backup.keys", tmp_path / "a.backup"]
    places[1].write_bytes(b"old")
    with parts_of(*places) as parts, pytest.raises(OSError, match="Input"):
        for part in parts:
            part.write_bytes(b"new")
        publish(parts, places)
    assert list(tmp_path.iterdir()) == [places[1]]
