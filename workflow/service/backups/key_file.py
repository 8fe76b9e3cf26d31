"""The keys of a backup in a file of their own, to be kept elsewhere: plain, or sealed with a passphrase."""

import json
import os
import secrets
from collections.abc import Callable
from hashlib import scrypt
from pathlib import Path
from typing import Any

from config.errors import in_chinese
from workflow.service.backups.told import CannotRestore
from workflow.store.key import Key, gcm
from workflow.store.key_folder import VARIABLE, KeyFolder, WrongKey, read_written, written

ENDING = ".keys"
_SAYS = "gongkai keys"
_COST = (1 << 17, 8, 1)
"""scrypt: 128 MB and some tenths of a second for every passphrase that is tried."""
_COST_MOST = (1 << 20, 16, 4)
_BOUND = b"gongkai keys"
Asked = Callable[[], str]
"""Asks for the passphrase."""


def beside(archive: Path) -> Path:
    """Where the keys of a backup lie unless they were put elsewhere."""
    return archive.with_name(archive.name + ENDING)


def keys_content(keys: tuple[Key, ...], passphrase: str | None = None) -> bytes:
    """The file of these keys, the one in force first."""
    plain = json.dumps([json.loads(written(key)) for key in keys])
    if passphrase is None:
        return json.dumps({_SAYS: 1, "keys": json.loads(plain)}, indent=1).encode() + b"\n"
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    cipher = keys[0].cipher
    seal, _ = gcm(cipher, _stretched(passphrase, salt, _COST))
    said = {
        "scrypt": list(_COST), "salt": salt.hex(), "cipher": cipher, "nonce": nonce.hex(),
        "sealed": seal(nonce, plain.encode(), _BOUND).hex(),
    }  # fmt: skip
    return json.dumps({_SAYS: 1, "passphrase": said}, indent=1).encode() + b"\n"


def read_keys(place: Path, ask: Asked | None = None) -> tuple[Key, ...]:
    """The keys that lie there, the one in force first: in a file of ours, in one `secret.key`, or in a folder of these.

    ask: for the passphrase, where it is needed. Raises CannotRestore.
    """
    try:
        if place.is_dir():
            folder = KeyFolder(place)
            files = [folder.path, *(one for one in folder.files() if one != folder.path)]
            return tuple(folder.read_file(one) for one in files)
        content = place.read_bytes()
        try:
            said = json.loads(content)
        except ValueError:
            said = None
        if isinstance(said, dict) and _SAYS in said:
            listed = _listed(said, place, ask)
            return tuple(
                read_written(json.dumps(one).encode(), f"密钥文件 {place} ") for one in listed
            )
        return (KeyFolder(place.parent).read_file(place),)
    except OSError as error:
        raise CannotRestore(f"密钥文件 {place} 无法读取（{in_chinese(error)}）") from error
    except WrongKey as error:
        raise CannotRestore(str(error).replace("，没有启动", "")) from error
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise CannotRestore(f"密钥文件 {place} 已经损坏") from None


def _listed(said: dict[str, Any], place: Path, ask: Asked | None) -> list[Any]:
    if "passphrase" not in said:
        found: list[Any] = said["keys"]
        return found
    if ask is None:
        raise CannotRestore(
            f"密钥文件 {place} 设有密码：请加 --passphrase 再运行一次，按提示输入密码"
        )
    from cryptography.exceptions import InvalidTag

    sealed = said["passphrase"]
    cost = tuple(int(number) for number in sealed["scrypt"])
    if len(cost) != 3 or any(one > most for one, most in zip(cost, _COST_MOST, strict=True)):
        raise ValueError
    salt, nonce = bytes.fromhex(sealed["salt"]), bytes.fromhex(sealed["nonce"])
    _, open_ = gcm(sealed["cipher"], _stretched(ask(), salt, cost))
    try:
        opened: list[Any] = json.loads(open_(nonce, bytes.fromhex(sealed["sealed"]), _BOUND))
    except InvalidTag:
        raise CannotRestore("密码不对，或者密钥文件已经损坏") from None
    return opened


def _stretched(passphrase: str, salt: bytes, cost: tuple[int, ...]) -> bytes:
    n, r, p = cost
    return scrypt(
        passphrase.encode(), salt=salt, n=n, r=r, p=p, maxmem=256 * n * r + (1 << 20), dklen=32
    )


def lay_keys(data_dir: Path, keys: tuple[Key, ...]) -> list[Path]:
    """Put the keys into the folder of an installation, where they are not; the files of keys that are there then.

    Raises CannotRestore where another key lies there or is in the environment.
    """
    folder = KeyFolder(data_dir, weak=True)
    if os.environ.get(VARIABLE) and not any(folder.is_given(key) for key in keys):
        raise CannotRestore(f"环境变量 {VARIABLE} 里是另一个密钥，没有恢复：请先删去这个变量")
    there = {one.number: (path, one) for path in folder.files() for one in [_whole(folder, path)]}
    for key in keys:
        if key.number in there and there[key.number][1] != key:
            raise CannotRestore(
                f"{there[key.number][0]} 是另一个密钥，没有恢复：请换一个数据文件夹，或者先把它移走"
            )
    if folder.path.exists() and keys[0].number not in there:
        raise CannotRestore(
            f"{folder.path} 不是备份时的密钥，没有恢复：请换一个数据文件夹，或者先把它移走"
        )
    folder.clear()
    missing = [key for key in keys if key.number not in there]
    for key in reversed(missing):  # the one in force last: before it nothing is taken for keys
        folder.lay(folder.path if key is keys[0] else folder.beside(key.number), written(key))
    return folder.files()


def _whole(folder: KeyFolder, path: Path) -> Key:
    try:
        return folder.read_file(path)
    except WrongKey as error:
        raise CannotRestore(str(error).replace("没有启动", "没有恢复")) from error
