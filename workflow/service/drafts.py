"""Registrations that somebody began: what was typed and the scans, until they are sent; and a mail as such a beginning.

A draft is of its person alone and no case yet: no number, no clock. What carries a classification mark is not kept.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from workflow.case.written import fields_of
from workflow.dates import SHANGHAI
from workflow.files import BadContent, Checked, clean_name
from workflow.files.check import texts, why_not_with_a_mail
from workflow.files.mail import Hanging, Mail, read_mail
from workflow.files.mail_cut import without
from workflow.files.package import DOCX
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refused
from workflow.rules.secrecy import bears_secret_mark, secret_refusal
from workflow.service.cases.views import Attached
from workflow.service.incoming import Good, HeldFile, Judge, Sent
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
LEFT_OUT = (
    "邮件本身已经保存，没有保存的附件在原处写明了名称和原因。请在邮箱里打开这些附件，转成 PDF、Word 或者图片，在下面上传；"
    "打不开的，请申请人重发或者补正。"
)
_BY_NAME = (("身份证", "id_proof"), ("证件", "id_proof"), ("营业执照", "id_proof"), ("委托", "power_of_attorney"))  # fmt: skip
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its form shows it. fields: what was typed, by the names of the form; mail: what the mail said that it
    began with: from_name, from_address, subject, text, arrived_at, sent_at (in words of ISO), notes."""

    id: int
    updated_at: datetime
    fields: Fields
    files: tuple[HeldFile, ...]
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
        good, errors = self.judge.each(KINDS, sent)
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
        good: list[tuple[str, Good]] = []
        left: dict[int, str] = {}
        for place, one in enumerate(mail.hanging):
            try:
                if not one.content:
                    raise BadContent("附件是空的")
                if not one.inline:
                    kind = _kind_by_name(one.name)
                    good.append(
                        (kind, self.judge.one(place + 2, Sent(one.name, one.content), kind))
                    )
            except BadContent as error:
                left[place] = str(error)
        notes = [
            f"“{clean_name(mail.hanging[place].name)}”没有保存：{why}"
            for place, why in left.items()
        ]
        kept, words = self._mail_itself(sent, mail, left)
        return self._begin_with(staff, mail, [*kept, *good], [*notes, *words])

    def _mail_itself(
        self, sent: Sent, mail: Mail, left: dict[int, str]
    ) -> tuple[list[tuple[str, Good]], list[str]]:
        """The mail as a file: as it came, else without what of it could not be taken, else, where it is still too big,
        without anything that is kept as a file of its own; and what is to be said of that.

        left: why what hangs on it was not taken, by its place. Raises Refused.
        """
        stem = sent.name[:-4] if sent.name.lower().endswith(".eml") else sent.name or "邮件"
        hanging = dict(enumerate(mail.hanging))
        within = {place: why for place, one in hanging.items() if (why := why_not_with_a_mail(one))}
        gone = {
            place: _instead(hanging[place], why)
            for place, why in (within | left).items()
            if hanging[place].content
        }
        apart = {
            place: f"〔附件“{clean_name(one.name)}”另存。〕"
            for place, one in hanging.items()
            if one.content and not one.inline
        }
        error = BadContent("")
        for name, said, told in (
            ("", {}, ""),
            ("（附件不全）", gone, LEFT_OUT),
            ("（附件不全）" if gone else "（附件另存）", apart | gone, LEFT_OUT if gone else ""),
        ):
            if name and not said:
                continue
            content = without(sent.content, mail.hanging, said) if said else sent.content
            try:
                if content is not None:
                    one = self.judge.one(1, Sent(f"{stem}{name}.eml", content), "envelope")
                    return [("envelope", one)], [told] if told else []
            except BadContent as found:
                error = found
        return [], [f"“{clean_name(sent.name)}”没有保存：{error}"]

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

    def _file(self, row: DraftFileRow) -> HeldFile:
        name = self.office.keys.open(row.sealed, _bound(row))["name"]
        return HeldFile(row.id, row.kind, KINDS[row.kind], name, row.size)


@retried
def forget_old_drafts(office: Office) -> int:
    """Those that nobody has touched for KEPT_DAYS go, with all that they hold; how many. Nothing is written where there
    is none."""
    before = office.now() - timedelta(KEPT_DAYS)
    with office.store.read() as unit:
        if not queries.older_than(unit, before):
            return 0
    with office.store.write() as unit:
        old = queries.older_than(unit, before)
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


def _instead(one: Hanging, why: str) -> str:
    """What stands in a mail in the place of what was not taken."""
    sum_ = hashlib.sha256(one.content).hexdigest()
    return (
        f"〔这里原有附件“{clean_name(one.name)}”，{len(one.content)} 字节，没有保存：{why.rstrip('。')}。"
        f"原件在收件的邮箱里，SHA-256：{sum_}〕"
    )


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
