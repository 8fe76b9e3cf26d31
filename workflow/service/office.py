"""The office: bodies, people and rules of one installation, over one store."""

import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from config.channels import IN_APP, ChannelKind, load_channels
from config.law import Law, load_law
from workflow import dates, people
from workflow.people import Bearer, Staff, Token
from workflow.refusal import BadInput, FieldError
from workflow.rules import permissions
from workflow.rules.calendar import LocalDays, calendar_for
from workflow.rules.organs import Place, derived_complaint_body, derived_review_organ
from workflow.rules.rulebook import Rulebook, merged_settings
from workflow.store.models import AgencyRow, RoleRow, TokenRow, UserRow
from workflow.store.sealed import Secrets, token_hash
from workflow.store.unit import Store, Unit

NOTED_EVERY = timedelta(hours=1)


class Missing(LookupError):
    """Something asked for does not exist, or not for this person. The message is in Chinese."""


class Stale(Exception):
    """The case has moved on since the person looked at it. The message is in Chinese."""


@dataclass(frozen=True)
class Reader:
    """A body as pages show it."""

    code: str
    name: str
    level: str
    takes_requests: bool
    parent: str | None = None


class Office:
    """What the use cases share: the store, the secrets, the law, what day it is, and through which
    channels people can be told (in_app alone, unless others are named)."""

    def __init__(
        self,
        store: Store,
        keys: Secrets,
        *,
        law: Law | None = None,
        now: Callable[[], datetime] = dates.now,
        channels: tuple[ChannelKind, ...] | None = None,
    ) -> None:
        self.store = store
        self.keys = keys
        self.law = law or load_law()
        self.now = now
        self.channels = (load_channels()[IN_APP],) if channels is None else channels
        self._rules: dict[tuple[str, int, date, date], Rulebook] = {}

    def today(self) -> date:
        return self.now().date()

    # -- rules --------------------------------------------------------------------------------------

    def rules(self, unit: Unit, agency: AgencyRow, day: date) -> Rulebook:
        """The rules of a body for what began on the day, with its own texts as they stand today: a letter
        names today's court. Kept until a setting or a day changes, also when another process changes it:
        the store carries the mark under which they were made."""
        key = (unit.rules_mark, agency.id, day, today := self.today())
        known = self._rules.get(key)
        if known is None:
            settings = self.settings_on(unit, agency, day)
            if day < today:
                now = self.settings_on(unit, agency, today)
                own = [n for n, rule in self.law.settings.items() if rule.type in ("text", "url")]
                settings |= {name: now[name] for name in own}
            calendar = calendar_for(None)
            if settings["use_local_holidays"]:
                calendar = calendar_for(agency.region, self.own_layers(unit, agency))
            known = Rulebook(self.law, settings, calendar)
            if any((mark, on) != (key[0], today) for mark, _, _, on in list(self._rules)[:1]):
                self._rules = {}
            self._rules[key] = known
        return known

    def settings_on(self, unit: Unit, agency: AgencyRow, day: date) -> dict[str, Any]:
        """All settings of a body on a day, with the texts that follow from the tree of bodies."""
        settings = merged_settings(self.law, unit.settings_at(agency, day))
        for name, derived in self.derived_texts(unit, agency).items():
            settings[name] = settings[name] or derived
        return settings

    def derived_texts(self, unit: Unit, agency: AgencyRow) -> dict[str, str]:
        """The organ of review (行政复议法24 to 28) and who takes complaints (条例47, 51), as level, name and
        tree tell them; empty where they do not."""
        above = [(body.level, body.name) for body in reversed(unit.ancestors(agency)[:-1])]
        place = Place(agency.name, agency.level, above)
        return {
            "review_organ": derived_review_organ(self.law, place),
            "complaint_body": derived_complaint_body(self.law, place),
        }

    def own_layers(self, unit: Unit, agency: AgencyRow) -> tuple[LocalDays, ...]:
        """The own days of the body and those above it, a layer for each notice."""
        layers = []
        for body in unit.ancestors(agency):
            days = unit.own_days(body)
            for source in sorted({row.source for row in days}):
                rest = frozenset(row.day for row in days if not row.works and row.source == source)
                work = frozenset(row.day for row in days if row.works and row.source == source)
                layers.append(LocalDays(source or body.name, rest, work))
        return tuple(layers)

    # -- bodies -------------------------------------------------------------------------------------

    def agencies(self) -> list[Reader]:
        with self.store.read() as unit:
            rows = unit.agencies()
            codes = {row.id: row.code for row in rows}
            return [
                Reader(
                    row.code,
                    row.name,
                    row.level,
                    row.takes_requests,
                    codes.get(row.parent_id) if row.parent_id else None,
                )
                for row in rows
            ]

    def found_agency(self, unit: Unit, code: str) -> AgencyRow:
        row = unit.agency(code)
        if row is None:
            raise Missing(f"没有代码为“{code}”的机关")
        return row

    def add_agency(
        self,
        unit: Unit,
        *,
        code: str,
        name: str,
        level: str,
        parent: str | None = None,
        region: str | None = None,
        takes_requests: bool = True,
    ) -> AgencyRow:
        """A new body in the tree. Raises BadInput for a taken code, an unknown level or parent."""
        errors = []
        if not code or not code.replace("_", "").replace("-", "").isalnum() or not code.isascii():
            errors.append(FieldError("agency.code", "机关代码只能用英文字母、数字、- 和 _"))
        elif unit.agency(code) is not None:
            errors.append(FieldError("agency.code", f"机关代码“{code}”已被使用"))
        if not name.strip():
            errors.append(FieldError("agency.name", "请填写机关名称"))
        if level not in self.law.words.levels:
            errors.append(
                FieldError("agency.level", f"级别只能是：{'、'.join(self.law.words.levels)}")
            )
        above = unit.agency(parent) if parent else None
        if parent and above is None:
            errors.append(FieldError("agency.parent", f"没有代码为“{parent}”的上级机关"))
        if errors:
            raise BadInput(errors)
        return unit.add_agency(
            code=code,
            name=name.strip(),
            level=level,
            region=region,
            parent_id=above.id if above else None,
            takes_requests=takes_requests,
        )

    def below(self, unit: Unit, codes: set[str]) -> list[AgencyRow]:
        """The bodies of these codes and all bodies below them in the tree, in order."""
        rows = unit.agencies()
        inside = {row.id for row in rows if row.code in codes}
        grown = True
        while grown:
            more = {row.id for row in rows if row.parent_id in inside} - inside
            inside |= more
            grown = bool(more)
        return [row for row in rows if row.id in inside]

    def reach(self, unit: Unit, action: str, staff: Staff) -> list[AgencyRow]:
        """The bodies for which the person may do something, by the table of permissions, in order."""
        own = set(permissions.bodies_for(self.law, action, staff))
        below = self.below(unit, set(permissions.heads_for(self.law, action, staff)))
        own |= {row.code for row in below}
        return [row for row in unit.agencies() if row.code in own]

    # -- people -------------------------------------------------------------------------------------

    def add_user(
        self,
        unit: Unit,
        *,
        name: str,
        agency: AgencyRow,
        roles: tuple[str, ...],
        display_name: str = "",
        password: str | None = None,
        must_change: bool = False,
    ) -> UserRow:
        """A new member of staff, or further roles for one who is known. password None: cannot log in."""
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
        row = unit.user(name)
        if row is None:
            row = UserRow(name=name, display_name=display_name or name, roles=[])
            unit.session.add(row)
        if password is not None:
            row.password_hash = people.hash_password(password)
            row.must_change_password = must_change
            row.session_stamp = secrets.token_hex(16)
        held = {(role.agency_id, role.role) for role in row.roles}
        row.roles.extend(
            RoleRow(agency_id=agency.id, agency=agency, role=role)
            for role in roles
            if (agency.id, role) not in held
        )
        unit.session.flush()
        return row

    @staticmethod
    def staff_of(row: UserRow) -> Staff:
        roles: dict[str, set[str]] = {}
        for role in row.roles:
            roles.setdefault(role.agency.code, set()).add(role.role)
        return Staff(
            row.id,
            row.name,
            row.display_name,
            {code: frozenset(held) for code, held in roles.items()},
            row.must_change_password,
            row.session_stamp,
        )

    def people_of(self, code: str) -> list[tuple[str, str]]:
        """User name and roles in words of everybody who can log in for a body."""
        with self.store.read() as unit:
            agency = self.found_agency(unit, code)
            return [
                (
                    row.name,
                    f"{row.display_name}（"
                    + "、".join(
                        self.law.words.roles[r.role] for r in row.roles if r.agency_id == agency.id
                    )
                    + "）",
                )
                for row in unit.staff_of(agency)
                if row.password_hash
            ]

    def names_of(self, users: Collection[str]) -> dict[str, str]:
        """The name in full for each user name; who works here no longer keeps the user name."""
        with self.store.read() as unit:
            return {name: name for name in users} | unit.display_names(users)

    def end_session(self, session_id: str) -> None:
        """A session was signed out of: nobody is anybody by it any more."""
        now = self.now()
        with self.store.write() as unit:
            unit.end_session(token_hash(session_id), now, now - people.LONGEST_SESSION)

    def staff(self, name: str, session_id: str | None = None) -> Staff | None:
        """The active member of staff of that user name; in a session, unless it was signed out of."""
        with self.store.read() as unit:
            row = unit.user(name, token_hash(session_id) if session_id else None)
            return self.staff_of(row) if row and row.active else None

    def log_in(self, name: str, password: str) -> Staff:
        """The person, if the password fits. Raises BadInput with one message for every failure; five
        failures lock the account for twenty minutes."""
        now = self.now()
        with self.store.write() as unit:
            row = unit.user(name)
            fits = people.password_fits(row.password_hash if row else None, password)
            if row is not None and row.locked_until and row.locked_until > now:
                problem: str | None = f"连续输错次数过多，请 {people.LOCK_MINUTES} 分钟后再试"
            elif row is None or not row.active or not fits:
                problem = "用户名或者密码不正确"
                if row is not None:
                    row.failed_logins += 1
                    if row.failed_logins >= people.MAX_FAILED_LOGINS:
                        row.failed_logins = 0
                        row.locked_until = now + timedelta(minutes=people.LOCK_MINUTES)
            else:
                problem, row.failed_logins, row.locked_until = None, 0, None
                staff = self.staff_of(row)
        if problem:
            raise BadInput([FieldError("password", problem)])
        return staff

    def change_password(self, name: str, old: str, new: str) -> Staff:
        """Set a new password of one's own. Raises BadInput; other sessions of the person end."""
        with self.store.write() as unit:
            row = unit.user(name)
            if row is None or not people.password_fits(row.password_hash, old):
                raise BadInput([FieldError("old", "原密码不正确")])
            weak = people.weak_password(new, name)
            if weak or new == old:
                raise BadInput([FieldError("new", weak or "新密码不能与原密码相同")])
            row.password_hash = people.hash_password(new)
            row.must_change_password = False
            row.session_stamp = secrets.token_hex(16)
            return self.staff_of(row)

    # -- tokens -------------------------------------------------------------------------------------

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
        with self.store.write() as unit:
            row = unit.user(user)
            if row is None or not row.active:
                raise Missing(f"没有名为“{user}”的用户")
            now = self.now()
            unit.session.add(
                TokenRow(
                    user_id=row.id,
                    hash=token_hash(token),
                    created_at=now,
                    expires_at=now + timedelta(days=days),
                    scopes=" ".join(wanted),
                )
            )
        return token

    def bearer(self, token: str) -> Bearer | None:
        """Who came with the token; None if it is unknown, expired, revoked, or its user left."""
        with self.store.read() as unit:
            row = unit.session.scalar(select(TokenRow).where(TokenRow.hash == token_hash(token)))
            if row is None or not _token(row).good_at(self.now()):
                return None
            return Bearer(self.staff_of(row.user), _token(row))

    def tokens(self, user: str | None = None) -> list[Token]:
        """All tokens, or those of one user, oldest first."""
        query = select(TokenRow).order_by(TokenRow.id)
        if user is not None:
            query = query.join(UserRow).where(UserRow.name == user)
        with self.store.read() as unit:
            return [_token(row) for row in unit.session.scalars(query)]

    def revoke_token(self, number: int) -> Token:
        """End a token now; ending it twice changes nothing. Raises Missing."""
        with self.store.write() as unit:
            row = unit.session.get(TokenRow, number)
            if row is None:
                raise Missing(f"没有编号为 {number} 的令牌")
            row.revoked_at = row.revoked_at or self.now()
            return _token(row)

    def token_wrote(self, token: Token) -> None:
        """Note that a token was used for writing, once an hour at most."""
        now = self.now()
        if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
            with self.store.write() as unit:
                row = unit.session.get(TokenRow, token.id)
                if row is not None:
                    row.last_used_at = now

    # -- beginning ----------------------------------------------------------------------------------

    def initialise(
        self, *, code: str, name: str, level: str, admin: str = "admin", region: str | None = None
    ) -> dict[str, Any]:
        """The first body and its administrator. Returns the one-time password, told once.

        Raises BadInput if the store has a body already.
        """
        password = people.one_time_password()
        with self.store.write() as unit:
            if unit.agencies():
                raise BadInput([FieldError("agency", "本库已经初始化过")])
            agency = self.add_agency(unit, code=code, name=name, level=level, region=region)
            self.add_user(
                unit,
                name=admin,
                agency=agency,
                roles=people.STAFF_ROLES,
                display_name="管理员",
                password=password,
                must_change=True,
            )
        return {"agency": code, "name": name, "admin": admin, "password": password}


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
