"""docs/where.md leads from a rule to its file: every place it names is there, and the usual questions
find their answer."""

import ast

import pytest

from config.law import load_law
from tests.examples import DOCS, ROOT
from workflow.diagram.where import Place, places

PLACES = places(load_law(), ROOT)
PAGE = (DOCS / "where.md").read_text(encoding="utf-8")


def test_there_are_many_rules_and_each_stands_in_its_file() -> None:
    assert len(PLACES) >= 100
    for place in PLACES:
        text = (ROOT / place.file).read_text(encoding="utf-8")
        assert place.rule and len(place.rule) < 1500
        assert place.name.rpartition(".")[2] in text, place
    assert len(set(PLACES)) == len(PLACES)


def test_what_is_named_is_defined_there() -> None:
    for place in PLACES:
        if place.name and place.file.endswith(".py"):
            tree = ast.parse((ROOT / place.file).read_text(encoding="utf-8"))
            names = {
                node.name
                for node in ast.walk(tree)
                if isinstance(node, ast.FunctionDef | ast.ClassDef)
            }
            assert set(place.name.split(".")) <= names, place


@pytest.mark.parametrize(
    ("word", "file"),
    [
        ("答复期限（", "config/law/periods.toml"),
        ("20 working days from the day after receipt", "workflow/clock/period.py"),
        ("day of receipt", "workflow/clock/days.py"),
        ("takes effect", "workflow/clock/days.py"),
        ("收费金额", "workflow/case/guards/linked.py"),
        ("the fee by page", "workflow/rules/fees.py"),
        ("starts the period of reply anew", "workflow/clock/receiving.py"),
        ("one extension lengthens", "workflow/clock/waiting.py"),
        ("which row of table 3 an outcome counts in", "workflow/rules/outcomes.py"),
        ("identity papers are opened by", "workflow/service/files.py"),
        ("黄牌", "workflow/reminders/moments.py"),
        ("平常信函", "workflow/clock/days.py"),
        ("number and query code", "workflow/service/cases/finding.py"),
        ("which types of file are accepted", "workflow/files/check.py"),
        ("GONGKAI_SMTP_HOST", "config/settings.py"),
        ("Who may do what", "config/law/permissions.toml"),
        ("units that table 3 counts", "workflow/report/tables/tally.py"),
        ("column of table 3", "workflow/rules/columns.py"),
        ("review_first", "workflow/rules/outcomes.py"),
        ("what an applicant reads after a refusal", "workflow/rules/remedy.py"),
    ],
)
def test_the_usual_questions_are_answered(word: str, file: str) -> None:
    assert word in PAGE
    assert any(word in place.rule and place.file == file for place in PLACES)


def test_a_rule_of_a_template_is_one_line() -> None:
    assert all("\n" not in place.rule for place in PLACES)
    assert Place.__doc__
