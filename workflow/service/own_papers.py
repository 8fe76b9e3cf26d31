"""What an applicant asked and sent, seen again behind the second fact, and a paper taken back that was sent by mistake."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from config.law import Law
from workflow.case.case import Case
from workflow.case.facts import Applicant, Header
from workflow.people import APPLICANT, SYSTEM
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.service.cases.finding import asked_on, by_code, folded
from workflow.service.files import OPEN_STAGES, Files, FileView, Opened
from workflow.service.office import Missing
from workflow.service.replies import NOTHING, fits, second_fact
from workflow.store import files
from workflow.store.file_models import FileRow
from workflow.store.models import CaseRow
from workflow.store.restored import private_of
from workflow.store.retried import retried
from workflow.store.unit import Unit

WRONG = "核对的内容不正确，请核对后再试"
_NO_FILE = "没有这份材料"


@dataclass(frozen=True)
class Asked:
    """An application as it was filed. people: each applicant with what is private of them; said: what was told of the
    information beside its name; files: what was sent with it and later. submitted_at, asked_on: as in CaseFile."""

    number: str
    agency_name: str
    submitted_at: datetime
    asked_on: date
    header: Header
    medium: tuple[str, ...]
    people: tuple[tuple[Applicant, Mapping[str, Any]], ...]
    files: tuple[FileView, ...]


class OwnPapers:
    """The use cases of an applicant who knows number and query code."""

    def __init__(self, shelf: Files) -> None:
        self.office, self.shelf = shelf.office, shelf

    def asked_for(self, number: str, code: str) -> str:
        """The second fact that is asked for, in words. Raises Missing."""
        with self.office.store.read() as unit:
            return second_fact(self.office.keys, by_code(self.office, unit, number, code)).label

    def check(self, number: str, code: str, second: str) -> None:
        """Raises Missing; BadInput (second) for a fact that does not fit."""
        with self.office.store.read() as unit:
            self._known(unit, number, code, second)

    def application(self, number: str, code: str, second: str) -> Asked:
        """The whole of what was asked and sent. Raises Missing, BadInput (second)."""
        with self.office.store.read() as unit:
            row = self._known(unit, number, code, second)
            case = folded(self.office, unit, row)
            private = [private_of(self.office.keys, row, one) for one in row.applicants]
            header = case.header
            return Asked(
                row.number, row.body.name, row.submitted_at, asked_on(row, case),
                header, tuple(row.medium),
                tuple(zip(header.applicants, private, strict=False)), self._sent(unit, row, case),
            )  # fmt: skip

    @retried
    def fetch(self, number: str, code: str, second: str, file_id: int) -> Opened:
        """A file that they sent. Raises Missing, BadInput (second)."""
        with self.office.store.write() as unit:
            row = self._known(unit, number, code, second)
            file = files.file_of(unit, row.id, file_id)
            if file is None or file.role != APPLICANT.name:
                raise Missing(_NO_FILE)
            files.note_view(unit, file, APPLICANT.name, APPLICANT.name, self.office.now())
            return self.shelf.opened(unit, file)

    @retried
    def take_back(self, number: str, code: str, second: str, file_id: int) -> None:
        """Take back a file that was sent by mistake, before anybody at the office looked at it or went on with the case:
        its name and content are forgotten, that there was one stays. Again it does nothing.

        Raises Missing, BadInput (second), Refused.
        """
        with self.office.store.write_cases() as unit:
            row = self._known(unit, number, code, second, lock=True)
            mine = {one.id: one for one in _mine(unit, row)}
            if file_id not in mine:
                raise Missing(_NO_FILE)
            file = mine[file_id]
            if file.taken_back_at is not None:
                return
            case = folded(self.office, unit, row)
            reason = _why_not(self.office.law, case, file, looked=file.id in _looked(unit, [file]))
            if reason:
                raise Refused(reason)
            files.take_back(unit, file, self.office.keys, self.office.now())

    def _sent(self, unit: Unit, row: CaseRow, case: Case) -> tuple[FileView, ...]:
        mine = _mine(unit, row)
        seen, law = _looked(unit, mine), self.office.law
        return tuple(
            replace(
                self.shelf.view(one),
                may_take_back=_why_not(law, case, one, looked=one.id in seen) is None,
            )
            for one in mine
        )

    def _known(
        self, unit: Unit, number: str, code: str, second: str, *, lock: bool = False
    ) -> CaseRow:
        row = by_code(self.office, unit, number, code, lock=lock)
        asked = second_fact(self.office.keys, row)
        if not asked.values:
            raise BadInput([FieldError("second", NOTHING)])
        if not fits(asked, second):
            raise BadInput([FieldError("second", WRONG)])
        return row


def _mine(unit: Unit, row: CaseRow) -> list[FileRow]:
    return [one for one in files.every_file_of(unit, row.id) if one.role == APPLICANT.name]


def _looked(unit: Unit, mine: list[FileRow]) -> set[int]:
    """Those that somebody of the office opened."""
    seen = files.views_of(unit, [one.id for one in mine]) if mine else []
    return {one.file_id for one in seen if one.role != APPLICANT.name}


def _why_not(law: Law, case: Case, file: FileRow, *, looked: bool) -> Refusal | None:
    """Why an applicant may not take a file back. looked: somebody of the office opened it.

    Rule: a paper is taken back until the office looked at it or worked on; what was worked with stays in the file.
    """
    if file.taken_back_at is not None:
        return Refusal("already_done", "条例45", "这份材料已经收回", "不必再收回")
    worked = any(
        line.recorded_at > file.uploaded_at and line.actor not in (APPLICANT.name, SYSTEM.name)
        for line in case.written
    )
    if looked or worked or law.stage(case.state) not in OPEN_STAGES:
        return Refusal(
            "too_late", "条例45；个人信息保护法47", "工作人员已经看过这份材料，或者已经接着办理，不能自己收回",
            "请在留言里写明，由工作人员标明不用",
        )  # fmt: skip
    return None
