"""Where the keys lie: who may read them, which of them counts, and what is refused with a sentence."""

import json
import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from workflow.store import key_folder
from workflow.store.key import AES, SM, Key
from workflow.store.key_folder import KeyFolder, WrongKey, make_folder, too_open, weak, written
from workflow.store.sealed import Secrets

GOOD = "kq7WdRz0vXn3TfYbLs8c"


@pytest.fixture(autouse=True)
def _no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_SECRET", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def umask() -> Iterator[None]:
    """Whoever starts it lets everybody read what it makes."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# -- making -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("umask")
def test_the_key_and_its_folder_are_for_their_owner_alone(folder: Path) -> None:
    place = KeyFolder(folder / "below")
    (key,) = place.keys()
    assert len(key.secret) == 32 and (key.number, key.cipher) == (0, AES)
    assert place.path.read_bytes() == key.secret
    assert (mode(place.path), mode(folder / "below")) == (0o600, 0o700)
    assert os.listdir(folder / "below") == ["secret.key"]
    assert not too_open(place.path)
    place.path.chmod(0o640)
    assert too_open(place.path)
    place.path.chmod(0o604)
    assert too_open(place.path)


@pytest.mark.usefixtures("umask")
def test_later_keys_are_for_their_owner_alone_too(folder: Path) -> None:
    place = KeyFolder(folder)
    (now,) = place.keys()
    new = now.next(AES)
    place.prepare(new)
    earlier = place.take(now, new)
    assert [path.name for path in place.files()] == ["secret.key", "secret.key.0"]
    assert {mode(path) for path in place.files()} == {0o600}
    assert earlier == folder / "secret.key.0" and place.read() == (new, now)
    assert sorted(os.listdir(folder)) == ["secret.key", "secret.key.0"]


def test_a_folder_that_is_there_stays_as_it_is(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    make_folder(folder)
    assert mode(folder) == 0o755


def test_a_first_key_of_the_other_kind_says_so(folder: Path) -> None:
    (key,) = KeyFolder(folder, SM).keys()
    assert (key.number, key.cipher, len(key.secret)) == (0, SM, 32)
    assert KeyFolder(folder, AES).keys() == (key,)


def test_of_many_that_begin_at_once_one_makes_the_key(folder: Path) -> None:
    found: list[tuple[Key, ...]] = []
    begin = threading.Barrier(12)

    def start() -> None:
        begin.wait()
        found.append(KeyFolder(folder).keys())

    threads = [threading.Thread(target=start) for _ in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 12 and all(one == found[0] for one in found)
    assert os.listdir(folder) == ["secret.key"]


# -- what is refused --------------------------------------------------------------------------------

SPOILT = {
    "empty": b"",
    "short": b"0123456789abcde",
    "zeros, as a disk that lost its power leaves them": bytes(32),
    "few different bytes": b"abcdefg" * 6,
    "half of a later one": b'{"gongkai key": 1, "cipher": "aes"',
    "no kind": b'{"gongkai key": 0, "secret": "' + b"00" * 32 + b'"}',
    "no kind of ours": json.dumps(
        {"gongkai key": 0, "cipher": "des", "secret": "00" * 32}
    ).encode(),
    "short secret": json.dumps({"gongkai key": 0, "cipher": "aes", "secret": "00" * 15}).encode(),
    "no digits": json.dumps({"gongkai key": 0, "cipher": "aes", "secret": "xy" * 32}).encode(),
    "a later one that carries nothing on": json.dumps(
        {"gongkai key": 1, "cipher": "aes", "secret": "00" * 32}
    ).encode(),
    "a list": b'{"gongkai key": [1], "cipher": "aes", "secret": "' + b"00" * 32 + b'"}',
}


@pytest.mark.parametrize(("name", "spoilt"), [
    *(("secret.key", one) for one in SPOILT), *(("secret.key.0", one) for one in SPOILT if one != "short secret"),
])  # fmt: skip
def test_a_spoilt_file_is_named_and_stays_as_it_is(folder: Path, name: str, spoilt: str) -> None:
    content = SPOILT[spoilt]
    KeyFolder(folder).keys()
    (folder / name).write_bytes(content)
    with pytest.raises(WrongKey, match=rf"{name}.*不完整，没有启动"):
        KeyFolder(folder).keys()
    assert (folder / name).read_bytes() == content


def test_a_weak_secret_may_be_an_earlier_key_but_not_the_one_in_force(folder: Path) -> None:
    place = KeyFolder(folder)
    place.keys()
    earlier = place.beside(0)
    earlier.write_bytes(written(Key(0, b"weak")))
    assert place.read()[0].number == 0
    place.path.write_bytes(earlier.read_bytes())
    with pytest.raises(WrongKey):
        place.read()


def test_sixteen_bytes_are_enough(folder: Path) -> None:
    folder.mkdir()
    (folder / "secret.key").write_bytes(bytes(range(8)) * 2)
    assert KeyFolder(folder).keys()[0].secret == bytes(range(8)) * 2


def test_a_secret_drawn_by_chance_may_begin_as_text_does(folder: Path) -> None:
    folder.mkdir()
    drawn = b'{"' + bytes(range(30))
    (folder / "secret.key").write_bytes(drawn)
    assert KeyFolder(folder).keys() == (Key(0, drawn),)


def test_a_later_key_that_lost_a_code_key_is_spoilt(folder: Path) -> None:
    folder.mkdir()
    second = Key(0, os.urandom(32)).next(AES)
    (folder / "secret.key").write_bytes(written(second))
    assert KeyFolder(folder).keys() == (second,)
    said = json.loads(written(second))
    for lost in (
        {"codes": {}},
        {"lasting": {**said["lasting"], "forms": "xx"}},
        {"codes": {"0": ["aes"]}},
    ):
        (folder / "secret.key").write_bytes(json.dumps(said | lost).encode())
        with pytest.raises(WrongKey):
            KeyFolder(folder).keys()


def test_a_file_that_cannot_be_read_is_said(folder: Path) -> None:
    folder.mkdir()
    (folder / "secret.key").mkdir()
    with pytest.raises(WrongKey, match=r"无法读取.*所有者和权限"):
        KeyFolder(folder).keys()


def test_an_empty_variable_is_not_taken_for_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_SECRET", "")
    with pytest.raises(WrongKey, match="GONGKAI_SECRET 是空的"):
        KeyFolder(folder).keys()
    assert not folder.exists()
    monkeypatch.delenv("GONGKAI_SECRET")
    made = KeyFolder(folder).keys()
    monkeypatch.setenv("GONGKAI_SECRET", "")
    assert KeyFolder(folder).keys() == made


@pytest.mark.parametrize(
    "secret",
    [
        "short", "x" * 40, "abcabcabcabcabcabcabc", "1234567890123456", "0123456789abcdef", "change-me-please-change-me",
        "your-secret-key-here-please", "gongkai-gongkai-gongkai", "Password1Password1", "correct-secret-ab12",
        "qwertyuiop1234567890", "密钥密钥密钥密钥", "kq7WdRz0vXn3Tf",
    ],
)  # fmt: skip
def test_a_weak_secret_is_refused_with_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    assert weak(secret)
    monkeypatch.setenv("GONGKAI_SECRET", secret)
    with pytest.raises(WrongKey, match=r"太弱.*gongkai key rotate") as told:
        KeyFolder(folder).keys()
    assert secret not in str(told.value)
    assert KeyFolder(folder, weak=True).keys()[0].secret == secret.encode()


@pytest.mark.parametrize("secret", [GOOD, "5f2a9c1be07d4c38a6e1", "another secret of some length"])
def test_a_good_secret_is_taken(folder: Path, monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("GONGKAI_SECRET", secret)
    assert KeyFolder(folder).keys() == (Key(0, secret.encode()),)
    assert KeyFolder(folder, AES, given=SM).keys() == (Key(0, secret.encode(), SM),)
    assert not folder.exists()


# -- which one counts -------------------------------------------------------------------------------


def test_a_key_of_the_environment_beside_another_one_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = KeyFolder(folder)
    (in_file,) = place.keys()
    assert place.differs() is None and not place.shadowed() and not place.is_given(in_file)
    monkeypatch.setenv("GONGKAI_SECRET", GOOD)
    assert place.keys()[0].secret == GOOD.encode()
    told = place.differs()
    assert told is not None and "两个不同的密钥，使用的是环境变量" in told and place.shadowed()
    place.path.write_bytes(GOOD.encode())
    assert place.differs() is None and not place.shadowed()
    assert place.is_given(place.keys()[0])


def test_an_earlier_key_in_the_environment_does_not_count_any_more(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_SECRET", GOOD)
    place = KeyFolder(folder)
    (now,) = place.keys()
    new = now.next(AES)
    place.prepare(new)
    place.take(now, new)
    assert place.read() == (new, now) and not place.shadowed()
    told = place.differs()
    assert told is not None and "以前的密钥" in told and "删去这个变量" in told
    monkeypatch.delenv("GONGKAI_SECRET")
    assert place.read() == (new, now) and place.differs() is None


def test_the_environment_may_give_what_the_file_of_a_later_key_says(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = Key(0, os.urandom(32)).next(SM)
    monkeypatch.setenv("GONGKAI_SECRET", written(second).decode())
    assert KeyFolder(folder).keys() == (second,)
    monkeypatch.setenv("GONGKAI_SECRET", written(second).decode()[:50])
    with pytest.raises(WrongKey, match=r"GONGKAI_SECRET.*不完整"):
        KeyFolder(folder).keys()


def test_a_key_in_force_that_went_is_not_made_anew_where_earlier_ones_lie(folder: Path) -> None:
    place = KeyFolder(folder)
    (now,) = place.keys()
    place.prepare(now.next(AES))
    place.path.unlink()
    with pytest.raises(WrongKey, match=r"没有找到密钥文件 .*secret\.key"):
        place.read()


def test_other_files_beside_it_are_no_keys(folder: Path) -> None:
    place = KeyFolder(folder)
    place.keys()
    for name in ("secret.key.bak", "secret.key.12345", "secret.key.1~", "secret.keys"):
        (folder / name).write_bytes(b"")
    assert place.files() == [place.path] and len(place.read()) == 1


# -- what changes while it is used -----------------------------------------------------------------


def rotated(place: KeyFolder) -> Key:
    now = place.read()[0]
    new = now.next(place.cipher)
    place.prepare(new)
    place.take(now, new)
    return new


def test_a_process_notices_a_new_key_at_once(folder: Path) -> None:
    keys = Secrets.of_folder(folder)
    old = keys.seal({"a": 1}, "x")
    other = Secrets.of_folder(folder)
    new = rotated(KeyFolder(folder))
    assert keys.now == new and keys.numbers == [1, 0]
    assert keys.open(other.seal({"a": 2}, "x"), "x") == {"a": 2}
    assert keys.open(old, "x") == {"a": 1}
    assert [one.now.number for one in keys.each()] == [1, 0]


def test_a_coming_key_opens_before_it_is_used(folder: Path) -> None:
    keys = Secrets.of_folder(folder)
    coming = keys.now.next(AES)
    KeyFolder(folder).prepare(coming)
    assert keys.now.number == 0 and keys.numbers == [0, 1]
    sealed = Secrets([coming]).seal({"a": 1}, "x")
    assert keys.open(sealed, "x") == {"a": 1}


def test_a_folder_that_did_not_change_is_not_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = Secrets.of_folder(folder)
    time.sleep(2 * key_folder._SETTLED)
    keys.digest("x", "y")

    def read(self: KeyFolder) -> tuple[Key, ...]:
        raise AssertionError("read again")

    monkeypatch.setattr(KeyFolder, "read", read)
    keys.digest("x", "y")
    with pytest.raises(AssertionError):
        (folder / "new").write_text("")
        keys.digest("x", "y")


def test_a_folder_that_has_just_changed_is_looked_at_again(folder: Path) -> None:
    """Of two changes within a tick of the clock the second one has the time of the first."""
    place = KeyFolder(folder)
    place.keys()
    assert place.changed()
    time.sleep(2 * key_folder._SETTLED)
    place.read()
    assert not place.changed()
    os.replace(place.lay(folder / "secret.key.7", b"x"), place.path)
    assert place.changed()


SPOILING = {
    "gone": lambda folder: (folder / "secret.key").unlink(),
    "cut off": lambda folder: (folder / "secret.key").write_bytes(b"x"),
    "another": lambda folder: (folder / "secret.key").write_bytes(os.urandom(32)),
    "the one before": lambda folder: os.replace(folder / "secret.key.0", folder / "secret.key"),
}


@pytest.mark.parametrize("spoil", SPOILING)
def test_who_spoils_the_folder_stops_nobody_in_the_middle_of_the_work(
    folder: Path, spoil: str
) -> None:
    keys = Secrets.of_folder(folder)
    new = rotated(KeyFolder(folder))
    old = Secrets([keys.numbered(0) or new]).seal({"a": 0}, "x")
    sealed = keys.seal({"a": 1}, "x")
    SPOILING[spoil](folder)
    assert keys.now == new and keys.numbers == [1, 0]
    assert keys.open(sealed, "x") == {"a": 1} and keys.open(old, "x") == {"a": 0}


def test_what_names_a_key_that_is_nowhere_does_not_open(folder: Path) -> None:
    from cryptography.exceptions import InvalidTag

    keys = Secrets.of_folder(folder)
    stranger = Secrets([Key(5, os.urandom(32))])
    with pytest.raises(InvalidTag):
        keys.open(stranger.seal({}, "x"), "x")
    assert keys.numbered(5) is None and Secrets.throwaway().numbered(1) is None
    with pytest.raises(InvalidTag):
        stranger.open(keys.seal({}, "x"), "x")
    with pytest.raises(InvalidTag):
        Secrets([Key(0, os.urandom(32), SM)]).open(keys.seal({}, "x"), "x")
