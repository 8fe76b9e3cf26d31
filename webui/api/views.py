"""The calls of DESIGN.md for applications, cases, events, deadlines and reports."""

from typing import Any, cast

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, jsonify, request, url_for
from werkzeug.exceptions import HTTPException

from config.api import load_api
from webui.api import asked, problems
from webui.api.answers import (
    CaseAnswer,
    CasesAnswer,
    CellAnswer,
    FiledAnswer,
    ListedCase,
    TablesAnswer,
)
from webui.api.applicant import ApplicationAnswer
from webui.api.calling import (
    LOOK_REASON,
    LOOK_WORDS,
    Spoken,
    arguments,
    body,
    by_code,
    caller,
    etag_of_case,
    in_body,
    lengths_seen,
    look_at_address,
    look_words,
    once,
    say,
)
from webui.api.deadlines import DeadlinesAnswer
from webui.api.document import PREFIX, described, written
from webui.here import gongkai
from webui.limits import not_limited, reading, was_not_found, was_refused, writing
from webui.places import cursor_of, place_of
from workflow.case.application import OfflineForm, read_form
from workflow.docket.whole import WrongHistory
from workflow.events import names_who_filed
from workflow.people import STAFF_ROLES, Staff
from workflow.refusal import BadInput, Denied, FieldError, Refused
from workflow.rules.calendar import CalendarGap
from workflow.service import Missing, Stale
from workflow.service.cases.calls import KeyReused
from workflow.service.cases.finding import Several
from workflow.service.cases.views import CaseFile, Filed, Place

api = APIBlueprint("api", __name__, url_prefix=PREFIX)
api.before_request(lambda: look_at_address(request.endpoint, request.view_args))
api.register_error_handler(BadInput, problems.of_bad_input)
api.register_error_handler(WrongHistory, problems.of_wrong_history)
api.register_error_handler(Refused, problems.of_refusal)
api.register_error_handler(Denied, problems.of_denied)
api.register_error_handler(Missing, problems.of_missing)
api.register_error_handler(Several, problems.of_several)
api.register_error_handler(CalendarGap, problems.of_calendar_gap)
api.register_error_handler(Stale, problems.of_stale)
api.register_error_handler(KeyReused, problems.of_reused_key)
api.register_error_handler(problems.Forbidden, problems.of_forbidden)
api.register_error_handler(HTTPException, problems.of_http)


# Guessing tokens is slowed down; good ones are not. A token is too long to be guessed by any number of
# processes, so that each may count for itself and a good call need not ask the store.
reading.limit("30 per minute", deduct_when=was_refused, exempt_when=not_limited)(api)


@api.after_request
def _say_what_is_old(response: Response) -> Response:
    """Who uses what is deprecated is told so: by the word that was promised, which is older than RFC 9745 and its moment."""
    if any(load_api().deprecated(name) for name in request.args):
        response.headers["Deprecation"] = "true"
    return response


# -- applications -----------------------------------------------------------------------------------


@api.post("/applications")
@writing.limit("30 per hour", exempt_when=not_limited)
@described("fileApplication", answer=FiledAnswer, status=201, sent="ApplicationForm")
def post_application() -> Response:
    """File an application: an applicant's form

    Answered with number and query code. Purpose, relation to the information and employer are never
    asked.
    """
    arguments(asked.Nothing)
    form = read_form(body(), today=gongkai().office.today())
    return once(lambda key: filed(gongkai().intake.file(form, key), "api.get_application"))


@api.get("/applications/<number>")
@reading.limit("20 per minute", exempt_when=not_limited)
@writing.limit("20 per minute", exempt_when=not_limited, deduct_when=was_not_found)
@described("getApplication", answer=ApplicationAnswer, asked=asked.ByCode)
def get_application(number: str) -> Response:
    """Where an application stands: the applicant's view

    A wrong number and a wrong code get the same answer.
    """
    view = by_code(number, lambda code: gongkai().for_applicant.view(number, code))
    return say((ApplicationAnswer.of(view), 200, {}))


# -- cases ------------------------------------------------------------------------------------------


@api.post("/cases")
@described("registerCase", answer=FiledAnswer, status=201, scope="write", sent="OfflineForm")
def post_case() -> Response:
    """Register an application that came on paper, by mail, fax or e-mail"""
    staff = caller("write")
    arguments(asked.Nothing)
    form = read_form(body(), OfflineForm, today=gongkai().office.today())
    return once(
        lambda key: filed(
            gongkai().intake.register(form, staff, key), "api.get_case_of_body", code=form.agency
        )
    )


@api.get("/cases")
@described("listCases", answer=CasesAnswer, scope="read", asked=asked.CaseList)
def get_cases() -> Response:
    """The worklist: what is due first on top

    Pages follow by `cursor`; cases that come in meanwhile move nothing.
    """
    staff = caller("read")
    wanted = arguments(asked.CaseList)
    items, total = gongkai().worklist.cases(
        in_body(staff, wanted.agency),
        states=wanted.state,
        due_before=wanted.due_before,
        text=wanted.q,
        limit=wanted.limit + 1,
        beyond=place_of(wanted.cursor) if wanted.cursor else None,
    )
    shown, following, headers = items[: wanted.limit], None, {}
    if len(items) > wanted.limit:
        last = shown[-1]
        following = cursor_of(Place(last.due, last.number, last.agency))
        here = {**request.args.to_dict(), "cursor": following}
        headers["Link"] = f'<{url_for("api.get_cases", **here)}>; rel="next"'
    states = gongkai().office.law.states
    cases = [ListedCase.fields_of(item, states[item.state].label) for item in shown]
    page = CasesAnswer.model_validate({"cases": cases, "total": total, "next": following})
    return say((page, 200, headers))


@api.get("/agencies/<code>/cases/<number>")
@described("getCaseOfBody", answer=CaseAnswer, scope="read", takes_reason=True)
def get_case_of_body(code: str, number: str) -> Response:
    """The case, its log, what may happen next and for whom"""
    staff = caller("read")
    arguments(asked.Nothing)
    return _case(in_body(staff, code), number)


@api.get("/cases/<number>")
@described("getCase", answer=CaseAnswer, scope="read", asked=asked.OfOneBody, takes_reason=True)
def get_case(number: str) -> Response:
    """The same without the body, where the number is clear: else 409 with the choice"""
    staff = caller("read")
    return _case(in_body(staff, arguments(asked.OfOneBody).agency), number)


_HEADERS = {"reason": LOOK_REASON, "words": LOOK_WORDS}


def _case(staff: Staff, number: str) -> Response:
    """With the header X-Look-Reason (a word of `look_reasons`; for `other` X-Look-Words, percent-encoded) who asks is
    told whole, and the audit says who looked and why."""
    reason = request.headers.get(LOOK_REASON)
    if reason is not None:
        words = look_words()
        try:
            gongkai().whole_applicant.show(staff, number, reason, words)
        except BadInput as error:
            raise BadInput([FieldError(_HEADERS[one.field], one.message) for one in error.errors]) from error  # fmt: skip
    found = gongkai().reading.case(staff, number)
    return say(case(found, whole=reason is not None))


@api.post("/agencies/<code>/cases/<number>/events")
@described("applyEventInBody", answer=CaseAnswer, scope="write", sent="Event", takes_if_match=True)
def post_event_of_body(code: str, number: str) -> Response:
    """Apply an event to a case

    Answered with the case; a refusal (409) names the rule, the article and what would make it
    possible.
    """
    staff = caller("write")
    arguments(asked.Nothing)
    return _event(in_body(staff, code), number)


@api.post("/cases/<number>/events")
@described(
    "applyEvent",
    answer=CaseAnswer,
    scope="write",
    asked=asked.OfOneBody,
    sent="Event",
    takes_if_match=True,
)
def post_event(number: str) -> Response:
    """The same without the body, where the number is clear: else 409 with the choice"""
    staff = caller("write")
    return _event(in_body(staff, arguments(asked.OfOneBody).agency), number)


def _event(staff: Staff, number: str) -> Response:
    fields = body()
    name = fields.pop("event", None)
    who_filed = names_who_filed(name, fields.get("by"))
    role = None if who_filed else known_role(fields.pop("by", None))
    if not isinstance(name, str):
        raise BadInput([FieldError("event", "请填写事项名称")])

    def apply(key: str | None) -> Spoken:
        found = gongkai().moving.apply_and_read(
            staff, number, name[:64], fields, key, lengths_seen(), role
        )
        return case(found)

    return once(apply)


@api.get("/agencies/<code>/cases/<number>/deadlines")
@described("getDeadlinesOfBody", answer=DeadlinesAnswer, scope="read")
def get_deadlines_of_body(code: str, number: str) -> Response:
    """All due days with their steps, as `gongkai deadline` prints them"""
    staff = caller("read")
    arguments(asked.Nothing)
    return _deadlines(in_body(staff, code), number)


@api.get("/cases/<number>/deadlines")
@described("getDeadlines", answer=DeadlinesAnswer, scope="read", asked=asked.OfOneBody)
def get_deadlines(number: str) -> Response:
    """The same without the body, where the number is clear: else 409 with the choice"""
    staff = caller("read")
    return _deadlines(in_body(staff, arguments(asked.OfOneBody).agency), number)


def _deadlines(staff: Staff, number: str) -> Response:
    found = gongkai().reading.case(staff, number).deadlines.as_dict()
    return say((DeadlinesAnswer.model_validate(found), 200, {}))


# -- reports ----------------------------------------------------------------------------------------


def readable(staff: Staff, agency: str) -> str:
    """The body's code, if the person may read its reports; else as if it did not exist."""
    if gongkai().reports.readable_name(staff, agency) is None:
        raise Missing(f"没有代码为“{agency}”的机关，或者您不能查看")
    return agency


@api.get("/reports/<agency>/<int:year>/tables")
@described("getTables", answer=TablesAnswer, scope="read", asked=asked.InFormat)
def get_tables(agency: str, year: int) -> Response:
    """Tables 三 and 四 of a body and year, as `gongkai tally` prints them

    For the caller's own bodies and those below them.
    """
    agency = readable(caller("read"), agency)
    tables = gongkai().reports.tables(agency, year, arguments(asked.InFormat).format)
    return say((TablesAnswer.of(tables), 200, {}))


@api.get("/reports/<agency>/<int:year>/cells/<row>/<column>")
@described("getCell", answer=CellAnswer, scope="read", asked=asked.InFormat)
def get_cell(agency: str, year: int, row: str, column: str) -> Response:
    """The cases behind a cell of table 三, or of table 四 (row = block)"""
    staff = caller("read")
    agency = readable(staff, agency)
    fmt = arguments(asked.InFormat).format
    numbers = gongkai().cells.numbers(staff, agency, year, row, column, fmt)
    answer = CellAnswer(
        agency=agency, year=year, row=row, column=column, n=len(numbers), cases=numbers
    )
    return say((answer, 200, {}))


# -- the description --------------------------------------------------------------------------------


@api.get("/openapi.json")
@api.doc(hide=True)
def get_document() -> Response:
    """The OpenAPI document of this API."""
    answer = jsonify(written(cast(APIFlask, current_app)))
    answer.add_etag()
    return answer.make_conditional(request)


# -- how things are said ----------------------------------------------------------------------------


def known_role(role: Any) -> str | None:
    """The role in which the call says that it is made, if it does. Raises BadInput."""
    if role is not None and role not in STAFF_ROLES:
        raise BadInput([FieldError("by", "没有这个角色")])
    return str(role) if role is not None else None


def filed(found: Filed, where: str, **more: str) -> Spoken:
    location = url_for(where, number=found.number, **more)
    return FiledAnswer.of(found), 201, {"Location": location}


def case(found: CaseFile, *, whole: bool = False) -> Spoken:
    answer = CaseAnswer.of(found, whole=whole)
    return answer, 200, {"ETag": etag_of_case(found.length, answer)}
