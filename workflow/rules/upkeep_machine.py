"""Whether the machine of an installation and the store on it are looked after: disks, permissions, clock, limits, keys, shape; as
workflow/rules/upkeep.py."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflow.rules.upkeep import LOOK, RIGHT, WRONG, Finding

MEGABYTE = 1024 * 1024
DATA_LEAST, DATA_LITTLE = 100 * MEGABYTE, 500 * MEGABYTE
TEMP_LEAST, TEMP_LITTLE = 50 * MEGABYTE, 200 * MEGABYTE
FILES_LEAST, FILES_LITTLE = 0.01, 0.05
"""Parts of the files that a file system can have."""
AHEAD = timedelta(minutes=2)
"""So far may the newest entry lie before the clock, where programs of several machines write."""
OF_CHINA = timedelta(hours=8)
CONNECTIONS = 1200
"""Files that a process should be allowed to open: what `serve` asks for."""


# -- the machine ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder and its file system. free, held: bytes that are left, and of the store that lies there; files: the part of
    its files that are left, None where it counts none."""

    path: str
    free: int
    held: int = 0
    files: float | None = None
    writable: bool = True


def disk(data: Folder, temp: Folder) -> Iterator[Finding]:
    """Room for what is written next."""
    for name, one, least, little in (
        ("data", data, DATA_LEAST, max(DATA_LITTLE, data.held)),
        ("temp", temp, TEMP_LEAST, TEMP_LITTLE),
    ):
        what = "数据文件夹" if name == "data" else "临时文件夹"
        if not one.writable:
            yield Finding(
                f"disk.{name}.writable", WRONG, f"{what} {one.path} 不能写入",
                f"检查权限，或者磁盘是不是成了只读：touch '{one.path}/x'、mount",
            )  # fmt: skip
            continue
        level = WRONG if one.free < least else LOOK if one.free < little else RIGHT
        held = f"，数据库有 {size_in_words(one.held)}" if one.held else ""
        yield Finding(
            f"disk.{name}.free", level,
            f"{what} {one.path} 所在的磁盘还剩 {size_in_words(one.free)}{held}",
            "" if level == RIGHT else f"清出空间或者换大的磁盘（df -h '{one.path}'）；"
            "升级、备份和整理时要有数据库那么大的空间",
        )  # fmt: skip
        if one.files is not None and one.files < FILES_LITTLE:
            yield Finding(
                f"disk.{name}.files", WRONG if one.files < FILES_LEAST else LOOK,
                f"{what} {one.path} 所在的磁盘只能再建 {one.files:.1%} 的文件",
                f"删去不用的小文件（df -i '{one.path}'）",
            )  # fmt: skip


def size_in_words(size: int) -> str:
    """Bytes as people read them."""
    if size >= 1024 * MEGABYTE:
        return f"{size / 1024 / MEGABYTE:.1f} GB"
    return f"{size // MEGABYTE} MB" if size >= MEGABYTE else f"{size / 1024:.0f} KB"


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file or folder that others than its owner may read. mode, wanted: its permissions."""

    path: str
    mode: int
    wanted: int


def files(open_: list[OpenFile]) -> Iterator[Finding]:
    """Who may read keys, data and store."""
    for one in open_:
        yield Finding(
            "files.modes", WRONG, f"{one.path} 的权限是 {one.mode:04o}，别的用户也能看到",
            f"chmod {one.wanted:o} '{one.path}'", source="GB/T 22239",
        )  # fmt: skip
    if not open_:
        yield Finding("files.modes", RIGHT, "密钥文件、数据文件夹和数据库文件只有本用户能读写")


@dataclass(frozen=True, slots=True)
class Clock:
    """The machine's clock. newest: of the logs; zone: how far its own time is from UTC; synchronised: by a time server,
    None where that cannot be known."""

    now: datetime
    newest: datetime | None
    zone: timedelta
    synchronised: bool | None


def clock(found: Clock) -> Iterator[Finding]:
    """Days and numbers follow from it (decision 44)."""
    behind = found.newest is not None and found.newest > found.now + AHEAD
    said = f"机器的时间 {found.now:%Y-%m-%d %H:%M}"
    if behind:
        assert found.newest is not None
        newest = found.newest.astimezone(found.now.tzinfo)
        yield Finding(
            "time.behind", WRONG, f"{said} 早于最近一条办理记录 {newest:%Y-%m-%d %H:%M}",
            "校准机器的时间（timedatectl set-ntp true），再看 gongkai clock",
        )  # fmt: skip
    else:
        yield Finding("time.behind", RIGHT, f"{said} 不早于最近一条办理记录")
    if found.zone != OF_CHINA:
        hours = found.zone.total_seconds() / 3600
        yield Finding(
            "time.zone", LOOK,
            f"机器的时区是 UTC{hours:+g}，不是北京时间；期限仍按北京时间计算，但定时任务和别的日志会差几个小时",
            "timedatectl set-timezone Asia/Shanghai",
        )  # fmt: skip
    if found.synchronised is False:
        yield Finding(
            "time.synchronised", LOOK, "机器的时间没有与时间服务器同步，会慢慢走偏",
            "timedatectl set-ntp true；内网没有时间服务器的，每月对一次表",
        )  # fmt: skip
    elif found.synchronised:
        yield Finding("time.synchronised", RIGHT, "机器的时间与时间服务器同步")


def durable(off: list[str]) -> Finding:
    """Whether what was answered is on the disk. off: options of the database that are not as they should be."""
    if not off:
        return Finding("disk.durable", RIGHT, "每次保存都写到磁盘之后才答复")
    return Finding(
        "disk.durable", WRONG,
        f"数据库没有把每次保存都写到磁盘（{'，'.join(off)}），断电会丢失已经答复“收到”的申请",
        "在数据库服务器的配置中打开这些选项",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Serving:
    """How the pages are served. most_files: that a process may open, None where there is no limit or none is known."""

    host_is_local: bool
    https: bool
    proxies: bool
    workers: int
    cores: int
    root: bool
    most_files: int | None


def serving(found: Serving) -> Iterator[Finding]:
    """What the settings of `serve` and the system let it do."""
    wrong = list(_serving(found))
    yield from wrong or [Finding("serve", RIGHT, "服务程序的设置和系统的限制合适")]


def _serving(found: Serving) -> Iterator[Finding]:
    if not found.host_is_local and not found.https:
        yield Finding(
            "serve.https", LOOK, "网页对外开放，却没有设置 https，密码和申请内容在网络上是明文",
            "前面放一台 HTTPS 的代理服务器，设置 https = true 和 trusted_proxies", source="GB/T 22239",
        )  # fmt: skip
    if found.https and not found.proxies:
        yield Finding(
            "serve.proxies", LOOK, "设置了 https，却没有登记前面的代理服务器，访问次数都会算在它头上",
            "设置 trusted_proxies",
        )  # fmt: skip
    if found.root:
        yield Finding(
            "serve.root", LOOK, "程序以 root 用户运行，出了漏洞会连累整台机器",
            "建一个专用的用户运行，数据文件夹归它所有", source="GB/T 22239",
        )  # fmt: skip
    if found.workers > found.cores + 1:
        yield Finding(
            "serve.workers", LOOK,
            f"设置了 {found.workers} 个进程，机器只有 {found.cores} 个处理器，多出来的只占内存",
            f"设置 workers = {found.cores + 1}",
        )  # fmt: skip
    if found.most_files is not None and found.most_files < CONNECTIONS:
        yield Finding(
            "serve.files", LOOK,
            f"系统只让一个进程打开 {found.most_files} 个文件，同时来的人多了会有人打不开网页",
            f"在服务的配置里写 LimitNOFILE={CONNECTIONS}（或者 ulimit -n {CONNECTIONS}）",
        )  # fmt: skip


# -- keys and store ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Key:
    """A key. left: values that are still sealed with it."""

    number: int
    in_force: bool
    coming: bool
    left: int


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the installation. cipher, wanted: of the one in force, and of the setting; differs: what is said of a key
    in the environment and another one in the folder; keys: empty where they were not counted; words_sealed: as the
    setting has it; words_left: values that lie otherwise, None where they were not counted."""

    number: int
    cipher: str
    wanted: str
    differs: str | None
    keys: tuple[Key, ...]
    words_sealed: bool
    words_left: int | None


def keys(found: Keys) -> Iterator[Finding]:
    """Which key is in use, and what is left to do about the others."""
    yield Finding("key.force", RIGHT, f"正在使用第 {found.number} 个密钥（{found.cipher}）")
    if found.differs:
        said, _, remedy = found.differs.rpartition("：")
        yield Finding("key.differs", WRONG, said, remedy)
    if found.cipher != found.wanted:
        yield Finding(
            "key.cipher", LOOK,
            f"设置 cipher 是 {found.wanted}，正在使用的密钥是 {found.cipher}",
            "gongkai key rotate 换成新的密钥", source="密码法",
        )  # fmt: skip
    for one in found.keys:
        if one.coming:
            yield Finding(
                "key.coming", LOOK, f"第 {one.number} 个密钥已经放好，还没有使用", "gongkai key rotate"
            )  # fmt: skip
        elif one.left and not one.in_force:
            yield Finding(
                "key.left", LOOK, f"还有 {one.left} 项数据是用第 {one.number} 个密钥保存的",
                "gongkai key reseal",
            )  # fmt: skip
    if found.words_left:
        command, set_, now = (
            ("seal-texts", "加密", "明文")
            if found.words_sealed
            else ("unseal-texts", "明文", "加密")
        )
        yield Finding(
            "key.words", LOOK,
            f"设置是{set_}保存姓名、申请内容和办理记录，还有 {found.words_left} 项是{now}保存的",
            f"gongkai key {command}",
        )  # fmt: skip
    elif found.words_sealed and found.words_left == 0:
        yield Finding("key.words", RIGHT, "姓名、申请内容和办理记录都是加密保存的")


def shape(here: str | None, wanted: str, *, ahead: bool = False, half: bool = False) -> Finding:
    """Whether the store has the shape of this version. ahead: a later version brought it further, and this one may go on
    working with it; half: the way to its shape was cut off."""
    if half:
        return Finding(
            "store.shape", WRONG, "数据库上次升级时中断了，还没有升级完；别的没有检查",
            "再运行一次 gongkai migrate，从中断处接着升级",
        )  # fmt: skip
    if here == wanted:
        return Finding("store.shape", RIGHT, f"数据库是本版本的（{wanted}）")
    if ahead:
        return Finding(
            "store.shape", LOOK, f"数据库已由更新的版本升级（{here}），本版本（{wanted}）可以继续运行",
            "尽快换用新的版本",
        )  # fmt: skip
    if here is None:
        return Finding(
            "store.shape", WRONG, "还没有建库，别的没有检查", "gongkai init（docs/running.md）"
        )
    return Finding(
        "store.shape", WRONG,
        f"数据库是 {here}，本版本要 {wanted}：没有升级，或者程序比数据库旧；别的没有检查",
        "先备份，再运行 gongkai migrate；程序比数据库旧的，换回新的程序",
    )  # fmt: skip
