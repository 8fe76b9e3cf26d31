"""The tables of due days that moved, and of who has seen it."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.store.models import Base, CaseRow, Moment


class DueChangeRow(Base):
    """A case whose row moved because a setting or a calendar changed. Append-only, beside the log.

    cause: setting, calendar or law; kind: of what next_due is the deadline, as in the case row. seal: a
    keyed hash that chains it to the change before it (workflow.store.seals).
    """

    __tablename__ = "due_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(Moment())
    actor: Mapped[str] = mapped_column(String(64))
    cause: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    old_next_due: Mapped[date | None] = mapped_column(Date)
    new_next_due: Mapped[date | None] = mapped_column(Date)
    old_reply_due: Mapped[date | None] = mapped_column(Date)
    new_reply_due: Mapped[date | None] = mapped_column(Date)
    seal: Mapped[str | None] = mapped_column(String(80))
    case: Mapped[CaseRow] = relationship()


class DueChangeSeenRow(Base):
    """Up to which change of due days a person has put the notice away."""

    __tablename__ = "due_change_seen"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
