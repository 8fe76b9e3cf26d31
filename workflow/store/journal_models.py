"""The tables of the journal: what every row of who did what says, line by line, and how far each strand goes."""

from datetime import datetime

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment


class JournalRow(Base):
    """That a row of a protected table (workflow.store.protected) was written, changed or deleted. Only ever added.

    strand: id of the body that the row belongs to, 0 for the installation; seq: from 1 without gaps within it. of_table,
    of_key: which row; digest: a keyed hash of what it says from then on, "" where it is no more. hash: keyed, over all of
    that and the line before.
    """

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_of_table", "of_table", "of_key"),)
    strand: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime] = mapped_column(Moment())
    of_table: Mapped[str] = mapped_column(String(32))
    of_key: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(80))
    hash: Mapped[str] = mapped_column(String(80))


class JournalHeadRow(Base):
    """The end of a strand: how many lines, the hash of the last one, and a keyed mark over both, so that nobody
    without the key can cut lines off."""

    __tablename__ = "journal_head"
    strand: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    length: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(80))
    mark: Mapped[str] = mapped_column(String(80))
