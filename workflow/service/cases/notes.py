"""Notes that staff write beside a case (办件备注). They are no events and no evidence: they stand in no log, no
file and no package, and only staff of the body read them. A colleague who is called hears of it in the inbox."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflow.case.unnamed import marks_of, unnamed
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules import permissions
from workflow.rules.secrecy import SECRET_TYPED, bears_secret_mark
from workflow.service.cases.finding import actor_of, for_staff
from workflow.service.cases.views import CaseFile
from workflow.service.messages.to_staff import tell_person
from workflow.service.office import Missing, Office
from workflow.service.own_unit import sees
from workflow.store import notes as note_queries
from workflow.store.indexed import note_terms
from workflow.store.note_models import CaseNoteRow
from workflow.store.restored import first_private
from workflow.store.retried import retried
from workflow.store.unit import Unit

WRITE, READ = "write_note", "read_cases"
LONGEST = 2000
TAKEN_BACK_WITHIN = timedelta(minutes=10)
"""For so long who wrote a note may take it back."""
BASIS = "条例45"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as a page shows it. who: the name in full; called: names in full. text: empty once it was taken
    back; mine: the reader wrote it and may still take it back."""

    id: int
    who: str
    at: datetime
    text: str
    called: tuple[str, ...]
    taken_back: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """The notes of a case, latest first, and whom the reader may call: user name → name in full."""

    notes: tuple[Note, ...]
    colleagues: dict[str, str]


class Notes:
    """The use cases around notes."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def beside(self, staff: Staff, file: CaseFile) -> Beside:
        """The notes of a case that the person has before them."""
        with self.office.store.read() as unit:
            readers = self._readers(unit, file.id, file.agency)
            names = {one.name: one.shown for one in readers}
            kept = note_queries.notes_of(unit, file.id)
            marks: tuple[str, ...] = ()
            if kept and file.unnamed:
                row, case = for_staff(self.office, unit, staff.within(file.agency), file.number)
                asking = (*case.applicants, *case.header.applicants)
                private = first_private(self.office.keys, row)
                marks = marks_of((one.name for one in asking), private)
            latest = self.office.now() - TAKEN_BACK_WITHIN
            found = tuple(
                Note(
                    one.id,
                    one.shown or one.actor,
                    one.written_at,
                    unnamed(self._text(one, file.id), marks),
                    tuple(names.get(name, name) for name in one.mentioned),
                    one.taken_back_at is not None,
                    one.actor == staff.name and one.taken_back_at is None and one.written_at > latest,
                )
                for one in kept
            )  # fmt: skip
            return Beside(
                found, {name: shown for name, shown in names.items() if name != staff.name}
            )

    @retried
    def write(
        self, staff: Staff, number: str, text: str, called: Collection[str], once: str
    ) -> bool:
        """Keep a note and tell who is called in it. once: the key of its form; sent again, nothing is kept.

        Returns whether it was kept. Raises Missing, Denied, BadInput (note, called).
        """
        text = text.strip().replace("\r\n", "\n")
        with self.office.store.write() as unit:
            row, _ = for_staff(self.office, unit, staff, number)
            permissions.ask(self.office.law, WRITE, actor_of(staff, row).roles)
            if note_queries.note_once(unit, once):
                return False
            readers = {one.name: one for one in self._readers(unit, row.id, row.agency.code)}
            errors = []
            if not 0 < len(text) <= LONGEST:
                errors.append(FieldError("note", f"请填写备注，最多 {LONGEST} 个字"))
            elif bears_secret_mark(text):
                errors.append(FieldError("note", SECRET_TYPED))
            if not set(called) <= set(readers):
                errors.append(FieldError("called", "请选择本机关能看这件申请的工作人员"))
            if errors:
                raise BadInput(errors)
            called = sorted(set(called) - {staff.name})
            place = note_queries.place_of(unit, row.id)
            unit.index(*note_terms(self.office.keys, row.agency_id, row.id, place, text))
            unit.session.add(
                CaseNoteRow(
                    case_id=row.id, actor=staff.name, written_at=self.office.now(), mentioned=called,
                    sealed=self.office.keys.seal_private({"note": text}, row.code_salt), once=once,
                )
            )  # fmt: skip
            unit.session.flush()
            for name in called:
                tell_person(
                    self.office, unit, readers[name].id, row.body.id, moment="mentioned",
                    text=f"申请 {row.number} 的办件备注请您看。", why="同事在备注里提醒您看",
                    what=f"note {once}", at=self.office.now(), level="info", about=row.number,
                    case_id=row.id,
                )  # fmt: skip
        return True

    @retried
    def take_back(self, staff: Staff, number: str, note_id: int) -> None:
        """Take back a note of one's own within a few minutes; that there was one stays. Raises Missing, Denied,
        Refused."""
        with self.office.store.write() as unit:
            row, _ = for_staff(self.office, unit, staff, number)
            permissions.ask(self.office.law, WRITE, actor_of(staff, row).roles)
            note = note_queries.note_of(unit, row.id, note_id)
            if note is None or note.actor != staff.name:
                raise Missing("没有这条备注，或者不是您写的")
            if note.taken_back_at is not None:
                return
            if note.written_at <= self.office.now() - TAKEN_BACK_WITHIN:
                minutes = TAKEN_BACK_WITHIN.seconds // 60
                raise Refused(
                    Refusal("too_late", BASIS, f"备注写下 {minutes} 分钟以后不能收回", "请另写一条更正")
                )  # fmt: skip
            if note.sealed is not None:
                text = note_queries.text_of(self.office.keys, note.sealed, row.code_salt, row.id)
                place = note_queries.place_of(unit, row.id, note.id)
                for key in self.office.keys.each():
                    unit.unindex(*note_terms(key, row.agency_id, row.id, place, text))
            note.taken_back_at, note.sealed = self.office.now(), None

    def _readers(self, unit: Unit, case_id: int, code: str) -> list[note_queries.Reader]:
        """Who may be called: whoever sees the case."""
        may = self.office.law.permissions.actions[READ].may
        found = note_queries.readers_of(unit, case_id, may)
        return [one for one in found if sees(self.office, unit, case_id, code, one.name)]

    def _text(self, one: note_queries.Written, case_id: int) -> str:
        if one.sealed is None:
            return ""
        return note_queries.text_of(self.office.keys, one.sealed, one.salt, case_id)
