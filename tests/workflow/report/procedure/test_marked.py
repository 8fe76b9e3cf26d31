"""A text whose numbers know their cells, and what becomes of characters that somebody typed."""

from workflow.report.procedure.marked import Piece, marked, pieces, told, unmarked

PLACE = ("table3", "new_received", "total")
TEXT = f"收到 {marked(PLACE, 8)} 件。"


def test_the_text_alone_has_no_places() -> None:
    assert unmarked(TEXT) == "收到 8 件。"
    assert pieces(TEXT) == [Piece("收到 "), Piece("8", PLACE), Piece(" 件。")]
    assert pieces(marked(PLACE, 0)) == [Piece("0", PLACE)]
    assert pieces("") == []


def test_what_is_no_whole_mark_is_dropped() -> None:
    assert unmarked("甲\ue000乙\ue001丙\ue002\ue002丁") == "甲丙丁"
    assert unmarked("\ue001甲\ue002") == "甲"
    assert pieces("甲\ue000乙") == [Piece("甲乙")]


def test_places_are_told_where_the_text_is_still_the_same() -> None:
    sections = {"overview": "收到 8 件。", "problems": "", "other_matters": "无"}
    assert told(sections, {"overview": TEXT}) == {
        "overview": pieces(TEXT), "problems": [], "other_matters": [Piece("无")],
    }  # fmt: skip
    changed = told({"overview": "收到 9 件。"}, {"overview": TEXT})
    assert changed == {"overview": [Piece("收到 9 件。")]}
