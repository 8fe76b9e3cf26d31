"""The shell's door to backups: one file of a whole installation, put back into an empty place, and that tried."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.engine import make_url

from config.errors import BadSetting
from config.settings import Settings, load
from workflow import dates
from workflow.commands.copy import Progress
from workflow.commands.terminal import as_json, fail, show
from workflow.dates import in_words
from workflow.service import Unavailable, stamps
from workflow.service.backups import state
from workflow.service.backups.making import Made, make_backup
from workflow.service.backups.restoring import Restored, drill, find_keys, restore
from workflow.service.backups.told import CannotBackUp, CannotRestore
from workflow.service.installation import open_office
from workflow.service.office import Office
from workflow.store.dialect import is_sqlite
from workflow.store.key_folder import WrongKey

FEWEST_LETTERS = 12
"""Of a passphrase."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="overwrite FILE where it is there already")
@click.option("--passphrase", is_flag=True, help="ask twice for a passphrase that seals the keys")
@as_json
def backup(file: Path, replace: bool, passphrase: bool, as_json: bool) -> None:
    """Back up the whole installation while it serves: store and files, sealed, into FILE, and the keys that open it into
    FILE.keys, which is to be kept elsewhere. What was answered before the start is in it. FILE appears whole and read
    again, or not at all. On PostgreSQL the same file is written, which can be put back into either database. Exit code 1:
    a content of a file is missing in the store, all the rest is in it; 2: no backup was made, and why."""
    settings = load()
    office = _office(settings)
    if office is None:
        fail("没有找到库，没有备份：请检查 GONGKAI_DATA_DIR 和 database_url")
    said = _asked_twice() if passphrase else None
    try:
        made = make_backup(
            office,
            settings.data_dir,
            file,
            passphrase=said,
            replace=replace,
            say=_say,
            told=Progress(),
        )
    except CannotBackUp as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("已经中断，没有备份，没有留下不完整的文件")
    _note(office, stamps.BACKED_UP, **made.noted())
    if as_json:
        show(_as_data(made))
    else:
        _tell_made(made, sealed=passphrase)
    if lacks := made.lacks():
        fail(lacks, 1)


def _tell_made(made: Made, *, sealed: bool) -> None:
    about = made.manifest
    click.echo(
        f"已备份并读回核对：{made.file}（{_size(made.size)}），{about.cases} 件申请，{about.files} 份材料，"
        f"{sum(about.rows.values())} 行。"
    )
    click.echo(
        f"密钥在 {made.keys}{'（须用密码打开）' if sealed else ''}：请另存到别处，不要与备份放在一起。"
        "没有密钥，备份谁也打不开；两样都拿到的人能看到全部内容。"
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--keys", "named", type=click.Path(path_type=Path), metavar="KEYS",
    help="where the keys are: FILE.keys, a secret.key, or a folder with one of these (default: FILE.keys beside FILE, else those here)",
)  # fmt: skip
@click.option(
    "--drill",
    "only_try",
    is_flag=True,
    help="try it in a temporary folder and print a protocol (恢复演练)",
)
@click.option("--passphrase", is_flag=True, help="ask for the passphrase of the keys")
@as_json
def restore_command(
    file: Path, named: Path | None, only_try: bool, passphrase: bool, as_json: bool
) -> None:
    """Put a backup FILE back into an empty place: a data folder without a store, or an empty PostgreSQL database.
    Everything is opened, held to what the backup said (rows, tables 3 and 4, heads of the chains) and verified before it
    gets its place; one of an earlier version is brought to the shape of this one. Cut off, the same command goes on. Exit
    code 1: something does not hold; 2: nothing was put back, and why."""
    settings = load()
    try:
        keys = find_keys(file, named, settings.data_dir, _asked if passphrase else None)
        if only_try:
            done = drill(file, keys, settings.data_dir, dates.now, _say)
        else:
            done = restore(
                file, keys, settings.database_url, settings.data_dir, dates.now, _say, Progress()
            )
    except CannotRestore as error:
        if only_try and (office := _office(settings)) is not None:
            _note(office, stamps.DRILL, good=False)
        fail(str(error))
    except KeyboardInterrupt:
        fail("已经中断，没有恢复完：请再运行一次同样的命令")
    if only_try and (office := _office(settings)) is not None:
        _note(office, stamps.DRILL, good=done.good, own=done.keys.own)
    if as_json:
        show(_told(done))
    else:
        _protocol(done, settings, only_try=only_try)
    sys.exit(0 if done.good else 1)


def _protocol(done: Restored, settings: Settings, *, only_try: bool) -> None:
    about = done.manifest
    lines = {
        "备份文件": str(done.file),
        "备份时间": _moment(about.made_at),
        "备份的版本": f"{about.version}（{'以前的版本，已升级到本版本' if done.older else '与本版本相同'}）",
        "开始时间": _moment(done.begun_at),
        "用时": _long(done.seconds),
        "所用密钥": done.keys.place,
        "内容": f"{about.cases} 件申请，{about.files} 份材料，{sum(about.rows.values())} 行",
        "比较": f"{len(about.rows)} 张表的行数，{len(about.tables or {})} 个机关年度的表三、表四，链头，全部日志和密文",
        "结果": "全部相符" if done.good else f"有 {len(done.faults)} 处不符",
    }
    click.echo("恢复演练记录" if only_try else "恢复记录")
    for name, said in lines.items():
        click.echo(f"  {name}：{said}")
    for said in (*done.faults, *done.notices):
        click.echo(f"  {said}")
    if done.keys.own and only_try:
        click.echo("这次用的是本机的密钥。要知道另外保存的密钥能不能用，请加 --keys 再演练一次。")
    if not only_try:
        where = settings.data_dir if is_sqlite(settings.database_url) else "PostgreSQL"
        click.echo(
            f"已恢复到 {where}。备份之后收到和办理的不在其中，请按纸质材料和邮件补录；"
            "等待发送的消息可能会再发一次。请启动服务，再运行 gongkai doctor"
        )


def _office(settings: Settings) -> Office | None:
    """The office over the store in force, as it is; None where there is none."""
    url = settings.database_url
    try:
        if is_sqlite(url) and not Path(make_url(url).database or "").is_file():
            return None
    except ValueError:
        pass  # said below
    return open_office(settings, weak=True)


def _note(office: Office, name: str, **said: Any) -> None:
    """What was done is noted; where that cannot be, it was done all the same."""
    try:
        state.note(office, name, **said)
    except (Unavailable, BadSetting, WrongKey) as error:
        click.echo(f"没有记下这次的时间：{error}", err=True)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _asked() -> str:
    return str(click.prompt("密钥文件的密码", hide_input=True, err=True))


def _asked_twice() -> str:
    said = _asked()
    if len(said) < FEWEST_LETTERS:
        fail(f"密码至少 {FEWEST_LETTERS} 个字符，没有备份")
    if click.prompt("再输入一次", hide_input=True, err=True) != said:
        fail("两次输入的密码不同，没有备份")
    return said


def _size(size: int) -> str:
    return f"{size / (1 << 20):.1f} MB" if size >= 1 << 20 else f"{size / (1 << 10):.0f} KB"


def _long(seconds: float) -> str:
    minutes, rest = divmod(max(1, round(seconds)), 60)
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"


def _moment(at: datetime) -> str:
    here = at.astimezone(dates.SHANGHAI)
    return f"{in_words(here.date())} {here:%H:%M}"


def _as_data(made: Made) -> dict[str, Any]:
    about = made.manifest
    return {
        "file": str(made.file), "keys": str(made.keys) if made.keys else None, "size": made.size,
        "made_at": about.made_at.isoformat(), "revision": about.revision, "cases": about.cases,
        "files": about.files, "lacking": about.lacking, "rows": dict(about.rows), "tables": len(about.tables or {}),
    }  # fmt: skip


def _told(done: Restored) -> dict[str, Any]:
    return {
        "file": str(done.file), "made_at": done.header.made_at.isoformat(), "revision": done.header.revision,
        "older": done.older, "cases": done.manifest.cases, "files": done.manifest.files,
        "rows": dict(done.manifest.rows), "tables": len(done.manifest.tables or {}), "own_keys": done.keys.own,
        "good": done.good, "faults": list(done.faults), "notices": list(done.notices),
        "seconds": round(done.seconds, 1),
    }  # fmt: skip


commands: list[click.Command] = [backup, restore_command]
