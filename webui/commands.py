"""`gongkai serve`: run the pages."""

import errno
import logging
import sys
from typing import NoReturn

import click
from flask import Flask
from waitress import create_server
from waitress.server import BaseWSGIServer, MultiSocketServer

from config.settings import Settings, load
from webui.app import create_app
from workflow.service.files import MEGABYTE

BESIDE = "gongkai.beside_the_pages"
"""Under this name the entry leaves what runs beside the pages: settings → how to stop it, or None."""

PORT_MOST = 65535
"""Above it waitress would take the port modulo 65536, without a word."""


@click.command()
@click.option("--host", default=None, help="address to listen on (default: setting host)")
@click.option("--port", type=int, default=None, help="port to listen on (default: setting port)")
@click.pass_context
def serve(context: click.Context, host: str | None, port: int | None) -> None:
    """Serve portal and desk until stopped; sends reminders as well, unless worker_in_serve is off."""
    settings = load()
    host, port = host or settings["host"], port if port is not None else settings["port"]
    if not 1 <= port <= PORT_MOST:
        _give_up(f"端口 {port} 不存在，请用 1 到 {PORT_MOST} 之间的数，一般是 8000")
    app = create_app(settings=settings)
    logging.basicConfig()
    try:
        server = _server(app, settings, host, port)
    except ValueError:
        _give_up(f"找不到地址 {host}，请检查 --host 或者设置 host，一般是 127.0.0.1")
    except OSError as error:
        _give_up(_not_opened(host, port, error))
    scheme = "https" if settings["https"] else "http"
    click.echo(f"公开：{scheme}://{host}:{port}/ （工作台 /desk/），按 Ctrl+C 停止")
    beside = context.meta.get(BESIDE)
    stop = beside(settings) if beside else None
    try:
        server.run()
    finally:
        if stop:
            stop()


def _server(
    app: Flask, settings: Settings, host: str, port: int
) -> BaseWSGIServer | MultiSocketServer:
    """The server, listening. Raises ValueError for an address that cannot be found, OSError where
    address and port cannot be had."""
    return create_server(
        app,
        host=host,
        port=port,
        ident=None,
        # Behind a proxy the address of the visitor is in the headers that it adds.
        clear_untrusted_proxy_headers=not settings["https"],
        # A file that may come in is held in memory until it is checked, never in a temporary file.
        inbuf_overflow=(settings["upload_megabytes"] + 1) * MEGABYTE,
        max_request_body_size=(settings["upload_megabytes"] + 1) * MEGABYTE * 4,
    )


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
        return f"不能在 {host} 端口 {port} 提供服务：{error.strerror or error}。请检查 host 和 port 的设置"
    other = other if other <= PORT_MOST else 8000
    return f"{why}。请换一个端口：make run PORT={other}，或者 gongkai serve --port {other}"


commands = [serve]
