"""Whether the backups of an installation are looked after: the last one, the last drill, and the folder in which those of
every day lie; as workflow/rules/upkeep.py."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflow.rules.upkeep import LOOK, RIGHT, WRONG, Finding
from workflow.rules.upkeep_machine import Folder, size_in_words

DRILL_OLD = timedelta(days=366)
SOURCE = "GB/T 22239"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """Moments of the store's last whole backup, of the last one that failed and why, of the last drill and whether it was
    good; None where there was none. since: when the store began; place, size: where the last one was written, and its
    bytes, empty and 0 where that was not noted; drill_own: the drill took the keys of this machine."""

    made_at: datetime | None
    failed_at: datetime | None
    failure: str
    drill_at: datetime | None
    drill_good: bool
    since: datetime | None
    place: str = ""
    size: int = 0
    drill_own: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that lies in the folder. size: bytes; keys: the keys that open it lie beside it."""

    name: str
    made_at: datetime
    size: int
    keys: bool


@dataclass(frozen=True, slots=True)
class BackupFolder:
    """Where the backups of every day go. place: None where it is not there; same_disk: that on which the data lie; found:
    the latest first; keys_wanted: it is set that keys are written there."""

    path: str
    place: Folder | None
    same_disk: bool
    found: tuple[Kept, ...]
    keys_wanted: bool


def backup(found: LastBackup, now: datetime, days: int) -> Iterator[Finding]:
    """Whether there is a backup, and whether it was ever tried. days: without one after which it is too old, 0 where none is
    expected of us."""
    if not days:
        return
    made = found.made_at
    if found.failed_at and (made is None or found.failed_at > made):
        yield Finding(
            "backup.failed", WRONG, f"{found.failed_at:%Y-%m-%d} 的备份没有做成：{found.failure}",
            "排除以后 gongkai backup 文件", source=SOURCE,
        )  # fmt: skip
    if made is None:
        yield Finding(
            "backup.age", LOOK, "没有本系统备份的记录；用别的办法备份的，请确认连同密钥都能恢复",
            "gongkai backup 文件，密钥另外存放（docs/running.md）", source=SOURCE,
        )  # fmt: skip
        return
    old = now - made >= timedelta(days)
    where = f"：{found.place}，{size_in_words(found.size)}" if found.place and found.size else ""
    yield Finding(
        "backup.age", WRONG if old else RIGHT, f"最近一次备份是 {made:%Y-%m-%d %H:%M}{where}",
        "gongkai backup 文件，再看每天的备份为什么停了" if old else "", source=SOURCE,
    )  # fmt: skip
    yield _drill(found, now)


def _drill(found: LastBackup, now: datetime) -> Finding:
    key, command = "backup.drill", "gongkai restore 文件 --drill --keys 另存的密钥，每半年一次"
    if found.drill_at is None:
        return Finding(key, LOOK, "备份能不能恢复，还没有试过", command)
    said = f"最近一次恢复演练是 {found.drill_at:%Y-%m-%d}"
    if not found.drill_good:
        return Finding(key, WRONG, f"{said}，不符", "换一份备份再演练，查明原因")
    if found.drill_own:
        return Finding(
            key, LOOK, f"{said}，相符，但用的是本机的密钥：另存的密钥能不能用，还没有试过", command
        )
    old = now - found.drill_at > DRILL_OLD
    return Finding(key, LOOK if old else RIGHT, f"{said}，相符", command if old else "")


def folder(found: BackupFolder | None, days: int) -> Iterator[Finding]:
    """Whether the backup of tomorrow will have its place. found: None where none is set; days: as above."""
    key = "backup.folder"
    if found is None:
        if days:
            yield Finding(
                key, LOOK, "没有设置每天的备份",
                "在配置文件里写 backup_folder = \"文件夹\"（另一块磁盘上的），重新启动服务；用别的办法备份的，设 backup_reminder_days = 0",
                source=SOURCE,
            )  # fmt: skip
        return
    path, place = found.path, found.place
    if place is None:
        yield Finding(
            key, WRONG, f"放每天备份的文件夹 {path} 不存在", "建好它，或者检查磁盘是不是没有挂载（mount）", source=SOURCE
        )  # fmt: skip
        return
    if not place.writable:
        yield Finding(
            key, WRONG, f"放每天备份的文件夹 {path} 不能写入",
            f"文件夹要归运行服务的用户所有（chown）；systemd 的服务还要写明 ReadWritePaths={path}（docs/runbook.zh.md 第二节）",
            source=SOURCE,
        )  # fmt: skip
        return
    yield _in_it(found, place)
    if found.same_disk:
        yield Finding(
            "backup.disk", LOOK, f"备份（{path}）和数据在同一块磁盘上，磁盘坏了两样都没有",
            "换成另一块磁盘或者别的机器上的文件夹，或者每天再抄走一份", source=SOURCE,
        )  # fmt: skip
    beside = [one for one in found.found if one.keys]
    if beside and not found.keys_wanted:
        yield Finding(
            "backup.keys", LOOK, f"{path} 里有 {len(beside)} 份备份的旁边放着它的密钥，谁拿到这个文件夹就能看到全部内容",
            f"把 {path} 里的 *.keys 移到别处", source=SOURCE,
        )  # fmt: skip


def _in_it(found: BackupFolder, place: Folder) -> Finding:
    room = f"所在的磁盘还剩 {size_in_words(place.free)}"
    if not found.found:
        return Finding("backup.folder", RIGHT, f"每天的备份放在 {found.path}，还没有备份，{room}")
    last = found.found[0]
    said = (
        f"每天的备份放在 {found.path}，现有 {len(found.found)} 份，最近一份 {last.made_at:%Y-%m-%d %H:%M}，"
        f"{size_in_words(last.size)}，{room}"
    )
    if place.free < 2 * last.size:
        return Finding(
            "backup.folder", WRONG if place.free < last.size else LOOK, said,
            "腾出空间，或者把 backup_daily、backup_weekly、backup_monthly 设小", source=SOURCE,
        )  # fmt: skip
    return Finding("backup.folder", RIGHT, said)
