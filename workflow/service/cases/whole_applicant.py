"""Who asks, whole and unmasked: shown on demand to who may know, with a reason, and noted in the audit.

Everywhere else at the desk name, numbers, telephone and address are masked (个人信息保护法6、51).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from config.law import Law
from workflow.case.unnamed import without_numbers
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.service.cases.finding import actor_of, for_staff
from workflow.service.cases.unnamed import ask_to_know
from workflow.service.office import Office
from workflow.store.audit import LISTED, PRINTED, SHOWN, audited, lines_about
from workflow.store.models import CaseRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

OTHER = "other"
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked: the name in full, when, and why in words."""

    who: str
    at: datetime
    why: str


def why_of(law: Law, reason: str, words: str) -> dict[str, str]:
    """Why somebody wants to see names, as the audit keeps it: without numbers that could be somebody's. Raises BadInput
    (reason, words)."""
    words = without_numbers(" ".join(words.split()))
    if reason not in law.words.look_reasons:
        raise BadInput([FieldError("reason", "请选择为什么要看")])
    if reason == OTHER and not words:
        raise BadInput([FieldError("words", "选了“其他”的，请写明为什么要看")])
    if len(words) > LONGEST:
        raise BadInput([FieldError("words", f"最多 {LONGEST} 个字")])
    return {"reason": reason, **({"words": words} if words else {})}


def note_printed(office: Office, unit: Unit, row: CaseRow, actor: str, paper: str) -> None:
    """In the transaction in which a paper is made on which the applicant stands whole."""
    audited(unit, office.now(), actor, row.agency_id, PRINTED, row.number, paper=paper)


@retried
def note_listed(
    office: Office, actor: str, agency: str, about: str, rows: int, why: Mapping[str, str]
) -> None:
    """Note that somebody took a list away with the names of so many applicants of a body, and why."""
    with office.store.write() as unit:
        body = office.found_agency(unit, agency)
        audited(unit, office.now(), actor, body.id, LISTED, about, rows=rows, **why)


class WholeApplicant:
    """The use cases around showing who asks."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def looks(self, staff: Staff, number: str) -> list[Look]:
        """Who looked at the applicant's data of a case, latest first. Raises Missing, Denied."""
        law = self.office.law
        with self.office.store.read() as unit:
            row, _ = for_staff(self.office, unit, staff, number)
            ask_to_know(law, actor_of(staff, row).roles)
            rows = lines_about(unit, row.agency_id, row.number, SHOWN)
            names = unit.display_names({one.actor for one in rows})
        return [
            Look(names.get(one.actor, one.actor), one.recorded_at, self._why(one.details)) for one in rows
        ]  # fmt: skip

    @retried
    def show(self, staff: Staff, number: str, reason: str, words: str) -> None:
        """Note that the person is shown the data now, and why. reason: a word of `look_reasons`; words: what else
        there is to say, demanded of `other`.

        Raises Missing, Denied, BadInput (reason, words).
        """
        with self.office.store.write() as unit:
            row, _ = for_staff(self.office, unit, staff, number)
            ask_to_know(self.office.law, actor_of(staff, row).roles)
            why = why_of(self.office.law, reason, words)
            audited(unit, self.office.now(), staff.name, row.agency_id, SHOWN, row.number, **why)

    @retried
    def printed(self, staff: Staff, number: str, paper: str) -> None:
        """Note that the person takes a paper away on which the applicant stands whole. paper: its kind. Raises Missing."""
        with self.office.store.write() as unit:
            row, _ = for_staff(self.office, unit, staff, number)
            note_printed(self.office, unit, row, staff.name, paper)

    def _why(self, details: dict[str, str]) -> str:
        label = self.office.law.words.look_reasons.get(details["reason"], "")
        return "：".join(part for part in (label, details.get("words", "")) if part)
