"""Problem details (RFC 9457): what went wrong, with the rule where a rule said no."""

from typing import Any

from flask import Response, json

from workflow.refusal import BadInput, FieldError, Refusal

MALFORMED = frozenset(("unknown_event", "bad_field"))
_TITLES = {
    400: "请求无法读取",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种请求方式",
    409: "不能这样办理",
    413: "内容过大",
    415: "只接受 JSON",
    422: "有几处需要修改",
    429: "请求过于频繁",
    500: "系统出现故障",
}


def problem(status: int, detail: str, **more: Any) -> Response:
    """A problem answer; more: errors, rule, article, allowed_when."""
    body = {
        "type": "about:blank",
        "title": _TITLES.get(status, "出错了"),
        "status": status,
        "detail": detail,
    }
    body.update({key: value for key, value in more.items() if value is not None})
    answer = Response(
        json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json"
    )
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def of_bad_input(error: BadInput) -> Response:
    """422 with every wrong field."""
    return problem(422, _TITLES[422], errors=_errors(error.errors))


def of_refusal(refusal: Refusal) -> Response:
    """409 with the rule; 422 where the event itself is malformed."""
    errors = _errors([FieldError(refusal.field, refusal.message)]) if refusal.field else None
    return problem(
        422 if refusal.rule in MALFORMED else 409,
        refusal.message,
        rule=refusal.rule,
        article=refusal.article,
        message=refusal.message,
        allowed_when=refusal.allowed_when,
        errors=errors,
    )


def _errors(errors: list[FieldError]) -> list[dict[str, str]]:
    return [{"field": error.field, "message": error.message} for error in errors]
