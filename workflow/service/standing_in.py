"""Who acts for somebody who is away (代理): one or several of their roles, from a day through another.

It begins and ends by itself, because whoever asks who a person is asks for the day as well
(`workflow.store.people`). The log names both; who drafted, reviewed or signed is the person who did it.
Messages go to the same person for as long (`workflow.service.messages.recipients`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from workflow.dates import parse_day
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.rules.staffing import GRANT, SEE, administering, mind, never_together
from workflow.service.messages.contacts import contact_row
from workflow.service.office import Missing, Office
from workflow.service.reach import in_order, within_reach
from workflow.store.audit import audited
from workflow.store.models import UserRow
from workflow.store.retried import retried
from workflow.store.staff_models import StandInRow
from workflow.store.unit import Unit

LONGEST = timedelta(days=366)
SHOWN_AFTER = timedelta(days=30)
"""For how long one that is over is still shown."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """A role that somebody holds for somebody else. state: coming, running, over or ended. mind: what the
    deputy must leave to others because of it, in sentences."""

    id: int
    away: str
    deputy: str
    role: str
    first: date
    last: date
    state: str
    mind: tuple[str, ...]


class StandIns:
    """The use cases around stand-ins. `by`: who sees to the people of the body."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def of_body(self, by: Staff, agency: str) -> list[StandIn]:
        """Those that run or come, and those that ended lately, the latest first. Raises Missing."""
        today = self.office.today()
        away, deputy = aliased(UserRow), aliased(UserRow)
        with self.office.store.read() as unit:
            body = within_reach(self.office, unit, by, agency, SEE)
            query = (
                select(StandInRow, away.display_name, deputy)
                .join(away, away.id == StandInRow.user_id)
                .join(deputy, deputy.id == StandInRow.deputy_id)
                .where(StandInRow.agency_id == body.id, StandInRow.last >= today - SHOWN_AFTER)
                .order_by(StandInRow.first.desc(), StandInRow.id.desc())
            )
            return [
                StandIn(
                    row.id, name, other.display_name, self.office.law.words.role(row.role),
                    row.first, row.last, _state(row, today),
                    mind(self.office.law, {row.role, *self._held(other, body.id)}),
                )
                for row, name, other in unit.session.execute(query)
            ]  # fmt: skip

    @retried
    def make(
        self,
        by: Staff,
        agency: str,
        away: str,
        deputy: str,
        roles: Collection[str],
        first: str,
        last: str,
    ) -> None:
        """Let one person of the body hold roles of another one from a day through another, and get their
        messages. Raises Missing, Denied, BadInput (away, deputy, stand_in_roles, first, last)."""
        with self.office.store.write() as unit:
            body = within_reach(self.office, unit, by, agency, GRANT)
            gone, other = (self._colleague(unit, name, body.id) for name in (away, deputy))
            errors, days = self._days(first, last)
            if gone is None:
                errors.append(FieldError("away", "请选择本机关的一位工作人员"))
            if other is None or not other.active or other.password_hash is None:
                errors.append(FieldError("deputy", "请选择本机关的一位可以登录的工作人员"))
            elif gone is not None and other.id == gone.id:
                errors.append(FieldError("deputy", "不能由本人代理"))
            elif gone is not None:
                wrong = self._wrong_roles(gone, other, body.id, roles)
                if wrong:
                    errors.append(FieldError("stand_in_roles", wrong))
                elif days and self._overlaps(unit, gone, body.id, roles, days):
                    errors.append(FieldError("first", "这几天里同一角色已经有人代理，请先结束"))
            if errors or gone is None or other is None or days is None:
                raise BadInput(errors)
            now = self.office.now()
            for role in in_order(roles):
                unit.session.add(
                    StandInRow(
                        agency_id=body.id, user_id=gone.id, deputy_id=other.id, role=role,
                        first=days[0], last=days[1], recorded_at=now,
                    )
                )  # fmt: skip
                audited(
                    unit, now, by.name, body.id, "stand_in_made", gone.name,
                    deputy=other.name, role=role, first=days[0].isoformat(), last=days[1].isoformat(),
                )  # fmt: skip
            contact = contact_row(unit, gone.id)
            contact.stand_in_id = other.id
            contact.stand_in_from, contact.stand_in_to = days

    def own(self, staff: Staff) -> list[StandIn]:
        """Those that run or come in which the person is away or acts, the first ones first."""
        today, law = self.office.today(), self.office.law
        away, deputy = aliased(UserRow), aliased(UserRow)
        query = (
            select(StandInRow, away.display_name, deputy)
            .join(away, away.id == StandInRow.user_id)
            .join(deputy, deputy.id == StandInRow.deputy_id)
            .where(
                or_(StandInRow.user_id == staff.id, StandInRow.deputy_id == staff.id),
                StandInRow.ended_at.is_(None),
                StandInRow.last >= today,
            )
            .order_by(StandInRow.first, StandInRow.id)
        )
        with self.office.store.read() as unit:
            return [
                StandIn(
                    row.id, name, other.display_name, law.words.role(row.role), row.first, row.last,
                    _state(row, today), mind(law, {row.role, *self._held(other, row.agency_id)}),
                )
                for row, name, other in unit.session.execute(query)
            ]  # fmt: skip

    @retried
    def end(self, by: Staff, number: int) -> None:
        """End one before its day, as one of the two or as who sees to the rights of the body; ended twice nothing
        changes. Raises Missing, Denied."""
        with self.office.store.write() as unit:
            row = unit.session.get(StandInRow, number)
            if row is None:
                raise Missing("没有这项代理")
            if by.id not in (row.user_id, row.deputy_id):
                code = self.office.tree(unit).by_id[row.agency_id].code
                within_reach(self.office, unit, by, code, GRANT)
            if row.ended_at is not None or row.last < self.office.today():
                return
            row.ended_at = self.office.now()
            contact = contact_row(unit, row.user_id)
            if contact.stand_in_id == row.deputy_id and contact.stand_in_to == row.last:
                contact.stand_in_id = contact.stand_in_from = contact.stand_in_to = None
            gone = unit.session.get(UserRow, row.user_id)
            audited(
                unit, row.ended_at, by.name, row.agency_id, "stand_in_ended",
                gone.name if gone else "", role=row.role,
            )  # fmt: skip

    # -- what is looked at ----------------------------------------------------------------------------

    def _colleague(self, unit: Unit, name: str, agency_id: int) -> UserRow | None:
        row = unit.user(name)
        return row if row is not None and self._held(row, agency_id) else None

    def _held(self, row: UserRow, agency_id: int) -> set[str]:
        return {role.role for role in row.roles if role.agency_id == agency_id}

    def _days(self, first: str, last: str) -> tuple[list[FieldError], tuple[date, date] | None]:
        errors, days = [], []
        for field, text in (("first", first), ("last", last)):
            try:
                days.append(parse_day(text))
            except ValueError as error:
                errors.append(FieldError(field, str(error)))
        if errors:
            return errors, None
        begin, end = days
        if end < begin:
            errors.append(FieldError("last", "结束之日早于开始之日"))
        elif end < self.office.today():
            errors.append(FieldError("last", "结束之日已经过去"))
        elif end - begin > LONGEST:
            errors.append(FieldError("last", "最长一年；更久的请直接增加角色"))
        return errors, (begin, end)

    def _wrong_roles(
        self, gone: UserRow, other: UserRow, agency_id: int, roles: Collection[str]
    ) -> str | None:
        law = self.office.law
        held, own = self._held(gone, agency_id), self._held(other, agency_id)
        if not roles:
            return "请至少选一项"
        lacking = [role for role in in_order(roles) if role not in held]
        if lacking:
            names = "、".join(law.words.roles.get(role, role) for role in lacking)
            return f"{gone.display_name}在本机关不是{names}"
        if administering(law).intersection(roles):
            return "管理员的权限不能代理；请另设一位管理员"
        already = [role for role in in_order(roles) if role in own]
        if already:
            names = "、".join(law.words.roles[role] for role in already)
            return f"{other.display_name}本来就是{names}，不需要代理"
        return never_together(law, {*roles, *(role.role for role in other.roles)})

    def _overlaps(
        self,
        unit: Unit,
        gone: UserRow,
        agency_id: int,
        roles: Collection[str],
        days: tuple[date, date],
    ) -> bool:
        query = select(StandInRow.id).where(
            StandInRow.user_id == gone.id,
            StandInRow.agency_id == agency_id,
            StandInRow.role.in_(list(roles)),
            StandInRow.ended_at.is_(None),
            StandInRow.first <= days[1],
            StandInRow.last >= days[0],
        )
        return unit.session.scalar(query.limit(1)) is not None


def _state(row: StandInRow, today: date) -> str:
    if row.ended_at is not None:
        return "ended"
    if row.last < today:
        return "over"
    return "running" if row.first <= today else "coming"
