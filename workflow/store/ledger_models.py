"""The tables of what is taken over: ledgers, the file until that is done, and what became of it; cases that another
platform hands over with their history."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment
from workflow.store.shaped import RANGES, TEXT_BY_NAME, Shaped


class LedgerImportRow(Base):
    """A ledger (台账) that somebody takes in, from the upload on; kept as the record of what was taken over.

    heads: a hash of the heads of its columns; mapping: column (0 = A) → name of ours, as it was last chosen: the
    next file of the body with the same heads begins with it. content: the file, sealed, until it is taken in
    or given up. told: sealed as well, the name of the file, and what is wrong row by row. state: seen, checking,
    checked, taking, done, given_up. total, done_rows: how far it is. gaps: numbers that the ledger leaves out,
    [year, first, last] each.
    """

    __tablename__ = "ledger_import"
    __table_args__ = (Index("ix_ledger_import_agency_id", "agency_id", "heads", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    actor: Mapped[str] = mapped_column(String(64))
    heads: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, str]] = mapped_column(Shaped(TEXT_BY_NAME))
    state: Mapped[str] = mapped_column(String(16))
    total: Mapped[int] = mapped_column(Integer, default=0)
    done_rows: Mapped[int] = mapped_column(Integer, default=0)
    created: Mapped[int] = mapped_column(Integer, default=0)
    gaps: Mapped[list[list[int]]] = mapped_column(Shaped(RANGES), default=list)
    told: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    begun_at: Mapped[datetime] = mapped_column(Moment())
    changed_at: Mapped[datetime] = mapped_column(Moment())

    def columns(self) -> dict[int, str]:
        """The mapping by the place of the column."""
        return {int(place): name for place, name in self.mapping.items() if place.isdecimal()}


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
