"""docs/changing-the-law.md: each of its examples, tried on a copy of the tables."""

import re
import shutil
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import config.law
from config.law import Law, LawTableError, load_law
from tests.examples import DOCS
from workflow.clock import compute
from workflow.events import parse
from workflow.rules.calendar import national
from workflow.rules.outcomes import row_of
from workflow.rules.remedy import remedy_text
from workflow.rules.rulebook import Rulebook

TABLES = Path(config.law.__file__).parent
PAGE = (DOCS / "changing-the-law.md").read_text(encoding="utf-8")


def example(key: str, name: str) -> str:
    """The TOML of the page that holds this row."""
    blocks = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
    return next(b for b in blocks if f'{key} = "{name}"' in b)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(TABLES, tmp_path / "law", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "law"


def replaced(folder: Path, file: str, row: str, key: str, name: str) -> Law:
    """The law with one row put in the place of the old one, or at the end."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    kept = [part for part in _rows(text) if not re.search(rf'^{key} = "{name}"$', part, re.M)]
    path.write_text("\n".join([*kept, row]), encoding="utf-8")
    return load_law(folder)


def _rows(text: str) -> Iterator[str]:
    yield from re.split(r"(?m)^(?=\[\[)", text)


def rules_with(law: Law) -> Rulebook:
    return Rulebook(law, law.defaults(), national())


def test_refusal_served_in_2024_goes_to_review_first() -> None:
    rules = rules_with(load_law())
    assert remedy_text("deliberative", date(2023, 12, 31), rules).kind == "either"
    assert remedy_text("deliberative", date(2024, 1, 1), rules).kind == "review_first"


def test_the_page_shows_the_row_as_it_stands() -> None:
    shown = tomllib.loads(example("code", "deliberative"))["outcome"][0]
    rows = tomllib.loads((TABLES / "outcomes.toml").read_text(encoding="utf-8"))["outcome"]
    assert shown in rows


def test_without_its_second_entry_the_remedy_is_the_old_one(folder: Path) -> None:
    row = example("code", "deliberative").replace(
        ', { from = 2024-01-01, value = "review_first" }', ""
    )
    law = replaced(folder, "outcomes.toml", row, "code", "deliberative")
    assert remedy_text("deliberative", date(2024, 1, 1), rules_with(law)).kind == "either"


def test_review_first_holds_for_exactly_the_refusals_of_articles_14_to_16() -> None:
    changed = {
        code
        for code, outcome in load_law().outcomes.items()
        if outcome.remedy.at(date(2023, 12, 31))
        != outcome.remedy.at(date(2024, 1, 1))
        == "review_first"
    }
    assert changed == {
        code
        for code, outcome in load_law().outcomes.items()
        if outcome.cls == "refuse" and re.match(r"1[456]", outcome.basis)
    }
    assert len(changed) == 7


def test_new_number_holds_for_requests_received_from_its_day_on(folder: Path) -> None:
    law = replaced(folder, "periods.toml", example("name", "reply"), "name", "reply")
    rules = rules_with(law)
    for received, workdays in ((date(2029, 12, 3), 20), (date(2030, 1, 7), 30)):
        event = parse("receive", {"on": received, "channel": "in_person"})
        assert compute([event], rules).reply_due == national().add(received, workdays)


def test_new_ground_is_one_row(folder: Path) -> None:
    law = replaced(
        folder, "outcomes.toml", example("code", "emergency_plan"), "code", "emergency_plan"
    )
    assert row_of("emergency_plan", law, law.defaults()) == "refused_security_stability"
    assert remedy_text("emergency_plan", date(2030, 2, 1), rules_with(law)).kind == "review_first"


def test_who_may_do_something_is_one_row(folder: Path) -> None:
    law = replaced(folder, "transitions.toml", example("event", "archive"), "event", "archive")
    assert "office_head" in law.transitions["archive"].by


def test_slip_names_file_and_row(folder: Path) -> None:
    row = example("code", "emergency_plan").replace("refused_security_stability", "refused_secret")
    with pytest.raises(LawTableError, match=r"outcomes\.toml: emergency_plan"):
        replaced(folder, "outcomes.toml", row, "code", "emergency_plan")
