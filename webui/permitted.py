"""Who may open what: every request is held to the table of permissions, and pages show what it allows.

A route without a row is closed to everybody. What depends on the body or the case that a request is
about is asked again where it is done, by the service.
"""

from flask import Flask, request
from flask.typing import ResponseReturnValue

from config.law import load_law
from workflow.people import Staff
from workflow.refusal import Denied
from workflow.rules import permissions


def hold_to_the_table(app: Flask) -> None:
    """Before every request: no row, no way."""
    app.before_request(_has_a_row)


def _has_a_row() -> ResponseReturnValue | None:
    if request.endpoint is not None and request.method != "OPTIONS":
        refusal = permissions.refusal_without_row(load_law(), request.endpoint, _method())
        if refusal is not None:
            raise Denied(refusal)
    return None


def ask_route(staff: Staff) -> None:
    """Raises Denied where no role that the person holds anywhere opens the route."""
    refusal = permissions.refusal_by_route(load_law(), request.endpoint or "", _method(), staff)
    if refusal is not None:
        raise Denied(refusal)


def _method() -> str:
    return "GET" if request.method == "HEAD" else request.method


def permitted(staff: Staff | None, action: str, agency: str | None = None) -> bool:
    """True if the person may do it in the body, or without one in any of their own: pages show links
    and buttons by it."""
    if staff is None:
        return False
    return bool(permissions.bodies_for(load_law(), action, staff.within(agency)))
