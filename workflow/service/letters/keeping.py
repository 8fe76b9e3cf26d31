"""Keeping the letters of a case: its facts and its number, in the transaction of the event that makes it
(decision 24)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from config.letters import Letters, load_letters
from config.letters.template import BLIND
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Logged
from workflow.files import Checked
from workflow.files.package import DOCX
from workflow.letters import Choice, Letter, NotPossible, Standing, draft
from workflow.letters.differing import Difference, differences, lines_of_docx
from workflow.letters.letter import paper_hash_of, read_again, written
from workflow.letters.possible import about_of, choice_of, standing
from workflow.refusal import Refusal, Refused
from workflow.rules.linter import lint
from workflow.service.letters.looked_up import WHO_APPLIES
from workflow.service.letters.looked_up import about as looked_up
from workflow.service.letters.numbers import number_of, void_all
from workflow.service.letters.views import (
    DRAFTED,
    SCAN,
    UPLOADED,
    By,
    Current,
    Differences,
    InFile,
    Kept,
)
from workflow.service.office import Office, Stale
from workflow.store import files
from workflow.store import letters as store
from workflow.store.indexed import letter_terms, number_terms
from workflow.store.letters import Version
from workflow.store.models import CaseRow
from workflow.store.unit import Unit

MOVED = "文书在您查看之后已经改变，请看过现在的文书再办理"
NOBODY: Mapping[str, str] = {}
SIGNS = "approve"
SERVES = "serve"


class Keeping:
    """What is kept of the letters of a case. Everything happens in the caller's transaction."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.letters: Letters = load_letters()
        self._made_by: dict[str, list[str]] = {}
        for kind, versions in self.letters.templates.items():
            for event in versions[-1].head.made_by:
                self._made_by.setdefault(event, []).append(kind)

    @cached_property
    def first_reply(self) -> date:
        """The day of the first template of a reply: what was answered before has its letter elsewhere."""
        return min(self.letters.templates[kind][0].holds_from for kind in self._made_by[SERVES])

    # -- what an event does ---------------------------------------------------------------------------

    def after(
        self, unit: Unit, row: CaseRow, case: Case, line: Logged, paper: str | None = None,
        shown: str = "",
    ) -> None:  # fmt: skip
        """Keep what follows from an event that was just applied: the letter that it makes, the reply that it
        signs, what becomes of a number whose entry is corrected. paper: the hash of the paper that was signed,
        where it was told; shown: the name in full of who did it. Raises Stale where that is not the current one."""
        if isinstance(line.event, ev.CorrectEntry):
            self._corrected(unit, row, case, line.event, line.actor)
        elif line.event.name == SIGNS:
            self.sign(unit, row, case, line, paper, shown)
        elif line.event.name in self._made_by:
            self.keep_made(unit, row, case, line, shown, paper)

    def keep_made(
        self, unit: Unit, row: CaseRow, case: Case, line: Logged, shown: str = "",
        paper: str | None = None,
    ) -> None:  # fmt: skip
        """Keep the letters that a line of the log makes, each with the next number of its series. A reply that
        was signed is kept already. paper: the hash of the letter that was seen. Raises Stale for another one."""
        for kind in self._made_by.get(line.event.name, ()):
            head = self.letters.latest(kind).head
            about = about_of(head, case, Choice(), line)
            found = standing(kind, case, self.office.today(), self.letters, choice_of(head, about))
            if found.made is None or found.made.seq != line.seq or found.refusal is not None:
                continue
            if SERVES in head.made_by and self._signed(unit, row, case, kind, found):
                continue
            kept = self._keep(unit, row, case, found, about, By.line(line, shown))
            if paper is not None and paper != kept.hash:
                raise Stale(MOVED, "paper")

    def sign(
        self, unit: Unit, row: CaseRow, case: Case, line: Logged, paper: str | None = None,
        shown: str = "", *, numbered: bool = True,
    ) -> Current | None:  # fmt: skip
        """Keep the reply that a line signs, with its number and day: the one brought back where that is the
        newest since the last proposal, else the drafted one. None where there was no such letter yet.

        paper: the hash of the paper that was seen; numbered: False for one that bears its number on paper. Raises
        Stale where another one is current.
        """
        kind = self.reply_of(case)
        if kind is None or self.letters.at(kind, line.event.on) is None:
            return None
        here = self.current(unit, row, case, kind)
        if here is None:
            return None
        if paper is not None and paper != here.hash:
            raise Stale(MOVED, "paper")
        by = By.line(line)
        letter = here.letter
        if here.file_id is None and (here.kept or letter.day != line.event.on):
            letter = self.drafted(unit, row, case, kind, Choice(), today=line.event.on)
        number = self._number(unit, row, letter, here.about, by) if numbered else None
        if here.kept is not None and here.file_id is not None:
            versions = store.versions_of(unit, row.id)
            mine = next(one for one in versions if _is(one, here.kept))
            if number is not None:
                place = versions.index(mine)
                unit.index(*number_terms(row.agency_id, row.id, place, number.text))
            store.sign_version(unit, mine.id, number.id if number else None, line.seq)
            kept = replace(here.kept, seq=line.seq, number=number.text if number else "")
        else:
            letter = _numbered(letter, number)
            kept = self._write(unit, row, letter, here.about, by, number, len(case.written))
        return Current(kind, here.about, here.hash, letter, kept, here.file_id)

    def _corrected(
        self, unit: Unit, row: CaseRow, case: Case, event: ev.CorrectEntry, actor: str
    ) -> None:
        """The number of an entry that was taken back is void; one whose entry was put right goes with a new
        version of its letter."""
        mine = [one for one in store.versions_of(unit, row.id) if one.seq == event.seq]
        line = next((one for one in case.log if one.seq == event.seq), None)
        if line is None:
            void_all(self.office, unit, mine, actor, f"登记已撤销：{event.reason}")
            return
        if line.event.name == SIGNS or not mine:
            return
        for (kind, about), version in {(one.kind, one.about): one for one in mine}.items():
            head = self.letters.latest(kind).head
            choice = choice_of(head, about)
            found = standing(kind, case, self.office.today(), self.letters, choice)
            if found.made is None or found.made.seq != line.seq:
                continue
            kept = None
            if version.number_id is not None and version.voided_at is None:
                kept = store.Numbered(version.number_id, 0, version.number or "")
            self._keep(unit, row, case, found, about, By.line(line), kept)

    # -- what people do -------------------------------------------------------------------------------

    def issue(
        self, unit: Unit, row: CaseRow, case: Case, kind: str, about: str, actor: str, role: str,
        stands_for: str | None = None,
    ) -> None:  # fmt: skip
        """Keep a letter as it is drafted now, with its number. Raises KeyError, ValueError, NotPossible; Refused
        where it is kept already, or its event has not happened."""
        head = self.letters.latest(kind).head
        choice = choice_of(head, about)
        found = standing(kind, case, self.office.today(), self.letters, choice)
        if found.refusal is not None:
            raise NotPossible(found.refusal)
        about = about_of(head, case, choice, found.made)
        if self._newest(unit, row, case, found, about) is not None:
            raise Refused(
                Refusal(
                    "already_done",
                    "-",
                    f"“{head.label}”已经出具",
                    "需要重新出具的，先作废原来的文号",
                )
            )
        if SERVES in head.made_by:
            raise Refused(
                Refusal("not_in_this_state", "-", f"“{head.label}”在签发时编号", "请按程序送签发")
            )
        if head.made_by and found.made is None:
            labels = "、".join(
                f"“{self.office.law.transitions[one].label}”" for one in head.made_by
            )
            raise Refused(
                Refusal(
                    "not_in_this_state", head.basis, f"还没有办理{labels}，“{head.label}”不单独编号",
                    f"办理{labels}，文书随之编号存档",
                )
            )  # fmt: skip
        seq = found.made.seq if found.made else None
        by = By(actor, role, self.office.now(), seq, "", stands_for)
        self._keep(unit, row, case, found, about, by)

    def bring_back(
        self, unit: Unit, row: CaseRow, case: Case, kind: str, about: str, checked: Checked,
        content: bytes, scan: bool, actor: str, role: str, stands_for: str | None = None,
    ) -> Differences:  # fmt: skip
        """Keep a file as the next version of a letter, held to what is drafted. Raises KeyError, ValueError,
        NotPossible."""
        head = self.letters.latest(kind).head
        choice = choice_of(head, about)
        found = standing(kind, case, self.office.today(), self.letters, choice)
        if found.refusal is not None:
            raise NotPossible(found.refusal)
        about = about_of(head, case, choice, found.made)
        newest = self._newest(unit, row, case, found, about)
        if SERVES in head.made_by and newest and newest.seq is not None and not scan:
            raise Refused(
                Refusal(
                    "not_in_this_state", "-", f"“{head.label}”已经签发，不能再换",
                    "盖章后的按扫描件传；确需改动的，退回重新拟办、签发",
                )
            )  # fmt: skip
        letter = self.facts_of(unit, row, case, found, about, newest)
        compared = checked.media_type == DOCX and not scan
        told: tuple[Difference, ...] = ()
        findings: tuple[str, ...] = ()
        if compared:
            lines = lines_of_docx(content)
            labels = self.letters.values.values
            dated = found.dated is not None or bool(newest and newest.source == DRAFTED)
            told = tuple(differences(letter, lines, labels, dated=dated))
            hits = lint("\n".join(lines), self.office.law, letter.day)
            findings = tuple(f"“{hit.found}”：{hit.message}（{hit.article}）" for hit in hits)
        now = self.office.now()
        file = files.add_file(
            unit, self.office.keys, case=row, kind="letter", checked=checked, content=content,
            warnings=(), actor=actor, role=role, uploaded_at=now,
        )  # fmt: skip
        sealed = {"differences": [one.as_dict() for one in told], "findings": list(findings)}
        values = {
            "case_id": row.id, "kind": kind, "about": about, "source": SCAN if scan else UPLOADED,
            "hash": checked.sha256, "length": len(case.written),
            "number_id": newest.number_id if newest else None, "seq": newest.seq if newest else None,
            "file_id": file.id, "actor": actor, "role": role, "made_at": now, "stands_for": stands_for,
            "sealed": store.seal(self.office.keys, row.code_salt, sealed),
        }  # fmt: skip
        store.keep_version(unit, values)
        version = store.versions_of(unit, row.id)[-1].version
        return Differences(version, checked.sha256, told, findings, compared)

    # -- what is there --------------------------------------------------------------------------------

    def reply_of(self, case: Case) -> str | None:
        """The kind of letter by which a case is answered."""
        for kind in self._made_by.get(SERVES, ()):
            found = standing(kind, case, self.office.today(), self.letters)
            if found.refusal is None:
                return kind
        return None

    def current(
        self, unit: Unit, row: CaseRow, case: Case, kind: str, about: str = ""
    ) -> Current | None:
        """The paper of that kind that counts now: the newest version since it is to be written, else what is
        drafted from the case. None where the case cannot have it. Raises KeyError for an unknown kind,
        ValueError for an `about` that says nothing."""
        head = self.letters.latest(kind).head
        choice = choice_of(head, about)
        found = standing(kind, case, self.office.today(), self.letters, choice)
        if found.refusal is not None:
            return None
        about = about_of(head, case, choice, found.made)
        newest = self._newest(unit, row, case, found, about)
        letter = self.facts_of(unit, row, case, found, about, newest)
        if newest is None:
            return Current(kind, about, letter.paper_hash, letter)
        if newest.number and newest.file_id is not None:
            letter = _numbered(letter, store.Numbered(0, 0, newest.number))
        return Current(kind, about, newest.hash, letter, in_file(newest), newest.file_id)

    def current_or_why(
        self, unit: Unit, row: CaseRow, case: Case, kind: str, about: str
    ) -> Current:
        """The same. Raises NotPossible where the case cannot have it, besides KeyError and ValueError."""
        here = self.current(unit, row, case, kind, about)
        if here is not None:
            return here
        choice = choice_of(self.letters.latest(kind).head, about)
        refusal = standing(kind, case, self.office.today(), self.letters, choice).refusal
        assert refusal is not None
        raise NotPossible(refusal)

    def made(
        self, unit: Unit, row: CaseRow, case: Case, kind: str, line: Logged, shown: str
    ) -> Letter:
        """The letter of that kind that a line makes, as it would be kept. Raises KeyError, NotPossible."""
        head = self.letters.latest(kind).head
        choice = choice_of(head, about_of(head, case, Choice(), line))
        found = standing(kind, case, self.office.today(), self.letters, choice)
        return self.drafted(unit, row, case, kind, choice, found, shown={line.actor: shown})

    def facts_of(
        self, unit: Unit, row: CaseRow, case: Case, found: Standing, about: str, newest: Version | None
    ) -> Letter:  # fmt: skip
        """The letter that a version holds or to which it was held: of an uploaded one the last drafted one that is
        kept, else what is drafted from the case."""
        if newest is not None and newest.source == DRAFTED:
            return self.letter_in(row, newest)
        head = self.letters.latest(found.kind).head
        if newest is not None:
            mine = self._counting(unit, row, case, found, about)
            drafted = next((one for one in reversed(mine) if one.source == DRAFTED), None)
            if drafted is not None:
                return self.letter_in(row, drafted)
        return self.drafted(unit, row, case, found.kind, choice_of(head, about), found)

    def drafted(
        self, unit: Unit, row: CaseRow, case: Case, kind: str, choice: Choice,
        found: Standing | None = None, today: date | None = None, shown: Mapping[str, str] = NOBODY,
    ) -> Letter:  # fmt: skip
        """What would be drafted from the case. Raises NotPossible."""
        today = today or self.office.today()
        day = (found.dated if found else None) or today
        asked = self._asked(kind, day)
        beside = looked_up(self.office, unit, row, case, asked, shown)
        return draft(
            kind,
            case,
            beside,
            today,
            choice=choice,
            letters=self.letters,
            found=found,
        )

    def letter_in(self, row: CaseRow, version: Version) -> Letter:
        """The letter that a version holds."""
        content = store.content_of(self.office.keys, row.code_salt, row.id, version.sealed)
        return read_again(content["letter"])

    def _newest(
        self, unit: Unit, row: CaseRow, case: Case, found: Standing, about: str
    ) -> Version | None:
        """The one that counts now."""
        mine = self._counting(unit, row, case, found, about)
        return mine[-1] if mine else None

    def _counting(
        self, unit: Unit, row: CaseRow, case: Case, found: Standing, about: str
    ) -> list[Version]:
        """The versions since the letter is to be written, of which no entry was taken back and no number is
        void."""
        holding, first = {line.seq for line in case.log}, (found.since.seq if found.since else 0)
        return [
            one
            for one in store.versions_of(unit, row.id)
            if (one.kind, one.about) == (found.kind, about)
            and one.source != SCAN
            and one.length >= first
            and (one.seq is None or one.seq in holding)
            and one.voided_at is None
        ]

    def all_kept(self, unit: Unit, row: CaseRow) -> list[Kept]:
        """Every version of every letter of a case, the oldest first."""
        found = []
        for one in store.versions_of(unit, row.id):
            told: dict[str, Any] = {}
            if one.source != DRAFTED:
                told = store.content_of(self.office.keys, row.code_salt, row.id, one.sealed)
            label = self.letters.latest(one.kind).head.label
            found.append(
                Kept(
                    one.id, one.kind, label, one.about, one.version, one.source, one.hash, one.number or "", one.number_id,
                    one.voided_at is not None, one.seq, one.file_id, one.actor, one.role, one.made_at,
                    tuple(Difference(**said) for said in told.get("differences", ())),
                    tuple(told.get("findings", ())), one.stands_for,
                )
            )  # fmt: skip
        return found

    def _signed(self, unit: Unit, row: CaseRow, case: Case, kind: str, found: Standing) -> bool:
        newest = self._newest(unit, row, case, found, "")
        return newest is not None and newest.seq is not None

    # -- writing --------------------------------------------------------------------------------------

    def _keep(
        self, unit: Unit, row: CaseRow, case: Case, found: Standing, about: str, by: By,
        number: store.Numbered | None = None,
    ) -> InFile:  # fmt: skip
        head = self.letters.latest(found.kind).head
        letter = self.drafted(
            unit, row, case, found.kind, choice_of(head, about), found, shown={by.actor: by.shown}
        )
        number = number or self._number(unit, row, letter, about, by)
        letter = _numbered(letter, number)
        return self._write(unit, row, letter, about, by, number, len(case.written))

    def _number(
        self, unit: Unit, row: CaseRow, letter: Letter, about: str, by: By
    ) -> store.Numbered | None:
        """The next number for a letter; None for a kind that has none."""
        template = self.letters.at(letter.kind, letter.day)
        if template is None or not template.head.number:
            return None
        return number_of(self.office, unit, row, template.head, letter.day, about, by)

    def _write(
        self, unit: Unit, row: CaseRow, letter: Letter, about: str, by: By,
        number: store.Numbered | None, length: int,
    ) -> InFile:  # fmt: skip
        said = written(letter)
        hash_ = paper_hash_of(said)
        before = store.number_of_versions(unit, row.id)
        unit.index(
            *letter_terms(self.office.keys, row.agency_id, row.id, before, letter.texts()),
            *(number_terms(row.agency_id, row.id, before, number.text) if number else ()),
        )
        sealed = store.seal(self.office.keys, row.code_salt, {"letter": said})
        store.keep_version(
            unit,
            {
                "case_id": row.id, "kind": letter.kind, "about": about, "source": DRAFTED, "hash": hash_,
                "length": length, "number_id": number and number.id, "seq": by.seq, "file_id": None, "sealed": sealed,
                "actor": by.actor, "role": by.role, "stands_for": by.stands_for, "made_at": by.at,
            },
        )  # fmt: skip
        return InFile(letter.kind, about, 0, DRAFTED, hash_, by.seq, number.text if number else "")

    def _asked(self, kind: str, day: date) -> frozenset[str]:
        template = self.letters.at(kind, day) or self.letters.latest(kind)
        # What others typed into a letter of another party is searched for the applicant's own data.
        return template.asks | (WHO_APPLIES if template.head.to in BLIND else frozenset())


def in_file(version: Version) -> InFile:
    return InFile(
        version.kind, version.about, version.version, version.source, version.hash, version.seq,
        version.number or "", version.file_id,
    )  # fmt: skip


def _is(version: Version, kept: InFile) -> bool:
    return (version.kind, version.about, version.version) == (kept.kind, kept.about, kept.version)


def _numbered(letter: Letter, number: store.Numbered | None) -> Letter:
    """With the number that it got; a short name of the body that nobody has set stays an open place."""
    if number is None:
        return letter
    code = next((gap.text for gap in letter.open if gap.name == "letter_code"), None)
    return letter.numbered(number.text, code=code is None or code not in number.text)
