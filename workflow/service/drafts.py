"""Registrations that somebody began: what was typed and the scans, until they are sent; and a mail as such a beginning.

A draft is of its person alone and no case yet: no number, no clock. What carries a classification mark is not kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from workflow.case.written import fields_of
from workflow.dates import SHANGHAI
from workflow.files import BadContent, Checked, clean_name
from workflow.files.check import texts
from workflow.files.mail import Mail, read_mail
from workflow.files.package import DOCX
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refused
from workflow.rules.secrecy import bears_secret_mark, secret_refusal
from workflow.service.cases.views import Attached
from workflow.service.incoming import Good, Judge, Sent
from workflow.service.office import Missing, Office
from workflow.store import drafts as queries
from workflow.store.parcel_models import DraftFileRow, DraftRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

KINDS = {
    "application": "申请书",
    "envelope": "信封、面单",
    "id_proof": "身份证明",
    "power_of_attorney": "授权委托书",
    "other": "其他材料",
}
"""What comes with an application, each with a field of its own."""
KEPT_DAYS = 30
MOST, MOST_FILES, TOGETHER = 20, 20, 3
"""Drafts of a person; files of a draft; how many of the largest size they may be together."""
SHOWN_TEXT = 20_000
"""Characters of a mail that are shown beside the form."""
_BY_NAME = (("身份证", "id_proof"), ("证件", "id_proof"), ("营业执照", "id_proof"), ("委托", "power_of_attorney"))  # fmt: skip
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A scan of a draft. size in bytes."""

    id: int
    kind: str
    kind_label: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its form shows it. fields: what was typed, by the names of the form; mail: what the mail said that it
    began with: from_name, from_address, subject, text, arrived_at, sent_at (in words of ISO), notes."""

    id: int
    updated_at: datetime
    fields: Fields
    files: tuple[DraftFile, ...]
    mail: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list: whom it is about, and how many files it has."""

    id: int
    updated_at: datetime
    title: str
    files: int


class Drafts:
    """The use cases around drafts. Who may register may begin to."""

    def __init__(self, office: Office, judge: Judge) -> None:
        self.office, self.judge = office, judge

    def mine(self, staff: Staff) -> list[DraftLine]:
        """The person's own, the latest first."""
        with self.office.store.read() as unit:
            return [
                DraftLine(row.id, row.updated_at, _title(self._said(row)["fields"]), number)
                for row, number in queries.drafts_of(unit, staff.id)
            ]

    def open(self, staff: Staff, which: int) -> Draft:
        """Raises Missing for one that is another person's or was sent."""
        with self.office.store.read() as unit:
            row = self._row(unit, staff, which)
            said = self._said(row)
            files = tuple(self._file(one) for one in queries.files_of(unit, row.id))
            return Draft(row.id, row.updated_at, said["fields"], files, said.get("mail"))

    @retried
    def keep(
        self,
        staff: Staff,
        which: int | None,
        fields: Fields,
        sent: Sequence[tuple[str, Sent]] = (),
        without: Sequence[int] = (),
    ) -> tuple[int, list[FieldError]]:
        """Keep what was typed and the scans that can be kept: the id of the draft, and of each other file which and why
        not, at its field. sent: with the kind of each; without: files of the draft that go.
        Raises Missing, and BadInput where the person has too many.
        """
        good, errors = self._judged(sent)
        with self.office.store.write() as unit:
            row = self._row(unit, staff, which) if which is not None else self._new(unit, staff)
            said = self._said(row) if which is not None else {}
            gone = set(without)
            for file in queries.files_of(unit, row.id):
                if file.id in gone:
                    unit.session.delete(file)
            unit.session.flush()
            errors += self._add(unit, row, good)
            self._write(row, {**said, "fields": _plain(fields)})
            return row.id, errors

    @retried
    def drop(self, staff: Staff, which: int) -> None:
        """Put it away for good. Raises Missing."""
        with self.office.store.write() as unit:
            queries.drop(unit, self._row(unit, staff, which).id)

    def take_mail(self, staff: Staff, sent: Sent) -> int:
        """A mail as the beginning of a registration; its id. Nothing is registered by it.

        Raises BadInput (mail) for what is no mail, Refused where a part of it bears a classification mark: then nothing
        is kept of any.
        """
        if len(sent.content) > TOGETHER * self.judge.most_bytes:
            raise BadInput([FieldError("mail", "邮件太大，请在邮箱里打开，附件分别下载上传")])
        try:
            mail = read_mail(sent.content)
        except BadContent as error:
            raise BadInput([FieldError("mail", str(error))]) from error
        if any(bears_secret_mark(said, document=True) for said in (mail.subject, mail.text)):
            raise Refused(secret_refusal("mail"))
        name = sent.name if sent.name.lower().endswith(".eml") else f"{sent.name or '邮件'}.eml"
        coming = [("envelope", Sent(name, sent.content))]
        coming += [
            (_kind_by_name(one.name), Sent(one.name, one.content))
            for one in mail.hanging
            if not one.inline
        ]
        good, notes = [], []
        for number, (kind, one) in enumerate(coming, 1):
            try:
                good.append((kind, self.judge.one(number, one, kind)))
            except BadContent as error:
                notes.append(f"“{clean_name(one.name)}”没有保存：{error}")
        return self._begin_with(staff, mail, good, notes)

    @retried
    def _begin_with(
        self, staff: Staff, mail: Mail, good: list[tuple[str, Good]], notes: list[str]
    ) -> int:
        told = {
            "from_name": mail.sender_name, "from_address": mail.sender_address,
            "subject": mail.subject, "text": mail.text[:SHOWN_TEXT],
            "arrived_at": mail.arrived_at.isoformat() if mail.arrived_at else "",
            "sent_at": mail.sent_at.isoformat() if mail.sent_at else "", "notes": notes,
        }  # fmt: skip
        fields = {name: [said] for name, said in _from_mail(mail, good).items() if said}
        with self.office.store.write() as unit:
            row = self._new(unit, staff)
            told["notes"] = notes + [one.message for one in self._add(unit, row, good)]
            self._write(row, {"fields": _plain(fields), "mail": told})
            return row.id

    # -- the parts ----------------------------------------------------------------------------------

    def _judged(
        self, sent: Sequence[tuple[str, Sent]]
    ) -> tuple[list[tuple[str, Good]], list[FieldError]]:
        good, errors = [], []
        for number, (kind, one) in enumerate(sent, 1):
            try:
                if kind not in KINDS:
                    raise BadContent("请选择这是什么材料")
                good.append((kind, self.judge.one(number, one, kind)))
            except BadContent as error:
                errors.append(FieldError(f"file_{kind}", f"“{clean_name(one.name)}”：{error}"))
            except Refused as error:
                # Its name may be as secret as what it says.
                said = error.refusal
                words = f"有一个文件没有保存：{said.message}（{said.article}）。{said.allowed_when}"
                errors.append(FieldError(f"file_{kind}", words))
        return good, errors

    def _new(self, unit: Unit, staff: Staff) -> DraftRow:
        if len(queries.drafts_of(unit, staff.id)) >= MOST:
            raise BadInput(
                [FieldError("draft", f"没有登记完的已经有 {MOST} 件，请先登记或者删去几件")]
            )
        row = DraftRow(user_id=staff.id, updated_at=self.office.now(), sealed=b"")
        unit.session.add(row)
        unit.session.flush()
        return row

    def _add(self, unit: Unit, row: DraftRow, good: Sequence[tuple[str, Good]]) -> list[FieldError]:
        there = queries.files_of(unit, row.id)
        known = {(one.kind, one.sha256) for one in there}
        room = TOGETHER * self.judge.most_bytes - sum(one.size for one in there)
        errors, number = [], len(there)
        for kind, one in good:
            if (kind, one.checked.sha256) in known:
                continue
            if number >= MOST_FILES or one.checked.size > room:
                words = f"{one.called}没有保存：一件申请随登记最多 {MOST_FILES} 个文件，合计不超过 {TOGETHER * self.judge.most_bytes // 1024 // 1024} MB；登记之后可以在申请页面补传"
                errors.append(FieldError(f"file_{kind}", words))
                continue
            known.add((kind, one.checked.sha256))
            number, room = number + 1, room - one.checked.size
            self._keep_file(unit, row, kind, one)
        return errors

    def _keep_file(self, unit: Unit, row: DraftRow, kind: str, one: Good) -> None:
        file = DraftFileRow(
            draft_id=row.id, kind=kind, media_type=one.checked.media_type, size=one.checked.size,
            sha256=one.checked.sha256, sealed=b"", content=b"",
        )  # fmt: skip
        unit.session.add(file)
        unit.session.flush()
        keys = self.office.keys
        file.sealed = keys.seal({"name": one.checked.name}, _bound(file))
        file.content = keys.seal_bytes(one.content, f"{_bound(file)} content")
        unit.session.flush()

    def _row(self, unit: Unit, staff: Staff, which: int) -> DraftRow:
        return _own(unit, staff, which)

    def _said(self, row: DraftRow) -> dict[str, Any]:
        return {"fields": {}} | self.office.keys.open(row.sealed, f"draft {row.id}")

    def _write(self, row: DraftRow, said: Mapping[str, Any]) -> None:
        row.sealed = self.office.keys.seal(dict(said), f"draft {row.id}")
        row.updated_at = self.office.now()

    def _file(self, row: DraftFileRow) -> DraftFile:
        name = self.office.keys.open(row.sealed, _bound(row))["name"]
        return DraftFile(row.id, row.kind, KINDS[row.kind], name, row.size)


@retried
def forget_old_drafts(office: Office) -> int:
    """Those that nobody has touched for KEPT_DAYS go, with all that they hold; how many."""
    with office.store.write() as unit:
        old = queries.older_than(unit, office.now() - timedelta(KEPT_DAYS))
        for one in old:
            queries.drop(unit, one)
        return len(old)


def take_draft(office: Office, unit: Unit, staff: Staff, which: int | None) -> list[Attached]:
    """The files of a draft that becomes a case, in its transaction; the draft is no more. Raises Missing."""
    if which is None:
        return []
    row, keys = _own(unit, staff, which), office.keys
    found = [
        Attached(
            one.kind,
            Checked(keys.open(one.sealed, _bound(one))["name"], one.media_type, one.size, one.sha256),
            keys.open_bytes(one.content, f"{_bound(one)} content"),
        )
        for one in queries.files_of(unit, row.id, content=True)
    ]  # fmt: skip
    queries.drop(unit, row.id)
    return found


def _own(unit: Unit, staff: Staff, which: int) -> DraftRow:
    row = queries.draft_of(unit, staff.id, which)
    if row is None:
        raise Missing("没有这件没有登记完的申请，可能已经登记或者删去")
    return row


def _bound(row: DraftFileRow) -> str:
    return f"draft {row.draft_id} file {row.id}"


def _plain(fields: Fields) -> dict[str, list[str]]:
    """What was typed, without what carries a classification mark."""
    return {
        name: [one for one in said if not bears_secret_mark(one)] for name, said in fields.items()
    }


def _title(fields: Fields) -> str:
    def first(*names: str) -> str:
        return next((said[0] for name in names if (said := fields.get(name)) and said[0].strip()), "")  # fmt: skip

    who, what = first("name", "org_name", "who"), first("items")
    return "，".join(filter(None, (who, what[:40]))) or "还没有填写"


def _kind_by_name(name: str) -> str:
    return next((kind for word, kind in _BY_NAME if word in name), "application")


def _from_mail(mail: Mail, good: Sequence[tuple[str, Good]]) -> dict[str, str]:
    """What the form begins with: from forms that hang on the mail, else from its text."""
    found: dict[str, str] = {}
    for _, one in good:
        if one.checked.media_type == DOCX:
            for passage in texts(one.content, DOCX):
                found = fields_of(passage.text.split("\n")) | found
    found = fields_of(mail.text.split("\n")) | found
    organisation = bool(found.get("org_name") or found.get("credit_code"))
    if not organisation and not found.get("name"):
        found["name"] = mail.sender_name
    words = " ".join(mail.text.split())
    arrived = mail.arrived_at.astimezone(SHANGHAI).date().isoformat() if mail.arrived_at else ""
    return {
        "email": mail.sender_address, "id_type": "resident_id" if found.get("id_number") else "",
        "items": (words or mail.subject)[:2000],
        **found,
        "kind": "organisation" if organisation else "citizen",
        "matter": "application", "channel": "email", "on": arrived, "sender": mail.sender_address,
    }  # fmt: skip
