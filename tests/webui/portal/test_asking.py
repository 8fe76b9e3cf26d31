"""Who files very often is asked a question in the same page; no form is lost, whatever the answer."""

import re

import pytest

from config.portal import load_questions
from tests.webui.filing import CITIZEN, review, slip
from tests.webui.solving import solved
from webui.portal import asking
from workflow.dates import in_numerals


@pytest.fixture(autouse=True)
def limited(app):
    app.config["RATELIMIT_ENABLED"] = True


def send(visitor, **typed):
    """Send the form that stands on the page 检查一遍."""
    return visitor.send("/apply", step="submit", **typed)


@pytest.mark.long(reason="files forty forms; a browser does it as well")
def test_forty_in_an_hour_succeed_with_the_question_answered(visitor, counted):
    asked = 0
    for n in range(40):
        review(visitor, items=f"第 {n} 号合同")
        answer = {}
        if 'name="answer"' in visitor.html:
            asked += 1
            answer = {"answer": solved(visitor.html)}
        send(visitor, **answer)
        assert visitor.path == "/apply/done", visitor.text
    assert counted() == 40 and asked == 30


def test_a_script_without_answers_is_held_and_loses_nothing(visitor, counted):
    review(visitor)
    fields = {**visitor.form("/apply").fields, "step": "submit"}
    for n in range(25):
        visitor.post("/apply", {**fields, "items": f"第 {n} 号合同"})
    assert counted() == asking.FREE
    assert visitor.status == 422 and "请先回答这个问题" in visitor.alert
    kept = visitor.form("/apply").fields
    assert kept["items"] == ["第 24 号合同"] and kept["id_number"] == CITIZEN["id_number"].split()
    assert kept["delivery"] == ["pickup"] and kept["submit_key"] == fields["submit_key"]
    send(visitor, answer=solved(visitor.html))
    assert visitor.path == "/apply/done" and counted() == asking.FREE + 1


def used_up(visitor):
    """An address that has sent as much as goes without a question, at the page 检查一遍."""
    count(visitor, asking.FREE)
    return review(visitor)


def count(visitor, times):
    limits = visitor.app.extensions["gongkai"].limits
    limits.count("filing 127.0.0.1", asking.WINDOW, asking.now(), times)


@pytest.mark.parametrize("answer", ["", "0", "不知道", "1 2", "9" * 20])
def test_a_wrong_answer_brings_another_question_and_keeps_the_form(visitor, counted, answer):
    used_up(visitor)
    first = visitor.form("/apply").fields["question"]
    assert visitor.alert == "" and "分钟" not in visitor.text
    send(visitor, answer=answer)
    assert visitor.status == 422 and counted() == 0
    assert "先回答这个问题" in visitor.alert or "答案不对" in visitor.alert
    assert 'href="#answer"' in visitor.html and 'aria-invalid="true"' in visitor.html
    assert visitor.form("/apply").fields["question"] != first
    assert "竣工验收单" in visitor.form("/apply").fields["items"][0]


def test_an_answer_is_good_for_a_double_click_and_not_for_a_row_of_forms(visitor, counted):
    used_up(visitor)
    fields = {**visitor.form("/apply").fields, "step": "submit", "answer": solved(visitor.html)}
    receipts = [slip(visitor.post("/apply", fields)) for _ in range(2)]
    assert receipts[0] == receipts[1] and counted() == 1
    for n in range(5):
        visitor.post("/apply", {**fields, "items": f"又 {n} 号合同"})
    assert counted() == asking.USES - 1
    assert visitor.status == 422 and "已经用过" in visitor.alert


def test_a_question_that_was_not_asked_here_is_none(visitor, counted):
    used_up(visitor)
    send(visitor, question="AAAA", answer=solved(visitor.html))
    assert visitor.status == 422 and "请先回答" in visitor.alert and counted() == 0


def test_an_old_question_is_asked_anew(visitor, counted, monkeypatch):
    used_up(visitor)
    answer, real = solved(visitor.html), asking.now
    monkeypatch.setattr(asking, "now", lambda: real() + asking.WINDOW)
    count(visitor, asking.FREE)
    send(visitor, answer=answer)
    assert visitor.status == 422 and "过了时间" in visitor.alert and counted() == 0


def test_who_guesses_has_to_wait_and_the_form_stays(visitor, counted, monkeypatch):
    monkeypatch.setattr(asking, "WRONG_MOST", 2)
    used_up(visitor)
    for _ in range(2):
        send(visitor, answer="0")
    assert "分钟再提交" in visitor.alert or "答案不对" in visitor.alert
    send(visitor, answer="0")
    assert visitor.status == 422 and "分钟再按" in visitor.text and counted() == 0
    assert "竣工验收单" in visitor.form("/apply").fields["items"][0]


def test_more_than_any_office_sends_waits_and_the_form_stays(visitor, counted, monkeypatch):
    monkeypatch.setattr(asking, "MOST", asking.FREE + 1)
    used_up(visitor)
    send(visitor, answer=solved(visitor.html))
    assert visitor.status == 422 and "60 分钟" in visitor.alert and counted() == 0


def test_another_address_is_not_asked(visitor, app, counted):
    used_up(visitor)
    other = type(visitor)(app)
    other.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert 'name="answer"' not in review(other).html
    send(other)
    assert other.path == "/apply/done"


@pytest.mark.parametrize("form", load_questions(), ids=lambda form: form.ask)
def test_every_question_is_said_in_words_and_answered_by_a_number_above_nought(form):
    for _ in range(50):
        text, answer = asking.drawn(form)
        assert not re.search(r"[\d{}]", text) and 0 < answer < 200
        assert int(solved(f'<label for="answer">{text}</label>')) == answer


@pytest.mark.parametrize(
    ("text", "number"),
    [("35", 35), ("３５", 35), ("三十五", 35), ("三五", 35), ("35 个", 35), (" 十二天", 12), ("", None),
     ("3 5", None), ("零", 0), ("abc", None)],
)  # fmt: skip
def test_answers_in_figures_and_in_words(text, number):
    assert asking.number_said(text) == number


def test_numbers_in_words():
    said = {n: in_numerals(n) for n in (1, 9, 10, 11, 20, 21, 99)}
    assert said == {1: "一", 9: "九", 10: "十", 11: "十一", 20: "二十", 21: "二十一", 99: "九十九"}
    assert all(asking.number_said(in_numerals(n)) == n for n in range(1, 100))
