"""Tables that were read and checked once, kept beside Python's own compiled files.

Reading and checking the law takes longer than all days that a command then counts. What came of it is kept
under a hash of every file of config/, tables and code: with any change of one it is read and checked anew.
As with compiled files, where the folder cannot be written nothing is kept.
"""

import hashlib
import os
import pickle
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

from pydantic.version import VERSION

ROOM = Path(__file__).parent
Made = TypeVar("Made")
LENGTH = 32


@cache
def digest(room: Path = ROOM) -> bytes:
    """A hash of the content of every table and module of config/, and of what reads them."""
    said = hashlib.sha256(f"{sys.version} {VERSION}".encode())
    for path in sorted((*room.rglob("*.toml"), *room.rglob("*.py"))):
        content = path.read_bytes()
        said.update(f"{path.relative_to(room)} {len(content)}\n".encode() + content)
    return said.digest()


def kept(name: str, make: Callable[[], Made], room: Path = ROOM) -> Made:
    """What `make` returns, or what it returned when the same files were read before."""
    file = room / "__pycache__" / f"{name}.{sys.implementation.cache_tag}.kept"
    wanted = digest(room)
    with suppress(OSError):
        content = file.read_bytes()
        head, said = content[:LENGTH], content[LENGTH:]
        if head == _head(wanted, said):
            return cast(Made, pickle.loads(said))
    made = make()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            file.parent.mkdir(exist_ok=True)
            new = file.with_suffix(f".{os.getpid()}")
            said = pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
            new.write_bytes(_head(wanted, said) + said)
            new.replace(file)
    return made


def _head(wanted: bytes, said: bytes) -> bytes:
    """Tells a whole file of these sources from any other."""
    return hashlib.sha256(wanted + said).digest()
