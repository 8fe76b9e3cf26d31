"""The walk over the page of a case: one step at a time, by links; offered to a person until they say no more."""

from dataclasses import dataclass

from flask import redirect, request
from flask.typing import ResponseReturnValue

from config.help import TourStep, load_tour
from webui.desk import desk
from webui.here import gongkai
from webui.numbers import whole
from webui.security import current_staff, local_path
from workflow.people import Staff
from workflow.service.cases.views import CaseFile

COOKIE, SEPARATOR = "toured", "."
MOST_PEOPLE = 20
"""Who share a computer; of more the first ones are offered it again."""
YEARS = 5 * 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Tour:
    """The walk for a reader. number: of the step that is shown, 0 for none; offered: they have not seen it."""

    steps: tuple[TourStep, ...]
    number: int
    offered: bool

    @property
    def step(self) -> TourStep | None:
        return self.steps[self.number - 1] if self.number else None

    @property
    def at(self) -> str:
        """The part of the page that is told about; empty for none."""
        return self.step.part if self.step else ""


def tour_of(staff: Staff, file: CaseFile, *, supplied: bool) -> Tour:
    """The walk over the page of this case. supplied: it has the part on what was asked for and given."""
    there = {"supplied": supplied, "blocked": bool(file.blocked)}
    steps = tuple(step for step in load_tour() if there.get(step.part, True))
    asked = request.args.get("tour", 0, type=whole) if request.method != "POST" else 0
    number = min(max(asked, 0), len(steps))
    return Tour(steps, number, not number and _mark(staff) not in _seen())


@desk.post("/tour/end")
def end_tour() -> ResponseReturnValue:
    """No more of it for this person at this browser."""
    answer = redirect(local_path(request.form.get("next")) or "/desk/", 303)
    marks = [*(one for one in _seen() if one != _mark(current_staff())), _mark(current_staff())]
    answer.set_cookie(
        COOKIE, SEPARATOR.join(marks[-MOST_PEOPLE:]), max_age=YEARS, samesite="Lax", httponly=True,
        secure=bool(gongkai().settings["https"]),
    )  # fmt: skip
    return answer


def _seen() -> list[str]:
    return [one for one in request.cookies.get(COOKIE, "").split(SEPARATOR) if one][-MOST_PEOPLE:]


def _mark(staff: Staff) -> str:
    """Tells the person from others at the same browser, and nothing of them."""
    return gongkai().office.keys.mark("toured", staff.name)[:12]
