"""The file of a case handed out whole: the evidence bundle for review and court. What is needed is read in one view of
the store; pages are set after it is closed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.letters import load_letters
from workflow.letters import Choice
from workflow.people import Staff
from workflow.service.letters import about_of, contents_of, found_case
from workflow.service.office import Office

if TYPE_CHECKING:  # reads PDFs: loaded with the first bundle
    from workflow.bundle.evidence import Bundle
    from workflow.bundle.sheets import Press

EVIDENCE = "export_case_file"


@dataclass(frozen=True)
class Made:
    """What was made, with the name of its file."""

    name: str
    content: bytes
    bundle: "Bundle"


class Bundles:
    """The use cases. Who asks is a member of staff, or the operator at the command line (None)."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def evidence(
        self,
        staff: Staff | None,
        agency: str,
        number: str,
        choice: Choice = Choice(),  # noqa: B008 - frozen
    ) -> Made:
        """The evidence bundle as PDF. Raises Missing, Denied, NotPossible, BadInput."""
        from workflow.bundle.evidence import bundle

        made = bundle(self._press(staff, agency, number, EVIDENCE), choice)
        return Made(f"证据材料-{number}.pdf", made.content, made)

    def _press(self, staff: Staff | None, agency: str, number: str, action: str) -> "Press":
        office = self.office
        with office.store.read() as unit:
            row, case = found_case(office, unit, staff, agency, number, action)
            about = about_of(office, unit, row, case)
            contents = contents_of(office, unit, row)
        from workflow.bundle.sheets import Press

        return Press(case, about, load_letters(), office.today(), contents)
