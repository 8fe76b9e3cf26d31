"""Whether the installation itself is as it should be: keys, who may read its files, what outlives a power cut, the clock."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from config.settings import Settings
from workflow.service.backups.state import known, lacking, last_backup
from workflow.service.keys import InstallationKeys
from workflow.service.office import Office
from workflow.service.storing import looked_at
from workflow.store.dialect import files_of_store, not_on_disk
from workflow.store.key_folder import too_open
from workflow.store.models import EventRow

AHEAD = timedelta(minutes=2)
"""So far may the newest entry lie before the clock, where programs of several machines write."""


@dataclass(frozen=True)
class Finding:
    """Something that was looked at. good: it is as it should be; message: what was found, and what to do, in Chinese."""

    of: str
    good: bool
    message: str


def examine(office: Office, settings: Settings) -> list[Finding]:
    """Everything that was looked at, in order."""
    return [
        *_keys(office, settings), *_words(office), *_files(office, settings), *_on_disk(office), *_clock(office),
        *_backups(office, settings),
        *(Finding("storage", good, message) for good, message in looked_at(office)),
    ]  # fmt: skip


def _keys(office: Office, settings: Settings) -> Iterator[Finding]:
    place = office.keys.place
    if place is None:
        return
    now = office.keys.now
    yield Finding("key", True, f"正在使用第 {now.number} 个密钥（{now.cipher}）")
    if said := place.differs():
        yield Finding("key", False, said)
    if now.cipher != settings["cipher"]:
        yield Finding(
            "key", False,
            f"设置 cipher 是 {settings['cipher']}，正在使用的密钥是 {now.cipher}：请运行 gongkai key rotate 换成新的密钥",
        )  # fmt: skip
    for one in InstallationKeys(office).status():
        left = sum(one.to_seal.values())
        if one.coming:
            yield Finding(
                "key",
                False,
                f"第 {one.number} 个密钥已经放好，还没有使用：请运行 gongkai key rotate",
            )
        elif left and not one.in_force:
            yield Finding(
                "key", False,
                f"还有 {left} 项数据是用第 {one.number} 个密钥保存的：请运行 gongkai key reseal",
            )  # fmt: skip


def _words(office: Office) -> Iterator[Finding]:
    """Where everything lies as the setting says, nothing."""
    seals = office.keys.seals_words
    if left := InstallationKeys(office).words_otherwise():
        command, set_, now = (
            ("seal-texts", "加密", "明文") if seals else ("unseal-texts", "明文", "加密")
        )
        yield Finding(
            "words", False,
            f"设置是{set_}保存姓名、申请内容和办理记录，还有 {left} 项是{now}保存的：请运行 gongkai key {command}",
        )  # fmt: skip
    elif seals:
        yield Finding("words", True, "姓名、申请内容和办理记录都是加密保存的")


def _files(office: Office, settings: Settings) -> Iterator[Finding]:
    place = office.keys.place
    wanted = [(path, 0o600) for path in (place.files() if place else [])]
    wanted += [(path, 0o600) for path in files_of_store(office.store.url)]
    wanted.append((Path(settings["data_dir"]), 0o700))
    open_ = [(path, mode) for path, mode in wanted if path.exists() and too_open(path)]
    for path, mode in open_:
        now = stat.S_IMODE(path.stat().st_mode)
        yield Finding(
            "files", False,
            f"{path} 的权限是 {now:04o}，别的用户也能看到：请运行 chmod {mode:o} '{path}'",
        )  # fmt: skip
    if not open_:
        yield Finding("files", True, "密钥文件、数据文件夹和数据库文件只有本用户能读写")


def _on_disk(office: Office) -> Iterator[Finding]:
    with office.store.engine.connect() as connection:
        found = not_on_disk(connection)
    if found:
        yield Finding(
            "disk", False,
            f"数据库没有把每次保存都写到磁盘（{'，'.join(found)}），断电会丢失已经答复“收到”的申请："
            "请在数据库服务器的配置中打开这些选项",
        )  # fmt: skip
    else:
        yield Finding("disk", True, "每次保存都写到磁盘之后才答复")


def _backups(office: Office, settings: Settings) -> Iterator[Finding]:
    now, last = office.now(), last_backup(office)
    if said := lacking(last, now, settings["backup_reminder_days"]):
        yield Finding("backup", False, f"{said}：请运行 gongkai backup，密钥另存到别处")
    else:
        yield Finding("backup", True, known(last, now))


def latest_entry(office: Office) -> datetime | None:
    """When the newest line of a log was recorded; None where there is none."""
    with office.store.read() as unit:
        return unit.session.scalar(select(func.max(EventRow.recorded_at)))


def _clock(office: Office) -> Iterator[Finding]:
    now, latest = office.now(), latest_entry(office)
    if latest is not None and latest > now + AHEAD:
        yield Finding(
            "clock", False,
            f"机器的时间 {now:%Y-%m-%d %H:%M} 早于最近一条办理记录 {latest.astimezone(now.tzinfo):%Y-%m-%d %H:%M}："
            "请校准机器的时间",
        )  # fmt: skip
    else:
        yield Finding("clock", True, f"机器的时间 {now:%Y-%m-%d %H:%M} 不早于最近一条办理记录")
