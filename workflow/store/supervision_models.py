"""The table of what supervising bodies hastened (催办), and what they were answered."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.store.models import AgencyRow, Base, CaseRow, Moment

LONGEST_ANSWER = 300


class HasteningRow(Base):
    """A case that a supervising body hastened, once a day at most; nothing of the case changes by it.

    agency_id: of the body that handles the case, which answers. by_id: of the body that hastens. matter: due,
    late or returned. day: the last day to reply, or the day on which the paper came back. days: working days
    to it, by which it was late, or since it, on made_on. answer: what will be done, by when; None until then.
    """

    __tablename__ = "hastening"
    __table_args__ = (
        UniqueConstraint("case_id", "by_id", "made_on"),
        Index("ix_hastening_agency_id", "agency_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    actor: Mapped[str] = mapped_column(String(64))
    made_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(Moment())
    matter: Mapped[str] = mapped_column(String(16))
    day: Mapped[date] = mapped_column(Date)
    days: Mapped[int]
    answer: Mapped[str | None] = mapped_column(String(LONGEST_ANSWER))
    done_by: Mapped[date | None] = mapped_column(Date)
    answered_at: Mapped[datetime | None] = mapped_column(Moment())
    answered_by: Mapped[str | None] = mapped_column(String(64))
    case: Mapped[CaseRow] = relationship()
    agency: Mapped[AgencyRow] = relationship(foreign_keys=[agency_id])
    by: Mapped[AgencyRow] = relationship(foreign_keys=[by_id])
