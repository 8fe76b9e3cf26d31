"""Sessions of the desk: kept here, so that they end here. The browser holds a random id and nothing else that counts."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workflow import people
from workflow.people import Staff
from workflow.service.office import Missing, Office
from workflow.store import sessions as queries
from workflow.store.people import person_in_session
from workflow.store.retried import retried
from workflow.store.sealed import token_hash

SEEN_EVERY = timedelta(minutes=1)
"""So often at most it is written that somebody was there: reading pages is no writing."""


@dataclass(frozen=True, slots=True)
class InSession:
    """Who is in a session, and the session. over: it was ended, or lasted as long as one may. password_old: it has been
    in use for as many days as one may be; then, as with a one-time password, `staff` must change it first."""

    staff: Staff
    id: int
    seen_at: datetime
    over: bool
    password_old: bool


@dataclass(frozen=True, slots=True)
class Login:
    """A session as its person sees it. device: in words; here: it is the one that asks."""

    id: int
    device: str
    begun_at: datetime
    seen_at: datetime
    here: bool


class DeskSessions:
    """The use cases around sessions. idle: after which nobody is there any more; password_days: how long a password may
    be used, 0: as long as one likes."""

    def __init__(self, office: Office, idle: timedelta, password_days: int = 0) -> None:
        self.office, self.idle, self._password_days = office, idle, password_days

    @retried
    def begin(self, staff: Staff, device: str) -> str:
        """A new session; what the browser keeps. device: kind of machine and browser, in words."""
        session_id, now = secrets.token_urlsafe(32), self.office.now()
        with self.office.store.write() as unit:
            since = now - people.LONGEST_SESSION
            queries.begin(unit, staff.id, token_hash(session_id), device[:60], now, since)
        return session_id

    def found(self, session_id: str) -> InSession | None:
        """Who is in the session, also where it is over; None for none, and for who was disabled."""
        now = self.office.now()
        with self.office.store.read() as unit:
            known = person_in_session(unit, token_hash(session_id), self.office.today())
            if known is None or not known[0].active:
                return None
            person, seen = known
            staff = self.office.staff_of(unit, person)
        over = seen.ended_at is not None or now - seen.begun_at >= people.LONGEST_SESSION
        lasts, since = timedelta(days=self._password_days), seen.password_set_at
        old = bool(self._password_days) and since is not None and now - since >= lasts
        if old:
            staff = replace(staff, must_change_password=True)
        return InSession(staff, seen.id, seen.seen_at, over, old)

    def is_idle(self, session: InSession, seen_at: datetime) -> bool:
        """Whether nobody has been there for too long. seen_at: as the browser says it, to the second."""
        return self.office.now() - max(session.seen_at, seen_at) > self.idle

    @retried
    def seen(self, session: InSession) -> None:
        """Somebody was there: written once in SEEN_EVERY."""
        now = self.office.now()
        if now - session.seen_at >= SEEN_EVERY:
            with self.office.store.write() as unit:
                queries.seen(unit, session.id, now)

    def own(self, session: InSession) -> list[Login]:
        """All sessions of the person that have not ended, the latest click first."""
        with self.office.store.read() as unit:
            rows = queries.running(unit, session.staff.id, *self._since())
            return [
                Login(row.id, row.device, row.begun_at, row.seen_at, row.id == session.id)
                for row in rows
            ]

    def how_many(self, name: str) -> int:
        """In how many places somebody is logged in, by user name."""
        with self.office.store.read() as unit:
            return queries.how_many(unit, name, *self._since())

    @retried
    def end_one(self, session: InSession, which: int) -> None:
        """A session of one's own is over. Raises Missing for one that is somebody else's, or over."""
        with self.office.store.write() as unit:
            if not queries.end(unit, self.office.now(), user_id=session.staff.id, only=which):
                raise Missing("没有这次登录，或者已经退出了")

    @retried
    def end_others(self, session: InSession) -> int:
        """All of one's own but this one are over; how many."""
        with self.office.store.write() as unit:
            now, mine = self.office.now(), session.staff.id
            return queries.end(unit, now, user_id=mine, but=session.id)

    @retried
    def end(self, session: InSession) -> None:
        """The session was signed out of, or nobody was there for too long."""
        with self.office.store.write() as unit:
            now, mine = self.office.now(), session.staff.id
            queries.end(unit, now, user_id=mine, only=session.id)

    def _since(self) -> tuple[datetime, datetime]:
        now = self.office.now()
        return now - people.LONGEST_SESSION, now - self.idle - SEEN_EVERY
