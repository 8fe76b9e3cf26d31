"""Error pages: plain words, and for a fault the number under which it stands in the log."""

from collections.abc import Callable

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import (
    Conflict,
    HTTPException,
    InternalServerError,
    ServiceUnavailable,
)

from config.errors import StorageAway, WrongClock
from webui.script import in_traditional
from webui.security import current_staff, require_staff
from webui.serving.counted import NUMBER
from webui.typed import Typed, keep_for, page_of_form, typed_now
from workflow.people import Busy
from workflow.refusal import Denied
from workflow.service import Damaged, Missing, Unavailable, damage
from workflow.service.logs import Seldom

WORDS = {
    400: ("这个请求无法识别", "请返回上一页，刷新之后再试一次。"),
    403: ("您不能查看或者办理这一事项", "如果确有需要，请与本机关的系统管理员联系。"),
    404: ("没有找到这个页面", "可能是地址有误，或者内容不属于您的机关。请检查之后再试。"),
    405: ("没有找到这个页面", "请从首页重新进入。"),
    413: ("提交的内容太大", "请删减文字之后再提交。"),
    428: ("页面上的信息不完整，没有办理", "请回到这件申请的页面，刷新之后再办理一次。"),
    429: ("操作太频繁了", "请等几分钟再试。"),
    503: (
        "系统正忙，暂时不能办理",
        "请稍等几秒钟再试；刚才提交的内容没有确认保存，已经保存的不会丢失。",
    ),
    500: (
        "系统出了问题",
        "刚才的操作没有保存。请稍后再试；仍不行的，请把下面的编号告诉系统管理员。",
    ),
}
WRONG_CLOCK = (
    "本机时间不对，暂时不能办理",
    "请联系运行人员（系统管理员）校对本机时间，校对之后再办理。刚才的内容没有保存；查询和查看不受影响。",
)
NO_STORAGE = "文件暂时不能存取"
WAIT_SECONDS, WAIT_FOR_THE_CLOCK = 5, 300
CSRF_WORDS = (
    "页面停留太久，需要刷新",
    "为了安全，这一页已经失效，刚才的内容没有提交。",
)
OF_EVERYBODY = {"csrf_token", "_fresh", "_flashes"}
"""What a session holds that tells nothing of anybody."""
AGAIN = {429, 500, 503}
"""What may be sent once more as it is: a form is applied once, however often it comes."""


def register(app: Flask, calls: Callable[[HTTPException], Response | None]) -> None:
    """Number every request, and answer every error with a page.

    calls: the answer to a request that is no page but a call of the API; None for a page.
    """
    app.extensions["answer_of_calls"] = calls
    app.extensions["seldom"] = Seldom(app.logger)
    app.before_request(_number_request)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(Missing, _missing)
    app.register_error_handler(Denied, _denied)
    app.register_error_handler(HTTPException, http_page)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(Damaged, _damaged)
    app.register_error_handler(InternalServerError, _fault)

    def log_exception(exc_info: object) -> None:
        app.logger.error(
            "request %s: fault at %s", g.get("request_id"), _page_asked(), exc_info=exc_info
        )  # type: ignore[arg-type]  # as Flask itself passes it on

    app.log_exception = log_exception  # type: ignore[method-assign, assignment]  # Flask's way


def _page_asked() -> str:
    """Which page it was, without what its address opens."""
    return f"{request.method} {request.url_rule.rule}" if request.url_rule else request.method


def _number_request() -> None:
    g.request_id = request.environ.get(NUMBER, "")
    g.read_before = damage.mark()


def _csrf(error: CSRFError) -> ResponseReturnValue:
    """A page from before the session, or from another one. On the desk what it sent is kept, and its page
    shown anew; an applicant may send it once more, on the page of an application
    after number and code. Who clears what is cleared already is told that it is."""
    if request.blueprint in ("desk", "reports") and (sent := typed_now()) is not None:
        first = require_staff()
        if first is not None:
            return first
        page = keep_for(current_staff(), sent)
        return redirect(page or sent.page, 303)
    view = current_app.view_functions.get(request.endpoint or "")
    empty = getattr(view, "when_empty", None)
    if empty is not None and request.form.get("csrf_token") and not set(session) - OF_EVERYBODY:
        return empty()  # type: ignore[no-any-return]  # a view
    lost = getattr(view, "when_lost", None)
    if lost is not None and typed_now() is not None:
        answer: ResponseReturnValue = lost()
        return answer
    return _page(400, *CSRF_WORDS, again=typed_now())


def _missing(error: Missing) -> ResponseReturnValue:
    return _page(404, str(error), WORDS[404][1])


def _denied(error: Denied) -> ResponseReturnValue:
    rule = error.refusal
    return _page(403, WORDS[403][0], f"{rule.message}（{rule.article}）。{rule.allowed_when}。")


def _damaged(error: Damaged) -> ResponseReturnValue:
    """A case that cannot be read: its page says so, and what to do."""
    current_app.logger.error("request %s: damaged case at %s", g.get("request_id"), _page_asked())
    return _of_call(Conflict(str(error))) or _page(409, *str(error).split("。", 1))


def _unavailable(error: Unavailable) -> ResponseReturnValue:
    """The database does not answer, or not in time, or the clock of the machine is wrong: the same may be asked again."""
    words, wait = WORDS[503], WAIT_SECONDS
    if isinstance(error, StorageAway):
        return _no_storage(error)
    if isinstance(error, WrongClock):
        words, wait = WRONG_CLOCK, WAIT_FOR_THE_CLOCK
    else:
        seldom: Seldom = current_app.extensions["seldom"]
        seldom.warn(error.trouble, f"request {g.get('request_id')}: no database at {_page_asked()}")
    problem = ServiceUnavailable("".join(words) if isinstance(error, WrongClock) else None)
    answer = _of_call(problem) or current_app.make_response(_page_of_no_store(*words))
    answer.status_code = 503
    answer.headers["Retry-After"] = str(wait)
    return answer


def _no_storage(error: StorageAway) -> ResponseReturnValue:
    """Where contents of files lie does not answer: the page says so, with the form to be sent again."""
    current_app.logger.warning(
        "request %s: no storage at %s: %s", g.get("request_id"), _page_asked(), error.why
    )
    answer = _of_call(ServiceUnavailable(str(error)))
    answer = answer or make_response(_page(503, NO_STORAGE, f"{error}。", again=typed_now()))
    answer.headers["Retry-After"] = str(WAIT_SECONDS)
    return answer


def _busy(error: Busy) -> ResponseReturnValue:
    """Too many passwords at a time: nothing was looked at, and nothing of it is kept on a page."""
    answer = make_response(
        _page(503, str(error), WORDS[503][1], request_id=request.environ.get(NUMBER))
    )
    answer.headers["Retry-After"] = str(WAIT_SECONDS)
    return answer


def _page_of_no_store(title: str, detail: str) -> str:
    """Without what is added to every other page: that is read in the store."""
    page = current_app.jinja_env.get_template("errors/away.html")
    return page.render(
        title=title, detail=detail, again=typed_now(), traditional=in_traditional(),
        request_id=request.environ.get(NUMBER),
    )  # fmt: skip


def http_page(error: HTTPException) -> ResponseReturnValue:
    """The page for an error of HTTP, in plain words."""
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    if (answer := _of_call(error)) is not None:
        return answer
    code = error.code or 500
    if code == 405 and request.method in ("GET", "HEAD") and (above := page_of_form()) != "/":
        # the address of a form, opened again: its page is above it
        return redirect(request.script_root + above, 303)
    again = typed_now() if code in AGAIN else None
    number = request.environ.get(NUMBER) if code >= 500 else None
    answer = make_response(_page(code, *WORDS.get(code, WORDS[400]), number, again=again))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _of_call(error: HTTPException) -> Response | None:
    answer: Response | None = current_app.extensions["answer_of_calls"](error)
    return answer


def _fault(error: InternalServerError) -> ResponseReturnValue:
    if (answer := _of_call(error)) is not None:
        return answer
    return _page(500, *WORDS[500], request_id=request.environ.get(NUMBER), again=typed_now())


def _page(
    code: int,
    title: str,
    detail: str,
    request_id: str | None = None,
    again: Typed | None = None,
) -> ResponseReturnValue:
    """again: what was sent in vain, to be sent once more."""
    page = render_template(
        "errors/page.html", title=title, detail=detail, request_id=request_id, again=again
    )
    return page, code
