"""The desk: what staff see. Every page demands a login; the service checks bodies and roles."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from webui.security import require_staff

desk = Blueprint("desk", __name__, url_prefix="/desk")
BEFORE_LOGIN = (
    "desk.log_in", "desk.second_step", "desk.to_directory", "desk.from_directory", "desk.leave_directory",
)  # fmt: skip


@desk.before_request
def _behind_login() -> ResponseReturnValue | None:
    return None if request.endpoint in BEFORE_LOGIN else require_staff()


from webui.desk import (  # noqa: E402, F401  (their pages)
    account,
    audit,
    bodies,
    calendar,
    chosen,
    directory,
    entering,
    expired,
    factors,
    hooks,
    ledger,
    list_calendar,
    manual,
    national,
    parcels,
    person_data,
    registering,
    search,
    settings,
    staff,
    tokens,
    units,
    upkeep,
    worklist,
)
from webui.desk.case import (  # noqa: E402, F401
    applicant,
    case_file,
    files,
    ground,
    notes,
    page,
    query_code,
    releasing,
    replying,
    review,
    searching,
    sheets,
    sign,
    similar,
    touring,
)
from webui.desk.letters import book, composing, listing  # noqa: E402, F401
from webui.desk.messages import channels, inbox, morning, preferences  # noqa: E402, F401
from webui.desk.supervision import answering, below, dashboards  # noqa: E402, F401
