"""Fetching a reply: the letter that was served and what goes with it, behind number, code and a second fact. Each
fetching is noted in the file (decision 25)."""

from workflow.files import checked
from workflow.letters.formats import FORMATS
from workflow.people import APPLICANT, SYSTEM
from workflow.refusal import BadInput, FieldError
from workflow.service.cases.finding import by_code, folded, redo_of
from workflow.service.files import Files, Opened, copy_of
from workflow.service.letters.keeping import Keeping
from workflow.service.office import Missing
from workflow.service.replies import (
    NOTHING,
    fits,
    name_of,
    printed,
    put_on_paper,
    reply_letter,
    second_fact,
)
from workflow.store import files
from workflow.store.file_models import FileRow
from workflow.store.models import CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

LETTER = 0
"""Asks for the letter itself."""
WRONG = "核对的内容不正确，请核对后再试"
GONE = "没有这份材料"


class Fetching:
    """Fetching a reply. Who asks knows number and query code."""

    def __init__(self, shelf: Files) -> None:
        self.office, self.most_bytes = shelf.office, shelf.most_bytes
        self.keeping = Keeping(shelf.office)

    def fetch(
        self,
        number: str,
        code: str,
        second: str,
        wanted: int,
        *,
        copy: bool = False,
        redo: str | None = None,
    ) -> Opened:
        """A paper of the reply: the letter (LETTER) as PDF, or as it came back; or an annex by its id (copy: as a
        copy that can be read anywhere). redo: number of the case in which it was answered anew, if it is of that.

        Raises Missing for a wrong number, code or paper; BadInput (second) with one message for a wrong fact.
        """
        letter = None
        with self.office.store.read() as unit:
            row = self._known(unit, number, code, second, redo)
            kept = reply_letter(unit, row) if wanted == LETTER else None
            if kept is not None and printed(unit, row, self.office.keys, kept) is None:
                letter = self.keeping.letter_in(row, kept)
        # Put on paper outside every transaction, once: everybody who fetches it gets the same bytes.
        content = FORMATS["pdf"].write(letter) if letter is not None else None
        opened = self._noted(number, code, second, wanted, content, redo)
        return copy_of(opened) if copy else opened

    @retried
    def _noted(
        self,
        number: str,
        code: str,
        second: str,
        wanted: int,
        content: bytes | None,
        redo: str | None = None,
    ) -> Opened:
        """Hand the file out and note it; a letter that was just put on paper is kept first."""
        now, keys = self.office.now(), self.office.keys
        with self.office.store.write() as unit:
            row = self._known(unit, number, code, second, redo)
            file = self._file(unit, row, wanted, content)
            files.note_view(unit, file, APPLICANT.name, APPLICANT.name, now)
            name = files.label_of(file, keys).name
            return Opened(name, file.media_type, files.content_of(unit, file, keys))

    def _file(self, unit: Unit, row: CaseRow, wanted: int, content: bytes | None) -> FileRow:
        if wanted != LETTER:
            file = files.file_of(unit, row.id, wanted)
            if file is None or file.kind != "reply" or put_on_paper(file):
                raise Missing(GONE)
            return file
        kept = reply_letter(unit, row)
        file = printed(unit, row, self.office.keys, kept) if kept else None
        if file is None and (kept is None or content is None):
            raise Missing(GONE)
        if file is not None:
            return file
        assert kept is not None and content is not None
        return files.add_file(
            unit, self.office.keys, case=row, kind="reply",
            checked=checked(name_of(kept), content, self.most_bytes), content=content,
            warnings=(), actor=SYSTEM.name, role=SYSTEM.name, uploaded_at=self.office.now(),
        )  # fmt: skip

    def _known(self, unit: Unit, number: str, code: str, second: str, redo: str | None) -> CaseRow:
        row = by_code(self.office, unit, number, code)
        asked = second_fact(self.office.keys, row)
        if not asked.values:
            raise BadInput([FieldError("last_four", NOTHING)])
        if not fits(asked, second):
            raise BadInput([FieldError("last_four", WRONG)])
        row = row if redo is None else redo_of(unit, row, redo)
        if folded(self.office, unit, row).facts.served is None:
            raise Missing(GONE)
        return row
