"""One view of the store for one request, and what a process keeps of the tree of bodies."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from workflow.service import Office
from workflow.store.store import Store


@pytest.fixture
def begun() -> Iterator[list[str]]:
    """The transactions that began."""
    found: list[str] = []

    def said(connection: object) -> None:
        found.append("BEGIN")

    event.listen(Engine, "begin", said)
    yield found
    event.remove(Engine, "begin", said)


def _code(office: Office, name: str) -> str | None:
    with office.store.read() as unit:
        return unit.stamp(name)


def _note(office: Office, name: str, value: str) -> None:
    with office.store.write() as unit:
        unit.set_stamp(name, value)


def test_readers_within_one_view_share_a_transaction(office: Office, begun: list[str]) -> None:
    with office.store.one_view():
        with office.store.read() as outer:
            outer.agencies()
            assert _code(office, "a") is None
        office.agencies()
    assert begun == ["BEGIN"]
    office.agencies()
    _code(office, "a")
    assert begun == ["BEGIN"] * 3


def test_a_view_without_readers_costs_nothing(office: Office, begun: list[str]) -> None:
    with office.store.one_view():
        pass
    assert begun == []


def test_what_is_written_meanwhile_is_seen(office: Office) -> None:
    with office.store.one_view():
        assert _code(office, "a") is None
        _note(office, "a", "1")
        assert _code(office, "a") == "1"
        with office.store.write() as unit:
            unit.set_stamp("a", "2")
            unit.session.flush()
            assert _code(office, "a") == "1"
        assert _code(office, "a") == "2"


def test_who_reads_while_something_is_written_reads_on(office: Office) -> None:
    with office.store.one_view(), office.store.read() as unit:
        rows = unit.agencies()
        _note(office, "a", "1")
        assert _code(office, "a") == "1"
        assert [row.predecessors for row in rows] == [[] for _ in rows]
        assert unit.stamp("a") is None


def test_what_another_wrote_is_seen_by_the_next_request_only(office: Office) -> None:
    other = Store(office.store.url)
    with office.store.one_view():
        assert _code(office, "a") is None
        with other.write() as unit:
            unit.set_stamp("a", "1")
        assert _code(office, "a") is None
    with office.store.one_view():
        assert _code(office, "a") == "1"
    other.close()


def test_two_stores_do_not_share(office: Office) -> None:
    other = Store(office.store.url)
    with office.store.one_view(), office.store.read() as mine, other.read() as theirs:
        assert mine.session is not theirs.session
    other.close()


def test_after_a_fault_of_the_database_the_view_begins_anew(office: Office) -> None:
    with office.store.one_view():
        with pytest.raises(SQLAlchemyError), office.store.read() as unit:
            unit.session.execute(text("SELECT nothing FROM nowhere"))
        assert _code(office, "a") is None


def test_the_tree_is_read_once_until_a_body_changes(office: Office) -> None:
    def named() -> dict[str, str]:
        return dict(office.listing().names)

    known = named()
    with office.store.read() as unit:
        assert office.tree(unit) is office.tree(unit)
    with office.store.write() as unit:
        office.add_agency(unit, code="further", name="某某镇人民政府", level="township")
    assert named() == {**known, "further": "某某镇人民政府"}
    with office.store.write() as unit:
        office.found_agency(unit, "further").name = "某某街道办事处"
    assert named()["further"] == "某某街道办事处"


def test_another_process_sees_a_body_that_changed(office: Office) -> None:
    other = Office(Store(office.store.url), office.keys, now=office.now)
    assert len(other.agencies()) == len(office.agencies())
    with other.store.write() as unit:
        other.add_agency(unit, code="further", name="某某镇人民政府", level="township")
    assert "further" in {body.code for body in office.agencies()}
    other.store.close()


def test_a_change_that_is_rolled_back_leaves_nothing(office: Office) -> None:
    known = dict(office.listing().names)
    with pytest.raises(ZeroDivisionError), office.store.write() as unit:
        office.add_agency(unit, code="further", name="某某镇人民政府", level="township")
        assert "further" in office.tree(unit).by_code
        raise ZeroDivisionError
    assert dict(office.listing().names) == known
    with office.store.write() as unit:
        office.add_agency(unit, code="second", name="某某镇人民政府", level="township")
    assert set(office.listing().names) == {*known, "second"}
