"""The forms of the file that pages print beside the work: 公开审查呈批单, 办理审批单, 检索记录表."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from webui.desk.case.address import of_case
from webui.here import gongkai
from webui.uploads import handed_out
from workflow.letters import NotPossible
from workflow.letters.formats import FORMATS
from workflow.people import Staff
from workflow.service import Missing
from workflow.service.files import Opened

SHEETS = {"review": "openness_review_form", "approval": "approval_form", "search": "search_record"}
NAMING = "approval"
"""On this one the applicant stands whole."""


@of_case("/sheets/<sheet>.<ending>")
def sheet(staff: Staff, number: str, sheet: str, ending: str) -> ResponseReturnValue:
    """The form as the case stands, in a format of letters. Who may is asked by kind: the reviewer has 呈批单,
    which names no applicant."""
    way = FORMATS.get(ending)
    if sheet not in SHEETS or way is None:
        raise Missing("没有这种表单")
    try:
        letter = gongkai().letters.draft(staff, staff.home, number, SHEETS[sheet])
    except NotPossible as error:
        flash(f"{error.refusal.message}。{error.refusal.allowed_when}")
        return redirect(url_for("desk.case", code=staff.home, number=number), 303)
    if sheet == NAMING:
        gongkai().whole_applicant.printed(staff, number, letter.kind)
    name = f"{letter.label}{number}.{way.ending}"
    return handed_out(Opened(name, way.media_type, way.write(letter)))
