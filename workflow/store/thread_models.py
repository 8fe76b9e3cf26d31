"""The tables of what an applicant and the office say to each other beside a case, and of what the applicant thinks of
how it was handled."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from workflow.store.models import Base, Moment


class CaseMessageRow(Base):
    """A message of the applicant to the office, or its answer (留言): no event, no step of the law. about: what it is
    about (workflow/service/cases/thread.py); item: of an item that is withdrawn its number. The text is sealed with the salt of
    the case. once: the key of the form, so that the same one is kept once."""

    __tablename__ = "case_message"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    from_applicant: Mapped[bool] = mapped_column(Boolean)
    actor: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime] = mapped_column(Moment())
    about: Mapped[str] = mapped_column(String(16))
    item: Mapped[int | None] = mapped_column(Integer)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    once: Mapped[str] = mapped_column(String(64), unique=True)


class OpinionRow(Base):
    """How satisfied the applicant was (1 to 5, 5 is best), with words of their own, sealed; the last one holds."""

    __tablename__ = "applicant_opinion"
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    degree: Mapped[int] = mapped_column(Integer)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    given_at: Mapped[datetime] = mapped_column(Moment())


class ApplicantFormRow(Base):
    """What an applicant had typed when the session was lost, sealed; kept until it is sent, a day at most."""

    __tablename__ = "applicant_form"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    kept_at: Mapped[datetime] = mapped_column(Moment())
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
