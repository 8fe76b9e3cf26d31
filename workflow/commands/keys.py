"""The operator's door to the keys."""

import sys
from dataclasses import asdict

import click

from config.settings import load
from workflow.commands.terminal import as_json, fail, show
from workflow.service.installation import READY, migrate_office, open_office
from workflow.service.keys import InstallationKeys, NotInOrder, Resealed, WrittenOtherwise
from workflow.service.office import Office


def _office() -> Office:
    office = open_office(load(), weak=True, wanted=READY)
    migrate_office(office)
    return office


@click.group()
def key() -> None:
    """The keys of the installation: which there are, a new one, sealing anew."""


@key.command("status")
@as_json
def key_status(as_json: bool) -> None:
    """Every key, and what hangs on it."""
    found = InstallationKeys(_office()).status()
    if as_json:
        show([{**asdict(one), "needed": one.needed} for one in found])
        return
    for one in found:
        where = "正在使用" if one.in_force else "已放好，还没有使用" if one.coming else "以前的"
        here = "" if one.here else "，不在本机"
        click.echo(f"第 {one.number} 个密钥（{one.cipher or '—'}）：{where}{here}")
        if one.to_seal:
            click.echo(f"  用它保存的数据 {sum(one.to_seal.values())} 项")
        if one.to_prove:
            click.echo(f"  要靠它才能核对的记录 {sum(one.to_prove.values())} 条")
        if not one.needed:
            click.echo("  不再需要")


@key.command("rotate")
@click.option("--prepare", is_flag=True, help="only lay the new key ready, for several machines")
@click.option("--later", is_flag=True, help="do not seal anew now")
def key_rotate(prepare: bool, later: bool) -> None:
    """Let a new key be in force, and seal everything anew with it; servers go on meanwhile."""
    keys = InstallationKeys(_office())
    if prepare:
        click.echo(
            f"新的密钥在 {keys.prepare()}，还没有使用。请复制到每一台机器的数据文件夹，再运行 gongkai key rotate"
        )
        return
    done = keys.rotate()
    click.echo(
        f"正在使用第 {done.number} 个密钥 {done.path}；以前的密钥在 {done.earlier}。请把两个文件都保存好"
    )
    if done.from_environment:
        click.echo("环境变量 GONGKAI_SECRET 里的密钥不再使用：请删去这个变量")
    if later:
        click.echo("数据还没有换用新的密钥：请运行 gongkai key reseal")
    else:
        _reseal(keys, search=True)


@key.command("reseal")
@click.option("--without-search", is_flag=True, help="leave the index, while which nobody can save")
def key_reseal(without_search: bool) -> None:
    """Seal everything with the key in force; it may be cut off and run again, and servers go on meanwhile."""
    _reseal(InstallationKeys(_office()), search=not without_search)


def _reseal(keys: InstallationKeys, *, search: bool) -> None:
    try:
        done = keys.reseal(
            lambda name, rows: click.echo(f"{name}：{rows}", err=True), search=search
        )
    except NotInOrder as error:
        fail(str(error), 1)
    _tell(done)


def _tell(done: Resealed) -> None:
    click.echo(f"已用现在的密钥重新保存 {done.rows} 项")
    if done.spoilt:
        for name, count in done.spoilt.items():
            click.echo(f"{name}：{count} 项无法解开，没有改动", err=True)
        click.echo("请运行 gongkai verify 查明", err=True)
        sys.exit(1)


@key.command("seal-texts")
@click.option("--later", is_flag=True, help="leave the index and the free space for now")
def key_seal_texts(later: bool) -> None:
    """Seal the names, requests and words of logs that lie plain; needs the setting seal_texts."""
    _turn(seal=True, finish=not later)


@key.command("unseal-texts")
@click.option("--later", is_flag=True, help="leave the index and the free space for now")
def key_unseal_texts(later: bool) -> None:
    """Let the names, requests and words of logs that are sealed lie plain again; needs the setting seal_texts off."""
    _turn(seal=False, finish=not later)


def _turn(*, seal: bool, finish: bool) -> None:
    keys = InstallationKeys(_office())
    try:
        done = keys.turn_words(
            lambda name, rows: click.echo(f"{name}：{rows}", err=True), seal=seal, finish=finish
        )
    except WrittenOtherwise as error:
        fail(f"{error}（seal_texts = {str(seal).lower()}）")
    except NotInOrder as error:
        fail(str(error), 1)
    _tell(done)
    if not finish:
        click.echo("查找用的索引和数据库的空闲空间里还有以前的内容：请再运行一次，不加 --later")


commands: list[click.Command] = [key]
