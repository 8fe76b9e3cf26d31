"""Files of keys, and the names that a backup and its keys get: whole together or not at all. No store is needed."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from workflow.service.backups import archive, key_file
from workflow.service.backups.archive import ENDING, parts_of, publish
from workflow.service.backups.key_file import beside, keys_content, lay_keys, read_keys
from workflow.service.backups.restoring import find_keys
from workflow.service.backups.told import CannotRestore
from workflow.store.key import AES, SM, Key
from workflow.store.key_folder import KEY_FILE, VARIABLE, KeyFolder

BEFORE = Key(0, bytes(range(32, 64)))
NOW = BEFORE.next(AES)
WORDS = "十二个字的密码要记得住呢"


@pytest.fixture(autouse=True)
def no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_file, "_COST", (1 << 10, 8, 1))


def test_keys_are_read_as_they_were_written(tmp_path: Path, cheap: None) -> None:
    place = tmp_path / "a.backup.keys"
    place.write_bytes(keys_content((NOW, BEFORE)))
    assert read_keys(place) == (NOW, BEFORE)
    assert json.loads(place.read_text())["gongkai keys"] == 1
    assert bytes(range(32, 64)).hex() in place.read_text()
    sealed = keys_content((NOW, BEFORE), WORDS)
    assert (
        bytes(range(32, 64)).hex().encode() not in sealed
        and json.loads(sealed)["gongkai keys"] == 1
    )
    place.write_bytes(sealed)
    assert read_keys(place, lambda: WORDS) == (NOW, BEFORE)
    with pytest.raises(CannotRestore, match="密码不对"):
        read_keys(place, lambda: WORDS + "x")
    with pytest.raises(CannotRestore, match="--passphrase"):
        read_keys(place)


@pytest.mark.parametrize(
    "cost", [[1 << 10, 8], [1 << 10, 8, 1, 1], [1 << 30, 8, 1], [1 << 10, 1 << 20, 1]]
)
def test_what_a_spoilt_file_asks_of_the_machine_is_not_done(
    tmp_path: Path, cheap: None, cost: list[int]
) -> None:
    """Memory and time are told by the file: more than we ever write is not spent."""
    place = tmp_path / "a.backup.keys"
    said = json.loads(keys_content((NOW,), WORDS))
    said["passphrase"]["scrypt"] = cost
    place.write_text(json.dumps(said))
    with pytest.raises(CannotRestore, match="已经损坏"):
        read_keys(place, lambda: WORDS)


def test_keys_may_be_named_by_the_folder_in_which_they_are_kept(tmp_path: Path) -> None:
    file, safe = tmp_path / f"a{ENDING}", tmp_path / "safe"
    safe.mkdir()
    (safe / "a.backup.keys").write_bytes(keys_content((NOW, BEFORE)))
    (safe / "b.backup.keys").write_bytes(keys_content((BEFORE,)))
    found = find_keys(file, safe, tmp_path / "data")
    assert (found.keys, found.own) == ((NOW, BEFORE), False)
    with pytest.raises(CannotRestore, match=r"secret\.key"):
        find_keys(tmp_path / "c.backup", safe, tmp_path / "data")
    lay_keys(safe, (BEFORE,))
    assert find_keys(tmp_path / "c.backup", safe, tmp_path / "data").keys == (BEFORE,)
    assert find_keys(file, safe, tmp_path / "data").keys == (NOW, BEFORE)
    assert find_keys(file, None, safe).own


def test_keys_are_laid_where_none_are_and_never_over_others(tmp_path: Path) -> None:
    left = tmp_path / f".{KEY_FILE}.0123456789abcdef.part"
    left.write_bytes(b"half a key")
    assert [one.name for one in lay_keys(tmp_path, (NOW, BEFORE))] == [KEY_FILE, f"{KEY_FILE}.0"]
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir() if one != left}
    lay_keys(tmp_path, (NOW, BEFORE))
    with pytest.raises(CannotRestore, match="另一个密钥"):
        lay_keys(tmp_path, (NOW, Key(0, bytes(32))))
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir() if one != left} == before
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in tmp_path.iterdir() if one != left)


def test_files_get_their_names_together_or_none_of_them(tmp_path: Path, monkeypatch: Any) -> None:
    file = tmp_path / "a.backup"
    places = [beside(file), file]
    plain = os.replace

    def second_fails(part: Path, place: Path) -> None:
        if place == file:
            raise OSError(28, "No space left on device")
        plain(part, place)

    with parts_of(*places) as parts:
        for part in parts:
            part.write_bytes(b"x")
        monkeypatch.setattr(archive.os, "replace", second_fails)
        with pytest.raises(OSError, match="No space"):
            publish(parts, places)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    with parts_of(*places) as parts:
        for part in parts:
            part.write_bytes(b"x")
        publish(parts, places)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.backup", "a.backup.keys"]


def test_one_that_is_replaced_stays_where_its_successor_fails(
    tmp_path: Path, monkeypatch: Any
) -> None:
    file = tmp_path / "a.backup"
    places = [beside(file), file]
    for place in places:
        place.write_bytes(b"old")

    def fails(part: Path, place: Path) -> None:
        raise OSError(28, "No space left on device")

    with parts_of(*places) as parts:
        monkeypatch.setattr(archive.os, "replace", fails)
        with pytest.raises(OSError, match="No space"):
            publish(parts, places)
    assert [one.read_bytes() for one in places] == [b"old", b"old"]


def test_a_passphrase_that_is_tried_costs_what_is_told(monkeypatch: Any) -> None:
    """128 MB for every try (RFC 7914: 128 N r bytes), which a file may ask for."""
    asked: list[dict[str, Any]] = []

    def scrypt(_: bytes, **how: Any) -> bytes:
        asked.append(how)
        return bytes(how["dklen"])

    monkeypatch.setattr(key_file, "scrypt", scrypt)
    keys_content((NOW,), WORDS)
    (how,) = asked
    assert 128 * how["n"] * how["r"] == 128 * 1024 * 1024 <= how["maxmem"] and how["p"] == 1
    assert how["dklen"] == 32 and len(how["salt"]) == 16
    assert all(one <= most for one, most in zip(key_file._COST, key_file._COST_MOST, strict=True))


@pytest.mark.parametrize("key", [NOW, BEFORE.next(SM)])
def test_a_file_of_keys_is_sealed_as_its_keys_are(tmp_path: Path, cheap: None, key: Key) -> None:
    place = tmp_path / "k"
    place.write_bytes(keys_content((key, BEFORE), WORDS))
    said = json.loads(place.read_bytes())["passphrase"]
    assert (said["scrypt"], said["cipher"]) == ([1 << 10, 8, 1], key.cipher)
    assert (len(bytes.fromhex(said["salt"])), len(bytes.fromhex(said["nonce"]))) == (16, 12)
    again = json.loads(keys_content((key, BEFORE), WORDS))["passphrase"]
    assert said["salt"] != again["salt"] and said["nonce"] != again["nonce"]
    assert read_keys(place, lambda: WORDS) == (key, BEFORE)
    said["scrypt"] = [1 << 11, 8, 1]
    place.write_text(json.dumps({"gongkai keys": 1, "passphrase": said}))
    with pytest.raises(CannotRestore, match="密码不对"):
        read_keys(place, lambda: WORDS)


@pytest.mark.parametrize("cost", [(1 << 11, 8, 1), (1 << 10, 16, 1), (1 << 10, 8, 4)])
def test_what_a_later_version_asks_of_the_machine_is_done(
    tmp_path: Path, monkeypatch: Any, cost: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(key_file, "_COST", cost)
    place = tmp_path / "k"
    place.write_bytes(keys_content((NOW,), WORDS))
    monkeypatch.setattr(key_file, "_COST_MOST", cost)
    assert read_keys(place, lambda: WORDS) == (NOW,)
    for n, one in enumerate(cost):
        monkeypatch.setattr(key_file, "_COST_MOST", (*cost[:n], one - 1, *cost[n + 1 :]))
        with pytest.raises(CannotRestore, match="已经损坏"):
            read_keys(place, lambda: WORDS)


def test_keys_are_read_from_wherever_they_lie(tmp_path: Path) -> None:
    safe = tmp_path / "safe"
    lay_keys(safe, (NOW, BEFORE))
    assert read_keys(safe) == (NOW, BEFORE)
    assert read_keys(safe / KEY_FILE) == (NOW,)
    raw = tmp_path / KEY_FILE
    raw.write_bytes(BEFORE.secret)
    assert read_keys(raw) == (BEFORE,)
    for named, said in (
        (tmp_path / "none", "none 无法读取（没有这个文件"),
        (tmp_path / "k", "k 不完整：请用"),
    ):
        if named.name == "k":
            named.write_bytes(b"[1]")
        with pytest.raises(CannotRestore, match=said):
            read_keys(named)


def test_the_key_in_force_is_laid_last_and_what_was_cut_off_goes(
    tmp_path: Path, monkeypatch: Any
) -> None:
    """Until it lies there nobody takes the folder for one with keys."""
    laid: list[str] = []
    plain = KeyFolder.lay

    def lay(folder: KeyFolder, path: Path, content: bytes) -> Path:
        laid.append(path.name)
        return plain(folder, path, content)

    monkeypatch.setattr(KeyFolder, "lay", lay)
    data = tmp_path / "data"
    data.mkdir()
    (data / f".{KEY_FILE}.0123456789abcdef").write_bytes(b"half a key")
    assert lay_keys(data, (NOW, BEFORE)) == [data / KEY_FILE, data / f"{KEY_FILE}.0"]
    assert laid == [f"{KEY_FILE}.0", KEY_FILE]
    assert sorted(one.name for one in data.iterdir()) == [KEY_FILE, f"{KEY_FILE}.0"]
    (data / f"{KEY_FILE}.0").unlink()
    laid.clear()
    lay_keys(data, (NOW, BEFORE))
    assert laid == [f"{KEY_FILE}.0"], "what lies there is not written again"


def test_keys_of_somebody_else_are_named_before_anything_is_laid(
    tmp_path: Path, monkeypatch: Any
) -> None:
    lay_keys(tmp_path, (BEFORE,))
    with pytest.raises(CannotRestore, match=rf"{KEY_FILE} 不是备份时的密钥"):
        lay_keys(tmp_path, (NOW, Key(2, bytes(32))))
    with pytest.raises(CannotRestore, match=rf"{KEY_FILE} 是另一个密钥"):
        lay_keys(tmp_path, (NOW, Key(0, bytes(range(1, 33)))))
    (tmp_path / KEY_FILE).write_bytes(b"short")
    with pytest.raises(CannotRestore, match="不完整，没有恢复"):
        lay_keys(tmp_path, (BEFORE,))
    assert [one.name for one in tmp_path.iterdir()] == [KEY_FILE]
    empty = tmp_path / "empty"
    monkeypatch.setenv(VARIABLE, "pQ7vX2mK9rT4wZ8sL3nB6yH1")
    with pytest.raises(CannotRestore, match=f"{VARIABLE} 里是另一个密钥"):
        lay_keys(empty, (BEFORE,))
    assert not empty.exists()
    given = Key(0, b"pQ7vX2mK9rT4wZ8sL3nB6yH1")
    assert [one.name for one in lay_keys(empty, (NOW, given))] == [KEY_FILE, f"{KEY_FILE}.0"]
