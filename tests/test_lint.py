"""What `make lint` looks for besides form and types: dangerous calls, and secrets that were committed."""

from pathlib import Path

import pytest

from tests.dangers import LET_BE, NOT_SECRET, dangerous_calls, secrets_in
from tests.examples import ROOT
from tests.test_arrows import committed


@pytest.mark.long(reason="bandit reads the whole product, half a minute")
def test_no_dangerous_call_without_its_reason() -> None:
    assert dangerous_calls() == []


@pytest.mark.long(reason="reads every file of the tree, up to a minute")
def test_no_secret_lies_in_the_tree() -> None:
    assert secrets_in(committed()) == []


def test_a_key_is_found_wherever_it_lies(tmp_path: Path) -> None:
    """Composed here, so that no key stands in the tree."""
    there = tmp_path / "notes.md"
    there.write_text(
        "-----BEGIN " + "RSA PRIVATE KEY-----\n" + "gh" + "p_" + "a1B2" * 9 + "\n", encoding="utf-8"
    )
    found = sorted(one.partition(": ")[2] for one in secrets_in([there]))
    assert found == ["GitHub Token", "Private Key"]


def test_every_exception_has_its_reason_and_its_file() -> None:
    for (file, test), why in LET_BE.items():
        assert (file == "*" or (ROOT / file).is_file()) and test.startswith("B") and why, file
    for file, known in NOT_SECRET.items():
        text = (ROOT / file).read_text(encoding="utf-8")
        assert all(said in text and why for said, why in known.items()), file
