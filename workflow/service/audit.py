"""The audit (审计) as who administers reads it: what was changed of people, roles, units and bodies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from workflow.dates import SHANGHAI
from workflow.people import SYSTEM, Staff
from workflow.service.office import Missing, Office
from workflow.store.audit import AuditWanted, lines_wanted
from workflow.store.bodies import Body
from workflow.store.staff_models import AuditRow
from workflow.store.unit import Unit

ACTION = "read_audit"
OPERATOR = "运行人员（命令行）"
TOLD = (
    "role", "before", "name", "deputy", "first", "last", "successor", "parent", "reason", "rows", "created",
    "title",
)  # fmt: skip
"""What is told of a line besides. Free words about a case or a parcel are not: who administers sees none."""
MOST = 20_000
"""Lines of a file at most, the latest."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the chain. number: in the chain, without gaps. who, about: names in full with the user name where
    they are known. body: its name, "" for what concerns the installation."""

    number: int
    at: datetime
    who: str
    what: str
    about: str
    body: str
    details: Mapping[str, str]


class Audit:
    """The use cases of who reads the audit."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law

    def bodies(self, staff: Staff) -> list[tuple[str, str]]:
        """The bodies whose lines the person may read: code and name."""
        with self.office.store.read() as unit:
            return [(body.code, body.name) for body in self.office.reach(unit, ACTION, staff)]

    def lines(
        self,
        staff: Staff,
        *,
        agency: str = "",
        action: str = "",
        person: str = "",
        first: date | None = None,
        last: date | None = None,
        after: int = 0,
        limit: int = MOST,
    ) -> list[AuditLine]:
        """The lines of the bodies within reach, newest first: of one body, of an action, of a person (user name)
        who did it or to whom it was done, of the days first through last. Raises Missing."""
        with self.office.store.read() as unit:
            reach = self.office.reach(unit, ACTION, staff)
            chosen = [body for body in reach if body.code == agency] if agency else reach
            if agency and not chosen:
                raise Missing(f"没有代码为“{agency}”的机关，或者不是您的机关")
            whole = not agency and len(reach) == len(self.office.tree(unit).bodies)
            wanted = AuditWanted(
                None if whole else frozenset(body.id for body in chosen),
                action,
                person,
                _begin(first) if first else None,
                _begin(last + timedelta(1)) if last else None,
            )
            return self._shown(unit, lines_wanted(unit, wanted, limit, after), reach)

    def _shown(self, unit: Unit, rows: list[AuditRow], reach: list[Body]) -> list[AuditLine]:
        users = {
            user for row in rows for user in (row.actor, row.about, row.details.get("deputy", ""))
        }
        names = unit.display_names(users)
        bodies = {body.id: body for body in reach}
        codes = {body.code: body.name for body in reach}

        def person(user: str) -> str:
            if user == SYSTEM.name:
                return OPERATOR
            shown = names.get(user, user)
            return shown if shown == user else f"{shown}（{user}）"

        words = self.law.words

        def said(key: str, value: str) -> str:
            if key == "reason":
                return words.look_reasons.get(value, "")
            return words.roles.get(value) or codes.get(value) or person(value)

        return [
            AuditLine(
                row.id,
                row.recorded_at,
                person(row.actor),
                words.audit[row.action],
                codes.get(row.about) or person(row.about),
                bodies[row.agency_id].name if row.agency_id in bodies else "",
                {
                    key: told
                    for key in TOLD
                    if (value := row.details.get(key)) and (told := said(key, str(value)))
                },
            )
            for row in rows
        ]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
