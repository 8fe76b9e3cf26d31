"""Accounts: members of staff and their roles, logins and passwords, sessions, and tokens for the API."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workflow import people
from workflow.people import Bearer, Staff, Token
from workflow.refusal import BadInput, FieldError
from workflow.rules.staffing import administering, needed, never_together
from workflow.service.office import Missing, Office
from workflow.store.audit import audited
from workflow.store.models import AgencyRow, RoleRow, TokenRow, UserRow
from workflow.store.people import person_in_session, person_of_token
from workflow.store.retried import retried
from workflow.store.sealed import token_hash
from workflow.store.unit import Unit

NOTED_EVERY = timedelta(hours=1)


class Accounts:
    """The use cases around the accounts of one installation."""

    def __init__(self, office: Office) -> None:
        self.office = office

    # -- people -------------------------------------------------------------------------------------

    @retried
    def create(
        self, name: str, agency: str, roles: tuple[str, ...], *, password: str | None, **more: Any
    ) -> None:
        """One new member of staff, or further roles, in a body by its code, by the operator. more: what
        add_user takes. Raises Missing, BadInput."""
        more["password_hash"] = people.hash_password(password) if password is not None else None
        with self.office.store.write() as unit:
            body = self.office.found_agency(unit, agency)
            known = unit.user(name)
            held = {(role.agency_id, role.role) for role in known.roles} if known else set()
            wrong = never_together(self.office.law, {*roles, *(role for _, role in held)})
            if wrong and not {(body.id, role) for role in roles} <= held:
                raise BadInput([FieldError("role", wrong)])
            self.add_user(unit, name=name, agency=body, roles=roles, **more)
            note = partial(audited, unit, self.office.now(), people.SYSTEM.name, body.id)
            if known is None:
                note("user_created", name)
            elif password is not None:
                note("password_reset", name)
            for role in roles:
                if (body.id, role) not in held:
                    note("role_granted", name, role=role)

    def add_user(
        self,
        unit: Unit,
        *,
        name: str,
        agency: AgencyRow,
        roles: tuple[str, ...],
        display_name: str = "",
        password_hash: str | None = None,
        must_change: bool = False,
    ) -> UserRow:
        """A new member of staff, or further roles for one who is known. password_hash: made before the
        transaction (`people.hash_password`), for it takes its time; None: cannot log in."""
        unknown = [role for role in roles if role not in people.STAFF_ROLES]
        if unknown or not roles:
            raise BadInput([FieldError("role", f"角色只能是：{'、'.join(people.STAFF_ROLES)}")])
        if (
            not name
            or len(name) > 64
            or any(c.isspace() for c in name)
            or name in ("applicant", "system")
        ):
            raise BadInput([FieldError("name", "用户名不能为空、含空格，或者是 applicant、system")])
        if len(display_name) > 100:
            raise BadInput([FieldError("display_name", "姓名最多 100 个字")])
        row = unit.user(name)
        if row is None:
            row = UserRow(name=name, display_name=display_name or name, roles=[])
            unit.session.add(row)
        if password_hash is not None:
            self.set_password(row, password_hash, must_change=must_change)
        held = {(role.agency_id, role.role) for role in row.roles}
        row.roles.extend(
            RoleRow(agency_id=agency.id, agency=agency, role=role)
            for role in roles
            if (agency.id, role) not in held
        )
        unit.session.flush()
        return row

    def set_password(self, row: UserRow, hashed: str, *, must_change: bool) -> None:
        """Let a password hold, in the caller's transaction; sessions end. The ones of before are remembered."""
        if row.password_hash is not None:
            earlier = [row.password_hash, *(row.earlier_passwords or ())]
            row.earlier_passwords = earlier[: people.PASSWORDS_REMEMBERED - 1]
        row.password_hash = hashed
        row.must_change_password = must_change
        row.session_stamp = secrets.token_hex(16)

    def people_of(self, code: str) -> list[tuple[str, str]]:
        """User name and roles in words of everybody who can log in for a body."""
        with self.office.store.read() as unit:
            agency = self.office.found_agency(unit, code)
            return [
                (
                    row.name,
                    f"{row.display_name}（"
                    + "、".join(
                        self.office.law.words.roles[r.role]
                        for r in row.roles
                        if r.agency_id == agency.id
                    )
                    + "）",
                )
                for row in unit.staff_of(agency)
                if row.password_hash and row.active
            ]

    # -- logins and sessions --------------------------------------------------------------------------

    @retried
    def log_in(self, name: str, password: str) -> Staff:
        """The person, if the password fits. Raises BadInput with one message for every failure; five
        failures lock the account for twenty minutes. Nobody waits while the password is looked at."""
        now, looked_at = self.office.now(), self._password_hash(name)
        right = people.password_fits(looked_at, password)
        with self.office.store.write() as unit:
            row = unit.user(name)
            fits = right and row is not None and row.password_hash == looked_at
            if row is not None and row.locked_until and row.locked_until > now:
                problem: str | None = f"连续输错次数过多，请 {people.LOCK_MINUTES} 分钟后再试"
            elif row is None or not row.active or not fits:
                problem = "用户名或者密码不正确"
                if row is not None:
                    row.failed_logins += 1
                    if row.failed_logins >= people.MAX_FAILED_LOGINS:
                        row.failed_logins = 0
                        row.locked_until = now + timedelta(minutes=people.LOCK_MINUTES)
                        self._note(unit, row, people.SYSTEM.name, "user_locked")
            else:
                problem, row.failed_logins, row.locked_until = None, 0, None
                row.last_login_at = now
                staff = self.office.staff_of(unit, row)
        if problem:
            raise BadInput([FieldError("password", problem)])
        return staff

    @retried
    def change_password(self, name: str, old: str, new: str) -> Staff:
        """Set a new password of one's own, none of the last ones. Raises BadInput; other sessions of the
        person end."""
        looked_at, earlier = self._password_hash(name), self._earlier_passwords(name)
        wrong = BadInput([FieldError("old", "原密码不正确")])
        if not people.password_fits(looked_at, old):
            raise wrong
        weak = people.weak_password(new, name)
        if weak or new == old:
            raise BadInput([FieldError("new", weak or "新密码不能与原密码相同")])
        if any(people.password_fits(one, new) for one in earlier):
            message = f"最近 {people.PASSWORDS_REMEMBERED} 次用过的密码不能再用"
            raise BadInput([FieldError("new", message)])
        hashed = people.hash_password(new)
        with self.office.store.write() as unit:
            row = unit.user(name)
            if row is None or row.password_hash != looked_at:
                raise wrong
            self.set_password(row, hashed, must_change=False)
            self._note(unit, row, name, "password_changed")
            return self.office.staff_of(unit, row)

    def _earlier_passwords(self, name: str) -> list[str]:
        with self.office.store.read() as unit:
            row = unit.user(name)
            return list(row.earlier_passwords or ()) if row else []

    def _note(self, unit: Unit, row: UserRow, actor: str, action: str, **details: Any) -> None:
        """A line of the audit about a person, in their first body."""
        at = min((role.agency_id for role in row.roles), default=None)
        audited(unit, self.office.now(), actor, at, action, row.name, **details)

    def _password_hash(self, name: str) -> str | None:
        """What is kept of the person's password; None for nobody and for who cannot log in."""
        with self.office.store.read() as unit:
            row = unit.user(name)
            return row.password_hash if row else None

    def in_session(self, name: str, session_id: str) -> Staff | None:
        """The active member of staff of that user name, unless the session was signed out of."""
        with self.office.store.read() as unit:
            row = person_in_session(unit, name, token_hash(session_id), self.office.today())
            return self.office.staff_of(unit, row) if row and row.active else None

    @retried
    def end_session(self, session_id: str) -> None:
        """A session was signed out of: nobody is anybody by it any more."""
        now = self.office.now()
        with self.office.store.write() as unit:
            unit.end_session(token_hash(session_id), now, now - people.LONGEST_SESSION)

    # -- tokens -------------------------------------------------------------------------------------

    @retried
    def create_token(
        self, user: str, scopes: Iterable[str] = people.SCOPES, days: int = people.TOKEN_DAYS
    ) -> str:
        """A bearer token for the API, told once; only its hash is kept.

        scopes: of people.SCOPES. days: 1 to 365, after which it ends.
        Raises Missing for an unknown user, BadInput for scopes or days.
        """
        wanted = tuple(scope for scope in people.SCOPES if scope in set(scopes))
        if not wanted or set(scopes) - set(people.SCOPES):
            raise BadInput([FieldError("scope", f"只能是：{'、'.join(people.SCOPES)}")])
        if not 1 <= days <= people.TOKEN_DAYS:
            raise BadInput([FieldError("days", f"须为 1 到 {people.TOKEN_DAYS} 天")])
        token = secrets.token_urlsafe(32)
        with self.office.store.write() as unit:
            row = unit.user(user)
            if row is None or not row.active:
                raise Missing(f"没有名为“{user}”的用户")
            now = self.office.now()
            unit.session.add(
                TokenRow(
                    user_id=row.id,
                    hash=token_hash(token),
                    created_at=now,
                    expires_at=now + timedelta(days=days),
                    scopes=" ".join(wanted),
                )
            )
            self._note(unit, row, people.SYSTEM.name, "token_created")
        return token

    def bearer(self, token: str) -> Bearer | None:
        """Who came with the token; None if it is unknown, expired, revoked, or its user left."""
        with self.office.store.read() as unit:
            query = select(TokenRow).where(TokenRow.hash == token_hash(token))
            row = unit.session.scalar(query.options(joinedload(TokenRow.user)))
            if row is None or not _token(row).good_at(self.office.now()):
                return None
            person = person_of_token(unit, row.user_id, self.office.today())
            assert person is not None
            return Bearer(self.office.staff_of(unit, person), _token(row))

    def tokens(self, user: str | None = None) -> list[Token]:
        """All tokens, or those of one user, oldest first."""
        query = select(TokenRow).order_by(TokenRow.id)
        if user is not None:
            query = query.join(UserRow).where(UserRow.name == user)
        with self.office.store.read() as unit:
            return [_token(row) for row in unit.session.scalars(query)]

    @retried
    def revoke_token(self, number: int) -> Token:
        """End a token now; ending it twice changes nothing. Raises Missing."""
        with self.office.store.write() as unit:
            row = unit.session.get(TokenRow, number)
            if row is None:
                raise Missing(f"没有编号为 {number} 的令牌")
            if row.revoked_at is None:
                row.revoked_at = self.office.now()
                self._note(unit, row.user, people.SYSTEM.name, "token_revoked")
            return _token(row)

    @retried
    def token_wrote(self, token: Token) -> None:
        """Note that a token was used for writing, once an hour at most."""
        now = self.office.now()
        if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
            with self.office.store.write() as unit:
                row = unit.session.get(TokenRow, token.id)
                if row is not None:
                    row.last_used_at = now

    # -- beginning ----------------------------------------------------------------------------------

    @retried
    def initialise(
        self, *, code: str, name: str, level: str, admin: str = "admin", region: str | None = None
    ) -> dict[str, Any]:
        """The first body and its administrator, who holds administration alone. Returns the one-time
        password, told once, and under `missing` the roles that somebody else must hold before a case can
        end. Raises BadInput if the store has a body already.
        """
        password = people.one_time_password()
        hashed = people.hash_password(password)
        with self.office.store.write() as unit:
            if unit.agencies():
                raise BadInput([FieldError("agency", "本库已经初始化过")])
            agency = self.office.add_agency(unit, code=code, name=name, level=level, region=region)
            self.add_user(
                unit,
                name=admin,
                agency=agency,
                roles=tuple(administering(self.office.law)),
                display_name="管理员",
                password_hash=hashed,
                must_change=True,
            )
            audited(unit, self.office.now(), people.SYSTEM.name, agency.id, "user_created", admin)
        return {
            "agency": code, "name": name, "admin": admin, "password": password,
            "missing": {one.what: list(one.roles) for one in needed(self.office.law, {})},
        }  # fmt: skip


def _token(row: TokenRow) -> Token:
    return Token(
        row.id,
        row.user.name,
        tuple(row.scopes.split()),
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
        row.user.active,
    )
