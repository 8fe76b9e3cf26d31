"""The operator's door to where contents of files lie."""

import sys
import time
from dataclasses import asdict

import click

from config.errors import StorageAway
from workflow.commands.cases import office_in_force
from workflow.commands.terminal import as_json, fail, show
from workflow.service import storing

EVERY = 2.0
"""Seconds between two lines of progress."""


@click.group()
def files() -> None:
    """Where contents of files lie: in the database, a folder, or a bucket of an S3-compatible server."""


@files.command("status")
@as_json
def files_status(as_json: bool) -> None:
    """How many contents lie in which place, and where new ones go."""
    try:
        found = storing.where(office_in_force())
    except StorageAway as error:
        fail(error.why, 1)
    if as_json:
        show([asdict(one) for one in found])
        return
    for one in found:
        place = one.address or f"设置里没有的地方（标记 {one.mark}）"
        new = "，新的文件放在这里" if one.in_force else ""
        click.echo(f"{place}：{one.files} 份，{one.size / 1e6:.1f} MB{new}")


@files.command("move")
@as_json
def files_move(as_json: bool) -> None:
    """Bring all contents to where new ones go (file_storage), while files are sent and read; it may be cut off and run
    again. Each is read again in the new place before it is deleted in the old one. Exit code 1: some are damaged and
    stay where they are, or a place cannot be reached."""
    said_at = 0.0

    def told(number: int, total: int) -> None:
        nonlocal said_at
        now = time.monotonic()
        if number == total or now - said_at >= EVERY:
            said_at = now
            click.echo(f"  {number} / {total} 份", err=True)

    try:
        done = storing.move(office_in_force(), told)
    except StorageAway as error:
        fail(f"{error.why}。已经搬过去的不会丢失；再运行一次同样的命令，接着搬", 1)
    except KeyboardInterrupt:
        fail("已经中断。已经搬过去的不会丢失；再运行一次同样的命令，接着搬")
    if as_json:
        show(asdict(done))
    else:
        click.echo(f"已搬 {done.files} 份，{done.size / 1e6:.1f} MB，逐份读回核对无误")
    if done.spoilt:
        numbers = "、".join(map(str, done.spoilt[:20]))
        click.echo(f"{len(done.spoilt)} 份已经损坏或者缺失，没有动：材料 {numbers} 号。请运行 gongkai verify 查明", err=True)  # fmt: skip
        sys.exit(1)


@files.command("sweep")
@click.option("--delete", is_flag=True, help="delete it; else it is only counted")
@as_json
def files_sweep(delete: bool, as_json: bool) -> None:
    """Find what has lain outside for a day and belongs to no file: left where the program was killed while a file came.
    Not for a trial copy of an installation that uses the same folder or bucket: to it the files of the other belong to
    nothing."""
    try:
        done = storing.sweep(office_in_force(), delete=delete)
    except StorageAway as error:
        fail(error.why, 1)
    if as_json:
        show(asdict(done))
        return
    if done.noted:
        click.echo(f"补删了 {done.noted} 份以前没有删成的")
    what = "已删除" if delete else "没有删除；确认之后加 --delete 删除"
    click.echo(f"不属于任何材料的内容 {done.found} 份，{done.size / 1e6:.1f} MB" + (f"，{what}" if done.found else ""))  # fmt: skip


commands: list[click.Command] = [files]
