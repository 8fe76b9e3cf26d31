"""Who has looked through the points of the law for a year: asked from November on for the next one."""

from dataclasses import dataclass
from datetime import datetime

from workflow.people import SYSTEM, Staff
from workflow.refusal import BadInput, Denied, FieldError
from workflow.rules import permissions
from workflow.rules.law_points import Point, points_of
from workflow.rules.upkeep import Checked, asked_year
from workflow.service import stamps
from workflow.service.office import Office
from workflow.store.audit import audited
from workflow.store.retried import retried
from workflow.store.unit import Unit

ACTION = "check_law"
NOTED = "law_checked"
MOST = 200
"""Characters of what somebody notes of it."""


@dataclass(frozen=True)
class Standing:
    """The points, the year for which they are asked about, and who has looked through them with which note; before: the
    same of the years before."""

    points: list[Point]
    year: int
    checked: Checked | None
    note: str
    before: list[tuple[int, Checked]]


def is_on_top(office: Office, action: str, staff: Staff) -> bool:
    """Whether the person may do it in a body that has none above it: it is about the whole installation."""
    codes = permissions.bodies_for(office.law, action, staff)
    with office.store.read() as unit:
        return any(body.parent_id is None for body in office.tree(unit).of_codes(codes))


class LawPoints:
    """The use cases around the points of the law."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def checked(self, year: int) -> Checked | None:
        """Who has looked through them for the year, and when; None if nobody has."""
        with self.office.store.read() as unit:
            return self._checked(unit, unit.stamp(f"{stamps.LAW_CHECKED}{year}"))

    def standing(self, staff: Staff | None) -> Standing:
        """As a page shows it. staff None: the operator. Raises Denied."""
        self._ask(staff)
        year = asked_year(self.office.today())
        with self.office.store.read() as unit:
            said = unit.stamp(f"{stamps.LAW_CHECKED}{year}")
            before = [
                (one, found)
                for one in range(year - 3, year)
                if (found := self._checked(unit, unit.stamp(f"{stamps.LAW_CHECKED}{one}")))
            ]
            note = str(stamps.read(said).get("note", ""))
            points = points_of(self.office.law)
            return Standing(points, year, self._checked(unit, said), note, before)

    def _ask(self, staff: Staff | None) -> None:
        if staff is not None and not is_on_top(self.office, ACTION, staff):
            row = self.office.law.permissions.actions[ACTION]
            raise Denied(permissions.refusal_of(self.office.law, row))

    @retried
    def note(
        self, staff: Staff | None, year: int, note: str = "", *, at_the_machine: bool = False
    ) -> None:
        """Note that the person has looked through all points for this year or the next; it stands in the audit. staff
        None: the operator; at_the_machine: the operator says who it was. Raises BadInput for another year or a long note,
        Denied."""
        self._ask(None if at_the_machine else staff)
        now, this = self.office.now(), self.office.today().year
        if year not in (this, this + 1):
            raise BadInput([FieldError("year", f"只能登记 {this} 年或者 {this + 1} 年")])
        if len(note) > MOST:
            raise BadInput([FieldError("note", f"说明最多 {MOST} 个字")])
        who = SYSTEM.name if staff is None else staff.name
        points = len(points_of(self.office.law))
        with self.office.store.write() as unit:
            body = unit.agency(staff.home) if staff is not None else None
            audited(
                unit, now, who, body.id if body else None, NOTED, "law",
                year=year, points=points, note=note,
            )  # fmt: skip
            stamp = stamps.said(now, by=who, note=note)
            unit.set_stamp(f"{stamps.LAW_CHECKED}{year}", stamp)

    def _checked(self, unit: Unit, stamp: str | None) -> Checked | None:
        said = stamps.read(stamp)
        if not said:
            return None
        person = unit.user(said["by"])
        at: datetime = said["at"]
        return Checked(person.display_name if person else "运行人员", at)
