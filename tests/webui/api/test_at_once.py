"""Many at once: each is served, and what they do comes one after the other. On both databases."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.webui.api.program import application
from workflow.people import Busy
from workflow.refusal import BadInput
from workflow.service.accounts import Accounts
from workflow.service.limits import TooOften
from workflow.service.rules.settings import BodySettings
from workflow.service.wrong_passwords import FROM_HERE

CLIENTS = 8
ASSIGN = {"event": "assign", "on": "2024-05-06"}


def at_once(work: Callable[[int], Any], clients: int = CLIENTS) -> list[Any]:
    """What the work gave each client, all of whom begin at the same moment. A fault is told as it is."""
    ready, found = threading.Barrier(clients), [None] * clients

    def client(number: int) -> None:
        ready.wait()
        try:
            found[number] = work(number)
        except Exception as error:
            found[number] = error

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.fixture
def clerks(program):
    return [program("lifang") for _ in range(CLIENTS)]


def names(clerk, number="2024-0001"):
    return [line["event"] for line in clerk.get(f"/cases/{number}").json["log"]]


def test_sixty_four_filings_by_eight_clients_get_numbers_without_gaps(program, counted):
    clients = [program() for _ in range(CLIENTS)]

    def file(client):
        return [clients[client].post("/applications", application()) for _ in range(8)]

    answers = [answer for given in at_once(file) for answer in given]
    assert Counter(answer.status_code for answer in answers) == {201: 64}
    numbers = sorted(answer.json["number"] for answer in answers)
    assert numbers == [f"2024-{n:04d}" for n in range(1, 65)] and counted() == 64
    assert len({answer.json["query_code"] for answer in answers}) == 64


def test_the_first_filing_of_a_year_by_eight_at_once(program, today):
    program().file()
    today.is_("2025-01-02")
    clients = [program() for _ in range(CLIENTS)]
    answers = at_once(lambda n: clients[n].post("/applications", application()))
    assert [answer.status_code for answer in answers] == [201] * CLIENTS
    assert sorted(a.json["number"] for a in answers) == [f"2025-{n:04d}" for n in range(1, 9)]


def test_of_eight_clerks_who_saw_the_same_case_one_moves_it(program, clerks):
    program().file()
    seen = clerks[0].get("/cases/2024-0001").headers["ETag"]
    answers = at_once(lambda n: clerks[n].post("/cases/2024-0001/events", ASSIGN, if_match=seen))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 7}
    assert names(clerks[0]).count("assign") == 1


def test_eight_clerks_who_do_not_say_what_they_saw_come_one_after_the_other(program, clerks):
    program().file()
    before = names(clerks[0])
    answers = at_once(lambda n: clerks[n].post("/cases/2024-0001/events", ASSIGN))
    assert [answer.status_code for answer in answers] == [200] * CLIENTS
    assert names(clerks[0]) == [*before, *["assign"] * CLIENTS]


def test_what_can_happen_once_happens_to_one_of_eight(program, clerks):
    program().file()
    withdrawn = {"event": "withdraw", "on": "2024-05-06"}
    answers = at_once(lambda n: clerks[n].post("/cases/2024-0001/events", withdrawn))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
    assert names(clerks[0]).count("withdraw") == 1


def test_one_key_by_eight_at_once_files_one_application(program, counted):
    clients = [program() for _ in range(CLIENTS)]
    key = "a-key-of-eight-clients"
    answers = at_once(
        lambda n: clients[n].post("/applications", application(), idempotency_key=key)
    )
    assert {answer.status_code for answer in answers} == {201} and counted() == 1
    assert len({answer.json["number"] for answer in answers}) == 1


def test_an_applicant_and_a_clerk_at_once(program, clerks):
    number, code = program().file()
    applicant = program()

    def move(client):
        if client == 0:
            said = {"event": "withdraw", "on": "2024-05-06"}
            return applicant.post(f"/applications/{number}/events", said, x_query_code=code)
        return clerks[client].post(f"/cases/{number}/events", ASSIGN)

    answers = at_once(move)
    assert {answer.status_code for answer in answers} <= {200, 204, 404, 409}
    assert len(names(clerks[0])) == len(clerks[0].get(f"/cases/{number}").json["log"])


def test_no_wrong_password_is_left_out_of_the_count(office):
    accounts = Accounts(office)

    def guess(client):
        while True:
            try:
                accounts.log_in("lifang", f"wrong {client}")
            except Busy:
                continue
            except BadInput:
                return

    assert at_once(guess, FROM_HERE) == [None] * FROM_HERE
    with pytest.raises(TooOften):
        accounts.log_in("lifang", "wrong")


def test_rules_that_change_while_eight_file_hold_for_every_case(program, office, today):
    """Every store of a test is replayed under the rules in force: a case that was filed by rules that
    were no longer so would not follow from its log."""
    clients, settings = [program() for _ in range(CLIENTS)], BodySettings(office)

    def work(client):
        if client == 0:
            return [
                settings.set_setting(None, "panlong", "use_local_holidays", value, day, "试").moved
                for value, day in ((False, "2024-01-01"), (True, "2024-01-02"))
            ]
        return [clients[client].post("/applications", application()).status_code for _ in range(4)]

    changed, *filed = at_once(work)
    assert len(changed) == 2 and filed == [[201] * 4] * (CLIENTS - 1)
