"""Where contents of files may lie besides the database: what such a place can do, and a folder as one.

What lies there is sealed and named by chance (`workflow.store.outside`): a place knows nothing of cases.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from config.errors import StorageAway
from workflow.store.key_folder import make_folder, sync_folder, too_open

AWAY = "存放文件的地方暂时不能用，什么也没有保存，请稍后再试"
UNREAD = "存放文件的地方暂时不能用，这份文件现在读不出来，请稍后再试"


class NotThere(LookupError):
    """The place answers, and has nothing under that name."""


class Lying(NamedTuple):
    """Something that lies in a place. at: when it was written, by the clock of the place."""

    name: str
    size: int
    at: datetime


class Storage(Protocol):
    """A place for contents by name: letters, digits, - and _, made by the program. All of these raise StorageAway."""

    @property
    def address(self) -> str:
        """As the setting has it, without what nobody may know; `database` has none."""

    def put(self, name: str, content: bytes) -> None:
        """Keep it; when this comes back it outlives a power cut."""

    def get(self, name: str) -> bytes:
        """What was put. Raises NotThere."""

    def delete(self, name: str) -> None:
        """Let it be gone; also where it was not there."""

    def each(self) -> Iterator[Lying]:
        """Everything that lies there, half-written things too, in no order."""


MARK = "gongkai-storage"
"""Under this name lies what tells a place from another: also from the folder that is empty because it was not mounted."""
PART = ".part"
"""The end of a name under which something is being written."""


class Folder:
    """A folder of this machine, or one that several machines have mounted. For its owner alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def address(self) -> str:
        return str(self.folder)

    def put(self, name: str, content: bytes) -> None:
        path = self._path(name)
        part = path.with_name(f"{name}.{secrets.token_hex(4)}{PART}")
        try:
            self._ask(path)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
            sync_folder(path.parent)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise self._away(error) from error

    def get(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as error:
            raise NotThere(name) from error
        except OSError as error:
            raise self._away(error, UNREAD) from error

    def delete(self, name: str) -> None:
        path = self._path(name)
        try:
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                sync_folder(path.parent)
        except OSError as error:
            raise self._away(error) from error

    def each(self) -> Iterator[Lying]:
        try:
            for path in self.folder.glob("*/*"):
                with suppress(FileNotFoundError):  # gone since
                    found = path.stat()
                    yield Lying(path.name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))  # fmt: skip
        except OSError as error:
            raise self._away(error) from error

    def _path(self, name: str) -> Path:
        return self.folder / name if name == MARK else self.folder / name[:2] / name

    def _ask(self, path: Path) -> None:
        """Let there be the folder in which it is to lie. What vanished is not made anew: only the mark begins a place."""
        if path.name == MARK:
            make_folder(self.folder)
        elif not self._path(MARK).is_file():
            raise self._away(f"里没有标记 {MARK}，可能没有挂载")
        if too_open(self.folder):
            raise self._away(f"别的用户也能看到，请运行 chmod 700 '{self.folder}'")
        if not path.parent.is_dir():
            make_folder(path.parent)
            sync_folder(self.folder)

    def _away(self, why: OSError | str, message: str = AWAY) -> StorageAway:
        said = why if isinstance(why, str) else why.strerror or type(why).__name__
        return StorageAway(f"文件夹 {self.folder}：{said}", message)
