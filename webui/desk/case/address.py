"""The address of a case at the desk: /desk/cases/{body}/{number}, and the short one without the body."""

from collections.abc import Callable, Sequence
from functools import wraps

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.here import gongkai
from webui.security import current_staff
from workflow.people import Staff
from workflow.service import Missing
from workflow.service.cases.finding import Several

View = Callable[..., ResponseReturnValue]


def of_case(rest: str = "", method: str = "GET") -> Callable[[View], View]:
    """Put a view of a case under its address; rest: what follows the number.

    The view gets the person in the case's body, and the number. The short address leads to the long one,
    or, for what is posted, does the same; where two bodies of the person have the number it is answered
    409 with the choice.
    """

    def registered(view: View) -> View:
        @wraps(view)
        def found(number: str, code: str | None = None, **more: str) -> ResponseReturnValue:
            if code is not None:
                return view(in_body(code), number, **more)
            code = gongkai().reading.body_of(_asked_for(), number)
            if method == "GET":
                return redirect(_long(code, number, more))
            return view(in_body(code), number, **more)

        desk.add_url_rule(f"/cases/<code>/<number>{rest}", view.__name__, found, methods=[method])
        desk.add_url_rule(f"/cases/<number>{rest}", view.__name__, found, methods=[method])
        return found

    return registered


def in_body(code: str) -> Staff:
    """The person of this request in one of their bodies. Raises Missing for any other one."""
    staff = current_staff()
    if code not in staff.roles:
        raise Missing(f"没有代码为“{code}”的机关，或者不属于您的机关")
    return staff.within(code)


def _asked_for() -> Staff:
    """The person, in the body that an address of before names by `at`."""
    staff, at = current_staff(), request.args.get("at")
    return staff.within(at) if at in staff.roles else staff


def _long(code: str, number: str, more: dict[str, str]) -> str:
    # What begins with a stroke says to Flask how to build the address: to another site, by another method.
    asked = {name: said for name, said in request.args.items() if name != "at" and name[:1] != "_"}
    return url_for(str(request.endpoint), **{**asked, **more, "code": code, "number": number})


def numbers_said(cases: Sequence[tuple[str, str]]) -> list[str]:
    """Cases, by code of the body and number, as a sentence names them: by number, with the name of the body where it could be
    one of several."""
    several = len({code for code, _ in cases}) > 1 or len(current_staff().roles) > 1
    names = gongkai().office.listing().names
    return [f"{names.get(code, code)} {number}" if several else number for code, number in cases]


@desk.errorhandler(Several)
def choose(error: Several) -> ResponseReturnValue:
    """The choice between the bodies that have the number. What was posted is not done."""
    more = dict(request.view_args or {}) if request.method != "POST" else {}
    endpoint = str(request.endpoint) if request.method != "POST" else "desk.case"
    links = [
        (url_for(endpoint, **{**more, "code": one.agency, "number": one.number}), one.agency_name)
        for one in error.choice
    ]
    page = render_template("desk/several.html", number=error.choice[0].number, links=links)
    return page, 409
