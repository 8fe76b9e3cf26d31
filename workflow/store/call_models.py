"""What is kept of calls and callers, for all processes together: answers given once, and who came how often."""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment


class ApiCallRow(Base):
    """A call that came with an Idempotency-Key, and what it was answered with the first time.

    key and fingerprint are hashes of caller and key, and of what was sent. answer is sealed: it may
    carry a query code.
    """

    __tablename__ = "api_call"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    claimed_at: Mapped[datetime] = mapped_column(Moment())
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)


class RateRow(Base):
    """How often somebody did something that is limited (filings, failed guesses), in a window that ends.
    who is a keyed hash of the address and of what is limited; a row goes when its window has ended."""

    __tablename__ = "rate"
    who: Mapped[str] = mapped_column(String(64), primary_key=True)
    times: Mapped[int] = mapped_column(Integer)
    ends_at: Mapped[datetime] = mapped_column(Moment(), index=True)
