"""What is kept beside the cases and counts them: how many there are of each kind, which numbers were given, and which were last
found in order."""

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base


class CountRow(Base):
    """How many cases of a body have a word (workflow/report/tables/kept.py); changed in the transaction in
    which a case's word changes. received, closed: the years, 0 for none; last: the last year whose report may
    see such a case. A count that came down to nothing stays at 0: another case will soon have the word."""

    __tablename__ = "kept_count"
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    word: Mapped[str] = mapped_column(String(1000), primary_key=True)
    received: Mapped[int] = mapped_column(Integer)
    closed: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer)
    times: Mapped[int] = mapped_column(Integer)


class VerifiedCaseRow(Base):
    """That a case was in order when `verify` last looked. mark: a keyed hash of all that it was then and
    of the rules it was held to, so that nobody without the installation's key can make one."""

    __tablename__ = "verified_case"
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64))


class NumberRow(Base):
    """The last request number given in a body and year: gap-free, never reused."""

    __tablename__ = "number"
    __table_args__ = (UniqueConstraint("agency_id", "year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    year: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer)
    seal: Mapped[str | None] = mapped_column(String(80))
