"""Answers that bodies have released to everybody: found by words, read, followed by feed. No applicant is named."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webui.here import gongkai, site_body, site_code
from webui.limits import not_limited, reading
from webui.numbers import whole
from webui.portal import portal
from webui.portal.published import feed_of, outside

LONGEST = 60
IN_FEED = 50


@portal.get("/answers")
@reading.limit("120 per minute", exempt_when=not_limited)
def answers() -> ResponseReturnValue:
    """The newest first; `q` seeks in title and text."""
    q = request.args.get("q", "").strip()[:LONGEST]
    found = gongkai().public.answers(_body(), q, request.args.get("page", 1, type=whole))
    return render_template("portal/answers.html", q=q, found=found)


@portal.get("/answers/<int:which>")
@reading.limit("120 per minute", exempt_when=not_limited)
def answer(which: int) -> ResponseReturnValue:
    """One of them."""
    found = gongkai().public.answer(site_code(), which)
    return render_template("portal/answer.html", one=found)


@portal.get("/answers/feed")
@reading.limit("60 per minute", exempt_when=not_limited)
def answers_feed() -> ResponseReturnValue:
    """The newest for feed readers (Atom)."""
    body = site_body()
    entries = [
        {
            "title": one.title,
            "link": outside("answer", which=one.id),
            "on": one.on,
            "text": one.text,
        }
        for one in gongkai().public.answers(_body()).shown[:IN_FEED]
    ]
    return feed_of(f"{body.name if body else ''}公开的答复", "answers", entries)


def _body() -> str | None:
    body = site_body()
    return body.code if body else None
