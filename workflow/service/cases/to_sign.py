"""The page to sign: the reply itself, and what the file shows for it."""

from dataclasses import dataclass

from workflow.case.case import Case
from workflow.case.checklist import Checked, checklist, stopped
from workflow.people import Staff
from workflow.refusal import Refusal
from workflow.rules import permissions
from workflow.service.cases.finding import actor_of, for_staff
from workflow.service.cases.reading import case_file
from workflow.service.cases.signing import held, reply_in_file
from workflow.service.cases.views import CaseFile
from workflow.service.letters.keeping import Keeping
from workflow.service.letters.views import Current, Kept
from workflow.service.office import Office
from workflow.store.models import CaseRow
from workflow.store.unit import Unit

ACTION = "see_reply"


@dataclass(frozen=True)
class ToSign:
    """What the page shows. reply: the one that would be signed, None where there is none. brought_back: of one
    that was edited outside, the version with what it says otherwise. lines: the checklist. missing: why it
    cannot be signed yet."""

    file: CaseFile
    reply: Current | None
    brought_back: Kept | None
    lines: list[Checked]
    missing: Refusal | None


class Signing:
    """Looking at a reply before it is signed."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.keeping = Keeping(office)

    def page(self, staff: Staff, number: str) -> ToSign:
        """The reply with all that is decided about. Raises Missing, Denied."""
        with self.office.store.read() as unit:
            row, case = for_staff(self.office, unit, staff, number)
            permissions.ask(self.office.law, ACTION, actor_of(staff, row).roles)
            return self._page(unit, row, case, staff)

    def _page(self, unit: Unit, row: CaseRow, case: Case, staff: Staff) -> ToSign:
        today = self.office.today()
        reply = reply_in_file(self.keeping, unit, row, case)
        lines = checklist(case, today, held(self.keeping, unit, row, reply, today))
        back = None
        if reply is not None and reply.kept is not None and reply.file_id is not None:
            every = self.keeping.all_kept(unit, row)
            back = next((one for one in reversed(every) if one.hash == reply.hash), None)
        file = case_file(self.office, unit, row, case, staff)
        return ToSign(file, reply, back, lines, stopped(case, lines))
