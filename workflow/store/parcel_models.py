"""The tables of what comes in on paper and by mail: the register of parcels, and registrations that were begun."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.dialect import only_where
from workflow.store.models import Base, Moment

OPEN = "settled IS NULL"
"""Parcels of which nobody has said yet what is in them: few, and asked for daily."""


class ParcelRow(Base):
    """A parcel that came to a body (来件). Never deleted.

    entry: its number in the body's register of the year, without gaps. tracking: None where the way has none.
    sealed: sender, words of the envelope, who signed, to whom it was handed, the postmark, why it is none of ours.
    settled: None, `case` (case_id says which), or `unrelated`. once: makes a repeated form count once.
    """

    __tablename__ = "parcel"
    __table_args__ = (
        UniqueConstraint("agency_id", "year", "entry"),
        UniqueConstraint("agency_id", "tracking"),
        Index("ix_parcel_open", "agency_id", "arrived_on", **only_where(OPEN)),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    year: Mapped[int] = mapped_column(Integer)
    entry: Mapped[int] = mapped_column(Integer)
    way: Mapped[str] = mapped_column(String(32))
    tracking: Mapped[str | None] = mapped_column(String(40))
    arrived_on: Mapped[date] = mapped_column(Date)
    handed_on: Mapped[date | None] = mapped_column(Date)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    settled: Mapped[str | None] = mapped_column(String(16))
    settled_at: Mapped[datetime | None] = mapped_column(Moment())
    settled_by: Mapped[str | None] = mapped_column(String(64))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    actor: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(Moment())
    once: Mapped[str | None] = mapped_column(String(64), unique=True)

    @property
    def label(self) -> str:
        """How messages name it."""
        return f"{self.year} 年第 {self.entry} 号"


class DraftRow(Base):
    """A registration that somebody began and has not sent. Everything typed is sealed; it is of its person alone and
    goes when it is sent, put away, or has lain too long."""

    __tablename__ = "registration_draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    updated_at: Mapped[datetime] = mapped_column(Moment(), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")


class DraftFileRow(Base):
    """A file of a registration that was begun: checked, sealed, and moved into the case when it is registered."""

    __tablename__ = "registration_draft_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("registration_draft.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    content: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
