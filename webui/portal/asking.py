"""Who files very often is asked a question in words, in the same page, with everything typed kept.

No form is ever turned away: it is filed, or it stands in the page again with the question or with the time
until which to wait. Counts are kept in the store, for all processes together.
"""

import binascii
import json
import re
import secrets
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import request, session

from config.portal import QuestionForm, load_questions
from webui.here import gongkai, keep_sealed, kept
from webui.limits import address, not_limited, now
from workflow.case.number import in_digits
from workflow.dates import in_numerals

WINDOW = timedelta(hours=1)
FREE = 10
"""Sendings of an address in an hour before it is asked."""
MOST = 300
"""Sendings of an address in an hour, answered or not."""
WRONG_MOST = 60
"""Wrong answers of an address in an hour."""
USES = 3
"""How often one answer is good: a form is sent twice by a double click, or once more after a broken line."""
SEALED_FOR = "question"


@dataclass(frozen=True)
class Question:
    """What stands above the button. text: the question, empty where there is only to wait; sealed: goes along with the
    form; problem: what was wrong with the last answer; minutes: how long to wait; sent: the form came back for it."""

    text: str = ""
    sealed: str = ""
    problem: str = ""
    minutes: int = 0
    sent: bool = False


def question_ahead() -> Question | None:
    """The question for the page before the form is sent; None where the next one goes without."""
    if not_limited() or _sent(address())[0] < FREE:
        return None
    return _wait() or _new()


def keep_question(form: str, question: Question) -> None:
    """Note for the page to check a form what was wrong with the answer that came with it."""
    keep_sealed("asked", {"form": form[:8], "problem": question.problem})


def question_of(form: str) -> Question | None:
    """The question on the page to check a form, with what was wrong with the last answer, once."""
    question, said = question_ahead(), kept("asked")
    if said is None or said["form"] != form[:8]:
        return question
    session.pop("asked", None)
    return replace(question, problem=said["problem"], sent=True) if question else None


def unanswered() -> Question | None:
    """Count this sending: None where it may be filed, else what to ask or to wait for first."""
    if not_limited():
        return None
    if gongkai().limits.count(_sendings(address()), WINDOW, now()) <= FREE:
        return None
    if (waiting := _wait()) is not None:
        return waiting
    problem = _problem()
    return None if problem is None else _new(problem)


def _problem() -> str | None:
    """What is wrong with the answer that was sent, None if it is right."""
    asked = _unsealed(request.form.get("question", ""))
    if asked is None:
        return "请先回答这个问题"
    if asked["until"] < now().timestamp():
        return "这个问题已经过了时间，请回答新的问题"
    if number_said(request.form.get("answer", "")) != asked["answer"]:
        gongkai().limits.count(_wrong(address()), WINDOW, now())
        said = request.form.get("answer", "").strip()
        return "答案不对，请回答新的问题" if said else "请先回答这个问题"
    times = gongkai().limits.count(f"answer {asked['nonce']}", 2 * WINDOW, now())
    return None if times <= USES else "这个答案已经用过，请回答新的问题"


def number_said(text: str) -> int | None:
    """The one number that an answer says: 35, ３５, 三十五, 35 个. None for none or several."""
    found = re.findall(r"\d+", in_digits(unicodedata.normalize("NFKC", text[:20])))
    return int(found[0]) if len(found) == 1 else None


def drawn(form: QuestionForm) -> tuple[str, int]:
    """A question of this form with its numbers in words, and its answer."""
    a, b = (low + secrets.randbelow(high - low + 1) for low, high in (form.a, form.b))
    answer = {
        "sum": a + b,
        "difference": a - b,
        "product": a * b,
        "larger": max(a, b),
        "smaller": min(a, b),
    }[form.gives]
    return form.ask.format(a=in_numerals(a), b=in_numerals(b)), answer


def _new(problem: str = "") -> Question:
    text, answer = drawn(secrets.choice(load_questions()))
    until = (now() + WINDOW).timestamp()
    data = {"answer": answer, "nonce": secrets.token_urlsafe(9), "until": until}
    sealed = urlsafe_b64encode(gongkai().office.keys.seal(data, SEALED_FOR)).decode()
    return Question(text, sealed, problem)


def _unsealed(text: str) -> dict[str, Any] | None:
    from cryptography.exceptions import InvalidTag  # not loaded before something is to be opened

    try:
        return gongkai().office.keys.open(urlsafe_b64decode(text), SEALED_FOR) if text else None
    except (InvalidTag, binascii.Error, json.JSONDecodeError, ValueError):
        return None


def _wait() -> Question | None:
    """How long to wait, where an address sent more than any office has to, or guessed."""
    for (times, ends), most in ((_sent(address()), MOST), (_wrongs(address()), WRONG_MOST)):
        if times >= most:
            return Question(minutes=max(1, -int((now() - ends).total_seconds() // 60)))
    return None


def _sendings(who: str) -> str:
    return f"filing {who}"


def _wrong(who: str) -> str:
    return f"wrong answers {who}"


def _sent(who: str) -> tuple[int, Any]:
    return gongkai().limits.counted(_sendings(who), now())


def _wrongs(who: str) -> tuple[int, Any]:
    return gongkai().limits.counted(_wrong(who), now())
