"""A backup is made: one state of the store, while others write, sealed into one file with its keys in another."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from config.errors import StorageAway, in_chinese
from workflow.service.backups.archive import (
    Manifest,
    parts_of,
    publish,
    write_archive,
    write_private,
)
from workflow.service.backups.key_file import beside, keys_content
from workflow.service.backups.told import CannotBackUp
from workflow.service.heads import take_head
from workflow.service.office import Office
from workflow.service.report.tables import Reports
from workflow.service.storing import hold_all
from workflow.store import copying
from workflow.store.contents import not_whole
from workflow.store.dialect_snapshot import copies_itself, file_url, snapshot, whole_in_one_file
from workflow.store.kept import years_with_cases
from workflow.store.key import Key
from workflow.store.migrate import newest, revision
from workflow.store.scratch import scratch
from workflow.store.sealed import Secrets
from workflow.store.sealed_stream import Spoilt
from workflow.store.store import Store

Say = Callable[[str], None]
"""What is done next, in Chinese."""


@dataclass(frozen=True)
class Made:
    """A backup that was written and read again. keys: where its keys lie, None where they were not written; size in bytes."""

    file: Path
    keys: Path | None
    size: int
    manifest: Manifest

    def noted(self) -> dict[str, Any]:
        """What the store is told of it."""
        return {"folder": str(self.file.parent), "file": self.file.name, "size": self.size}

    def lacks(self) -> str | None:
        """What is not in it, in Chinese."""
        if number := self.manifest.lacking:
            return f"有 {number} 份材料的内容不在库中，或者不完整，没有备份到：请运行 gongkai verify 查明"
        return None


def make_backup(
    office: Office,
    data_dir: Path,
    file: Path,
    *,
    keys: bool = True,
    passphrase: str | None = None,
    replace: bool = False,
    say: Say = lambda _: None,
    told: copying.Told = lambda *_: None,
) -> Made:
    """Back the installation up into a file. Servers may write meanwhile; what was answered before the call is in it.

    keys: also write them into a file beside it, sealed where a passphrase is given. replace: a backup of that name may be
    there. data_dir: the folder of the installation, where a copy of the store lies meanwhile. Raises CannotBackUp, with
    neither of the files there that were not there before; Unavailable.
    """
    file = file.absolute()
    places = [*([beside(file)] if keys else []), file]
    try:
        here = _may(office, file, replace)
        with scratch(data_dir) as (folder, left), parts_of(*places) as parts:
            if left:
                say("上一次没有做完，它留下的临时文件已经清除，现在从头做")
            say("取库的一份快照，其他人可以照常办理")
            place = folder / "snapshot.db"
            indexed = snapshot(office.store, place, told)
            say("记下链头和各年的表")
            manifest = _manifest(office, place, here, indexed=indexed)
            say("加密写出，再读一遍核对")
            write_archive(parts[-1], office.keys.now, place, manifest)
            if keys:
                write_private(parts[0], keys_content(every_key(office.keys), passphrase))
            say("写好，改为正式的文件名")
            publish(parts, places)
            size = file.stat().st_size
    except StorageAway as error:
        raise CannotBackUp(f"没有备份：{error.why}") from error
    except OSError as error:
        raise CannotBackUp(f"没有备份：{_why(error)}") from error
    except (sqlite3.Error, DBAPIError) as error:
        raise CannotBackUp(f"没有备份：{_why_of_store(error)}") from error
    except Spoilt as error:
        raise CannotBackUp(f"没有备份：{error}") from error
    return Made(file, beside(file) if keys else None, size, manifest)


def every_key(keys: Secrets) -> tuple[Key, ...]:
    """All that are at hand, the one in force first."""
    found = (keys.numbered(number) for number in keys.numbers)
    return tuple(key for key in found if key is not None)


def _may(office: Office, file: Path, replace: bool) -> str:
    """The shape of the store. Raises CannotBackUp where it cannot be backed up into this file."""
    if file.is_dir():
        raise CannotBackUp(f"{file} 是一个文件夹，请写明备份文件的名字")
    if not file.parent.is_dir():
        raise CannotBackUp(
            f"文件夹 {file.parent} 不存在，没有备份：请先建好，或者检查磁盘是否已经挂载"
        )
    if file.exists() and not replace:
        raise CannotBackUp(f"{file} 已经存在，没有备份：请换一个名字，或者加 --replace 覆盖")
    here = revision(office.store.engine)
    if here is None:
        raise CannotBackUp("库中还没有数据，没有备份：请检查 GONGKAI_DATA_DIR 和 database_url")
    if here != newest() and not copies_itself(office.store):
        raise CannotBackUp(
            "PostgreSQL 上的库是另一个版本的，没有备份：升级之前请用原来的版本备份，或者用 pg_dump"
        )
    return here


def _manifest(office: Office, place: Path, here: str, *, indexed: bool) -> Manifest:
    """What the snapshot holds; it lies in one file then."""
    head = tables = None
    lacking = 0
    if here == newest():
        store = Store(file_url(place))
        try:
            copy = Office(store, office.keys, law=office.law, now=office.now)
            hold_all(copy, office.store.contents)
            head, tables = what_it_says(copy)
            with store.read() as unit:
                lacking = not_whole(unit)
        finally:
            store.close()
    rows = whole_in_one_file(place)
    return Manifest(
        office.now().replace(microsecond=0), version("gongkai"), here, rows, rows.get("case", 0),
        rows.get("file", 0), lacking, indexed, head, tables,
    )  # fmt: skip


def what_it_says(office: Office) -> tuple[str, dict[str, str]]:
    """How far the chains of a store go, and a hash of the tables of every body and year."""
    head = take_head(office).text()
    reports, tables = Reports(office), dict[str, str]()
    with office.store.read() as unit:
        bodies = {body.id: body for body in unit.agencies()}
        for id_, years in sorted(years_with_cases(unit, list(bodies)).items()):
            for year in years:
                said = reports.tables_of(unit, bodies[id_], year).as_dict()
                kept = json.dumps(
                    [said[name] for name in ("table2", "table3", "table4")], sort_keys=True
                )
                tables[f"{bodies[id_].code} {year}"] = sha256(kept.encode()).hexdigest()
    return head, tables


def _why(error: OSError) -> str:
    where = f" {error.filename}" if error.filename else ""
    return f"文件{where} 写不进去或者读不出来（{in_chinese(error)}）。没有留下不完整的备份，原有的文件没有变动"


def _why_of_store(error: Exception) -> str:
    said = str(getattr(error, "sqlite_errorname", None) or getattr(getattr(error, "orig", None), "sqlite_errorname", ""))  # fmt: skip
    if said.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return "库文件已经损坏，请先运行 gongkai verify 查明，保存好以前的备份"
    if said.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return "数据文件夹所在的磁盘满了，或者写不进去：备份时那里需要与库一样大的空间。没有留下不完整的备份"
    return f"库读不出来（{said or type(error).__name__}），请稍后再试"
