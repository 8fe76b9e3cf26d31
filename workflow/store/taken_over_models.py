"""The table of cases that another system handed over with their whole history."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment

LONGEST_NAME = 100
"""Characters of the name of a platform, and of the number that a case has there."""


class TakenOverRow(Base):
    """A case that was handed over by another platform. number: the one that it has there; by it the platform hands it
    over once. actor: whose token it was, at: when. told: sealed, a hash of what was sent (`sent`), and of each line of the
    log that the platform told when it was recorded there and by whom (`recorded`: [seq, moment, name])."""

    __tablename__ = "taken_over"
    __table_args__ = (UniqueConstraint("agency_id", "platform", "number"),)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    platform: Mapped[str] = mapped_column(String(LONGEST_NAME))
    number: Mapped[str] = mapped_column(String(LONGEST_NAME))
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment())
    told: Mapped[bytes] = mapped_column(LargeBinary)
