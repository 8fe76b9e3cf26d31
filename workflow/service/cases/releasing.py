"""Answers that were given to one applicant and are released to everybody (条例44): marked by a person of the
office, in words of the office, and taken back again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules import permissions
from workflow.rules.secrecy import bears_secret_mark
from workflow.service.cases.finding import for_staff
from workflow.service.office import Missing, Office
from workflow.store import public as queries
from workflow.store.audit import audited
from workflow.store.indexed import released_terms
from workflow.store.models import CaseRow
from workflow.store.released_models import ReleasedAnswerRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

RELEASE = "release_answer"
LONGEST = {"title": 200, "text": 4000, "address": 500}
GIVEN = ("disclose", "partial")
"""The classes of outcomes of which something was given, so that it can be given to all."""

_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])|(?<!\d)1[3-9]\d{9}(?!\d)")
"""A number of an identity card, or of a mobile telephone."""


@dataclass(frozen=True)
class Released:
    """What was released of a case. by: a user name. taken_back: it is shown no more."""

    id: int
    title: str
    text: str
    address: str
    on: date
    by: str
    taken_back: bool


class Releasing:
    """The use cases around released answers, for staff. `staff`: in the body of the case."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def of_case(self, staff: Staff, number: str) -> tuple[list[Released], Refusal | None]:
        """What was released of the case, and why nothing more can be. Raises Missing."""
        with self.office.store.read() as unit:
            row, _ = for_staff(self.office, unit, staff, number)
            found = [_view(one) for one in queries.released_of_case(unit, row.id)]
            return found, self._why_not(row)

    @retried
    def release(self, staff: Staff, number: str, typed: Mapping[str, str]) -> int:
        """Release the answer in the words given; its number. The same once more is done once.

        Raises Missing, Denied, Refused, BadInput (title, text, address).
        """
        with self.office.store.write() as unit:
            row, case = for_staff(self.office, unit, staff, number, lock=True)
            self._ask(unit, staff, row)
            refusal = self._why_not(row)
            if refusal is not None:
                raise Refused(refusal)
            said = read_release(typed, [one.name for one in case.applicants if one.name])
            for known in queries.released_of_case(unit, row.id):
                same = {name: getattr(known, name) for name in LONGEST} == said
                if same and known.taken_back_at is None:
                    return known.id
            made = ReleasedAnswerRow(
                agency_id=row.body.id,
                case_id=row.id,
                released_on=self.office.today(),
                actor=staff.name,
                recorded_at=self.office.now(),
                **said,
            )
            unit.session.add(made)
            unit.session.flush()
            unit.index(released_terms(made.id, made.title, made.text))
            self._audited(unit, staff, row, "answer_released", made)
            return made.id

    @retried
    def take_back(self, staff: Staff, number: str, which: int) -> None:
        """Show it no more. Raises Missing, Denied. What was taken back before stays so."""
        with self.office.store.write() as unit:
            row, _ = for_staff(self.office, unit, staff, number, lock=True)
            self._ask(unit, staff, row)
            known = next(
                (one for one in queries.released_of_case(unit, row.id) if one.id == which), None
            )
            if known is None:
                raise Missing("这件申请没有这一条公开的答复")
            if known.taken_back_at is None:
                known.taken_back_by, known.taken_back_at = staff.name, self.office.now()
                self._audited(unit, staff, row, "answer_taken_back", known)

    def _ask(self, unit: Unit, staff: Staff, row: CaseRow) -> None:
        permissions.ask(self.office.law, RELEASE, staff.roles.get(row.body.code, frozenset()))

    def _audited(
        self, unit: Unit, staff: Staff, row: CaseRow, action: str, made: ReleasedAnswerRow
    ) -> None:
        audited(
            unit, self.office.now(), staff.name, row.body.id, action, row.number,
            answer=made.id, title=made.title,
        )  # fmt: skip

    def _why_not(self, row: CaseRow) -> Refusal | None:
        served = self.office.law.stage(row.state) == "done"
        outcome = self.office.law.outcomes.get(row.outcome or "")
        if served and outcome is not None and outcome.cls in GIVEN:
            return None
        return Refusal(
            "not_in_this_state",
            "条例17、44",
            "没有提供过信息，不能公开给所有人" if served else "还没有送达答复，不能公开给所有人",
            "答复是予以公开或者部分公开，并且已经送达的，可以公开给所有人",
        )


def read_release(typed: Mapping[str, str], applicants: list[str]) -> dict[str, str]:
    """The words of a release, by field. applicants: their names, which must not stand in them.

    Raises BadInput with a sentence for each field.
    """
    said = {name: normalize("NFC", typed.get(name, "")).strip() for name in LONGEST}
    errors = []
    for name, most in LONGEST.items():
        text = said[name]
        if not text and name != "address":
            errors.append(FieldError(name, "请填写这一项"))
        elif len(text) > most:
            errors.append(FieldError(name, f"最多 {most} 个字"))
        elif bears_secret_mark(text):
            errors.append(FieldError(name, "内容带有密级标志，不能公开"))
        elif any(len(one) > 1 and one in text for one in applicants):
            errors.append(FieldError(name, "里面有申请人的姓名或者名称，请去掉"))
        elif name != "address" and _IDENTITY.search(normalize("NFKC", text)):
            errors.append(FieldError(name, "里面有身份证号或者手机号，请去掉"))
        elif name == "address" and text and not re.fullmatch(r"https?://[^\s<>\"]+", text):
            errors.append(FieldError(name, "请填写以 http:// 或者 https:// 开头的网址"))
    if errors:
        raise BadInput(errors)
    return said


def _view(row: ReleasedAnswerRow) -> Released:
    return Released(
        row.id, row.title, row.text, row.address, row.released_on, row.actor,
        row.taken_back_at is not None,
    )  # fmt: skip
