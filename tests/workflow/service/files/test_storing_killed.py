"""A program is killed while it keeps, lets go or brings over contents that lie outside: SIGKILL in a process of its own."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests import samples
from tests.workflow.service.files.papers import PDF, counts
from workflow.service import storing
from workflow.service.cases.verify import verify
from workflow.service.files import Files
from workflow.service.office import Office
from workflow.store import contents as kept
from workflow.store import files as kept_files
from workflow.store.outside import Contents, Hand
from workflow.store.storages import MARK, Folder
from workflow.store.store import Store

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def killed(office: Office, contents: Contents, work: Callable[[Office, Files], object]) -> None:
    """Do the work in a process of its own, which is killed within it."""
    child = os.fork()
    if child == 0:
        try:
            store = object.__new__(Store)
            Store.__init__(store, office.store.url)
            other = Office(store, office.keys, now=office.now)
            store.contents = contents
            work(other, Files(other, most_megabytes=10, most_files=5))
        finally:
            os._exit(1)
    _, how = os.waitpid(child, 0)
    assert os.WIFSIGNALED(how) and os.WTERMSIG(how) == signal.SIGKILL, how


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def there(place: Folder) -> list[str]:
    return sorted(one.name for one in place.each() if one.name != MARK)


AFTER_A_DAY = timedelta(days=1, minutes=1)


@pytest.mark.parametrize(
    "when", ["while it is written", "before the row", "before the confirmation"]
)
def test_killed_while_a_file_comes_no_row_is_without_its_content(
    office, files, filed, person, outside, place, monkeypatch, when
):
    files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)
    before, second = there(place), samples.pdf("另一份")
    with monkeypatch.context() as bent:
        if when == "while it is written":
            bent.setattr("workflow.store.storages.os.replace", die)
        elif when == "before the row":
            bent.setattr(kept_files, "add_file", die)
        else:
            bent.setattr("workflow.store.journal.Journal.write", die)
        killed(office, Contents(place), lambda _, there: there.upload(person("clerk"), filed[0], "other", "b.pdf", second))  # fmt: skip
    left = set(there(place)) - set(before)
    assert len(left) == 1 and counts(office)[:2] == (1, 1) and verify(office, full=True) == []
    later = datetime.now(UTC) + AFTER_A_DAY
    assert storing.sweep(office, delete=True, now=later).found == 1 and there(place) == before
    one = files.upload(person("clerk"), filed[0], "other", "b.pdf", second)
    assert files.open(person("clerk"), filed[0], one.id).content == second


def test_killed_between_row_and_content_what_went_goes(
    office, files, filed, person, outside, place, monkeypatch
):
    one = files.upload(person("clerk"), filed[0], "other", "a.pdf", PDF)

    def take_back(other: Office, _: Files) -> None:
        with other.store.write() as unit:
            row = kept_files.file_of(unit, kept.one(unit, one.id).case_id, one.id)
            kept_files.take_back(unit, row, other.keys, other.now())

    with monkeypatch.context() as bent:
        bent.setattr(Hand, "kept", die)
        killed(office, Contents(place), take_back)
    assert (
        len(there(place)) == 1 and counts(office)[:2] == (1, 0) and verify(office, full=True) == []
    )
    assert storing.delete_noted(office) == 1 and there(place) == []


def test_killed_while_contents_are_brought_over_it_goes_on(
    office, files, filed, person, outside, place, tmp_path, monkeypatch
):
    sent = {
        files.upload(person("clerk"), filed[0], "other", f"{name}.pdf", samples.pdf(name)).id: samples.pdf(name)
        for name in ("一", "二", "三")
    }  # fmt: skip
    second = Folder(tmp_path / "second")
    contents, kept_hand = Contents(second, [place]), Hand.kept
    with monkeypatch.context() as bent:
        bent.setattr(
            Hand, "kept", lambda hand: die() if len(there(second)) == 2 else kept_hand(hand)
        )
        killed(office, contents, lambda other, _: storing.move(other))
    office.store.contents = contents
    assert len(there(second)) == 2 and len(there(place)) == 2, "one is in both"
    assert verify(office, full=True) == []
    for one, content in sent.items():
        assert files.open(person("clerk"), filed[0], one).content == content
    assert storing.move(office).files == 1 and storing.delete_noted(office) >= 1
    assert len(there(second)) == 3 and there(place) == [] and verify(office, full=True) == []
