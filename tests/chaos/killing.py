"""An installation on loopback, its clients, and SIGKILL."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select

from config.settings import load
from tests.examples import ROOT
from workflow.case.number import number_of
from workflow.dates import today
from workflow.service.accounts import Accounts
from workflow.service.cases.verify import verify
from workflow.service.installation import migrate_office, open_office
from workflow.store.models import CaseRow, EventRow

BODY = "panlong"
START_SECONDS, ANSWER_SECONDS = 60, 30
FORM: dict[str, Any] = {
    "agency": BODY,
    "applicant": {
        "kind": "citizen", "name": "张三", "id_type": "resident_id", "id_number": "11010519491231002X",
        "phone": "13800000000",
    },
    "items": ["2023年度农村公路养护合同"], "delivery": ["pickup"], "medium": ["paper"],
}  # fmt: skip


@dataclass
class Told:
    """What clients were told. filed: by key, the number; moved: by key of the event, the number of its case."""

    filed: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    cut_off: int = 0
    """Calls that got no answer: sent again after the next start."""
    again: int = 0
    """Of these, those that were answered then."""
    wrong: list[str] = field(default_factory=list)


class Installation:
    """A store with a body and a clerk, and the program over it."""

    def __init__(self, folder: Path) -> None:
        self.env = {"GONGKAI_DATA_DIR": str(folder), "GONGKAI_WORKER_IN_SERVE": "false"}
        self.settings = load(self.env)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        office = open_office(self.settings)
        migrate_office(office)
        accounts = Accounts(office)
        accounts.initialise(code=BODY, name="盘龙乡", level="township")
        with office.store.write() as unit:
            body = office.found_agency(unit, BODY)
            accounts.add_user(
                unit, name="lifang", agency=body, roles=("clerk",), password_hash="none"
            )
        self.token = accounts.create_token("lifang")
        office.store.close()
        self.program: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and wait until a page is answered."""
        self.program = subprocess.Popen(
            [sys.executable, "gongkai.py", "serve", "--port", str(self.port)],
            cwd=ROOT, env={**os.environ, **self.env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                if ask(self.port, "127.0.0.1", "GET", "/")[0] == 200:
                    return
            except (OSError, HTTPException):
                ended = self.program.poll()
                assert ended is None, f"it ended with {ended} instead of serving"
                assert time.monotonic() < until, "it does not start"
                time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL, by its id; nothing of it is left to be written."""
        assert self.program is not None
        os.kill(self.program.pid, signal.SIGKILL)
        self.program.wait()
        self.program = None

    def end(self) -> None:
        if self.program is not None:
            self.kill()


def ask(
    port: int, source: str, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, Any]:
    """Status and JSON of an answer. source: the address from which it is asked: limits count by it. Raises OSError and
    HTTPException where there was none."""
    connection = HTTPConnection(
        "127.0.0.1", port, timeout=ANSWER_SECONDS, source_address=(source, 0)
    )
    try:
        said = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}  # fmt: skip
        connection.request(method, path, None if body is None else json.dumps(body), said)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text.startswith(b"{") else None
    finally:
        connection.close()


class Client(threading.Thread):
    """Files an application and assigns it, one after the other; what got no answer is sent again as it was."""

    def __init__(self, place: int, at: Installation, told: Told, seed: int) -> None:
        super().__init__(daemon=True)
        self.place, self.at, self.told = place, at, told
        self.random = Random(f"{seed}/{place}")
        self.over = threading.Event()
        self.calls = 0

    def run(self) -> None:
        while not self.over.is_set():
            key = f"file-{self.place}-{self.calls}"
            self.calls += 1
            filed = self._until_answered("/api/v1/applications", FORM, key, 201)
            if filed is None:
                continue
            self.told.filed[key] = number = filed["number"]
            event = {"event": "assign", "on": today().isoformat()}
            if (
                self._until_answered(f"/api/v1/cases/{number}/events", event, f"move-{key}", 200)
                is not None
            ):
                self.told.moved[f"move-{key}"] = number

    def _until_answered(self, path: str, body: Any, key: str, expected: int) -> Any:
        source = f"127.{self.random.randrange(1, 250)}.{self.random.randrange(250)}.{self.random.randrange(1, 250)}"
        cut_off = False
        while not self.over.is_set():
            try:
                status, said = ask(
                    self.at.port, source, "POST", path, body, Idempotency_Key=key,
                    Authorization=f"Bearer {self.at.token}",
                )  # fmt: skip
            except (OSError, HTTPException):
                self.told.cut_off += not cut_off
                cut_off = True
                time.sleep(0.05)
                continue
            if status == 503:
                time.sleep(0.1)
                continue
            if status != expected:
                self.told.wrong.append(f"{path} {key}: {status} {said}")
                return None
            self.told.again += cut_off
            return said
        return None


@contextmanager
def load_of(clients: int, at: Installation, told: Told, seed: int) -> Iterator[None]:
    """So many clients at once."""
    threads = [Client(place, at, told, seed) for place in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.over.set()
        for thread in threads:
            thread.join(2 * ANSWER_SECONDS)


def killed_again_and_again(at: Installation, kills: int, clients: int, seed: int) -> Iterator[Told]:
    """Kill it so often under load, at a moment that nobody chose; what was told until then, after each start."""
    told, random = Told(), Random(seed)
    at.start()
    try:
        with load_of(clients, at, told, seed):
            for _ in range(kills):
                before = len(told.filed) + len(told.moved)
                until = time.monotonic() + START_SECONDS
                while len(told.filed) + len(told.moved) <= before:
                    assert time.monotonic() < until and not told.wrong, (
                        told.wrong or "it does not go on"
                    )
                    time.sleep(0.01)
                time.sleep(random.uniform(0, 0.8))
                at.kill()
                at.start()
                yield told
            # What was cut off by the last kill is answered before the clients go.
            time.sleep(2)
    finally:
        at.end()


def faults(at: Installation, told: Told) -> list[str]:
    """What the store does not hold of what was told, or holds twice, or with gaps, or what does not follow from its log."""
    found, office = list(told.wrong), open_office(at.settings)
    try:
        with office.store.read() as unit:
            numbers = set(unit.session.scalars(select(CaseRow.number)))
            events = dict(
                unit.session.execute(
                    select(CaseRow.number, func.count())
                    .join(EventRow, EventRow.case_id == CaseRow.id)
                    .where(EventRow.event == "assign", EventRow.once.is_not(None))
                    .group_by(CaseRow.number)
                ).all()
            )  # fmt: skip
        found += [
            f"{number} was told and is not there"
            for number in told.filed.values()
            if number not in numbers
        ]
        if len(set(told.filed.values())) != len(told.filed):
            found.append("one number was told to two who filed")
        year = today().year
        if numbers != {number_of(year, count) for count in range(1, len(numbers) + 1)}:
            found.append("numbers have gaps")
        found += [
            f"{number} was moved and is not"
            for number in told.moved.values()
            if events.get(number) != 1
        ]
        found += [
            f"{number} was moved {times} times" for number, times in events.items() if times > 1
        ]
        unheard = told.cut_off - told.again
        if len(numbers) > len(told.filed) + unheard:
            found.append(
                f"{len(numbers)} cases, {len(told.filed)} told, {unheard} forms unanswered"
            )
        found += [f"{one.number}: {one.message}" for one in verify(office)]
    finally:
        office.store.close()
    return found
