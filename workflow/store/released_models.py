"""The table of answers that a body has released to everybody (条例44)."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment


class ReleasedAnswerRow(Base):
    """What an office gave to one applicant and then released to everybody, in the office's own words: nothing
    of the applicant stands in it. case_id: where it came from, never shown outside. taken_back_at: it is shown
    no more; the row stays."""

    __tablename__ = "released_answer"
    __table_args__ = (
        Index("ix_released_answer_agency_id", "agency_id", "released_on"),
        Index("ix_released_answer_released_on", "released_on"),
        Index("ix_released_answer_case_id", "case_id"),
    )
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(500), default="")
    released_on: Mapped[date] = mapped_column(Date)
    actor: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(Moment())
    taken_back_by: Mapped[str | None] = mapped_column(String(64))
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment())
