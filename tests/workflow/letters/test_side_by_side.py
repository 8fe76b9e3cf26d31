"""Two versions of a letter side by side."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.letters.side_by_side import changed_paragraphs

LINES = st.lists(st.text("甲乙丙丁12，。", min_size=1, max_size=8), max_size=6)


def test_only_what_differs_is_shown_and_within_it_what_changed() -> None:
    (pair,) = changed_paragraphs(["一", "电话【　】", "三"], ["一", "电话0876-1", "三"])
    assert [(piece.text, piece.changed) for piece in pair.old] == [
        ("电话", False),
        ("【　】", True),
    ]
    assert [(piece.text, piece.changed) for piece in pair.new] == [
        ("电话", False),
        ("0876-1", True),
    ]


def test_a_paragraph_that_came_or_went_stands_alone() -> None:
    (came,) = changed_paragraphs(["一"], ["一", "二"])
    assert came.old == () and came.new[0].text == "二"
    (went,) = changed_paragraphs(["一", "二"], ["一"])
    assert went.new == () and went.old[0].changed


@given(old=LINES, new=LINES)
def test_nothing_is_lost(old: list[str], new: list[str]) -> None:
    pairs = changed_paragraphs(old, new)
    shown_old = ["".join(piece.text for piece in pair.old) for pair in pairs if pair.old]
    shown_new = ["".join(piece.text for piece in pair.new) for pair in pairs if pair.new]
    rest_old, rest_new = list(old), list(new)
    for text in shown_old:
        rest_old.remove(text)
    for text in shown_new:
        rest_new.remove(text)
    assert sorted(rest_old) == sorted(rest_new), "what is not shown is alike"
    assert (pairs == []) == (old == new)
