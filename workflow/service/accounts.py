"""Accounts: members of staff and their roles, logins and passwords, and tokens for the API."""

import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update

from workflow import people
from workflow.people import Bearer, Staff, Token
from workflow.refusal import BadInput, FieldError
from workflow.rules.passwords import weak_password
from workflow.rules.staffing import managing, needed, never_together, watching
from workflow.service.office import Missing, Office
from workflow.service.wrong_passwords import Source, WrongPasswords
from workflow.store import sessions
from workflow.store.audit import audited
from workflow.store.models import AgencyRow, RoleRow, UserRow
from workflow.store.people import KeptToken, Person, person_with_token
from workflow.store.retried import retried
from workflow.store.sealed import token_hash
from workflow.store.session_models import TokenRow
from workflow.store.unit import Unit

NOTED_EVERY = timedelta(hours=1)
HERE = Source()
"""Of who logs in at the machine itself."""


class Accounts:
    """The use cases around the accounts of one installation."""

    def __init__(self, office: Office) -> None:
        self.office, self.wrong = office, WrongPasswords(office)

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
        waiting: bool = False,
    ) -> UserRow:
        """A new member of staff, or further roles for one who is known. password_hash: made before the
        transaction (`people.hash_password`), for it takes its time; None: cannot log in. waiting: somebody else
        will grant the first role."""
        unknown = [role for role in roles if role not in people.STAFF_ROLES]
        if unknown or not (roles or waiting):
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
            row = UserRow(
                name=name, display_name=display_name or name, roles=[], made_in=agency.code
            )
            unit.session.add(row)
        if password_hash is not None:
            self.set_password(unit, row, password_hash, must_change=must_change)
        held = {(role.agency_id, role.role) for role in row.roles}
        row.roles.extend(
            RoleRow(agency_id=agency.id, agency=agency, role=role)
            for role in roles
            if (agency.id, role) not in held
        )
        unit.session.flush()
        return row

    def set_password(self, unit: Unit, row: UserRow, hashed: str, *, must_change: bool) -> None:
        """Let a password hold, in the caller's transaction; the ones of before are remembered. Sessions end, and so do
        tokens: all but those that waited for the first password of one's own."""
        now = self.office.now()
        if row.id is not None:
            self.end_sessions(unit, row)
            if must_change or not row.must_change_password:
                self.end_tokens(unit, row, "password")
        if row.password_hash is not None:
            earlier = [row.password_hash, *(row.earlier_passwords or ())]
            row.earlier_passwords = earlier[: people.PASSWORDS_REMEMBERED - 1]
        row.password_hash, row.password_set_at = hashed, now
        row.must_change_password = must_change

    def end_sessions(self, unit: Unit, row: UserRow) -> int:
        """The person is logged in nowhere any more, in the caller's transaction; a login that was begun and is no session
        yet ends too. How many sessions ended."""
        row.session_stamp = secrets.token_hex(16)
        return sessions.end(unit, self.office.now(), user_id=row.id)

    def end_tokens(self, unit: Unit, row: UserRow, why: str) -> None:
        """No token of the person opens anything any more, in the caller's transaction. why: of people.TOKEN_ENDINGS."""
        ending = update(TokenRow).where(TokenRow.user_id == row.id, TokenRow.revoked_at.is_(None))
        unit.session.execute(ending.values(revoked_at=self.office.now(), ended_by=why))

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

    # -- logins -------------------------------------------------------------------------------------

    @retried
    def log_in(self, name: str, password: str, source: Source = HERE) -> Staff:
        """The person, if the password fits. Nobody waits while it is looked at (`people.Lane`).

        Raises BadInput with one message for every failure, whether the account is there or not, disabled or without
        password; TooOften for a source that was wrong too often; people.Busy.
        """
        with self.office.store.read() as unit:
            self.wrong.ask(unit, name, source)
            looked_at = self._password_hash(unit, name)
        right = people.password_fits(looked_at, password)
        with self.office.store.write() as unit:
            row = unit.user(name)
            self.wrong.ask(unit, name, source)
            if right and row is not None and row.active and row.password_hash == looked_at:
                self.wrong.right(unit, name, source)
                row.last_login_at = self.office.now()
                return self.office.staff_of(unit, row)
            if self.wrong.count(unit, name, source) and row is not None:
                self._note(unit, row, people.SYSTEM.name, "user_locked")
        raise BadInput([FieldError("password", "用户名或者密码不正确")])

    @retried
    def change_password(self, name: str, old: str, new: str) -> Staff:
        """Set a new password of one's own, none of the last ones. Raises BadInput, people.Busy; all sessions of the
        person end, and the tokens (`set_password`)."""
        with self.office.store.read() as unit:
            before = unit.user(name)
            looked_at, earlier = self._password_hash(unit, name), _earlier_passwords(before)
            about = words_about(before) if before else []
        wrong = BadInput([FieldError("old", "原密码不正确")])
        if not people.password_fits(looked_at, old):
            raise wrong
        weak = weak_password(new, name, about)
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
            self.set_password(unit, row, hashed, must_change=False)
            self._note(unit, row, name, "password_changed")
            return self.office.staff_of(unit, row)

    def _note(self, unit: Unit, row: UserRow, actor: str, action: str, **details: Any) -> None:
        """A line of the audit about a person, in their first body."""
        at = min((role.agency_id for role in row.roles), default=None)
        audited(unit, self.office.now(), actor, at, action, row.name, **details)

    def _password_hash(self, unit: Unit, name: str) -> str | None:
        """What is kept of the person's password; None for nobody and for who cannot log in."""
        query = select(UserRow.password_hash).where(UserRow.name == name)
        return unit.session.scalar(query)

    # -- tokens -------------------------------------------------------------------------------------

    def create_token(
        self,
        user: str,
        scopes: Iterable[str] = people.SCOPES,
        days: int = people.TOKEN_DAYS,
        name: str = "",
    ) -> str:
        """A bearer token for the API, told once, by the operator; only its hash is kept.

        scopes: of people.SCOPES. days: 1 to 365, after which it ends. name: the program that will call with it.
        Raises Missing for an unknown user, BadInput for scopes, days or name.
        """
        token = self.new_token(people.SYSTEM.name, user, scopes, days, name)
        assert token is not None  # no form asked for it before
        return token

    @retried
    def new_token(
        self,
        by: str,
        user: str,
        scopes: Iterable[str],
        days: int,
        name: str,
        form: str | None = None,
    ) -> str | None:
        """The same by somebody (user name), by a form with a key of its own: None where that form made one before."""
        if errors := wrong_of_token(scopes, days, name):
            raise BadInput(errors)
        wanted = [scope for scope in people.SCOPES if scope in set(scopes)]
        name = " ".join(name.split())
        token, key = secrets.token_urlsafe(32), token_hash(f"{user}\n{form}") if form else None
        with self.office.store.write() as unit:
            row = unit.user(user)
            if row is None or not row.active:
                raise Missing(f"没有名为“{user}”的用户")
            before = select(TokenRow.id).where(TokenRow.form_key == key)
            if key is not None and unit.session.scalar(before) is not None:
                return None
            now = self.office.now()
            unit.session.add(
                TokenRow(
                    user_id=row.id,
                    hash=token_hash(token),
                    created_at=now,
                    expires_at=now + timedelta(days=days),
                    scopes=" ".join(wanted),
                    name=name or None,
                    form_key=key,
                )
            )
            self._note(unit, row, by, "token_created", **_named(name))
        return token

    def bearer(self, token: str) -> Bearer | None:
        """Who came with the token; None if it is unknown, expired, revoked, or its user left."""
        with self.office.store.read() as unit:
            found = person_with_token(unit, token_hash(token), self.office.today())
            if found is None:
                return None
            person, kept = found
            known = token_of(kept, person)
            if not known.good_at(self.office.now()):
                return None
            return Bearer(self.office.staff_of(unit, person), known)

    def tokens(self, user: str | None = None) -> list[Token]:
        """All tokens, or those of one user, oldest first."""
        query = select(TokenRow).order_by(TokenRow.id)
        if user is not None:
            query = query.join(UserRow).where(UserRow.name == user)
        with self.office.store.read() as unit:
            return [token_of(row, row.user) for row in unit.session.scalars(query)]

    @retried
    def revoke_token(self, number: int) -> Token:
        """End a token now, by the operator; ending it twice changes nothing. Raises Missing."""
        with self.office.store.write() as unit:
            row = unit.session.get(TokenRow, number)
            if row is None:
                raise Missing(f"没有编号为 {number} 的令牌")
            self.end_token(unit, row, people.SYSTEM.name, "operator")
            return token_of(row, row.user)

    def end_token(self, unit: Unit, row: TokenRow, by: str, why: str) -> None:
        """A token opens nothing any more, in the caller's transaction. by: user name; why: of people.TOKEN_ENDINGS."""
        if row.revoked_at is None:
            row.revoked_at, row.ended_by = self.office.now(), why
            self._note(unit, row.user, by, "token_revoked", **_named(row.name))

    @retried
    def token_used(self, token: Token, place: Callable[[], str], *, writing: bool) -> None:
        """Note that somebody called with a token: once an hour at most where it writes, once a day where it only reads.
        place: from where, asked only where it is noted."""
        now, last = self.office.now(), token.last_used_at
        if last is not None and (
            now - last < NOTED_EVERY if writing else last.date() == now.date()
        ):
            return
        with self.office.store.write() as unit:
            row = unit.session.get(TokenRow, token.id)
            if row is not None:
                row.last_used_at, row.last_used_from = now, place()[:64]

    # -- beginning ----------------------------------------------------------------------------------

    @retried
    def initialise(
        self, *, code: str, name: str, level: str, admin: str = "admin", region: str | None = None
    ) -> dict[str, Any]:
        """The first body and its system administrator, who holds that role alone. Returns the one-time
        password, told once, under `missing` the roles that somebody else must hold before a case can end, and
        under `unfilled` those of the other administrators, whose work this one does meanwhile. Raises BadInput if the store has a body already.
        """
        password = people.one_time_password()
        hashed, roles = people.hash_password(password), tuple(managing(self.office.law))
        with self.office.store.write() as unit:
            if unit.agencies():
                raise BadInput([FieldError("agency", "本库已经初始化过")])
            agency = self.office.add_agency(unit, code=code, name=name, level=level, region=region)
            self.add_user(
                unit,
                name=admin,
                agency=agency,
                roles=roles,
                display_name="管理员",
                password_hash=hashed,
                must_change=True,
            )
            note = partial(audited, unit, self.office.now(), people.SYSTEM.name, agency.id)
            note("user_created", admin)
            for role in roles:
                note("role_granted", admin, role=role)
        missing = {one.what: list(one.roles) for one in needed(self.office.law, {})}
        return {
            "agency": code, "name": name, "admin": admin, "password": password,
            "missing": missing,
            "unfilled": [role for role in people.STAFF_ROLES if role in watching(self.office.law)],
        }  # fmt: skip


def words_about(row: UserRow) -> list[str]:
    """What others know of a person besides the user name: no password hangs on it."""
    bodies = {role.agency for role in row.roles}
    return [row.display_name, *(word for body in bodies for word in (body.code, body.name))]


def _earlier_passwords(row: UserRow | None) -> list[str]:
    return list(row.earlier_passwords or ()) if row else []


def wrong_of_token(scopes: Iterable[str], days: int, name: str) -> list[FieldError]:
    """What is wrong with what is asked of a token: scope, days, name."""
    errors, wanted, name = [], set(scopes), " ".join(name.split())
    if not wanted or wanted - set(people.SCOPES):
        errors.append(FieldError("scope", f"只能是：{'、'.join(people.SCOPES)}"))
    if not 1 <= days <= people.TOKEN_DAYS:
        errors.append(FieldError("days", f"须为 1 到 {people.TOKEN_DAYS} 天"))
    if len(name) > people.TOKEN_NAME_MOST or not people.in_sight(name):
        message = f"最多 {people.TOKEN_NAME_MOST} 个字，不能有控制字符"
        errors.append(FieldError("name", message))
    return errors


def token_of(row: TokenRow | KeptToken, user: UserRow | Person) -> Token:
    """What is known of a token, with whose it is."""
    return Token(
        row.id,
        user.name,
        tuple(row.scopes.split()),
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
        user.active,
        row.name or "",
        row.last_used_from or "",
        row.ended_by or "",
        user.must_change_password,
    )


def _named(name: str | None) -> dict[str, str]:
    """The name of a token, as the audit has it."""
    return {"name": name} if name else {}
