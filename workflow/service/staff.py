"""Staff: who works in a body and may do what there. Whoever changes that stands in the chain of `audit`.

An administrator sees to the people of the own body and of those below it. Of a person who also works
elsewhere only the roles within reach are changed: the account itself is for who reaches all of it.
"""

import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from workflow import people
from workflow.people import STAFF_ROLES, Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules import permissions
from workflow.rules.staffing import MANAGE, administering, never_together
from workflow.service.accounts import Accounts
from workflow.service.office import Missing, Office
from workflow.store import staff as staff_queries
from workflow.store.audit import audited, lines_of
from workflow.store.bodies import Body
from workflow.store.models import RoleRow, TokenRow, UserRow
from workflow.store.retried import retried
from workflow.store.staff_models import StandInRow
from workflow.store.unit import Unit

BASIS = "GB/T 22239"
AUDIT_LINES = 30
USER_NAME = r"[\w.@-]+"
"""Of whom is made at a page: it stands in addresses."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as an administrator sees one. roles: code of a body → the roles held there, in their
    usual order. locked_until: None unless the account is locked now."""

    name: str
    display_name: str
    active: bool
    locked_until: datetime | None
    must_change_password: bool
    last_login_at: datetime | None
    roles: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Assigned:
    """An open case that was assigned to somebody."""

    agency: str
    number: str


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the audit. who, about: names in full where they are known."""

    at: datetime
    who: str
    what: str
    about: str
    details: dict[str, str]


class StaffRoom:
    """The use cases around people and roles. `by`: the administrator; None: the operator at the command
    line."""

    def __init__(self, office: Office, accounts: Accounts) -> None:
        self.office = office
        self.accounts = accounts

    # -- reading ------------------------------------------------------------------------------------

    def bodies(self, by: Staff | None) -> list[Body]:
        """The bodies whose people they may see to, in order."""
        with self.office.store.read() as unit:
            return reach(self.office, unit, by)

    def listed(self, by: Staff | None, agency: str | None = None) -> list[Colleague]:
        """Everybody who works in the body, or in any within reach, the active ones first. Raises Missing."""
        with self.office.store.read() as unit:
            bodies = reach(self.office, unit, by)
            if agency is not None:
                bodies = [within_reach(self.office, unit, by, agency)]
            found = staff_queries.people_of(unit, [body.id for body in bodies])
            if agency is None and by is None:
                found = staff_queries.everybody(unit)
            return sorted((self._colleague(unit, row) for row in found), key=lambda c: not c.active)

    def one(self, by: Staff | None, name: str) -> Colleague:
        """Raises Missing for nobody, and for somebody who works in none of the bodies within reach."""
        with self.office.store.read() as unit:
            return self._colleague(unit, self._row(unit, by, name))

    def assigned(self, by: Staff | None, name: str) -> list[Assigned]:
        """The open cases that are assigned to the person, in the bodies within reach. Raises Missing."""
        with self.office.store.read() as unit:
            self._row(unit, by, name)
            bodies = {body.id: body.code for body in reach(self.office, unit, by)}
            done = [n for n, s in self.office.law.states.items() if s.stage in ("done", "void")]
            found = staff_queries.assigned_to(unit, bodies, name, done)
            return [Assigned(bodies[agency_id], number) for agency_id, number in found]

    def whole(self, by: Staff, colleague: Colleague) -> bool:
        """Whether the account itself is theirs to see to: every body of the person is within reach."""
        return set(colleague.roles) <= {body.code for body in self.bodies(by)}

    def changes(self, by: Staff, agency: str) -> list[Change]:
        """The last changes of people and roles of the body, newest first. Raises Missing."""
        law = self.office.law
        with self.office.store.read() as unit:
            body = within_reach(self.office, unit, by, agency)
            rows = lines_of(unit, body.id, AUDIT_LINES)
            names = unit.display_names({row.actor for row in rows} | {row.about for row in rows})
        names["system"] = "运行人员（命令行）"
        return [
            Change(
                row.recorded_at,
                names.get(row.actor, row.actor),
                law.words.audit[row.action],
                names.get(row.about, row.about),
                {
                    key: law.words.roles.get(str(value), str(value))
                    for key, value in row.details.items()
                },
            )
            for row in rows
        ]

    # -- accounts -----------------------------------------------------------------------------------

    @retried
    def create(
        self, by: Staff, agency: str, name: str, display_name: str, roles: Collection[str]
    ) -> str:
        """A new member of staff of the body. Returns the one-time password, told once.

        Raises Missing, Denied, BadInput (name, display_name, roles).
        """
        password = people.one_time_password()
        hashed = people.hash_password(password)
        name, display_name = name.strip(), display_name.strip()
        with self.office.store.write() as unit:
            body = self.office.found_agency(unit, within_reach(self.office, unit, by, agency).code)
            errors = []
            if not display_name:
                errors.append(FieldError("display_name", "请填写姓名"))
            if not re.fullmatch(USER_NAME, name):
                message = "请用字母、数字、汉字或者 . - _ @，不含空格"
                errors.append(FieldError("name", message))
            elif unit.user(name) is not None:
                message = f"用户名“{name}”已有人使用；同一个人请在他的页面上增加角色"
                errors.append(FieldError("name", message))
            wrong = never_together(self.office.law, roles)
            if not roles or wrong:
                errors.append(FieldError("roles", wrong or "请至少选一项"))
            if errors:
                raise BadInput(errors)
            try:
                row = self.accounts.add_user(
                    unit, name=name, agency=body, roles=in_order(roles), display_name=display_name,
                    password_hash=hashed, must_change=True,
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
            row.session_stamp = secrets.token_hex(16)
            now = self.office.now()
            ending = update(TokenRow).where(
                TokenRow.user_id == row.id, TokenRow.revoked_at.is_(None)
            )
            unit.session.execute(ending.values(revoked_at=now))
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
            row.active, row.failed_logins, row.locked_until = True, 0, None
            self._note(unit, by, row, "user_enabled")
        return True

    @retried
    def unlock(self, by: Staff | None, name: str) -> bool:
        """Let somebody try again before the time is over. Returns False if the account was not locked.
        Raises Missing, Denied."""
        now = self.office.now()
        with self.office.store.write() as unit:
            row = self._whole(unit, by, name)
            if row.locked_until is None or row.locked_until <= now:
                return False
            row.failed_logins, row.locked_until = 0, None
            self._note(unit, by, row, "user_unlocked")
        return True

    @retried
    def reset_password(self, by: Staff | None, name: str) -> str:
        """Another password, told once and changed at the next login; sessions end, an account that was locked
        is open. Raises Missing, Denied, Refused for oneself."""
        password = people.one_time_password()
        hashed = people.hash_password(password)
        with self.office.store.write() as unit:
            row = self._whole(unit, by, name)
            if by is not None and by.name == name:
                raise _refused("same_person", "不能重设自己的密码", "请用“修改密码”")
            self.accounts.set_password(row, hashed, must_change=True)
            row.failed_logins, row.locked_until = 0, None
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
            body = within_reach(self.office, unit, by, agency)
            row = unit.user(name)
            if row is None or (by is not None and not self._within(unit, by, row)):
                raise _nobody(name)
            here = [role for role in row.roles if role.agency_id == body.id]
            held = {role.role for role in here}
            granted, revoked = in_order(set(more) - held), in_order(set(less) & held)
            left = (held | set(granted)) - set(revoked)
            wrong = never_together(
                self.office.law,
                left | {role.role for role in row.roles if role.agency_id != body.id},
            )
            if wrong and granted:
                raise BadInput([FieldError("roles", wrong)])
            if administering(self.office.law).intersection(revoked):
                if by is not None and by.name == name:
                    raise _refused(
                        "same_person", "不能收回自己的管理权限", "请另一位系统管理员收回"
                    )
                self._others_administer(unit, row, body.id)
            for role in granted:
                row.roles.append(RoleRow(agency_id=body.id, role=role))
                self._note(unit, by, row, "role_granted", body.id, role=role)
            for one in here:
                if one.role in revoked:
                    row.roles.remove(one)
                    self._end_stand_ins(unit, by, row, body.id, one.role)
                    self._note(unit, by, row, "role_revoked", body.id, role=one.role)
            return len(granted) + len(revoked)

    # -- what all of them share -----------------------------------------------------------------------

    def _colleague(self, unit: Unit, row: UserRow) -> Colleague:
        codes = {body.id: body.code for body in self.office.tree(unit).bodies}
        roles: dict[str, list[str]] = {}
        for role in row.roles:
            roles.setdefault(codes[role.agency_id], []).append(role.role)
        now = self.office.now()
        return Colleague(
            row.name,
            row.display_name,
            row.active,
            row.locked_until if row.locked_until and row.locked_until > now else None,
            row.must_change_password,
            row.last_login_at,
            {code: in_order(held) for code, held in roles.items()},
        )

    def _row(self, unit: Unit, by: Staff | None, name: str) -> UserRow:
        row = unit.user(name)
        if row is None or (by is not None and not self._within(unit, by, row)):
            raise _nobody(name)
        return row

    def _within(self, unit: Unit, by: Staff, row: UserRow) -> bool:
        mine = {body.id for body in reach(self.office, unit, by)}
        return bool(mine & {role.agency_id for role in row.roles})

    def _whole(self, unit: Unit, by: Staff | None, name: str) -> UserRow:
        """The person, if the account itself is theirs to see to. Raises Missing, Denied, Refused."""
        row = self._row(unit, by, name)
        if by is not None:
            mine = {body.id for body in reach(self.office, unit, by)}
            elsewhere = {role.agency_id for role in row.roles} - mine
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
        roles = administering(self.office.law)
        if not any(role.agency_id == agency_id and role.role in roles for role in row.roles):
            return
        tree = self.office.tree(unit)
        line, here = [agency_id], tree.by_id[agency_id]
        while here.parent_id is not None:
            line.append(here.parent_id)
            here = tree.by_id[here.parent_id]
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
        at = agency_id or min((role.agency_id for role in row.roles), default=None)
        actor = by.name if by is not None else people.SYSTEM.name
        audited(unit, self.office.now(), actor, at, action, row.name, **details)


def reach(office: Office, unit: Unit, by: Staff | None) -> list[Body]:
    """The bodies whose people somebody may see to, in order; all of them for the operator."""
    if by is None:
        return list(office.tree(unit).bodies)
    return office.reach(unit, MANAGE, by)


def within_reach(office: Office, unit: Unit, by: Staff | None, agency: str) -> Body:
    """The body, if they may see to its people. Raises Missing, or Denied for a body of their own."""
    body = office.found_body(unit, agency)
    if by is None or office.reaches(unit, MANAGE, by, body):
        return body
    if agency in by.roles:
        permissions.ask(office.law, MANAGE, by.roles[agency])
    raise Missing(f"没有代码为“{agency}”的机关，或者不是您的机关")


def in_order(roles: Iterable[str]) -> tuple[str, ...]:
    """Roles in their usual order."""
    held = set(roles)
    return tuple(role for role in STAFF_ROLES if role in held) + tuple(
        sorted(held - set(STAFF_ROLES))
    )


def _nobody(name: str) -> Missing:
    return Missing(f"没有名为“{name}”的用户")


def _at_page(error: FieldError) -> FieldError:
    return FieldError("roles", error.message) if error.field == "role" else error


def _refused(rule: str, message: str, allowed_when: str) -> Refused:
    return Refused(Refusal(rule, BASIS, message, allowed_when))
