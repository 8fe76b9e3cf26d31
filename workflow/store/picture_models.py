"""The table of pictures that everybody sees on the site of a body."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment


class PictureRow(Base):
    """A picture (PNG) of a body, named by its SHA-256 in the body's setting. Rows are only ever added, as the
    settings are: what stood in the header on a day can be shown again. Not sealed: it is public."""

    __tablename__ = "picture"
    __table_args__ = (UniqueConstraint("agency_id", "digest", name="uq_picture_agency_id"),)
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    actor: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(Moment())
