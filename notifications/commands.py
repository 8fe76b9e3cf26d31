"""`gongkai worker`: send what is due until stopped."""

import logging
import signal
import threading
from collections.abc import Callable, Mapping
from typing import Any

import click

from config.settings import load
from notifications.worker import Worker
from workflow.service import Office
from workflow.service.installation import READY, open_office, start_office
from workflow.service.log_lines import write_logs
from workflow.service.logs import without_values
from workflow.service.messages.channels import Channels


@click.command()
@click.option(
    "--once", is_flag=True, help="do what is due now and stop; exit code 1 if another leads"
)
def worker(once: bool) -> None:
    """Send reminders and messages; of several workers one leads, the others stand by."""
    without_values()
    settings = load()
    write_logs(settings, logging.INFO)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    office = start_office(settings)
    one = Worker(office, settings)
    _say_what_stays(office, settings)
    if once:
        if not one.lead():
            raise SystemExit(1)
        one.make_round()
        one.back_up()
        one.recover()
        tried = one.send_all()
        one.stop()
        click.echo(f"处理了 {tried} 条消息")
        return
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    one.start()
    click.echo("通知程序已经启动，按 Ctrl+C 停止")
    stopped.wait()
    one.stop()


def beside_the_pages(settings: Mapping[str, Any]) -> Callable[[], None] | None:
    """Run a worker in threads of the serving process, if the setting says so; how to stop it."""
    if not settings["worker_in_serve"]:
        return None
    office = open_office(load(), wanted=READY)
    one = Worker(office, settings)
    _say_what_stays(office, settings)
    one.start()
    return one.stop


def _say_what_stays(office: Office, settings: Mapping[str, Any]) -> None:
    """What this process will not send, and what waits for that: nothing is to queue in silence."""
    for line in Channels(office).closed(settings):
        click.echo(f"注意：{line}（页面“通道”）", err=True)


commands: list[click.Command] = [worker]
