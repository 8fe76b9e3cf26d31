"""Staff: who works in a body and may do what there. Whoever changes that stands in the chain of `audit`.

An administrator sees to the people of the own body and of those below it: one to their accounts, another to their
rights (workflow.rules.staffing). Of a person who also works elsewhere only the roles within reach are changed: the
account itself is for who reaches all of it.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workflow import people
from workflow.people import STAFF_ROLES, Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules.staffing import (
    ADMINISTRATORS,
    AUDIT,
    GRANT,
    MANAGE,
    SEE,
    managing,
    never_together,
    watching,
)
from workflow.service.accounts import Accounts
from workflow.service.office import Missing, Office
from workflow.service.reach import in_order, reach, within_reach
from workflow.store import staff as staff_queries
from workflow.store.audit import audited
from workflow.store.bodies import Body
from workflow.store.models import RoleRow, UserRow
from workflow.store.retried import retried
from workflow.store.staff_models import StandInRow
from workflow.store.unit import Unit

BASIS = "GB/T 22239"
USER_NAME = r"[\w.@-]+"
"""Of whom is made at a page: it stands in addresses."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as an administrator sees one. roles: code of a body → the roles held there, in their
    usual order. slowed: from how many sources wrong passwords were tried so often that they have to wait."""

    name: str
    display_name: str
    active: bool
    slowed: int
    must_change_password: bool
    last_login_at: datetime | None
    roles: dict[str, tuple[str, ...]]
    made_in: str | None = None

    @property
    def bodies(self) -> tuple[str, ...]:
        """Codes of the bodies where they belong: by a role, or, without any, where the account was made."""
        return tuple(self.roles) or ((self.made_in,) if self.made_in else ())


@dataclass(frozen=True, slots=True)
class Assigned:
    """An open case that was assigned to somebody."""

    agency: str
    number: str


class StaffRoom:
    """The use cases around people and roles. `by`: the administrator; None: the operator at the command
    line."""

    def __init__(self, office: Office, accounts: Accounts) -> None:
        self.office = office
        self.accounts = accounts

    # -- reading ------------------------------------------------------------------------------------

    def bodies(self, by: Staff | None, action: str = SEE) -> list[Body]:
        """The bodies whose people they may see, or for whose people they may do something else, in order."""
        with self.office.store.read() as unit:
            return reach(self.office, unit, by, action)

    def may(self, by: Staff, agency: str) -> frozenset[str]:
        """What they may do for the people of the body: of MANAGE, GRANT, AUDIT. Raises Missing."""
        with self.office.store.read() as unit:
            body = within_reach(self.office, unit, by, agency, SEE)
            wanted = (MANAGE, GRANT, AUDIT)
            return frozenset(one for one in wanted if self.office.reaches(unit, one, by, body))

    def unfilled(self, agency: str) -> tuple[str, ...]:
        """The administrators whom nobody is for the body, in it or above, so that others do their work meanwhile."""
        with self.office.store.read() as unit:
            body = self.office.found_body(unit, agency)
            filled = self.office.filled(unit, [body]).get(agency, frozenset())
        return in_order(watching(self.office.law) - filled)

    def listed(self, by: Staff | None, agency: str | None = None) -> list[Colleague]:
        """Everybody who works in the body, or in any within reach, the active ones first. Raises Missing."""
        with self.office.store.read() as unit:
            bodies = reach(self.office, unit, by, SEE)
            if agency is not None:
                bodies = [within_reach(self.office, unit, by, agency, SEE)]
            ids = [body.id for body in bodies]
            found = staff_queries.people_of(unit, ids) + staff_queries.without_roles(unit, ids)
            if agency is None and by is None:
                found = staff_queries.everybody(unit)
            return sorted(self._colleagues(unit, found), key=lambda c: not c.active)

    def one(self, by: Staff | None, name: str) -> Colleague:
        """Raises Missing for nobody, and for somebody who works in none of the bodies within reach."""
        with self.office.store.read() as unit:
            return self._colleagues(unit, [self._row(unit, by, name)])[0]

    def burden(self, by: Staff, name: str) -> int:
        """How many open cases are assigned to the person, in the bodies within reach; which ones is not for who
        administers. Raises Missing."""
        return len(self.assigned(by, name))

    def assigned(self, by: Staff | None, name: str) -> list[Assigned]:
        """The open cases that are assigned to the person, in the bodies within reach. Raises Missing."""
        with self.office.store.read() as unit:
            self._row(unit, by, name)
            bodies = {body.id: body.code for body in reach(self.office, unit, by, SEE)}
            done = [n for n, s in self.office.law.states.items() if s.stage in ("done", "void")]
            found = staff_queries.assigned_to(unit, bodies, name, done)
            return [Assigned(bodies[agency_id], number) for agency_id, number in found]

    def whole(self, by: Staff, colleague: Colleague, action: str = "") -> bool:
        """Whether the account itself is theirs to see to, or something else is theirs to do about it: every body of
        the person is within reach."""
        held = {role for roles in colleague.roles.values() for role in roles}
        mine = {body.code for body in self.bodies(by, action or self._seen_to_by(held))}
        return bool(mine) and set(colleague.bodies) <= mine

    def account_of(self, unit: Unit, by: Staff | None, name: str, action: str = "") -> UserRow:
        """The person, where the account itself is theirs to see to, or the action about it. Raises Missing, Refused."""
        return self._whole(unit, by, name, action)

    # -- accounts -----------------------------------------------------------------------------------

    @retried
    def create(
        self, by: Staff, agency: str, name: str, display_name: str, roles: Collection[str]
    ) -> str:
        """A new member of staff of the body. Returns the one-time password, told once. roles: none where another
        administrator sees to the rights of the body, who then grants them.

        Raises Missing, Denied, BadInput (name, display_name, roles).
        """
        password = people.one_time_password()
        hashed = people.hash_password(password)
        name, display_name = name.strip(), display_name.strip()
        with self.office.store.write() as unit:
            reached = within_reach(self.office, unit, by, agency)
            grants = self.office.reaches(unit, GRANT, by, reached)
            if roles:
                within_reach(self.office, unit, by, agency, GRANT)
            body = self.office.found_agency(unit, agency)
            errors = []
            if not display_name:
                errors.append(FieldError("display_name", "请填写姓名"))
            if not re.fullmatch(USER_NAME, name):
                message = "请用字母、数字、汉字或者 . - _ @，不含空格"
                errors.append(FieldError("name", message))
            elif not unicodedata.is_normalized("NFKC", name):
                message = "字母、数字和符号请用半角，登录时才输得进去"
                errors.append(FieldError("name", message))
            elif unit.user(name) is not None:
                message = f"用户名“{name}”已有人使用；同一个人请在他的页面上增加角色"
                errors.append(FieldError("name", message))
            wrong = never_together(self.office.law, roles)
            if wrong or (grants and not roles):
                errors.append(FieldError("roles", wrong or "请至少选一项"))
            if errors:
                raise BadInput(errors)
            try:
                row = self.accounts.add_user(
                    unit, name=name, agency=body, roles=in_order(roles), display_name=display_name,
                    password_hash=hashed, must_change=True, waiting=not grants,
                )  # fmt: skip
            except BadInput as error:
                raise BadInput([_at_page(one) for one in error.errors]) from error
            self._note(unit, by, row, "user_created", body.id)
            for role in in_order(roles):
                self._note(unit, by, row, "role_granted", body.id, role=role)
        return password

    @retried
    def disable(self, by: Staff | None, name: str) -> bool:
        """The person comes in no more: sessions, tokens and stand-ins end at once; what they did stays.

        Returns False if it was so already. Raises Missing, Denied, Refused for oneself and for the last who
        administers.
        """
        with self.office.store.write() as unit:
            row = self._whole(unit, by, name)
            if not row.active:
                return False
            if by is not None and by.name == name:
                raise _refused("same_person", "不能停用自己的账号", "请另一位系统管理员停用")
            for agency_id in {role.agency_id for role in row.roles}:
                self._others_administer(unit, row, agency_id)
            row.active = False
            self.accounts.end_sessions(unit, row)
            self.accounts.end_tokens(unit, row, "disabled")
            self._end_stand_ins(unit, by, row)
            self._note(unit, by, row, "user_disabled")
        return True

    @retried
    def enable(self, by: Staff | None, name: str) -> bool:
        """The person may log in again, with the roles and the password of before; tokens are made anew.
        Returns False if it was so already. Raises Missing, Denied."""
        with self.office.store.write() as unit:
            row = self._whole(unit, by, name)
            if row.active:
                return False
            row.active = True
            self.accounts.wrong.forgive(unit, name)
            self._note(unit, by, row, "user_enabled")
        return True

    @retried
    def unlock(self, by: Staff | None, name: str) -> bool:
        """Let all sources try again before their time is over. Returns False if none of them had to wait.
        Raises Missing, Denied."""
        with self.office.store.write() as unit:
            row = self._whole(unit, by, name, GRANT)
            if not self.accounts.wrong.forgive(unit, name):
                return False
            self._note(unit, by, row, "user_unlocked")
        return True

    @retried
    def end_sessions(self, by: Staff | None, name: str) -> int:
        """The person is logged out everywhere; how many sessions that were. Raises Missing, Denied."""
        with self.office.store.write() as unit:
            row = self._whole(unit, by, name, GRANT)
            ended = self.accounts.end_sessions(unit, row)
            if ended:
                self._note(unit, by, row, "sessions_ended")
            return ended

    @retried
    def reset_password(self, by: Staff | None, name: str) -> str:
        """Another password, told once and changed at the next login; sessions and tokens end, and all sources
        may try again. Raises Missing, Denied, Refused for oneself."""
        password = people.one_time_password()
        hashed = people.hash_password(password)
        with self.office.store.write() as unit:
            row = self._whole(unit, by, name)
            if by is not None and by.name == name:
                raise _refused("same_person", "不能重设自己的密码", "请用“修改密码”")
            self.accounts.set_password(unit, row, hashed, must_change=True)
            self.accounts.wrong.forgive(unit, name)
            self._note(unit, by, row, "password_reset")
        return password

    @retried
    def rename(self, by: Staff, name: str, display_name: str) -> None:
        """The name that pages show. Raises Missing, Denied, BadInput (display_name)."""
        display_name = display_name.strip()
        if not 0 < len(display_name) <= 100:
            raise BadInput([FieldError("display_name", "请填写姓名，最多 100 个字")])
        with self.office.store.write() as unit:
            row = self._whole(unit, by, name)
            if row.display_name != display_name:
                before, row.display_name = row.display_name, display_name
                self._note(unit, by, row, "user_renamed", before=before)

    # -- roles --------------------------------------------------------------------------------------

    def grant(self, by: Staff | None, name: str, agency: str, role: str) -> bool:
        """A role more. Returns False if it was held already. Raises Missing, Denied, BadInput, Refused."""
        return bool(self._change_roles(by, name, agency, {role}, ()))

    def revoke(self, by: Staff | None, name: str, agency: str, role: str) -> bool:
        """A role less. Returns False if it was not held. Raises Missing, Denied, BadInput, Refused."""
        return bool(self._change_roles(by, name, agency, (), {role}))

    def set_roles(self, by: Staff | None, name: str, agency: str, roles: Collection[str]) -> int:
        """Let the person hold these roles in the body and no other. Returns how many changed."""
        return self._change_roles(by, name, agency, roles, set(STAFF_ROLES) - set(roles))

    @retried
    def _change_roles(
        self,
        by: Staff | None,
        name: str,
        agency: str,
        more: Collection[str],
        less: Collection[str],
    ) -> int:
        unknown = {*more, *less} - set(STAFF_ROLES)
        if unknown:
            raise BadInput([FieldError("roles", f"没有这样的角色：{'、'.join(sorted(unknown))}")])
        with self.office.store.write() as unit:
            body = within_reach(self.office, unit, by, agency, GRANT)
            row = self._row(unit, by, name)
            here = [role for role in row.roles if role.agency_id == body.id]
            held = {role.role for role in here}
            granted, revoked = in_order(set(more) - held), in_order(set(less) & held)
            left = (held | set(granted)) - set(revoked)
            wrong = never_together(
                self.office.law,
                left | {role.role for role in row.roles if role.agency_id != body.id},
            )
            if by is not None and by.name == name and (granted or revoked):
                raise _refused(
                    "same_person", "不能给自己增加或者收回角色", "请另一位有权限的管理员办理"
                )
            if wrong and granted:
                raise BadInput([FieldError("roles", wrong)])
            if managing(self.office.law).intersection(revoked):
                self._others_administer(unit, row, body.id)
            for role in granted:
                row.roles.append(RoleRow(agency_id=body.id, role=role))
                self._note(unit, by, row, "role_granted", body.id, role=role)
            row.made_in = row.made_in or body.code
            for one in here:
                if one.role in revoked:
                    row.roles.remove(one)
                    self._end_stand_ins(unit, by, row, body.id, one.role)
                    self._note(unit, by, row, "role_revoked", body.id, role=one.role)
            return len(granted) + len(revoked)

    # -- what all of them share -----------------------------------------------------------------------

    def _colleagues(self, unit: Unit, rows: Sequence[UserRow]) -> list[Colleague]:
        codes = {body.id: body.code for body in self.office.tree(unit).bodies}
        slowed = self.accounts.wrong.slowed(unit, [row.name for row in rows])
        return [_colleague(row, codes, slowed[row.name]) for row in rows]

    def _row(self, unit: Unit, by: Staff | None, name: str) -> UserRow:
        row = unit.user(name)
        if row is None or (by is not None and not self._within(unit, by, row)):
            raise _nobody(name)
        return row

    def _within(self, unit: Unit, by: Staff, row: UserRow) -> bool:
        mine = {body.id for body in reach(self.office, unit, by, SEE)}
        return bool(mine & self._belongs(unit, row))

    def _belongs(self, unit: Unit, row: UserRow) -> set[int]:
        """The bodies of a person: by a role, or, without any, where the account was made."""
        made_in = self.office.tree(unit).by_code.get(row.made_in or "")
        return {role.agency_id for role in row.roles} or ({made_in.id} if made_in else set())

    def _seen_to_by(self, held: Collection[str]) -> str:
        """Who sees to the account of somebody with these roles: an action of the table."""
        return ADMINISTRATORS if watching(self.office.law).intersection(held) else MANAGE

    def _whole(self, unit: Unit, by: Staff | None, name: str, action: str = "") -> UserRow:
        """The person, if the account itself is theirs to see to, or if they may do something else about it. Raises
        Missing, Denied, Refused."""
        row = self._row(unit, by, name)
        if by is not None:
            action = action or self._seen_to_by({role.role for role in row.roles})
            mine = {body.id for body in reach(self.office, unit, by, action)}
            elsewhere = self._belongs(unit, row) - mine
            if elsewhere and not mine & self._belongs(unit, row):
                here = self.office.tree(unit).by_id[min(elsewhere)]
                within_reach(self.office, unit, by, here.code, action)
            if elsewhere:
                tree = self.office.tree(unit)
                names = "、".join(tree.by_id[one].name for one in sorted(elsewhere))
                raise _refused(
                    "not_your_role",
                    f"{row.display_name}还在{names}任职，账号不能由本机关停用或者重设",
                    "可以先收回在本机关的角色，账号请上级机关的系统管理员办理",
                )
        return row

    def _others_administer(self, unit: Unit, row: UserRow, agency_id: int) -> None:
        """Raises Refused where nobody else would see to the people of a body that this person sees to."""
        roles = managing(self.office.law)
        if not any(role.agency_id == agency_id and role.role in roles for role in row.roles):
            return
        tree = self.office.tree(unit)
        line = [body.id for body in tree.line(tree.by_id[agency_id])]
        if not staff_queries.others_with(unit, row.id, line, roles):
            raise _refused(
                "not_in_this_state",
                f"{row.display_name}是{tree.by_id[agency_id].name}最后一位系统管理员",
                "先新建另一位系统管理员，再办理",
            )

    def _end_stand_ins(
        self,
        unit: Unit,
        by: Staff | None,
        row: UserRow,
        agency_id: int | None = None,
        role: str | None = None,
    ) -> None:
        """What somebody holds in place of the person, or they in another's place, ends with them; with a
        role only what was lent of it."""
        concerned = StandInRow.user_id == row.id
        if role is None:
            concerned = concerned | (StandInRow.deputy_id == row.id)
        query = select(StandInRow).where(
            concerned, StandInRow.ended_at.is_(None), StandInRow.last >= self.office.today()
        )
        if role is not None:
            query = query.where(StandInRow.agency_id == agency_id, StandInRow.role == role)
        for one in unit.session.scalars(query):
            one.ended_at = self.office.now()
            self._note(unit, by, row, "stand_in_ended", one.agency_id, role=one.role)

    def _note(
        self,
        unit: Unit,
        by: Staff | None,
        row: UserRow,
        action: str,
        agency_id: int | None = None,
        **details: str,
    ) -> None:
        at = agency_id or min(self._belongs(unit, row), default=None)
        actor = by.name if by is not None else people.SYSTEM.name
        audited(unit, self.office.now(), actor, at, action, row.name, **details)


def _colleague(row: UserRow, codes: Mapping[int, str], slowed: int) -> Colleague:
    roles: dict[str, list[str]] = {}
    for role in row.roles:
        roles.setdefault(codes[role.agency_id], []).append(role.role)
    ordered = {code: in_order(held) for code, held in roles.items()}
    return Colleague(
        row.name, row.display_name, row.active, slowed, row.must_change_password, row.last_login_at,
        ordered, row.made_in,
    )  # fmt: skip


def _nobody(name: str) -> Missing:
    return Missing(f"没有名为“{name}”的用户")


def _at_page(error: FieldError) -> FieldError:
    return FieldError("roles", error.message) if error.field == "role" else error


def _refused(rule: str, message: str, allowed_when: str) -> Refused:
    return Refused(Refusal(rule, BASIS, message, allowed_when))
