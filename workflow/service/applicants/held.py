"""What the office holds about somebody who asks for it and has no account (个人信息保护法44–47): found by the number of
their identity, or by name and a contact that they told; given out as a file; contacts and names put right with the old
kept.

What they are told besides: what cannot be deleted, and why. Whoever looks says why, and the audit says it without names."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.addresses import email_address, telephone
from workflow.case.identity import normal_form, numbers_of, proofs_of
from workflow.case.right_name import corrected
from workflow.letters import pdf
from workflow.letters.letter import Contact, Letter, Paragraph, Table
from workflow.paper.workbook import as_xlsx
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.rules import permissions
from workflow.service.applicants.export import Exports, OwnData
from workflow.service.cases.whole_applicant import why_of
from workflow.service.office import Missing, Office
from workflow.store import held as queries
from workflow.store.audit import LOOKED_UP, NAME_PUT_RIGHT, PUT_RIGHT, audited
from workflow.store.dialect_index import Indexed
from workflow.store.indexed import applicant_terms, as_kept, in_any_way
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.records import kept_sealed
from workflow.store.restored import private_of
from workflow.store.retried import retried
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit

ACTION = "answer_person"
CONTACTS = {"phone": "联系电话", "email": "电子邮箱", "address": "通信地址", "postcode": "邮政编码"}
"""What can be put right beside the name. The text of a request is what was filed: it stays."""
RIGHT_NAME = "right_name"
EARLIER = "earlier_contacts"
LONGEST = 200
MAY_NOT_GO = (
    "申请内容、办理经过、答复和统计是本机关履行法定职责形成的档案，保管期限届满之前依法不能删除"
    "（个人信息保护法第四十七条第二款，政府信息公开条例第四十五条，档案法第二十一条）。期限届满以后，由两人批准销毁，"
    "姓名、身份和联系方式、申请内容、材料都不再保存。"
)
MAY_GO = "没有提交的草稿、选好的材料、验证码在到期后自动删除；申请人账户可以由本人随时注销，注销后立即删除。"
RIGHT = (
    "姓名、联系方式不准确的，可以请求更正；更正以前的写法加密保留在案卷里，只供核对。证件号码有误的，请按补正办理；"
    "申请内容不能更正，请按补正、撤回办理。"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom it is about, as they told it: a number of identity, or name and telephone or mailbox."""

    number: str = ""
    name: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Held:
    """What was found. cases: their numbers, with what stands there to reach the person."""

    body: str
    cases: tuple[tuple[str, Mapping[str, str]], ...]
    data: OwnData


class HeldAboutPerson:
    """The use cases. Everything is of one body."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law

    def bodies(self, staff: Staff) -> list[str]:
        """Codes of the bodies in which the person answers such requests. Raises Denied where there is none."""
        found = list(permissions.bodies_for(self.law, ACTION, staff))
        if not found:
            permissions.ask(self.law, ACTION, permissions.NOBODY)
        return found

    @retried
    def find(self, staff: Staff, agency: str, asked: Asked, reason: str, words: str) -> Held:
        """What the body holds about them. Raises Missing, Denied, BadInput (number, contact, reason, words)."""
        _complete(asked)
        with self.office.store.write() as unit:
            body = self._body(unit, staff, agency)
            why = why_of(self.law, reason, words)
            rows = self._cases(unit, body, asked)
            audited(
                unit,
                self.office.now(),
                staff.name,
                body.id,
                LOOKED_UP,
                body.code,
                rows=len(rows),
                **why,
            )
            return self._held(unit, body, rows)

    def package(self, held: Held) -> bytes:
        """The same as a ZIP to hand out: for programs, for people, and a letter that says what stays and why."""
        today = self.office.today()
        out = io.BytesIO()
        files = {
            "个人信息.json": json.dumps(held.data.as_dict(), ensure_ascii=False, indent=1).encode(),
            "个人信息.xlsx": as_xlsx(*held.data.sheets(), dated=today),
            "答复.pdf": pdf.write(self.letter(held)),
        }
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in files.items():
                moment = (today.year, today.month, today.day, 0, 0, 0)
                package.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def letter(self, held: Held) -> Letter:
        """What they are told: how many requests, what can be put right, what cannot be deleted."""
        said = f"根据您的请求，本机关查找了持有的您的个人信息：申请 {len(held.cases)} 件，内容见所附文件。"
        if not held.cases:
            said = "根据您的请求，本机关查找了持有的您的个人信息：没有找到。"
        table = Table(
            ("序号", "申请编号"), tuple((str(n), number) for n, (number, _) in enumerate(held.cases, 1)), (1, 4)
        )  # fmt: skip
        return Letter(
            kind="person_data", label="个人信息查询答复", to="applicant",
            title=(held.body, "个人信息查询答复"), number="", addressee="", day=self.office.today(),
            elements=(*(Paragraph("text", one) for one in (said, RIGHT, MAY_NOT_GO, MAY_GO)), table),
            enclosed=(), remedy=(), annexes=(), signature=held.body, contact=Contact(),
        )  # fmt: skip

    @retried
    def put_right(
        self, staff: Staff, agency: str, asked: Asked, number: str, contacts: Mapping[str, str], words: str
    ) -> list[str]:  # fmt: skip
        """Put the name and the contacts of the person in a case right, whatever the state of the case; what was there before
        is kept beside them. contacts: CONTACTS and RIGHT_NAME; what is empty stays. Returns the labels of what has changed.
        Raises Missing, Denied, BadInput (number, contact, phone, email, …, right_name, words)."""
        _complete(asked)
        words = " ".join(words.split())
        if not words or len(words) > LONGEST:
            raise BadInput([FieldError("words", f"请写明更正的依据（最多 {LONGEST} 个字）")])
        told = _contacts(contacts)
        with self.office.store.write() as unit:
            body = self._body(unit, staff, agency)
            row = next(
                (one for one in self._cases(unit, body, asked) if one.number == number), None
            )
            if row is None or not row.code_salt:
                raise Missing(f"没有找到此人编号为“{number}”的申请")
            changed = self._write(unit, row, asked, told, staff.name, words)
            of_name = [one for one in changed if one == RIGHT_NAME]
            for action, rows in (
                (PUT_RIGHT, len(changed) - len(of_name)),
                (NAME_PUT_RIGHT, len(of_name)),
            ):
                if rows or (action == PUT_RIGHT and not of_name):
                    at = self.office.now()
                    audited(unit, at, staff.name, body.id, action, row.number, rows=rows)
            return [{RIGHT_NAME: "姓名", **CONTACTS}[name] for name in changed]

    # -- parts ----------------------------------------------------------------------------------------

    def _body(self, unit: Unit, staff: Staff, agency: str) -> AgencyRow:
        permissions.ask(self.law, ACTION, staff.roles.get(agency, frozenset()))
        return self.office.found_agency(unit, agency)

    def _cases(self, unit: Unit, body: AgencyRow, asked: Asked) -> list[CaseRow]:
        """By the number alone, or by the name of who told that contact."""
        if asked.number:
            kinds = self.law.words.id_types
            proofs = proofs_of(asked.number, kinds)
            hashes = {one for proof in proofs for one in self.office.keys.identities(proof)}
            return queries.cases_of_person(unit, body, hashes, ())
        names = self.office.keys.name_hashes(asked.name.strip())
        rows = queries.cases_of_person(unit, body, (), names)
        wanted = normal_form(asked.contact)
        return [row for row in rows if any(wanted in numbers_of(one) for one in self._private(row))]

    def _private(self, row: CaseRow) -> list[dict[str, Any]]:
        return [private_of(self.office.keys, row, one) for one in row.applicants if one.sealed]

    def _held(self, unit: Unit, body: AgencyRow, rows: list[CaseRow]) -> Held:
        requests = Exports(self.office).of_cases(unit, [row for row in rows if row.code_salt])
        cases = [
            (row.number, {name: str(private.get(name) or "") for name in CONTACTS})
            for row in rows
            for private in self._private(row)[:1]
        ]
        return Held(body.name, tuple(cases), OwnData(self.office.now(), {}, requests))

    def _write(
        self,
        unit: Unit,
        row: CaseRow,
        asked: Asked,
        told: Mapping[str, str],
        by: str,
        ground: str,
    ) -> list[str]:
        keys, changed = self.office.keys, list[str]()
        indexed = [one for key in keys.each() for one in in_any_way(key, [self._terms(key, row)])]
        for person in row.applicants:
            if not person.sealed or not self._is(
                person.name, private := private_of(keys, row, person), asked
            ):
                continue
            until = {"until": _moment(self.office.now()), "by": by}
            before = {name: str(private.get(name) or "") for name in CONTACTS}
            changed = [name for name, said in told.items() if said != before.get(name, person.name)]
            old = {name: before[name] for name in changed if name in CONTACTS}
            if old:
                private |= {name: told[name] for name in old}
                private[EARLIER] = [*private.get(EARLIER, ()), {**old, **until}]
            with kept_sealed(unit, keys, [row] if changed else []):
                if RIGHT_NAME in changed:
                    private = corrected(
                        private, person.name, told[RIGHT_NAME], **until, ground=ground
                    )
                    person.filed_as = person.filed_as or person.name
                    person.name = told[RIGHT_NAME]
                    person.name_hash = keys.name_hash(person.name)
                if changed:
                    person.sealed = keys.seal_private(private, row.code_salt)
            break
        if changed:
            unit.unindex(*indexed)
            unit.session.flush()
            unit.index(*as_kept(keys, [self._terms(keys, row)]))
        return changed

    def _is(self, name: str, private: Mapping[str, Any], asked: Asked) -> bool:
        wanted = normal_form(asked.number or asked.contact)
        return wanted in numbers_of(private) and (bool(asked.number) or name == asked.name.strip())

    def _terms(self, keys: Secrets, row: CaseRow) -> Indexed:
        numbers = {number for one in self._private(row) for number in numbers_of(one)}
        names = [one.name for one in row.applicants]
        return applicant_terms(keys, row.agency_id, row.id, names, numbers)


def _complete(asked: Asked) -> None:
    if asked.number and not normal_form(asked.number):
        raise BadInput([FieldError("number", "请填写证件号码")])
    if not asked.number and not (asked.name.strip() and asked.contact.strip()):
        raise BadInput(
            [FieldError("number", "请填写证件号码；没有证件号码的，填写姓名和登记过的电话或者邮箱")]
        )
    if len(asked.number) > LONGEST or len(asked.name) > LONGEST or len(asked.contact) > LONGEST:
        raise BadInput([FieldError("number", f"最多 {LONGEST} 个字")])


def _contacts(contacts: Mapping[str, str]) -> dict[str, str]:
    """What was typed, each as it is kept; what was left empty stays. Raises BadInput."""
    told = {name: " ".join(contacts.get(name, "").split()) for name in (*CONTACTS, RIGHT_NAME)}
    errors = []
    for name, right in (("phone", telephone), ("email", email_address)):
        if told[name]:
            try:
                told[name] = right(told[name])
            except ValueError as error:
                errors.append(FieldError(name, str(error)))
    errors += [
        FieldError(name, f"最多 {LONGEST} 个字")
        for name, said in told.items()
        if len(said) > LONGEST
    ]
    if errors:
        raise BadInput(errors)
    return {name: said for name, said in told.items() if said}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="minutes")
