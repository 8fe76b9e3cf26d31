"""The calculator of due days for anyone. It keeps nothing: what was typed stands in the address, days only."""

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.here import gongkai, site_body
from webui.limits import not_limited, reading
from webui.portal import portal
from webui.site import contact_of
from workflow.docket.calculator import FIELDS, Calculated, calculate, calendar_file, read_told
from workflow.refusal import BadInput

WAYS = (
    ("window", "当面交", "交的那天就是收到之日"),
    ("registered", "挂号信、邮政特快（EMS）", "机关签收那天"),
    ("letter", "平信", "机关与您确认那天；收到信当天就应当联系您"),
    ("net", "网上、电子邮件、传真", "双方确认那天；系统当场给回执的，就是提交那天"),
)
LABELS = {
    "way": "怎样提交的",
    "received_on": "收到之日",
    "arrived_on": "信到的那天、网上提交的那天",
    "correction_sent_on": "补正告知寄出、交给我的日子",
    "correction_reached_on": "我收到补正告知的日子",
    "correction_until": "告知写明的补正截止日",
    "corrected_on": "机关收到我的补正的日子",
    "extended_by": "延长几个工作日",
    "extension_sent_on": "延期告知寄出、交给我的日子",
    "extension_reached_on": "我收到延期告知的日子",
    "consulted_on": "发出征求意见的日子",
    "opinion_on": "收到意见的日子",
    "charged_on": "收费通知寄出、交给我的日子",
    "paid_on": "我缴费的日子",
}


def _typed() -> dict[str, str]:
    """What stands in the address, field by field; what is empty or unknown is none of it."""
    given = {name: request.args.get(name, "").strip()[:20] for name in FIELDS}
    return {name: value for name, value in given.items() if value}


def _calculated(typed: dict[str, str]) -> Calculated:
    body, today = site_body(), gongkai().office.today()
    rules = gongkai().public.rules(body.code if body else None)
    return calculate(read_told(typed, today), rules, today)


@portal.get("/calculator")
@reading.limit("120 per minute", exempt_when=not_limited)
def calculator() -> ResponseReturnValue:
    """The form; with days in the address also what they come to, explained."""
    typed = _typed()
    if request.args.to_dict() != typed:
        return redirect(url_for("portal.calculator", **typed, _anchor="result"), 303)
    found, errors = None, {}
    if typed:
        try:
            found = _calculated(typed)
        except BadInput as error:
            errors = {one.field: one.message for one in reversed(error.errors)}
            errors = {name: errors[name] for name in FIELDS if name in errors}
    body = site_body()
    page = render_template(
        "portal/calculator.html",
        typed=typed, found=found, errors=errors, ways=WAYS, labels=LABELS,
        contact=contact_of(body.code) if body else "",
    )  # fmt: skip
    return page, 422 if errors else 200


@portal.get("/calculator/day.ics")
@reading.limit("60 per minute", exempt_when=not_limited)
def calculator_day() -> ResponseReturnValue:
    """The last day for a person's own calendar."""
    try:
        found = _calculated(_typed())
    except BadInput:
        abort(404)
    if found.due is None:
        abort(404)
    body = site_body()
    content = calendar_file(
        found, body.name if body else "政府信息公开申请", gongkai().office.now()
    )
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=reply-due.ics"
    return answer
