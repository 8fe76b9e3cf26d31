"""Staff: who they are, what roles they hold in which bodies, and how their passwords are kept."""

import hmac
import re
import secrets
from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from config.law import load_law
from workflow.case.facts import Actor

OUTSIDE = ("applicant", "system")
"""Words of the log for who is no member of staff. No user name may be one of them."""
STAFF_ROLES = tuple(role for role in load_law().words.roles if role not in OUTSIDE)
"""The roles that a member of staff can hold in a body."""
SCOPES = ("read", "write")
TOKEN_DAYS = 365
MAX_FAILED_LOGINS = 5
LOCK_MINUTES = 20
PASSWORDS_REMEMBERED = 5
"""Passwords of before, today's among them, none of which may be chosen again (practice.md §5.5)."""
LONGEST_SESSION = timedelta(hours=12)
"""Longer than any form takes to fill in; an idle person is logged out earlier (session_idle_minutes)."""
_hasher = PasswordHasher()


@dataclass(frozen=True)
class Staff:
    """A member of staff. id and name are this person's alone and stay; display_name, which pages show,
    several may bear, so that no right hangs on it. roles: code of a body → the roles held there; those of
    a body that goes on with the duties of another hold there too, and stand apart in `inherited`. lent:
    bodies that go on themselves and gave duties away: of their cases only those that were transferred.
    standing_in: code of a body → role → user name of who is away, for roles (in `roles` too) that the
    person holds there today in their place alone."""

    id: int
    name: str
    display_name: str
    roles: dict[str, frozenset[str]]
    must_change_password: bool = False
    session_stamp: str = ""
    inherited: dict[str, frozenset[str]] = field(default_factory=dict)
    lent: frozenset[str] = frozenset()
    standing_in: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """Code of the person's first body."""
        return next(iter(self.roles), "")

    def actor(self, agency: str, role: str | None = None) -> Actor:
        """The person as the machine sees them in a body, in the one role that is named if one is."""
        held = self.roles.get(agency, frozenset())
        held = held & {role} if role else held
        return Actor(self.name, held, self.standing_in.get(agency, {}))

    def within(self, agency: str | None) -> "Staff":
        """The same person with the roles of one body only, if one is named."""
        roles = {code: held for code, held in self.roles.items() if agency in (None, code)}
        return replace(self, roles=roles)


@dataclass(frozen=True)
class Token:
    """A bearer token as the operator sees it: everything but the token. scopes: of SCOPES."""

    id: int
    user: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    user_active: bool

    def good_at(self, moment: datetime) -> bool:
        """True while it opens the API: neither expired nor revoked, and its user still active."""
        return self.user_active and self.revoked_at is None and moment < self.expires_at


@dataclass(frozen=True)
class Bearer:
    """Who calls the API, with which token."""

    staff: Staff
    token: Token


APPLICANT, SYSTEM = (Actor(word, frozenset((word,))) for word in OUTSIDE)


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return _hasher.hash(password)


def password_fits(stored: str | None, given: str) -> bool:
    """True if the password is the stored one; takes the same time when there is none."""
    try:
        return _hasher.verify(stored or _nobody(), given) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def _nobody() -> str:
    """The hash of no password: as dear to check as any other, and for nothing to make."""
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (_hasher.salt_len, _hasher.hash_len)
    )
    return f"$argon2id$v=19${costs}${salt}${digest}"


def one_time_password() -> str:
    """A password to be told once and changed at the first login."""
    alphabet = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(3))


def weak_password(password: str, user: str) -> str | None:
    """What is wrong with a new password, in words; None if it will do (GB/T 22239: at least eight
    characters of three kinds)."""
    kinds = sum(bool(re.search(p, password)) for p in (r"[a-z]", r"[A-Z]", r"\d", r"[^a-zA-Z0-9]"))
    if len(password) < 8 or kinds < 3:
        return "至少 8 个字符，并且含大写字母、小写字母、数字、符号中的三种"
    if user.lower() in password.lower():
        return "不能包含用户名"
    return None


def codes_match(expected: str, given: str) -> bool:
    """Compare two codes in constant time."""
    return hmac.compare_digest(expected.encode(), given.encode())
