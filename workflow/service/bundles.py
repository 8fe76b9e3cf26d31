"""The file of a case handed out whole: the evidence bundle for review and court, the package for the archive. What is
needed is read in one view of the store; pages are set after it is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.letters import load_letters
from workflow.letters import Choice
from workflow.people import Staff
from workflow.service.cases.finding import actor_of
from workflow.service.files import IDENTITY_KINDS
from workflow.service.letters import about_of, contents_of, found_case
from workflow.service.office import Office
from workflow.service.packages import log_of
from workflow.store import files
from workflow.store.models import CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

if TYPE_CHECKING:  # reads PDFs: loaded with the first bundle
    from workflow.bundle.archive import Archive
    from workflow.bundle.evidence import Bundle
    from workflow.bundle.sheets import Press

EVIDENCE, ARCHIVE = "export_case_file", "export_archive"


@dataclass(frozen=True)
class Made:
    """A bundle, with the name of its file."""

    name: str
    content: bytes
    bundle: "Bundle"

    def told(self) -> list[str]:
        return self.bundle.told()


@dataclass(frozen=True)
class Packed:
    """A package, with the name of its file."""

    name: str
    content: bytes
    archive: "Archive"

    def told(self) -> list[str]:
        return self.archive.told()


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

        with self.office.store.read() as unit:
            press, _ = self._press(unit, staff, agency, number, EVIDENCE)
        made = bundle(press, choice)
        return Made(f"证据材料-{number}.pdf", made.content, made)

    def archive(self, staff: Staff | None, agency: str, number: str) -> Packed:
        """The package for the archive as ZIP. That identity papers are in it is noted as when they are opened.

        Raises Missing, Denied, NotPossible, BadInput.
        """
        from workflow.bundle.archive import archive

        press, log, names = self._for_archive(staff, agency, number)
        made = archive(press, log, names)
        return Packed(f"归档包-{number}.zip", made.content, made)

    @retried
    def _for_archive(
        self, staff: Staff | None, agency: str, number: str
    ) -> "tuple[Press, Mapping[str, Any], Mapping[int, str]]":
        with self.office.store.write() as unit:
            press, row = self._press(unit, staff, agency, number, ARCHIVE)
            rows = files.files_of(unit, row.id)
            names = {file.id: files.label_of(file, self.office.keys).name for file in rows}
            if staff is not None:
                role = min(actor_of(staff, row).roles)
                for file in rows:
                    if file.kind in IDENTITY_KINDS:
                        files.note_view(unit, file, staff.name, role, self.office.now())
            return press, log_of(row), names

    def _press(
        self, unit: Unit, staff: Staff | None, agency: str, number: str, action: str
    ) -> "tuple[Press, CaseRow]":
        from workflow.bundle.sheets import Press

        office = self.office
        row, case = found_case(office, unit, staff, agency, number, action)
        about = about_of(office, unit, row, case)
        contents = contents_of(office, unit, row)
        return Press(case, about, load_letters(), office.today(), contents), row
