"""Pages about the site of a body: in easy words, in English, how to embed it; and its crest."""

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from config.law import load_law
from webui.here import gongkai, site_body
from webui.limits import not_limited, reading
from webui.portal import portal
from webui.portal.published import outside
from webui.site import look_of
from webui.static_files import keep_for_ever
from workflow.rules.remedy import in_general

SHOWN_EMBEDDED = {
    "start": "首页",
    "guide": "公开指南",
    "directory": "机关目录",
    "calculator": "期限计算",
}


@portal.get("/easy-read")
def easy_read() -> ResponseReturnValue:
    """What can be done here, one thought a sentence, with pictures."""
    body = site_body()
    contact = gongkai().body_settings.texts(body.code) if body else {}
    return render_template("portal/easy_read.html", contact=contact)


@portal.get("/english")
def english() -> ResponseReturnValue:
    """What the law gives, how to apply, how long it takes, whom to ask: for people who read English."""
    body, law = site_body(), load_law()
    code, today = (body.code if body else None), gongkai().office.today()
    return render_template(
        "portal/english.html",
        rules=in_general(gongkai().public.rules(code)),
        contact=gongkai().body_settings.texts(code) if code else {},
        days=lambda name: law.periods[name].at(today),
        today=today,
    )


@portal.get("/embed")
def embedding() -> ResponseReturnValue:
    """For the webmaster of the body's other sites: what to paste there."""
    body = site_body()
    if body is None:
        abort(404)
    pages = {label: outside(page, site=body.code) for page, label in SHOWN_EMBEDDED.items()}
    return render_template("portal/embed.html", pages=pages, origins=look_of(body.code).embed)


@portal.get("/crest/<digest>.png")
@reading.limit("600 per minute", exempt_when=not_limited)
def crest(digest: str) -> ResponseReturnValue:
    """The crest of the body; its address changes with the picture."""
    body = site_body()
    if body is None:
        abort(404)
    return keep_for_ever(
        Response(gongkai().body_settings.picture(body.code, digest), mimetype="image/png")
    )
