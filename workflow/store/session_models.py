"""The tables of coming in: sessions of the desk, wrong passwords, and tokens of the API."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.store.models import Base, Moment, UserRow


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


class TokenRow(Base):
    """A bearer token of the API: only its hash is kept. scopes: words with blanks between. name, ended_by: as
    workflow.people.Token has them; form_key: the hash of the form that asked for it, which makes no second one.

    last_used_at and last_used_from are written once an hour at most where it writes, once a day where it reads.
    """

    __tablename__ = "token"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment())
    expires_at: Mapped[datetime] = mapped_column(Moment())
    scopes: Mapped[str] = mapped_column(
        String(64), default="read write", server_default="read write"
    )
    revoked_at: Mapped[datetime | None] = mapped_column(Moment())
    last_used_at: Mapped[datetime | None] = mapped_column(Moment())
    name: Mapped[str | None] = mapped_column(String(64))
    last_used_from: Mapped[str | None] = mapped_column(String(64))
    ended_by: Mapped[str | None] = mapped_column(String(16))
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    user: Mapped[UserRow] = relationship()
