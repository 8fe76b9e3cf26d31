"""Files of a case: proof of identity, powers of attorney, supplements, replies, proofs of service.

A file changes nothing of a case: what the law looks at are the events. Nothing is deleted here:
files leave with the case's own appraisal and destruction (law.md §9).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from workflow.case.case import Case
from workflow.case.facts import Actor
from workflow.case.unnamed import marks_of, unnamed
from workflow.files import BadContent
from workflow.files.photo import PHOTOS, readable
from workflow.people import APPLICANT, Staff
from workflow.refusal import BadInput, Denied, FieldError, Refusal, Refused
from workflow.rules import permissions
from workflow.service import replies
from workflow.service.cases.finding import actor_of, by_code, folded, for_staff
from workflow.service.cases.unnamed import may_know
from workflow.service.cases.views import Attached, CaseFile
from workflow.service.incoming import Good, Judge, Sent, handed_name
from workflow.service.messages.taking_back import take_back_kind
from workflow.service.messages.to_staff import tell_at_once
from workflow.service.office import Missing, Office
from workflow.service.replies import second_fact
from workflow.service.scanner import Scanner
from workflow.store import beside, files
from workflow.store.file_models import FileRow
from workflow.store.files import IDENTITY_KINDS, NAMING_KINDS
from workflow.store.models import CaseRow
from workflow.store.records import kept_sealed
from workflow.store.retried import retried
from workflow.store.unit import Unit

KINDS = {
    "application": "申请书",
    "envelope": "信封、邮件",
    "id_proof": "身份证明",
    "power_of_attorney": "授权委托书",
    "supplement": "补充材料",
    "reply": "答复及附件",
    "proof_of_service": "送达凭证",
    "payment": "缴费凭证",
    "opinion": "第三方、其他机关的意见",
    "court": "复议、诉讼文书",
    "letter": "传回的文书",
    "other": "其他材料",
}
STAFF_KINDS = tuple(kind for kind in KINDS if kind != "letter")
"""What staff may add by hand: a letter comes in beside what it was drafted from (workflow/service/letters)."""
APPLICANT_KINDS = ("id_proof", "power_of_attorney", "supplement")
PAYMENT = "payment"
"""What an applicant may send besides while a fee is waited for: its proof."""
SENT_BY_APPLICANTS, FETCHED_KINDS = (*APPLICANT_KINDS, PAYMENT), ("reply", "letter")
"""What comes from an applicant, and what one fetches once the reply is served."""
PDF = "application/pdf"
MEGABYTE = 1024 * 1024
TOGETHER = 3
"""How many files of the largest size one form may hold; of smaller ones `incoming.AT_ONCE`."""
OPEN_STAGES = ("before_receipt", "running", "waiting")
_NO_FILE = "没有这份材料"
_NO_COPY = "这份材料没有另外的副本，请下载原件"


@dataclass(frozen=True)
class FileView:
    """A file as a list shows it. name is None where the reader may not know more than that there is
    one; views: who opened it and when, latest first, for those who may open it. taken_back_at: its applicant took it
    back; may_take_back: they still may."""

    id: int
    kind: str
    kind_label: str
    name: str | None
    media_type: str
    size: int
    sha256: str
    uploaded_by: str
    uploaded_role: str
    uploaded_at: datetime
    warnings: tuple[str, ...] = ()
    views: tuple[tuple[str, datetime], ...] = ()
    taken_back_at: datetime | None = None
    may_take_back: bool = False

    @property
    def readable(self) -> bool:
        return self.name is not None and self.taken_back_at is None

    @property
    def has_copy(self) -> bool:
        """True for photos and scans that not every computer shows: a copy to read can be had."""
        return self.name is not None and self.media_type in PHOTOS


@dataclass(frozen=True)
class Opened:
    """A file with its content, to be handed out."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Taken:
    """What became of the files of one form. refused: of each that was not kept, in Chinese, which and why."""

    files: tuple[FileView, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """The files of a case for one reader. kinds: what the reader may add now; none left: how many
    more an applicant may send, None for staff. reason: why nothing can be added, in Chinese. second: the fact
    that an applicant is asked for before the reply is handed out. redoes: the same of each case in which it was
    answered anew, by its number."""

    files: tuple[FileView, ...]
    kinds: tuple[str, ...]
    left: int | None = None
    reason: str = ""
    second: str = ""
    redoes: tuple[tuple[str, tuple[FileView, ...]], ...] = ()


def is_own_case(case: Case, staff: Staff) -> bool:
    """True for a case that was assigned to the person by user name or in which they have acted. The
    name that pages show is no proof: two people may bear it.

    Rule: identity papers are opened by who has the case: assigned by user name, or having acted in it.
    """
    return staff.name in {case.facts.assigned_to, *(line.actor for line in case.written)}


def _reading(file: FileRow) -> str:
    """The action of opening a file."""
    if file.kind in IDENTITY_KINDS:
        return "read_identity_papers"
    return "read_applicant" if file.kind in NAMING_KINDS else "read_files"


def is_noted(file: FileRow) -> bool:
    """Whether it is noted who opens it: papers of identity, and what the applicant may still take back."""
    return file.kind in IDENTITY_KINDS or file.role == APPLICANT.name


def copy_of(file: Opened) -> Opened:
    """A JPEG, of several pages a PDF. Raises Missing for a file that needs no copy or has none."""
    if file.media_type not in PHOTOS:
        raise Missing(_NO_COPY)
    try:
        ending, content = readable(file.content)
    except BadContent as error:
        raise Missing(_NO_COPY) from error
    media_type = {"jpg": "image/jpeg", "pdf": "application/pdf"}[ending]
    return Opened(f"{file.name.rpartition('.')[0]}.{ending}", media_type, content)


class Files:
    """The use cases around the files of a case.

    most_bytes: size of one file; most_files: how many an applicant may send to one case; scanner: what
    looks at every file besides, None for nothing. Of several files in one form each is judged by itself:
    the good ones are kept, of the others it is told which and why.
    """

    def __init__(
        self,
        office: Office,
        *,
        most_megabytes: int,
        most_files: int,
        scanner: Scanner | None = None,
    ):
        self.office = office
        self.most_bytes = most_megabytes * MEGABYTE
        self.judge = Judge(self.most_bytes, scanner)
        self.most_files = most_files

    # -- the applicant --------------------------------------------------------------------------------

    def upload_as_applicant(
        self, number: str, code: str, kind: str, name: str, content: bytes
    ) -> FileView:
        """One file of `send_as_applicant`."""
        return self.send_as_applicant(number, code, kind, [Sent(name, content)]).files[0]

    @retried
    def send_as_applicant(self, number: str, code: str, kind: str, sent: Sequence[Sent]) -> Taken:
        """Proofs of identity, powers of attorney or supplements, while the case is open.

        The same file sent twice is kept once. Raises Missing for a wrong number or code, BadInput if
        no file can be taken, Refused for a case that takes none and for a classification mark.
        """
        with self.office.store.read() as unit:
            by_code(self.office, unit, number, code)
        good, refused = self.judge.of(kind, SENT_BY_APPLICANTS, sent)
        kept: dict[int, FileView] = {}
        with self.office.store.write_cases([one.content for one in good]) as unit:
            row = by_code(self.office, unit, number, code, lock=True)
            reason = self._closed_to_applicant(row)
            if reason:
                raise Refused(reason)
            if kind not in self._kinds(row):
                raise BadInput([FieldError("kind", "现在不需要缴费凭证，请选择其他种类")])
            left = self._left(unit, row)
            for one in good:
                same = files.same_file(unit, row.id, kind, one.checked.sha256, "applicant")
                if same is None and left <= 0:
                    refused += (f"{one.called}：{self._full()}",)
                    continue
                left -= same is None
                found = same or self._keep(unit, row, kind, one, APPLICANT, "applicant")
                if same is None:
                    with kept_sealed(unit, self.office.keys, [row]):
                        row.uploaded_at = self.office.now()
                kept[found.id] = self.view(found)
            if not kept:
                raise BadInput([FieldError("file", self._full())])
            tell_at_once(
                self.office, unit, row, "upload", actor=APPLICANT.name, assigned=row.assigned_to,
                due=row.reply_due, mark="",
            )  # fmt: skip
        return Taken(tuple(kept.values()), refused)

    def for_applicant(self, number: str, code: str) -> Shelf:
        """The reply files that can be fetched, and what may still be sent. Raises Missing."""
        with self.office.store.read() as unit:
            row = by_code(self.office, unit, number, code)
            found: tuple[FileView, ...] = ()
            second = ""
            if self._served(unit, row):
                found = self._reply(unit, row)
            redoes = tuple(
                (other.number, papers)
                for other in beside.redoes_of(unit, row)
                if self._served(unit, other) and (papers := self._reply(unit, other))
            )
            if found or redoes:
                second = second_fact(self.office.keys, row).label
            reason = self._closed_to_applicant(row)
            left = self._left(unit, row)
            if reason or left <= 0:
                why = reason.message if reason else self._full()
                return Shelf(found, (), 0, why, second, redoes)
            return Shelf(found, self._kinds(row), left, second=second, redoes=redoes)

    def _kinds(self, row: CaseRow) -> tuple[str, ...]:
        return SENT_BY_APPLICANTS if row.state == "awaiting_payment" else APPLICANT_KINDS

    def _reply(self, unit: Unit, row: CaseRow) -> tuple[FileView, ...]:
        """The letter, under the id 0, and its annexes."""
        rows, letter = files.files_of(unit, row.id), replies.reply_letter(unit, row)
        found = [self.view(one) for one in rows if one.kind == "reply" and not replies.put_on_paper(one)]  # fmt: skip
        if letter is None:
            return tuple(found)
        file = replies.printed(unit, row, self.office.keys, letter)
        if file is not None:
            return (replace(self.view(file), id=0), *found)
        return (
            FileView(0, "reply", KINDS["reply"], replies.name_of(letter), PDF, 0, letter.hash, letter.actor,
                     self.office.law.words.role(letter.role), letter.made_at), *found,
        )  # fmt: skip

    def _closed_to_applicant(self, row: CaseRow) -> Refusal | None:
        if self.office.law.stage(row.state) in OPEN_STAGES:
            return None
        label = self.office.law.states[row.state].label
        return Refusal(
            "not_in_this_state", "条例29", f"这件申请{label}，不能再补充材料",
            "办理期间可以补充材料；办结之后如需提供材料，请联系受理机关",
        )  # fmt: skip

    def _left(self, unit: Unit, row: CaseRow) -> int:
        return max(0, self.most_files - files.count_from(unit, row.id, "applicant"))

    def _full(self) -> str:
        return f"一件申请最多上传 {self.most_files} 个文件，已经满了。还有材料的，请当面、邮寄提交"

    def _served(self, unit: Unit, row: CaseRow) -> bool:
        """True once the answer has been served: before, a reply is a draft."""
        case = folded(self.office, unit, row)
        return case.facts.served is not None

    # -- staff ----------------------------------------------------------------------------------------

    def upload(self, staff: Staff, number: str, kind: str, name: str, content: bytes) -> FileView:
        """One file of `send`."""
        return self.send(staff, number, kind, [Sent(name, content)]).files[0]

    @retried
    def send(self, staff: Staff, number: str, kind: str, sent: Sequence[Sent]) -> Taken:
        """Files of any kind, by a clerk or handler of the case's body, unless the case is void.

        Raises Missing, BadInput and Refused as `send_as_applicant` does; Denied for other roles.
        """
        with self.office.store.read() as unit:
            _, case = for_staff(self.office, unit, staff, number)
            self._ask_may_upload(case, staff)
        good, refused = self.judge.of(kind, STAFF_KINDS, sent)
        kept: dict[int, FileView] = {}
        with self.office.store.write_cases([one.content for one in good]) as unit:
            row, case = for_staff(self.office, unit, staff, number, lock=True)
            role = self._ask_may_upload(case, staff)
            actor = actor_of(staff, row)
            for one in good:
                same = files.same_file(unit, row.id, kind, one.checked.sha256, role)
                found = same or self._keep(unit, row, kind, one, actor, role)
                kept[found.id] = self.view(found)
            if kind == "proof_of_service":
                take_back_kind(self.office, unit, row, "scan", "送达凭证已经补传，不再提醒")
        return Taken(tuple(kept.values()), refused)

    def looked_at(self, kind: str, name: str, content: bytes) -> Attached:
        """A file that comes with an event, as `upload` would take it. Raises BadInput and Refused."""
        (good,), _ = self.judge.of(kind, STAFF_KINDS, [Sent(name, content)])
        return Attached(kind, good.checked, content)

    def _ask_may_upload(self, case: Case, staff: Staff) -> str:
        """The role in which the person may add a file now. Raises Denied and Refused."""
        held, own = staff.roles[case.header.agency], is_own_case(case, staff)
        role = permissions.ask(self.office.law, "upload_files", held, own_case=own)
        reason = self._why_closed(case)
        if reason:
            raise Refused(reason)
        return role

    def _why_not_upload(self, case: Case, staff: Staff) -> Refusal | None:
        try:
            self._ask_may_upload(case, staff)
        except (Denied, Refused) as error:
            return error.refusal
        return None

    def _why_closed(self, case: Case) -> Refusal | None:
        if self.office.law.stage(case.state) == "void":
            label = self.office.law.states[case.state].label
            return Refusal(
                "not_in_this_state", "条例29", f"这件申请{label}，不再收材料", "已有的材料仍可查阅"
            )
        return None

    def for_staff(self, staff: Staff, number: str) -> Shelf:
        """All files of a case of the person's bodies. Raises Missing."""
        with self.office.store.read() as unit:
            row, case = for_staff(self.office, unit, staff, number)
            return self._shelf(unit, row.id, case, staff)

    def beside(self, staff: Staff, file: CaseFile) -> Shelf:
        """All files of a case that the person has before them."""
        with self.office.store.read() as unit:
            return self._shelf(unit, file.id, file.case, staff)

    def _shelf(self, unit: Unit, case_id: int, case: Case, staff: Staff) -> Shelf:
        rows = files.every_file_of(unit, case_id)
        seen: dict[int, list[tuple[str, datetime]]] = {}
        papers = [file.id for file in rows if is_noted(file) or file.kind in FETCHED_KINDS]
        for one in files.views_of(unit, papers) if papers else ():
            seen.setdefault(one.file_id, []).append((one.actor, one.viewed_at))
        marks = self._marks(case, staff)
        found = tuple(
            self.view(file, self._may_read(case, file, staff), tuple(seen.get(file.id, ())), marks)
            for file in rows
        )
        reason = self._why_not_upload(case, staff)
        kinds = () if reason else STAFF_KINDS
        return Shelf(found, kinds, None, reason.message if reason else "")

    def _marks(self, case: Case, staff: Staff) -> tuple[str, ...]:
        """What is taken out of the names of files for somebody who need not know the applicant."""
        if may_know(self.office.law, staff.roles[case.header.agency]):
            return ()
        return marks_of((one.name for one in case.applicants), {})

    @retried
    def open(self, staff: Staff, number: str, file_id: int, *, copy: bool = False) -> Opened:
        """A file with its content; copy: of a photo or scan one that can be read anywhere. Opening
        identity papers is noted with who and when.

        Raises Missing; Denied for identity papers that are none of the reader's business
        (个人信息保护法34).
        """
        with self.office.store.write() as unit:
            row, case = for_staff(self.office, unit, staff, number)
            file = files.file_of(unit, row.id, file_id)
            if file is None:
                raise Missing(_NO_FILE)
            held, own = staff.roles[case.header.agency], is_own_case(case, staff)
            role = permissions.ask(self.office.law, _reading(file), held, own_case=own)
            if is_noted(file):
                files.note_view(unit, file, staff.name, role, self.office.now())
            opened = self.opened(unit, file)
            opened = replace(
                opened, name=handed_name(row.number, KINDS[file.kind], file.id, opened.name)
            )
        return copy_of(opened) if copy else opened

    def _may_read(self, case: Case, file: FileRow, staff: Staff) -> bool:
        held, own = staff.roles[case.header.agency], is_own_case(case, staff)
        return permissions.role_for(self.office.law, _reading(file), held, own_case=own) is not None

    # -- both -----------------------------------------------------------------------------------------

    def _keep(
        self, unit: Unit, row: CaseRow, kind: str, good: Good, actor: Actor, role: str
    ) -> FileRow:
        return files.add_file(
            unit,
            self.office.keys,
            case=row,
            kind=kind,
            checked=good.checked,
            content=good.content,
            warnings=good.warnings,
            actor=actor.name,
            role=role,
            uploaded_at=self.office.now(),
        )

    def opened(self, unit: Unit, file: FileRow) -> Opened:
        name = files.label_of(file, self.office.keys).name
        return Opened(name, file.media_type, files.content_of(unit, file, self.office.keys))

    def view(
        self,
        file: FileRow,
        readable: bool = True,
        views: tuple[tuple[str, datetime], ...] = (),
        marks: tuple[str, ...] = (),
    ) -> FileView:
        label = files.label_of(file, self.office.keys) if readable else None
        return FileView(
            id=file.id,
            kind=file.kind,
            kind_label=KINDS[file.kind],
            name=unnamed(label.name, marks) if label else None,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            uploaded_by=file.actor,
            uploaded_role=self.office.law.words.role(file.role),
            uploaded_at=file.uploaded_at,
            warnings=label.warnings if label else (),
            views=views if label else (),
            taken_back_at=file.taken_back_at,
        )
