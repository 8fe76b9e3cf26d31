"""The acceptance files of a lone clone are the ones that were handed over, unchanged."""

from pathlib import Path

import pytest

from tests.examples import ACCEPTANCE

SHARED = Path(__file__).parents[2] / "shared"
COPIES = sorted(path.relative_to(ACCEPTANCE) for path in ACCEPTANCE.rglob("*.json"))


def original(copy: Path) -> Path:
    return SHARED / copy if copy.parts[0] == "contracts" else SHARED / "acceptance" / copy


def originals() -> set[Path]:
    found = {
        path.relative_to(SHARED / "acceptance") for path in SHARED.rglob("acceptance/**/*.json")
    }
    return found | {path.relative_to(SHARED) for path in SHARED.rglob("contracts/*.json")}


needs_originals = pytest.mark.skipif(
    not SHARED.is_dir(), reason="a lone clone: the originals are not beside the project"
)


def test_there_are_copies() -> None:
    assert {Path("deadlines.json"), Path("tallies.json"), Path("fees.json")} <= set(COPIES)
    assert {path.parts[0] for path in COPIES if len(path.parts) > 1} == {"tables", "contracts"}


@needs_originals
@pytest.mark.parametrize("copy", COPIES, ids=str)
def test_copy_is_unchanged(copy: Path) -> None:
    assert (ACCEPTANCE / copy).read_bytes() == original(copy).read_bytes()


@needs_originals
def test_no_acceptance_file_is_missing() -> None:
    assert originals() == set(COPIES)
