"""The tables of applications that somebody is filling in at the portal, and of those put aside under a code."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment


class BegunRow(Base):
    """What was typed into a form of the portal that is not filed yet, sealed. No case, no number, no clock.

    id: a keyed hash by which it is found; of a form between its pages: of the browser and the key of the form, of a
    draft: of its code, which is nowhere stored. It goes when it is filed, when its owner says so, or at ends_at.
    kept_by: of a draft, the id of the form that put it aside last; None for a form.
    """

    __tablename__ = "begun_application"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    touched_at: Mapped[datetime] = mapped_column(Moment())
    ends_at: Mapped[datetime] = mapped_column(Moment(), index=True)
    kept_by: Mapped[str | None] = mapped_column(String(64), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class BegunFileRow(Base):
    """A file that was chosen in such a form: checked, sealed, and moved into the case when it is filed."""

    __tablename__ = "begun_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    begun_id: Mapped[str] = mapped_column(ForeignKey("begun_application.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    content: Mapped[bytes] = mapped_column(LargeBinary, default=b"", deferred=True)
