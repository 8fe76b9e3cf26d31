"""The tables of what a member of staff has besides the password (两步验证), of the accounts of the office's directory
that open ours, and of logins that are under way there."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.account_models import PasskeyColumns
from workflow.store.models import Base, Moment


class StaffTotpRow(Base):
    """The app of a person that shows a code every thirty seconds (验证器). sealed: its secret. last_counter: of the last
    code that was good, none up to it is good any more."""

    __tablename__ = "staff_totp"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    last_counter: Mapped[int] = mapped_column(Integer)
    added_at: Mapped[datetime] = mapped_column(Moment())
    used_at: Mapped[datetime | None] = mapped_column(Moment())


class StaffPasskeyRow(PasskeyColumns, Base):
    """A passkey (通行密钥) of a person."""

    __tablename__ = "staff_passkey"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)


class RecoveryCodeRow(Base):
    """A code for the day on which nothing else is at hand (备用码), good once: then the row goes. hash: keyed."""

    __tablename__ = "recovery_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    hash: Mapped[str] = mapped_column(String(80))


class DirectoryLinkRow(Base):
    """The account of the office's directory (统一身份认证) with which a person logs in, as an administrator named it.
    subject: by which the provider knows it; kept at the first login, so that nobody comes in who got the name later."""

    __tablename__ = "directory_link"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    account: Mapped[str] = mapped_column(String(255), unique=True)
    subject: Mapped[str | None] = mapped_column(String(255))
    linked_at: Mapped[datetime] = mapped_column(Moment())


class DirectoryLoginRow(Base):
    """A login that somebody began and the provider has not answered. mark: hash of what only the asking browser holds.
    sealed: what the answer must fit, and what had been typed before. It is good once, until ends_at."""

    __tablename__ = "directory_login"
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    ends_at: Mapped[datetime] = mapped_column(Moment(), index=True)
