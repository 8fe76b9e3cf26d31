"""Where the keys lie: `secret.key` in force, earlier and coming ones beside it, or GONGKAI_SECRET."""

import json
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.errors import BadSetting, in_chinese
from workflow.store.key import AES, CIPHERS, LASTING, CodeKey, Key

KEY_FILE = "secret.key"
VARIABLE = "GONGKAI_SECRET"
FEWEST_BYTES = 16
FEWEST_DIFFERENT = 8
_SETTLED = 0.05
"""Seconds after which a change of the folder has another time than the one before, on any file system in use."""
_COMMON = re.compile(
    r"change|replace|please|your|secret|key|password|passwd|gongkai|example|sample|default|admin|test|demo"
    r"|letmein|welcome|qwerty|asdfgh|zxcvbn|abcdef\w*|0123456789|1234567890?|9876543210?|[^a-z0-9]+"
    r"|秘密|密钥|密码|公开"
)
_BEGINS = '{"gongkai key"'
"""What is written of a key begins so; a secret drawn by chance does not."""
_NEXT = re.compile(r"secret\.key\.(\d{1,4})")


class WrongKey(BadSetting):
    """The key is missing, spoilt, weak, or not the one with which the store was made; says what to do."""


class KeyFolder:
    """The keys of a folder and the environment. cipher: of a key that is made; given: of a secret in the environment,
    which does not say its own. weak: a weak one of these is taken, to be replaced."""

    def __init__(
        self, folder: Path, cipher: str = AES, *, given: str | None = None, weak: bool = False
    ) -> None:
        self.folder, self.cipher, self.given, self.weak = folder, cipher, given or cipher, weak
        self._mark: int | None = None

    @property
    def path(self) -> Path:
        return self.folder / KEY_FILE

    def there(self) -> bool:
        """True if a secret is given, in GONGKAI_SECRET or in the folder."""
        return bool(os.environ.get(VARIABLE)) or self.path.exists()

    def keys(self) -> tuple[Key, ...]:
        """All keys, the one in force first, which is made where there is none. Raises WrongKey."""
        if not self.there():
            if VARIABLE in os.environ:
                raise WrongKey(
                    f"环境变量 {VARIABLE} 是空的，也没有密钥文件 {self.path}，没有启动：请写入密钥，或者删去这个变量"
                )
            if not self._beside():
                self._make()
        return self.read()

    def read(self) -> tuple[Key, ...]:
        """The keys that are there, the one in force first. Raises WrongKey."""
        mark = self._now()
        in_file = self.read_file(self.path) if self.path.exists() else None
        beside = [self.read_file(path) for path in self._beside()]
        given = self._given()
        if given is not None and not (in_file and self._is_earlier(given)):
            first, others = given, [*beside, *([in_file] if in_file else [])]
        elif in_file is not None:
            first, others = in_file, beside
        else:
            raise WrongKey(
                f"没有找到密钥文件 {self.path}，没有启动：请把与备份一起保存的密钥文件放回原处，再重新启动"
            )
        found = {first.number: first}
        for one in sorted(others, key=lambda key: -key.number):
            found.setdefault(one.number, one)
        self._mark = mark
        return tuple(found.values())

    def changed(self) -> bool:
        """True where the folder is not as it was read, or changed so lately that it may have changed twice."""
        return self._mark is None or self._now() != self._mark

    def differs(self) -> str | None:
        """A key in the environment and another one in the folder: which of them counts, in Chinese."""
        given = self._given()
        if given is None or not self.path.exists() or _same(given, self.read_file(self.path)):
            return None
        if self._is_earlier(given):
            return f"环境变量 {VARIABLE} 里是以前的密钥，正在使用的是密钥文件 {self.path}：请删去这个变量"
        return (
            f"环境变量 {VARIABLE} 与密钥文件 {self.path} 是两个不同的密钥，使用的是环境变量："
            "请确认之后删去其中一个"
        )

    def shadowed(self) -> bool:
        """True where a key of the environment keeps another one that lies in the folder from being used."""
        given = self._given()
        if given is None or not self.path.exists():
            return False
        return not _same(given, self.read_file(self.path)) and not self._is_earlier(given)

    def is_given(self, key: Key) -> bool:
        """True if the environment gives this key."""
        given = self._given()
        return given is not None and _same(given, key)

    def beside(self, number: int) -> Path:
        """Where the key of that number lies while it is not the one in force."""
        return self.folder / f"{KEY_FILE}.{number}"

    def files(self) -> list[Path]:
        """The files of keys that are there."""
        return [*([self.path] if self.path.exists() else []), *self._beside()]

    def _is_earlier(self, given: Key) -> bool:
        return any(_same(given, self.read_file(path)) for path in self._beside())

    # -- reading --------------------------------------------------------------------------------------

    def _now(self) -> int | None:
        """The time of the folder, which every name that comes or goes there moves; None where it moved just now."""
        try:
            seen = os.stat(self.folder)
        except OSError:
            return None
        return seen.st_mtime_ns if time.time() - seen.st_mtime >= _SETTLED else None

    def _beside(self) -> list[Path]:
        found = [path for path in self.folder.glob(f"{KEY_FILE}.*") if _NEXT.fullmatch(path.name)]
        return sorted(found)

    def _given(self) -> Key | None:
        given = os.environ.get(VARIABLE)
        if not given:
            return None
        if given.startswith(_BEGINS):
            return read_written(given.encode(), f"环境变量 {VARIABLE} 的内容")
        if not self.weak and weak(given):
            raise WrongKey(
                f"环境变量 {VARIABLE} 里的密钥太弱（太短、字符太少，或者是常见的、示例里的词），没有启动："
                "请运行 gongkai key rotate 换成自动生成的密钥，再删去这个变量"
            )
        return Key(0, given.encode(), self.given)

    def read_file(self, path: Path) -> Key:
        """The key of one file. Raises WrongKey."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise WrongKey(
                f"密钥文件 {path} 无法读取（{in_chinese(error)}），没有启动：请检查文件的所有者和权限"
            ) from error
        if content.startswith(_BEGINS.encode()):
            return read_written(
                content, f"密钥文件 {path} ", FEWEST_BYTES if path == self.path else 1
            )
        if len(content) < FEWEST_BYTES or len(set(content)) < FEWEST_DIFFERENT:
            raise WrongKey(f"密钥文件 {path} 不完整，没有启动：请用与备份一起保存的密钥文件替换")
        return Key(0, content)

    # -- making ---------------------------------------------------------------------------------------

    def _make(self) -> None:
        """The first key; of two processes that begin at once one makes it."""
        make_folder(self.folder)
        secret = secrets.token_bytes(32)
        key = Key(0, secret, self.cipher)
        content = secret if self.cipher == AES else written(key)
        with self._new(content) as fresh, suppress(FileExistsError):
            os.link(fresh, self.path)
        sync_folder(self.folder)

    def prepare(self, key: Key) -> Path:
        """Lay a coming key beside the one in force, where everybody can open with it already."""
        return self.lay(self.beside(key.number), written(key))

    def prepared(self, now: Key) -> Key | None:
        """A coming key that lies there, made to follow this one."""
        path = self.beside(now.number + 1)
        return self.read_file(path) if path.exists() else None

    def take(self, now: Key, key: Key) -> Path:
        """Let a prepared key be the one in force; where the earlier one lies then."""
        make_folder(self.folder)
        earlier = self.beside(now.number)
        if not earlier.exists():
            self.lay(earlier, written(now))
        os.replace(self.beside(key.number), self.path)
        sync_folder(self.folder)
        return earlier

    def lay(self, path: Path, content: bytes) -> Path:
        """Put a file of a key there, whole or not at all, over what lies there."""
        make_folder(self.folder)
        with self._new(content) as fresh:
            os.replace(fresh, path)
        sync_folder(self.folder)
        return path

    def clear(self) -> None:
        """Remove what a process that was killed while it wrote a key left; nobody writes one meanwhile."""
        for left in self.folder.glob(f".{KEY_FILE}.*"):
            left.unlink(missing_ok=True)

    def _new(self, content: bytes) -> "_Fresh":
        return _Fresh(self.folder / f".{KEY_FILE}.{secrets.token_hex(8)}", content)


class _Fresh:
    """A file that is whole on the disk before it gets its name; it goes at the end."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path, self.content = path, content

    def __enter__(self) -> Path:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(self.content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(self.path, 0o600)
        except OSError:  # a full disk: nothing is left of it
            self.path.unlink(missing_ok=True)
            raise
        return self.path

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """A folder for its owner alone, where there is none yet."""
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return
    os.chmod(folder, 0o700)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder be on the disk; Windows does it by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def too_open(path: Path) -> bool:
    """True where others than the owner may do something with it."""
    return os.name != "nt" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def weak(secret: str) -> bool:
    """True for a secret that is short, of few different characters, or made of common words."""
    rest = _COMMON.sub("", secret.lower())
    short = len(secret.encode()) < FEWEST_BYTES or len(rest.encode()) < FEWEST_BYTES - 4
    return short or len(set(rest)) < FEWEST_DIFFERENT


def written(key: Key) -> bytes:
    """A key as its file has it; one line of JSON."""
    said: dict[str, Any] = {
        "gongkai key": key.number,
        "cipher": key.cipher,
        "secret": key.secret.hex(),
    }
    if key.number:
        said["lasting"] = {name: one.hex() for name, one in sorted(key.lasting.items())}
        said["codes"] = {
            str(n): [one.cipher, one.key.hex()] for n, one in sorted(key.codes.items())
        }
    return json.dumps(said).encode() + b"\n"


def read_written(content: bytes, where: str, fewest: int = FEWEST_BYTES) -> Key:
    """The key that `written` wrote. where: for the sentence of WrongKey; fewest: bytes of the secret; an earlier one may have been a weak one of the environment."""
    try:
        said = json.loads(content)
        number, cipher = int(said["gongkai key"]), said["cipher"]
        lasting = dict(_hexed(said.get("lasting", {})))
        codes = {
            int(n): CodeKey(one[0], bytes.fromhex(one[1]))
            for n, one in said.get("codes", {}).items()
        }
        key = Key(number, bytes.fromhex(said["secret"]), cipher, lasting, codes)
        whole = cipher in CIPHERS and len(key.secret) >= fewest
        carries = not number or (set(LASTING) <= set(lasting) and set(codes) == set(range(number)))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        whole = carries = False
    if not whole or not carries:
        raise WrongKey(f"{where}不完整，没有启动：请用与备份一起保存的密钥文件替换")
    return key


def _hexed(said: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    return ((name, bytes.fromhex(one)) for name, one in said.items())


def _same(one: Key, other: Key) -> bool:
    return one.secret == other.secret
