"""`gongkai serve`: run the pages."""

import click
from flask import Flask
from waitress import serve as run

from config.settings import Settings, load
from webui.app import create_app
from workflow.service.files import MEGABYTE

BESIDE = "gongkai.beside_the_pages"
"""Under this name the entry leaves what runs beside the pages: settings → how to stop it, or None."""


@click.command()
@click.option("--host", default=None, help="address to listen on (default: setting host)")
@click.option("--port", type=int, default=None, help="port to listen on (default: setting port)")
@click.pass_context
def serve(context: click.Context, host: str | None, port: int | None) -> None:
    """Serve portal and desk until stopped; sends reminders as well, unless worker_in_serve is off."""
    settings = load()
    host, port = host or settings["host"], port or settings["port"]
    app = create_app(settings=settings)
    scheme = "https" if settings["https"] else "http"
    click.echo(f"公开：{scheme}://{host}:{port}/ （工作台 /desk/），按 Ctrl+C 停止")
    beside = context.meta.get(BESIDE)
    stop = beside(settings) if beside else None
    try:
        _run(app, settings, host, port)
    finally:
        if stop:
            stop()


def _run(app: Flask, settings: Settings, host: str, port: int) -> None:
    run(
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


commands = [serve]
