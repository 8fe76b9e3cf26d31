"""The door to the letters of a case: which it can have, one of them drafted or as it is kept."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Header
from workflow.files import BadContent, clean_name
from workflow.letters import Choice, Letter, Standing, letters_of
from workflow.letters.formats import FORMATS, Format
from workflow.letters.possible import about_of, choice_of
from workflow.letters.said import clean
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules import permissions
from workflow.service.cases.finding import actor_of, folded, for_staff
from workflow.service.cases.others import prepared
from workflow.service.cases.people import with_people
from workflow.service.cases.views import CaseFile
from workflow.service.files import KINDS, MEGABYTE, Opened
from workflow.service.incoming import Judge, Sent, handed_name
from workflow.service.letters.keeping import Keeping
from workflow.service.letters.numbers import filled_by
from workflow.service.letters.pressing import PAGED, press_of, with_pages
from workflow.service.letters.views import (
    Book,
    BookLine,
    Composed,
    Current,
    Differences,
    Kept,
    Last,
)
from workflow.service.office import Missing, Office
from workflow.service.own_unit import sight_in
from workflow.service.scanner import Scanner
from workflow.store import files
from workflow.store import letters as store
from workflow.store.letter_models import LetterNumberRow
from workflow.store.models import CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

ACTION, VOIDS = "draft_letter", "void_letter_number"
OF_REVIEW = "print_review_form"
"""The sheet of the review, which names no applicant, is also for who reviews and signs."""
REASON_MOST = 200
SCANS = ("application/pdf", "image/jpeg", "image/png")


class CaseLetters:
    """The letters of a case. Who asks is a member of staff, or the operator at the command line (None).

    A slip in a template is told here, before anybody asks for a letter.
    """

    def __init__(
        self, office: Office, *, most_megabytes: int = 20, scanner: Scanner | None = None
    ) -> None:
        self.office = office
        self.judge = Judge(most_megabytes * MEGABYTE, scanner)
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
            if kind not in self.letters.templates:
                raise KeyError(kind)
            of_review = self.letters.latest(kind).head.to == "reviewer"
            action = OF_REVIEW if of_review else ACTION
            row, case = self._case(unit, staff, agency, number, action)
            about = about_of(self.letters.latest(kind).head, case, choice)
            here = self.keeping.current(unit, row, case, kind, about)
            if here is None or here.kept is None:
                paged = kind in PAGED and here is not None
                press = press_of(self.keeping, unit, row, case) if paged else None
                letter = (
                    here.letter if here else self.keeping.drafted(unit, row, case, kind, choice)
                )
            else:
                return here.letter
        return with_pages(press, kind, choice) if press else letter

    def paper(
        self, staff: Staff | None, agency: str, number: str, kind: str, about: str = ""
    ) -> Current:
        """The letter of that kind that counts now, kept or drafted. Raises Missing (also for an unknown kind),
        Denied, NotPossible."""
        with self.office.store.read() as unit:
            row, case = self._case(unit, staff, agency, number)
            self._ask_known(kind, about)
            return self.keeping.current_or_why(unit, row, case, kind, about)

    def _ask_known(self, kind: str, about: str) -> None:
        """Raises Missing where there is no such letter, or nothing that it could be about."""
        try:
            chosen = choice_of(self.letters.latest(kind).head, about)
            if chosen.paper is not None:
                self.letters.latest(chosen.paper)
        except (KeyError, ValueError) as error:
            raise Missing("没有这种文书") from error

    def printed(
        self, staff: Staff | None, agency: str, number: str, kind: str, choice: Choice, fmt: str
    ) -> tuple[bytes, Letter]:
        """The letter of that kind as a file, and the letter that stands in it: one that came in from outside as
        it came, but for JSON. Raises what `draft` does, and BadInput for what cannot be printed."""
        with self.office.store.read() as unit:
            letter = self.draft(staff, agency, number, kind, choice)
            row, case = self._case(unit, staff, agency, number)
            about = about_of(self.letters.latest(kind).head, case, choice)
            here = self.keeping.current(unit, row, case, kind, about)
            if here is not None and here.file_id is not None and fmt != "json":
                return self._file(unit, row, here.file_id).content, letter
        return FORMATS[fmt].write(letter), letter

    def ask_may_draft(self, staff: Staff, agency: str, number: str) -> None:
        """Raises Missing and Denied, as every use of a letter does."""
        with self.office.store.read() as unit:
            self._case(unit, staff, agency, number)

    def compose(
        self, staff: Staff, agency: str, number: str, kind: str, event: str,
        fields: Callable[[Header], dict[str, Any]],
    ) -> Composed:  # fmt: skip
        """The letter as an event would make it, and the days as they would be then; nothing is written.

        fields: what is said of the event, read off a form once the case is known.
        Raises Missing, Denied; Refused or BadInput as the event itself would.
        """
        with self.office.store.read() as unit:
            row, now_is = self._case(unit, staff, agency, number)
            # A case of its own: the one that was read is shown beside it, as it stands.
            case = Case.replayed(now_is.header, now_is.rules, now_is.written)
            told = with_people(unit, ev.parse(event, fields(case.header)), row.body)
            actor = actor_of(staff, row)
            denied = case.machine.denied(event, actor)
            if denied is not None:
                raise Refused(denied)
            told = prepared(self.office, unit, row, case, told)
            today, now = self.office.today(), self.office.now()
            done = case.apply(told, actor, today=today, recorded_at=now)
            if isinstance(done, Refusal):
                raise Refused(done)
            letter = self.keeping.made(unit, row, case, kind, done, staff.display_name)
            filled = filled_by(self.office.rules(unit, row.body, today).settings)
            gaps = tuple(gap for gap in letter.open if gap.name not in filled)
            return Composed(letter, case.all_deadlines().steps, gaps)

    # -- keeping --------------------------------------------------------------------------------------

    @retried
    def issue(self, staff: Staff, agency: str, number: str, kind: str, about: str = "") -> None:
        """Keep a letter that no event makes (or that is kept no more, its number being void), with its number.

        Raises Missing (also for an unknown kind), Denied, NotPossible; Refused where it is kept already.
        """
        with self.office.store.write_cases() as unit:
            row, case = self._case(unit, staff, agency, number, lock=True)
            actor, role, away = self._actor(staff, row)
            self._ask_known(kind, about)
            self.keeping.issue(unit, row, case, kind, about, actor, role, away)

    @retried
    def void(self, staff: Staff, agency: str, number: str, number_id: int, reason: str) -> None:
        """A number of a letter of the case is void: it stays in the book, with who, when and why.

        Raises Missing, Denied, BadInput (reason); Refused where it is void already.
        """
        why = clean(reason)
        with self.office.store.write_cases() as unit:
            row, _ = self._case(unit, staff, agency, number, VOIDS, lock=True)
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

        Raises Missing (also for an unknown kind), Denied, NotPossible; BadInput and Refused for a file that cannot be
        taken.
        """
        try:
            found = self.judge.one(1, Sent(filename, content), "letter").checked
        except BadContent as error:
            raise BadInput([FieldError("file", str(error))]) from error
        if scan and found.media_type not in SCANS:
            raise BadInput([FieldError("file", "扫描件请用 PDF、JPG 或者 PNG")])
        with self.office.store.write_cases([content]) as unit:
            row, case = self._case(unit, staff, agency, number, lock=True)
            if self.office.law.stage(case.state) == "void":
                raise Refused(
                    Refusal("not_in_this_state", "-", "这件申请已经作废，不再收文书", "不能再传")
                )
            actor, role, away = self._actor(staff, row)
            self._ask_known(kind, about)
            return self.keeping.bring_back(
                unit, row, case, kind, about, found, content, scan, actor, role, away
            )

    # -- what is kept ---------------------------------------------------------------------------------

    def kept(self, staff: Staff, agency: str, number: str) -> list[Kept]:
        """Every version of every letter of the case, the oldest first. Raises Missing, Denied."""
        with self.office.store.read() as unit:
            row, _ = self._case(unit, staff, agency, number)
            return self.keeping.all_kept(unit, row)

    def beside(self, staff: Staff, file: CaseFile) -> list[Last]:
        """The last version of each letter of a case that the person has before them, latest first; none for
        who may not draft letters."""
        if permissions.role_for(self.office.law, ACTION, staff.roles[file.agency]) is None:
            return []
        with self.office.store.read() as unit:
            last = {(one.kind, one.about): one for one in store.versions_of(unit, file.id)}
        found = [
            Last(
                one.kind, self.letters.latest(one.kind).head.label, one.about, one.number or "",
                one.voided_at is not None, one.version, one.made_at,
            )
            for one in last.values()
        ]  # fmt: skip
        return sorted(found, key=lambda one: one.made_at, reverse=True)

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
        return _written(letter, number, written)

    def paper_file(
        self, staff: Staff | None, agency: str, number: str, kind: str, about: str, fmt: str
    ) -> Opened:
        """The letter that counts now as DOCX, PDF or JSON; one that came in from outside as it is.

        Raises Missing, Denied, NotPossible, KeyError for an unknown format, BadInput for what cannot be printed.
        """
        form = FORMATS[fmt]
        with self.office.store.read() as unit:
            here = self.paper(staff, agency, number, kind, about)
            if here.file_id is not None and fmt != "json":
                row, _ = self._case(unit, staff, agency, number)
                return self._file(unit, row, here.file_id)
        return _written(here.letter, number, form)

    # -- the book -------------------------------------------------------------------------------------

    def book(
        self, staff: Staff, agency: str, year: int | None = None, series: str | None = None
    ) -> Book:
        """The numbers of a body of the person and a year (default: the latest), of one series or all.
        Raises Missing, Denied."""
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            permissions.ask(self.office.law, ACTION, staff.roles.get(agency, frozenset()))
            years = store.years_of_book(unit, body.id)
            wanted = year or (years[0] if years else self.office.today().year)
            sight = sight_in(self.office, unit, staff, staff.roles)
            rows = store.book_of(unit, body.id, wanted, sight=sight)
            who = {
                name
                for one, *_ in rows
                for name in (one.actor, one.voided_by, one.stands_for)
                if name
            }
            names = unit.display_names(who)
            found = Counter(one.series for one, *_ in rows)
            lines = tuple(
                self._line(one, code, number, names)
                for one, code, number in rows
                if series is None or one.series == series
            )
            return Book(
                agency, body.name, wanted, tuple(years), tuple(sorted(found.items())), lines
            )

    def _line(
        self, one: LetterNumberRow, code: str, number: str, names: dict[str, str]
    ) -> BookLine:
        void = None
        if one.voided_at is not None:
            who = one.voided_by or ""
            void = (names.get(who, who), one.voided_at, one.void_reason or "")
        return BookLine(
            one.text, one.series, one.year, one.n, self.letters.latest(one.kind).head.label, code,
            number, names.get(one.actor, one.actor), one.taken_at, void,
            names.get(one.stands_for or "", one.stands_for or ""),
        )  # fmt: skip

    def _file(self, unit: Unit, row: CaseRow, file_id: int) -> Opened:
        file = files.file_of(unit, row.id, file_id)
        assert file is not None, f"a letter of case {row.id} has no file"
        name = files.label_of(file, self.office.keys).name
        name = handed_name(row.number, KINDS[file.kind], file.id, name)
        return Opened(name, file.media_type, files.content_of(unit, file, self.office.keys))

    def _actor(self, staff: Staff, row: CaseRow) -> tuple[str, str, str | None]:
        """Who does it, in which role, rather one of their own, and in whose place."""
        actor = actor_of(staff, row)
        own = actor.roles - set(actor.stands_for)
        role = permissions.role_for(self.office.law, ACTION, own)
        role = role or permissions.ask(self.office.law, ACTION, actor.roles)
        return staff.name, role, actor.stands_for.get(role)

    def _case(
        self, unit: Unit, staff: Staff | None, agency: str, number: str, action: str = ACTION,
        *, lock: bool = False,
    ) -> tuple[CaseRow, Case]:  # fmt: skip
        return found_case(self.office, unit, staff, agency, number, action, lock=lock)


def found_case(
    office: Office, unit: Unit, staff: Staff | None, agency: str, number: str, action: str, *, lock: bool = False
) -> tuple[CaseRow, Case]:  # fmt: skip
    """The case of a member of staff, or of the operator at the command line (None), who may do the action with
    it. Raises Missing, Denied."""
    if staff is not None:
        row, case = for_staff(office, unit, staff.within(agency), number, lock=lock)
        permissions.ask(office.law, action, actor_of(staff, row).roles)
        return row, case
    permissions.ask(office.law, action, permissions.OPERATOR)
    body = office.found_agency(unit, agency)
    rows = unit.cases_numbered([body.code], number)
    if not rows:
        raise Missing(f"{body.name}没有编号为“{number}”的申请")
    return rows[0], folded(office, unit, rows[0])


def _written(letter: Letter, number: str, form: Format) -> Opened:
    """A letter rendered; called where no transaction is open."""
    name = f"{letter.label}{letter.number or number}.{form.ending}"
    return Opened(clean_name(name), form.media_type, form.write(letter))
