"""What the desk is told while an application is typed in: who applies is known already, the same is asked already."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.case.alike import ALIKE, likeness, pairs_of
from workflow.case.identity import normal_form, plain_name, proof_of
from workflow.people import Staff
from workflow.rules import permissions
from workflow.service.office import Missing, Office
from workflow.store import alike as queries

MOST = 8
OPEN_STAGES = ("before_receipt", "running", "waiting")


@dataclass(frozen=True, slots=True)
class Hint:
    """A case that may be the same. why: what is the same, in words; open: it is not ended."""

    number: str
    agency: str
    request: str
    state: str
    on: date
    why: str
    open: bool


class Alike:
    """Looking for what is there already, in the body for which it is registered."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def hints(self, staff: Staff, agency: str, form: Mapping[str, Any]) -> list[Hint]:
        """What may be the same: of the same proof of identity, of the same name, open with much the same words; the
        open ones first. form: as contracts/application.md has it, as far as it is typed. Raises Missing and Denied."""
        if agency not in staff.roles:
            raise Missing(f"没有代码为“{agency}”的机关，或者不属于您的机关")
        permissions.ask(self.office.law, "register_case", staff.roles[agency])
        permissions.ask(self.office.law, "read_applicant", staff.roles[agency])
        person = form.get("applicant") or {}
        name = plain_name(str(person.get("name") or ""))
        proof = proof_of(
            {key: normal_form(str(person.get(key) or "")) if key != "id_type" else person.get(key)
             for key in ("id_type", "id_number", "credit_code")},
            citizen=person.get("kind") != "organisation",
        )  # fmt: skip
        wanted = pairs_of("".join(map(str, form.get("items") or ())))
        found: dict[str, tuple[queries.Near, list[str]]] = {}

        def note(rows: list[queries.Near], why: str) -> None:
            for row in rows:
                found.setdefault(row.number, (row, []))[1].append(why)

        with self.office.store.read() as unit:
            body = self.office.found_body(unit, agency)
            if proof:
                note(queries.of_identity(unit, body.id, self.office.keys.identity(proof)), "证件号码相同")  # fmt: skip
            if len(name) > 1:
                note(queries.of_name(unit, body.id, name), "姓名或者名称相同")
            if wanted:
                states = [one for one, state in self.office.law.states.items() if state.stage in OPEN_STAGES]  # fmt: skip
                rows = queries.still_open(unit, body.id, states)
                note([row for row in rows if likeness(wanted, pairs_of(row.request)) >= ALIKE], "内容相近，还没有办结")  # fmt: skip
        hints = [self._hint(agency, row, why) for row, why in found.values()]
        return sorted(hints, key=lambda one: (not one.open, -one.on.toordinal()))[:MOST]

    def _hint(self, agency: str, row: queries.Near, why: list[str]) -> Hint:
        law, state = self.office.law, self.office.law.states[row.state]
        words = state.label
        if row.outcome in law.outcomes and state.stage == "done":
            words = f"{state.label}：{law.outcomes[row.outcome].label}"
        open_ = state.stage in OPEN_STAGES
        return Hint(row.number, agency, row.request, words, row.opened_on, "，".join(why), open_)
