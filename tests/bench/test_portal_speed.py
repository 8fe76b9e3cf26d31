"""How long an applicant waits while the desk is at work: a real server, real connections.

A wait is no CPU time: it is measured with and without clerks in the same run, one after the other, and what
counts is the ratio. On a machine that does other things as well it says little.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from config.settings import load
from tests.webui.serving.test_processes import PASSWORD, Client, Serving, place
from workflow.people import STAFF_ROLES, hash_password
from workflow.service.accounts import Accounts
from workflow.service.docket.sample import fill_sample
from workflow.service.installation import migrate_office, open_office

SLOW = "/desk/"
PORTAL = ("/", "/apply?form=abcdefghijklmnopqrst", "/query")
CLERKS = 8


pytestmark = pytest.mark.long(reason="fills a store and starts two servers over it")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The data of an installation with the cases of the sample, and a clerk who may see them."""
    settings = load(place(tmp_path_factory.mktemp("data")))
    office = open_office(settings)
    migrate_office(office)
    fill_sample(office, PASSWORD)
    hashed = hash_password(PASSWORD)
    with office.store.write() as unit:
        body = office.found_agency(unit, "yszrzy")
        Accounts(office).add_user(
            unit, name="clerk", agency=body, roles=STAFF_ROLES, password_hash=hashed
        )
    office.store.close()
    return settings.data_dir


def waits(port: int, seconds: float) -> list[float]:
    """How long each page of the portal took, one connection each."""
    found = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for path in PORTAL:
            begun = time.monotonic()
            assert Client(port).ask("GET", path).status == 200
            found.append(time.monotonic() - begun)
            time.sleep(0.01)
    return found


@contextmanager
def clerks_at_work(port: int, cookie: str) -> Iterator[None]:
    over = threading.Event()

    def work() -> None:
        client = Client(port, cookie)
        while not over.is_set():
            assert client.ask("GET", SLOW).status == 200

    threads = [threading.Thread(target=work) for _ in range(CLERKS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("workers", [1, 2])
def test_an_applicant_waits_no_longer_for_what_the_desk_does(full, tell, folder, workers):
    """Aim: the portal's 95th percentile with eight clerks on a slow page at most twice that without."""
    serving = Serving(folder, workers, 1)
    try:
        clerk = Client(serving.port)
        assert (
            clerk.send("/desk/login", "/desk/login", user="clerk", password=PASSWORD).status == 303
        )
        alone, busy = [], []
        for _ in range(3 if full else 1):
            alone += waits(serving.port, 4 if full else 0.1)
            with clerks_at_work(serving.port, clerk.cookie):
                busy += waits(serving.port, 8 if full else 0.1)
    finally:
        code, _ = serving.end()
    late = [sorted(found)[int(len(found) * 0.95)] for found in (alone, busy)]
    tell(
        f"portal beside {CLERKS} clerks, {workers} process(es): its 95th percentile is "
        f"{late[1] / late[0]:.1f} × that without (aim ≤ 2)   [{late[0] * 1000:.0f} ms]"
    )
    assert code == 0
