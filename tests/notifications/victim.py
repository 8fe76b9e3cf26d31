"""A worker in a process of its own that is killed (SIGKILL) at a named point.

The processes are forks of one that has loaded the house and done nothing else.
"""

import os
import signal
from collections.abc import Callable
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from config.channels import in_force
from config.settings import load
from notifications.worker import Worker
from workflow.service import Office
from workflow.store.sealed import Secrets
from workflow.store.store import Store

POINTS = (
    "before claim",  # it waits
    "after claim",  # claimed; the channel has not been asked
    "before handing",  # connected and greeted; nothing was given away
    "after handing",  # marked; nothing was given away yet
    "before mark",  # the receiver has it; not marked
    "after mark",  # all done
)


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before(act: Callable[..., Any]) -> Callable[..., Any]:
    def dying(*given: Any, **named: Any) -> Any:
        die()
        return act(*given, **named)

    return dying


def after(act: Callable[..., Any]) -> Callable[..., Any]:
    def dying(*given: Any, **named: Any) -> Any:
        act(*given, **named)
        die()

    return dying


def arm(worker: Worker, point: str) -> None:
    """Wrap the step at which the process dies; the product itself knows of no such point."""
    outbox = worker.outbox
    name, wrap = {
        "before claim": ("claim", before),
        "after claim": ("claim", after),
        "before handing": ("handing", before),
        "after handing": ("handing", after),
        "before mark": ("sent", before),
        "after mark": ("sent", after),
    }[point]
    setattr(outbox, name, wrap(getattr(outbox, name)))


FORKS = get_context("forkserver")
FORKS.set_forkserver_preload([__name__])


def started(said: Path, folder: Path, *given: Any, **settings: Any) -> ForkServerProcess:
    """Start the worker with what `work` takes; what it says goes to the file."""
    from tests.stores import for_others  # of no use in the process that is killed

    store = for_others(folder / "store.db")
    process = FORKS.Process(target=_working, args=(said, (store, folder, *given), settings))
    process.start()
    return process


def _working(said: Path, given: tuple[Any, ...], settings: dict[str, Any]) -> None:
    with said.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    work(*given, **settings)


def work(
    store: str, folder: Path, moment: datetime, point: str, channel: str, **given: Any
) -> None:
    """Send what waits for the channel. store: its address; the keys are in the folder, the moment is what the
    clock says, the point is one of POINTS or "none", given are settings."""
    settings = load({f"GONGKAI_{name.upper()}": str(value) for name, value in given.items()})
    office = Office(
        Store(store),
        Secrets.of_folder(folder),
        now=lambda: moment,
        channels=in_force(settings),
    )
    worker = Worker(office, settings)
    worker.lead()
    worker.recover()
    if point != "none":
        arm(worker, point)
    worker.send(channel)
