"""Reading, filing and desk work at once against `gongkai serve`, on loopback and for a bounded time.

    python -m tests.bench.load [--cases 1000] [--bodies 5] [--seconds 20] [--clients 8] [--workers 2]
                               [--database URL] [--json FILE] [--soak MINUTES]

Fills an installation of its own by `gongkai simulate`, serves it, lets the clients work without a pause,
and prints for each kind of request how many were answered, how long (median, 95 and 99 of 100) and what
was not answered well, the CPU time of the server for each request, and its memory before and after. The
same clients then ask a bare Flask application behind waitress: the ceiling of this machine and client.
Every client has addresses of its own within 127.0.0.0/8, as people have, so that limits hold for nobody
who would not meet them. `--soak` lets everybody work for so many minutes instead, a request a second each, and
tells the memory every minute. Not a test: seconds depend on the machine.
"""

import argparse
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
PASSWORD = "Load-of-2026"
BODY = "loadcity"
TICKS = os.sysconf("SC_CLK_TCK")
PSS = re.compile(r"^Pss:\s+(\d+)", re.MULTILINE)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
LINK = re.compile(r'href="(/desk/cases/[^"#?]+)"')
HELLO = """
from flask import Flask
from waitress import serve
import sys
app = Flask("hello")
@app.route("/", methods=["GET", "POST"])
def hello():
    return "hello"
serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=4)
"""


@dataclass
class Told:
    """What the clients saw: seconds by kind of request, and what went wrong how often."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, seconds: float, status: int | str) -> None:
        with self.lock:
            if status in (200, 201, 302, 303):
                self.seconds[kind].append(seconds)
            else:
                self.wrong[f"{kind} {status}"] += 1


class Client:
    """One person at one browser, from an address of its own."""

    def __init__(self, port: int, told: Told, rng: random.Random) -> None:
        self.port, self.told, self.rng = port, told, rng
        self.cookies: dict[str, str] = {}
        self.connection = self._connected()

    def _connected(self) -> HTTPConnection:
        where = f"127.{self.rng.randrange(1, 255)}.{self.rng.randrange(255)}.{self.rng.randrange(1, 255)}"
        return HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(where, 0))

    def elsewhere(self) -> None:
        """Go on as somebody else, from another address."""
        self.connection.close()
        self.connection, self.cookies = self._connected(), {}

    def ask(self, kind: str, method: str, path: str, body: str = "", **headers: str) -> str:
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        begun = time.perf_counter()
        try:
            self.connection.request(method, path, body or None, sent)
            answer = self.connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            self.told.add(kind, 0, type(error).__name__)
            self.connection.close()
            return ""
        self.told.add(kind, time.perf_counter() - begun, answer.status)
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return text

    def log_in(self, user: str) -> None:
        page = self.ask("login page", "GET", "/desk/login")
        form = {"csrf_token": TOKEN.findall(page)[0], "user": user, "password": PASSWORD}
        self.ask("login", "POST", "/desk/login", urlencode(form))


def reads(client: Client) -> None:
    """A visitor of the portal."""
    client.ask(
        "portal", "GET", client.rng.choice(("/", "/", "/apply?form=abcdefghijklmnopqrst", "/query"))
    )


def files(client: Client) -> None:
    """An applicant's program or phone files an application."""
    client.elsewhere()
    number = client.rng.randrange(10_000)
    wanted = {
        "agency": BODY,
        "applicant": {
            "kind": "citizen", "name": f"申请人{number}", "id_type": "passport",
            "id_number": f"E{number:08}", "phone": "13800000000",
        },
        "items": [f"第{number}号合同"], "delivery": ["pickup"], "medium": ["paper"],
    }  # fmt: skip
    client.ask(
        "filing", "POST", "/api/v1/applications", json.dumps(wanted),
        **{"Content-Type": "application/json", "Idempotency-Key": f"{client.rng.random()}"},
    )  # fmt: skip


def works(client: Client) -> None:
    """A clerk looks at the list, opens a case and registers or assigns it where that is what waits."""
    page = client.ask("worklist", "GET", "/desk/")
    links = LINK.findall(page)
    if not links:
        return
    case = client.rng.choice(links)
    client.ask("case page", "GET", case)


def at_once(
    port: int, seconds: float, clients: list[Callable[[Client], None]], desk: str | None,
    pause: float = 0,
) -> Told:  # fmt: skip
    """Let each client do its work again and again for so long."""
    told, until = Told(), time.monotonic() + seconds
    people = [Client(port, told, random.Random(place)) for place in range(len(clients))]
    for person, work in zip(people, clients, strict=True):
        if work is works and desk:
            person.log_in(desk)

    def go_on(person: Client, work: Callable[[Client], None]) -> None:
        while time.monotonic() < until:
            work(person)
            time.sleep(pause)

    threads = [
        threading.Thread(target=go_on, args=pair) for pair in zip(people, clients, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for file in Path(f"/proc/{one}/task").glob("*/children"):
            waiting += [int(child) for child in file.read_text().split()]
    return found


def spent(pid: int) -> tuple[float, float]:
    """CPU seconds of a process and its descendants, and megabytes in memory: what several share is parted
    among them."""
    seconds = megabytes = 0.0
    for one in family(pid):
        try:
            stat = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            shared_out = PSS.findall(Path(f"/proc/{one}/smaps_rollup").read_text())
        except OSError:
            continue
        seconds += (int(stat[11]) + int(stat[12])) / TICKS
        megabytes += int(shared_out[0]) / 1024
    return seconds, megabytes


def closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def answered(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            sys.exit(f"the server ended with {process.returncode}")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except (OSError, HTTPException):
            time.sleep(0.1)
    sys.exit("the server does not answer")


def lines_of(told: Told, cpu: float) -> dict[str, object]:
    """What is printed, as values: milliseconds."""
    found: dict[str, object] = {}
    number = sum(map(len, told.seconds.values()))
    for kind, seconds in sorted(told.seconds.items()):
        cut = quantiles(seconds, n=100) if len(seconds) > 1 else seconds * 99
        found[kind] = {
            "number": len(seconds),
            "p50": round(1000 * cut[49], 1),
            "p95": round(1000 * cut[94], 1),
            "p99": round(1000 * cut[98], 1),
        }
    found["wrong"] = dict(told.wrong)
    found["cpu_ms_each"] = round(1000 * cpu / max(1, number), 2)
    return found


def measured(
    command: list[str], port: int, environ: dict[str, str], given: argparse.Namespace,
    clients: list[Callable[[Client], None]], desk: str | None,
) -> dict[str, object]:  # fmt: skip
    """Start a server, warm it, let the clients work, stop it."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        answered(port, process)
        at_once(port, min(3, given.seconds), clients, desk)
        cpu, before = spent(process.pid)
        told = at_once(port, given.seconds, clients, desk)
        cpu_after, after = spent(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)
    found = lines_of(told, cpu_after - cpu)
    found["megabytes"] = [round(before), round(after)]
    return found


def soaked(
    command: list[str], port: int, environ: dict[str, str], minutes: int,
    clients: list[Callable[[Client], None]], desk: str,
) -> dict[str, object]:  # fmt: skip
    """Minute by minute, at the pace of people: what was answered and the memory."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    memory, told = [], Told()
    try:
        answered(port, process)
        for minute in range(minutes):
            found = at_once(port, 60, clients, desk, pause=1)
            for kind, seconds in found.seconds.items():
                told.seconds[kind] += seconds
            for kind, number in found.wrong.items():
                told.wrong[kind] += number
            memory.append(round(spent(process.pid)[1]))
            print(f"{minute + 1:3} min  {memory[-1]} MB", flush=True)
        cpu = spent(process.pid)[0]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)
    return {**lines_of(told, cpu), "megabytes": memory}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--bodies", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", default="")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--soak", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "GONGKAI_DATA_DIR": folder}
        if given.database:
            environ["GONGKAI_DATABASE_URL"] = given.database
        gongkai = [sys.executable, "gongkai.py"]

        def run(*words: str, said: str | None = None) -> None:
            subprocess.run(
                [*gongkai, *words], cwd=ROOT, env=environ, check=True, input=said, text=True,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip

        run("init", "--agency", BODY, "--name", "压力测试市人民政府", "--level", "city")
        run("user", "create", "--name", "jingban", "--agency", BODY, "--role", "clerk",
            "--role", "handler", "--password-stdin", said=PASSWORD)  # fmt: skip
        run("simulate", "--cases", str(given.cases), "--bodies", str(given.bodies))
        readers = [reads] * (given.clients // 2)
        filing = [files] * max(1, given.clients // 4)
        clerks = [works] * max(1, given.clients - len(readers) - len(filing))
        found: dict[str, dict[str, object]] = {}
        serve = [*gongkai, "serve", "--workers", str(given.workers), "--port"]
        everybody = [*readers, *filing, *clerks]
        if given.soak:
            port = closed_port()
            found["soak"] = soaked(
                [*serve, str(port)], port, environ, given.soak, everybody, "jingban"
            )
        kinds = {"readers alone": readers, "clerks alone": clerks, "all at once": everybody}
        for name, clients in () if given.soak else kinds.items():
            port = closed_port()
            found[name] = measured([*serve, str(port)], port, environ, given, clients, "jingban")
        port = closed_port()
        hello = [sys.executable, "-c", HELLO, str(port)]
        if not given.soak:
            found["hello world"] = measured(
                hello, port, environ, given, [hellos] * given.clients, None
            )
    for name, values in found.items():
        print(name)
        for key, value in values.items():
            print(f"  {key:12} {value}")
    if given.json:
        given.json.write_text(json.dumps(found, indent=1))


def hellos(client: Client) -> None:
    client.ask("hello", "GET", "/")


if __name__ == "__main__":
    main()
