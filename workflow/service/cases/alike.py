"""What the desk is told while an application is typed in: who applies is known already, the same is asked already."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.addresses import telephone
from workflow.case.alike import ALIKE, likeness, pairs_of
from workflow.case.application import ApplicationForm
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


@dataclass(frozen=True, slots=True)
class Own:
    """An earlier case of who applies."""

    agency_name: str
    number: str
    on: date


def _telephone(person: Mapping[str, Any]) -> str | None:
    """The telephone in the form in which it is compared; None for none, and for half of one."""
    try:
        return normal_form(telephone(str(person.get("phone") or "")))
    except ValueError:
        return None


class Alike:
    """Looking for what is there already, in the body for which it is registered."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def hints(self, staff: Staff, agency: str, form: Mapping[str, Any]) -> list[Hint]:
        """What may be the same: of the same proof of identity or, without one, the same telephone, of the same name,
        open with much the same words; the open ones first. form: as contracts/application.md has it, as far as it is
        typed. Raises Missing and Denied."""
        if agency not in staff.roles:
            raise Missing(f"没有代码为“{agency}”的机关，或者不属于您的机关")
        permissions.ask(self.office.law, "register_case", staff.roles[agency])
        permissions.ask(self.office.law, "read_applicant", staff.roles[agency])
        person = form.get("applicant") or {}
        name = ""
        with suppress(ValueError):  # of a name as far as it is typed nothing may be left
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
                note(queries.of_identity(unit, body.id, self.office.keys.identities(proof)), "证件号码相同")  # fmt: skip
            elif phone := _telephone(person):
                keyed = [key.number_term(phone) for key in self.office.keys.each()]
                note(queries.of_number(unit, body.id, keyed), "联系电话相同")
            if len(name) > 1:
                names = self.office.keys.name_hashes(name)
                note(queries.of_name(unit, body.id, names), "姓名或者名称相同")
            if wanted:
                states = [one for one, state in self.office.law.states.items() if state.stage in OPEN_STAGES]  # fmt: skip
                rows = queries.still_open(unit, body.id, states)
                note([row for row in rows if likeness(wanted, pairs_of(row.request)) >= ALIKE], "内容相近，还没有办结")  # fmt: skip
        hints = [self._hint(agency, row, why) for row, why in found.values()]
        return sorted(hints, key=lambda one: (not one.open, -one.on.toordinal()))[:MOST]

    def own(
        self, form: ApplicationForm, agencies: Sequence[str], filed: Collection[tuple[str, str]]
    ) -> list[Own]:
        """Which of the cases that were filed from this very browser, or stand in the account of whoever has signed in, ask
        these bodies for much the same, of the same person and the same kind of person. filed: body and number of each. Whoever only types somebody's number learns
        nothing: no other case is looked at."""
        person = form.applicant
        proof = proof_of(person.model_dump(exclude_none=True), citizen=person.citizen)
        wanted, found = pairs_of("".join(form.wanted())), list[Own]()
        if not proof or not wanted:
            return found
        with self.office.store.read() as unit:
            for agency in agencies:
                numbers = [number for code, number in filed if code == agency]
                if numbers:
                    body, identities = (
                        self.office.found_body(unit, agency),
                        self.office.keys.identities(proof),
                    )
                    rows = queries.numbered_of_identity(
                        unit, body.id, numbers, identities, citizen=person.citizen
                    )
                    found += [
                        Own(body.name, row.number, row.opened_on)
                        for row in rows
                        if likeness(wanted, pairs_of(row.request)) >= ALIKE
                    ]
        return found

    def _hint(self, agency: str, row: queries.Near, why: list[str]) -> Hint:
        law, state = self.office.law, self.office.law.states[row.state]
        words = state.label
        if row.outcome in law.outcomes and state.stage == "done":
            words = f"{state.label}：{law.outcomes[row.outcome].label}"
        open_ = state.stage in OPEN_STAGES
        return Hint(row.number, agency, row.request, words, row.opened_on, "，".join(why), open_)
