"""The calendar of a body: which days work, by whose notice; entering the body's own days."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.application_form import Problem
from webui.desk import desk
from webui.desk.settings import chosen_body
from webui.desk.worklist import body_in_url
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from workflow import dates
from workflow.refusal import BadInput, Refusal, Refused
from workflow.rules.calendar import FIRST, LAST
from workflow.service.rules.calendar import ACTS, KINDS, Layer, OneDay

LABELS = {"act": "怎样安排", "first": "第一天", "last": "最后一天", "source": "依据"}
MARKS = {
    "holiday": "休", "makeup": "班", "statutory": "暂休", "local_holiday": "地休",
    "local_workday": "地班",
}  # fmt: skip


@dataclass(frozen=True)
class Month:
    """A month as weeks of seven days, Monday first; None outside the month."""

    number: int
    weeks: list[list[OneDay | None]]


@desk.route("/calendar", methods=["GET", "POST"])
def calendar() -> ResponseReturnValue:
    """The year as months; a form to let days of the body rest or work, or to take entries back."""
    staff, agency = current_staff(), chosen_body()
    typed = {name: request.form.get(name, "").strip() for name in LABELS}
    if request.method != "POST":
        return _page(agency, {**typed, "act": "rest"})
    try:
        entered, moved = gongkai().body_days.enter(
            staff, agency, typed["act"], typed["first"], typed["last"], typed["source"]
        )
    except Refused as error:
        refusal, at_field = error.refusal, []
        if refusal.field:
            at_field = [Problem(refusal.field, LABELS[refusal.field], refusal.message)]
        return _page(agency, typed, at_field, refusal), 409
    except BadInput as error:
        problems = [Problem(item.field, LABELS[item.field], item.message) for item in error.errors]
        return _page(agency, typed, problems), 422
    told = f"，{moved} 件申请的期限随之变动" if moved else "，没有申请的期限变动"
    flash(f"已登记 {entered} 天{told}。", "done")
    year = dates.parse_day(typed["first"]).year
    return redirect(url_for("desk.calendar", at=body_in_url(staff, agency), year=year), 303)


def _page(
    agency: str,
    typed: dict[str, str],
    problems: list[Problem] | None = None,
    refusal: Refusal | None = None,
) -> str:
    this = gongkai().office.today().year
    year = request.values.get("year", this, type=whole)
    year = min(max(year, FIRST.year), LAST.year)
    found = gongkai().body_days.year(agency, year)
    return render_template(
        "desk/calendar.html",
        found=found,
        months=[_weeks(days) for days in found.months],
        layers=[(layer, spans(layer, False), spans(layer, True)) for layer in found.layers],
        kinds=KINDS,
        marks=MARKS,
        acts=ACTS,
        typed=typed,
        problems=problems or [],
        errors={problem.anchor: problem.message for problem in problems or []},
        refusal=refusal,
        agency=agency,
        bodies_read=gongkai().body_settings.bodies(current_staff()),
        years=(FIRST.year, LAST.year),
        at=body_in_url(current_staff(), agency),
    )


def _weeks(days: list[OneDay]) -> Month:
    cells: list[OneDay | None] = [None] * days[0].day.weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    return Month(days[0].day.month, [cells[i : i + 7] for i in range(0, len(cells), 7)])


def spans(layer: Layer, works: bool) -> str:
    """2 月 10–17 日、4 月 4–6 日."""
    return dates.runs_in_words(day for day, day_works in layer.days if day_works == works)
