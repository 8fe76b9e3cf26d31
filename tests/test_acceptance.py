"""The acceptance files of a lone clone are the ones that were handed over, unchanged."""

from pathlib import Path

import pytest

from tests.examples import ACCEPTANCE

SHARED = Path(__file__).parents[2] / "shared"
COPIES = sorted(path.relative_to(ACCEPTANCE) for path in ACCEPTANCE.rglob("*") if path.is_file())


def original(copy: Path) -> Path:
    return SHARED / copy if copy.parts[0] == "contracts" else SHARED / "acceptance" / copy


def originals() -> set[Path]:
    """Every file that was handed over: worked examples with their inputs, and the contracts."""
    examples, contracts = SHARED / "acceptance", SHARED / "contracts"
    return {path.relative_to(examples) for path in examples.rglob("*") if path.is_file()} | {
        path.relative_to(SHARED) for path in contracts.rglob("*") if path.is_file()
    }


needs_originals = pytest.mark.skipif(
    not SHARED.is_dir(), reason="a lone clone: the originals are not beside the project"
)


def test_there_are_copies() -> None:
    assert {Path("deadlines.json"), Path("tallies.json"), Path("fees.json")} <= set(COPIES)
    assert {path.parts[0] for path in COPIES if len(path.parts) > 1} == {
        "contracts", "report_inputs", "reports", "tables",
    }  # fmt: skip


@needs_originals
@pytest.mark.parametrize("copy", COPIES, ids=str)
def test_copy_is_unchanged(copy: Path) -> None:
    assert (ACCEPTANCE / copy).read_bytes() == original(copy).read_bytes()


@needs_originals
def test_no_acceptance_file_is_missing() -> None:
    assert originals() == set(COPIES)
