"""`gongkai serve` as an operator runs it: several processes that are one server, and a stop that ends what
was begun."""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select

from config.settings import load
from gongkai import main
from tests.examples import ROOT
from tests.notifications.receivers import closed_port, mail_server
from tests.stores import DATABASES, POSTGRES
from workflow.people import hash_password
from workflow.service.accounts import Accounts
from workflow.service.installation import migrate_office, open_office
from workflow.store.call_models import RateRow
from workflow.store.models import CaseRow

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="finds the children of a process in /proc"
)
PASSWORD = "Wei-tu-2026"
FORM = {
    "agency": "panlong",
    "applicant": {
        "kind": "citizen", "name": "张三丰", "id_type": "resident_id",
        "id_number": "11010519491231002X", "phone": "13800000000",
        "email": "zhang@applicant.example",
    },
    "items": ["合同"], "delivery": ["pickup"], "medium": ["paper"],
}  # fmt: skip


def place(folder: Path) -> dict[str, str]:
    """What tells a program where its data are, on the database of this run."""
    url = f"sqlite:///{folder / 'gongkai.db'}"
    url = DATABASES.url(url) if POSTGRES else url
    return {"GONGKAI_DATA_DIR": str(folder), "GONGKAI_DATABASE_URL": url}


class Client:
    """One browser on one connection."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookie = cookie

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> HTTPResponse:
        sent = {
            "Cookie": self.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            **headers,
        }
        self.connection.request(method, path, body or None, sent)
        response = self.connection.getresponse()
        self.text = response.read().decode()
        for kept in response.headers.get_all("Set-Cookie", ()):
            if kept.startswith("gongkai="):
                self.cookie = kept.partition(";")[0]
        return response

    def send(self, page: str, to: str, **fields: str) -> HTTPResponse:
        """What a form on the page sends."""
        self.ask("GET", page)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.text)
        assert token, self.text
        return self.ask("POST", to, urlencode({"csrf_token": token[1], **fields}))

    def file(self, key: str) -> HTTPResponse:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        return self.ask("POST", "/api/v1/applications", json.dumps(FORM), **headers)


class Serving:
    """The program, with what its parent made."""

    def __init__(self, folder: Path, workers: int, mail_port: int) -> None:
        self.port = closed_port()
        self.env = {
            **os.environ, **place(folder), "GONGKAI_SMTP_HOST": "127.0.0.1",
            "GONGKAI_SMTP_PORT": str(mail_port), "GONGKAI_SMTP_SECURITY": "none",
            "GONGKAI_MAIL_FROM": "a@town.example",
        }  # fmt: skip
        given = ["serve", "--port", str(self.port), "--workers", str(workers)]
        self.program = subprocess.Popen(
            [sys.executable, "gongkai.py", *given], cwd=ROOT, env=self.env,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        wait_for(self.answers)

    def answers(self) -> bool:
        try:
            return Client(self.port).ask("GET", "/").status == 200
        except (OSError, HTTPException):
            return False

    def children(self) -> list[int]:
        """The processes that it made, the first ones first."""
        pid = self.program.pid
        return sorted(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))

    def end(self) -> tuple[int, str]:
        """SIGTERM; its exit code and what it said of errors."""
        self.program.send_signal(signal.SIGTERM)
        _, said = self.program.communicate(timeout=60)
        return self.program.returncode, said


def wait_for(what, seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an installation with a body and a member of staff."""
    settings = load(place(tmp_path_factory.mktemp("data")))
    office = open_office(settings)
    migrate_office(office)
    accounts = Accounts(office)
    accounts.initialise(code="panlong", name="盘龙乡", level="township")
    hashed = hash_password(PASSWORD)
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        accounts.add_user(unit, name="lifang", agency=body, roles=("clerk",), password_hash=hashed)
    office.store.close()
    return settings.data_dir


@contextmanager
def served(folder: Path, workers: int, mail_port: int = 1) -> Iterator[Serving]:
    serving = Serving(folder, workers, mail_port)
    try:
        yield serving
    finally:
        if serving.program.poll() is None:
            serving.end()


@pytest.fixture(scope="module")
def mails():
    with mail_server() as box:
        yield box


@pytest.fixture(scope="module")
def two(folder: Path, mails) -> Iterator[list[Serving]]:
    """Two programs over one store, each with a worker beside its pages."""
    with served(folder, 1, mails.port) as one, served(folder, 1, mails.port) as other:
        yield [one, other]


@contextmanager
def store_of(folder: Path):
    office = open_office(load(place(folder)))
    with office.store.read() as unit:
        yield unit.session
    office.store.close()


def test_the_same_application_at_once_in_two_processes_is_filed_once_and_told_once(
    two, folder, mails
):
    clients = [Client(serving.port) for serving in two]
    for round in range(1, 4):
        key, said = secrets.token_hex(8), []
        gate = threading.Barrier(2)

        def file(client: Client, key=key, said=said, gate=gate) -> None:
            gate.wait()
            response = client.file(key)
            said.append((response.status, json.loads(client.text)["number"]))

        threads = [threading.Thread(target=file, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert said[0] == said[1] and said[0][0] == 201
        with store_of(folder) as session:
            assert session.scalar(select(func.count(CaseRow.id))) == round
    wait_for(lambda: len(mails.mails) >= 3)
    time.sleep(4)
    assert len(mails.mails) == 3


def test_a_session_that_was_signed_out_of_in_one_process_is_over_in_the_other(two):
    here = Client(two[0].port)
    assert here.send("/desk/login", "/desk/login", user="lifang", password=PASSWORD).status == 303
    there = Client(two[1].port, here.cookie)
    assert there.ask("GET", "/desk/cases").status == 200
    assert there.send("/desk/cases", "/desk/logout").status == 303
    assert here.ask("GET", "/desk/cases").status in (302, 303)


def test_guesses_are_counted_for_all_processes_together(two, folder):
    clients = [Client(serving.port) for serving in two]
    for client in clients:
        client.send("/query", "/query", number="2024-9999", code="AAAAAAAAAA")
    statuses = [
        clients[n % 2].send("/query", "/query", number=f"2024-90{n:02d}", code="AAAAAAAAAA").status
        for n in range(20)
    ]
    assert statuses == [404] * 18 + [429] * 2
    with store_of(folder) as session:
        assert all(len(who) == 64 for who in session.scalars(select(RateRow.who)))


def counted(port: int, kind: str) -> float:
    """How many requests of a kind all processes of a server have answered, as it says itself."""
    client = Client(port)
    assert client.ask("GET", "/metrics").status == 200
    found = text_string_to_metric_families(client.text)
    samples = [one for family in found for one in family.samples]
    names = [one.labels["process"] for one in samples if one.name.endswith("start_time_seconds")]
    assert names == ["portal", "desk 1", "worker"]
    return sum(
        one.value
        for one in samples
        if one.name == "gongkai_requests_total" and one.labels["kind"] == kind
    )


def test_a_process_that_dies_is_made_anew_and_its_figures_go_on(folder):
    with served(folder, 2) as serving:
        for n in range(1, 4):
            assert Client(serving.port).ask("GET", "/desk/login").status == 200
            wait_for(lambda n=n: counted(serving.port, "desk") == n)
        for page in ("/", "/desk/login"):
            before = serving.children()
            os.kill(before[0 if page == "/" else 1], signal.SIGKILL)
            wait_for(lambda before=before: len(set(serving.children()) - set(before)) == 1)
            assert Client(serving.port).ask("GET", page).status == 200
        wait_for(lambda: counted(serving.port, "desk") == 4)
        code, said = serving.end()
        assert code == 0 and said.count("is started anew") == 2


def half_of_an_application(port: int) -> tuple[HTTPConnection, bytes]:
    """A connection on which the first half of an application came, and the other half."""
    sent = json.dumps(FORM).encode()
    one = HTTPConnection("127.0.0.1", port, timeout=30)
    one.putrequest("POST", "/api/v1/applications")
    one.putheader("Content-Type", "application/json")
    one.putheader("Content-Length", str(len(sent)))
    one.endheaders(sent[:100])
    return one, sent[100:]


@pytest.mark.parametrize("workers", [1, 2])
def test_who_is_being_served_at_a_stop_gets_the_answer(folder, workers):
    with served(folder, workers) as serving:
        one, rest = half_of_an_application(serving.port)
        time.sleep(0.5)
        serving.program.send_signal(signal.SIGTERM)
        wait_for(lambda: not serving.answers(), 10)
        assert serving.program.poll() is None
        one.send(rest)
        response = one.getresponse()
        assert response.status == 201 and json.loads(response.read())["number"]
        _, said = serving.program.communicate(timeout=30)
        assert serving.program.returncode == 0 and "Traceback" not in said


@pytest.mark.long(reason="one more start of the program, for a parent that is killed")
def test_children_do_not_outlive_a_parent_that_is_killed(folder):
    with served(folder, 2) as serving:
        children = serving.children()
        assert len(children) == 3
        serving.program.kill()
        serving.program.wait(20)
        wait_for(lambda: not any(running(child) for child in children), 30)


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.long(reason="starts the program again and again")
def test_where_processes_cannot_share_more_than_one_is_refused_in_a_line(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "fork")
    env = {"GONGKAI_DATA_DIR": str(tmp_path)}
    result = CliRunner(env=env).invoke(main, ["serve", "--workers", "2"])
    assert result.exit_code == 2 and len(result.stderr.splitlines()) == 1
    assert "只能用一个进程" in result.stderr
