"""Every way through the questions ends, every outcome is reached, and the words fit the proposal."""

import pytest

from config.law import Law, load_law
from workflow import events as ev
from workflow.rules.grounds import is_bare
from workflow.rules.wizard import typed_by, walk

WAYS = list(load_law().wizard.paths())


def test_every_outcome_is_at_the_end_of_a_way_and_explained(law: Law) -> None:
    assert {last.outcome for _, last in WAYS if last.outcome} == set(law.outcomes)
    assert set(law.wizard.outcomes) == set(law.outcomes)


def test_every_way_is_walked_to_its_end(law: Law) -> None:
    for path, last in WAYS:
        stand = walk(law, path)
        assert stand.question is None and stand.end is last and len(stand.steps) == len(path)
        assert (stand.explained is None) == (last.outcome is None)


def test_each_step_can_be_answered_otherwise(law: Law) -> None:
    path, _ = max(WAYS, key=lambda way: len(way[0]))
    for step in walk(law, path).steps:
        assert walk(law, step.path).question == step.question


@pytest.mark.parametrize("path", [(), (99,), (4, 77), (4, 0, 0, 0, 0, 0, 0, 99)])
def test_what_no_question_has_is_left_out(law: Law, path: tuple[int, ...]) -> None:
    stand = walk(law, path)
    assert stand.question is not None and stand.end is None


def test_words_go_into_fields_that_the_proposal_has_and_say_more_than_a_label(law: Law) -> None:
    for _, last in WAYS:
        said = typed_by(law, last)
        assert set(said) <= set(ev.ItemOutcome.model_fields), last
        assert bool(said) == bool(last.outcome and not law.outcomes[last.outcome].set_by)
        words = {
            name: text for name, text in said.items() if name in ("ground", "reason", "assessment")
        }
        assert not [text for text in words.values() if is_bare(text, law)]
