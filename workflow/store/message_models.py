"""The tables of what is told to people: the outbox, who leads its worker, and what people want."""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.store.dialect import only_where
from workflow.store.models import AgencyRow, Base, CaseRow, Moment, UserRow
from workflow.store.shaped import TEXTS, Shaped


class Told(TypeDecorator[str]):
    """What is only told to people: it is cut to the length of its column, which not every database holds."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.most = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else value[: self.most]


class MessageRow(Base):
    """One message to one recipient through one channel: a line of the outbox, for the channel in_app
    also of the inbox; it travels from what causes it to the worker and to who reads it. It holds a
    number and days, never a name, a content or an address.

    key: hash of what, to whom, through what and on which day; the same is enqueued once.
    user_id: a member of staff; user_id None and kind applicant: the applicant of case_id; both None:
    a group of the body. about: case number or year. moment: that of the ladder, or of what happened.
    kind: reminder, digest, again (asked for by the person), applicant, notice, test.
    state: waiting, claimed, handing (given to the channel, not yet marked), sent, unclear (perhaps
    sent), failed (given up), withdrawn (no longer true), gathered (told in digest_id).
    not_before: the earliest moment to send. bundled: waits for the person's daily digest.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_outbox", "state", "not_before"),
        Index("ix_message_inbox", "user_id", "channel", "state", "done_at", "id"),
        Index(
            "ix_message_unread",
            "user_id",
            "channel",
            "state",
            "read_at",
            **only_where("read_at IS NULL"),
        ),
        Index("ix_message_record", "agency_id", "id"),
        Index("ix_message_case_id_state", "case_id", "state"),
        Index("ix_message_digest_id", "digest_id", **only_where("digest_id IS NOT NULL")),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    stands_for_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    about: Mapped[str] = mapped_column(String(32), default="")
    moment: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(16), default="info")
    text: Mapped[str] = mapped_column(Told(1000))
    why: Mapped[str] = mapped_column(Told(200), default="")
    day: Mapped[date] = mapped_column(Date)
    due: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(Moment())
    not_before: Mapped[datetime] = mapped_column(Moment())
    bundled: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    claim: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment())
    done_at: Mapped[datetime | None] = mapped_column(Moment())
    problem: Mapped[str] = mapped_column(Told(200), default="")
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    read_at: Mapped[datetime | None] = mapped_column(Moment())
    user: Mapped[UserRow | None] = relationship(foreign_keys=[user_id])
    stands_for: Mapped[UserRow | None] = relationship(foreign_keys=[stands_for_id])
    agency: Mapped[AgencyRow | None] = relationship()
    case: Mapped[CaseRow | None] = relationship()


class AttemptRow(Base):
    """One attempt to send a message: when it was handed to the channel and what came of it.

    result: sent, later (will be tried again), never (given up), unclear; None while it runs.
    """

    __tablename__ = "attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment())
    result: Mapped[str | None] = mapped_column(String(16))
    detail: Mapped[str] = mapped_column(Told(200), default="")


class LeaseRow(Base):
    """Who leads: of several processes one holds the lease; it ends unless it is renewed."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime] = mapped_column(Moment())


class ContactRow(Base):
    """How a member of staff is reached and what they want; email, phone and account are sealed.

    channels None: what each reminder says; else only these, besides in_app. digest_hour: ordinary
    messages wait for one digest at this hour. muted: moments that the person does not want.
    stand_in_id: who gets them too from a day through another. feed_salt: of the calendar's address.
    """

    __tablename__ = "contact"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    channels: Mapped[list[str] | None] = mapped_column(Shaped(TEXTS, none_as_null=True))
    digest_hour: Mapped[int | None] = mapped_column(Integer)
    muted: Mapped[list[str]] = mapped_column(Shaped(TEXTS), default=list)
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    stand_in_from: Mapped[date | None] = mapped_column(Date)
    stand_in_to: Mapped[date | None] = mapped_column(Date)
    feed_salt: Mapped[str | None] = mapped_column(String(32))
    stand_in: Mapped[UserRow | None] = relationship(foreign_keys=[stand_in_id])


class ApplicantChoiceRow(Base):
    """Through which channels an applicant wants to be told; without a row: through all that they
    gave an address for."""

    __tablename__ = "applicant_choice"
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    channels: Mapped[list[str]] = mapped_column(Shaped(TEXTS))
    decided_at: Mapped[datetime] = mapped_column(Moment())


class ChannelRow(Base):
    """The health of a channel. failures: in a row, 0 since the last success."""

    __tablename__ = "channel"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    last_ok_at: Mapped[datetime | None] = mapped_column(Moment())
    last_failed_at: Mapped[datetime | None] = mapped_column(Moment())
    problem: Mapped[str] = mapped_column(Told(200), default="")
    alarmed_at: Mapped[datetime | None] = mapped_column(Moment())
