"""The tables of applicants' own accounts: the account with its addresses, passkeys and sessions, the codes that prove
an address, the requests that it sees, and which messages are its own.

Addresses are sealed and found by a keyed hash; nothing here tells a reader of the database who anybody is.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment
from workflow.store.shaped import TEXTS, Shaped


class AccountRow(Base):
    """An applicant's own account (我的账户). handle: by which passkeys know it, random. sealed: the applicants whom
    its holder keeps to fill in forms. channels: through which it is reminded of all its requests; None: its holder has not
    chosen, empty: through none. feed_salt: of the secret address of its calendar."""

    __tablename__ = "applicant_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(Moment())
    handle: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    channels: Mapped[list[str] | None] = mapped_column(Shaped(TEXTS, none_as_null=True))
    feed_salt: Mapped[str | None] = mapped_column(String(32))


class AccountAddressRow(Base):
    """An address that was proved: kind is email or phone, one of each. hash: keyed, of the address in its one form."""

    __tablename__ = "account_address"
    account_id: Mapped[int] = mapped_column(ForeignKey("applicant_account.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    proved_at: Mapped[datetime] = mapped_column(Moment())


class AccountCodeRow(Base):
    """A one-time code that was sent to an address. mark: hash of what only the asking browser holds, so that nobody
    else can use up its tries. account_id: to which the address is to be added; None: to sign in or open an account.
    sealed: address and code."""

    __tablename__ = "account_code"
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("applicant_account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    ends_at: Mapped[datetime] = mapped_column(Moment(), index=True)


class AccountSessionRow(Base):
    """A session of an account, until it is signed out of or ends. mark: hash of what the browser holds. way: code,
    password or passkey. browser: what it calls itself, in a few words."""

    __tablename__ = "account_session"
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("applicant_account.id"), index=True)
    way: Mapped[str] = mapped_column(String(16))
    browser: Mapped[str] = mapped_column(String(60))
    begun_at: Mapped[datetime] = mapped_column(Moment())
    ends_at: Mapped[datetime] = mapped_column(Moment(), index=True)


class PasskeyColumns:
    """A passkey (通行密钥), whoever holds it. credential: its id, base64url; public_key as COSE has it; uses: the counter
    of the authenticator, 0 where it counts nothing."""

    id: Mapped[int] = mapped_column(primary_key=True)
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    uses: Mapped[int] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(Moment())
    used_at: Mapped[datetime | None] = mapped_column(Moment())


class AccountPasskeyRow(PasskeyColumns, Base):
    """A passkey of an applicant's account."""

    __tablename__ = "account_passkey"
    account_id: Mapped[int] = mapped_column(ForeignKey("applicant_account.id"), index=True)


class AccountCaseRow(Base):
    """A request that an account sees. opens: the hash by which number and query code found the case; once the code
    was renewed the case has another, and the account sees nothing of it. sealed: the code."""

    __tablename__ = "account_case"
    __table_args__ = (UniqueConstraint("case_id", "account_id"),)
    account_id: Mapped[int] = mapped_column(ForeignKey("applicant_account.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    opens: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    linked_at: Mapped[datetime] = mapped_column(Moment())


class AccountMessageRow(Base):
    """A message of the outbox that goes to an account, not to staff or the contact of a case. sealed: address and text
    that the message itself does not hold, as a code; then it is worth nothing after ends_at."""

    __tablename__ = "account_message"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("applicant_account.id"), index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    ends_at: Mapped[datetime | None] = mapped_column(Moment(), index=True)
