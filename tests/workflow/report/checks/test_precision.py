"""What the checks tell of all sound and unsound reports in the repository does not get worse."""

from functools import cache

import pytest

from tests.examples import DOCS
from tests.workflow.report.checks import precision
from tests.workflow.report.checks.corpus import FOLDER, cases
from tests.workflow.report.checks.reports import LAW

RECALL, PRECISION = 0.9, 0.95
HINTS = 1 / 20
"""False hints at most, by sound report."""


@cache
def figures() -> precision.Figures:
    return precision.measured()


def test_the_figures_are_those_of_the_documentation():
    text = (DOCS / "testing.md").read_text(encoding="utf-8")
    written = text.split(precision.BEGIN)[1].split(precision.END)[0]
    assert written == precision.table(figures()), "python -m tests.workflow.report.checks.precision"


def test_no_sound_report_is_accused_and_one_in_twenty_is_asked_at_most():
    found = figures()
    assert found.accused == []
    assert len(found.asked) <= found.sound * HINTS, found.asked


@pytest.mark.parametrize("rule", LAW.checks)
def test_a_rule_finds_what_breaks_it_and_tells_little_else(rule):
    score = figures().of(rule)
    assert score.found >= score.broken * RECALL
    assert score.rightly >= score.told * PRECISION


def test_every_rule_that_looks_at_one_report_is_broken_in_the_corpus_more_than_once():
    broken = [rule for case in cases() for rule in case.breaks]
    alone = {one.id for one in LAW.checks.values() if one.needs == "report"}
    # V11 is told of tables as well: test_tables_found.py.
    assert {rule for rule in alone if broken.count(rule) < 2} == set()


def test_every_file_of_the_corpus_has_lines():
    names = {path.name for path in FOLDER.glob("*.toml")}
    assert {"phrases.toml", "titles.toml", "figures.toml"} <= names
    assert len(cases()) > 200
