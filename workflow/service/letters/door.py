"""The door to the letters of a case: which it can have, one of them drafted or as it is kept."""

from workflow.case.case import Case
from workflow.letters import Choice, Letter, Standing, letters_of
from workflow.letters.possible import about_of
from workflow.people import Staff
from workflow.rules import permissions
from workflow.service.cases.finding import actor_of, folded, for_staff
from workflow.service.letters.keeping import Keeping
from workflow.service.office import Missing, Office
from workflow.store.models import CaseRow
from workflow.store.unit import Unit

ACTION = "draft_letter"


class CaseLetters:
    """The letters of a case. Who asks is a member of staff, or the operator at the command line (None).

    A slip in a template is told here, before anybody asks for a letter.
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        self.keeping = Keeping(office)
        self.letters = self.keeping.letters

    def possible(self, staff: Staff | None, agency: str, number: str) -> list[Standing]:
        """The letters that the case can have today. Raises Missing, Denied."""
        with self.office.store.read() as unit:
            _, case = self._case(unit, staff, agency, number)
            return letters_of(case, self.office.today(), letters=self.letters)

    def draft(
        self,
        staff: Staff | None,
        agency: str,
        number: str,
        kind: str,
        choice: Choice = Choice(),  # noqa: B008 - frozen
    ) -> Letter:
        """The letter of that kind: as it is kept, else as it would be written today; what renders it needs no
        store any more.

        Raises Missing, Denied, KeyError for an unknown kind, NotPossible with what would help.
        """
        with self.office.store.read() as unit:
            row, case = self._case(unit, staff, agency, number)
            if kind not in self.letters.templates:
                raise KeyError(kind)
            about = about_of(self.letters.latest(kind).head, case, choice)
            here = self.keeping.current(unit, row, case, kind, about)
            return here.letter if here else self.keeping.drafted(unit, row, case, kind, choice)

    def _case(
        self, unit: Unit, staff: Staff | None, agency: str, number: str
    ) -> tuple[CaseRow, Case]:
        law = self.office.law
        if staff is not None:
            row, case = for_staff(self.office, unit, staff.within(agency), number)
            permissions.ask(law, ACTION, actor_of(staff, row).roles)
            return row, case
        permissions.ask(law, ACTION, permissions.OPERATOR)
        body = self.office.found_agency(unit, agency)
        rows = unit.cases_numbered([body.code], number)
        if not rows:
            raise Missing(f"{body.name}没有编号为“{number}”的申请")
        return rows[0], folded(self.office, unit, rows[0])
