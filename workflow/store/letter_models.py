"""The tables of letters: the versions of each paper of a case, and the book in which their numbers stand."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment


class LetterNumberRow(Base):
    """A number of a letter (发文字号) in the book of a body. Each series of a year counts from 1 without gaps;
    what is void stays, with who, when and why. text: the whole number as it stands on paper. kind, about: the
    paper of the case that has it, as LetterRow says them. stands_for: user name of who was away and for whom the
    actor took it."""

    __tablename__ = "letter_number"
    __table_args__ = (
        UniqueConstraint("agency_id", "series", "year", "n"),
        Index("ix_letter_number_case_id", "case_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    series: Mapped[str] = mapped_column(String(16))
    year: Mapped[int] = mapped_column(Integer)
    n: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[str] = mapped_column(String(32))
    about: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime] = mapped_column(Moment())
    voided_at: Mapped[datetime | None] = mapped_column(Moment())
    voided_by: Mapped[str | None] = mapped_column(String(64))
    void_reason: Mapped[str | None] = mapped_column(Text)
    stands_for: Mapped[str | None] = mapped_column(String(64))


class LetterRow(Base):
    """A version of a paper of a case. kind: of its template; about: "" or the number of the consultation or
    dispute, or the kind of the paper that it is about. source: drafted, uploaded (edited outside and brought
    back), scan (signed and sealed). hash: of a drafted one its content without number and day, of the others
    their file. length: of the log when it was kept; seq: the line with which it went out or that signed it.
    sealed: the content of a drafted one, of an uploaded one what differs from it.
    stands_for: user name of who was away and for whom the actor did it."""

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("case_id", "kind", "about", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[str] = mapped_column(String(32))
    about: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(16))
    hash: Mapped[str] = mapped_column(String(64))
    length: Mapped[int] = mapped_column(Integer)
    number_id: Mapped[int | None] = mapped_column(ForeignKey("letter_number.id"))
    seq: Mapped[int | None] = mapped_column(Integer)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    actor: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(Moment())
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    stands_for: Mapped[str | None] = mapped_column(String(64))
