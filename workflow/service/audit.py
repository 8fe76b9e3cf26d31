"""The audit (审计) as the auditor reads it: what was changed of people, roles, units and bodies, and who handled data
of applicants. The auditor sees no case: no number, no title, no free word stands in what is told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from config.law import Law
from workflow.dates import SHANGHAI
from workflow.people import APPLICANT, SYSTEM, Staff
from workflow.service.office import Missing, Office
from workflow.store.audit import EXPORTED, LOGGED_IN, AuditWanted, audited, lines_wanted
from workflow.store.bodies import Body
from workflow.store.retried import retried
from workflow.store.staff_models import AuditRow
from workflow.store.unit import Unit

ACTION = "read_audit"
OPERATOR = "运行人员（命令行）"
TOLD = (
    "role", "before", "name", "deputy", "first", "last", "joined", "gone", "successor", "parent", "reason", "rows",
    "created", "title", "content", "way", "remaining", "account", "year", "points", "note", "host",
)  # fmt: skip
"""What is told of a line besides. Free words about a case or a parcel are not: who administers sees none."""
TOLD_OF_CASES = ("role", "reason", "rows", "created", "content")
"""The same of a line about the handling of cases."""
OTHER = "other"
"""The group of what stands in none of `audit_groups`: the handling of cases."""
NOT_TOLD = "—"
LATEST = 30
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


@retried
def note_export(
    office: Office, staff: Staff | None, content: str, rows: int, agency: str = "", number: str = ""
) -> None:
    """The same in a transaction of its own."""
    with office.store.write() as unit:
        export_noted(office, unit, staff, content, rows, agency, number)


def export_noted(
    office: Office, unit: Unit, staff: Staff | None, content: str, rows: int, agency: str = "",
    number: str = "",
) -> None:  # fmt: skip
    """A line of the audit: who took what away as a file, and how many rows. staff: None for the operator; agency: code
    of the body whose it is, "" for the person's own; number: of the case. Nothing of what stands in the file."""
    code = agency or min(staff.roles, default="") if staff is not None else agency
    body = unit.agency(code) if code else None
    who = SYSTEM.name if staff is None else staff.name
    audited(
        unit, office.now(), who, body.id if body else None, EXPORTED, number or code or who,
        content=content, rows=rows,
    )  # fmt: skip


class Audit:
    """The use cases of who reads the audit."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law

    def exported(self, staff: Staff, content: str, rows: int) -> None:
        """Note that a list was taken away as a file."""
        note_export(self.office, staff, content, rows)

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
        group: str = "",
        person: str = "",
        first: date | None = None,
        last: date | None = None,
        after: int = 0,
        limit: int = MOST,
    ) -> list[AuditLine]:
        """The lines of the bodies within reach, newest first: of one body, of an action or a group of them, of a person
        (user name) who did it or to whom it was done, of the days first through last. Raises Missing."""
        with self.office.store.read() as unit:
            reach = self.office.reach(unit, ACTION, staff)
            chosen = [body for body in reach if body.code == agency] if agency else reach
            if agency and not chosen:
                raise Missing(f"没有代码为“{agency}”的机关，或者不是您的机关")
            if person not in ("", SYSTEM.name) and unit.user(person) is None:
                return []  # neither here nor there: a number of a case must find nothing
            whole = not agency and len(reach) == len(self.office.tree(unit).bodies)
            wanted = AuditWanted(
                None if whole else frozenset(body.id for body in chosen),
                action,
                person,
                _begin(first) if first else None,
                _begin(last + timedelta(1)) if last else None,
                self._actions(group),
            )
            return self._shown(unit, lines_wanted(unit, wanted, limit, after), reach)

    def latest(self, staff: Staff, agency: str) -> list[AuditLine]:
        """The last changes of people and of the body itself, newest first. Raises Missing."""
        words = self.law.words
        grouped = {one for row in words.audit_groups.values() for one in row["of"]} - {LOGGED_IN}
        with self.office.store.read() as unit:
            reach = self.office.reach(unit, ACTION, staff)
            chosen = frozenset(body.id for body in reach if body.code == agency)
            if not chosen:
                raise Missing(f"没有代码为“{agency}”的机关，或者不是您的机关")
            return self._shown(
                unit, lines_wanted(unit, AuditWanted(chosen, actions=grouped), LATEST), reach
            )

    def _actions(self, group: str) -> Collection[str] | None:
        """Which actions a group has; None: all. A group that does not exist finds nothing."""
        words = self.law.words
        if group == OTHER:
            return {one for one in words.audit if words.audit_group(one) is None}
        if group:
            return set(words.audit_groups[group]["of"]) if group in words.audit_groups else set()
        return None

    def _shown(self, unit: Unit, rows: list[AuditRow], reach: list[Body]) -> list[AuditLine]:
        users = {
            user
            for row in rows
            for key in ("deputy", "joined", "gone")
            for user in (row.actor, row.about, *_several(row.details.get(key, "")))
        }
        names = unit.display_names(users)
        bodies = {body.id: body for body in reach}
        codes = {body.code: body.name for body in reach}

        def person(user: str) -> str:
            if user == SYSTEM.name:
                return OPERATOR
            if user == APPLICANT.name:
                return self.law.words.roles[APPLICANT.name]
            shown = names.get(user, user)
            return shown if shown == user else f"{shown}（{user}）"

        words = self.law.words

        def said(key: str, value: Any) -> str:
            if key == "way":
                return ways_in_words(self.law, value)
            if key == "reason":
                return words.look_reasons.get(value) or words.code_reasons.get(value, "")
            if isinstance(value, list):
                return "、".join(person(one) for one in value)
            value = str(value)
            return words.roles.get(words.role_now(value)) or codes.get(value) or person(value)

        def about(row: AuditRow) -> str:
            known = row.about in names or words.audit_group(row.action) is not None
            return codes.get(row.about) or (person(row.about) if known else NOT_TOLD)

        return [
            AuditLine(
                row.id,
                row.recorded_at,
                person(row.actor),
                words.audit[row.action],
                about(row),
                bodies[row.agency_id].name if row.agency_id in bodies else "",
                {
                    key: told
                    for key in (TOLD if words.audit_group(row.action) else TOLD_OF_CASES)
                    if (value := row.details.get(key)) and (told := said(key, value))
                },
            )
            for row in rows
        ]


def ways_in_words(law: Law, ways: str) -> str:
    """How somebody came in, or what they have for it: words of `login_ways`, joined by plus signs."""
    return "、".join(law.words.login_ways.get(way, way) for way in ways.split("+"))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
