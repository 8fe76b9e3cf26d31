"""Six who guess passwords at once beside somebody who files."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from statistics import median

import pytest

from tests.bench.conftest import seconds
from workflow.people import Busy
from workflow.refusal import BadInput
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.wrong_passwords import Source

GUESSERS = 6
SLOWER_MOST = 5.0


@contextmanager
def guessers(office: Office) -> Iterator[list[int]]:
    """They guess as fast as they can with hashes as dear as real ones, each try from another address; how many were
    looked at. Who is asked to come again does so after a hundredth of a second, as over a wire."""
    accounts, over, addresses = Accounts(office), threading.Event(), count()
    looked_at: list[int] = []

    def guess() -> None:
        while not over.is_set():
            try:
                accounts.log_in("nobody", "wrong", Source(f"10.0.0.{next(addresses)}"))
            except BadInput:
                looked_at.append(1)
            except Busy:
                time.sleep(0.01)

    threads = [threading.Thread(target=guess) for _ in range(GUESSERS)]
    for one in threads:
        one.start()
    try:
        yield looked_at
    finally:
        over.set()
        for one in threads:
            one.join()


@pytest.mark.long(reason="six guessers with real hashes beside sixty filings")
def test_six_guessers_slow_a_filing_by_a_small_factor(
    office: Office, program: Callable, full: bool, tell: Callable[[str], None]
) -> None:
    applicant, rounds = program(), 60 if full else 20
    applicant.file()
    ratios = []
    for _ in range(3):
        alone = seconds(applicant.file, rounds)
        with guessers(office) as looked_at:
            beside = seconds(applicant.file, rounds)
        assert looked_at, "they did guess"
        ratios.append(beside / alone)
        tell(
            f"filing {alone * 1000:.1f} ms, beside six guessers {beside * 1000:.1f} ms: {ratios[-1]:.2f} x"
        )
    assert median(ratios) <= SLOWER_MOST, ratios
