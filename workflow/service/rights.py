"""What rights people had on a day, and who had given them, as the auditor reads it: from the audit, held to what the
store says today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from workflow.dates import SHANGHAI
from workflow.people import SYSTEM, Staff
from workflow.rules.rights import (
    CREATED,
    DISABLED,
    ENABLED,
    GRANTED,
    REVOKED,
    Held,
    Place,
    RoleLine,
    active_before,
    held_before,
)
from workflow.rules.staffing import AUDIT
from workflow.service.audit import OPERATOR
from workflow.service.office import Missing, Office
from workflow.store import staff as staff_queries
from workflow.store.audit import lines_of_people
from workflow.store.bodies import Body
from workflow.store.models import UserRow
from workflow.store.staff_models import AuditRow, StandInRow
from workflow.store.unit import Unit

LENT = "stand_in_made"
ACCOUNT = (CREATED, DISABLED, ENABLED)


@dataclass(frozen=True, slots=True)
class Right:
    """A role that somebody held in a body on a day. person, user: name in full and user name. since, by: when it was
    granted and by whom, in words; None: the audit has no such line. stands_for: in whose place, through `last`.
    active: the account could be used. differs: the store and the audit do not say the same of it today."""

    user: str
    person: str
    role: str
    since: datetime | None
    by: str | None
    active: bool
    stands_for: str = ""
    last: date | None = None
    differs: bool = False


class Rights:
    """The use case of who looks over the rights of others."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def on(self, staff: Staff, agency: str, day: date, person: str = "") -> list[Right]:
        """The rights in the body at the end of the day (of today: now), of one person where a user name is told, in
        order of people. Raises Missing."""
        end = datetime.combine(day + timedelta(1), time(), SHANGHAI)
        with self.office.store.read() as unit:
            body = self.office.tree(unit).by_code.get(agency)
            if body is None or not self.office.reaches(unit, AUDIT, staff, body):
                raise Missing(f"没有代码为“{agency}”的机关，或者不是您的机关")
            now = {
                Place(user, body.id, role) for user, role in staff_queries.roles_in(unit, body.id)
            }
            held = held_before(_lines(self.office, unit, body), now, end)
            lent = [
                (row, away, deputy)
                for row, away, deputy in staff_queries.stand_ins_on(unit, body.id, day)
                if row.ended_at is None or row.ended_at.date() > day
            ]
            users = {one.place.person for one in held} | {deputy.name for _, _, deputy in lent}
            users = {user for user in users if person in ("", user)}
            givers = lines_of_people(unit, [LENT], agency_id=body.id)
            told = users | {one.by for one in held if one.by} | {one.actor for one in givers}
            people = staff_queries.names_and_state(unit, told)
            names = {user: shown for user, (shown, _) in people.items()}
            active = _active(unit, {u: one for u, one in people.items() if u in users}, end)
            found = [
                self._right(one, names, active)
                for one in held
                if active.get(one.place.person) is not None
            ]
            found += [
                self._lent(row, away, deputy, givers, names, active)
                for row, away, deputy in lent
                if active.get(deputy.name) is not None
            ]
        return sorted(found, key=lambda one: one.user)

    def _right(self, one: Held, names: dict[str, str], active: dict[str, bool | None]) -> Right:
        user = one.place.person
        return Right(
            user, names.get(user, user), self.office.law.words.role(one.place.role), one.since,
            _who(one.by, names) if one.by else None, bool(active[user]), differs=one.differs,
        )  # fmt: skip

    def _lent(
        self,
        row: StandInRow,
        away: UserRow,
        deputy: UserRow,
        givers: list[AuditRow],
        names: dict[str, str],
        active: dict[str, bool | None],
    ) -> Right:
        wanted = (deputy.name, row.role, row.first.isoformat())
        told = (
            one
            for one in reversed(givers)
            if one.about == away.name
            and wanted == tuple(one.details.get(key) for key in ("deputy", "role", "first"))
        )
        line = next(told, None)
        return Right(
            deputy.name, deputy.display_name, self.office.law.words.role(row.role),
            line.recorded_at if line else None, _who(line.actor, names) if line else None,
            bool(active[deputy.name]), stands_for=away.display_name, last=row.last,
        )  # fmt: skip


def _lines(office: Office, unit: Unit, body: Body) -> list[RoleLine]:
    """What the audit says of roles in the body, oldest first, in the words of today."""
    now = office.law.words.role_now
    return [
        RoleLine(
            row.recorded_at,
            row.actor,
            Place(row.about, body.id, now(str(row.details.get("role", "")))),
            row.action == GRANTED,
        )
        for row in lines_of_people(unit, [GRANTED, REVOKED], agency_id=body.id)
    ]


def _active(
    unit: Unit, people: dict[str, tuple[str, bool]], end: datetime
) -> dict[str, bool | None]:
    """Of each whether the account could be used; None: it was not there yet."""
    told: dict[str, list[tuple[datetime, str]]] = {user: [] for user in people}
    for row in lines_of_people(unit, ACCOUNT, about=sorted(people)):
        told[row.about].append((row.recorded_at, row.action))
    return {user: active_before(told[user], now, end) for user, (_, now) in people.items()}


def _who(user: str, names: dict[str, str]) -> str:
    if user == SYSTEM.name:
        return OPERATOR
    shown = names.get(user, user)
    return shown if shown == user else f"{shown}（{user}）"
