"""Answers that bodies have released to everybody: found by words, read, followed by feed. No applicant is named."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from config.portal import PublicPage, load_pages
from webui.here import gongkai, site_body, site_code
from webui.limits import not_limited, reading
from webui.numbers import whole
from webui.portal import portal
from webui.portal.published import feed_of, outside
from workflow.case.terms import folded

LONGEST = 60
IN_FEED = 50
BODIES_MOST = 5


@portal.get("/answers")
@reading.limit("120 per minute", exempt_when=not_limited)
def answers() -> ResponseReturnValue:
    """The newest first. `q` seeks in title and text, and among bodies, published reports and the public pages:
    looking comes before asking."""
    q, page = request.args.get("q", "").strip()[:LONGEST], request.args.get("page", 1, type=whole)
    public, body = gongkai().public, _body()
    found = public.answers(body, q, page)
    bodies, years, pages = [], {}, []
    if q and found.page == 1:
        pages = [one for one in load_pages() if is_about(one, q)]
        bodies = list(public.directory(q).listed[:BODIES_MOST]) if body is None else []
        years = public.report_years(bodies) if bodies else {}
    return render_template(
        "portal/answers.html", q=q, found=found, bodies_found=bodies, years=years, pages_found=pages
    )


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


def is_about(page: PublicPage, q: str) -> bool:
    """Whether somebody who types this may mean the page: one of its words stands there, or it stands in one of them."""
    said = [folded(one) for one in (page.title, *page.words)]
    return any(
        word in one or (len(one) > 1 and one in word) for word in folded(q).split() for one in said
    )


def _body() -> str | None:
    body = site_body()
    return body.code if body else None
