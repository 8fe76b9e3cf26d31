"""Guards stand in a register under their names, with the sentence that the table shows."""

from tests.workflow.case.walk import MONDAY, SERVED, Walk
from workflow.case.guards import GUARDS, Question, answering
from workflow.case.guards.afterwards import review_is_open, suit_is_open


def test_guard_is_registered_under_its_name_with_its_sentence() -> None:
    found = GUARDS["reviewer_is_not_drafter"]
    assert (found.name, found.sentence) == ("reviewer_is_not_drafter", "保密审查人不能是拟稿人。")
    assert found.ask is answering.reviewer_is_not_drafter


def test_guard_asked_about_anybody_says_nothing_of_persons() -> None:
    case = Walk().must(*SERVED).case
    question = Question(case, "approve", None, None, MONDAY)
    assert answering.signer_is_not_drafter(question) is None
    for ask in (review_is_open, suit_is_open):
        found = ask(question)
        assert found
        assert found.article == "条例45"
