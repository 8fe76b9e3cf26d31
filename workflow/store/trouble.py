"""Why a database does not take or give anything just now, in a word, and in Chinese for who operates it."""

import re
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

BUSY, FULL, READ_ONLY, NOT_OPENED, DISK, SPOILT, NO_DATABASE = (
    "busy", "disk full", "read only", "not opened", "disk fault", "spoilt", "no database",
)  # fmt: skip
AWAY, NOT_LET_IN, UNKNOWN_DATABASE, CROWDED = (
    "away",
    "not let in",
    "unknown database",
    "too many connections",
)

_WORDS = {
    BUSY: "另一个程序一直占用着数据库，没有写入：请等它做完（例如升级、复制、导入），再试一次",
    FULL: "磁盘已满，没有写入：请腾出空间，再试一次",
    READ_ONLY: "数据库只能读，不能写，没有写入：请检查磁盘是不是只读，文件和文件夹的所有者和权限对不对",
    NOT_OPENED: "数据库文件打不开：请检查文件夹在不在、磁盘是不是只读、所有者和权限对不对",
    DISK: "磁盘读写出错，没有写入：请检查磁盘是不是满了或者坏了",
    SPOILT: "数据库文件已经损坏，没有改动：请停止服务，从备份恢复",
    NO_DATABASE: "这个文件不是数据库，没有改动：请检查 database_url；文件损坏了的，请从备份恢复",
    AWAY: "数据库连接不上：请检查数据库服务是不是在运行，database_url 的主机、端口和网络对不对",
    NOT_LET_IN: "数据库服务器不接受这个用户名或密码：请检查 database_url 的用户名和密码",
    UNKNOWN_DATABASE: "数据库服务器上没有这个库：请检查 database_url 的库名，或者先建一个空库",
    CROWDED: "数据库服务器的连接数已满：请稍后再试，或者调大 max_connections",
}
_OF_SQLITE = (
    ("SQLITE_BUSY", BUSY), ("SQLITE_LOCKED", BUSY), ("SQLITE_FULL", FULL), ("SQLITE_READONLY", READ_ONLY),
    ("SQLITE_CANTOPEN", NOT_OPENED), ("SQLITE_PERM", NOT_OPENED), ("SQLITE_IOERR", DISK), ("SQLITE_CORRUPT", SPOILT),
    ("SQLITE_NOTADB", NO_DATABASE),
)  # fmt: skip
_OF_SERVER = (
    ("53100", FULL), ("53300", CROWDED), ("25006", READ_ONLY), ("28", NOT_LET_IN), ("3D000", UNKNOWN_DATABASE),
    ("55P03", BUSY), ("08", AWAY), ("57P0", AWAY), ("25P03", AWAY), ("58030", DISK), ("XX001", SPOILT), ("XX002", SPOILT),
)  # fmt: skip
"""Codes of PostgreSQL: Appendix A of its manual. connection, shutdown, idle for too long: AWAY."""
_REFUSED = re.compile(
    r"password|pg_hba|authentication|role .* does not exist|密码|认证|角色.*不存在", re.IGNORECASE
)
_UNKNOWN = re.compile(r"database .* does not exist|数据库.*不存在", re.IGNORECASE)
_CROWDED = re.compile(r"too many (clients|connections)|连接数|太多", re.IGNORECASE)
STALE = (READ_ONLY, NOT_OPENED, DISK, SPOILT, NO_DATABASE)
"""After these a connection of SQLite is not used again: it would go on as it was opened, though the cause is gone."""


def trouble_of(error: "DBAPIError") -> str | None:
    """Which trouble of the place it is; None where something is wrong with what was asked."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return of_sqlite(original) or (AWAY if error.connection_invalidated else None)
    code = getattr(original, "sqlstate", "none")
    if code:
        found = next((word for begin, word in _OF_SERVER if code.startswith(begin)), None)
        return found or (AWAY if error.connection_invalidated else None)
    if type(original).__name__ != "OperationalError":
        return AWAY if error.connection_invalidated else None
    # Of a server that lets nobody in the driver knows no code, only the sentence.
    said = str(original)
    for pattern, word in ((_UNKNOWN, UNKNOWN_DATABASE), (_REFUSED, NOT_LET_IN)):
        if pattern.search(said):
            return word
    return CROWDED if _CROWDED.search(said) else AWAY


def of_sqlite(error: BaseException) -> str | None:
    """The same of what SQLite itself raised."""
    name = str(getattr(error, "sqlite_errorname", None) or "")
    return next((word for begin, word in _OF_SQLITE if name.startswith(begin)), None)


def in_words(trouble: str | None) -> str:
    """What it is and what to do, in Chinese."""
    return _WORDS.get(trouble or "", "数据库打不开，或者不是数据库：请检查 database_url")


def away(error: "DBAPIError") -> bool:
    """Nothing is wrong with what was asked: the database cannot be reached, not in time, or has no room. False where what
    it holds is spoilt: that does not pass."""
    return trouble_of(error) not in (None, SPOILT, NO_DATABASE)
