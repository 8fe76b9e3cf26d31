"""Who does what in a docket: people are found, or made, for the roles and names that its events need; and in what another
platform hands over: nobody here."""

from typing import Any

from config.law import Law
from workflow.case.facts import Actor
from workflow.case.taken_over import PLATFORM
from workflow.docket.routine import BY_APPLICANT
from workflow.people import APPLICANT, STAFF_ROLES, SYSTEM
from workflow.rules.staffing import administering
from workflow.service.accounts import Accounts
from workflow.service.office import Office
from workflow.store.models import AgencyRow, UserRow
from workflow.store.unit import Unit

_DRAFTING = ("propose_outcome",)
_REVIEWING = ("pass_secrecy_review", "pass_legal_check", "approve")
"""Events of which one person must not do both kinds in a case."""


class DocketPeople:
    """The people of a docket: one per role, and those whom its events name."""

    def __init__(self, office: Office, unit: Unit, agency: AgencyRow) -> None:
        self.office, self.unit, self.agency = office, unit, agency
        self.law = office.law
        self._named: dict[str, Actor] = {}
        self._new: set[str] = set()
        staff = unit.staff_of(agency)
        handling = [role for role in STAFF_ROLES if role not in administering(self.law)]
        self._by_role = {role: self._holder(role, staff) for role in handling}

    def _holder(self, role: str, staff: list[UserRow]) -> Actor:
        """Somebody who holds the role and does not both draft and review; made where nobody does."""
        drafting, reviewing = self._roles_of(_DRAFTING), self._roles_of(_REVIEWING)
        for row in staff:
            held = self._held(row)
            if role in held and not (held & drafting and held & reviewing):
                return Actor(row.name, held)
        name = f"{self.agency.code}-{role}"
        self._add(name, role, self.law.words.roles[role])
        return Actor(name, frozenset((role,)))

    def by_role(self) -> dict[str, tuple[Actor, ...]]:
        """Who acts in each role where no name is told."""
        return {role: (actor,) for role, actor in self._by_role.items()}

    def _roles_of(self, events: tuple[str, ...]) -> frozenset[str]:
        return frozenset(role for event in events for role in self.law.transitions[event].by)

    def _held(self, row: UserRow) -> frozenset[str]:
        return frozenset(r.role for r in row.roles if r.agency_id == self.agency.id)

    def _add(self, name: str, role: str, display_name: str = "") -> None:
        Accounts(self.office).add_user(
            self.unit, name=name, agency=self.agency, roles=(role,), display_name=display_name
        )

    def for_event(self, event: str, by: Any) -> Actor:
        """Who does it: the named role or person, else a person of the right role."""
        roles = self.law.transitions[event].by
        if by in (None, ""):
            role = (
                "applicant" if event in BY_APPLICANT else next(r for r in roles if r != "applicant")
            )
        elif self.law.words.role_now(str(by)) in self.law.words.roles:
            role = self.law.words.role_now(str(by))
        else:
            return self._person(str(by), next(r for r in roles if r not in ("applicant", "system")))
        if role == "applicant":
            return APPLICANT
        if role == "system":
            return SYSTEM
        if role not in self._by_role:
            self._by_role[role] = self._holder(role, self.unit.staff_of(self.agency))
        return self._by_role[role]

    def _person(self, name: str, role: str) -> Actor:
        """A person by user name. One whom only the docket knows holds the roles that it needs."""
        known = self._named.get(name)
        if known is None:
            row = self.unit.user(name)
            if row is None:
                self._new.add(name)
            known = Actor(name, self._held(row) if row else frozenset())
        if name in self._new and role not in known.roles:
            self._add(name, role)
            known = Actor(name, known.roles | {role})
        self._named[name] = known
        return known


class PlatformPeople:
    """Nobody who works here: the platform, in the role of the step, by the name of who did it where that is told. So
    drafter and signer stay two, and nobody's own name stands under what they did not do here."""

    def __init__(self, law: Law) -> None:
        self.law = law

    def for_event(self, event: str, by: tuple[str | None, str | None] | None) -> Actor:
        """by: role and name, as far as they are told."""
        role, name = by or (None, None)
        if role is None:
            usual = event in BY_APPLICANT and name is None
            roles = self.law.transitions[event].by
            role = "applicant" if usual else next((one for one in roles if one not in ("applicant", "system")), roles[0])  # fmt: skip
        if role == "applicant":
            return APPLICANT
        if role == "system":
            return SYSTEM
        return Actor(f"{PLATFORM}{name or self.law.words.roles[role]}", frozenset((role,)))
