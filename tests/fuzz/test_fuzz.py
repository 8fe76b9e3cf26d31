"""Inputs that nobody would send: a small fixed part of `make fuzz`, and that the tool would see a fault."""

from contextlib import contextmanager
from random import Random

import pytest

from tests.fuzz import bending, kinds, running
from tests.fuzz.kinds import KINDS, REPORT_FORMS, SHARE
from tests.fuzz.program import Asking, Fault
from tests.fuzz.running import BATCH, Batch, batches, tried
from tests.stores import POSTGRES
from tests.webui.api.program import application

SOME = 2500


@pytest.mark.skipif(POSTGRES, reason="the stores of the tool are files of SQLite")
@pytest.mark.long(reason="tries 2,500 inputs over pages, calls and readers, half a minute")
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_sent_or_read_is_a_fault(kind: str) -> None:
    for batch in batches(SOME, seed=20190515):
        if batch.kind == kind:
            told = tried(batch)
            assert not told.found, "\n\n".join(one.told for one in told.found)
            assert told.came.total() == batch.size and len(told.came) > 1


def held(form: str, size: int, number: int = 0) -> None:
    """So many bent reports of a form: none is a fault, takes long or needs much memory."""
    told = tried(Batch(f"report-{form}", number, size, seed=20190515))
    assert not told.found, "\n\n".join(one.told for one in told.found)
    assert told.came.total() == size and set(told.came) == {"taken", "turned away"}


@pytest.mark.parametrize("form", REPORT_FORMS)
def test_a_bent_report_of_any_form_is_read_or_turned_away(form: str) -> None:
    held(form, 6 if form == "pdf" else 25)


@pytest.mark.long(reason="1,000 bent reports of each form, 250 of PDF: two minutes")
@pytest.mark.parametrize("form", REPORT_FORMS)
def test_many_bent_reports_of_any_form_are_read_or_turned_away(form: str) -> None:
    for number in range(1, 2 if form == "pdf" else 5):
        held(form, BATCH, number)


@pytest.mark.parametrize(("seconds", "kilobytes"), [(0.0, 10**9), (10.0**9, 1000)])
def test_an_input_that_takes_too_long_or_too_much_is_a_fault(
    seconds: float, kilobytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reads(random: Random) -> str:
        peak = running._peak()
        held: list[bytes] = []
        while running._peak() < peak + 5000:
            held.append(b"x" * 1_000_000)
        return "taken"

    @contextmanager
    def trying(kind: str, batch: int):
        yield reads

    monkeypatch.setattr(running, "trying", trying)
    monkeypatch.setattr(running, "SECONDS_MOST", seconds)
    monkeypatch.setattr(running, "KILOBYTES_MOST", kilobytes)
    told = tried(Batch("file", 0, 1, seed=7))
    assert told.came == {"fault": 1} and "TooMuch" in told.found[0].told


def test_every_input_has_its_kind_and_every_kind_its_share() -> None:
    assert sum(SHARE.values()) == 100 and tuple(SHARE) == KINDS
    made = list(batches(10_000, seed=1))
    assert sum(one.size for one in made) == 10_000 and {one.kind for one in made} == set(KINDS)
    assert max(one.size for one in made) == BATCH
    alone = list(batches(600, 1, only="docket"))
    assert [(one.number, one.size) for one in alone] == [(0, 250), (1, 250), (2, 100)]
    assert list(batches(600, 1, only="docket", number=2)) == [Batch("docket", 2, 100, 1)]


def test_the_same_seed_bends_in_the_same_way_and_another_in_another() -> None:
    packed = kinds._golden("xlsx")

    def made(seed: int) -> list[object]:
        random = Random(seed)
        return [
            [bending.tree(random, application()) for _ in range(20)],
            [bending.data(random, packed) for _ in range(5)],
            [bending.data(random, b"PNG and more") for _ in range(20)],
            [bending.word(random, "2024-0001") for _ in range(20)],
        ]  # fmt: skip

    assert made(1) == made(1) != made(2)


def test_a_fault_is_found_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def reads(random: Random) -> str:
        if random.random() < 0.1:
            raise KeyError("a reader that did not expect it")
        return "taken"

    @contextmanager
    def trying(kind: str, batch: int):
        yield reads

    monkeypatch.setattr(running, "trying", trying)
    told = tried(Batch("file", 3, 50, seed=7))
    assert told.came["fault"] == len(told.found) > 0 and told.came["taken"] == 50 - len(told.found)
    assert {(one.kind, one.batch) for one in told.found} == {("file", 3)}
    assert "a reader that did not expect it" in told.found[0].told
    again = tried(Batch("file", 3, 50, seed=7))
    assert [one.place for one in again.found] == [one.place for one in told.found]


@pytest.mark.skipif(POSTGRES, reason="the stores of the tool are files of SQLite")
def test_a_page_that_breaks_is_a_fault_with_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    with Asking.over_a_store(0) as asking:
        assert asking._ask(asking.app.test_client(), "GET", "/") == "200"

        def broken() -> str:
            raise RuntimeError("a bug")

        monkeypatch.setitem(asking.app.view_functions, "portal.start", broken)
        with pytest.raises(Fault, match="GET /") as found:
            asking._ask(asking.app.test_client(), "GET", "/")
        assert "builtins.RuntimeError" in str(found.value)
        assert asking._ask(asking.app.test_client(), "GET", "/query") == "200"
