"""Several machines share a bucket of a true S3-compatible server, and wait for it while it is down."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from config.errors import StorageAway
from config.settings import load
from tests import postgres, samples
from tests.examples import ROOT
from tests.weed import BUCKET, KEY, Weed, running
from tests.workflow.service.files.papers import FORM, PDF
from workflow.case.application import read_form
from workflow.service import storing
from workflow.service.accounts import Accounts
from workflow.service.cases.intake import Intake
from workflow.service.cases.verify import verify
from workflow.service.files import Files
from workflow.service.installation import migrate_office, open_office
from workflow.service.office import Office
from workflow.store.outside import Contents
from workflow.store.storages import MARK
from workflow.store.store import Store

pytestmark = pytest.mark.long(
    reason="starts an S3-compatible server; what it answers is in tests/workflow/store/test_s3.py"
)
SECONDS = 90


@pytest.fixture(scope="module")
def weed() -> Iterator[Weed]:
    with running() as found:
        yield found


def names(weed: Weed, prefix: str) -> set[str]:
    return {one.name for one in weed.bucket(prefix).each()} - {MARK}


def test_two_offices_share_a_bucket_and_wait_for_it_while_it_is_down(
    office, files, filed, person, weed
):
    office.store.contents = Contents(weed.bucket("town/"))
    other = Office(Store(office.store.url), office.keys, now=office.now)
    other.store.contents = Contents(weed.bucket("town/"))
    there = Files(other, most_megabytes=10, most_files=5)
    sent = {
        files.upload(person("clerk"), filed[0], "other", f"{name}.pdf", samples.pdf(name)).id: samples.pdf(name)
        for name in ("一", "二", "三")
    }  # fmt: skip
    for one, content in sent.items():
        assert there.open(person("clerk"), filed[0], one).content == content
    assert verify(other, full=True) == [] and len(names(weed, "town/")) == 3
    assert [good for good, _ in storing.looked_at(other)] == [True]
    weed.kill()
    for work in (
        lambda: there.upload(person("clerk"), filed[0], "reply", "e.pdf", PDF),
        lambda: files.open(person("clerk"), filed[0], min(sent)),
    ):
        with pytest.raises(StorageAway):
            work()
    assert [good for good, _ in storing.looked_at(other)].count(False) >= 1
    weed.start()
    for contents in (office.store.contents, other.store.contents):
        contents.now._rests_until = 0.0
    mine = there.upload(person("clerk"), filed[0], "reply", "e.pdf", PDF)
    assert files.open(person("clerk"), filed[0], mine.id).content == PDF
    office.store.contents = Contents(None, [weed.bucket("town/")])
    assert storing.move(office).files == 4 and names(weed, "town/") == set()
    assert verify(office, full=True) == []
    other.store.close()


# -- two programs, each with a data folder of its own -------------------------------------------------


class Machine:
    """`gongkai serve` as on a machine of its own."""

    def __init__(self, env: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.program = subprocess.Popen(
            [sys.executable, "gongkai.py", "serve", "--port", str(self.port)], cwd=ROOT,
            env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until_it_is(lambda: self.ask("GET", "/").status_code == 200)

    def ask(self, method: str, path: str, **given: object) -> requests.Response:
        return requests.request(method, f"http://127.0.0.1:{self.port}{path}", timeout=60, **given)

    def end(self) -> None:
        self.program.kill()
        self.program.wait()


def until_it_is(so: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while True:
        try:
            if so():
                return
        except requests.RequestException:
            pass
        assert time.monotonic() < until, "it does not come"
        time.sleep(0.1)


def test_a_file_that_came_to_one_machine_is_read_at_the_other(tmp_path: Path, weed: Weed) -> None:
    with ExitStack() as ends:
        server = ends.enter_context(postgres.running())
        server.create("shared", None)
        shared = {
            "GONGKAI_DATABASE_URL": server.url("shared"), "GONGKAI_FILE_STORAGE": f"s3://{BUCKET}/machines",
            "GONGKAI_S3_ENDPOINT": weed.endpoint, "GONGKAI_S3_ACCESS_KEY": KEY[0], "GONGKAI_S3_SECRET_KEY": KEY[1],
            "GONGKAI_WORKER_IN_SERVE": "false",
        }  # fmt: skip
        here, there = ({**shared, "GONGKAI_DATA_DIR": str(tmp_path / name)} for name in "ab")
        office = open_office(load(here))
        migrate_office(office)
        accounts = Accounts(office)
        accounts.initialise(code="panlong", name="盘龙乡", level="township")
        with office.store.write() as unit:
            body = office.found_agency(unit, "panlong")
            accounts.add_user(
                unit, name="lifang", agency=body, roles=("clerk",), password_hash="none"
            )
        token = {"Authorization": f"Bearer {accounts.create_token('lifang')}"}
        number = Intake(office).file(read_form(FORM, today=office.today())).number
        (tmp_path / "b").mkdir(mode=0o700)
        shutil.copy2(tmp_path / "a" / "secret.key", tmp_path / "b")
        one, other = Machine(here), Machine(there)
        ends.callback(one.end)
        ends.callback(other.end)

        def send(to: Machine, name: str, content: bytes) -> requests.Response:
            path = f"/api/v1/cases/{number}/files"
            sent = {"file": (name, content, "application/pdf")}
            return to.ask("POST", path, data={"kind": "other"}, files=sent, headers=token)

        def read(of: Machine, file: int) -> requests.Response:
            return of.ask("GET", f"/api/v1/cases/{number}/files/{file}", headers=token)

        done = send(one, "a.pdf", PDF)
        assert done.status_code == 201, done.text
        assert read(other, done.json()["id"]).content == PDF
        assert len(names(weed, "machines/")) == 1
        assert not [path for path in tmp_path.rglob("*") if path.is_file() and len(PDF) <= path.stat().st_size]  # fmt: skip
        weed.kill()
        refused = send(other, "b.pdf", samples.pdf("又一份"))
        assert refused.status_code == 503 and "什么也没有保存" in refused.text
        assert read(one, done.json()["id"]).status_code == 503
        assert one.ask("GET", f"/api/v1/cases/{number}", headers=token).status_code == 200
        weed.start()
        until_it_is(lambda: read(one, done.json()["id"]).content == PDF)
        until_it_is(lambda: send(other, "b.pdf", samples.pdf("又一份")).status_code == 201)
        assert len(names(weed, "machines/")) == 2 and verify(office, full=True) == []
        office.store.close()
