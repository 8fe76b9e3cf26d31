"""Where contents of files lie, as the settings name it."""

import re
from pathlib import Path
from typing import NamedTuple

DATABASE = "database"
_S3 = re.compile(r"s3://([a-z0-9][a-z0-9.\-]{1,61}[a-z0-9])(?:/([A-Za-z0-9_\-./]*))?")


class S3Place(NamedTuple):
    """A bucket; the prefix ends with a slash where there is one."""

    bucket: str
    prefix: str


def place_of(said: str) -> Path | S3Place | None:
    """A folder, a bucket with its prefix, None for the database (`database`, or nothing). Raises ValueError with what is
    wrong, in words."""
    if said in ("", DATABASE):
        return None
    if said.startswith("s3:"):
        found = _S3.fullmatch(said)
        prefix = (found[2] or "").removesuffix("/") if found else ""
        if found is None or (prefix and {"", ".", ".."} & set(prefix.split("/"))):
            raise ValueError(
                "须写成 s3://桶/前缀：桶名用小写字母、数字、点和 -，前缀用英文字母、数字、点、-、_ 和 /"
            )
        return S3Place(found[1], f"{prefix}/" if prefix else "")
    if not Path(said).is_absolute():
        raise ValueError(f"须为 {DATABASE}、文件夹的绝对路径或者 s3://桶/前缀")
    return Path(said)


def is_server(said: str) -> None:
    """Raises ValueError for what is no address of a server."""
    if said and not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9_\-./]*)?", said):
        raise ValueError("须为 http:// 或 https:// 开头的地址，不带用户名和参数")
