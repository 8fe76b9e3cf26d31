"""`gongkai serve`: run the pages."""

import errno
import os
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import NoReturn

import click
from flask import Flask

from config.errors import in_chinese
from config.settings import KNOWN, Settings, load
from webui.app import create_app
from webui.serving.connections import DRAIN_SECONDS, Server, listening
from webui.serving.figures import Figures
from webui.serving.lanes import DESK_THREADS, PORTAL_THREADS, Lanes
from webui.serving.passing import Share, shares
from webui.serving.processes import NOTHING_TO_DO, Parent, can_share, until_signalled
from workflow.service.log_lines import write_logs

BESIDE = "gongkai.beside_the_pages"
"""Under this name the entry leaves what runs beside the pages: settings → how to stop it, or None."""

DESK_NICER = 5
"""How much the processes of the desk stand back behind the portal's (nice)."""
PORT_MOST = 65535
"""Above it waitress would take the port modulo 65536, without a word."""


@click.command()
@click.option("--host", default=None, help="address to listen on (default: setting host)")
@click.option("--port", type=int, default=None, help="port to listen on (default: setting port)")
@click.option(
    "--workers",
    type=click.IntRange(1, KNOWN["workers"].most),
    default=None,
    help="processes that share the port (default: setting workers)",
)
@click.pass_context
def serve(context: click.Context, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve portal and desk until stopped; sends reminders as well, unless worker_in_serve is off."""
    settings = load()
    host, port = host or settings["host"], port if port is not None else settings["port"]
    workers = workers or settings["workers"]
    if not 1 <= port <= PORT_MOST:
        _give_up(f"端口 {port} 不存在，请用 1 到 {PORT_MOST} 之间的数，一般是 8000")
    if workers > 1 and not can_share():
        _give_up("这个系统（Windows）只能用一个进程提供服务，请去掉 --workers 或者设置 workers")
    try:
        write_logs(settings)
    except OSError as error:
        _give_up(f"日志文件 {settings['log_file']} 无法写入：{in_chinese(error)}")
    try:
        sockets = listening(host, port)
    except ValueError:
        _give_up(f"找不到地址 {host}，请检查 --host 或者设置 host，一般是 127.0.0.1")
    except OSError as error:
        _give_up(_not_opened(host, port, error))
    figures = Figures(workers + 1 if workers > 1 else 1, shared=True)
    try:
        app = create_app(settings=settings, figures=figures)
    except BaseException:
        for one in sockets:
            one.close()
        raise
    scheme = "https" if settings["https"] else "http"
    click.echo(f"公开：{scheme}://{host}:{port}/ （工作台 /desk/），按 Ctrl+C 停止")
    if said := _proxies(settings):
        click.echo(said)
    beside = context.meta.get(BESIDE) or (lambda _: None)
    if workers == 1:
        _serve(app, sockets, settings, beside)
    else:
        _serve_in(workers, app, sockets, settings, beside, figures)


Beside = Callable[[Settings], Callable[[], None] | None]
"""Starts what runs beside the pages; what stops it, or None where nothing runs."""


def _serve(app: Flask, sockets: list[socket.socket], settings: Settings, beside: Beside) -> None:
    """Pages, and what runs beside them, in this process."""
    server = Server(app, sockets, settings)
    until_signalled(server.stop)
    stop = beside(settings)
    try:
        server.run()
    finally:
        if stop:
            stop()


def _serve_in(
    workers: int,
    app: Flask,
    sockets: list[socket.socket],
    settings: Settings,
    beside: Beside,
    figures: Figures,
) -> None:
    """Pages in so many processes, the first of them the portal's own; and what runs beside them in one
    more."""
    for_portal, for_desk = shares()

    def pages(share: Share, slot: int) -> int:
        figures.here(slot)
        # Beside no portal the desk may compute in more threads: short pages pass the long ones.
        lanes = Lanes(desk=PORTAL_THREADS if share.desk else DESK_THREADS)
        server = Server(app, sockets, settings, lanes=lanes, share=share)
        until_signalled(server.stop)
        if share.desk:
            # Where all processors are taken the portal goes first; else it costs the desk nothing.
            os.nice(DESK_NICER)
        server.run()
        return 0

    def messages() -> int:
        figures.here(workers)
        told = threading.Event()
        until_signalled(told.set)
        stop = beside(settings)
        if stop is None:
            return NOTHING_TO_DO
        told.wait()
        stop()
        return 0

    # A connection to the store belongs to one process: each child opens its own.
    app.extensions["gongkai"].office.store.close()
    desks = [partial(pages, for_desk, slot) for slot in range(1, workers)]
    acts = [partial(pages, for_portal, 0), *desks, messages]
    Parent(acts, sockets, DRAIN_SECONDS + 10).run()


def _proxies(settings: Settings) -> str:
    """Whose headers are believed, where that matters."""
    if settings["trusted_proxies"]:
        return f"前面的代理服务器：{settings['trusted_proxies']}（只采用它们的 X-Forwarded-*）"
    if settings["https"]:
        return "没有登记代理服务器，不采用任何 X-Forwarded-*；前面有代理的，请设置 trusted_proxies"
    return ""


def _give_up(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)


def _not_opened(host: str, port: int, error: OSError) -> str:
    """One line for the operator: why there is no server, and what to do."""
    if error.errno == errno.EADDRINUSE:
        why, other = f"端口 {port} 已经被占用（可能本系统已在运行）", port + 1
    elif error.errno in (errno.EACCES, errno.EPERM):
        why, other = f"没有权限使用端口 {port}", 8000 if port < 1024 else port + 1
    else:
        return (
            f"不能在 {host} 端口 {port} 提供服务：{in_chinese(error)}。请检查 host 和 port 的设置"
        )
    other = other if other <= PORT_MOST else 8000
    return f"{why}。请换一个端口：make run PORT={other}，或者 gongkai serve --port {other}"


commands = [serve]
