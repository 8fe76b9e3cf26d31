"""The table of notes that staff write beside a case."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment
from workflow.store.shaped import TEXTS, Shaped


class CaseNoteRow(Base):
    """A note of a member of staff beside a case (办件备注): no event, no evidence, never in its file. The text is
    sealed with the salt of the case; None once it was taken back. mentioned: user names of who was told.
    once: the key of the form, so that the same one is kept once."""

    __tablename__ = "case_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    actor: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime] = mapped_column(Moment())
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    mentioned: Mapped[list[str]] = mapped_column(Shaped(TEXTS))
    once: Mapped[str] = mapped_column(String(64), unique=True)
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment())
