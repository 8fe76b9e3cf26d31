"""The calls of DESIGN.md for applications, cases, events, deadlines and reports."""

import hashlib
from datetime import date, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from webui.api.problems import of_bad_input, of_refusal, problem
from workflow.application import OfflineForm, read_form
from workflow.calendar import CalendarGap
from workflow.case import Applicant
from workflow.dates import parse_day
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refused
from workflow.service import Missing
from workflow.service.casework import CaseFile, Filed, WorkItem

api = APIBlueprint("api", __name__, url_prefix="/api/v1")
PAGE_MOST = 200


def gongkai() -> Any:
    """The use cases of this installation."""
    return current_app.extensions["gongkai"]


@api.errorhandler(BadInput)
def bad_input(error: BadInput) -> Response:
    return of_bad_input(error)


@api.errorhandler(Refused)
def refused(error: Refused) -> Response:
    return of_refusal(error.refusal)


@api.errorhandler(Missing)
def missing(error: Missing) -> Response:
    return problem(404, str(error))


@api.errorhandler(CalendarGap)
def calendar_gap(error: CalendarGap) -> Response:
    return problem(422, str(error))


@api.errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    return problem(error.code or 500, error.description or "")


# -- who is calling, and what was said -----------------------------------------------------------------


def caller() -> Staff:
    """The member of staff whose token came along. Ends the call with 401 without one."""
    if "staff" not in g:
        header = request.headers.get("Authorization", "")
        kind, _, token = header.partition(" ")
        staff = gongkai().office.staff_by_token(token.strip()) if kind.lower() == "bearer" else None
        if staff is None:
            raise Unauthorised()
        g.staff = staff
    staff_found: Staff = g.staff
    return staff_found


class Unauthorised(HTTPException):
    code = 401
    description = "需要有效的令牌（Authorization: Bearer …）"


def body() -> dict[str, Any]:
    """The JSON object that was sent: 400 for broken JSON, 415 for another type, 422 for no object."""
    data = request.get_json()
    if not isinstance(data, dict):
        raise BadInput([FieldError("", "须为一个 JSON 对象")])
    return data


def once_key(scope: str) -> str | None:
    """The Idempotency-Key of the call as a key of fixed length, different per caller."""
    given = request.headers.get("Idempotency-Key")
    if not given:
        return None
    return hashlib.sha256(f"{scope}\n{given}".encode()).hexdigest()


def day_argument(name: str) -> date | None:
    given = request.args.get(name)
    if not given:
        return None
    try:
        return parse_day(given)
    except ValueError as error:
        raise BadInput([FieldError(name, str(error))]) from error


def number_argument(name: str, default: int, most: int) -> int:
    given = request.args.get(name)
    if given is None:
        return default
    if not given.isdecimal() or len(given) > 9 or int(given) > most:
        raise BadInput([FieldError(name, f"须为 0 到 {most} 的整数")])
    return int(given)


# -- applications -----------------------------------------------------------------------------------


@api.post("/applications")
def post_application() -> tuple[dict[str, Any], int]:
    """An applicant's form; answered with number and query code."""
    form = read_form(body())
    return filed(gongkai().cases.file(form, once_key("application"))), 201


@api.get("/applications/<number>")
def get_application(number: str) -> dict[str, Any]:
    """The applicant's view; one answer for a wrong number and a wrong code."""
    view = gongkai().cases.for_applicant(number, request.args.get("query_code", ""))
    return {
        "number": view.number,
        "state": view.state,
        "state_label": view.state_label,
        "receipt_date": iso(view.receipt_date),
        "reply_due": iso(view.reply_due),
        "correction_due": iso(view.correction_due),
        "steps": view.steps,
        "letters": [],
    }


# -- cases ------------------------------------------------------------------------------------------


@api.post("/cases")
def post_case() -> tuple[dict[str, Any], int]:
    """Staff register an application that came on paper, by mail, fax or e-mail."""
    staff = caller()
    form = read_form(body(), OfflineForm)
    assert isinstance(form, OfflineForm)
    return filed(gongkai().cases.register(form, staff, once_key(f"case {staff.name}"))), 201


@api.get("/cases")
def get_cases() -> dict[str, Any]:
    """The worklist: what is due first on top; `after` and `limit` page through it."""
    staff = caller()
    after = number_argument("after", 0, 10_000_000)
    limit = number_argument("limit", 50, PAGE_MOST) or 50
    states = tuple(state for state in request.args.get("state", "").split(",") if state)
    unknown = [state for state in states if state not in gongkai().office.law.states]
    if unknown:
        raise BadInput([FieldError("state", f"没有名为“{unknown[0]}”的状态")])
    items, total = gongkai().cases.worklist(
        staff,
        states=states,
        due_before=day_argument("due_before"),
        text=request.args.get("q") or None,
        after=after,
        limit=limit,
    )
    following = after + len(items)
    return {
        "cases": [work_item(item) for item in items],
        "total": total,
        "next": following if following < total and items else None,
    }


@api.get("/cases/<number>")
def get_case(number: str) -> dict[str, Any]:
    """The case, its log, what may happen next and for whom."""
    return case(gongkai().cases.case(caller(), number))


@api.post("/cases/<number>/events")
def post_event(number: str) -> dict[str, Any]:
    """Apply an event; answered with the case, or with the rule that refused it."""
    staff = caller()
    fields = body()
    name = fields.pop("event", None)
    fields.pop("by", None)
    return case(gongkai().cases.apply(staff, number, name, fields, once_key(f"event {staff.name}")))


@api.get("/cases/<number>/deadlines")
def get_deadlines(number: str) -> dict[str, Any]:
    """All due days with their steps, as `gongkai deadline` prints them."""
    found: dict[str, Any] = gongkai().cases.case(caller(), number).deadlines.as_dict()
    return found


# -- reports ----------------------------------------------------------------------------------------


def readable(agency: str) -> str:
    """The body's code, if the caller may read its reports; else as if it did not exist."""
    if agency not in {code for code, _ in gongkai().reports.readable(caller())}:
        raise Missing(f"没有代码为“{agency}”的机关，或者您不能查看")
    return agency


@api.get("/reports/<agency>/<int:year>/tables")
def get_tables(agency: str, year: int) -> dict[str, Any]:
    """Tables 3 and 4 as `gongkai tally` prints them."""
    fmt = request.args.get("format")
    found: dict[str, Any] = gongkai().reports.tables(readable(agency), year, fmt).as_dict()
    return found


@api.get("/reports/<agency>/<int:year>/cells/<row>/<column>")
def get_cell(agency: str, year: int, row: str, column: str) -> dict[str, Any]:
    """The cases behind a cell of table 3, or of table 4 (row = block)."""
    fmt = request.args.get("format")
    numbers = gongkai().reports.behind(readable(agency), year, row, column, fmt)
    return {
        "agency": agency,
        "year": year,
        "row": row,
        "column": column,
        "n": len(numbers),
        "cases": numbers,
    }


# -- how things are said ----------------------------------------------------------------------------


def iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None


def filed(found: Filed) -> dict[str, Any]:
    return {
        "number": found.number,
        "query_code": found.query_code,
        "state": found.state,
        "submitted_at": iso(found.submitted_at),
        "receipt_date": iso(found.receipt_date),
        "reply_due": iso(found.reply_due),
    }


def work_item(item: WorkItem) -> dict[str, Any]:
    return {
        "number": item.number,
        "agency": item.agency,
        "request": item.title,
        "applicant": item.applicant,
        "state": item.state,
        "state_label": gongkai().office.law.states[item.state].label,
        "due": iso(item.due),
        "due_kind": item.due_kind or None,
        "workdays_left": item.workdays_left,
        "next_by": list(item.next_actors),
        "provisional": item.provisional,
    }


def applicant(person: Applicant) -> dict[str, Any]:
    return {"name": person.name, "citizen": person.citizen, "category": person.category}


def case(found: CaseFile) -> dict[str, Any]:
    return {
        "number": found.number,
        "agency": found.agency,
        "kind": found.kind,
        "request": found.title,
        "items": list(found.items),
        "applicants": [applicant(person) for person in found.applicants],
        "delivery": list(found.delivery),
        "medium": list(found.medium),
        "channel": found.channel,
        "submitted_at": iso(found.submitted_at),
        "state": found.state,
        "state_label": found.state_label,
        "outcome": found.outcome,
        "row": found.row,
        "column": found.column,
        "closed_on": iso(found.closed_on),
        "receipt_date": iso(found.deadlines.receipt_date),
        "reply_due": iso(found.deadlines.reply_due),
        "deadlines": found.deadlines.as_dict(),
        "missing": [{"item": number, "need": need} for number, need in found.missing],
        "remedy": found.remedy,
        "log": [
            {
                "seq": line.seq,
                "event": line.event,
                "label": line.label,
                "on": iso(line.on),
                "recorded_at": iso(line.recorded_at),
                "actor": line.actor,
                "role": line.role,
                "fields": line.fields,
                "filled": list(line.filled),
            }
            for line in found.log
        ],
        "next": [
            {
                "event": possible.event,
                "label": possible.label,
                "by": list(possible.by),
                "allowed": possible.allowed,
                "refusal": possible.refusal.as_dict() if possible.refusal else None,
            }
            for possible in found.possible
        ],
    }
