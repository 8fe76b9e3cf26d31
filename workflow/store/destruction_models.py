"""The tables of the destruction of files (档案销毁): who proposed and decided it, and what proves each case since."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow.store.models import AgencyRow, Base, Moment
from workflow.store.shaped import TEXTS, Shaped

LONGEST_WORDS = 300


class DestructionRow(Base):
    """A list of files that somebody proposed to destroy (销毁清册). state: proposed, done, refused. numbers: of the
    cases. words: why, or why not. proof: a keyed hash of all of it with the proof of each case; None until it is done."""

    __tablename__ = "destruction"
    __table_args__ = (Index("ix_destruction_agency_id", "agency_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    state: Mapped[str] = mapped_column(String(16))
    numbers: Mapped[list[str]] = mapped_column(Shaped(TEXTS))
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime] = mapped_column(Moment())
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None] = mapped_column(Moment())
    decided_words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    proof: Mapped[str | None] = mapped_column(String(80))
    agency: Mapped[AgencyRow] = relationship()


class DestroyedCaseRow(Base):
    """A case whose file was destroyed. rule: the setting by which it was kept, years: what it said. proof: a keyed hash
    of what is left of the case, the hashes of its lines as they were written among it."""

    __tablename__ = "destroyed_case"
    __table_args__ = (Index("ix_destroyed_case_destruction_id", "destruction_id"),)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    destruction_id: Mapped[int] = mapped_column(ForeignKey("destruction.id"))
    archived_on: Mapped[date] = mapped_column(Date)
    kept_until: Mapped[date] = mapped_column(Date)
    rule: Mapped[str] = mapped_column(String(64))
    years: Mapped[int] = mapped_column(Integer)
    proof: Mapped[str] = mapped_column(String(80))
