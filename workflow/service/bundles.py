"""The file of a case handed out whole: the evidence bundle for review and court, the package for the archive. What is
needed is read in one view of the store; pages are set after it is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.letters import Choice
from workflow.people import Staff
from workflow.rules import permissions
from workflow.service.audit import export_noted, note_export
from workflow.service.cases.finding import actor_of
from workflow.service.cases.thread import Thread
from workflow.service.letters.door import found_case
from workflow.service.letters.keeping import Keeping
from workflow.service.letters.pressing import press_of
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

EVIDENCE, ARCHIVE, READ = "export_case_file", "export_archive", "read_cases"
KEPT = 200
"""Cases whose pages are kept at hand."""


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


@dataclass(frozen=True, slots=True)
class InFile:
    """A paper of the file as its page shows it. evidence: its number in the list of evidence, None for what is none.
    page: where it stands in the bound file. closed: why it is kept apart, "" where it is not. origin: uploaded,
    drafted, "" where nothing of it is there. files: the ids of what was uploaded with it."""

    number: int
    evidence: int | None
    title: str
    on: date
    maker: str
    page: str
    closed: str
    origin: str
    files: tuple[int, ...]


@dataclass(frozen=True)
class FileOfCase:
    """What lies in the file of a case, in the order of practice.md §3.6. may: what the person may hand out."""

    papers: tuple[InFile, ...]
    left_out: tuple[str, ...]
    retention: Mapping[str, Any]
    may: frozenset[str]


class Bundles:
    """The use cases. Who asks is a member of staff, or the operator at the command line (None)."""

    def __init__(self, office: Office) -> None:
        self.office, self.keeping, self.thread = office, Keeping(office), Thread(office)
        self._paged: dict[Any, tuple[Mapping[str, str], Mapping[str, str]]] = {}

    def contents(self, staff: Staff, number: str) -> FileOfCase:
        """What lies in the file. The pages are set once for a case as it is. Raises Missing."""
        from workflow.bundle.archive import retention
        from workflow.letters.in_file import evidence, left_out, papers_in_file
        from workflow.letters.seen import Seen

        with self.office.store.read() as unit:
            press, row = self._press(unit, staff, staff.home, number, READ, contents=False)
            kept = tuple((one.kind, one.about, one.source, one.seq) for one in press.kept)
            uploaded = tuple(file.id for file in press.about.attached)
            key = (row.id, row.length, uploaded, kept, press.today, unit.rules_mark)
            if key not in self._paged:
                press, _ = self._press(unit, staff, staff.home, number, READ)
            held = actor_of(staff, row).roles
        pages, origins = self._pages(key, press)
        seen = Seen(press.case, press.about, press.letters, press.today)
        proofs = {one.paper.key: one.n for one in evidence(seen)}
        words = press.letters.papers
        papers = tuple(
            InFile(
                n, proofs.get(one.key), one.title, one.on, words.makers[one.by], pages[one.key],
                words.sealed.get(one.sealed, ""), origins.get(one.key, ""), tuple(file.id for file in one.files),
            )
            for n, one in enumerate(papers_in_file(seen), 1)
        )  # fmt: skip
        law = self.office.law
        may = (one for one in (EVIDENCE, ARCHIVE) if permissions.role_for(law, one, held))
        out = tuple(one.title for one in left_out(seen))
        return FileOfCase(papers, out, retention(press), frozenset(may))

    def _pages(self, key: Any, press: "Press") -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Of each paper its pages, and where they come from, by its key."""
        from workflow.bundle.archive import in_pages

        found = self._paged.get(key)
        if found is None:
            if len(self._paged) >= KEPT:
                self._paged.clear()
            found = self._paged[key] = in_pages(press)
        return found

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
        note_export(self.office, staff, "证据材料", 1, agency, number)
        return Made(f"证据材料-{number}.pdf", made.content, made)

    def archive(self, staff: Staff | None, agency: str, number: str) -> Packed:
        """The package for the archive as ZIP. That it was taken away is noted, and that identity papers are in it as when they are opened.

        Raises Missing, Denied, NotPossible, BadInput.
        """
        from workflow.bundle.archive import archive

        press, log, names, said = self._for_archive(staff, agency, number)
        made = archive(press, log, names, said)
        return Packed(f"归档包-{number}.zip", made.content, made)

    @retried
    def _for_archive(
        self, staff: Staff | None, agency: str, number: str
    ) -> "tuple[Press, Mapping[str, Any], Mapping[int, str], str]":
        with self.office.store.write() as unit:
            press, row = self._press(unit, staff, agency, number, ARCHIVE)
            rows = files.files_of(unit, row.id)
            names = {file.id: files.label_of(file, self.office.keys).name for file in rows}
            if staff is not None:
                role = min(actor_of(staff, row).roles)
                for file in rows:
                    if file.kind in files.IDENTITY_KINDS:
                        files.note_view(unit, file, staff.name, role, self.office.now())
            export_noted(self.office, unit, staff, "归档包", 1, row.agency.code, number)
            return press, log_of(row), names, self.thread.written(unit, row)

    def _press(
        self,
        unit: Unit,
        staff: Staff | None,
        agency: str,
        number: str,
        action: str,
        *,
        contents: bool = True,
    ) -> "tuple[Press, CaseRow]":
        row, case = found_case(self.office, unit, staff, agency, number, action)
        return press_of(self.keeping, unit, row, case, contents=contents), row
