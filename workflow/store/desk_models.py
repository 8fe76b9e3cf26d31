"""The tables of a person's own worklist: up to when they have looked, and the views that they keep."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment
from workflow.store.shaped import TEXT_BY_NAME, Shaped


class LookedRow(Base):
    """Up to when a person has looked at what is new in their list."""

    __tablename__ = "looked"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    until: Mapped[datetime] = mapped_column(Moment())


class KeptViewRow(Base):
    """A view of the list that a person keeps under a name. chosen: what the filters say, by their names; nothing of
    an applicant."""

    __tablename__ = "kept_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(40))
    chosen: Mapped[dict[str, Any]] = mapped_column(Shaped(TEXT_BY_NAME))
