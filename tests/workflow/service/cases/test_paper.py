"""What came on paper with gaps goes its lawful way to the end (law.md §3.2; 条例40)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflow.service.sampling import migrated_store
from tests.workflow.service.township import Town
from workflow.service import Office
from workflow.service.cases.verify import verify
from workflow.store.sealed import Secrets


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    store = migrated_store(tmp_path / "store.db")
    yield Town(Office(store, Secrets.throwaway()))
    store.close()


def bare(town: Town, **about: object) -> str:
    """A letter with a name alone."""
    return town.register("2024-05-06", applicant={"name": "张三"}, delivery=[], medium=[], **about)


def test_where_the_applicant_did_not_say_the_body_determines_the_form_of_supply(town: Town) -> None:
    """条例40: in words of the draft; else the reply lacks it."""
    wanting, told = bare(town), bare(town)
    for number, words in ((wanting, {}), (told, {"reason": "以纸质复印件当面提供"})):
        town.do(number, "assign", "2024-05-07")
        town.do(number, "propose_outcome", "2024-05-07", outcome="supplied", **words)
    assert "supply" in {need for _, need in town.case(wanting).missing}
    assert "supply" not in {need for _, need in town.case(told).missing}


def test_gaps_are_those_of_this_paper_not_of_its_redo(town: Town) -> None:
    number = bare(town)
    assert list(town.case(number).gaps) == ["identity", "contact", "delivery", "medium"]
    assert not town.case(number).asked_for
    assert verify(town.office) == []


def test_two_who_told_no_name_are_two_applicants_and_a_name_without_proof_is_one(
    town: Town,
) -> None:
    """law.md §6.5C: by name only where identity is unknown."""
    nobody = [
        town.register("2024-05-06", applicant={"description": "一位来访者"}) for _ in range(2)
    ]
    assert all(town.case(number).others == [] for number in nobody)
    first, second = bare(town), bare(town)
    assert [other.number for other in town.case(second).others] == [first]


def test_a_number_that_is_wrong_on_paper_proves_nobody(town: Town) -> None:
    """Two letters with 123 are not by one person."""
    wrong = {"id_type": "resident_id", "id_number": "123", "phone": "13800000000"}
    one = town.register("2024-05-06", applicant={"name": "张三", **wrong}, as_written=True)
    other = town.register("2024-05-06", applicant={"name": "李四", **wrong}, as_written=True)
    assert town.case(one).others == town.case(other).others == []
