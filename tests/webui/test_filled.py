"""What was typed stands in its form again, whatever the page has around it."""

import pytest

from webui.filled import filled, texts

PAGE = """<!doctype html>
<html lang="zh-CN"><body><main id="main">
<details><summary>补正</summary><form method="post" action="/desk/act?a=1&amp;b=2">
<input type="hidden" name="event" value="correct"><input type="hidden" name="length" value="7">
<textarea name="reason">
原来的</textarea><input name="days" value="3"><input name="days" value="4">
<input type="checkbox" name="kinds" value="a" checked><input type="checkbox" name="kinds" value="b">
<input type="radio" name="way" value="post" checked><input type="radio" name="way" value="desk">
<select name="unit"><option value="">选择</option><option>农业中心</option></select>
<input type="file" name="scan"><input type="password" name="code"><button name="go" value="1">好</button>
</form></details>
<form method="post" action="/desk/act?a=1&amp;b=2" id="other">
<input type="hidden" name="event" value="extend"><textarea name="reason"></textarea></form>
<form method="post" action="/desk/act"><textarea name="reason"></textarea></form>
</main></body></html>"""
ACTION = "/desk/act?a=1&b=2"


def _filled(*sent: tuple[str, str]) -> str:
    return filled(PAGE, ACTION, sent)[0]


def test_texts_choices_and_marks_stand_as_they_were_sent():
    page = _filled(
        ("event", "correct"), ("reason", "因为 <b>甲</b> & 乙"), ("days", "5"), ("days", "6"),
        ("kinds", "b"), ("way", "desk"), ("unit", "农业中心"),
    )  # fmt: skip
    assert "因为 &lt;b&gt;甲&lt;/b&gt; &amp; 乙</textarea>" in page and "原来的" not in page
    assert 'name="days" value="5"' in page and 'name="days" value="6"' in page
    assert 'value="a">' in page and 'value="b" checked' in page
    assert 'value="post">' in page and 'value="desk" checked' in page
    assert "<option selected>农业中心" in page and '<option value="">' in page


def test_an_empty_choice_of_marks_stays_empty():
    """A box that was not marked is not sent at all."""
    assert "checked" not in _filled(("event", "correct"), ("reason", "无"))


def test_line_breaks_stay_also_the_first_one():
    page = _filled(("event", "correct"), ("reason", "\r\n第一行\r\n第二行\r"))
    assert '<textarea name="reason">\n\n第一行\n第二行\n</textarea>' in page


def test_what_no_page_can_hold_is_left_out():
    assert "甲乙\t丙</textarea>" in _filled(("event", "correct"), ("reason", "甲\x0b\x1b乙\t丙"))


def test_what_the_page_sends_along_stays_that_of_the_page():
    """The number of lines of the log is that of the case as it is now."""
    page = _filled(("event", "correct"), ("length", "3"), ("reason", "甲"), ("go", "2"))
    assert 'name="length" value="7"' in page and 'name="go" value="1"' in page


def test_neither_files_nor_passwords_are_put_back():
    page = _filled(("event", "correct"), ("code", "secret"), ("scan", "a.pdf"), ("reason", "甲"))
    assert "secret" not in page and "a.pdf" not in page


@pytest.mark.parametrize(
    ("event", "anchor", "opened"), [("correct", "kept-form", 1), ("extend", "other", 0)]
)
def test_of_several_forms_the_one_that_was_sent(event, anchor, opened):
    page, found, left = filled(PAGE, ACTION, [("event", event), ("reason", "甲")])
    assert found == anchor and left == [] and page.count("<details open") == opened
    assert page.partition(f'value="{event}"')[2].partition("</form>")[0].count("甲</textarea>") == 1
    assert page.count("甲</textarea>") == 1


def test_of_several_details_of_one_name_the_one_with_the_form_is_open():
    """A browser opens the first one alone."""
    usual = '<main id="main"><details name="act" open><p>别的</p></details>'
    page = PAGE.replace('<main id="main">', usual).replace("<details>", '<details name="act">')
    found, _, _ = filled(page, ACTION, [("event", "correct"), ("reason", "甲")])
    assert found.count(" open") == 1 and '<details name="act"><p>别的' in found


def test_what_was_sent_about_one_line_is_put_into_no_other():
    page = PAGE.replace('name="length" value="7"', 'name="seq" value="7"')
    assert filled(page, ACTION, [("seq", "7"), ("reason", "甲")])[1] == "kept-form"
    assert filled(page, ACTION, [("seq", "6"), ("reason", "甲")]) == (page, None, ["甲"])


def test_what_has_no_place_is_told():
    _, _, left = filled(
        PAGE, ACTION, [("event", "correct"), ("gone", "这一栏没有了"), ("days", "1")]
    )
    assert left == ["这一栏没有了"]
    sent = [("days", "1"), ("days", "2"), ("days", "第三个")]
    assert filled(PAGE, ACTION, sent)[2] == ["第三个"]


def test_a_page_without_the_form_stays_as_it_is():
    sent = [
        ("once", "ab12"),
        ("reason", "写了很久的话"),
        ("words", "two words"),
        ("on", "2024-05-06"),
    ]
    assert filled(PAGE, "/desk/elsewhere", sent) == (PAGE, None, ["写了很久的话", "two words"])


def test_texts_are_what_somebody_wrote():
    assert texts([("a", "7"), ("b", "propose_outcome"), ("c", " 甲 "), ("d", "")]) == ["甲"]


def _page(*forms: str) -> str:
    return "<main>" + "".join(f'<form action="/a">{one}</form>' for one in forms) + "</main>"


@pytest.mark.parametrize(
    ("forms", "sent"),
    [
        # By the fields it has, ...
        (('<input name="x">', '<input name="x"><input name="y">'), [("x", "甲"), ("y", "1")]),
        # ... by the button that was pressed, though the other one has more fields.
        (
            (
                '<input name="x"><input name="z"><input name="y"><button name="go" value="1"></button>',
                '<input name="x"><button name="go" value="2"></button>',
            ),
            [("x", "甲"), ("go", "2"), ("z", ""), ("y", "")],
        ),
        (
            (
                '<input name="x"><input name="z"><input type="submit" name="go" value="1">',
                '<input name="x"><input type="submit" name="go" value="2">',
            ),
            [("x", "甲"), ("go", "2"), ("z", "")],
        ),
    ],
)
def test_the_form_is_known_by_its_fields_and_its_button(forms, sent):
    page, anchor, _ = filled(_page(*forms), "/a", sent)
    assert anchor == "kept-form"
    before, _, after = page.partition('id="kept-form"')
    assert "甲" in after and "甲" not in before and before.count("<form") == 2


def test_a_button_keeps_its_words_and_is_no_text_without_a_place():
    page, _, left = filled(
        _page('<input name="x"><input type="submit" name="go" value="送出"><button name="b" value="好">'),
        "/a", [("x", "甲"), ("go", "别的"), ("b", "也好")],
    )  # fmt: skip
    assert 'value="送出"' in page and 'value="好"' in page and left == []


def test_a_choice_is_known_by_its_value_or_its_words():
    page, _, left = filled(
        _page('<select name="x"><option value="a">甲<option value="b">乙</select>'),
        "/a",
        [("x", "b")],
    )
    assert '<option value="b" selected>乙' in page and '<option value="a">甲' in page
    page, _, left = filled(
        _page('<select name="x"><option>甲 一<option>乙 二</select>'), "/a", [("x", "乙 二")]
    )
    assert "<option selected>乙" in page and left == []


def test_a_form_without_an_address_is_not_it():
    assert filled("<main><form><input name=x></form></main>", "/a", [("x", "甲")])[1] is None
