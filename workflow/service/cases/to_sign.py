"""The page to sign: the reply itself, what the file shows for it, and what was seen before it changed."""

from dataclasses import dataclass

from workflow.case.case import Case
from workflow.case.checklist import Checked, checklist, stopped
from workflow.letters import Choice, Letter
from workflow.letters.possible import standing
from workflow.letters.side_by_side import Pair, changed_paragraphs
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
from workflow.store import letters
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


@dataclass(frozen=True)
class Moved:
    """What changed since the page was opened. known: the paper that was seen can still be shown. pairs: the
    paragraphs that are not alike, old and new."""

    known: bool
    pairs: list[Pair]


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

    def moved(self, staff: Staff, number: str, length: int, paper: str) -> tuple[ToSign, Moved]:
        """The same, beside what was seen: the page of a log of that length, the paper with that hash.
        Raises Missing, Denied."""
        with self.office.store.read() as unit:
            row, case = for_staff(self.office, unit, staff, number)
            permissions.ask(self.office.law, ACTION, actor_of(staff, row).roles)
            page = self._page(unit, row, case, staff)
            old = self._seen(unit, row, case, length, paper)
        new = page.reply.letter.texts() if page.reply else []
        pairs = changed_paragraphs(old.texts(), new) if old else []
        return page, Moved(old is not None, pairs)

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

    def _seen(self, unit: Unit, row: CaseRow, case: Case, length: int, paper: str) -> Letter | None:
        """The letter that was seen: one that is kept, or what was drafted from the log of then."""
        for one in letters.versions_of(unit, row.id):
            if one.hash == paper and one.file_id is None:
                return self.keeping.letter_in(row, one)
        if not 0 < length <= len(case.written):
            return None
        then = Case.replayed(case.header, case.rules, case.written[:length])
        kind = self.keeping.reply_of(then)
        if kind is None:
            return None
        found = standing(kind, then, self.office.today(), self.keeping.letters)
        letter = self.keeping.drafted(unit, row, then, kind, Choice(), found)
        return letter if letter.paper_hash == paper else None
