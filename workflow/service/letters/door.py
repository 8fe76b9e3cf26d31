"""The door to the letters of a case: which it can have, one of them drafted or as it is kept."""

from workflow.case.case import Case
from workflow.files import BadContent, checked, clean_name
from workflow.letters import Choice, Letter, Standing, letters_of
from workflow.letters.formats import FORMATS
from workflow.letters.possible import about_of
from workflow.letters.said import clean
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules import permissions
from workflow.service.cases.finding import actor_of, folded, for_staff
from workflow.service.files import MEGABYTE, Opened
from workflow.service.letters.keeping import Keeping
from workflow.service.letters.views import Differences, Kept
from workflow.service.office import Missing, Office
from workflow.store import files
from workflow.store import letters as store
from workflow.store.models import CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

ACTION = "draft_letter"
REASON_MOST = 200
SCANS = ("application/pdf", "image/jpeg", "image/png")


class CaseLetters:
    """The letters of a case. Who asks is a member of staff, or the operator at the command line (None).

    A slip in a template is told here, before anybody asks for a letter.
    """

    def __init__(self, office: Office, *, most_megabytes: int = 20) -> None:
        self.office = office
        self.most_bytes = most_megabytes * MEGABYTE
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

    # -- keeping --------------------------------------------------------------------------------------

    @retried
    def issue(self, staff: Staff, agency: str, number: str, kind: str, about: str = "") -> None:
        """Keep a letter that no event makes (or that is kept no more, its number being void), with its number.

        Raises Missing, Denied, KeyError, NotPossible; Refused where it is kept already.
        """
        with self.office.store.write_cases() as unit:
            row, case = self._case(unit, staff, agency, number, lock=True)
            actor, role = self._actor(staff, row)
            self.keeping.issue(unit, row, case, kind, about, actor, role)

    @retried
    def void(self, staff: Staff, agency: str, number: str, number_id: int, reason: str) -> None:
        """A number of a letter of the case is void: it stays in the book, with who, when and why.

        Raises Missing, Denied, BadInput (reason); Refused where it is void already.
        """
        why = clean(reason)
        with self.office.store.write_cases() as unit:
            row, _ = self._case(unit, staff, agency, number, lock=True)
            found = store.number_for(unit, row.id, number_id)
            if found is None:
                raise Missing("没有这个文号")
            if found.voided_at is not None:
                raise Refused(
                    Refusal("already_done", "-", f"文号“{found.text}”已经作废", "不用再作废")
                )
            if not why or len(why) > REASON_MOST:
                message = "请写明为什么作废" if not why else f"最多 {REASON_MOST} 个字"
                raise BadInput([FieldError("reason", message)])
            store.void_number(unit, found.id, staff.name, self.office.now(), why)

    @retried
    def bring_back(
        self, staff: Staff, agency: str, number: str, kind: str, about: str, filename: str,
        content: bytes, scan: bool = False,
    ) -> Differences:  # fmt: skip
        """Keep a letter that was edited outside (DOCX, or PDF or a picture of it), or the scan of the signed one, as
        its next version; what it says otherwise than the facts, and what the linter finds in it.

        Raises Missing, Denied, KeyError, NotPossible; BadInput and Refused for a file that cannot be taken.
        """
        try:
            found = checked(filename, content, self.most_bytes)
        except BadContent as error:
            raise BadInput([FieldError("file", str(error))]) from error
        if scan and found.media_type not in SCANS:
            raise BadInput([FieldError("file", "扫描件请用 PDF、JPG 或者 PNG")])
        with self.office.store.write_cases() as unit:
            row, case = self._case(unit, staff, agency, number, lock=True)
            if self.office.law.stage(case.state) == "void":
                raise Refused(
                    Refusal("not_in_this_state", "-", "这件申请已经作废，不再收文书", "不能再传")
                )
            actor, role = self._actor(staff, row)
            return self.keeping.bring_back(
                unit, row, case, kind, about, found, content, scan, actor, role
            )

    # -- what is kept ---------------------------------------------------------------------------------

    def kept(self, staff: Staff, agency: str, number: str) -> list[Kept]:
        """Every version of every letter of the case, the oldest first. Raises Missing, Denied."""
        with self.office.store.read() as unit:
            row, _ = self._case(unit, staff, agency, number)
            return self.keeping.all_kept(unit, row)

    def opened(
        self, staff: Staff | None, agency: str, number: str, version: int, fmt: str
    ) -> Opened:
        """A version by its id, rendered as DOCX, PDF or JSON; one that came in from outside as it is.

        Raises Missing, Denied, KeyError for an unknown format, BadInput for what cannot be printed.
        """
        written = FORMATS[fmt]
        with self.office.store.read() as unit:
            row, _ = self._case(unit, staff, agency, number)
            found = next(
                (one for one in store.versions_of(unit, row.id) if one.id == version), None
            )
            if found is None:
                raise Missing("没有这份文书")
            if found.file_id is not None:
                return self._file(unit, row, found.file_id)
            letter = self.keeping.letter_in(row, found)
        name = f"{letter.label}{letter.number or number}.{written.ending}"
        return Opened(clean_name(name), written.media_type, written.write(letter))

    def _file(self, unit: Unit, row: CaseRow, file_id: int) -> Opened:
        file = files.file_of(unit, row.id, file_id)
        assert file is not None, f"a letter of case {row.id} has no file"
        name = files.label_of(file, self.office.keys).name
        return Opened(name, file.media_type, files.content_of(unit, file, self.office.keys))

    def _actor(self, staff: Staff, row: CaseRow) -> tuple[str, str]:
        """Who does it, in which role."""
        role = permissions.ask(self.office.law, ACTION, actor_of(staff, row).roles)
        return staff.name, role

    def _case(
        self, unit: Unit, staff: Staff | None, agency: str, number: str,
        *, lock: bool = False,
    ) -> tuple[CaseRow, Case]:  # fmt: skip
        law = self.office.law
        if staff is not None:
            row, case = for_staff(self.office, unit, staff.within(agency), number, lock=lock)
            permissions.ask(law, ACTION, actor_of(staff, row).roles)
            return row, case
        permissions.ask(law, ACTION, permissions.OPERATOR)
        body = self.office.found_agency(unit, agency)
        rows = unit.cases_numbered([body.code], number)
        if not rows:
            raise Missing(f"{body.name}没有编号为“{number}”的申请")
        return rows[0], folded(self.office, unit, rows[0])
