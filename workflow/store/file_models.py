"""The tables of files: what is kept of each, its content, and who opened what carries identity data."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment


class FileRow(Base):
    """A file of a case. Its name, and what it would betray when given out, are sealed: people put
    identity numbers into file names. size in bytes; sha256 of the plain content. taken_back_at: its
    applicant took it back before anybody looked at it: that there was one stays, its name and content do not."""

    __tablename__ = "file"
    __table_args__ = (Index("ix_file_case_id_sha256", "case_id", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[str] = mapped_column(String(32))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(32))
    uploaded_at: Mapped[datetime] = mapped_column(Moment())
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment())


class FileContentRow(Base):
    """The content of a file, encrypted, in a row of its own: lists do not load it. storage, key: of one that lies outside
    (`workflow.store.outside`), the mark of its place and its name there; sealed is then what opens it. None for one that
    lies here."""

    __tablename__ = "file_content"
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    storage: Mapped[str | None] = mapped_column(String(16))
    key: Mapped[str | None] = mapped_column(String(64))


class FileLeftRow(Base):
    """A content outside that no row has any more: written with the transaction that took it from its row, until it is
    deleted there."""

    __tablename__ = "file_left"
    id: Mapped[int] = mapped_column(primary_key=True)
    storage: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))


class FileTextRow(Base):
    """What is read in a file, sealed: the words around a place where something was found."""

    __tablename__ = "file_text"
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class FileViewRow(Base):
    """Somebody opened a file with identity data (个人信息保护法51)."""

    __tablename__ = "file_view"
    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), index=True)
    actor: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(32))
    viewed_at: Mapped[datetime] = mapped_column(Moment())
