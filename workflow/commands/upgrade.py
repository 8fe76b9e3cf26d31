"""The operator's door to an upgrade: what it would do, the upgrade itself, and the way back."""

import sys
from dataclasses import asdict

import click

from config.settings import Settings, load
from workflow.commands.terminal import as_json, fail, show
from workflow.refusal import BadInput
from workflow.service.installation import open_office
from workflow.service.office import Office
from workflow.service.upgrading import (
    BACKUP_HOURS,
    NOT_PROMISED,
    Done,
    Outlook,
    look,
    rehearse,
    take_back,
    way_back,
)
from workflow.service.upgrading import upgrade as upgrade_office


@click.command()
@click.option("--check", is_flag=True, help="only say what it would do; exit code 1 if something is in the way")  # fmt: skip
@click.option("--rehearse", "rehearsing", is_flag=True, help="upgrade a copy of the store, which goes away again")  # fmt: skip
@click.option("--backup-within", type=click.IntRange(1, 8760), default=BACKUP_HOURS, show_default=True, metavar="HOURS", help="how old the last backup may be")  # fmt: skip
@click.option("--without-backup", is_flag=True, help="a backup was made by other means")
@click.option("--back", metavar="REVISION", help="back to an earlier shape, or to the `previous` one, as far as that is promised")  # fmt: skip
@click.option("--yes", is_flag=True, help="with --back: what is lost may be lost")
@as_json
def upgrade(
    check: bool, rehearsing: bool, backup_within: int, without_backup: bool, back: str | None,
    yes: bool, as_json: bool,
) -> None:  # fmt: skip
    """Bring the store to this version: look, ask for a backup, migrate, verify.

    Exit code 0: done, or nothing to do, or with --check nothing in the way; 1: something is in the way, or `verify` found
    something; 2: the store or the settings cannot be read.
    """
    if sum((check, rehearsing, back is not None)) > 1:
        raise click.UsageError("--check、--rehearse、--back 只能用其中一个")
    settings = load()
    office = open_office(settings)
    hours = None if without_backup else backup_within
    if back is not None:
        _back(office, settings, back, hours=hours, yes=yes)
        return
    found = look(office, settings)
    if found.here is None:
        fail(
            "这里还没有库：新安装请运行 gongkai init；已经用过的，请检查 GONGKAI_DATA_DIR 和 database_url"
        )
    in_the_way = found.in_the_way(office.now(), hours)
    if check and as_json:
        show({**_as_data(found), "in_the_way": in_the_way})
    elif not as_json:
        _tell(found)
    if check:
        _stand_in_the_way(in_the_way, quiet=as_json)
        return
    if rehearsing and found.ahead:
        return
    if rehearsing:
        _told(rehearse(office), found, as_json=as_json, rehearsed=True)
        return
    _stand_in_the_way(in_the_way)
    if not found.to_do:
        if as_json:
            show(_as_data(found))
        return
    done = upgrade_office(office)
    _told(done, found, as_json=as_json)


def _stand_in_the_way(found: list[str], *, quiet: bool = False) -> None:
    if not quiet:
        for one in found:
            click.echo(f"不能升级：{one}", err=True)
    if found:
        sys.exit(1)


def _as_data(found: Outlook) -> dict[str, object]:
    return {
        **asdict(found), "to_do": found.to_do, "side_by_side": found.side_by_side, "needed": found.needed,
    }  # fmt: skip


def _tell(found: Outlook) -> None:
    """Everything that was looked at, a line each."""
    click.echo(f"库现在是 {found.here}，本程序是 {found.wanted}")
    if found.ahead:
        click.echo("库已由更新的版本升级，这个版本可以继续使用它，不需要升级")
        return
    if not found.to_do:
        click.echo("已是最新，不需要升级")
        return
    if found.half:
        click.echo("上次升级时中断了，还没有升级完，从中断处接着做；那一次的各步：")
    for step in found.steps:
        way = "可以与以前的版本同时运行" if step.side_by_side else "须停止以前的版本"
        click.echo(f"  {step.revision}  {step.says}（{way}）")
    if found.refolds:
        click.echo(
            f"放假安排或者规则表有变动：{found.cases} 件申请重新计算，其中没有办结的 {found.open_cases} 件；"
            "期限变动多少件，运行 gongkai upgrade --rehearse 可以知道"
        )
    click.echo(
        "升级时以前的版本可以继续运行，逐个换新" if found.side_by_side else "升级时须停止全部程序，升级之后再用新版本启动"
    )  # fmt: skip
    click.echo(f"库里有 {found.cases} 件申请，大约需要{_lasting(found.seconds)}")
    if found.free is None:
        click.echo(f"数据库约 {_size(found.size)}；数据库所在机器的磁盘空间请自行查看")
    else:
        click.echo(
            f"数据库 {_size(found.size)}，约需空间 {_size(found.needed or 0)}，现有 {_size(found.free)}"
        )
    click.echo(
        f"上一次备份：{f'{found.backup_at:%Y-%m-%d %H:%M}' if found.backup_at else '没有记录'}"
    )
    click.echo(
        f"通知程序{'正在运行' if found.worker else '没有运行'}；十分钟之内有 {found.at_work} 人在用"
    )


def _lasting(seconds: float) -> str:
    if seconds < 60:
        return "几秒" if seconds < 10 else "不到一分钟"
    return f" {round(seconds / 60) + 1} 分钟"


def _size(size: int) -> str:
    return f"{max(size / 1_000_000, 0.1):,.1f} MB"


def _told(done: Done, found: Outlook, *, as_json: bool, rehearsed: bool = False) -> None:
    if as_json:
        show({**asdict(done), "rehearsed": rehearsed})
    else:
        what = "试升级（库没有改动）" if rehearsed else "已升级"
        click.echo(
            f"{what}：{done.before} → {done.after}，用了 {done.seconds:.0f} 秒；"
            f"没有办结的 {found.open_cases} 件申请中，{done.moved} 件的期限有变动"
        )
        for one in done.broken:
            click.echo(f"{one.agency} {one.number}：{one.message}")
        wrong = (
            "副本上有不符之处，请不要升级，先查明原因"
            if rehearsed
            else "有不符之处，请不要继续使用，恢复升级前的备份"
        )
        click.echo(wrong if done.broken else "日志与案卷全部相符", err=True)
    sys.exit(1 if done.broken else 0)


def _back(office: Office, settings: Settings, to: str, *, hours: int | None, yes: bool) -> None:
    try:
        way = way_back(office, to)
    except BadInput as error:
        fail(error.errors[0].message, 1)
    if way.needless:
        click.echo(
            f"{way.to} 的程序可以直接使用现在的库，一般不需要退回：停止现在的程序，启动以前的程序就可以"
        )
    if not way.promised:
        fail(NOT_PROMISED, 1)
    for one in way.lost:
        click.echo(f"将会丢失：{one}")
    found = look(office, settings)
    if found.worker:
        fail(
            "还有程序在使用本库：请先停止全部 gongkai serve 和 gongkai worker（停止之后等一分钟）",
            1,
        )
    if stale := found.backup_lacking(office.now(), hours):
        fail(stale, 1)
    if not yes:
        fail("没有退回。确定退回的，再运行一次，加上 --yes", 1)
    take_back(office, way)
    click.echo(f"已退回 {way.to}：请不要再用这个版本的程序启动，用以前的程序")


commands: list[click.Command] = [upgrade]
