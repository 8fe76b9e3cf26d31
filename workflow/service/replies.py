"""The papers of a served reply, and the fact by which its applicant is known besides number and code."""

import re
from dataclasses import dataclass

from config.letters import load_letters
from workflow.case.identity import normal_form
from workflow.files import clean_name
from workflow.people import SYSTEM, codes_match
from workflow.store import files
from workflow.store.file_models import FileRow
from workflow.store.letters import Version, versions_of
from workflow.store.models import CaseRow
from workflow.store.restored import private_of
from workflow.store.sealed import Secrets
from workflow.store.unit import Unit

SCAN = "scan"
"""As workflow/service/letters/views.py says, which this module comes before."""
NOTHING = "登记时没有留下可以核对的内容，请到受理机关的窗口领取"


@dataclass(frozen=True)
class Asked:
    """The second fact. label: what the applicant is asked for; values: what fits, in its normal form."""

    label: str
    values: tuple[str, ...]


def second_fact(keys: Secrets, row: CaseRow) -> Asked:
    """The last four of the proof of identity (the organisation's code, or the agent's number), else of the
    telephone, else of what was registered at the counter, else of what there is to reach the applicant by
    (practice.md §1.2(4))."""
    numbers, phones, told, reach = [], [], [], []
    for person in row.applicants:
        held = private_of(keys, row, person)
        agent = held.get("agent") or {}
        numbers += [held.get("id_number"), held.get("credit_code"), agent.get("id_number")]
        phones.append(re.sub(r"\D", "", held.get("phone") or ""))
        told.append(held.get("proof"))
        reach += [held.get("email"), held.get("address"), held.get("contact")]
    for label, known in (
        ("证件号码的后四位（单位填统一社会信用代码的后四位）", numbers),
        ("联系电话的后四位", phones),
        ("登记时写明的身份证明的最后四个字", told),
        ("登记的电子邮箱、地址的最后四个字", reach),
    ):
        values = tuple(normal_fact(str(value))[-4:] for value in known if value)
        if values:
            return Asked(label, values)
    return Asked(NOTHING, ())


def fits(asked: Asked, said: str) -> bool:
    """Whether what somebody said is the fact; every value is compared, so that time tells nothing."""
    return any([codes_match(value, normal_fact(said)) for value in asked.values])


def normal_fact(text: str) -> str:
    """A fact as it is compared."""
    return normal_form(text).casefold()


def reply_letter(unit: Unit, row: CaseRow) -> Version | None:
    """The letter by which a case was answered: its sealed scan where there is one, else the version that was
    signed; None for an answer of before letters were kept."""
    templates, every = load_letters().templates, versions_of(unit, row.id)
    signed = [
        one for one in every
        if one.seq is not None and one.source != SCAN and one.voided_at is None
        and "serve" in templates[one.kind][-1].head.made_by
    ]  # fmt: skip
    if not signed:
        return None
    last = signed[-1]
    scans = [
        one for one in every
        if one.source == SCAN and (one.kind, one.about, one.seq) == (last.kind, last.about, last.seq)
    ]  # fmt: skip
    return scans[-1] if scans else last


def name_of(letter: Version) -> str:
    """The name of the letter's file."""
    label = load_letters().latest(letter.kind).head.label
    return clean_name(f"{label}{letter.number or ''}.pdf")


def printed(unit: Unit, row: CaseRow, keys: Secrets, letter: Version) -> FileRow | None:
    """The file of the letter: as it came back, or as it was put on paper for the first who fetched it."""
    if letter.file_id is not None:
        return files.file_of(unit, row.id, letter.file_id)
    wanted = name_of(letter)
    for file in files.files_of(unit, row.id):
        if put_on_paper(file) and files.label_of(file, keys).name == wanted:
            return file
    return None


def put_on_paper(file: FileRow) -> bool:
    """A letter that we put on paper ourselves."""
    return file.kind == "reply" and file.role == SYSTEM.name
