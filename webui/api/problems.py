"""Problem details (RFC 9457): what went wrong, with the rule where a rule said no."""

from dataclasses import replace
from time import time
from typing import Any

from flask import Response, g, json, request, url_for
from flask_limiter import RequestLimit
from werkzeug.exceptions import HTTPException

from webui.limits import reading, writing
from workflow.docket.whole import WrongHistory
from workflow.refusal import BadInput, Denied, FieldError, Refusal, Refused
from workflow.rules.calendar import CalendarGap
from workflow.service import Missing, Stale
from workflow.service.cases.calls import KeyReused
from workflow.service.cases.finding import Several

MALFORMED = frozenset(("unknown_event", "bad_field"))
DENIED = "没有这项权限"
REFUSED_WHOLE = "整件没有转入"
SEVERAL = "编号属于几件申请"
SENT_BEFORE = {"proofs": "先把送达凭证发到本件的 files（kind 为 proof_of_service），再登记送达"}
"""Fields that a page fills with files and a program does not: what it does instead."""
MIMETYPE = "application/problem+json"
WORDS = {
    400: ("请求无法读取", "内容不是可以读取的 JSON，请检查格式和编码（UTF-8）"),
    401: ("需要令牌", "需要有效的令牌（Authorization: Bearer …）"),
    403: ("令牌的权限不够", "这个令牌不能用于这种操作"),
    404: ("没有找到", "没有这个地址，请对照 /api/v1/openapi.json 检查"),
    405: ("不支持这种请求方式", "这个地址不支持这种请求方式，支持的方式见 Allow"),
    409: ("不能这样办理", "现在不能办理"),
    412: ("内容已经变化", "内容在您读取之后已经变化，请重新读取"),
    413: ("内容过大", "提交的内容太大，请删减之后再提交"),
    415: ("内容的类型不对", "请以 Content-Type: application/json 提交"),
    422: ("有几处需要修改", "有几处需要修改"),
    429: ("请求过于频繁", "请求过于频繁，请等 Retry-After 所说的秒数之后再试"),
    503: ("系统正忙", "没有确认办理，请等 Retry-After 所说的秒数之后再试"),
    500: (
        "系统出现故障",
        "刚才的操作没有保存，请稍后再试；仍不行的，请把 request_id 告诉系统管理员",
    ),
}


class Forbidden(Exception):
    """The token is good, but not for this. scope: what it would have to have."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


def usual_problem(status: int) -> dict[str, Any]:
    """A problem that says no more than its status."""
    title, usual = WORDS.get(status, WORDS[400])
    return {"type": "about:blank", "title": title, "status": status, "detail": usual}


def problem(status: int, detail: str | None = None, **more: Any) -> Response:
    """A problem answer; more: errors, rule, article, allowed_when, request_id."""
    body = usual_problem(status)
    body["detail"] = detail or body["detail"]
    body.update({key: value for key, value in more.items() if value is not None})
    answer = Response(json.dumps(body, ensure_ascii=False), status, mimetype=MIMETYPE)
    if status == 401:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        # Of a token that did not come nothing is said (RFC 6750 3.1).
        came = kind.lower() == "bearer" and token.strip()
        answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if came else "Bearer"
    return answer


def is_call() -> bool:
    """True if the request is for the API, even for an address that it does not have."""
    return request.path == "/api" or request.path.startswith("/api/")


def of_bad_input(error: BadInput) -> Response:
    """422 with every wrong field."""
    return problem(422, errors=_errors(error.errors))


def of_wrong_history(error: WrongHistory) -> Response:
    """422 with every step that is refused: its place, event and day, the rule, and what would help."""
    first = error.steps[0]
    more = len(error.steps) - 1
    fields = [FieldError(one.field, one.sentence) for one in error.steps]
    return problem(
        422,
        first.sentence + (f"；另有 {more} 步不能转入" if more else ""),
        title=REFUSED_WHOLE,
        rule=first.refusal.rule,
        article=first.refusal.article,
        message=first.refusal.message,
        allowed_when=first.refusal.allowed_when,
        errors=_errors([*error.errors, *fields]),
        steps=[
            {
                "index": one.index,
                "event": one.event,
                "on": one.on or None,
                **one.refusal.as_dict(),
            }
            for one in error.steps
        ],
    )


def of_refusal(error: Refused) -> Response:
    """409 with the rule; 422 where the event itself is malformed."""
    refusal: Refusal = error.refusal
    if refusal.field in SENT_BEFORE:
        refusal = replace(refusal, field=None, allowed_when=SENT_BEFORE[refusal.field])
    field = "event" if refusal.rule == "unknown_event" else refusal.field
    return problem(
        422 if refusal.rule in MALFORMED else 409,
        refusal.message,
        rule=refusal.rule,
        article=refusal.article,
        message=refusal.message,
        allowed_when=refusal.allowed_when,
        errors=_errors([FieldError(field, refusal.message)]) if field else None,
    )


def of_denied(error: Denied) -> Response:
    """403 with the rule and who may, where it is none of the caller's business."""
    refusal = error.refusal
    return problem(
        403,
        refusal.message,
        title=DENIED,
        rule=refusal.rule,
        article=refusal.article,
        message=refusal.message,
        allowed_when=refusal.allowed_when,
    )


def of_missing(error: Missing) -> Response:
    return problem(404, str(error))


def of_several(error: Several) -> Response:
    """409 with the bodies among which the call may choose, and the address of each one's case."""
    choices = [
        {
            "agency": one.agency,
            "name": one.agency_name,
            "case": url_for("api.get_case_of_body", code=one.agency, number=one.number),
        }
        for one in error.choice
    ]
    return problem(409, str(error), title=SEVERAL, choices=choices)


def of_calendar_gap(error: CalendarGap) -> Response:
    return problem(422, str(error))


def of_stale(error: Stale) -> Response:
    """412 with what moved: the case, or the paper that was named."""
    return problem(412, str(error), errors=_errors([FieldError(error.of, str(error))]))


def of_reused_key(error: KeyReused) -> Response:
    return problem(
        422,
        "这个 Idempotency-Key 已经用于另一次内容不同的请求，请换一个",
        errors=_errors([FieldError("Idempotency-Key", "已用于内容不同的请求")]),
    )


def of_forbidden(error: Forbidden) -> Response:
    answer = problem(403, f"这个令牌没有 {error.scope} 权限")
    answer.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{error.scope}"'
    return answer


def of_call(error: HTTPException) -> Response | None:
    """The answer to a call of the API; None for a page, which has its own."""
    return of_http(error) if is_call() else None


def of_http(error: HTTPException) -> Response:
    """What the web framework found: broken JSON, no such address, too large, too often."""
    code = error.code or 500
    if code not in WORDS:
        code = 400 if code < 500 else 500
    # Ours; others are in English.
    told = vars(error).get("description") if code in (415, 503) else None
    answer = problem(code, told, request_id=g.get("request_id") if code == 500 else None)
    for name, value in error.get_headers():
        if name in ("Allow", "WWW-Authenticate", "Retry-After"):
            answer.headers[name] = value
    if code == 429 and getattr(error, "retry_after", None) is None:
        answer.headers["Retry-After"] = str(_seconds_to_wait())
    return answer


def _seconds_to_wait() -> int:
    """Until the latest of the limits that are used up begins anew."""
    limits: list[RequestLimit | None] = [reading.current_limit, writing.current_limit]
    ends = [limit.reset_at for limit in limits if limit is not None and limit.breached]
    return max(1, round(max(ends) - time())) if ends else 60


def _errors(errors: list[FieldError]) -> list[dict[str, str]]:
    return [{"field": error.field, "message": error.message} for error in errors]
