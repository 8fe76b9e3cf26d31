"""The desk: what staff see. Every page demands a login; the service checks bodies and roles."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from webui.security import require_staff

desk = Blueprint("desk", __name__, url_prefix="/desk")


@desk.before_request
def _behind_login() -> ResponseReturnValue | None:
    return None if request.endpoint == "desk.log_in" else require_staff()


from webui.desk import (  # noqa: E402  (their pages)
    account,  # noqa: F401
    calendar,  # noqa: F401
    case_files,  # noqa: F401
    case_page,  # noqa: F401
    channels,  # noqa: F401
    inbox,  # noqa: F401
    morning,  # noqa: F401
    preferences,  # noqa: F401
    registering,  # noqa: F401
    settings,  # noqa: F401
    worklist,  # noqa: F401
)
