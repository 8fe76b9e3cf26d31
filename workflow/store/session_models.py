"""The tables of coming in at the desk: sessions, and wrong passwords."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment


class DeskSessionRow(Base):
    """A session of the desk, until it would have ended by its length. mark: hash of what the cookie holds; device: kind
    of machine and browser, in words; seen_at: the last click, to the minute. Where somebody was is not kept."""

    __tablename__ = "desk_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    device: Mapped[str] = mapped_column(String(60))
    begun_at: Mapped[datetime] = mapped_column(Moment(), index=True)
    seen_at: Mapped[datetime] = mapped_column(Moment())
    ended_at: Mapped[datetime | None] = mapped_column(Moment())


class WrongPasswordRow(Base):
    """How often a password for an account was wrong from one source, until ends_at. account, source: keyed hashes of the
    user name as it was typed, whether there is one or not, and of the address or the known device."""

    __tablename__ = "wrong_password"
    account: Mapped[str] = mapped_column(String(80), primary_key=True)
    source: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)
    times: Mapped[int] = mapped_column(Integer)
    ends_at: Mapped[datetime] = mapped_column(Moment(), index=True)
