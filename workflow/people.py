"""Staff: who they are, what roles they hold in which bodies, and how their passwords are kept."""

import hmac
import os
import secrets
import threading
from base64 import b64encode
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

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
TOKEN_ENDS_SOON, TOKEN_IDLE = timedelta(days=14), timedelta(days=90)
TOKEN_NAME_MOST = 40
TOKEN_ENDINGS = ("own", "administrator", "operator", "password", "disabled")
"""Why a token ended before its day: its user, who sees to rights, or the operator revoked it; its user's password was
changed or reset; its user was disabled."""
PASSWORDS_REMEMBERED = 5
"""Passwords of before, today's among them, none of which may be chosen again (practice.md §5.5)."""
LONGEST_SESSION = timedelta(hours=12)
"""Longer than any form takes to fill in; an idle person is logged out earlier (session_idle_minutes)."""
WAITING_MOST = 1
"""Who waits for a password to be looked at holds a thread of the server that others want; so many may."""
WAIT_SECONDS = 2.0
STANDS_BACK = 10
"""How much whoever computes a hash stands back behind all else (nice): whoever guesses slows nobody's pages."""
_hasher = PasswordHasher()
Found = TypeVar("Found")


@dataclass(frozen=True)
class Staff:
    """A member of staff. id and name are this person's alone and stay; display_name, which pages show,
    several may bear, so that no right hangs on it. roles: code of a body → the roles held there; those of
    a body that goes on with the duties of another hold there too, and stand apart in `inherited`. lent:
    bodies that go on themselves and gave duties away: of their cases only those that were transferred.
    standing_in: code of a body → role → user name of who is away, for roles (in `roles` too) that the
    person holds there today in their place alone. filled: code of a body → the roles of other administrators that
    somebody holds for it (workflow.rules.permissions), told of who might do their work. of_units: code of a body in
    which the person sees only the cases of their unit → the names to which such a case was given: the units, whoever
    works in them, the person. session_stamp: another one when all sessions of the person ended."""

    id: int
    name: str
    display_name: str
    roles: dict[str, frozenset[str]]
    must_change_password: bool = False
    session_stamp: str = ""
    inherited: dict[str, frozenset[str]] = field(default_factory=dict)
    lent: frozenset[str] = frozenset()
    standing_in: dict[str, dict[str, str]] = field(default_factory=dict)
    filled: dict[str, frozenset[str]] = field(default_factory=dict)
    of_units: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """Code of the person's first body."""
        return next(iter(self.roles), "")

    def actor(self, agency: str, role: str | None = None) -> Actor:
        """The person as the machine sees them in a body, in the one role that is named if one is."""
        held = self.roles.get(agency, frozenset())
        held = held & {role} if role else held
        return Actor(self.name, held, self.standing_in.get(agency, {}))

    def stands_for(self, agency: str, roles: Iterable[str]) -> str | None:
        """In whose place (user name) the person does in a body what these roles may do; None in a role of their own, and
        where they hold none of them."""
        lent = self.standing_in.get(agency, {})
        held = [role for role in roles if role in self.roles.get(agency, ())]
        return lent[held[0]] if held and all(role in lent for role in held) else None

    def within(self, agency: str | None) -> "Staff":
        """The same person with the roles of one body only, if one is named."""
        if agency is None:
            return self
        roles = {code: held for code, held in self.roles.items() if code == agency}
        return replace(self, roles=roles)


@dataclass(frozen=True)
class Token:
    """A bearer token as people see it: everything but the token. scopes: of SCOPES; name: the program that calls with
    it; last_used_from: the network of that call, to its last number (/24, of IPv6 /64); ended_by: why it ended before its
    day, of TOKEN_ENDINGS; waiting: its user has not changed the one-time password."""

    id: int
    user: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    user_active: bool
    name: str = ""
    last_used_from: str = ""
    ended_by: str = ""
    waiting: bool = False

    def good_at(self, moment: datetime) -> bool:
        """True until it ends: neither expired nor revoked, and its user still active."""
        return self.user_active and self.revoked_at is None and moment < self.expires_at

    def state_at(self, moment: datetime) -> str:
        """good; waiting (refused until the one-time password is changed); ended (`ended_by` says why); expired."""
        if moment >= self.expires_at and (self.revoked_at or moment) >= self.expires_at:
            return "expired"
        if not self.good_at(moment):
            return "ended"
        return "waiting" if self.waiting else "good"

    def ends_soon_at(self, moment: datetime) -> bool:
        """Within TOKEN_ENDS_SOON."""
        return self.good_at(moment) and self.expires_at - moment <= TOKEN_ENDS_SOON

    def idle_at(self, moment: datetime) -> bool:
        """Nobody called with it for TOKEN_IDLE."""
        since = self.last_used_at or self.created_at
        return self.good_at(moment) and moment - since >= TOKEN_IDLE


@dataclass(frozen=True)
class Bearer:
    """Who calls the API, with which token."""

    staff: Staff
    token: Token


APPLICANT, SYSTEM = (Actor(word, frozenset((word,))) for word in OUTSIDE)


class Busy(Exception):
    """More is to be computed than may be at a time: nothing was looked at. It may be tried again in a few seconds. The
    message, in Chinese, is that of passwords, and tells nothing of an account."""

    def __init__(self) -> None:
        super().__init__("同时登录的人太多，请等几秒钟再试")


class Lane:
    """Dear computations of one process, one at a time, on a thread that stands back. Who finds the places taken is told
    so at once, who waits too long afterwards."""

    def __init__(
        self, waiting_most: int = WAITING_MOST, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self._given = (waiting_most, wait_seconds)
        self._begin()
        if hasattr(os, "register_at_fork"):
            # The thread stays with the parent, and a place that was taken there would never be given back.
            os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        waiting_most, self._wait_seconds = self._given
        self._places = threading.BoundedSemaphore(1 + waiting_most)
        self._turn = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "gongkai-lane", initializer=_stand_back)

    def run(self, work: Callable[[], Found]) -> Found:
        """What the work gives. Raises Busy, and what the work raises."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._turn.acquire(timeout=self._wait_seconds):
                raise Busy
            try:
                return self._thread.submit(work).result()
            finally:
                self._turn.release()
        finally:
            self._places.release()


def in_sight(name: str) -> bool:
    """Whether every sign of a name is seen: none controls, turns round or hides what stands beside it."""
    return all(one.isprintable() for one in name)


def _stand_back() -> None:
    """Only this thread and those that it makes; where the system knows no such thing, all as before."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), STANDS_BACK)


_lane = Lane()


def hash_password(password: str) -> str:
    """The argon2id hash of a password. Raises Busy."""
    return _lane.run(lambda: _hasher.hash(password))


def password_fits(stored: str | None, given: str) -> bool:
    """True if the password is the stored one; takes the same time when there is none. Raises Busy."""
    try:
        return _lane.run(lambda: _hasher.verify(stored or _nobody(), given)) and stored is not None
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


def codes_match(expected: str, given: str) -> bool:
    """Compare two codes in constant time."""
    return hmac.compare_digest(expected.encode(), given.encode())
