"""A worker in a process of its own that is killed (SIGKILL) at a named point.

    python -m tests.notifications.victim FOLDER NOW POINT CHANNEL [name=value …]

The store and the keys are in FOLDER, NOW is what the clock says. POINT is one of POINTS, or "none".
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from config.channels import in_force
from config.settings import load
from notifications.worker import Worker
from workflow.service import Office
from workflow.store.sealed import Secrets
from workflow.store.unit import Store

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


def main(folder: str, now: str, point: str, channel: str, *given: str) -> None:
    names = dict(pair.split("=", 1) for pair in given)
    settings = load({f"GONGKAI_{name.upper()}": value for name, value in names.items()})
    moment = datetime.fromisoformat(now)
    office = Office(
        Store(f"sqlite:///{Path(folder) / 'store.db'}"),
        Secrets.of_folder(Path(folder)),
        now=lambda: moment,
        channels=in_force(settings),
    )
    worker = Worker(office, settings)
    worker.lead()
    worker.recover()
    if point != "none":
        arm(worker, point)
    worker.send(channel)


if __name__ == "__main__":
    main(*sys.argv[1:])
