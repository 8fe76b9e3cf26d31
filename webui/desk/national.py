"""The nation's holiday notices: what holds in a year, and a form to load one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webui.application_form import Problem
from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff
from workflow import dates
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules.national import days_in_text, read_notice
from workflow.service.rules.national import in_words, state_in_words

LABELS = {
    "year": "年份", "notice": "通知名称和文号", "holidays": "放假的日子", "workdays": "调休上班的日子",
}  # fmt: skip


@desk.route("/calendar/national", methods=["GET", "POST"])
def national_days() -> ResponseReturnValue:
    """A year of the nation's calendar with the notices by which it holds; a form to load a notice."""
    typed = {name: request.form.get(name, "").strip() for name in LABELS}
    if request.method != "POST":
        return _page({**typed, "year": str(_year())})
    try:
        done = gongkai().national_days.load(current_staff(), _notice(typed))
    except Refused as error:
        refusal, at_field = error.refusal, []
        if refusal.field:
            at_field = [Problem(refusal.field, LABELS[refusal.field], refusal.message)]
        return _page(typed, at_field, refusal), 409
    except BadInput as error:
        return _page(typed, _problems(error.errors)), 422
    for line in in_words(done):
        flash(line, "done")
    return redirect(url_for("desk.national_days", year=done.notice.year), 303)


def _notice(typed: dict[str, str]) -> dict[str, object]:
    """What was typed as the notice of a file. Raises BadInput for what is no day, with what else is
    wrong."""
    four = typed["year"].isdecimal() and len(typed["year"]) == 4
    year = int(typed["year"]) if four else 0
    data: dict[str, object] = {"year": year, "notice": typed["notice"]}
    errors = []
    for name in ("holidays", "workdays"):
        try:
            data[name] = days_in_text(typed[name], year or dates.FIRST_DAY.year)
        except ValueError as error:
            errors.append(FieldError(name, str(error)))
    if errors:
        try:
            read_notice(data)
        except BadInput as others:
            errors += [item for item in others.errors if item.field in ("year", "notice")]
        raise BadInput(sorted(errors, key=lambda item: list(LABELS).index(item.field)))
    return data


def _problems(errors: list[FieldError]) -> list[Problem]:
    """One for each field: the days of a list are told together."""
    told: dict[str, list[str]] = {}
    for error in errors:
        told.setdefault(error.field.partition(".")[0], []).append(error.message)
    return [Problem(field, LABELS[field], "；".join(said)) for field, said in told.items()]


def _year() -> int:
    """The year that is asked for; without one the first that is not known whole, else this year."""
    service, this = gongkai().national_days, gongkai().office.today().year
    asked = request.values.get("year", 0, type=whole)
    if asked:
        return min(max(asked, dates.FIRST_DAY.year), dates.LAST_DAY.year)
    return next((year for year in (this, this + 1) if service.year(year).provisional), this)


def _page(
    typed: dict[str, str],
    problems: list[Problem] | None = None,
    refusal: Refusal | None = None,
) -> str:
    service = gongkai().national_days
    year = _year()
    found = service.year(year)
    return render_template(
        "desk/national.html",
        found=found,
        state=state_in_words(year, found.missing, found.forgotten, found.differs),
        names=service.names([found]),
        spans=dates.runs_in_words,
        may_load=service.may_load(current_staff()),
        typed=typed,
        problems=problems or [],
        errors={problem.anchor: problem.message for problem in problems or []},
        refusal=refusal,
        years=(dates.FIRST_DAY.year, dates.LAST_DAY.year),
    )
