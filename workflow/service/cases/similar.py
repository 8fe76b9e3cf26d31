"""Earlier answers to requests that are alike: what was asked, how it was answered and why, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.law import Law
from workflow.case.terms import loose_terms
from workflow.people import Staff
from workflow.refusal import Refusal, Refused
from workflow.service.cases.finding import for_staff, none_of
from workflow.service.cases.reading import case_file
from workflow.service.cases.unnamed import masked_for
from workflow.service.cases.views import CaseFile
from workflow.service.office import Office
from workflow.service.own_unit import seen_by
from workflow.store import search, similar
from workflow.store.models import CaseRow
from workflow.store.unit import Unit

SHOWN = 5
LOOKED_AT = 40
"""So many of the most alike cases are looked at for answers."""
LEAST = 0.12
"""The least share of what a request tells that another one must have."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A review or suit against an answer. on: the day of its end, None where it is not ended; corrected: the answer
    did not stand."""

    kind: str
    result: str
    on: date | None
    corrected: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer of before. applicant: empty where the reader need not know; same_applicant: who asked now asked then;
    proposal: the fields of the last proposal. fallen: it did not stand and is not to be followed; redone_by: the
    number of the case in which it was made anew."""

    number: str
    title: str
    items: tuple[str, ...]
    applicant: str
    same_applicant: bool
    outcome: str | None
    closed_on: date
    proposal: Mapping[str, Any]
    disputes: tuple[Dispute, ...]
    redone_by: str | None

    @property
    def fallen(self) -> bool:
        return self.redone_by is not None or any(one.corrected for one in self.disputes)


class Similar:
    """Answers of before, for who works at a case."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def to(self, staff: Staff, number: str) -> tuple[CaseFile, list[Earlier]]:
        """The case, and the answers of its body to the requests that are most alike; of the same applicant first.
        The person is given in that body. Raises Missing."""
        with self.office.store.read() as unit:
            row, case = for_staff(self.office, unit, staff, number)
            file = case_file(self.office, unit, row, case, staff)
            near = similar.alike(
                unit, self.office.keys, row.agency_id, row.id, [row.request, *row.items]
            )
            ids = [id_ for id_, share in near.items() if share >= LEAST]
            theirs = seen_by(self.office, unit, staff, dict.fromkeys(ids, row.agency.code))
            ids = [id_ for id_ in ids if id_ in theirs][:LOOKED_AT]
            return file, self._earlier(unit, row, file, ids)

    def answer_of(self, staff: Staff, number: str, other: str) -> tuple[CaseFile, Earlier]:
        """The case, and the answer of another one of its body that is to be followed. Raises Missing; Refused for one
        that did not stand."""
        with self.office.store.read() as unit:
            row, case = for_staff(self.office, unit, staff, number)
            file = case_file(self.office, unit, row, case, staff)
            first, _ = for_staff(self.office, unit, staff, other)
            found = self._earlier(unit, row, file, [first.id])
            if not found:
                raise none_of(other)
            if found[0].fallen:
                raise Refused(
                    Refusal(
                        "not_in_this_state", "-", f"{other} 号的答复没有站住，不宜照用",
                        "看重新答复是怎样写的，或者按这件申请的事实另写",
                    )
                )  # fmt: skip
            return file, found[0]

    def _earlier(self, unit: Unit, row: CaseRow, file: CaseFile, ids: list[int]) -> list[Earlier]:
        found = similar.answered(unit, row.agency_id, [id_ for id_ in ids if id_ != row.id])
        shown = search.shown(unit, found)
        mine = {one.number for one in file.others}
        near = [self._one(found[id_], shown[id_], file, mine) for id_ in ids if id_ in found]
        near.sort(key=lambda one: not one.same_applicant)
        return near[:SHOWN]

    def _one(
        self, one: similar.Answered, shown: search.Shown, file: CaseFile, mine: set[str]
    ) -> Earlier:
        who = shown.applicant_now or (shown.names[0] if shown.names else "")
        title, items, proposal = one.request, tuple(one.items), one.proposal
        if file.unnamed:
            title, items, proposal = masked_for([*shown.names, who], (title, items, proposal))
        return Earlier(
            one.number,
            title,
            items,
            "" if file.unnamed else who,
            one.number in mine,
            one.outcome,
            one.closed_on,
            proposal,
            tuple(_dispute(self.office.law, said) for said in one.proceedings),
            one.redone_by,
        )


def _dispute(law: Law, said: Mapping[str, Any]) -> Dispute:
    result = law.results.get((said["kind"], said.get("result") or ""))
    ended = said.get("concluded_on")
    return Dispute(
        said["kind"],
        result.label if result else "",
        date.fromisoformat(ended) if ended else None,
        result is not None and result.cell == "corrected",
    )


def nearest(text: str, items: tuple[str, ...]) -> int:
    """Which of the items, from 1, is most alike to a text."""
    mine = loose_terms([text])
    shares = [len(mine & loose_terms([item])) / (len(loose_terms([item])) or 1) for item in items]
    return shares.index(max(shares)) + 1 if shares else 1
