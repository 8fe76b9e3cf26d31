"""The shell's door to moving house: a whole installation from one store to another."""

import time
from dataclasses import asdict

import click

from config.settings import load
from workflow.commands.terminal import as_json, fail, show
from workflow.service import Unavailable
from workflow.service.copying import CannotCopy, NotTheSame, copy_installation
from workflow.service.storing import contents_of

EVERY = 2.0
"""Seconds between two lines of progress of one table."""


class Progress:
    """Lines of progress on the error output: each table when it begins, now and then, and when it is whole."""

    def __init__(self) -> None:
        self.said_at = 0.0

    def __call__(self, table: str, number: int, total: int) -> None:
        now = time.monotonic()
        if total and (number == total or now - self.said_at >= EVERY):
            self.said_at = now
            click.echo(f"  {table}：{number} / {total} 行", err=True)


@click.command()
@click.option("--from", "source", required=True, metavar="URL", help="the store to copy")
@click.option(
    "--to",
    "target",
    required=True,
    metavar="URL",
    help="an empty database or new SQLite file, or the same copy cut off before: then it goes on",
)
@as_json
def copy(source: str, target: str, as_json: bool) -> None:
    """Copy a whole installation from one store to another, such as sqlite:////srv/gongkai.db to
    postgresql://gongkai@host/gongkai and back, and compare: every row, the chains of the logs, the tables of
    every body and year. Stop the service before: what is written meanwhile is not copied. The key does not
    lie in the store: it stays in the data folder, or is put beside a SQLite file elsewhere. Exit code 1: the
    copy is not what the source is; 2: it cannot be made."""
    try:
        settings = load()
        done = copy_installation(
            source,
            target,
            settings.data_dir,
            Progress(),
            lambda line: click.echo(line, err=True),
            contents_of(settings),
        )
    except CannotCopy as error:
        fail(str(error))
    except Unavailable as error:
        fail(f"{error}。没有复制完；已复制的部分保留，再运行一次同样的命令，接着复制")
    except KeyboardInterrupt:
        fail("已经中断。已复制的部分保留；再运行一次同样的命令，接着复制")
    except NotTheSame as error:
        fail(f"{error}。这个副本不能使用", 1)
    if as_json:
        show({**asdict(done), "key": str(done.key) if done.key else None})
        return
    where = f"密钥在 {done.key}" if done.key else "密钥来自环境变量 GONGKAI_SECRET"
    click.echo(
        f"已复制并核对无误：{done.rows} 行，{done.cases} 件申请，{done.years} 个机关年度的表。{where}，"
        "请另行妥善保存。\n启用新库：把 GONGKAI_DATABASE_URL（或配置文件的 database_url）改为 --to 的地址，再启动服务"
    )


commands: list[click.Command] = [copy]
