"""What a fault says that is none of the program: a disk, a file or a database that does not take or give anything."""

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError

from config.errors import in_chinese
from workflow.store.trouble import in_words, of_sqlite, trouble_of

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


def of_the_place(problem: BaseException) -> str | None:
    """It in Chinese, with what to do; None for a fault of the program."""
    if isinstance(problem, (DBAPIError, sqlite3.Error)):
        trouble = trouble_of(problem) if isinstance(problem, DBAPIError) else of_sqlite(problem)
        return in_words(trouble) if trouble else None
    if not isinstance(problem, OSError) or (not problem.filename and problem.errno not in _FULL):
        return None
    where = f" {problem.filename}" if problem.filename else ""
    if problem.errno in _FULL:
        return f"磁盘已满，{where}没有写入：请腾出空间，再试一次"
    if problem.errno in _READ_ONLY:
        return f"没有权限使用{where}，或者磁盘只读（{in_chinese(problem)}）：请检查磁盘，以及文件和文件夹的所有者和权限"
    if problem.errno == errno.EIO:
        return f"磁盘读写出错{where}：请检查磁盘是不是满了或者坏了"
    if problem.errno in (errno.ENOTDIR, errno.EEXIST):
        return f"{where.strip()} 不是文件夹：请检查 GONGKAI_DATA_DIR"
    return None
