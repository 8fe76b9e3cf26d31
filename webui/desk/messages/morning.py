"""The morning sheet (待办晨报): on the screen, on paper, as PDF."""

from io import BytesIO

from flask import render_template, send_file
from flask.typing import ResponseReturnValue

from webui.desk import desk
from webui.here import gongkai
from webui.security import current_staff
from workflow.reminders.morning import sheet_pdf
from workflow.reminders.morning.paper import left_in_words


@desk.get("/morning")
def morning() -> ResponseReturnValue:
    lines = gongkai().due_days.morning(current_staff())
    return render_template(
        "desk/morning.html",
        lines=lines,
        several=len({line.agency for line in lines}) > 1,
        left=left_in_words,
    )


@desk.get("/morning.pdf")
def morning_pdf() -> ResponseReturnValue:
    staff, doors = current_staff(), gongkai()
    names = doors.office.listing().names
    body = names[staff.home] if staff.roles else ""
    today = doors.office.today()
    made = sheet_pdf(body, today, doors.due_days.morning(staff), doors.inbox.unread(staff))
    return send_file(BytesIO(made), "application/pdf", download_name=f"morning-{today}.pdf")
