"""The evidence bundle over a real store: who may have it, what it costs the store, what stands in it."""

from pathlib import Path

import pytest

from tests.counting import work
from tests.samples import png
from tests.workflow.service.town import Town
from workflow.refusal import Denied
from workflow.service import Missing
from workflow.service.bundles import Bundles
from workflow.service.files import Files
from workflow.service.letters import CaseLetters


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path, "2024-03-04")


@pytest.fixture
def number(town: Town) -> str:
    """A case with a proof of identity and another paper."""
    number = town.file().number
    files = Files(town.office, most_megabytes=10, most_files=5)
    for kind in ("id_proof", "other"):
        files.upload(town.staff("lifang"), number, kind, "扫描件.png", png())
    town.act("lifang", number, "assign", "2024-03-04")
    return number


def test_clerk_and_operator_get_the_same_bundle(town: Town, number: str) -> None:
    bundles = Bundles(town.office)
    mine = bundles.evidence(town.staff("lifang"), "panlong", number)
    assert mine.content == bundles.evidence(None, "panlong", number).content
    assert mine.name == f"证据材料-{number}.pdf"
    assert [one.page for one in mine.bundle.pieces if one.paper.title == "身份证明"] == ["另册"]


def test_who_may_not_have_it_is_told_who_may(town: Town, number: str) -> None:
    for name in ("wang", "guanli"):
        with pytest.raises(Denied) as told:
            Bundles(town.office).evidence(town.staff(name), "panlong", number)
        assert "经办人" in told.value.refusal.message
    with pytest.raises(Missing):
        Bundles(town.office).evidence(town.staff("sunli"), "panlong", number)


def test_list_drafted_as_a_letter_has_the_pages_of_the_bundle(town: Town, number: str) -> None:
    drafted = CaseLetters(town.office).draft(None, "panlong", number, "evidence_list")
    made = Bundles(town.office).evidence(None, "panlong", number)
    assert drafted.facts == made.bundle.listed.facts
    assert [row["page"] for row in drafted.facts["proofs_time"]][:3] == ["1", "另册", "2"]


def test_everything_is_read_in_one_view_and_nothing_is_written(town: Town, number: str) -> None:
    bundles = Bundles(town.office)
    bundles.evidence(None, "panlong", number)
    with work() as done:  # six of the case, three of what stands beside it, one for each file
        bundles.evidence(None, "panlong", number)
    assert done.statements <= 11
